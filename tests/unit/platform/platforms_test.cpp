#include "platform/platforms.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"

using namespace tenon;

TEST_CASE("platforms: no name is given twice") {
  std::set<std::string_view> names;
  for (const Platform& row : platforms()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    for (const std::string_view alias : split_words(row.aliases)) {
      CHECK(names.insert(alias).second);
    }
  }
}

TEST_CASE("platforms: each spelling of a processor belongs to one GOARCH") {
  std::set<std::string_view> spellings;
  std::set<const Processor*> seen;
  for (const Platform& row : platforms()) {
    REQUIRE(row.processor != nullptr);
    if (!seen.insert(row.processor).second) continue;
    for (const std::string_view spelling : split_words(row.processor->spellings)) {
      CAPTURE(spelling);
      CHECK(spellings.insert(spelling).second);
      CHECK(goarch_of(spelling) == row.goarch);
    }
  }
}

TEST_CASE("platforms: every derived name leads back to its row") {
  for (const Platform& row : platforms()) {
    CAPTURE(row.name);
    CHECK(row.name.starts_with(std::string(row.goos) + "/" + std::string(row.goarch)));
    CHECK(row.goarch == row.processor->goarch);
    CHECK(find_platform(row.name) == &row);
    CHECK(find_processor(row.goarch) == row.processor);
    CHECK(is_goos(row.goos));
    for (const std::string_view triple : {row.cross, row.debian}) {
      if (triple.empty()) continue;
      CAPTURE(triple);
      CHECK(goarch_of(triple) == row.goarch);
      CHECK(goos_of(triple) == row.goos);
    }
    for (const std::string_view program : {row.cross_cc, row.cross_cxx}) {
      CHECK(program.starts_with(row.cross));
      if (!program.empty()) CHECK(platform_of(program) == find_platform(row.goos, row.goarch));
    }
    if (!row.llvm_arch.empty()) CHECK(goarch_of(row.llvm_arch) == row.goarch);
    if (!row.zig_arch.empty()) CHECK(goarch_of(row.zig_arch) == row.goarch);
    if (row.processor->elf_machine != 0) {
      CHECK(processor_of_elf(row.processor->elf_machine, row.processor->bits,
                             row.processor->big_endian) == row.processor);
    }
    if (row.processor->macho_cpu != 0)
      CHECK(processor_of_macho(row.processor->macho_cpu) == row.processor);
    if (row.processor->pe_machine != 0)
      CHECK(processor_of_pe(row.processor->pe_machine) == row.processor);
  }
}

TEST_CASE("platforms: what can be built for has all that a build asks for") {
  for (const Platform& row : platforms()) {
    if (!row.builds) continue;
    CAPTURE(row.name);
    CHECK_FALSE(row.zig_arch.empty());
    CHECK_FALSE(row.llvm_arch.empty());
    CHECK(builds_for(row.goos, row.goarch));
    if (row.container == Container::macho) {
      CHECK_FALSE(row.apple_arch.empty());
      continue;
    }
    if (row.container == Container::pe) {
      CHECK(row.processor->pe_machine != 0);
      continue;
    }
    if (row.goos == "freebsd") {
      CHECK(row.own_loader == "/libexec/ld-elf.so.1");  // rtld(1)
      continue;
    }
    CHECK_FALSE((row.gnu_abi.empty() && row.musl_abi.empty()));
    CHECK(row.gnu_abi.empty() == row.glibc_loader.empty());
    CHECK(row.musl_abi.empty() == row.musl_loader.empty());
    CHECK(row.gnu_abi.empty() == row.oldest_glibc.empty());
    CHECK_FALSE(row.debian.empty());
    CHECK_FALSE(row.processor->qemu.empty());
  }
}

