// Sources: e_machine: the ELF gABI and <elf.h>; CPU types: <mach/machine.h>; PE: Microsoft's PE
// format; loaders: the psABI supplements, glibc's shlib-versions and musl's INSTALL; the first
// glibc of an architecture: its release notes; triples and package architectures: dpkg's ostable
// and cputable, Alpine's list of ports; variants of arm: containerd's platforms package.
#include "platform/platforms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/text.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

// clang-format off
constexpr Processor amd64{.goarch = "amd64", .arch = "x86_64",
    .spellings = "x86_64 amd64 AMD64 x86-64", .elf_machine = 62, .macho_cpu = 0x01000007,
    .pe_machine = 0x8664, .qemu = "qemu-x86_64", .also_runs = "386"};
constexpr Processor arm64{.goarch = "arm64", .arch = "aarch64",
    .spellings = "aarch64 arm64 ARM64", .elf_machine = 183, .macho_cpu = 0x0100000c,
    .pe_machine = 0xaa64, .page_size = 65536, .qemu = "qemu-aarch64"};
constexpr Processor x86{.goarch = "386", .arch = "i386",
    .spellings = "i386 i486 i586 i686 x86", .elf_machine = 3, .bits = 32, .macho_cpu = 7,
    .pe_machine = 0x14c, .qemu = "qemu-i386"};
constexpr Processor arm{.goarch = "arm", .arch = "arm",
    .spellings = "arm armv5tel armv6l armv7l armv8l thumb",
    .elf_machine = 40, .bits = 32, .macho_cpu = 12, .pe_machine = 0x1c4, .qemu = "qemu-arm"};
constexpr Processor riscv64{.goarch = "riscv64", .arch = "riscv64", .spellings = "riscv64",
    .elf_machine = 243, .pe_machine = 0x5064, .qemu = "qemu-riscv64"};
constexpr Processor ppc64le{.goarch = "ppc64le", .arch = "ppc64le",
    .spellings = "ppc64le powerpc64le", .elf_machine = 21, .page_size = 65536,
    .qemu = "qemu-ppc64le"};
constexpr Processor ppc64{.goarch = "ppc64", .arch = "ppc64", .spellings = "ppc64 powerpc64",
    .elf_machine = 21, .big_endian = true, .page_size = 65536, .qemu = "qemu-ppc64"};
constexpr Processor s390x{.goarch = "s390x", .arch = "s390x", .spellings = "s390x",
    .elf_machine = 22, .big_endian = true, .qemu = "qemu-s390x"};
constexpr Processor loong64{.goarch = "loong64", .arch = "loongarch64", .spellings = "loongarch64",
    .elf_machine = 258, .pe_machine = 0x6264, .page_size = 65536, .qemu = "qemu-loongarch64"};
constexpr Processor mips{.goarch = "mips", .arch = "mips", .spellings = "mips", .elf_machine = 8,
    .bits = 32, .big_endian = true, .page_size = 65536, .qemu = "qemu-mips"};
constexpr Processor mipsle{.goarch = "mipsle", .arch = "mipsle", .spellings = "mipsel",
    .elf_machine = 8, .bits = 32, .page_size = 65536, .qemu = "qemu-mipsel"};
constexpr Processor mips64{.goarch = "mips64", .arch = "mips64", .spellings = "mips64",
    .elf_machine = 8, .big_endian = true, .page_size = 65536, .qemu = "qemu-mips64"};
constexpr Processor mips64le{.goarch = "mips64le", .arch = "mips64le", .spellings = "mips64el",
    .elf_machine = 8, .page_size = 65536, .qemu = "qemu-mips64el"};
constexpr Processor wasm{.goarch = "wasm", .arch = "wasm32", .spellings = "wasm32", .bits = 32,
    .page_size = 65536};

constexpr std::array processors{&amd64, &arm64, &x86, &arm, &riscv64, &ppc64le, &ppc64, &s390x,
                                &loong64, &mips, &mipsle, &mips64, &mips64le, &wasm};

