// Help, manual page and completions come from one table: each option is in all of them.
#include "cli/table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "platform/target.h"

using namespace tenon;

namespace {

template <class Visit>
void each_option(Visit visit) {
  for (const CommandSpec* command : commands()) {
    for (const OptionSpec& option : command->options) visit(*command, option);
  }
}

// As roff(7) writes a dash.
std::string dashed(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '-' ? "\\-" : std::string(1, c);
  return out;
}

}  // namespace

TEST_CASE("commands: each has a name of its own, a summary, a way to run and an example") {
  std::set<std::string_view> names;
  for (const CommandSpec* command : commands()) {
    CAPTURE(command->name);
    CHECK(names.insert(command->name).second);
    CHECK_FALSE(command->summary.empty());
    CHECK_FALSE(command->summary.ends_with('.'));
    CHECK((command->run == nullptr) != (command->raw == nullptr));
    CHECK(find_command(command->name) == command);
    if (!command->hidden) CHECK_FALSE(command->examples.empty());
  }
  CHECK(names.size() >= 10);
  CHECK(find_command("no-such-command") == nullptr);
  CHECK(find_command("") == nullptr);
}

TEST_CASE("options: each is named once in its command, and not like a common one") {
  for (const CommandSpec* command : commands()) {
    std::set<std::string_view> names;
    for (const auto& list : {command->options, common_options()}) {
      for (const OptionSpec& option : list) {
        CAPTURE(command->name);
        CAPTURE(option.name);
        CHECK_FALSE(option.help.empty());
        for (const std::string_view name : split(option.name, ',')) {
          CHECK(name.starts_with('-'));
          if (command->raw == nullptr) CHECK(names.insert(name).second);
        }
      }
    }
  }
}

TEST_CASE("help: examples come first, then usage, then every option") {
  for (const CommandSpec* command : commands()) {
    const std::string text = help_text(*command, {.width = 1000}).text();
    CAPTURE(command->name);
    CHECK(text.starts_with("tenon " + std::string(command->name) + ": "));
    if (!command->examples.empty()) CHECK(text.find("Examples:") < text.find("Usage:"));
    for (const OptionSpec& option : command->options) {
      CHECK(text.contains(option.help));
      for (const std::string_view name : split(option.name, ',')) CHECK(text.contains(name));
    }
  }
}

TEST_CASE("help: no line is wider than it is asked to be, but for what cannot be broken") {
  for (const std::size_t width : {60U, 80U, 100U}) {
    for (const CommandSpec* command : commands()) {
      const std::string text = help_text(*command, {.width = width}).text();
      for (const std::string_view line : split(text, '\n')) {
        const bool example = line.starts_with("  ") && line.contains("tenon ");
        const bool as_written = command->description.contains(line);
        CAPTURE(line);
        CHECK((line.size() <= width || example || as_written || !trim(line).contains(' ')));
      }
    }
  }
}

TEST_CASE("overview: every command that is not hidden, and no other") {
  const std::string text = overview_text({}).text();
  for (const CommandSpec* command : commands()) {
    CHECK(text.contains("  " + std::string(command->name) + " ") == !command->hidden);
  }
}

TEST_CASE("manual page: every option, with dashes that can be copied") {
  const std::string page = man_page();
  CHECK(page.starts_with(".TH TENON 1 "));
  each_option([&](const CommandSpec& command, const OptionSpec& option) {
    if (command.hidden) return;
    CAPTURE(option.name);
    CHECK(page.contains(".B " + dashed(option.name)));
  });
  for (std::string_view rest = page; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    // A line that begins with a dot is a request that roff knows.
    if (rest.starts_with('.')) {
      const std::string_view request = rest.substr(1, std::min(rest.find(' '), end) - 1);
      const std::set<std::string_view> known{"TH", "SH", "SS", "B", "TP", "PP", "EX", "EE"};
      CAPTURE(rest.substr(0, end));
      CHECK(known.contains(request));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

TEST_CASE("completions: every command, option and target, for each shell") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(shell);
    CAPTURE(shell);
    for (const std::string& target : target_names()) CHECK(script.contains(target));
    each_option([&](const CommandSpec& command, const OptionSpec& option) {
      if (command.hidden) return;
      for (std::string_view name : split(option.name, ',')) {
        if (std::string_view(shell) == "fish") name.remove_prefix(name.starts_with("--") ? 2 : 1);
        CHECK(script.contains(name));
      }
    });
  }
  CHECK(completion_script("tcsh").empty());
}

TEST_CASE("watch: --json is refused, and offered nowhere") {
  const CommandSpec* watch = find_command("watch");
  REQUIRE(watch != nullptr);
  CHECK_FALSE(help_text(*watch, {.width = 1000}).text().contains("print one JSON document"));
  CHECK(help_text(*find_command("verify"), {.width = 1000})
            .text()
            .contains("print one JSON document"));
  const std::string fish = completion_script("fish");
  for (const std::string_view line : split(fish, '\n')) {
    if (line.contains("__fish_seen_subcommand_from watch")) CHECK_FALSE(line.contains("-l json"));
  }
  CHECK(fish.contains("__fish_seen_subcommand_from watch"));
}