// `uname -m` of machines, and `uname -s`.
TEST_CASE("platforms: what uname prints") {
  const std::pair<std::string_view, std::string_view> machines[] = {{"x86_64", "amd64"},
                                                                    {"aarch64", "arm64"},
                                                                    {"arm64", "arm64"},
                                                                    {"amd64", "amd64"},
                                                                    {"i686", "386"},
                                                                    {"i386", "386"},
                                                                    {"armv7l", "arm"},
                                                                    {"armv6l", "arm"},
                                                                    {"armv5tejl", "arm"},
                                                                    {"armv8l", "arm"},
                                                                    {"riscv64", "riscv64"},
                                                                    {"ppc64le", "ppc64le"},
                                                                    {"ppc64", "ppc64"},
                                                                    {"s390x", "s390x"},
                                                                    {"loongarch64", "loong64"},
                                                                    {"mips64", "mips64"},
                                                                    {"aarch64_be", ""},
                                                                    {"sparc64", ""},
                                                                    {"", ""}};
  for (const auto& [machine, goarch] : machines) {
    CAPTURE(machine);
    CHECK(goarch_of(machine) == goarch);
  }
  CHECK(goos_of_uname("Linux") == "linux");
  CHECK(goos_of_uname("Darwin") == "darwin");
  CHECK(goos_of_uname("MINGW64_NT-10.0-19045") == "windows");
  CHECK(goos_of_uname("Haiku").empty());
}

// `gcc -dumpmachine` of Debian, Alpine, Fedora, the NDK, MinGW-w64, Apple and zig.
TEST_CASE("platforms: triples") {
  const std::pair<std::string_view, std::string_view> triples[] = {
      {"x86_64-linux-gnu", "linux/amd64"},
      {"x86_64-alpine-linux-musl", "linux/amd64"},
      {"i686-linux-gnu", "linux/386"},
      {"x86-linux-musl", "linux/386"},
      {"x86-64-linux-gnu", "linux/amd64"},
      {"armv7-alpine-linux-musleabihf", "linux/arm/v7"},
      {"arm-linux-gnueabihf-gcc-12", "linux/arm/v7"},
      {"powerpc64le-linux-gnu", "linux/ppc64le"},
      {"ppc64le-redhat-linux", "linux/ppc64le"},
      {"loongarch64-linux-gnu", "linux/loong64"},
      {"mips64el-linux-gnuabi64", "linux/mips64le"},
      {"aarch64-linux-android21-clang", "android/arm64"},
      {"x86_64-w64-mingw32-gcc", "windows/amd64"},
      {"aarch64-windows-gnu", "windows/arm64"},
      {"arm64-apple-darwin23.1.0", "darwin/arm64"},
      {"x86_64-apple-macos12.0", "darwin/amd64"},
      {"aarch64-macos.12.0", "darwin/arm64"},
      {"arm64-apple-ios13", "ios/arm64"},
      {"x86_64-unknown-freebsd14.0", "freebsd/amd64"}};
  for (const auto& [triple, name] : triples) {
    CAPTURE(triple);
    const Platform* row = platform_of(triple);
    REQUIRE(row != nullptr);
    CHECK(row->name == name);
  }
  CHECK(platform_of("arm-none-eabi") == nullptr);
  CHECK(platform_of("") == nullptr);
}

// The readers of files have names of their own; both tables must say the same.
TEST_CASE("platforms: numbers agree with the readers of the formats") {
  for (const Platform& row : platforms()) {
    const Processor& one = *row.processor;
    CAPTURE(one.goarch);
    if (one.pe_machine == 0x1c4 || one.pe_machine == 0) continue;
    CHECK(pe::machine_name(one.pe_machine) == one.goarch);
  }
  for (const Platform& row : platforms()) {
    if (!row.apple_arch.empty())
      CHECK(macho::arch_name(row.processor->macho_cpu, 0) == row.apple_arch);
  }
}

