#include "crossbuild/run/runner.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/own_platform.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon {
namespace {

// Where Debian puts another architecture's glibc.
std::string foreign_root(const Target& target) {
  const std::string cross = fmt::format("/usr/{}", target.platform->cross);
  return is_file(cross + std::string(target.platform->glibc_loader)) ? cross : std::string();
}

Fix by_hand(const Shown& text) { return {Fix::Safety::manual, text, {}}; }

Fix install(const Shown& text, std::string_view package) {
  return {Fix::Safety::review, text, {{"apt-get", "install", ShellWord::of(package)}}};
}

// Another machine is the only way.
Fix run_there(const Target& target) {
  return by_hand(shown_format("run it on a {} machine", target.platform->processor->goarch));
}

// Debian's package wine64 alone puts no command on PATH.
std::optional<std::string> find_wine() {
  for (const char* name : {"wine64", "wine"}) {
    if (auto found = find_program(name)) return found;
  }
  std::string of_package = "/usr/lib/wine/wine64";
  if (!is_file(of_package)) return std::nullopt;
  return of_package;
}

bool runs_directly(const OwnPlatform& machine, const Target& target) {
  const std::string_view wanted = target.platform->goarch;
  const Processor* own = find_processor(machine.goarch);
  return machine.goarch == wanted || (own != nullptr && own->also_runs == wanted);
}

Runner cannot(std::string why, std::optional<Fix> fix = {}) {
  return {{}, {}, {}, std::move(why), std::move(fix)};
}

Runner with_wine(const OwnPlatform& machine, const Target& target) {
  if (!runs_directly(machine, target)) {
    return cannot(fmt::format("wine runs no programs for {} here", target.platform->name),
                  run_there(target));
  }
  const auto wine = find_wine();
  if (!wine) return cannot("wine is not installed", install("install wine", "wine64"));
  // Its remarks on what it lacks would be taken for the program's output.
  return {{*wine}, {"WINEDEBUG=-all"}, std::string(base_name(*wine)), {}, {}};
}

Runner with_qemu(const Target& target, const std::string& sysroot) {
  const std::string name(target.platform->processor->qemu);
  auto qemu = find_program(name + "-static");
  if (!qemu) qemu = find_program(name);
  if (!qemu) {
    return cannot(name + " is not installed", install("install the emulator", "qemu-user-static"));
  }
  Runner runner{{*qemu}, {}, std::string(base_name(*qemu)), {}, {}};
  if (target.libc != Libc::glibc) return runner;
  const bool given = is_file(sysroot + std::string(target.platform->glibc_loader));
  const std::string root = !sysroot.empty() && given ? sysroot : foreign_root(target);
  if (root.empty()) {
    return cannot(fmt::format("there is no glibc for {} in /usr/{}", target.platform->debian,
                              target.platform->cross),
                  install("install the target's glibc",
                          fmt::format("libc6-{}-cross", target.platform->debian_arch)));
  }
  runner.words.insert(runner.words.end(), {"-L", root});
  return runner;
}

bool is_own_system(const OwnPlatform& machine, const Target& target) {
  return machine.goos == target.platform->goos && machine.goarch == target.platform->goarch;
}

}  // namespace

Runner runner_for(const Target& target, const std::string& sysroot) {
  const OwnPlatform machine = own_platform();
  if (machine.goos != "linux") {
    if (is_own_system(machine, target)) return {{}, {}, "directly", {}, {}};
    return cannot("programs for other systems run only on Linux");
  }
  if (target.darwin()) return cannot("macOS programs run only on a Mac");
  if (target.windows()) return with_wine(machine, target);
  if (target.freebsd()) {
    return cannot("programs for FreeBSD run only there", by_hand("run it on a FreeBSD machine"));
  }
  if (!runs_directly(machine, target)) return with_qemu(target, sysroot);
  if (target.libc == Libc::glibc && !is_file(std::string(target.platform->glibc_loader))) {
    return cannot("this machine has no glibc",
                  by_hand("build it for musl, or run it on a system with glibc"));
  }
  return {{}, {}, "directly", {}, {}};
}

}  // namespace tenon
