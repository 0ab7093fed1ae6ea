// The manual page (roff), from the table.
#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>

#include "base/version.h"
#include "cli/table.h"

namespace tenon {
namespace {

// Text as roff: a leading dot or apostrophe is no request, a backslash no escape.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string roff_options(std::span<const OptionSpec> options) {
  std::string out;
  for (const OptionSpec& option : options) {
    out += fmt::format(".TP\n.B {}", roff(option.name));
    if (!option.value.empty()) out += fmt::format(" \\fI{}\\fR", roff(option.value));
    out += fmt::format("\n{}\n", roff(option.help));
  }
  return out;
}

}  // namespace

std::string man_page() {
  std::string out = fmt::format(
      ".TH TENON 1 \"\" \"tenon {}\" \"User Commands\"\n.SH NAME\ntenon \\- build, check and "
      "explain Go "
      "programs that use C\n.SH SYNOPSIS\n.B tenon\n\\fICOMMAND\\fR "
      "[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\ntenon builds Go projects that use C, on any Linux or "
      "macOS machine, into checked binaries for other platforms, without a container or a "
      "Mac.\n.SH COMMANDS\n",
      tenon_version());
  for (const CommandSpec* command : commands()) {
    if (command->hidden) continue;
    out += fmt::format(".SS \"tenon {} {}\"\n{}.\n.PP\n{}\n", command->name, roff(command->usage),
                       roff(command->summary), roff(command->description));
    out += roff_options(command->options);
    for (const Example& example : command->examples) {
      out += fmt::format(".PP\n.EX\n{}\n.EE\n{}\n", roff(example.command), roff(example.text));
    }
  }
  out += ".SH \"COMMON OPTIONS\"\n" + roff_options(common_options());
  out +=
      ".SH \"EXIT STATUS\"\n.TP\n0\nsuccess: built, clean, all gates passed\n.TP\n1\nfailure: a "
      "finding, a failed build or gate\n.TP\n2\ncould not be decided\n.TP\n3\nusage error or "
      "unreadable input\n.TP\n4\nthe notary rejected the team\n.TP\n5\nthe key or the account is "
      "refused\n.TP\n6\na service cannot be reached\n.TP\n70\na bug in "
      "tenon\n.TP\n130\ninterrupted\n"
      ".SH ENVIRONMENT\n.TP\nTENON_ZIG\nthe zig program to use\n.TP\nTENON_CACHE\ndirectory "
      "for derived files (default: ~/.cache/tenon)\n.TP\nSDKROOT\na macOS SDK, as --sdk\n.TP\n"
      "NO_COLOR, CLICOLOR_FORCE\ncolor off, on\n";
  return out;
}

}  // namespace tenon