constexpr Platform macos(const Processor& cpu, std::string_view name, Version oldest,
                         std::string_view llvm, std::string_view apple) {
  return {.name = name, .goos = "darwin", .goarch = cpu.goarch, .processor = &cpu,
          .container = Container::macho, .builds = true, .usual = true, .llvm_arch = llvm,
          .zig_arch = llvm, .apple_arch = apple, .oldest_system = oldest};
}

// A port of Go that tenon reads about and does not build for.
constexpr Platform read_only(std::string_view name, const Processor& cpu,
                             Container container = Container::elf) {
  return {.name = name, .goos = name.substr(0, name.find('/')), .goarch = cpu.goarch,
          .processor = &cpu, .container = container};
}

// zig has the C library of FreeBSD 14 (since zig 0.15), whose functions later ones keep.
constexpr Platform freebsd(const Processor& cpu, std::string_view name, std::string_view llvm) {
  return {.name = name, .goos = "freebsd", .goarch = cpu.goarch, .processor = &cpu, .builds = true,
          .llvm_arch = llvm, .zig_arch = llvm, .own_loader = "/libexec/ld-elf.so.1",
          .oldest_system = {14, 0, 0}};
}

constexpr Platform windows(const Processor& cpu, std::string_view name, bool builds,
                           std::string_view zig, std::string_view mingw, std::string_view cc,
                           std::string_view cxx, bool usual = false) {
  return {.name = name, .goos = "windows", .goarch = cpu.goarch, .processor = &cpu,
          .container = Container::pe, .builds = builds, .usual = usual, .llvm_arch = zig, .zig_arch = zig,
          .cross = mingw, .cross_cc = cc, .cross_cxx = cxx,
          .oldest_system = {10, 0, 0}};
}

