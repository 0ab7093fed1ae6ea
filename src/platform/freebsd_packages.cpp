// Names of FreeBSD's packages by the names of its ports; not yet held against an index of packages.
// A library is named by the first word of its row in packages.cpp; what the base system has (zlib,
// libusb, libmagic) is not here.
#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "platform/packages.h"

namespace tenon {
namespace {

struct Port {
  std::string_view library, package;
};

constexpr auto ports = std::to_array<Port>({
    {"sqlite3", "sqlite3"},
    {"sqlcipher", "sqlcipher"},
    {"ssl", "openssl"},
    {"zstd", "zstd"},
    {"lz4", "liblz4"},
    {"snappy", "snappy"},
    {"rocksdb", "rocksdb"},
    {"leveldb", "leveldb"},
    {"lmdb", "lmdb"},
    {"gd", "libgd"},
    {"git2", "libgit2"},
    {"ssh2", "libssh2"},
    {"ssh", "libssh"},
    {"curl", "curl"},
    {"sodium", "libsodium"},
    {"gmp", "gmp"},
    {"pcap", "libpcap"},
    {"udev", "libudev-devd"},
    {"hidapi-libusb", "hidapi"},
    {"pcsclite", "pcsc-lite"},
    {"gpgme", "gpgme"},
    {"virt", "libvirt"},
    {"zmq", "libzmq4"},
    {"czmq", "czmq4"},
    {"rdkafka", "librdkafka"},
    {"xml2", "libxml2"},
    {"xslt", "libxslt"},
    {"yaml", "libyaml"},
    {"oniguruma", "oniguruma"},
    {"pcre", "pcre"},
    {"pcre2-8", "pcre2"},
    {"hs", "hyperscan"},
    {"re2", "re2"},
    {"vips", "vips"},
    {"MagickWand-6.Q16", "ImageMagick7"},
    {"jpeg", "jpeg-turbo"},
    {"png", "png"},
    {"webp", "webp"},
    {"heif", "libheif"},
    {"tiff", "tiff"},
    {"opencv_core", "opencv"},
    {"tesseract", "tesseract"},
    {"leptonica", "leptonica"},
    {"poppler-glib", "poppler-glib"},
    {"mupdf", "mupdf"},
    {"cairo", "cairo"},
    {"pango-1.0", "pango"},
    {"glib-2.0", "glib"},
    {"gtk-3", "gtk3"},
    {"gtk-4", "gtk4"},
    {"GL", "libglvnd"},
    {"EGL", "libglvnd"},
    {"GLESv2", "libglvnd"},
    {"glfw", "glfw"},
    {"vulkan", "vulkan-loader"},
    {"X11", "libX11"},
    {"Xcursor", "libXcursor"},
    {"Xrandr", "libXrandr"},
    {"Xinerama", "libXinerama"},
    {"Xi", "libXi"},
    {"Xxf86vm", "libXxf86vm"},
    {"Xtst", "libXtst"},
    {"xkbcommon", "libxkbcommon"},
    {"wayland-client", "wayland"},
    {"SDL2", "sdl2"},
    {"SDL2_image", "sdl2_image"},
    {"SDL2_mixer", "sdl2_mixer"},
    {"SDL2_ttf", "sdl2_ttf"},
    {"asound", "alsa-lib"},
    {"pulse", "pulseaudio"},
    {"portaudio", "portaudio"},
    {"openal", "openal-soft"},
    {"opus", "opus"},
    {"opusfile", "opusfile"},
    {"vpx", "libvpx"},
    {"x264", "libx264"},
    {"avcodec", "ffmpeg"},
    {"avformat", "ffmpeg"},
    {"avutil", "ffmpeg"},
    {"swscale", "ffmpeg"},
    {"gstreamer-1.0", "gstreamer1"},
    {"gstbase-1.0", "gstreamer1-plugins"},
    {"mosquitto", "mosquitto"},
    {"lua5.1", "lua51"},
    {"luajit-5.1", "luajit"},
    {"odbc", "unixODBC"},
    {"hdf5", "hdf5"},
    {"gdal", "gdal"},
    {"proj", "proj"},
    {"geos_c", "geos"},
    {"icuuc", "icu"},
    {"ncurses", "ncurses"},
    {"readline", "readline"},
    {"ffi", "libffi"},
    {"krb5", "krb5"},
    {"augeas", "augeas"},
    {"snmp", "net-snmp"},
    {"secret-1", "libsecret"},
    {"fuse", "fusefs-libs"},
    {"fuse3", "fusefs-libs3"},
    {"archive", "libarchive"},
    {"uv", "libuv"},
    {"event", "libevent"},
    {"ev", "libev"},
    {"jansson", "jansson"},
    {"json-c", "json-c"},
    {"protobuf", "protobuf"},
    {"freetype", "freetype2"},
    {"fontconfig", "fontconfig"},
    {"harfbuzz", "harfbuzz"},
    {"olm", "olm"},
    {"wolfssl", "wolfssl"},
    {"espeak-ng", "espeak-ng"},
    {"mpv", "mpv"},
    {"vlc", "vlc"},
});

}  // namespace

std::string_view freebsd_package(const LibraryPackages& library) {
  const auto words = split_words(library.library);
  if (words.empty()) return {};
  const auto* found = std::ranges::find(ports, words.front(), &Port::library);
  return found == ports.end() ? std::string_view() : found->package;
}

}  // namespace tenon
