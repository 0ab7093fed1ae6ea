// The table of platforms: what Go, compilers, kernels, loaders and distributions call one and the
// same machine. Every name of a processor or a system that tenon reads or writes is looked up here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "platform/version_number.h"

namespace tenon {

enum class Container { elf, macho, pe, wasm };

// What all systems on one kind of processor have in common.
struct Processor {
  std::string_view goarch;     // "arm64", "ppc64le"
  std::string_view arch;       // as kernels and `file` say it: "aarch64", "x86_64", "i386"
  std::string_view spellings;  // of uname -m and of the first word of triples, separated by blanks
  std::uint16_t elf_machine = 0;  // e_machine
  std::uint8_t bits = 64;
  bool big_endian = false;
  std::uint32_t macho_cpu = 0;      // CPU type; 0: no Mach-O
  std::uint16_t pe_machine = 0;     // 0: no PE
  std::uint32_t page_size = 4096;   // the largest that kernels are built with
  std::string_view qemu = {};       // program of qemu-user that runs it
  std::string_view also_runs = {};  // a GOARCH whose programs its kernels run too
};

// One platform: a row. Empty names: the system has no such thing, or no engine builds for it.
struct Platform {
  std::string_view name;  // "linux/arm64", "linux/arm/v7" as containers are labelled
  std::string_view goos;
  std::string_view goarch;
  const Processor* processor;
  Container container = Container::elf;
  bool builds = false;                 // `tenon build --target` takes it
  std::string_view no_engine = {};     // of a row that does not build: why, where users ask for it
  std::string_view nearest = {};       // of such a row: a target that its users may take instead
  bool usual = false;                  // one of those that most projects release for
  std::string_view aliases = {};       // further names that --target takes, separated by blanks
  std::string_view go_setting = {};    // "GOARM=7": the variant, where Go has one
  std::string_view llvm_arch = {};     // first word of clang's triple
  std::string_view zig_arch = {};      // of zig's
  std::string_view zig_cpu = {};       // -mcpu of zig where its default is another processor
  std::string_view gnu_abi = {};       // last word of glibc's triple: "gnu", "gnueabihf"
  std::string_view musl_abi = {};      // of musl's
  std::string_view apple_arch = {};    // "arm64", "x86_64"
  std::string_view debian = {};        // Debian's multiarch triple, the folder in /usr/lib
  std::string_view debian_arch = {};   // of its packages: "armhf"
  std::string_view alpine_arch = {};   // of Alpine's
  std::string_view cross = {};         // triple of Debian's cross compilers, or MinGW-w64's
  std::string_view cross_cc = {};      // "aarch64-linux-gnu-gcc"
  std::string_view cross_cxx = {};     // "aarch64-linux-gnu-g++"
  std::string_view glibc_loader = {};  // PT_INTERP of a glibc program
  std::string_view musl_loader = {};   // PT_INTERP of a dynamic musl program
  std::string_view own_loader = {};    // PT_INTERP where the system has one C library
  Version oldest_glibc = {};           // first glibc with this platform
  Version oldest_system = {};  // first kernel or system with it; empty: before Go's own floor
};

// In the order in which they are printed; those that build come first.
[[nodiscard]] std::span<const Platform> platforms();

// The row of a GOOS and a GOARCH, the most usual of several; nullptr for none.
[[nodiscard]] const Platform* find_platform(std::string_view goos, std::string_view goarch);
// By its name or an alias.
[[nodiscard]] const Platform* find_platform(std::string_view name);
// Whether tenon builds for it. No GOARCH: for any processor of the system.
[[nodiscard]] bool builds_for(std::string_view goos, std::string_view goarch);
// Whether it is the GOOS of a port of Go.
[[nodiscard]] bool is_goos(std::string_view word);

[[nodiscard]] const Processor* find_processor(std::string_view goarch);
// Of the numbers in the headers of files; nullptr for what Go has no port for.
[[nodiscard]] const Processor* processor_of_elf(std::uint16_t machine, int bits, bool big_endian);
[[nodiscard]] const Processor* processor_of_macho(std::uint32_t cputype);
[[nodiscard]] const Processor* processor_of_pe(std::uint16_t machine);

// The GOARCH of what `uname -m`, a triple or -arch begins with: "armv7l", "powerpc64le-linux-gnu",
// "arm64e"; empty when none is known.
[[nodiscard]] std::string_view goarch_of(std::string_view triple);
// The GOOS of a triple or of a compiler that is named by one: "x86_64-w64-mingw32-gcc" is for
// windows; empty when none is named.
[[nodiscard]] std::string_view goos_of(std::string_view triple);
// The GOOS of `uname -s`: "Darwin"; empty when none is known.
[[nodiscard]] std::string_view goos_of_uname(std::string_view system);
// The row of a triple; nullptr when it names none.
[[nodiscard]] const Platform* platform_of(std::string_view triple);

// The table as a page of Markdown.
[[nodiscard]] std::string platforms_page();

}  // namespace tenon
