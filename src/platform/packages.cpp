// Names in Debian 12 were held against its package list; the other columns are those systems' names
// for the same library.
#include "platform/packages.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/text.h"

namespace tenon {
namespace {

// clang-format off
constexpr auto packages = std::to_array<LibraryPackages>({
    {"sqlite3", "sqlite3.h sqlite3ext.h", "sqlite3", "libsqlite3-dev", "sqlite-devel", "sqlite-dev", "sqlite"},
    {"sqlcipher", "sqlcipher/", "sqlcipher", "libsqlcipher-dev", "sqlcipher-devel", "sqlcipher-dev", "sqlcipher"},
    {"ssl crypto", "openssl/", "openssl libssl libcrypto", "libssl-dev", "openssl-devel", "openssl-dev", "openssl@3"},
    {"z", "zlib.h zconf.h", "zlib", "zlib1g-dev", "zlib-devel", "zlib-dev", "zlib"},
    {"bz2", "bzlib.h", "bzip2", "libbz2-dev", "bzip2-devel", "bzip2-dev", "bzip2"},
    {"lzma", "lzma.h", "liblzma", "liblzma-dev", "xz-devel", "xz-dev", "xz"},
    {"zstd", "zstd.h", "libzstd", "libzstd-dev", "libzstd-devel", "zstd-dev", "zstd"},
    {"lz4", "lz4.h lz4frame.h", "liblz4", "liblz4-dev", "lz4-devel", "lz4-dev", "lz4"},
    {"snappy", "snappy.h snappy-c.h", "snappy", "libsnappy-dev", "snappy-devel", "snappy-dev", "snappy"},
    {"rocksdb", "rocksdb/", "rocksdb", "librocksdb-dev", "rocksdb-devel", "rocksdb-dev", "rocksdb"},
    {"leveldb", "leveldb/", "leveldb", "libleveldb-dev", "leveldb-devel", "leveldb-dev", "leveldb"},
    {"lmdb", "lmdb.h", "lmdb", "liblmdb-dev", "lmdb-devel", "lmdb-dev", "lmdb"},
    {"gd", "gd.h", "gdlib", "libgd-dev", "gd-devel", "gd-dev", "gd"},
    {"gpm", "gpm.h", "", "libgpm-dev", "gpm-devel", "gpm-dev", ""},
    {"ndctl", "ndctl/", "libndctl", "libndctl-dev", "ndctl-devel", "ndctl-dev", ""},
    {"daxctl", "daxctl/", "libdaxctl", "libdaxctl-dev", "daxctl-devel", "", ""},
    {"git2", "git2.h git2/", "libgit2", "libgit2-dev", "libgit2-devel", "libgit2-dev", "libgit2"},
    {"ssh2", "libssh2.h", "libssh2", "libssh2-1-dev", "libssh2-devel", "libssh2-dev", "libssh2"},
    {"ssh", "libssh/", "libssh", "libssh-dev", "libssh-devel", "libssh-dev", "libssh"},
    {"curl", "curl/", "libcurl", "libcurl4-openssl-dev", "libcurl-devel", "curl-dev", "curl"},
    {"sodium", "sodium.h sodium/", "libsodium", "libsodium-dev", "libsodium-devel", "libsodium-dev", "libsodium"},
    {"gmp", "gmp.h", "gmp", "libgmp-dev", "gmp-devel", "gmp-dev", "gmp"},
    {"pcap", "pcap.h pcap/ pcap-bpf.h", "libpcap", "libpcap-dev", "libpcap-devel", "libpcap-dev", "libpcap"},
    {"netfilter_queue", "libnetfilter_queue/", "libnetfilter_queue", "libnetfilter-queue-dev", "libnetfilter_queue-devel", "libnetfilter_queue-dev", ""},
    {"usb-1.0", "libusb-1.0/", "libusb-1.0", "libusb-1.0-0-dev", "libusb1-devel", "libusb-dev", "libusb"},
    {"udev", "libudev.h", "libudev", "libudev-dev", "systemd-devel", "eudev-dev", ""},
    {"systemd", "systemd/", "libsystemd", "libsystemd-dev", "systemd-devel", "", ""},
    {"hidapi-libusb hidapi-hidraw", "hidapi/ hidapi.h", "hidapi-libusb hidapi-hidraw hidapi", "libhidapi-dev", "hidapi-devel", "hidapi-dev", "hidapi"},
    {"pcsclite", "winscard.h PCSC/ pcsclite.h", "libpcsclite", "libpcsclite-dev", "pcsc-lite-devel", "pcsc-lite-dev", ""},
    {"pam", "security/", "pam", "libpam0g-dev", "pam-devel", "linux-pam-dev", ""},
    {"seccomp", "seccomp.h", "libseccomp", "libseccomp-dev", "libseccomp-devel", "libseccomp-dev", ""},
    {"selinux", "selinux/", "libselinux", "libselinux1-dev", "libselinux-devel", "libselinux-dev", ""},
    {"cap", "sys/capability.h", "libcap", "libcap-dev", "libcap-devel", "libcap-dev", ""},
    {"devmapper", "libdevmapper.h", "devmapper", "libdevmapper-dev", "device-mapper-devel", "lvm2-dev", ""},
    {"btrfs btrfsutil", "btrfs/ btrfsutil.h", "libbtrfsutil", "libbtrfs-dev", "btrfs-progs-devel", "btrfs-progs-dev", ""},
    {"gpgme", "gpgme.h", "gpgme", "libgpgme-dev", "gpgme-devel", "gpgme-dev", "gpgme"},
    {"virt virt-qemu virt-lxc", "libvirt/", "libvirt libvirt-qemu libvirt-lxc", "libvirt-dev", "libvirt-devel", "libvirt-dev", "libvirt"},
    {"rados", "rados/", "rados", "librados-dev", "librados-devel", "ceph-dev", ""},
    {"rbd", "rbd/", "rbd", "librbd-dev", "librbd-devel", "ceph-dev", ""},
    {"cephfs", "cephfs/", "cephfs", "libcephfs-dev", "libcephfs-devel", "ceph-dev", ""},
    {"zmq", "zmq.h", "libzmq", "libzmq3-dev", "zeromq-devel", "zeromq-dev", "zeromq"},
    {"czmq", "czmq.h", "libczmq", "libczmq-dev", "czmq-devel", "czmq-dev", "czmq"},
    {"rdkafka", "librdkafka/", "rdkafka rdkafka-static", "librdkafka-dev", "librdkafka-devel", "librdkafka-dev", "librdkafka"},
    {"xml2", "libxml/", "libxml-2.0", "libxml2-dev", "libxml2-devel", "libxml2-dev", "libxml2"},
    {"xslt exslt", "libxslt/ libexslt/", "libxslt libexslt", "libxslt1-dev", "libxslt-devel", "libxslt-dev", "libxslt"},
    {"yaml", "yaml.h", "yaml-0.1", "libyaml-dev", "libyaml-devel", "yaml-dev", "libyaml"},
    {"oniguruma onig", "oniguruma.h", "oniguruma", "libonig-dev", "oniguruma-devel", "oniguruma-dev", "oniguruma"},
    {"pcre", "pcre.h", "libpcre", "libpcre3-dev", "pcre-devel", "pcre-dev", "pcre"},
    {"pcre2-8", "pcre2.h", "libpcre2-8 libpcre2", "libpcre2-dev", "pcre2-devel", "pcre2-dev", "pcre2"},
    {"hs", "hs/ hs.h", "libhs", "libhyperscan-dev", "hyperscan-devel", "vectorscan-dev", "vectorscan"},
    {"re2", "re2/", "re2", "libre2-dev", "re2-devel", "re2-dev", "re2"},
    {"magic", "magic.h", "libmagic", "libmagic-dev", "file-devel", "file-dev", "libmagic"},
    {"vips", "vips/", "vips", "libvips-dev", "vips-devel", "vips-dev", "vips"},
    {"MagickWand-6.Q16 MagickCore-6.Q16 MagickWand-7.Q16HDRI MagickCore-7.Q16HDRI", "wand/ MagickWand/ MagickCore/", "MagickWand ImageMagick", "libmagickwand-dev", "ImageMagick-devel", "imagemagick-dev", "imagemagick"},
    {"jpeg turbojpeg", "jpeglib.h turbojpeg.h", "libjpeg libturbojpeg", "libjpeg-dev", "libjpeg-turbo-devel", "libjpeg-turbo-dev", "jpeg-turbo"},
    {"png png16", "png.h", "libpng libpng16", "libpng-dev", "libpng-devel", "libpng-dev", "libpng"},
    {"webp", "webp/", "libwebp", "libwebp-dev", "libwebp-devel", "libwebp-dev", "webp"},
    {"heif", "libheif/", "libheif", "libheif-dev", "libheif-devel", "libheif-dev", "libheif"},
    {"tiff", "tiff.h tiffio.h", "libtiff-4", "libtiff-dev", "libtiff-devel", "tiff-dev", "libtiff"},
    {"opencv_core opencv_imgproc opencv_highgui", "opencv2/", "opencv4 opencv", "libopencv-dev", "opencv-devel", "opencv-dev", "opencv"},
    {"tesseract", "tesseract/", "tesseract", "libtesseract-dev", "tesseract-devel", "tesseract-ocr-dev", "tesseract"},
    {"leptonica lept", "leptonica/", "lept", "libleptonica-dev", "leptonica-devel", "leptonica-dev", "leptonica"},
    {"poppler-glib", "poppler/", "poppler-glib", "libpoppler-glib-dev", "poppler-glib-devel", "poppler-dev", "poppler"},
    {"mupdf", "mupdf/", "mupdf", "libmupdf-dev", "mupdf-devel", "mupdf-dev", "mupdf-tools"},
    {"cairo", "cairo/ cairo.h", "cairo", "libcairo2-dev", "cairo-devel", "cairo-dev", "cairo"},
    {"pango-1.0", "pango/", "pango pangocairo", "libpango1.0-dev", "pango-devel", "pango-dev", "pango"},
    {"glib-2.0 gobject-2.0 gio-2.0", "glib.h glib-object.h gio/", "glib-2.0 gobject-2.0 gio-2.0 gio-unix-2.0 gmodule-2.0 gthread-2.0", "libglib2.0-dev", "glib2-devel", "glib-dev", "glib"},
    {"gtk-3 gdk-3", "gtk/ gdk/", "gtk+-3.0 gdk-3.0", "libgtk-3-dev", "gtk3-devel", "gtk+3.0-dev", "gtk+3"},
    {"gtk-4", "", "gtk4", "libgtk-4-dev", "gtk4-devel", "gtk4.0-dev", "gtk4"},
    {"webkit2gtk-4.0", "webkit2/", "webkit2gtk-4.0 webkit2gtk-web-extension-4.0", "libwebkit2gtk-4.0-dev", "webkit2gtk4.0-devel", "webkit2gtk-dev", ""},
    {"webkit2gtk-4.1", "", "webkit2gtk-4.1", "libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1-dev", ""},
    {"appindicator3", "libappindicator/", "appindicator3-0.1", "", "libappindicator-gtk3-devel", "libappindicator-dev", ""},
    {"xapp", "", "xapp", "libxapp-dev", "xapps-devel", "", ""},
    {"ayatana-appindicator3", "libayatana-appindicator/", "ayatana-appindicator3-0.1", "libayatana-appindicator3-dev", "libayatana-appindicator-gtk3-devel", "libayatana-appindicator-dev", ""},
    {"notify", "libnotify/", "libnotify", "libnotify-dev", "libnotify-devel", "libnotify-dev", "libnotify"},
    {"GL", "GL/", "gl", "libgl1-mesa-dev", "mesa-libGL-devel", "mesa-dev", ""},
    {"EGL", "EGL/", "egl", "libegl1-mesa-dev", "mesa-libEGL-devel", "mesa-dev", ""},
    {"GLESv2", "GLES2/ GLES3/", "glesv2", "libgles2-mesa-dev", "mesa-libGLES-devel", "mesa-dev", ""},
    {"glfw", "GLFW/", "glfw3", "libglfw3-dev", "glfw-devel", "glfw-dev", "glfw"},
    {"vulkan", "vulkan/", "vulkan", "libvulkan-dev", "vulkan-loader-devel", "vulkan-loader-dev", "vulkan-loader"},
    {"X11", "X11/Xlib.h X11/Xutil.h X11/X.h", "x11", "libx11-dev", "libX11-devel", "libx11-dev", "libx11"},
    {"Xcursor", "X11/Xcursor/", "xcursor", "libxcursor-dev", "libXcursor-devel", "libxcursor-dev", "libxcursor"},
    {"Xrandr", "X11/extensions/Xrandr.h", "xrandr", "libxrandr-dev", "libXrandr-devel", "libxrandr-dev", "libxrandr"},
    {"Xinerama", "X11/extensions/Xinerama.h", "xinerama", "libxinerama-dev", "libXinerama-devel", "libxinerama-dev", "libxinerama"},
    {"Xi", "X11/extensions/XInput.h X11/extensions/XInput2.h", "xi", "libxi-dev", "libXi-devel", "libxi-dev", "libxi"},
    {"Xxf86vm", "X11/extensions/xf86vmode.h", "xxf86vm", "libxxf86vm-dev", "libXxf86vm-devel", "libxxf86vm-dev", "libxxf86vm"},
    {"Xtst", "X11/extensions/XTest.h", "xtst", "libxtst-dev", "libXtst-devel", "libxtst-dev", "libxtst"},
    {"xkbcommon xkbcommon-x11", "xkbcommon/", "xkbcommon xkbcommon-x11", "libxkbcommon-dev", "libxkbcommon-devel", "libxkbcommon-dev", "libxkbcommon"},
    {"wayland-client", "wayland-client.h", "wayland-client", "libwayland-dev", "wayland-devel", "wayland-dev", ""},
    {"SDL2", "SDL2/", "sdl2", "libsdl2-dev", "SDL2-devel", "sdl2-dev", "sdl2"},
    {"SDL2_image", "SDL2/SDL_image.h", "SDL2_image", "libsdl2-image-dev", "SDL2_image-devel", "sdl2_image-dev", "sdl2_image"},
    {"SDL2_mixer", "SDL2/SDL_mixer.h", "SDL2_mixer", "libsdl2-mixer-dev", "SDL2_mixer-devel", "sdl2_mixer-dev", "sdl2_mixer"},
    {"SDL2_ttf", "SDL2/SDL_ttf.h", "SDL2_ttf", "libsdl2-ttf-dev", "SDL2_ttf-devel", "sdl2_ttf-dev", "sdl2_ttf"},
    {"asound", "alsa/", "alsa", "libasound2-dev", "alsa-lib-devel", "alsa-lib-dev", ""},
    {"pulse pulse-simple", "pulse/", "libpulse libpulse-simple", "libpulse-dev", "pulseaudio-libs-devel", "pulseaudio-dev", "pulseaudio"},
    {"portaudio", "portaudio.h", "portaudio-2.0", "portaudio19-dev", "portaudio-devel", "portaudio-dev", "portaudio"},
    {"openal", "AL/", "openal", "libopenal-dev", "openal-soft-devel", "openal-soft-dev", "openal-soft"},
    {"opus", "opus/ opus.h", "opus", "libopus-dev", "opus-devel", "opus-dev", "opus"},
    {"opusfile", "opusfile.h", "opusfile", "libopusfile-dev", "opusfile-devel", "opusfile-dev", "opusfile"},
    {"vpx", "vpx/", "vpx", "libvpx-dev", "libvpx-devel", "libvpx-dev", "libvpx"},
    {"x264", "x264.h", "x264", "libx264-dev", "x264-devel", "x264-dev", "x264"},
    {"avcodec", "libavcodec/", "libavcodec", "libavcodec-dev", "ffmpeg-free-devel", "ffmpeg-dev", "ffmpeg"},
    {"avformat", "libavformat/", "libavformat", "libavformat-dev", "ffmpeg-free-devel", "ffmpeg-dev", "ffmpeg"},
    {"avutil", "libavutil/", "libavutil", "libavutil-dev", "ffmpeg-free-devel", "ffmpeg-dev", "ffmpeg"},
    {"swscale", "libswscale/", "libswscale", "libswscale-dev", "ffmpeg-free-devel", "ffmpeg-dev", "ffmpeg"},
    {"gstreamer-1.0", "gst/", "gstreamer-1.0 gstreamer-app-1.0", "libgstreamer1.0-dev", "gstreamer1-devel", "gstreamer-dev", "gstreamer"},
    {"gstbase-1.0", "", "gstreamer-plugins-base-1.0 gstreamer-video-1.0", "libgstreamer-plugins-base1.0-dev", "gstreamer1-plugins-base-devel", "gst-plugins-base-dev", "gst-plugins-base"},
    {"mosquitto", "mosquitto.h", "libmosquitto", "libmosquitto-dev", "mosquitto-devel", "mosquitto-dev", "mosquitto"},
    {"bluetooth", "bluetooth/", "bluez", "libbluetooth-dev", "bluez-libs-devel", "bluez-dev", ""},
    {"lua5.1", "lua5.1/", "lua5.1", "liblua5.1-0-dev", "compat-lua-devel", "lua5.1-dev", ""},
    {"luajit-5.1", "luajit-2.1/", "luajit", "libluajit-5.1-dev", "luajit-devel", "luajit-dev", "luajit"},
    {"python3", "Python.h", "python3 python3-embed", "python3-dev", "python3-devel", "python3-dev", "python@3"},
    {"odbc", "sql.h sqlext.h", "odbc", "unixodbc-dev", "unixODBC-devel", "unixodbc-dev", "unixodbc"},
    {"pq", "libpq-fe.h", "libpq", "libpq-dev", "libpq-devel", "libpq-dev", "libpq"},
    {"mysqlclient", "mysql/ mysql.h", "mysqlclient", "default-libmysqlclient-dev", "mysql-devel", "mariadb-dev", "mysql-client"},
    {"tss2-esys", "tss2/", "tss2-esys tss2-mu", "libtss2-dev", "tpm2-tss-devel", "tpm2-tss-dev", "tpm2-tss"},
    {"bpf", "bpf/", "libbpf", "libbpf-dev", "libbpf-devel", "libbpf-dev", ""},
    {"elf", "libelf.h gelf.h", "libelf", "libelf-dev", "elfutils-libelf-devel", "elfutils-dev", "libelf"},
    {"unwind", "libunwind.h", "libunwind", "libunwind-dev", "libunwind-devel", "libunwind-dev", ""},
    {"jemalloc", "jemalloc/", "jemalloc", "libjemalloc-dev", "jemalloc-devel", "jemalloc-dev", "jemalloc"},
    {"numa", "numa.h", "numa", "libnuma-dev", "numactl-devel", "numactl-dev", ""},
    {"ibverbs", "infiniband/", "libibverbs", "libibverbs-dev", "rdma-core-devel", "rdma-core-dev", ""},
    {"openblas", "cblas.h", "openblas", "libopenblas-dev", "openblas-devel", "openblas-dev", "openblas"},
    {"hdf5", "hdf5.h", "hdf5", "libhdf5-dev", "hdf5-devel", "hdf5-dev", "hdf5"},
    {"gdal", "gdal.h gdal/", "gdal", "libgdal-dev", "gdal-devel", "gdal-dev", "gdal"},
    {"proj", "proj.h proj_api.h", "proj", "libproj-dev", "proj-devel", "proj-dev", "proj"},
    {"geos_c geos", "geos_c.h", "geos", "libgeos-dev", "geos-devel", "geos-dev", "geos"},
    {"icuuc icui18n icudata", "unicode/", "icu-uc icu-i18n", "libicu-dev", "libicu-devel", "icu-dev", "icu4c"},
    {"ncurses ncursesw tinfo", "ncurses.h curses.h", "ncurses ncursesw", "libncurses-dev", "ncurses-devel", "ncurses-dev", "ncurses"},
    {"readline", "readline/", "readline", "libreadline-dev", "readline-devel", "readline-dev", "readline"},
    {"ffi", "ffi.h", "libffi", "libffi-dev", "libffi-devel", "libffi-dev", "libffi"},
    {"krb5 gssapi_krb5", "krb5.h gssapi/", "krb5 krb5-gssapi", "libkrb5-dev", "krb5-devel", "krb5-dev", "krb5"},
    {"ldap", "ldap.h lber.h", "ldap", "libldap-dev", "openldap-devel", "openldap-dev", "openldap"},
    {"augeas", "augeas.h", "augeas", "libaugeas-dev", "augeas-devel", "augeas-dev", "augeas"},
    {"snmp netsnmp", "net-snmp/", "netsnmp", "libsnmp-dev", "net-snmp-devel", "net-snmp-dev", "net-snmp"},
    {"secret-1", "libsecret/", "libsecret-1", "libsecret-1-dev", "libsecret-devel", "libsecret-dev", "libsecret"},
    {"fuse", "fuse.h fuse/", "fuse", "libfuse-dev", "fuse-devel", "fuse-dev", "macfuse"},
    {"fuse3", "fuse3/", "fuse3", "libfuse3-dev", "fuse3-devel", "fuse3-dev", ""},
    {"archive", "archive.h", "libarchive", "libarchive-dev", "libarchive-devel", "libarchive-dev", "libarchive"},
    {"uv", "uv.h", "libuv", "libuv1-dev", "libuv-devel", "libuv-dev", "libuv"},
    {"event", "event2/", "libevent", "libevent-dev", "libevent-devel", "libevent-dev", "libevent"},
    {"ev", "ev.h", "libev", "libev-dev", "libev-devel", "libev-dev", "libev"},
    {"jansson", "jansson.h", "jansson", "libjansson-dev", "jansson-devel", "jansson-dev", "jansson"},
    {"json-c", "json-c/", "json-c", "libjson-c-dev", "json-c-devel", "json-c-dev", "json-c"},
    {"protobuf", "google/protobuf/", "protobuf", "libprotobuf-dev", "protobuf-devel", "protobuf-dev", "protobuf"},
    {"freetype", "ft2build.h freetype2/", "freetype2", "libfreetype-dev", "freetype-devel", "freetype-dev", "freetype"},
    {"fontconfig", "fontconfig/", "fontconfig", "libfontconfig-dev", "fontconfig-devel", "fontconfig-dev", "fontconfig"},
    {"harfbuzz", "harfbuzz/ hb.h", "harfbuzz", "libharfbuzz-dev", "harfbuzz-devel", "harfbuzz-dev", "harfbuzz"},
    {"olm", "olm/", "olm", "libolm-dev", "libolm-devel", "olm-dev", "libolm"},
    {"wolfssl", "wolfssl/", "wolfssl", "libwolfssl-dev", "wolfssl-devel", "wolfssl-dev", "wolfssl"},
    {"espeak-ng", "espeak-ng/", "espeak-ng", "libespeak-ng-dev", "espeak-ng-devel", "espeak-ng-dev", "espeak-ng"},
    {"mpv", "mpv/", "mpv", "libmpv-dev", "mpv-libs-devel", "mpv-dev", "mpv"},
    {"vlc", "vlc/", "libvlc", "libvlc-dev", "vlc-devel", "vlc-dev", ""},
    {"nfc", "nfc/", "libnfc", "libnfc-dev", "libnfc-devel", "", "libnfc"},
    {"duktape", "duktape.h", "duktape", "duktape-dev", "duktape-devel", "duktape-dev", "duktape"},
    {"stdc++", "", "", "g++", "libstdc++-devel", "g++", ""}
});
// clang-format on

struct StaticPackage {
  std::string_view library, package;
};

constexpr auto static_packages = std::to_array<StaticPackage>({
    {"ssl crypto", "openssl-libs-static"},
    {"z", "zlib-static"},
    {"bz2", "bzip2-static"},
    {"lzma", "xz-static"},
    {"zstd", "zstd-static"},
    {"lz4", "lz4-static"},
    {"sqlite3", "sqlite-static"},
    {"curl", "curl-static"},
    {"sodium", "libsodium-static"},
    {"rdkafka", "librdkafka-static"},
    {"ssh2", "libssh2-static"},
    {"seccomp", "libseccomp-static"},
    {"btrfs btrfsutil", "btrfs-progs-static"},
    {"uv", "libuv-static"},
    {"icuuc icui18n icudata", "icu-static"},
    {"glib-2.0 gobject-2.0 gio-2.0", "glib-static"},
});

bool lists(std::string_view names, std::string_view name) {
  const auto words = split_words(names);
  return std::ranges::find(words, name) != words.end();
}

// How much of a header's path an entry names; 0: it is not its.
std::size_t header_fit(std::string_view entries, std::string_view header) {
  std::size_t best = 0;
  for (const std::string_view entry : split_words(entries)) {
    const bool fits = entry.ends_with('/') ? header.starts_with(entry) : header == entry;
    if (fits) best = std::max(best, entry.size());
  }
  return best;
}

const LibraryPackages* of_header(std::string_view header) {
  const LibraryPackages* best = nullptr;
  std::size_t most = 0;
  for (const LibraryPackages& one : packages) {
    const std::size_t fit = header_fit(one.headers, header);
    if (fit <= most) continue;
    most = fit;
    best = &one;
  }
  return best;
}

}  // namespace

const LibraryPackages* packages_of(std::string_view name) {
  if (name.ends_with(".h") || name.ends_with(".hpp")) return of_header(name);
  for (const LibraryPackages& one : packages) {
    if (lists(one.library, name) || lists(one.pc, name)) return &one;
  }
  return nullptr;
}

std::string_view alpine_static_package(std::string_view library) {
  for (const StaticPackage& one : static_packages) {
    if (lists(one.library, library)) return one.package;
  }
  return {};
}

std::span<const LibraryPackages> all_packages() { return packages; }

}  // namespace tenon
