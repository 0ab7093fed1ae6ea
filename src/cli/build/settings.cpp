#include "cli/build/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/text.h"
#include "cli/table.h"
#include "crossbuild/build_request.h"
#include "crossbuild/plan/go_plan.h"
#include "crossbuild/project_file.h"
#include "crossbuild/sysroot/name.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "machine/probe/go_facts.h"

namespace tenon {
namespace {

// How a key of the file is spelled elsewhere.
struct Way {
  std::string_view key;
  std::string_view option;         // of tenon; empty: a flag of go build of the same name
  const char* variable = nullptr;  // of the environment
  std::string_view fallback = {};  // what counts when nobody says anything
  bool path = false;
};

constexpr auto ways = std::to_array<Way>({{"targets", "--target"},
                                          {"packages", "", nullptr, "."},
                                          {"out", "--out", nullptr, "dist", true},
                                          {"output", "", nullptr, "", true},
                                          {"engine", "--engine", nullptr, "auto"},
                                          {"sdk", "--sdk", "SDKROOT", "", true},
                                          {"sysroot", "--sysroot", nullptr, "", true},
                                          {"closure", "--closure"},
                                          {"min", "--min", "MACOSX_DEPLOYMENT_TARGET"},
                                          {"identifier", "--identifier"},
                                          {"timeout", "--timeout", nullptr, "1h"},
                                          {"tags", ""},
                                          {"ldflags", ""},
                                          {"buildmode", ""},
                                          {"mod", ""},
                                          {"race", ""},
                                          {"buildvcs", ""},
                                          {"flat-lookup", "--flat-lookup"},
                                          {"no-macos-headers", "--no-macos-headers"},
                                          {"allow-no-cgo", "--allow-no-cgo"},
                                          {"keep-paths", "--keep-paths"},
                                          {"check-reproducible", "--check-reproducible"}});

Finding bad_file(const std::string& file, const ProjectFileError& error) {
  std::string place = file;
  if (error.line > 0) place += fmt::format(":{}:{}", error.line, error.column);
  Finding finding = make_finding(Code::usage_bad_project_file,
                                 {{"place", place}, {"message", error.message}}, file);
  finding.evidence.push_back({Evidence::Kind::file, place, error.message});
  return finding;
}

// The value of "-NAME=VALUE", or of the switch "-NAME", among flags of go.
std::optional<std::string> value_in(const std::vector<std::string>& flags, std::string_view name) {
  for (const std::string& flag : flags) {
    std::string_view word = flag;
    if (!word.starts_with('-')) continue;
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    if (word.substr(0, word.find('=')) != name) continue;
    return word.contains('=') ? std::string(word.substr(name.size() + 1)) : "true";
  }
  return std::nullopt;
}

std::optional<std::string> go_flag(const GoArgs& args, std::string_view key) {
  if (key == "output") return args.output.empty() ? std::nullopt : std::optional(args.output);
  if (key == "ldflags") {
    return args.ldflags.empty() ? std::nullopt : std::optional(join(args.ldflags, " | "));
  }
  return value_in(args.flags, key);
}

// What the command line says of a key.
std::optional<std::string> given(const Way& way, const Choices& choices) {
  const Arguments& arguments = choices.arguments;
  if (way.key == "packages") {
    if (arguments.positional.empty()) return std::nullopt;
    return join(arguments.positional, " ");
  }
  if (way.option.empty()) return go_flag(choices.go_args, way.key);
  if (!arguments.has(way.option)) return std::nullopt;
  const std::string value = arguments.get(way.option);
  return value == "1" && way.key.contains('-') ? "true" : value;
}

// What the environment says, and where.
std::optional<BuildSetting> from_environment(const Way& way) {
  const std::string key(way.key);
  if (way.variable != nullptr) {
    const auto value = environment_variable(way.variable);
    if (!value || value->empty()) return std::nullopt;
    return BuildSetting{key, *value, way.variable, {}};
  }
  if (!way.option.empty() || way.key == "packages" || way.key == "output") return std::nullopt;
  const GoSetting flags = go_setting("GOFLAGS");
  const auto value = value_in(go_split(flags.value).value_or(std::vector<std::string>()), way.key);
  if (!value) return std::nullopt;
  const bool variable = flags.where == "the environment";
  return BuildSetting{key, *value, variable ? "GOFLAGS" : "GOFLAGS in " + flags.where, {}};
}

void add_go_flag(const Way& way, const std::string& value, GoArgs& args) {
  if (way.key == "output") {
    args.output = value;
  } else if (way.key == "ldflags") {
    args.ldflags.push_back(value);
  } else {
    if (way.key == "buildmode") args.build_mode = value;
    if (way.key == "race") args.race = value == "true";
    args.flags.push_back(fmt::format("-{}={}", way.key, value));
  }
}

// A path of the file is relative to the module; a sysroot may be a name instead.
std::string placed(const Way& way, const std::string& value, const Project& project) {
  std::string path = absolute_path(project.root, value);
  const bool named = way.key == "sysroot" && parse_sysroot_name(value) && !is_folder(path);
  return named ? value : path;
}

// Puts a value of the file where the command line would have put it.
void put(const Way& way, const ProjectSetting& setting, const Project& project, Choices& out) {
  std::string value = join(setting.values, ",");
  if (way.path) value = placed(way, value, project);
  if (way.key == "packages") {
    out.arguments.positional = setting.values;
    out.own_packages = false;
  } else if (way.option.empty()) {
    if (way.key != "race" || value == "true") add_go_flag(way, value, out.go_args);
  } else if (value != "false") {
    out.arguments.values[std::string(way.option)] = value == "true" ? "1" : value;
  }
}

void choose(const Way& way, const Project& project, const std::string& target, Choices& out) {
  const std::string key(way.key);
  if (auto value = given(way, out)) {
    out.settings.push_back({key, std::move(*value), "flag", {}});
    return;
  }
  if (auto set = from_environment(way)) {
    out.settings.push_back(std::move(*set));
    return;
  }
  const ProjectSetting* setting = target.empty() ? nullptr : project.content.find(way.key, target);
  if (setting == nullptr) setting = project.content.find(way.key, {});
  if (setting != nullptr) {
    put(way, *setting, project, out);
    const std::string_view between = way.key == "packages" ? " " : ",";
    out.settings.push_back({key, join(setting->values, between),
                            fmt::format("{}:{}", project.file, setting->line), setting->target});
    return;
  }
  if (!way.fallback.empty())
    out.settings.push_back({key, std::string(way.fallback), "default", {}});
}

bool names_folder(const Project& project, const std::string& target) {
  return !target.empty() && project.content.find("out", target) != nullptr &&
         project.content.find("output", target) == nullptr;
}

// Targets with a table of their own belong to the list when there is no other, and to that of
// [build].
void add_tables(const Project& project, Choices& out) {
  const auto listed = std::ranges::find(out.settings, "targets", &BuildSetting::name);
  if (listed != out.settings.end() && listed->origin == "flag") return;
  std::vector<std::string> names;
  std::size_t line = 0;
  for (const std::string& name : project.content.tables()) {
    const ProjectSetting* table = project.content.find("name", name);
    if (line == 0) line = table->line;
    names.push_back(table->values.front());
  }
  if (names.empty()) return;
  const std::string text = join(names, ",");
  std::string& all = out.arguments.values["--target"];
  all = all.empty() ? text : all + "," + text;
  if (listed != out.settings.end()) {
    listed->value = all;
    return;
  }
  out.settings.insert(out.settings.begin(),
                      BuildSetting{"targets", all, fmt::format("{}:{}", project.file, line), {}});
}

}  // namespace

Outcome<Project> find_project(const std::string& folder, const std::string& named) {
  Project project;
  project.root = find_go_folders(folder).module_root;
  if (project.root.empty()) project.root = folder;
  const std::string path =
      named.empty() ? project.root + "/.tenon.toml" : absolute_path(current_folder(), named);
  const auto info = look_up(path);
  if (named.empty() && info && !*info) return project;
  project.file = named.empty() ? ".tenon.toml" : named;
  if (!info) return std::unexpected(bad_file(project.file, {0, 0, info.error().what}));
  if (!*info || (*info)->kind != FileInfo::Kind::file)
    return std::unexpected(bad_file(project.file, {0, 0, "there is no such file"}));
  const auto text = read_text(path, most_project_text + 1);
  if (!text) return std::unexpected(bad_file(project.file, {0, 0, text.error().what}));
  auto content = read_project_file(*text);
  if (!content) return std::unexpected(bad_file(project.file, content.error()));
  project.content = std::move(*content);
  return project;
}

const BuildSetting* Choices::find(std::string_view name) const {
  const auto found = std::ranges::find(settings, name, &BuildSetting::name);
  return found == settings.end() ? nullptr : &*found;
}

Choices merge(const Arguments& arguments, const GoArgs& go_args, const Project& project,
              const std::string& target) {
  Choices out{arguments, go_args, {}};
  const bool names_output = arguments.has("--out") || !go_args.output.empty();
  for (const Way& way : ways) {
    // An output of the command line is the only one: --out takes no pattern of the file.
    if (names_output && way.key == "output" && go_args.output.empty()) continue;
    // A directory of the target's own goes before the pattern of [build].
    if (way.key == "output" && names_folder(project, target)) continue;
    choose(way, project, target, out);
  }
  out.own_outputs = names_output;
  add_tables(project, out);
  return out;
}

}  // namespace tenon
