// tenon link: what a program that uses C libraries has to be linked with.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/shown.h"
#include "cli/link/choices.h"
#include "cli/link/link_data.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "crossbuild/run/sysroot.h"
#include "diag/finding.h"
#include "diag/report.h"
#include "host/files.h"
#include "link/closure/given.h"
#include "link/run/link_request.h"
#include "platform/target.h"

namespace tenon {
namespace {

std::optional<LinkForm> form_named(std::string_view name) {
  if (name.empty() || name == "shell") return LinkForm::shell;
  if (name == "cgo") return LinkForm::cgo;
  if (name == "env") return LinkForm::env;
  return std::nullopt;
}

int run(const Arguments& arguments) {
  Term term(arguments);
  Report report;
  report.command = "link";
  const auto target = parse_target(arguments.get("--target"));
  if (!arguments.has("--target")) return usage(term, report, "--target is missing");
  if (!target) return usage(term, report, target.error().message);
  if (!arguments.has("--sysroot")) return usage(term, report, "--sysroot is missing");
  auto sysroot = find_sysroot(arguments.get("--sysroot"), current_folder(), "tenon link");
  if (!sysroot) return usage(term, report, std::move(sysroot).error());
  if (!is_folder(*sysroot)) return usage(term, report, *sysroot + " is not a directory");
  const auto mode = link_mode_named(arguments.has("--mode") ? arguments.get("--mode") : "hybrid");
  if (!mode) return usage(term, report, "--mode is static, hybrid or as-is");
  const auto form = form_named(arguments.get("--format"));
  if (!form) return usage(term, report, "--format is shell, cgo or env");
  link::LinkRequest request;
  request.target = *target;
  request.sysroot = real_path(*sysroot).value_or(*sysroot);
  request.sysroot_name = sysroot_record_name(request.sysroot);
  request.archive_list = archive_list_path(request.sysroot_name);
  request.driver = link_driver(arguments.get("--linker"), *target);
  request.zig = arguments.get("--linker") == "zig";
  request.mode = *mode;
  request.system = libraries_of_system(*target);
  request.modules = arguments.positional;
  request.flags = link::flags_of_words(arguments.all("--flag"), "--flag", true);
  for (const std::string& one : arguments.all("--object")) {
    request.objects.push_back(absolute_path(current_folder(), one));
  }
  request.whole = arguments.all("--whole");
  request.shared = arguments.all("--shared");
  request.duplicates = arguments.has("--duplicates");
  request.use_cache = !arguments.has("--no-cache");
  if (request.modules.empty() && request.flags.empty() && request.objects.empty()) {
    return usage(term, report, "name a module, an --object or a --flag");
  }
  auto result = link::make_link(request, term);
  term.clear_status();
  if (!result) return usage(term, report, std::move(result).error());
  report.findings = std::move(result->findings);
  if (*form == LinkForm::cgo && result->modules_ok) {
    for (Finding& one : cgo_findings(*result)) report.findings.push_back(std::move(one));
  }
  const bool bad = std::ranges::any_of(
      report.findings, [](const Finding& one) { return one.severity == Severity::error; });
  report.ok = !bad;
  if (!result->modules_ok) return term.finish(report, exit_no);
  report.data = link_data(*result);
  report.text = arguments.has("--why") ? link_why(*result, arguments.get("--why"))
                                       : link_text_answer(*result, *form, term.verbose());
  return term.finish(report, bad ? exit_no : exit_ok);
}

constexpr OptionSpec options[] = {
    {"--target", "TARGET", "the system and processor of the program, such as linux/arm64:gnu",
     false, "TARGET"},
    {"--sysroot", "DIR", "its headers and libraries; or a name: debian:12/arm64"},
    {"--mode", "MODE", "static, hybrid (default): static what has an archive, or as-is", false,
     "static hybrid as-is"},
    {"--object", "FILE", "an object of the program, whose symbols decide; may be repeated", true},
    {"--why", "FLAG", "say where a flag comes from and who needs its library: -lX"},
    {"--format", "FORM", "shell (default), cgo: a #cgo line, or env: CGO_LDFLAGS=...", false,
     "shell cgo env"},
    {"--shared", "X", "link libX shared although it has an archive; may be repeated", true},
    {"--whole", "X", "take every object of libX.a; may be repeated", true},
    {"--flag", "FLAG", "a linker flag as a module gives it: -lX, -LDIR; may be repeated", true},
    {"--duplicates", "", "the linker gets -Wl,--allow-multiple-definition"},
    {"--linker", "PROGRAM", "gcc that links (default: the target's), or zig"},
    {"--no-cache", "", "read all libraries again"},
};

constexpr Example examples[] = {
    {"tenon link libcurl --target linux/arm64:gnu --sysroot debian:12/arm64",
     "the flags for a program that holds libcurl and all that has an archive"},
    {"tenon link libxml-2.0 --mode static --object main.o --target linux/arm64:gnu --sysroot DIR",
     "what a fully static program needs, by the symbols of its object"},
    {"tenon link libgit2 --why -lgssapi_krb5 --target linux/arm64:gnu --sysroot debian:12/arm64",
     "who needs a library, and which package has its archive"},
};

constexpr std::string_view text =
    "Finds the libraries that a program for another system is linked with: from the .pc files of\n"
    "the sysroot, and from the symbols that its objects and archives need, because .pc files name\n"
    "too few or too many libraries for a static link. Chooses a file for each library, puts them "
    "in\n"
    "an order that a linker reads once, and says of each why it is there, which have no archive,\n"
    "who needs those, and which package has one.";

}  // namespace

extern const CommandSpec command_link;
const CommandSpec command_link{.name = "link",
                               .summary = "find the libraries that a program is linked with",
                               .usage = "MODULE... --target TARGET --sysroot DIR [OPTIONS]",
                               .description = text,
                               .options = options,
                               .examples = examples,
                               .run = run};

}  // namespace tenon
