#include "cli/inspect/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/reason.h"
#include "base/result.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/inspect/page.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "host/input.h"
#include "host/mapping.h"
#include "inspect/diff.h"
#include "inspect/lists.h"
#include "inspect/show.h"
#include "inspect/tables.h"

namespace tenon {
namespace {

struct ListOption {
  std::string_view name;
  ListKind kind;
};

constexpr ListOption list_options[] = {
    {"--symbols", ListKind::symbols}, {"--imports", ListKind::imports},
    {"--exports", ListKind::exports}, {"--sections", ListKind::sections},
    {"--cgo", ListKind::cgo},         {"--abi", ListKind::abi},
    {"--size", ListKind::size}};

void complain(const std::string& path, const Error& error) {
  const bool damaged = error.code == Errc::malformed || error.code == Errc::truncated;
  const std::string where = fmt::format("{} at offset {}", error.what, error.offset);
  const Finding finding =
      damaged ? make_finding(Code::artifact_malformed, {{"value", where}}, path)
              : make_finding(Code::usage_unreadable_input,
                             {{"path", path}, {"reason", reason_text(error)}}, path);
  tell(render_finding(finding, {}));
}

// Whether what was read is one file from beginning to end; says so when it is not.
bool unchanged(const std::string& path, const Mapping& mapping) {
  const auto same = mapping.unchanged();
  if (!same) complain(path, same.error());
  return same.has_value();
}

// The exit code for one file.
int print_file(const std::string& path, ListKind kind, const ListStyle& style) {
  const auto mapping = map_input(path);
  if (!mapping) {
    complain(path, mapping.error());
    return exit_usage;
  }
  const auto objects = object_views(mapping->view());
  if (!objects && !unchanged(path, *mapping)) return exit_undecided;
  if (!objects) {
    complain(path, objects.error());
    return exit_usage;
  }
  int code = exit_ok;
  ListOutput out([](std::string_view text) { write_rows(text); });
  for (const ObjectView& object : *objects) {
    if (!style.json) out.add(list_title(path, object));
    const auto done = write_list(kind, object, style, out);
    if (done) continue;
    if (done.error().code == Errc::not_found) {
      if (!style.json) out.add(shown_format("  {}\n", done.error().what));
      code = std::max<int>(code, exit_no);
      continue;
    }
    out.flush();
    complain(path, done.error());
    code = exit_usage;
  }
  out.flush();
  return unchanged(path, *mapping) ? code : exit_undecided;
}

int print_diff(Term& term, const Arguments& arguments) {
  Report report;
  report.command = "inspect";
  if (arguments.positional.size() != 2) {
    report.ok = false;
    report.findings.push_back(make_finding(
        Code::usage_bad_option, {{"message", "--diff takes two files"}}, "tenon inspect"));
    return term.finish(report, exit_usage);
  }
  std::array<Result<Mapping>, 2> files{map_input(arguments.positional[0]),
                                       map_input(arguments.positional[1])};
  for (std::size_t i = 0; i < 2; ++i) {
    if (files[i]) continue;
    complain(arguments.positional[i], files[i].error());
    return exit_usage;
  }
  const auto rows = diff_files(files[0]->view(), files[1]->view());
  for (std::size_t i = 0; i < 2; ++i) {
    if (!unchanged(arguments.positional[i], *files[i])) return exit_undecided;
  }
  if (!rows) {
    complain(arguments.positional[0], rows.error());
    return exit_usage;
  }
  report.text = diff_text(*rows);
  report.data.add("differences", diff_data(*rows));
  report.ok = rows->empty();
  if (arguments.has("--html")) {
    if (auto bad =
            write_difference_page(arguments, {files[0]->view(), files[1]->view()}, *rows, report)) {
      report.ok = false;
      report.findings.push_back(*std::move(bad));
      return term.finish(report, exit_usage);
    }
  }
  return term.finish(report, rows->empty() ? exit_ok : exit_no);
}

}  // namespace

std::optional<int> run_list(Term& term, const Arguments& arguments) {
  if (arguments.has("--diff")) return print_diff(term, arguments);
  for (const ListOption& option : list_options) {
    if (!arguments.has(option.name)) continue;
    if (arguments.has("--html")) {
      Report report;
      report.command = "inspect";
      return usage(term, report, "a list has no page: --html goes with --diff or alone");
    }
    const std::string format = arguments.get("--format");
    const bool list_form = format.empty() || format == "text" || format == "json";
    if (!list_form || arguments.has(save_option.name)) {
      Report report;
      report.command = "inspect";
      return usage(term, report, "a list has no findings: --format takes text or json with it");
    }
    constexpr std::size_t rows_on_a_terminal = 20;
    std::size_t top = on_terminal() ? rows_on_a_terminal : 0;
    if (arguments.has("--top")) {
      const auto number = parse_number(arguments.get("--top"));
      if (!number) {
        Report report;
        report.command = "inspect";
        return usage(term, report, "--top requires a number; 0 lists all rows");
      }
      top = *number;
    }
    const ListStyle style{term.json(), arguments.has("--demangle"), term.style().unicode, top};
    int code = exit_ok;
    for (const std::string& path : arguments.positional) {
      code = std::max(code, print_file(path, option.kind, style));
    }
    // A full disk or a closed pipe must not pass for success.
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 ? code : exit_undecided;
  }
  return std::nullopt;
}

}  // namespace tenon
