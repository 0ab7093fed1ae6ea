#include "crossbuild/project_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/output_names.h"
#include "format/toml/toml.h"
#include "platform/target.h"
#include "platform/toolchain.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

// What is wrong with a value; empty when nothing is.
using Check = std::string (*)(std::string_view value);

std::string any_text(std::string_view /*value*/) { return {}; }

std::string target_problem(std::string_view value) {
  const ParsedTarget parsed = parse_target(value);
  if (parsed) return {};
  std::string message = parsed.error().message;
  if (!parsed.error().nearest.empty())
    message += fmt::format("; did you mean {}?", parsed.error().nearest);
  return message;
}

std::string package_problem(std::string_view value) {
  return value.starts_with('-') ? "a package does not begin with a dash" : std::string();
}

// A path that stays below the folder that it is relative to. Links are looked at when the file is
// written.
std::string inner_path_problem(std::string_view value) {
  const auto parts = split(value, '/');
  if (!value.starts_with('/') && std::ranges::find(parts, "..") == parts.end()) return {};
  return "outputs of a project's file lie inside of the module: a relative path without ..; the "
         "command line can name others";
}

std::string output_problem(std::string_view value) {
  if (std::string problem = inner_path_problem(value); !problem.empty()) return problem;
  const auto checked = check_output(std::string(value));
  return checked ? std::string() : checked.error().message.text();
}

std::string engine_problem(std::string_view value) {
  if (value.contains('/'))
    return "a project's file names no programs; TENON_ZIG names a zig: zig, clang, apple or auto";
  if (value == "auto") return {};
  for (const Engine engine : {Engine::zig, Engine::clang, Engine::apple}) {
    if (engine_name(engine) == value) return {};
  }
  return fmt::format("'{}' is not an engine: zig, clang, apple or auto", value);
}

std::string minimum_problem(std::string_view value) {
  const auto version = parse_version(value);
  if (version && version->major >= 10) return {};
  return fmt::format("expected a macOS version such as \"12.0\", not '{}'", value);
}

std::string time_problem(std::string_view value) {
  return parse_duration(value) ? std::string() : "expected a time such as \"90s\", \"30m\", \"2h\"";
}

std::string closure_problem(std::string_view value) {
  if (value == "hybrid" || value == "static") return {};
  return "closure is hybrid or static";
}

std::string mode_problem(std::string_view value) {
  constexpr auto modes = std::to_array<std::string_view>(
      {"archive", "c-archive", "c-shared", "default", "exe", "pie", "plugin", "shared"});
  if (std::ranges::find(modes, value) != modes.end()) return {};
  const std::string_view near = nearest(value, {modes.begin(), modes.end()});
  return fmt::format("go has no build mode '{}'{}", value,
                     near.empty() ? "" : fmt::format("; did you mean {}?", near));
}

std::string mod_problem(std::string_view value) {
  if (value == "mod" || value == "readonly" || value == "vendor") return {};
  return fmt::format("expected mod, readonly or vendor, not '{}'", value);
}

// Flags of cmd/link that neither name a program or a file nor are passed to another program.
std::string linker_flags_problem(std::string_view value) {
  constexpr auto known = std::to_array<std::string_view>(
      {"X", "s", "w", "H", "linkmode", "buildid", "B", "compressdwarf", "checklinkname", "aslr",
       "bindnow", "funcalign", "randlayout"});
  constexpr auto with_value =
      std::to_array<std::string_view>({"X", "H", "linkmode", "buildid", "B"});
  const auto words = go_split(value);
  if (!words) return "a quote is not closed";
  for (std::size_t i = 0; i < words->size(); ++i) {
    std::string_view word = (*words)[i];
    if (!word.starts_with('-')) return fmt::format("'{}' is not a flag of go's linker", word);
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const std::string_view name = word.substr(0, word.find('='));
    if (std::ranges::find(known, name) == known.end()) {
      return fmt::format(
          "-{} is taken from the command line only: a project's file names no programs or files "
          "of a linker",
          name);
    }
    const bool apart = !word.contains('=');
    if (apart && std::ranges::find(with_value, name) != with_value.end()) ++i;
  }
  return {};
}

enum class Form : std::uint8_t { text, list, flag };

// All but `targets` also hold for one target, in [[build.target]].
struct Key {
  std::string_view name;
  Form form = Form::text;
  Check check = any_text;
};