constexpr auto rows = std::to_array<Platform>({
    {.name = "linux/amd64", .goos = "linux", .goarch = "amd64", .processor = &amd64,
     .builds = true, .usual = true,
     .llvm_arch = "x86_64", .zig_arch = "x86_64", .gnu_abi = "gnu", .musl_abi = "musl",
     .debian = "x86_64-linux-gnu", .debian_arch = "amd64", .alpine_arch = "x86_64",
     .cross = "x86_64-linux-gnu", .cross_cc = "x86_64-linux-gnu-gcc",
     .cross_cxx = "x86_64-linux-gnu-g++", .glibc_loader = "/lib64/ld-linux-x86-64.so.2",
     .musl_loader = "/lib/ld-musl-x86_64.so.1", .oldest_glibc = {2, 2, 5}},
    {.name = "linux/arm64", .goos = "linux", .goarch = "arm64", .processor = &arm64,
     .builds = true, .usual = true, .aliases = "linux/arm64/v8",
     .llvm_arch = "aarch64", .zig_arch = "aarch64", .gnu_abi = "gnu", .musl_abi = "musl",
     .debian = "aarch64-linux-gnu", .debian_arch = "arm64", .alpine_arch = "aarch64",
     .cross = "aarch64-linux-gnu", .cross_cc = "aarch64-linux-gnu-gcc",
     .cross_cxx = "aarch64-linux-gnu-g++", .glibc_loader = "/lib/ld-linux-aarch64.so.1",
     .musl_loader = "/lib/ld-musl-aarch64.so.1", .oldest_glibc = {2, 17, 0},
     .oldest_system = {3, 7, 0}},
    macos(amd64, "darwin/amd64", {}, "x86_64", "x86_64"),
    macos(arm64, "darwin/arm64", {11, 0, 0}, "aarch64", "arm64"),
    windows(amd64, "windows/amd64", true, "x86_64", "x86_64-w64-mingw32",
            "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-g++", true),
    windows(arm64, "windows/arm64", true, "aarch64", "aarch64-w64-mingw32",
            "aarch64-w64-mingw32-clang", "aarch64-w64-mingw32-clang++"),
    {.name = "linux/386", .goos = "linux", .goarch = "386", .processor = &x86, .builds = true,
     .go_setting = "GO386=sse2",
     .llvm_arch = "i386", .zig_arch = "x86", .gnu_abi = "gnu", .musl_abi = "musl",
     .debian = "i386-linux-gnu", .debian_arch = "i386", .alpine_arch = "x86",
     .cross = "i686-linux-gnu", .cross_cc = "i686-linux-gnu-gcc",
     .cross_cxx = "i686-linux-gnu-g++", .glibc_loader = "/lib/ld-linux.so.2",
     .musl_loader = "/lib/ld-musl-i386.so.1", .oldest_glibc = {2, 0, 0}},
    // Debian's armhf and Alpine's armv7: VFPv3-D16 and no NEON, which not every ARMv7 has.
    {.name = "linux/arm/v7", .goos = "linux", .goarch = "arm", .processor = &arm, .builds = true,
     .aliases = "linux/arm", .go_setting = "GOARM=7",
     .llvm_arch = "armv7", .zig_arch = "arm", .zig_cpu = "generic+v7a+vfp3d16-neon",
     .gnu_abi = "gnueabihf", .musl_abi = "musleabihf",
     .debian = "arm-linux-gnueabihf", .debian_arch = "armhf", .alpine_arch = "armv7",
     .cross = "arm-linux-gnueabihf", .cross_cc = "arm-linux-gnueabihf-gcc",
     .cross_cxx = "arm-linux-gnueabihf-g++", .glibc_loader = "/lib/ld-linux-armhf.so.3",
     .musl_loader = "/lib/ld-musl-armhf.so.1", .oldest_glibc = {2, 4, 0}},
    // The first Raspberry Pi and the Zero: Raspbian's armhf and Alpine's.
    {.name = "linux/arm/v6", .goos = "linux", .goarch = "arm", .processor = &arm, .builds = true,
     .go_setting = "GOARM=6",
     .llvm_arch = "armv6", .zig_arch = "arm", .zig_cpu = "arm1176jzf_s",
     .gnu_abi = "gnueabihf", .musl_abi = "musleabihf",
     .debian = "arm-linux-gnueabihf", .debian_arch = "armhf", .alpine_arch = "armhf",
     .cross = "arm-linux-gnueabihf", .cross_cc = "arm-linux-gnueabihf-gcc",
     .cross_cxx = "arm-linux-gnueabihf-g++", .glibc_loader = "/lib/ld-linux-armhf.so.3",
     .musl_loader = "/lib/ld-musl-armhf.so.1", .oldest_glibc = {2, 4, 0}},
    {.name = "linux/riscv64", .goos = "linux", .goarch = "riscv64", .processor = &riscv64,
     .builds = true,
     .llvm_arch = "riscv64", .zig_arch = "riscv64", .gnu_abi = "gnu", .musl_abi = "musl",
     .debian = "riscv64-linux-gnu", .debian_arch = "riscv64", .alpine_arch = "riscv64",
     .cross = "riscv64-linux-gnu", .cross_cc = "riscv64-linux-gnu-gcc",
     .cross_cxx = "riscv64-linux-gnu-g++", .glibc_loader = "/lib/ld-linux-riscv64-lp64d.so.1",
     .musl_loader = "/lib/ld-musl-riscv64.so.1", .oldest_glibc = {2, 27, 0},
     .oldest_system = {4, 15, 0}},
    {.name = "linux/ppc64le", .goos = "linux", .goarch = "ppc64le", .processor = &ppc64le,
     .builds = true,
     .llvm_arch = "powerpc64le", .zig_arch = "powerpc64le", .gnu_abi = "gnu", .musl_abi = "musl",
     .debian = "powerpc64le-linux-gnu", .debian_arch = "ppc64el", .alpine_arch = "ppc64le",
     .cross = "powerpc64le-linux-gnu", .cross_cc = "powerpc64le-linux-gnu-gcc",
     .cross_cxx = "powerpc64le-linux-gnu-g++", .glibc_loader = "/lib64/ld64.so.2",
     .musl_loader = "/lib/ld-musl-powerpc64le.so.1", .oldest_glibc = {2, 19, 0},
     .oldest_system = {3, 14, 0}},
    {.name = "linux/s390x", .goos = "linux", .goarch = "s390x", .processor = &s390x,
     .builds = true,
     .llvm_arch = "s390x", .zig_arch = "s390x", .gnu_abi = "gnu", .musl_abi = "musl",
     .debian = "s390x-linux-gnu", .debian_arch = "s390x", .alpine_arch = "s390x",
     .cross = "s390x-linux-gnu", .cross_cc = "s390x-linux-gnu-gcc",
     .cross_cxx = "s390x-linux-gnu-g++", .glibc_loader = "/lib/ld64.so.1",
     .musl_loader = "/lib/ld-musl-s390x.so.1", .oldest_glibc = {2, 2, 0}},
    {.name = "linux/loong64", .goos = "linux", .goarch = "loong64", .processor = &loong64,
     .builds = true,
     .llvm_arch = "loongarch64", .zig_arch = "loongarch64", .gnu_abi = "gnu", .musl_abi = "musl",
     .debian = "loongarch64-linux-gnu", .debian_arch = "loong64", .alpine_arch = "loongarch64",
     .cross = "loongarch64-linux-gnu", .cross_cc = "loongarch64-linux-gnu-gcc",
     .cross_cxx = "loongarch64-linux-gnu-g++",
     .glibc_loader = "/lib64/ld-linux-loongarch-lp64d.so.1",
     .musl_loader = "/lib/ld-musl-loongarch64.so.1", .oldest_glibc = {2, 36, 0},
     .oldest_system = {5, 19, 0}},
    freebsd(amd64, "freebsd/amd64", "x86_64"), freebsd(arm64, "freebsd/arm64", "aarch64"),
    // Debian's armel: processors without an FPU.
    {.name = "linux/arm/v5", .goos = "linux", .goarch = "arm", .processor = &arm,
     .no_engine = "zig's run-time library has no atomic operations for ARMv5",
     .nearest = "linux/arm/v6", .go_setting = "GOARM=5",
     .llvm_arch = "armv5te", .zig_arch = "arm", .zig_cpu = "arm926ej_s",
     .gnu_abi = "gnueabi", .musl_abi = "musleabi",
     .debian = "arm-linux-gnueabi", .debian_arch = "armel",
     .cross = "arm-linux-gnueabi", .cross_cc = "arm-linux-gnueabi-gcc",
     .cross_cxx = "arm-linux-gnueabi-g++", .glibc_loader = "/lib/ld-linux.so.3",
     .musl_loader = "/lib/ld-musl-arm.so.1", .oldest_glibc = {2, 4, 0}},
    windows(x86, "windows/386", false, "x86", "i686-w64-mingw32", "i686-w64-mingw32-gcc",
            "i686-w64-mingw32-g++"),
    read_only("aix/ppc64", ppc64), read_only("android/386", x86),
    read_only("android/amd64", amd64), read_only("android/arm", arm),
    read_only("android/arm64", arm64), read_only("dragonfly/amd64", amd64),
    read_only("freebsd/386", x86), read_only("freebsd/arm", arm),
    read_only("illumos/amd64", amd64), read_only("ios/amd64", amd64, Container::macho),
    read_only("ios/arm64", arm64, Container::macho), read_only("js/wasm", wasm, Container::wasm),
    read_only("linux/mips", mips), read_only("linux/mips64", mips64),
    read_only("linux/mips64le", mips64le), read_only("linux/mipsle", mipsle),
    read_only("linux/ppc64", ppc64), read_only("netbsd/386", x86),
    read_only("netbsd/amd64", amd64), read_only("netbsd/arm", arm),
    read_only("netbsd/arm64", arm64), read_only("openbsd/386", x86),
    read_only("openbsd/amd64", amd64), read_only("openbsd/arm", arm),
    read_only("openbsd/arm64", arm64), read_only("openbsd/ppc64", ppc64),
    read_only("openbsd/riscv64", riscv64), read_only("plan9/386", x86),
    read_only("plan9/amd64", amd64), read_only("plan9/arm", arm),
    read_only("solaris/amd64", amd64), read_only("wasip1/wasm", wasm, Container::wasm),
});
// clang-format on

