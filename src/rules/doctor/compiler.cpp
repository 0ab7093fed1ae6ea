// The C compiler, its C library, and those of other machines.
#include <fmt/format.h>

#include "base/text.h"
#include "rules/doctor/parts.h"

namespace tenon::doctor {
namespace {

bool apple_tools_missing(const Snapshot& snapshot) {
  const AppleState& apple = snapshot.apple;
  return snapshot.system.goos == "darwin" &&
         (apple.developer_folder.state == FactState::absent ||
          (apple.developer_usable.known() && !apple.developer_usable.value));
}

void missing(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const Setting* cc = active(snapshot, "CC");
  if (cc == nullptr) {
    // What is missing on a Mac are the Command Line Tools.
    if (apple_tools_missing(snapshot)) return;
    out.push_back(of_cause("cc/not-installed",
                           {without_c(snapshot),
                            compiler.command.value,
                            fmt::format("{} is not on PATH: cgo is off, and C code cannot be built",
                                        compiler.command.value),
                            {fact("PATH", "no program of the name " + compiler.command.value)}}));
    return;
  }
  const bool blank = unquoted_path(cc->value);
  Note note{Severity::error,
            "CC",
            fmt::format("CC={} names a program that is not there", cc->value),
            {fact(cc->where, "CC=" + cc->value)},
            {unset(*cc)}};
  if (blank) {
    note.message = fmt::format(
        "CC={} is a path with blanks: Go takes the part before the first one", cc->value);
  }
  out.push_back(of_cause(blank ? "cc/env-has-flags-or-spaces" : "cc/env-points-to-missing-compiler",
                         std::move(note)));
}

void c_library(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const bool headers = compiler.headers.known() && !compiler.headers.value;
  const bool start = compiler.start_files.known() && !compiler.start_files.value;
  if (!headers && !start) return;
  const bool musl = snapshot.system.libc.known() && snapshot.system.libc.value == "musl";
  std::vector<Evidence> evidence;
  if (headers) evidence.push_back(fact(compiler.headers.source, "not there"));
  if (start) evidence.push_back(fact(compiler.start_files.source, "not there"));
  Note note{without_c(snapshot), compiler.program.value,
            "the compiler is here, the headers and start files of the C library are not",
            std::move(evidence)};
  out.push_back(
      of_cause(musl ? "alpine/musl-dev-missing" : "linux/libc-dev-missing", std::move(note)));
}

void other_target(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  const GoInstall* go = first_go(snapshot);
  if (go == nullptr || !compiler.target.known() || compiler.kind.value != "gcc") return;
  const Setting* set = active(snapshot, "GOARCH");
  const std::string_view wanted = set == nullptr ? go->goarch : set->value;
  const std::string_view made = goarch_of(compiler.target.value);
  if (wanted.empty() || made.empty() || wanted == made || snapshot.system.goos == "darwin") return;
  const bool host = made == snapshot.system.goarch;
  if (host && set == nullptr) return;  // told of Go's own architecture
  out.push_back(of_cause(
      host ? "cross/host-cc-used-for-target" : "cross/target-cc-with-host-goarch",
      {host ? Severity::warning : Severity::error,
       compiler.program.value,
       fmt::format("{} makes code for {}, GOARCH is {}", compiler.command.value,
                   compiler.target.value, wanted),
       {fact(compiler.target.source, compiler.target.value),
        fact(set == nullptr ? go->program : set->where, fmt::format("GOARCH={}", wanted))}}));
}

void not_apple(const Snapshot& snapshot, Findings& out) {
  const CompilerState& compiler = snapshot.compiler;
  if (snapshot.system.goos != "darwin" || !compiler.kind.known()) return;
  if (compiler.kind.value == "apple clang" || compiler.kind.value == "zig") return;
  const bool broken = compiler.probe.known() && compiler.probe.value != "works";
  const bool works = compiler.probe.known() && compiler.probe.value == "works";
  if (works || active(snapshot, "SDKROOT") != nullptr) return;
  out.push_back(of_cause(
      "darwin/non-apple-clang-on-path",
      {broken ? Severity::error : Severity::warning,
       compiler.program.value,
       fmt::format("{} is not Apple's clang and knows no SDK", compiler.program.value),
       {fact("PATH", compiler.program.value), fact(compiler.kind.source, compiler.kind.value)}}));
}

void cross(const Snapshot& snapshot, Findings& out) {
  for (const CrossCompiler& one : snapshot.engines.cross.value) {
    if (!one.libc.known() || one.libc.value) continue;
    out.push_back(of_cause("cross/target-libs-missing",
                           {Severity::warning,
                            one.program,
                            fmt::format("{} is here, its C library is not", one.program),
                            {fact(one.libc.source, "not there")},
                            {{Fix::Safety::review,
                              "install the C library of the target",
                              {{"apt-get", "install",
                                "crossbuild-essential-" +
                                    std::string(one.triple.starts_with("aarch64") ? "arm64"
                                                : one.triple.starts_with("arm")   ? "armhf"
                                                : one.triple.starts_with("riscv") ? "riscv64"
                                                                                  : "amd64")}}}}}));
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
    not_apple(snapshot, out);
  }
  cross(snapshot, out);
  if (!project_needs_cgo(snapshot)) return;
  bool wants_pc = false;
  for (const CgoPackage& one : snapshot.project.cgo.value) wants_pc = wants_pc || !one.pc.empty();
  if (wants_pc && snapshot.packages.pkg_config.state == FactState::absent &&
      active(snapshot, "PKG_CONFIG") == nullptr) {
    out.push_back(of_cause("pkgconfig/not-installed",
                           {Severity::error,
                            "pkg-config",
                            "packages of this project ask pkg-config, which is not on PATH",
                            {fact("PATH", "no program of the name pkg-config")}}));
  }
}

}  // namespace tenon::doctor
