// Compilers for other machines, and their C libraries.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "host/files.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

// What compilers for other machines are called: Debian, Fedora, Arch; musl.cc and Homebrew's
// formulas; Arm; mingw-w64; osxcross.
struct Name {
  const char* program;
  const char* triple;
};

constexpr auto names = std::to_array<Name>({
    {"aarch64-linux-gnu-gcc", "aarch64-linux-gnu"},
    {"x86_64-linux-gnu-gcc", "x86_64-linux-gnu"},
    {"arm-linux-gnueabihf-gcc", "arm-linux-gnueabihf"},
    {"arm-linux-gnueabi-gcc", "arm-linux-gnueabi"},
    {"riscv64-linux-gnu-gcc", "riscv64-linux-gnu"},
    {"s390x-linux-gnu-gcc", "s390x-linux-gnu"},
    {"powerpc64le-linux-gnu-gcc", "powerpc64le-linux-gnu"},
    {"i686-linux-gnu-gcc", "i686-linux-gnu"},
    {"aarch64-linux-musl-gcc", "aarch64-linux-musl"},
    {"x86_64-linux-musl-gcc", "x86_64-linux-musl"},
    {"arm-linux-musleabihf-gcc", "arm-linux-musleabihf"},
    {"aarch64-unknown-linux-gnu-gcc", "aarch64-unknown-linux-gnu"},
    {"x86_64-unknown-linux-gnu-gcc", "x86_64-unknown-linux-gnu"},
    {"aarch64-unknown-linux-musl-gcc", "aarch64-unknown-linux-musl"},
    {"x86_64-unknown-linux-musl-gcc", "x86_64-unknown-linux-musl"},
    {"aarch64-none-linux-gnu-gcc", "aarch64-none-linux-gnu"},
    {"x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32"},
    {"i686-w64-mingw32-gcc", "i686-w64-mingw32"},
    {"aarch64-w64-mingw32-clang", "aarch64-w64-mingw32"},
    {"oa64-clang", "arm64-apple-darwin"},
    {"o64-clang", "x86_64-apple-darwin"},
});

// Debian and Arch keep the C library of a target in /usr/TRIPLE, Fedora in sys-root below it. Only
// of a compiler that came with them is it known where it has to be.
FlagFact target_libc(const MachineAccess& machine, const Name& name, const std::string& program) {
  const std::string base = fmt::format("/usr/{}", name.triple);
  const std::string fedora = base + "/sys-root/usr/include/stdlib.h";
  if (machine.folder(base + "/sys-root")) return FlagFact::of(machine.file(fedora), fedora);
  const std::string header = base + "/include/stdlib.h";
  // Debian's own architectures beside the machine's, as dpkg --add-architecture brings them.
  const std::string foreign = fmt::format("/usr/lib/{}/crt1.o", name.triple);
  if (machine.file(foreign) && machine.file("/usr/include/stdlib.h")) {
    return FlagFact::of(true, foreign);
  }
  const bool mingw = std::string_view(name.triple).contains("mingw");
  const std::string start = base + (mingw ? "/lib/crt2.o" : "/lib/crt1.o");
  const bool headers = machine.file(header), starts = machine.file(start);
  if (headers && starts) return FlagFact::of(true, header);
  const bool debian = machine.file("/etc/debian_version") && program.starts_with("/usr/bin/");
  if (debian) return FlagFact::of(false, headers ? start : header);
  return FlagFact::open("not where Debian has it");
}

}  // namespace

EnginesState probe_engines(const MachineAccess& machine, std::chrono::milliseconds limit) {
  EnginesState out;
  out.cross = Fact<std::vector<CrossCompiler>>::of({}, "PATH");
  const std::string_view own = machine.goarch == "arm64"   ? "aarch64-linux-gnu"
                               : machine.goarch == "amd64" ? "x86_64-linux-gnu"
                                                           : "";
  for (const Name& name : names) {
    if (machine.goos == "linux" && name.triple == own) continue;
    const auto program = machine.find(name.program);
    if (!program) continue;
    CrossCompiler found{name.triple, *program, {}};
    found.libc = target_libc(machine, name, *program);
    out.cross.value.push_back(std::move(found));
  }
  const auto zig = machine.find("zig");
  out.zig = zig ? machine.ask({*zig, "version"}, limit) : TextFact::none("PATH");
  return out;
}

}  // namespace tenon