// The ELF gABI's list of machines and the psABI supplements.
TEST_CASE("platforms: numbers and loaders") {
  struct Known {
    std::string_view name;
    int machine, bits;
    bool big;
    std::string_view glibc, musl;
  };
  const Known list[] = {
      {"linux/amd64", 62, 64, false, "/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"},
      {"linux/arm64", 183, 64, false, "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1"},
      {"linux/386", 3, 32, false, "/lib/ld-linux.so.2", "/lib/ld-musl-i386.so.1"},
      {"linux/arm/v7", 40, 32, false, "/lib/ld-linux-armhf.so.3", "/lib/ld-musl-armhf.so.1"},
      {"linux/arm/v5", 40, 32, false, "/lib/ld-linux.so.3", "/lib/ld-musl-arm.so.1"},
      {"linux/riscv64", 243, 64, false, "/lib/ld-linux-riscv64-lp64d.so.1",
       "/lib/ld-musl-riscv64.so.1"},
      {"linux/ppc64le", 21, 64, false, "/lib64/ld64.so.2", "/lib/ld-musl-powerpc64le.so.1"},
      {"linux/s390x", 22, 64, true, "/lib/ld64.so.1", "/lib/ld-musl-s390x.so.1"},
      {"linux/loong64", 258, 64, false, "/lib64/ld-linux-loongarch-lp64d.so.1",
       "/lib/ld-musl-loongarch64.so.1"}};
  for (const Known& known : list) {
    CAPTURE(known.name);
    const Platform* row = find_platform(known.name);
    REQUIRE(row != nullptr);
    CHECK(row->processor->elf_machine == known.machine);
    CHECK(row->processor->bits == known.bits);
    CHECK(row->processor->big_endian == known.big);
    CHECK(row->glibc_loader == known.glibc);
    CHECK(row->musl_loader == known.musl);
  }
  CHECK(find_platform("darwin/arm64")->processor->macho_cpu == 0x0100000cU);
  CHECK(find_platform("darwin/amd64")->processor->macho_cpu == 0x01000007U);
  CHECK(processor_of_elf(62, 32, false) == nullptr);
  CHECK(processor_of_elf(183, 64, true) == nullptr);
}

// `go tool dist list` of Go 1.26: every port of Go is known.
TEST_CASE("platforms: every port of Go has a row") {
  for (const std::string_view port : split_words(
           "aix/ppc64 android/386 android/amd64 android/arm android/arm64 darwin/amd64 darwin/arm64"
           " dragonfly/amd64 freebsd/386 freebsd/amd64 freebsd/arm freebsd/arm64 illumos/amd64"
           " ios/amd64 ios/arm64 js/wasm linux/386 linux/amd64 linux/arm linux/arm64 linux/loong64"
           " linux/mips linux/mips64 linux/mips64le linux/mipsle linux/ppc64 linux/ppc64le"
           " linux/riscv64 linux/s390x netbsd/386 netbsd/amd64 netbsd/arm netbsd/arm64 openbsd/386"
           " openbsd/amd64 openbsd/arm openbsd/arm64 openbsd/ppc64 openbsd/riscv64 plan9/386"
           " plan9/amd64 plan9/arm solaris/amd64 wasip1/wasm windows/386 windows/amd64"
           " windows/arm64")) {
    CAPTURE(port);
    const auto slash = port.find('/');
    CHECK(find_platform(port.substr(0, slash), port.substr(slash + 1)) != nullptr);
  }
  CHECK(find_platform("linux", "sparc64") == nullptr);
}

TEST_CASE("platforms: what explain offers tenon build for") {
  CHECK(builds_for("linux", "riscv64"));
  CHECK(builds_for("linux", "arm"));
  CHECK(builds_for("darwin", ""));
  CHECK(builds_for("windows", "amd64"));
  CHECK_FALSE(builds_for("windows", "386"));
  CHECK_FALSE(builds_for("darwin", "riscv64"));
  CHECK_FALSE(builds_for("openbsd", ""));
}