// What triples, and the names of compilers made of them, call a system. "android" stands before
// "linux", which stands in its triples too.
struct SystemWord {
  std::string_view word, goos;
};

constexpr std::array<SystemWord, 13> system_words{{{"mingw", "windows"},
                                                   {"windows", "windows"},
                                                   {"cygwin", "windows"},
                                                   {"android", "android"},
                                                   {"linux", "linux"},
                                                   {"apple-ios", "ios"},
                                                   {"apple", "darwin"},
                                                   {"darwin", "darwin"},
                                                   {"-macos", "darwin"},
                                                   {"freebsd", "freebsd"},
                                                   {"netbsd", "netbsd"},
                                                   {"openbsd", "openbsd"},
                                                   {"dragonfly", "dragonfly"}}};

constexpr std::array<SystemWord, 11> uname_words{{{"Linux", "linux"},
                                                  {"Darwin", "darwin"},
                                                  {"FreeBSD", "freebsd"},
                                                  {"NetBSD", "netbsd"},
                                                  {"OpenBSD", "openbsd"},
                                                  {"DragonFly", "dragonfly"},
                                                  {"SunOS", "solaris"},
                                                  {"AIX", "aix"},
                                                  {"MINGW", "windows"},
                                                  {"MSYS", "windows"},
                                                  {"CYGWIN", "windows"}}};

