// The C compiler, its C library, and those of other machines.
#include <fmt/format.h>

#include <cstddef>
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

// The name is there, and leads nowhere: installing what has the name changes nothing.
void broken_link(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const std::string_view both = compiler.broken_link.value;
  constexpr std::string_view arrow = " -> ";
  const std::size_t at = both.find(arrow);
  const std::string link(both.substr(0, at)), target(both.substr(at + arrow.size()));
  Finding found = of_rule(Code::cc_broken_link, {{"link", link}, {"target", target}}, link,
                          {{Evidence::Kind::file, link, "link to " + target}});
  found.severity = cgo_decision(snapshot).value == "1" ? Severity::error : without_c(snapshot);
  if (compiler.broken_package.known()) {
    found.fixes = {
        {Fix::Safety::review,
         "install the package of the target again",
         {{"apt-get", "install", "--reinstall", ShellWord::of(compiler.broken_package.value)}}}};
  }
  out.push_back(std::move(found));
}

void missing(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  if (compiler.broken_link.known()) return broken_link(snapshot, out);
  const Setting* cc = active(snapshot, "CC");
  if (cc == nullptr) {
    // What is missing on a Mac are the Command Line Tools.
    if (apple_tools_missing(snapshot)) return;
    // On Linux even net wants it then; before Go 1.20 cgo is on without a compiler too.
    const Decision cgo = cgo_decision(snapshot);
    const bool forced = cgo.value == "1" && snapshot.system.goos == "linux";
    Note note{forced ? Severity::error : without_c(snapshot),
              compiler.command.value,
              fmt::format("{} is not on PATH: {}", compiler.command.value,
                          forced ? "cgo is on, and every build with C code fails"
                                 : "cgo is off, and C code cannot be built"),
              {fact("PATH", "no program of the name " + compiler.command.value)}};
    if (forced) note.evidence.push_back(fact("CGO_ENABLED=1", cgo.rule));
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

// The linker that a flag names: -fuse-ld=mold is ld.mold on PATH.
std::string named_linker(const Snapshot& snapshot, const Setting*& where) {
  constexpr std::string_view flag = "-fuse-ld=";
  for (const char* name : {"CGO_LDFLAGS", "CC"}) {
    const Setting* set = active(snapshot, name);
    const std::size_t at = set == nullptr ? std::string::npos : set->value.find(flag);
    if (at == std::string::npos) continue;
    where = set;
    const std::string_view rest = std::string_view(set->value).substr(at + flag.size());
    return std::string(rest.substr(0, rest.find(' ')));
  }
  return {};
}

void tool_missing(const Snapshot& snapshot, const std::string& tool, Evidence evidence, Fix fix,
                  Findings& out) {
  Finding found =
      of_rule(Code::cc_tool_missing, {{"program", snapshot.compiler.program.value}, {"tool", tool}},
              tool, {std::move(evidence)});
  found.severity = cgo_decision(snapshot).value == "1" ? Severity::error : without_c(snapshot);
  if (fix.commands.empty()) {
    found.fixes.push_back(std::move(fix));
  } else {
    found.fixes = {std::move(fix)};
  }
  out.push_back(std::move(found));
}

// "gcc: fatal error: cannot execute 'cc1': execvp: No such file or directory": a part of the
// compiler that is gone. `as` and `ld` are programs of their own.
std::string lost_part(std::string_view said) {
  constexpr std::string_view words = "cannot execute '";
  const std::size_t at = said.find(words);
  if (at == said.npos) return {};
  said.remove_prefix(at + words.size());
  const std::string_view name = said.substr(0, said.find('\''));
  return name == "as" || name == "ld" ? std::string() : std::string(name);
}

// What the compiler itself starts.
void tools(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  if (c_works(snapshot)) return;
  const Setting* set = nullptr;
  const std::string linker = named_linker(snapshot, set);
  const bool said =
      compiler.c_output.known() && (compiler.c_output.value.contains("ld." + linker) ||
                                    compiler.c_output.value.contains("'" + linker + "'") ||
                                    compiler.c_output.value.contains("cannot find 'ld'") ||
                                    compiler.c_output.value.contains("invalid linker name"));
  if (set != nullptr && !linker.empty() && said) {
    tool_missing(snapshot, "ld." + linker, fact(set->where, set->name + "=" + set->value),
                 install_package(snapshot, linker, linker), out);
    out.back().fixes.push_back(unset(*set));
    return;
  }
  if (const std::string part = lost_part(compiler.c_output.value); !part.empty()) {
    // Debian's packages: cpp-12 has cc1, g++-12 has cc1plus, gcc-12 the others.
    const std::string major = std::to_string(major_of(compiler.version.value));
    const std::string package = (part == "cc1"       ? "cpp-"
                                 : part == "cc1plus" ? "g++-"
                                                     : "gcc-") +
                                major;
    Fix fix = install_package(snapshot, package, "gcc");
    if (packager_of(snapshot) == Packager::apt) {
      fix = {Fix::Safety::review,
             "install the package of the missing part again",
             {{"apt-get", "install", "--reinstall", ShellWord::of(package)}}};
    }
    tool_missing(snapshot, part,
                 {Evidence::Kind::command, compiler.c_probe.source, "cannot execute"},
                 std::move(fix), out);
    return;
  }
  for (const auto& [tool, name] :
       {std::pair(&compiler.assembler, "as"), std::pair(&compiler.linker, "ld")}) {
    if (tool->state != FactState::absent || compiler.kind.value == "zig") continue;
    tool_missing(snapshot, name, fact(tool->source, "not on PATH"),
                 install_package(snapshot, "binutils", "binutils"), out);
    return;
  }
}

// Packages with C++ files that the build needs.
std::string cxx_packages(const Snapshot& snapshot) {
  std::string out;
  for (const CgoPackage& one : snapshot.project.cgo.value) {
    if (one.cxx && !one.fallback) out += (out.empty() ? "" : ", ") + one.path;
  }
  return out;
}

void cxx(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const std::string packages = cxx_packages(snapshot);
  if (packages.empty() || cgo_decision(snapshot).value == "0") return;
  const bool gone = compiler.cxx.state == FactState::absent;
  const TextFact& probe = compiler.cxx_probe;
  const bool fails = probe.known() && probe.value != "works";
  // What C lacks too has been said.
  if (!gone && (!fails || !c_works(snapshot))) return;
  const std::string& name = compiler.cxx_command.value;
  std::string problem = gone ? name + " is not installed"
                             : fmt::format("{} fails at a 3-line program: {}", name, probe.value);
  Finding found =
      of_rule(Code::cc_cxx_missing, {{"packages", packages}, {"problem", std::move(problem)}}, name,
              {fact("PATH", gone ? "no program of the name " + name : name)});
  if (fails && !gone) {
    found.evidence.push_back(
        {Evidence::Kind::command, probe.source, compiler.cxx_output.value.substr(0, 300)});
  }
  if (const Setting* set = active(snapshot, "CXX")) {
    found.evidence.push_back(fact(set->where, "CXX=" + set->value));
    found.fixes = {unset(*set)};
  } else {
    found.fixes = {install_package(snapshot, "g++", "gcc-c++")};
  }
  out.push_back(std::move(found));
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
    tools(snapshot, out);
    c_library(snapshot, out);
    other_target(snapshot, out);
    wrong_libc(snapshot, out);
    old_linker(snapshot, out);
    not_apple(snapshot, out);
  }
  cxx(snapshot, out);
  cross(snapshot, out);
}

}  // namespace tenon::doctor
