// The C compiler, its C library, and those of other machines.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/doctor.h"
#include "machine/doctor/judgement.h"
#include "platform/platforms.h"

namespace tenon::doctor {
namespace {

bool apple_tools_missing(const Snapshot& snapshot) {
  const AppleState& apple = snapshot.apple;
  return snapshot.system.goos == "darwin" &&
         (apple.developer_folder.state == FactState::absent ||
          (apple.developer_usable.known() && !apple.developer_usable.value));
}

std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

void missing(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const Setting* cc = active(snapshot, "CC");
  if (cc == nullptr) {
    // What is missing on a Mac are the Command Line Tools.
    if (apple_tools_missing(snapshot)) return;
    // On Linux even net wants it then.
    const Setting* cgo = active(snapshot, "CGO_ENABLED");
    const bool forced = cgo != nullptr && cgo->value == "1" && snapshot.system.goos == "linux";
    Note note{forced ? Severity::error : without_c(snapshot),
              compiler.command.value,
              fmt::format("{} is not on PATH: {}", compiler.command.value,
                          forced ? "with CGO_ENABLED=1 every build with C code fails"
                                 : "cgo is off, and C code cannot be built"),
              {fact("PATH", "no program of the name " + compiler.command.value)}};
    if (compiler.other.known()) {
      const std::string_view name = base_of(compiler.other.value);
      note.evidence.push_back(fact("PATH", compiler.other.value + " is there"));
      const std::string command = name == "zig" ? "zig cc" : std::string(name);
      note.fixes.push_back({Fix::Safety::review,
                            shown_format("let Go use {}", command),
                            {{"go", "env", "-w", ShellWord::of("CC=" + command)},
                             {"go", "env", "-w", "CGO_ENABLED=1"}}});
    }
    out.push_back(of_cause(Code::cc_not_installed, std::move(note)));
    return;
  }
  const bool blank = misquoted(cc->value);
  // Who needs no C loses nothing, as without any compiler.
  const bool matters = without_c(snapshot) != Severity::note;
  Note note{matters ? Severity::error : Severity::note,
            "CC",
            fmt::format("CC={} names a program that does not exist", cc->value),
            {fact(cc->where, "CC=" + cc->value)},
            {unset(*cc)}};
  if (blank) {
    note.message =
        unquoted_path(cc->value)
            ? fmt::format(
                  "CC={} is a path with blanks: Go uses only the part before the first blank",
                  cc->value)
            : fmt::format("CC={} is not a program and its flags as Go splits them", cc->value);
  }
  out.push_back(
      of_cause(blank ? Code::cc_env_has_flags_or_spaces : Code::cc_env_points_to_missing_compiler,
               std::move(note)));
}

void c_library(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  // Wherever it has them.
  if (c_works(snapshot)) return;
  const bool headers = compiler.headers.known() && !compiler.headers.value;
  const bool start = compiler.start_files.known() && !compiler.start_files.value;
  if (!headers && !start) return;
  const bool musl = snapshot.system.libc.known() && snapshot.system.libc.value == "musl";
  std::vector<Evidence> evidence;
  if (headers) evidence.push_back(fact(compiler.headers.source, "not there"));
  if (start) evidence.push_back(fact(compiler.start_files.source, "not there"));
  Note note{without_c(snapshot), compiler.program.value,
            "the compiler is installed, but the headers and start files of the C library are not",
            std::move(evidence)};
  out.push_back(of_cause(musl ? Code::alpine_musl_dev_missing : Code::linux_libc_dev_missing,
                         std::move(note)));
}

// With a cross compiler as CC, Go's default for C++ is still that of the machine.
void cxx_of(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const Setting* cc = active(snapshot, "CC");
  if (cc == nullptr || active(snapshot, "CXX") != nullptr) return;
  if (fits_host(snapshot, compiler.target.value)) return;
  out.push_back(
      of_cause(Code::cross_cxx_not_set,
               {Severity::note,
                "CXX",
                fmt::format("CC={} compiles for {}; C++ would be compiled for this machine",
                            cc->value, compiler.target.value),
                {fact(cc->where, "CC=" + cc->value), fact("settings", "CXX is not set")}}));
}

// What the compiler makes, against what Go is told to build.
void other_target(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const GoInstall* go = first_go(snapshot);
  if (go == nullptr || !compiler.target.known() || snapshot.system.goos.empty()) return;
  const Setting* arch = active(snapshot, "GOARCH");
  const Setting* os = active(snapshot, "GOOS");
  const std::string_view goarch = arch == nullptr ? go->goarch : arch->value;
  const std::string_view goos = os == nullptr ? snapshot.system.goos : os->value;
  const std::string& target = compiler.target.value;
  const std::string_view made = goarch_of(target);
  const auto tell = [&](Code code, Severity severity) {
    std::vector<Evidence> evidence{fact(compiler.target.source, target)};
    if (const Setting* cc = active(snapshot, "CC"))
      evidence.push_back(fact(cc->where, "CC=" + cc->value));
    if (os != nullptr) evidence.push_back(fact(os->where, "GOOS=" + os->value));
    evidence.push_back(
        fact(arch == nullptr ? go->program : arch->where, fmt::format("GOARCH={}", goarch)));
    out.push_back(of_cause(code, {severity, compiler.program.value,
                                  fmt::format("{} compiles for {}, but Go builds for {}/{}",
                                              compiler.command.value, target, goos, goarch),
                                  std::move(evidence)}));
  };
  if (is_bare_metal(target)) return tell(Code::cross_bare_metal_compiler, Severity::error);
  if (made.empty() || goarch.empty() || goarch == "universal") return;
  const bool set = arch != nullptr || os != nullptr;
  const bool mac = target_goos(target) == "darwin" && goos == "darwin";  // -arch chooses
  if (target_goos(target) == goos && (made == goarch || mac)) {
    cxx_of(snapshot, out);
    return;
  }
  // 386 programs are made by the compiler of amd64.
  if (goos == target_goos(target) && made == "amd64" && goarch == "386") return;
  if (!fits_host(snapshot, target)) {
    tell(Code::cross_target_cc_with_host_goarch, Severity::error);
  } else if (set && cgo_decision(snapshot).value == "1") {
    tell(goos == "windows" ? Code::cross_windows_needs_mingw
         : goos == "darwin" && snapshot.system.goos == "linux"
             ? Code::cross_darwin_from_linux_needs_osxcross_or_zig
         : goos == "linux" && snapshot.system.goos == "darwin"
             ? Code::cross_host_clang_for_linux_target
             : Code::cross_host_cc_used_for_target,
         Severity::warning);
  }
}

void wrong_libc(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const TextFact& libc = snapshot.system.libc;
  if (!libc.known() || libc.value != "musl" || !compiler.target.known() || c_works(snapshot))
    return;
  const bool glibc =
      compiler.target.value.contains("-gnu") && fits_host(snapshot, compiler.target.value);
  if (!glibc || compiler.kind.value == "clang") return;
  out.push_back(of_cause(
      Code::ldso_glibc_binary_on_musl,
      {Severity::warning,
       compiler.program.value,
       fmt::format("{} builds for glibc, but this system has musl", compiler.program.value),
       {fact(compiler.target.source, compiler.target.value), fact(libc.source, libc.value)}}));
}

// Its plugins and shared libraries for arm64 need a newer one, or gold (Go issue 15696, 22040).
void old_linker(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  if (snapshot.system.goos != "linux" || snapshot.system.goarch != "arm64") return;
  if (compiler.linker_kind.value != "GNU ld" || !compiler.linker_version.known()) return;
  const auto version = numbers_of(compiler.linker_version.value);
  if (version.empty() || version >= std::vector<unsigned>{2, 36}) return;
  out.push_back(of_rule(Code::linker_gnu_ld_too_old, {{"version", compiler.linker_version.value}},
                        compiler.linker.value,
                        {fact(compiler.linker_version.source, compiler.linker_version.value)}));
}

void not_apple(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  if (snapshot.system.goos != "darwin" || !compiler.kind.known()) return;
  if (compiler.kind.value == "apple clang" || compiler.kind.value == "zig") return;
  const bool broken = compiler.probe.known() && compiler.probe.value != "works";
  const bool works = compiler.probe.known() && compiler.probe.value == "works";
  if (works || active(snapshot, "SDKROOT") != nullptr) return;
  out.push_back(of_cause(
      Code::darwin_non_apple_clang_on_path,
      {broken ? Severity::error : Severity::warning,
       compiler.program.value,
       fmt::format("{} is not Apple's clang and has no SDK", compiler.program.value),
       {fact("PATH", compiler.program.value), fact(compiler.kind.source, compiler.kind.value)}}));
}

std::string_view debian_name(std::string_view triple) {
  for (const Platform& platform : platforms()) {
    if (!platform.cross.empty() && platform.cross == triple) return platform.debian_arch;
  }
  const Platform* platform = platform_of(triple);
  return platform == nullptr ? std::string_view() : platform->debian_arch;
}

void cross(const Snapshot& snapshot, Findings& out) {
  for (const CrossCompiler& one : snapshot.engines.cross.value) {
    if (!one.libc.known() || one.libc.value) continue;
    out.push_back(of_cause(
        Code::cross_target_libs_missing,
        {Severity::warning,
         one.program,
         fmt::format("{} is installed, but its C library is not", one.program),
         {fact(one.libc.source, "not there")},
         {{Fix::Safety::review,
           "install the C library of the target",
           {{"apt-get", "install",
             ShellWord::of(fmt::format("crossbuild-essential-{}", debian_name(one.triple)))}}}}}));
  }
}

}  // namespace

void diagnose_compiler(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  if (compiler.program.state == FactState::absent) {
    missing(snapshot, out);
  } else if (compiler.program.known()) {
    c_library(snapshot, out);
    other_target(snapshot, out);
    wrong_libc(snapshot, out);
    old_linker(snapshot, out);
    not_apple(snapshot, out);
  }
  cross(snapshot, out);
}

}  // namespace tenon::doctor
