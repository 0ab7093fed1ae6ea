// Compilers for other machines, and their C libraries.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "machine/probe/probe.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

struct Name {
  std::string program, triple;
};

// What compilers for other machines are called: Debian, Fedora, Arch; musl.cc and Homebrew's
// formulas; Arm; mingw-w64; osxcross.
std::vector<Name> cross_names() {
  std::vector<Name> out;
  const auto add = [&](std::string program, std::string_view triple) {
    const bool known = std::ranges::find(out, program, &Name::program) != out.end();
    if (!known) out.push_back({std::move(program), std::string(triple)});
  };
  const auto add_gcc = [&](const std::string& triple) { add(triple + "-gcc", triple); };
  const auto on_linux = [](const Platform& one) { return one.goos == "linux" && one.builds; };
  for (const Platform& one : platforms() | std::views::filter(on_linux)) {
    if (!one.cross.empty()) add(std::string(one.cross_cc), one.cross);
  }
  for (const std::string_view vendor : {"", "-unknown", "-none"}) {
    for (const Platform& one : platforms() | std::views::filter(on_linux)) {
      const auto first = std::string(one.cross.substr(0, one.cross.find('-')));
      if (!vendor.empty()) add_gcc(fmt::format("{}{}-linux-{}", first, vendor, one.gnu_abi));
      if (vendor != "-none") add_gcc(fmt::format("{}{}-linux-{}", first, vendor, one.musl_abi));
    }
  }
  for (const Platform& one : platforms()) {
    if (one.goos == "windows") add(std::string(one.cross_cc), one.cross);
  }
  add("oa64-clang", "arm64-apple-darwin");
  add("o64-clang", "x86_64-apple-darwin");
  return out;
}

// Every gcc says where its own start file is, and prints the bare name of one that it lacks.
FlagFact asked_libc(const MachineAccess& machine, const Name& name, const std::string& program,
                    std::chrono::milliseconds limit) {
  if (!program.ends_with("-gcc")) return FlagFact::open("only gcc tells where its C library is");
  const std::string_view start = name.triple.contains("mingw") ? "crt2.o" : "crt1.o";
  const TextFact said = machine.ask({program, fmt::format("-print-file-name={}", start)}, limit);
  if (!said.known()) return FlagFact::open(said.why);
  if (said.value == start) return FlagFact::of(false, said.source);
  if (!said.value.starts_with('/')) return FlagFact::open("no path in: " + said.value);
  const TextFact root = machine.ask({program, "-print-sysroot"}, limit);
  if (!root.known()) return FlagFact::open(root.why);
  const std::string beside = said.value.substr(0, said.value.rfind('/')) + "/../include";
  for (const std::string& folder : {root.value + "/usr/include", root.value + "/include", beside}) {
    const std::string header = folder + "/stdio.h";
    if (machine.file(header)) return FlagFact::of(true, header);
  }
  // A gcc without a sysroot has further places of its own.
  if (root.value.empty()) return FlagFact::open("no stdio.h beside " + said.value);
  return FlagFact::of(false, root.value + "/usr/include/stdio.h");
}

// Debian and Arch keep the C library of a target in /usr/TRIPLE, Fedora in sys-root below it. Of
// other compilers only they themselves know where it has to be.
FlagFact target_libc(const MachineAccess& machine, const Name& name, const std::string& program,
                     std::chrono::milliseconds limit) {
  const std::string base = fmt::format("/usr/{}", name.triple);
  const std::string fedora = base + "/sys-root/usr/include/stdlib.h";
  if (machine.folder(base + "/sys-root")) return FlagFact::of(machine.file(fedora), fedora);
  const std::string header = base + "/include/stdlib.h";
  // Debian's own architectures beside the machine's, as dpkg --add-architecture brings them.
  const std::string foreign = fmt::format("/usr/lib/{}/crt1.o", name.triple);
  if (machine.file(foreign) && machine.file("/usr/include/stdlib.h")) {
    return FlagFact::of(true, foreign);
  }
  const bool mingw = name.triple.contains("mingw");
  const std::string start = base + (mingw ? "/lib/crt2.o" : "/lib/crt1.o");
  const bool headers = machine.file(header), starts = machine.file(start);
  if (headers && starts) return FlagFact::of(true, header);
  const bool debian = machine.file("/etc/debian_version") && program.starts_with("/usr/bin/");
  if (debian) return FlagFact::of(false, headers ? start : header);
  return asked_libc(machine, name, program, limit);
}

}  // namespace

EnginesState probe_engines(const MachineAccess& machine, std::chrono::milliseconds limit) {
  EnginesState out;
  out.cross = Fact<std::vector<CrossCompiler>>::of({}, "PATH");
  const Platform* own = find_platform(machine.goos, machine.goarch);
  for (const Name& name : cross_names()) {
    if (own != nullptr && machine.goos == "linux" && name.triple == own->cross) continue;
    const auto program = machine.find(name.program);
    if (!program) continue;
    CrossCompiler found{name.triple, *program, {}};
    found.libc = target_libc(machine, name, *program, limit);
    out.cross.value.push_back(std::move(found));
  }
  const auto zig = machine.find("zig");
  out.zig = zig ? machine.ask({*zig, "version"}, limit) : TextFact::none("PATH");
  return out;
}

}  // namespace tenon
