// tenon build: from a Go project to checked binaries. Contents page: request, checks, one target
// after the other, report.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "cli/build/request.h"
#include "cli/html_file.h"
#include "cli/table.h"
#include "cli/term.h"
#include "crossbuild/build_findings.h"
#include "crossbuild/build_report.h"
#include "crossbuild/build_request.h"
#include "crossbuild/run/build.h"
#include "crossbuild/timings/timings.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"
#include "host/process.h"
#include "platform/target.h"

namespace tenon {
namespace {

int exit_code(const Report& report) {
  if (report.ok) return exit_ok;
  const auto has = [&](Code code) {
    return std::ranges::any_of(report.findings,
                               [&](const Finding& finding) { return finding.code == code; });
  };
  if (has(Code::usage_interrupted)) return exit_interrupted;
  return has(Code::usage_bad_option) ? exit_usage : exit_no;
}

int run(const std::vector<std::string>& args) {
  Arguments arguments;
  const auto request = read_request(args, arguments);
  if (arguments.has("--help")) {
    return print_help(*find_command("build"), arguments);
  }
  Term term(arguments);
  if (!request) {
    Report report;
    report.command = "build";
    report.ok = false;
    report.findings.push_back(request.error());
    if (std::ranges::find(args, "--json") != args.end()) arguments.values["--json"] = "1";
    return Term(arguments).finish(report, exit_usage);
  }
  catch_interrupts();
  // For the wrapper. No option of it: that would be another compiler for go, and change nothing.
  if (request->no_cache) set_environment("TENON_COMPILE_CACHE", "off");
  for (const Shown& remark : request->remarks) term.line(remark);
  BuildState state{*request, term, {}, {}};
  state.result.dry_run = request->dry_run;
  state.result.settings = request->settings;
  if (auto checked = check_before(state); !checked) {
    state.result.findings.push_back(std::move(checked).error());
  } else {
    for (const Target& target : request->targets) {
      if (interrupted()) break;
      // A target with settings of its own shares the rest.
      BuildState own{request_for(*request, target), term, state.go, std::move(state.result)};
      build_target(own, target);
      state.result = std::move(own.result);
    }
  }
  const auto known = [](const Finding& finding) { return finding.code == Code::usage_interrupted; };
  if (interrupted() && std::ranges::none_of(state.result.findings, known)) {
    state.result.add(
        interrupted_while("tenon build", "checking outputs, before all targets were built"));
  }
  state.result.go_version = state.go.version;
  Report report = build_report(state.result, term.style(), current_folder());
  if (request->timings && !request->dry_run) {
    report.data.add("timings", timings_data(state.result.work));
    const std::string path = join_path(request->out, timings_file);
    if (auto bad = write_page(path, timings_page(state.result.work), report)) {
      report.ok = false;
      report.findings.push_back(*std::move(bad));
    }
  }
  return term.finish(report, exit_code(report));
}

constexpr OptionSpec options[] = {
    {"--target", "LIST", "darwin/arm64, linux/arm64[:gnu2.17], windows/amd64, freebsd/arm64, ...",
     false, "TARGET"},
    {"--targets-file", "FILE", "targets and options in TOML (default: .tenon.toml of the module)"},
    {"--out", "DIR", "directory of the outputs (default: dist)"},
    {"-o", "FILE", "output file, or a pattern: bin/{name}_{os}_{arch}{ext}"},
    {"--engine", "NAME", "zig, clang, apple or auto (default)", false, "zig clang apple auto"},
    {"--sdk", "DIR", "Apple SDK, for code that includes framework headers (or SDKROOT)"},
    {"--no-macos-headers", "", "do not use tenon's headers for macOS"},
    {"--no-cache", "", "compile all C again, and keep nothing (see tenon cache)"},
    {"--sysroot", "DIR", "headers and libraries for a Linux target; or a name: debian:12/arm64"},
    {"--closure", "MODE", "libraries of pkg-config by symbols: hybrid or static (see tenon link)",
     false, "hybrid static"},
    {"--min", "VERSION", "oldest macOS (default: what Go supports; or MACOSX_DEPLOYMENT_TARGET)"},
    {"--smoke", "", "run outputs, under qemu-user or wine if needed; arguments follow --"},
    {"--check-reproducible", "", "build twice and compare the bytes"},
    {"--identifier", "ID", "identifier of the code signature (default: from the file name)"},
    {"--flat-lookup", "", "accept symbols whose library is unknown; dyld searches all libraries"},
    {"--allow-no-cgo", "", "continue although CGO_ENABLED=0 excludes C code"},
    {"--keep-paths", "", "do not add -trimpath"},
    {"--timeout", "TIME", "limit for one go build (default: 1h)"},
    {"--timings", "FORM", "html: a page of what took how long, tenon-timings.html in --out", false,
     "html"},
    {"--dry-run", "", "print the commands, run nothing"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon build ./cmd/app --target darwin/arm64,linux/arm64", "a program for two systems"},
    {"tenon build . --target linux/arm64:gnu2.17 -tags sqlite_fts5 --smoke -- --version",
     "flags of go build are passed on; the result is run under qemu"},
    {"tenon build . --target darwin/universal -o app --identifier com.example.app",
     "one universal file for Intel and Apple Silicon Macs"},
    {"tenon build . --target darwin/arm64 --json", "the same for scripts"},
};

}  // namespace

extern const CommandSpec command_build;
const CommandSpec command_build{
    .name = "build",
    .summary = "build a Go project with C code for other systems, and check the result",
    .usage = "[PACKAGES] [--target LIST] [OPTIONS] [GO BUILD FLAGS] [-- PROGRAM ARGUMENTS]",
    .description =
        "Runs go build with a C compiler for each target: no container and, unless the code "
        "includes\n"
        "framework headers, no Apple SDK. Each output must pass a gate before it is put in place:\n"
        "architecture, file type, build mode, deployment target, LC_UUID, SG_READ_ONLY, page "
        "hashes of\n"
        "the signature, needed libraries, interpreter, oldest glibc, run paths, paths of this "
        "machine.\n"
        "macOS outputs are signed ad-hoc. Linux targets are static with musl unless :gnu is "
        "given.\n"
        "Without --target, the targets in [build] of .tenon.toml at the module root are built; "
        "its\n"
        "other values hold where neither a flag nor the environment gives one.",
    .options = options,
    .examples = examples,
    .raw = run,
    .command_behind = true,
    .operands = "DIR"};

}  // namespace tenon
