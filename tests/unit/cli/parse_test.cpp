// The command line as users type it: the conventions of getopt_long(3) and of Go's own tools.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/table.h"

using namespace tenon;

namespace {

using Words = std::vector<std::string>;

constexpr OptionSpec options[] = {
    {"--target", "LIST", "a list, which may come in parts"},
    {"-o,--output", "FILE", "one value: the last one counts"},
    {"--strict", "", "a switch"},
};

constexpr CommandSpec plain{.name = "test",
                            .summary = {},
                            .usage = {},
                            .description = {},
                            .options = options,
                            .examples = {}};

constexpr CommandSpec wrapping{.name = "test",
                               .summary = {},
                               .usage = {},
                               .description = {},
                               .options = options,
                               .examples = {},
                               .command_behind = true};

Arguments accepted(const Words& words, const CommandSpec& command = plain) {
  auto parsed = parse_arguments(command, words);
  if (!parsed) FAIL(parsed.error().message);
  return *std::move(parsed);
}

std::string refusal(const Words& words) {
  const auto parsed = parse_arguments(plain, words);
  REQUIRE_FALSE(parsed.has_value());
  return parsed.error().message;
}

}  // namespace

TEST_CASE("arguments: a value stands behind a blank or an equals sign") {
  CHECK(accepted({"--output", "x"}).get("--output") == "x");
  CHECK(accepted({"--output=x"}).get("--output") == "x");
  CHECK(accepted({"-o", "x"}).get("--output") == "x");
  CHECK(accepted({"--output=a=b"}).get("--output") == "a=b");
}

TEST_CASE("arguments: what is not there is empty, and has() tells") {
  const Arguments none = accepted({});
  CHECK_FALSE(none.has("--strict"));
  CHECK_FALSE(none.has("--output"));
  CHECK(none.get("--output").empty());
  CHECK(none.positional.empty());
  CHECK(accepted({"--strict"}).has("--strict"));
}

TEST_CASE("arguments: of a single value the last one counts, of a list all of them") {
  CHECK(accepted({"-o", "a", "--output", "b"}).get("--output") == "b");
  CHECK(accepted({"--target", "a", "--target", "b,c"}).get("--target") == "a,b,c");
}

TEST_CASE("arguments: options and operands in any order") {
  const Arguments mixed = accepted({"one", "--strict", "two", "-o", "x", "three"});
  CHECK(mixed.positional == Words{"one", "two", "three"});
  CHECK(mixed.has("--strict"));
}

TEST_CASE("arguments: behind two dashes everything is an operand") {
  CHECK(accepted({"--strict", "--", "-file", "--output"}).positional == Words{"-file", "--output"});
  CHECK(accepted({"a", "--", "--"}).positional == Words{"a", "--"});
  CHECK(accepted({"--"}).positional.empty());
}

TEST_CASE("arguments: an empty operand names nothing, as of a variable that is not set") {
  CHECK(refusal({""}) == "an operand is empty");
  CHECK(refusal({"a", "--", ""}) == "an operand is empty");
  CHECK(accepted({"log", "--", ""}, wrapping).behind == Words{""});
}

TEST_CASE("arguments: behind two dashes stands a command, for those that run one") {
  const Arguments parsed = accepted({"log", "--", "go", "build", "--strict"}, wrapping);
  CHECK(parsed.positional == Words{"log"});
  CHECK(parsed.behind == Words{"go", "build", "--strict"});
  CHECK_FALSE(parsed.has("--strict"));
}

TEST_CASE("arguments: a wrong option names itself and the nearest right one") {
  CHECK(refusal({"--strickt"}).contains("--strickt"));
  CHECK(refusal({"--strickt"}).contains("did you mean --strict?"));
  CHECK(refusal({"--outptu=x"}).contains("did you mean --output?"));
  CHECK_FALSE(refusal({"--entirely-else"}).contains("did you mean"));
  // A value is missing; an empty one is given as a word of its own.
  CHECK(refusal({"--output"}).contains("--output"));
  CHECK(refusal({"--output="}).contains("--output"));
  CHECK(accepted({"--output", ""}).has("--output"));
}

TEST_CASE("arguments: the options of every command are there") {
  const Arguments parsed = accepted({"--json", "-q", "-v", "--color", "never"});
  CHECK(parsed.has("--json"));
  CHECK(parsed.has("--quiet"));
  CHECK(parsed.has("--verbose"));
  CHECK(parsed.get("--color") == "never");
}