template <typename Test>
const Processor* first_processor(Test test) {
  const auto found = std::ranges::find_if(processors, test);
  return found == processors.end() ? nullptr : *found;
}

bool lists(std::string_view names, std::string_view name) {
  const auto words = split_words(names);
  return std::ranges::find(words, name) != words.end();
}

}  // namespace

std::span<const Platform> platforms() { return rows; }

const Platform* find_platform(std::string_view goos, std::string_view goarch) {
  const auto* found = std::ranges::find_if(
      rows, [&](const Platform& row) { return row.goos == goos && row.goarch == goarch; });
  return found == rows.end() ? nullptr : found;
}

const Platform* find_platform(std::string_view name) {
  const auto* found = std::ranges::find_if(
      rows, [&](const Platform& row) { return row.name == name || lists(row.aliases, name); });
  return found == rows.end() ? nullptr : found;
}

bool builds_for(std::string_view goos, std::string_view goarch) {
  return std::ranges::any_of(rows, [&](const Platform& row) {
    return row.builds && row.goos == goos && (goarch.empty() || row.goarch == goarch);
  });
}

bool is_goos(std::string_view word) {
  return std::ranges::find(rows, word, &Platform::goos) != rows.end();
}

const Processor* find_processor(std::string_view goarch) {
  return first_processor([&](const Processor* one) { return one->goarch == goarch; });
}

const Processor* processor_of_elf(std::uint16_t machine, int bits, bool big_endian) {
  return first_processor([&](const Processor* one) {
    return machine != 0 && one->elf_machine == machine && one->bits == bits &&
           one->big_endian == big_endian;
  });
}

const Processor* processor_of_macho(std::uint32_t cputype) {
  return first_processor(
      [&](const Processor* one) { return cputype != 0 && one->macho_cpu == cputype; });
}

const Processor* processor_of_pe(std::uint16_t machine) {
  return first_processor(
      [&](const Processor* one) { return machine != 0 && one->pe_machine == machine; });
}

// The longest spelling counts, so that "powerpc64le" is not "powerpc64", and "armv7l" is found by
// "arm" when a kernel has a version that nobody wrote down.
std::string_view goarch_of(std::string_view triple) {
  const std::string_view first = triple.substr(0, triple.find('-'));
  // Go has no port for them.
  if (first.ends_with("_be") || first.starts_with("armeb")) return {};
  std::string_view out;
  std::size_t most = 0;
  for (const Processor* one : processors) {
    for (const std::string_view spelling : split_words(one->spellings)) {
      if (spelling.size() <= most || !triple.starts_with(spelling)) continue;
      most = spelling.size();
      out = one->goarch;
    }
  }
  return out;
}

std::string_view goos_of(std::string_view triple) {
  const auto* found = std::ranges::find_if(
      system_words, [&](const SystemWord& one) { return triple.contains(one.word); });
  return found == system_words.end() ? std::string_view() : found->goos;
}

std::string_view goos_of_uname(std::string_view system) {
  const auto* found = std::ranges::find_if(
      uname_words, [&](const SystemWord& one) { return system.starts_with(one.word); });
  return found == uname_words.end() ? std::string_view() : found->goos;
}

const Platform* platform_of(std::string_view triple) {
  return find_platform(goos_of(triple), goarch_of(triple));
}

}  // namespace tenon