constexpr auto keys = std::to_array<Key>({{"targets", Form::list, target_problem},
                                          {"packages", Form::list, package_problem},
                                          {"out", Form::text, inner_path_problem},
                                          {"output", Form::text, output_problem},
                                          {"engine", Form::text, engine_problem},
                                          {"sdk"},
                                          {"sysroot"},
                                          {"closure", Form::text, closure_problem},
                                          {"min", Form::text, minimum_problem},
                                          {"identifier"},
                                          {"timeout", Form::text, time_problem},
                                          {"tags", Form::list},
                                          {"ldflags", Form::text, linker_flags_problem},
                                          {"buildmode", Form::text, mode_problem},
                                          {"mod", Form::text, mod_problem},
                                          {"race", Form::flag},
                                          {"buildvcs", Form::flag},
                                          {"flat-lookup", Form::flag},
                                          {"no-macos-headers", Form::flag},
                                          {"allow-no-cgo", Form::flag},
                                          {"keep-paths", Form::flag},
                                          {"check-reproducible", Form::flag}});

// Names that somebody may look for, and that a file of a repository must not set.
constexpr auto refused = std::to_array<std::string_view>(
    {"zig",      "clang",    "cc",         "cxx",         "ar",      "exec",
     "toolexec", "extld",    "extldflags", "hooks",       "before",  "after",
     "smoke",    "flags",    "gcflags",    "asmflags",    "overlay", "modfile",
     "pkgdir",   "compiler", "gccgoflags", "environment", "env"});

constexpr std::size_t most_values = 400, most_value = 4096;

class Reader {
 public:
  std::expected<ProjectFile, ProjectFileError> run(std::string_view text);

 private:
  void fail(const toml::source_position& at, std::string message) {
    if (!error_) error_ = {at.line, at.column, std::move(message)};
  }
  void fail(const toml::node& node, std::string message) {
    fail(node.source().begin, std::move(message));
  }
  void unknown(const toml::key& key, std::string_view place,
               const std::vector<std::string_view>& known);
  std::string text_of(const toml::node& node, const Key& key);
  std::vector<std::string> values_of(const toml::node& node, const Key& key);
  void setting(const toml::key& name, const toml::node& node, const std::string& target);
  void build(const toml::table& table);
  void targets(const toml::node& node);
  std::string name_of(const toml::table& table);

  ProjectFile out_;
  std::optional<ProjectFileError> error_;
};

void Reader::unknown(const toml::key& key, std::string_view place,
                     const std::vector<std::string_view>& known) {
  const std::string_view word = key.str();
  if (std::ranges::find(refused, word) != refused.end()) {
    fail(key.source().begin,
         fmt::format("'{}' is taken from the command line or the environment only: a project's "
                     "file runs no programs and writes only its outputs",
                     word));
    return;
  }
  const std::string_view near = nearest(word, known);
  std::string names;
  for (const std::string_view one : known) names += (names.empty() ? "" : ", ") + std::string(one);
  fail(key.source().begin,
       fmt::format("there is no key '{}' in {}; {}", word, place,
                   near.empty() ? "there are: " + names : fmt::format("did you mean {}?", near)));
}

std::string Reader::text_of(const toml::node& node, const Key& key) {
  const auto text = node.value<std::string>();
  if (!text || !node.is_string()) {
    fail(node, fmt::format("{}: expected a string in quotes", key.name));
    return {};
  }
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
  if (text->empty()) fail(node, fmt::format("{} is empty", key.name));
  if (text->size() > most_value) fail(node, fmt::format("{} is longer than 4096 bytes", key.name));
  if (std::ranges::any_of(*text, control))
    fail(node, fmt::format("{} has a control character", key.name));
  if (key.form == Form::list && text->contains(','))
    fail(node, fmt::format("{} is a list: each value in quotes of its own", key.name));
  if (error_) return {};
  if (std::string problem = key.check(*text); !problem.empty())
    fail(node, fmt::format("{}: {}", key.name, problem));
  return *text;
}

