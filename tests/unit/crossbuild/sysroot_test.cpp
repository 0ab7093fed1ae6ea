// What `tenon sysroot` plans: names, apt's options and answers, places and links, the record.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crossbuild/sysroot/apt.h"
#include "crossbuild/sysroot/layout.h"
#include "crossbuild/sysroot/name.h"
#include "crossbuild/sysroot/record.h"

using namespace tenon;

namespace {

SysrootName name_of(std::string_view text) { return parse_sysroot_name(text).value(); }

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string place(std::string_view path) {
  const auto found = place_in_sysroot(path);
  REQUIRE(found.has_value());
  return found->value_or("left out");
}

}  // namespace

TEST_CASE("sysroot names: a release by number or by code name, and a processor of Go") {
  // https://www.debian.org/releases: 12 is bookworm, 13 is trixie.
  CHECK(name_of("debian:12/arm64").suite == "bookworm");
  CHECK(name_of("debian:trixie/arm64").text() == "debian:13/arm64");
  CHECK(name_of("ubuntu:22.04/amd64").suite == "jammy");
  CHECK(name_of("alpine:3.20/arm64").suite.empty());
  CHECK(name_of("debian:12/arm/v7").platform->debian_arch == "armhf");
  CHECK(name_of("debian:12/ppc64le").platform->debian_arch == "ppc64el");
  CHECK(name_of("debian:12/arm/v7").slug() == "debian-12-arm-v7");
}

TEST_CASE("sysroot names: what would lead out of the state directory is refused") {
  for (const std::string_view text :
       {"debian", "debian:12", "debian/arm64", ":12/arm64", "debian:/arm64", "debian:12/",
        "debian:../arm64", "..:12/arm64", "Debian:12/arm64", "debian:1 2/arm64", "debian:12/z80",
        "debian:12/../../arm64", "a/b:12/arm64"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_sysroot_name(text).has_value());
  }
}

TEST_CASE("apt: sources are what update would fetch, and flat repositories are passed over") {
  const auto sources = parse_sources(
      "'http://deb.example.org/debian/dists/bookworm/InRelease' deb_InRelease 0 \n"
      "'http://sec.example.org/debian-security/dists/bookworm-security/InRelease' x 0 \n"
      "'http://flat.example.org/repo/./InRelease' flat 0\n"
      "Reading package lists...\n");
  REQUIRE(sources.size() == 2);
  CHECK(sources[0].uri == "http://deb.example.org/debian");
  CHECK(sources[0].suite == "bookworm");
  CHECK(sources[1].suite == "bookworm-security");
}

TEST_CASE("apt: the machine's sources serve for its release, renamed suites for another one") {
  const std::vector<AptSource> machine{{"http://a/debian", "bookworm"},
                                       {"http://a/debian", "bookworm-updates"},
                                       {"http://s/debian-security", "bookworm-security"},
                                       {"http://n/node", "nodistro"}};
  CHECK(sources_for(name_of("debian:12/arm64"), machine, "/k.gpg").own);
  const AptSources other = sources_for(name_of("debian:13/arm64"), machine, "/k.gpg");
  CHECK_FALSE(other.own);
  CHECK(other.list ==
        "deb [signed-by=/k.gpg] http://a/debian trixie main\n"
        "deb [signed-by=/k.gpg] http://a/debian trixie-updates main\n"
        "deb [signed-by=/k.gpg] http://s/debian-security trixie-security main\n");
  CHECK(sources_for(name_of("debian:sid/arm64"), machine, "").list ==
        "deb http://a/debian sid main\n");
  CHECK(sources_for(name_of("ubuntu:22.04/arm64"), machine, "").none);
}

TEST_CASE("apt: every call has a state, a cache and a status file of its own") {
  const auto options = apt_options(name_of("debian:12/arm64"), "/h/apt", "");
  CHECK(has(options, "Dir::State=/h/apt/state"));
  CHECK(has(options, "Dir::State::status=/h/apt/status"));
  CHECK(has(options, "Dir::Cache=/h/apt/cache"));
  CHECK(has(options, "APT::Architecture=arm64"));
  CHECK(has(options, "APT::Architectures=arm64"));
  CHECK_FALSE(has(options, "Dir::Etc::sourceparts=/dev/null"));
  const auto other = apt_options(name_of("debian:13/arm64"), "/h/apt", "/h/apt/sources.list");
  CHECK(has(other, "Dir::Etc::sourcelist=/h/apt/sources.list"));
  CHECK(has(other, "Dir::Etc::sourceparts=/dev/null"));
  for (const std::string& option : other) {
    CHECK_FALSE(option.contains("AllowUnauthenticated"));
    CHECK_FALSE(option.contains("AllowInsecure"));
  }
}

TEST_CASE("apt: a simulation names packages, and the list at the end of a line is not one") {
  const auto packages = parse_simulation(
      "NOTE: This is only a simulation!\n"
      "Inst gcc-12-base (12.2.0-14+deb12u1 Debian:12.15/oldstable [arm64]) []\n"
      "Inst libc6 (2.36-9+deb12u14 Debian:12.15/oldstable [arm64]) [libgcc-s1:arm64 ]\n"
      "Inst libcap2:arm64 (1:2.66-4 Debian:12/oldstable, Debian-Security:12/oldstable [arm64])\n"
      "Inst libtirpc-common (1.3.3+ds-1 Debian:12.15/oldstable [all])\n"
      "Conf libcap2 (1:2.66-4 Debian:12/oldstable [arm64])\n");
  REQUIRE(packages.size() == 4);
  CHECK(packages[1].file() == "libc6_2.36-9+deb12u14_arm64.deb");
  CHECK(packages[2].file() == "libcap2_1%3a2.66-4_arm64.deb");
  CHECK(packages[3].architecture == "all");
}

