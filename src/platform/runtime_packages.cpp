// Debian's names are those of Debian 12; where a later release renamed a package for 64-bit times
// ("libcurl4t64"), the old name is kept as a provided one.
#include "platform/runtime_packages.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace tenon {
namespace {

// clang-format off
constexpr auto packages = std::to_array<RuntimePackages>({
    {"libstdc++.so.6", "libstdc++6", "libstdc++", "libstdc++"},
    {"libgcc_s.so.1", "libgcc-s1", "libgcc", "libgcc"},
    {"libgomp.so.1", "libgomp1", "libgomp", "libgomp"},
    {"libatomic.so.1", "libatomic1", "libatomic", "libatomic"},
    {"libgfortran.so.5", "libgfortran5", "libgfortran", "libgfortran"},
    {"libquadmath.so.0", "libquadmath0", "libquadmath", "libquadmath"},
    {"libc++.so.1", "libc++1", "libcxx", "libc++"},
    {"libcrypt.so.1", "libcrypt1", "libxcrypt-compat", ""},
    {"libssl.so.3", "libssl3", "openssl-libs", "libssl3"},
    {"libcrypto.so.3", "libssl3", "openssl-libs", "libcrypto3"},
    {"libz.so.1", "zlib1g", "zlib", "zlib"},
    {"libzstd.so.1", "libzstd1", "libzstd", "zstd-libs"},
    {"liblz4.so.1", "liblz4-1", "lz4-libs", "lz4-libs"},
    {"liblzma.so.5", "liblzma5", "xz-libs", "xz-libs"},
    {"libbz2.so.1.0", "libbz2-1.0", "bzip2-libs", "libbz2"},
    {"libsnappy.so.1", "libsnappy1v5", "snappy", "snappy"},
    {"libsqlite3.so.0", "libsqlite3-0", "sqlite-libs", "sqlite-libs"},
    {"libpcap.so.0.8", "libpcap0.8", "", "libpcap"},
    {"libpcap.so.1", "libpcap0.8", "libpcap", "libpcap"},
    {"libcurl.so.4", "libcurl4", "libcurl", "libcurl"},
    {"libsodium.so.23", "libsodium23", "libsodium", "libsodium"},
    {"libzmq.so.5", "libzmq5", "zeromq", "libzmq"},
    {"libczmq.so.4", "libczmq4", "czmq", "czmq"},
    {"librdkafka.so.1", "librdkafka1", "librdkafka", "librdkafka"},
    {"libvips.so.42", "libvips42", "vips", "vips"},
    {"libxml2.so.2", "libxml2", "libxml2", "libxml2"},
    {"libgit2.so.1.5", "libgit2-1.5", "", ""},
    {"libgpgme.so.11", "libgpgme11", "gpgme", "gpgme"},
    {"libdevmapper.so.1.02.1", "libdevmapper1.02.1", "device-mapper-libs", "device-mapper-libs"},
    {"libseccomp.so.2", "libseccomp2", "libseccomp", "libseccomp"},
    {"libsystemd.so.0", "libsystemd0", "systemd-libs", ""},
    {"libudev.so.1", "libudev1", "systemd-libs", "eudev-libs"},
    {"libusb-1.0.so.0", "libusb-1.0-0", "libusb1", "libusb"},
    {"libpcsclite.so.1", "libpcsclite1", "pcsc-lite-libs", "pcsc-lite-libs"},
    {"libpam.so.0", "libpam0g", "pam-libs", "linux-pam"},
    {"libselinux.so.1", "libselinux1", "libselinux", "libselinux"},
    {"libvirt.so.0", "libvirt0", "libvirt-libs", "libvirt-libs"},
    {"librados.so.2", "librados2", "librados2", "ceph18-common"},
    {"librbd.so.1", "librbd1", "librbd1", "ceph18-common"},
    {"libasound.so.2", "libasound2", "alsa-lib", "alsa-lib"},
    {"libpulse.so.0", "libpulse0", "pulseaudio-libs", "libpulse"},
    {"libportaudio.so.2", "libportaudio2", "portaudio", "portaudio"},
    {"libopus.so.0", "libopus0", "opus", "opus"},
    {"libSDL2-2.0.so.0", "libsdl2-2.0-0", "SDL2", "sdl2"},
    {"libGL.so.1", "libgl1", "libglvnd-glx", "mesa-gl"},
    {"libEGL.so.1", "libegl1", "libglvnd-egl", "mesa-egl"},
    {"libX11.so.6", "libx11-6", "libX11", "libx11"},
    {"libXcursor.so.1", "libxcursor1", "libXcursor", "libxcursor"},
    {"libXrandr.so.2", "libxrandr2", "libXrandr", "libxrandr"},
    {"libXi.so.6", "libxi6", "libXi", "libxi"},
    {"libXinerama.so.1", "libxinerama1", "libXinerama", "libxinerama"},
    {"libXtst.so.6", "libxtst6", "libXtst", "libxtst"},
    {"libgtk-3.so.0", "libgtk-3-0", "gtk3", "gtk+3.0"},
    {"libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib"},
    {"libwebkit2gtk-4.0.so.37", "libwebkit2gtk-4.0-37", "webkit2gtk4.0", "webkit2gtk"},
    {"libwebkit2gtk-4.1.so.0", "libwebkit2gtk-4.1-0", "webkit2gtk4.1", "webkit2gtk-4.1"},
    {"libayatana-appindicator3.so.1", "libayatana-appindicator3-1", "libayatana-appindicator-gtk3", "libayatana-appindicator"},
    {"libcairo.so.2", "libcairo2", "cairo", "cairo"},
    {"libpango-1.0.so.0", "libpango-1.0-0", "pango", "pango"},
    {"libfreetype.so.6", "libfreetype6", "freetype", "freetype"},
    {"libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"},
    {"libpng16.so.16", "libpng16-16", "libpng", "libpng"},
    {"libjpeg.so.62", "libjpeg62-turbo", "libjpeg-turbo", ""},
    {"libheif.so.1", "libheif1", "libheif", "libheif"},
    {"libtesseract.so.5", "libtesseract5", "tesseract-libs", "tesseract-ocr"},
    {"libMagickWand-6.Q16.so.6", "libmagickwand-6.q16-6", "", ""},
    {"libodbc.so.2", "libodbc2", "unixODBC", "unixodbc"},
    {"libpq.so.5", "libpq5", "libpq", "libpq"},
    {"libmariadb.so.3", "libmariadb3", "mariadb-connector-c", "mariadb-connector-c"},
    {"libfuse.so.2", "libfuse2", "fuse-libs", "fuse"},
    {"libfuse3.so.3", "libfuse3-3", "fuse3-libs", "fuse3"},
    {"libnuma.so.1", "libnuma1", "numactl-libs", "numactl"},
    {"libhdf5_serial.so.103", "libhdf5-103-1", "", ""},
    {"libgeos_c.so.1", "libgeos-c1v5", "geos", "geos"},
    {"libproj.so.25", "libproj25", "proj", "proj"},
    {"libleveldb.so.1d", "libleveldb1d", "", ""},
    {"libssh2.so.1", "libssh2-1", "libssh2", "libssh2"},
    {"libldap-2.5.so.0", "libldap-2.5-0", "", ""},
    {"libmosquitto.so.1", "libmosquitto1", "mosquitto", "mosquitto-libs"},
    {"libolm.so.3", "libolm3", "libolm", "olm"},
    {"libnetfilter_queue.so.1", "libnetfilter-queue1", "libnetfilter_queue", "libnetfilter_queue"},
    {"libbtrfs.so.0", "libbtrfs0", "libbtrfs", "btrfs-progs"},
});
// clang-format on

constexpr auto glibc = std::to_array<std::string_view>(
    {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2",
     "libutil.so.1", "libnsl.so.1", "libanl.so.1"});

}  // namespace

const RuntimePackages* runtime_packages_of(std::string_view soname) {
  const auto* const found = std::ranges::find(packages, soname, &RuntimePackages::soname);
  return found == packages.end() ? nullptr : &*found;
}

std::span<const RuntimePackages> all_runtime_packages() { return packages; }

bool is_glibc_soname(std::string_view soname) {
  return std::ranges::find(glibc, soname) != glibc.end();
}

}  // namespace tenon
