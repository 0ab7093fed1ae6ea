// tenon docs TOPIC: reference pages made from the tables that the program works with.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "cli/table.h"
#include "cli/term.h"
#include "crossbuild/driver/driver_flags.h"
#include "crossbuild/driver/linker_args.h"
#include "crossbuild/stubs/system_libraries.h"
#include "diag/catalog.h"
#include "diag/code.h"
#include "diag/codes.h"
#include "inspect/show.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

struct ToolName {
  FlagTool tool;
  std::string_view name;
};

constexpr std::array<ToolName, 9> tools{{
    {FlagTool::zig_cc_macho, "zig cc, macOS"},
    {FlagTool::zig_cc_elf, "zig cc, Linux"},
    {FlagTool::zig_ld_macho, "zig link, macOS"},
    {FlagTool::zig_ld_elf, "zig link, Linux"},
    {FlagTool::clang_cc, "clang, macOS"},
    {FlagTool::lld_macho, "ld64.lld"},
    {FlagTool::apple, "Apple"},
    {FlagTool::zig_cc_coff, "zig cc, Windows"},
    {FlagTool::zig_ld_coff, "zig link, Windows"},
}};

std::string tool_names(unsigned mask) {
  std::vector<std::string> names;
  for (const ToolName& tool : tools) {
    if ((mask & static_cast<unsigned>(tool.tool)) != 0) names.emplace_back(tool.name);
  }
  return join(names, ", ");
}

std::string spelling(const FlagRow& row) {
  if (row.kind == DriverArg::Kind::linker) return fmt::format("-Wl,{}", row.pattern);
  if (row.kind == DriverArg::Kind::library) return fmt::format("-l{}", row.pattern);
  return std::string(row.pattern);
}

std::string action_text(const FlagRow& row) {
  switch (row.action) {
    case FlagAction::drop: return "left out";
    case FlagAction::rewrite: return fmt::format("becomes `{}`", row.text);
    case FlagAction::refuse: return "refused";
    case FlagAction::flat: return "flat look-up";
    case FlagAction::minimum: return "into the target";
  }
  return {};
}

std::string flags_page() {
  std::string out =
      "# Flags: what each compiler and linker takes\n\n"
      "Made by `tenon docs flags`. A flag without a row is passed on unchanged. Measured with zig\n"
      "0.14.1, 0.15.2, 0.17.1 and LLVM 19. \"refused\": no other spelling means the same, and "
      "leaving it\nout would change the program.\n\n"
      "| flag | tools | versions | what happens | why |\n|---|---|---|---|---|\n";
  for (const FlagRow& row : flag_table()) {
    const std::string versions = row.before.empty() ? "all" : "before " + row.before.text();
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", spelling(row), tool_names(row.tools),
                       versions, action_text(row), row.reason);
  }
  return out;
}

std::string stubs_page() {
  std::string out =
      "# Stubs: which library of macOS a symbol belongs to\n\n"
      "Made by `tenon docs stubs`. For a link without an SDK a symbol gets the library among those "
      "that\nthe link names whose rule fits best; `*` stands for any rest. Rules are the naming "
      "conventions of\nApple's public headers; install names are those in the load commands of "
      "shipped binaries; what is\nin libSystem is read from the libSystem.tbd that comes with "
      "zig. A symbol that no rule fits is\nrefused (TN0404).\n\n"
      "| library | install name | symbols | re-exports |\n|---|---|---|---|\n";
  for (const SystemLibrary& library : system_libraries()) {
    out += fmt::format("| `{}{}` | {} | `{}` | {} |\n", library.framework ? "-framework " : "-l",
                       library.name, library.install_name,
                       library.symbols.empty() ? "-" : library.symbols, library.reexports);
  }
  return out;
}

void add_page(std::string& out, Code code, std::string_view title, std::string_view page) {
  out += fmt::format("\n## {} {}: {}\n\n", code_text(code), slug_of(code), title);
  for (const std::string_view line : split(trim(page), '\n')) {
    out += line.starts_with("## ") ? fmt::format("#{}\n", line) : fmt::format("{}\n", line);
  }
}

std::string rules_page() {
  std::string out = "# Findings\n\nMade by `tenon docs rules`; `tenon explain CODE` prints one.\n";
  for (const CodeArea& area : code_areas()) {
    for (const Code code : area.codes) {
      add_page(out, code, entry(code).title, code_page(entry(code)));
    }
  }
  return out;
}

std::string causes_page() {
  std::string out =
      "# Causes\n\nMade by `tenon docs causes`; `tenon explain SLUG` prints one. `tenon explain "
      "LOG` finds the one that fits a log.\n";
  for (const CodeArea& topic : cause_topics()) {
    for (const Code code : topic.codes) {
      const Cause& cause = *entry(code).cause;
      add_page(out, code, cause.title, cause_page(cause));
    }
  }
  return out;
}

int run(const Arguments& arguments) {
  const std::string topic = arguments.positional.empty() ? "" : arguments.positional.front();
  std::string page;
  if (topic == "flags") page = flags_page();
  if (topic == "stubs") page = stubs_page();
  if (topic == "rules") page = rules_page();
  if (topic == "causes") page = causes_page();
  if (topic == "inspect") page = keys_page();
  if (topic == "targets") page = platforms_page();
  if (page.empty()) {
    tell("tenon: docs: expected a page: flags, stubs, rules, causes, inspect or targets\n");
    return exit_usage;
  }
  print_document(page);
  return exit_ok;
}

constexpr Example examples[] = {{"tenon docs targets", "every target, with all of its names"}};

}  // namespace

extern const CommandSpec command_docs;
const CommandSpec command_docs{.name = "docs",
                               .summary = "print a reference page (Markdown)",
                               .usage = "flags|stubs|rules|causes|inspect|targets",
                               .description = "Prints a page made from the program's own tables.",
                               .options = {},
                               .examples = examples,
                               .run = run,
                               .operands = "=flags,stubs,rules,causes,inspect,targets",
                               .own_options = true};

}  // namespace tenon
