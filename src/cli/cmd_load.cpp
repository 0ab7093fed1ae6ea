// tenon load: whether a program loads on its target, and what its loader prints if not.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "cli/load/details.h"
#include "cli/load/macho.h"
#include "cli/load/place.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "format/elf/layout.h"
#include "host/files.h"
#include "loader/elf/cpu_levels.h"
#include "loader/elf/machine.h"
#include "loader/elf/start.h"
#include "loader/files.h"
#include "loader/floor.h"
#include "loader/show.h"
#include "loader/verdict.h"

namespace tenon {
namespace {

int exit_of(const loader::Verdict& verdict) {
  if (!verdict.loads) return exit_undecided;
  return *verdict.loads ? exit_ok : exit_no;
}

std::vector<std::string> words_of(const Arguments& arguments, std::string_view option) {
  std::vector<std::string> out;
  const std::string list = arguments.get(option);
  for (const std::string_view one : split(list, ',')) {
    if (!one.empty()) out.emplace_back(one);
  }
  return out;
}

// What --hwcaps and --cpu say; without them this processor, for programs that are to run here.
bool read_processor(const Arguments& arguments, const loader::ElfKind& machine,
                    loader::Request& request) {
  const std::string level = arguments.get("--cpu");
  if (arguments.has("--hwcaps")) {
    request.hwcaps = words_of(arguments, "--hwcaps");
    request.hwcaps_known = true;
    return true;
  }
  const bool here = level == "host" || (level.empty() && !arguments.has("--root"));
  if (!here && level.empty()) return true;
  if (!here) {
    auto found = loader::hwcaps_of_level(level);
    if (!found) return false;
    request.hwcaps = *std::move(found);
    request.hwcaps_known = true;
    return true;
  }
  if (machine.machine != elf::EM_X86_64) return true;
  const auto cpuinfo = read_text("/proc/cpuinfo");
  if (!cpuinfo) return true;
  request.hwcaps = loader::hwcaps_of_cpuinfo(*cpuinfo);
  request.hwcaps_known = true;
  return true;
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "load";
  if (arguments.positional.size() != 1) return usage(term, report, "name one program");
  for (const std::string& one : arguments.all("--env")) {
    if (!one.contains('=')) return usage(term, report, "--env takes NAME=VALUE");
  }
  const PlaceRequest where{arguments.positional.front(), arguments.get("--root"),
                           arguments.get("--target")};
  if (is_for_macos(where)) return load_macho(arguments, term, report);
  auto place = find_place(where);
  if (!place) return usage(term, report, std::move(place).error());
  loader::Request request;
  request.program = place->subject.in_root;
  request.argv0 = arguments.get("--argv0");
  request.environment = arguments.all("--env");
  request.secure = arguments.has("--secure") || place->gains_rights;
  if (!read_processor(arguments, place->machine, request)) {
    return usage(term, report, "--cpu takes host, x86-64, or one of " + loader::level_names());
  }
  request.legacy_hwcaps = words_of(arguments, "--legacy-hwcaps");
  std::optional<loader::GlibcBase> base;
  if (arguments.has("--glibc")) {
    base = loader::parse_glibc_base(arguments.get("--glibc"));
    if (!base) {
      return usage(term, report,
                   "--glibc takes a version such as 2.31, or one of " + loader::base_names());
    }
  }
  loader::Files files(*place->root, place->outside.get(), place->outside_at);
  if (arguments.has("--cwd")) files.working_folder = arguments.get("--cwd");
  if (!files.working_folder.starts_with('/')) {
    return usage(term, report, "--cwd takes an absolute path in the root");
  }
  const loader::Verdict verdict = loader::predict_elf(request, files, place->machine);
  report.ok = verdict.loads.value_or(false);
  report.data = loader::verdict_data(verdict);
  report.data.add("target", place->subject.target);
  report.data.add("root", place->subject.root);
  report.findings = loader::verdict_findings(verdict, place->subject);
  int code = exit_of(verdict);
  if (base) {
    auto more = loader::floor_findings(verdict, *base, place->subject);
    if (!more.empty()) report.ok = false;
    if (!more.empty() && code == exit_ok) code = exit_no;
    for (Finding& one : more) report.findings.push_back(std::move(one));
  }
  report.text = loader::verdict_text(verdict, place->subject);
  if (auto wrong = add_details(arguments, verdict, place->subject, report))
    return usage(term, report, std::move(*wrong));
  return term.finish(report, code);
}

constexpr OptionSpec options[] = {
    {"--target", "OS/ARCH", "the system that is to run it (default: that of the file)", false,
     "TARGET"},
    {"--root", "DIR", "its root directory: a sysroot, an unpacked image (default: /)"},
    {"--env", "NAME=VALUE", "a variable of its environment; may be repeated", true},
    {"--explain-path", "LIBRARY",
     "each path that is tried for a library, in order, and the result"},
    {"--tree", "", "all files that are loaded, by whom and where they were found"},
    {"--html", "FILE", "write the same as one HTML page with a graph to fold"},
    {"--glibc", "VERSION",
     "check against the glibc of another system too: 2.31, debian:11, rhel:8"},
    {"--cwd", "DIR", "its working directory in the root, for relative run paths (default: /)"},
    {"--macos", "VERSION", "the release of macOS (default: 26)"},
    {"--sdk", "DIR", "an SDK: its stubs tell what the libraries of macOS export"},
    {"--cache-list", "FILE", "paths of all libraries in the shared cache of a Mac"},
    {"--argv0", "TEXT", "the name that begins its messages (default: its path in the root)"},
    {"--secure", "", "secure execution, as of a file with capabilities"},
    {"--cpu", "LEVEL", "its processor: x86-64-v3, power10, host (default without --root)"},
    {"--hwcaps", "LIST", "glibc-hwcaps of its processor, such as x86-64-v3,x86-64-v2"},
    {"--legacy-hwcaps", "LIST", "the same before glibc 2.37, such as tls,haswell,x86_64"},
    format_option,
    save_option,
};

constexpr Example examples[] = {
    {"tenon load --root sysroot sysroot/usr/bin/app", "does it start there, and if not, why"},
    {"tenon load app --root image --tree", "all libraries and where each was found"},
    {"tenon load app --root image --tree --html graph.html", "the graph as a page for a browser"},
    {"tenon load app --root image --explain-path libssl.so.3", "every path that was tried"},
    {"tenon load --root mac mac/opt/app/bin/tool --macos 15", "a program for macOS"},
    {"tenon load app --root image --env LD_LIBRARY_PATH=/opt/lib --json", "for scripts"},
};

constexpr std::string_view text =
    "Walks the libraries of a program as the loader of its target does, binds its symbols, and\n"
    "says whether the program starts; if not, with the text that the loader prints, the first\n"
    "file that fails, why each path was not taken, and a fix. Nothing is executed. Knows glibc's\n"
    "loader, musl's and dyld of macOS.\n"
    "Exit code 0: it loads; 1: it will not; 2: not decided; 3: the file cannot be read.";

}  // namespace

extern const CommandSpec command_load;
const CommandSpec command_load{.name = "load",
                               .summary = "say whether a program loads on its target, and why not",
                               .usage = "FILE [OPTIONS]",
                               .description = text,
                               .options = options,
                               .examples = examples,
                               .run = run,
                               .operands = "FILE"};

}  // namespace tenon