TEST_CASE("apt: the reason of a failure is what apt says") {
  CHECK(apt_complaint("Reading...\nE: Unable to locate package nosuch\n") ==
        "Unable to locate package nosuch");
  CHECK(apt_complaint("Err:1 http://a bookworm InRelease\n  time-out\n").starts_with("Err:1"));
  CHECK(apt_complaint("fine\n").empty());
  // Lines of apt 2.6.
  CHECK(apt_remedy("E: Failed to fetch http://a/Packages.xz  File has unexpected size (334084 != "
                   "354900). Mirror sync "
                   "in progress? [IP: 192.0.2.1 80]\n")
            .contains("again in some minutes"));
  CHECK(apt_remedy("W: Failed to fetch http://a/InRelease  Temporary failure resolving 'a'\n")
            .contains("network"));
  CHECK(apt_remedy(
            "E: Release file for http://a/InRelease is not valid yet (invalid for another 9h)\n")
            .contains("clock"));
  CHECK(apt_remedy("E: Unable to locate package nosuch\n").empty());
}

TEST_CASE("apt: no word becomes an option") {
  CHECK(is_package_name("libstdc++-12-dev"));
  CHECK(is_package_name("libc6=2.36-9+deb12u14"));
  for (const std::string_view text :
       {"", "-o", "--allow-unauthenticated", "./x.deb", "a b", "a;b"}) {
    CHECK_FALSE(is_package_name(text));
  }
}

TEST_CASE("places: /lib is /usr/lib, and only what compiles or links is kept") {
  CHECK(place("./usr/include/pcap.h") == "usr/include/pcap.h");
  CHECK(place("./lib/aarch64-linux-gnu/libc.so.6") == "usr/lib/aarch64-linux-gnu/libc.so.6");
  CHECK(place("lib64/ld-linux-x86-64.so.2") == "usr/lib64/ld-linux-x86-64.so.2");
  CHECK(place("usr/./lib//x.a") == "usr/lib/x.a");
  for (const std::string_view path : {"./usr/share/doc/x", "./bin/sh", "./etc/passwd", "./usr/lib",
                                      "./usr/library/x", ".PKGINFO", "./var/lib/x", "./"}) {
    CAPTURE(path);
    CHECK(place(path) == "left out");
  }
}

TEST_CASE("places: a path that leads out of the package is refused") {
  const std::string_view nul("usr/lib/a\0b", 11);
  const std::string deep = "usr/lib/" + std::string(5000, 'x');
  for (const std::string_view path :
       {std::string_view("/usr/lib/x"), std::string_view("../x"),
        std::string_view("usr/lib/../../x"), std::string_view("./usr/lib/.."), std::string_view(),
        nul, std::string_view(deep)}) {
    const auto found = place_in_sysroot(path);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == Errc::malformed);
  }
}

TEST_CASE("links: every one leads to a place in the sysroot") {
  const auto text = [](std::string_view path, std::string_view target) {
    return relative_link(*place_in_sysroot(path).value(), link_place(path, target).value());
  };
  // As libc6-dev and libseccomp-dev of Debian 12 have them.
  CHECK(text("./usr/lib/aarch64-linux-gnu/libm.so", "/lib/aarch64-linux-gnu/libm.so.6") ==
        "libm.so.6");
  CHECK(text("./usr/lib/aarch64-linux-gnu/libseccomp.so", "libseccomp.so.2.5.4") ==
        "libseccomp.so.2.5.4");
  CHECK(text("./lib/ld-linux-aarch64.so.1", "aarch64-linux-gnu/ld-linux-aarch64.so.1") ==
        "aarch64-linux-gnu/ld-linux-aarch64.so.1");
  CHECK(text("./lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2") ==
        "../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
  CHECK(text("./usr/lib/x", "/etc/passwd") == "../../etc/passwd");
  // After chroot(2) ".." at the top stays there.
  CHECK(text("./usr/lib/x", "../../../../../etc/passwd") == "../../etc/passwd");
  CHECK(text("./usr/lib/x", "/") == "../..");
  CHECK(text("./usr/lib/x", ".") == ".");
}

TEST_CASE("record: what is written is read again, and a strange line is no record") {
  const SysrootRecord record{
      "debian:12/arm64",
      {"libpcap-dev"},
      {{"libpcap-dev", "1.10.3-1", "arm64", "00ff"}, {"libcap2", "1:2.66-4", "arm64", "11"}}};
  CHECK(parse_record(write_record(record)).value() == record);
  CHECK_FALSE(parse_record("").has_value());
  CHECK_FALSE(parse_record("something else\n").has_value());
  CHECK_FALSE(parse_record(write_record(record) + "more\tfields\tthan\n").has_value());
}

TEST_CASE("packages: a control file and a .PKGINFO tell name, version and architecture") {
  const auto deb = parse_control(
      "Package: libcap2\nArchitecture: arm64\nVersion: 1:2.66-4\nDescription: x\n Package: y\n");
  CHECK(deb.value() == SysrootPackage{"libcap2", "1:2.66-4", "arm64", ""});
  const auto apk = parse_pkginfo("# made\npkgname = musl-dev\npkgver = 1.2.5-r0\narch = aarch64\n");
  CHECK(apk.value() == SysrootPackage{"musl-dev", "1.2.5-r0", "aarch64", ""});
  CHECK_FALSE(parse_control("Package: a\nVersion: 1\n").has_value());
  CHECK_FALSE(parse_control("Package: a\tb\nVersion: 1\nArchitecture: all\n").has_value());
}