std::vector<std::string> Reader::values_of(const toml::node& node, const Key& key) {
  if (key.form == Form::flag) {
    if (!node.is_boolean()) fail(node, fmt::format("{}: expected true or false", key.name));
    return {node.value<bool>().value_or(false) ? "true" : "false"};
  }
  const toml::array* list = node.as_array();
  if (key.form == Form::text || list == nullptr) {
    if (key.form == Form::list) fail(node, fmt::format("{}: expected a list in []", key.name));
    return {text_of(node, key)};
  }
  if (list->empty()) fail(node, fmt::format("{} is empty", key.name));
  if (list->size() > most_values) fail(node, fmt::format("{} has more than 400 values", key.name));
  std::vector<std::string> values;
  for (const toml::node& one : *list) {
    if (error_) break;
    values.push_back(text_of(one, key));
  }
  return values;
}

void Reader::setting(const toml::key& name, const toml::node& node, const std::string& target) {
  const auto key = std::ranges::find(keys, name.str(), &Key::name);
  const bool of_target = !target.empty();
  if (key == keys.end() || (of_target && key == keys.begin())) {
    std::vector<std::string_view> known;
    for (const Key& one : keys) known.push_back(one.name);
    if (of_target) known.erase(known.begin());
    known.emplace_back(of_target ? "name" : "target");
    unknown(name, of_target ? "[[build.target]]" : "[build]", known);
    return;
  }
  out_.settings.push_back(
      {std::string(key->name), target, values_of(node, *key), name.source().begin.line});
}

std::string Reader::name_of(const toml::table& table) {
  constexpr Key key{"name", Form::text, target_problem};
  const toml::node* node = table.get("name");
  if (node == nullptr) {
    fail(table, "a [[build.target]] needs a name, such as name = \"linux/arm64\"");
    return {};
  }
  const std::string text = text_of(*node, key);
  if (error_) return {};
  std::string name = parse_target(text)->name();
  if (out_.find("name", name) != nullptr) fail(*node, fmt::format("{} has a table already", name));
  out_.settings.push_back({"name", name, {text}, node->source().begin.line});
  return name;
}

void Reader::targets(const toml::node& node) {
  const toml::array* list = node.as_array();
  if (list == nullptr) {
    fail(node, "a table of a target begins with [[build.target]]");
    return;
  }
  if (list->size() > most_values) fail(node, "there are more than 400 targets");
  for (const toml::node& one : *list) {
    if (error_) return;
    const toml::table* table = one.as_table();
    if (table == nullptr) {
      fail(one, "a table of a target begins with [[build.target]]");
      return;
    }
    const std::string name = name_of(*table);
    for (const auto& [key, value] : *table) {
      if (!error_ && key != "name") setting(key, value, name);
    }
  }
}

void Reader::build(const toml::table& table) {
  for (const auto& [key, value] : table) {
    if (error_) return;
    if (key == "target") {
      targets(value);
    } else {
      setting(key, value, {});
    }
  }
}

std::expected<ProjectFile, ProjectFileError> Reader::run(std::string_view text) {
  if (text.size() > most_project_text)
    return std::unexpected(ProjectFileError{0, 0, "the file is larger than 256 KiB"});
  const auto parsed = parse_toml(text, ".tenon.toml");
  if (!parsed) return std::unexpected(ProjectFileError{0, 0, "the text is not valid TOML"});
  if (!*parsed) {
    const auto& at = parsed->error().source().begin;
    return std::unexpected(
        ProjectFileError{at.line, at.column, std::string(parsed->error().description())});
  }
  for (const auto& [key, value] : parsed->table()) {
    if (error_) break;
    const toml::table* table = value.as_table();
    if (key != "build") {
      unknown(key, "the file", {"build"});
    } else if (table == nullptr) {
      fail(value, "build is a table: [build]");
    } else {
      build(*table);
    }
  }
  if (error_) return std::unexpected(*error_);
  return std::move(out_);
}

}  // namespace

const ProjectSetting* ProjectFile::find(std::string_view key, std::string_view target) const {
  const auto found = std::ranges::find_if(
      settings, [&](const ProjectSetting& one) { return one.key == key && one.target == target; });
  return found == settings.end() ? nullptr : &*found;
}

std::vector<std::string> ProjectFile::tables() const {
  std::vector<std::string> out;
  for (const ProjectSetting& one : settings) {
    if (one.key == "name") out.push_back(one.target);
  }
  return out;
}

std::expected<ProjectFile, ProjectFileError> read_project_file(std::string_view text) {
  return Reader().run(text);
}

}  // namespace tenon
