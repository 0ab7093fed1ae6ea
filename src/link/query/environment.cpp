#include "link/query/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "link/pc/fragment.h"
#include "link/pc/line.h"
#include "link/pc/repository.h"
#include "link/pc/settings.h"
#include "link/pc/words.h"
#include "link/query/request.h"

namespace tenon::pc {
namespace {

bool is_true(std::string_view text) {
  return same_letters(text, "true") || same_letters(text, "yes") || text == "1";
}

void add_parts(std::string_view text, std::vector<std::string>& out) {
  for (const std::string& part : split_path(text)) out.push_back(without_double_slashes(part));
}

std::vector<std::string> folders_of(const Environment& environment, std::string_view name,
                                    const std::vector<std::string>& standard) {
  const auto text = find_in(environment, name);
  if (!text) return standard;
  std::vector<std::string> out;
  add_parts(*text, out);
  return out;
}

void add_from(const Environment& environment, std::string_view name,
              std::vector<std::string>& out) {
  if (const auto text = find_in(environment, name)) add_parts(*text, out);
}

bool is_set(const Environment& environment, std::string_view name) {
  return environment.contains(name);
}

// What the compiler's own variables name is searched without a flag as well.
void set_system_folders(const Environment& environment, const Personality& personality,
                        Settings& out) {
  out.system_lib =
      folders_of(environment, "PKG_CONFIG_SYSTEM_LIBRARY_PATH", personality.system_lib);
  out.system_include =
      folders_of(environment, "PKG_CONFIG_SYSTEM_INCLUDE_PATH", personality.system_include);
  add_from(environment, "LIBRARY_PATH", out.system_lib);
  for (const std::string_view name : std::array<std::string_view, 4>{
           "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH"}) {
    add_from(environment, name, out.system_include);
  }
}

void set_sysroot(const Environment& environment, const Personality& personality, Prepared& out) {
  SysrootRules& rules = out.settings.sysroot;
  rules.folder = personality.sysroot;
  if (const auto folder = find_in(environment, "PKG_CONFIG_SYSROOT_DIR")) {
    rules.folder = *folder;
    if (find_in(environment, "DESTDIR") == *folder) {
      rules.in_variables = false;
      rules.inject = false;
    }
  }
  if (rules.folder == "/" || rules.folder == ".") {
    out.warning = "ignoring bogus sysroot_dir: " + *rules.folder + "\n";
    rules.folder.reset();
  }
  if (is_set(environment, "PKG_CONFIG_FDO_SYSROOT_RULES")) rules.in_variables = false;
  rules.uninstalled = is_set(environment, "PKG_CONFIG_PKGCONF1_SYSROOT_RULES");
}

void set_folders(const Request& request, const Environment& environment,
                 const Personality& personality, Settings& out) {
  out.default_folders = personality.folders;
  out.folders = request.with_path;
  add_from(environment, "PKG_CONFIG_PATH", out.folders);
  if (!request.wants.has(Want::env_only)) {
    const auto standard = folders_of(environment, "PKG_CONFIG_LIBDIR", personality.folders);
    out.folders.insert(out.folders.end(), standard.begin(), standard.end());
  }
  add_from(environment, "PKG_CONFIG_PRELOADED_FILES", out.preloaded);
}

// Questions about modules themselves go no further than these.
bool asks_modules_only(const Request& request) {
  const Wants& wants = request.wants;
  return wants.has(Want::modversion) || wants.has(Want::print_requires) ||
         wants.has(Want::print_requires_private) || wants.has(Want::print_provides) ||
         wants.has(Want::print_variables) || wants.has(Want::path) || request.variable;
}

void set_walk(const Request& request, const Environment& environment,
              const Personality& personality, Prepared& out) {
  const Wants& wants = out.wants;
  Settings& settings = out.settings;
  const bool with_static =
      (wants.has(Want::statically) || personality.link_static) && !wants.has(Want::shared);
  const bool pure =
      wants.has(Want::pure) || is_set(environment, "PKG_CONFIG_PURE_DEPGRAPH") || personality.pure;
  settings.link_static = with_static;
  settings.merge_private = with_static && !pure;
  out.search_private = with_static || wants.has(Want::print_requires_private) || wants.cflags();
  const bool all_libs =
      wants.has(Want::libs_L) && wants.has(Want::libs_l) && wants.has(Want::libs_other);
  settings.require_internal = (wants.has(Want::statically) && all_libs) || wants.has(Want::exists);
  settings.internal_cflags = wants.has(Want::internal_cflags);
  settings.use_provides = !wants.has(Want::no_provides);
  settings.use_uninstalled =
      !wants.has(Want::no_uninstalled) && !is_set(environment, "PKG_CONFIG_DISABLE_UNINSTALLED");
  const bool metadata = asks_modules_only(request);
  settings.depth = metadata ? 1 : request.depth;
  settings.check_conflicts = !metadata && !wants.has(Want::ignore_conflicts) &&
                             !is_set(environment, "PKG_CONFIG_IGNORE_CONFLICTS") &&
                             !wants.has(Want::license) && !wants.has(Want::license_file) &&
                             !wants.has(Want::source);
  if (wants.has(Want::print_variables) || wants.has(Want::path)) out.most_modules = 1;
}

void set_wants(const Environment& environment, Wants& out) {
  if (is_set(environment, "PKG_CONFIG_MSVC_SYNTAX")) out.set(Want::msvc_syntax);
  if (is_set(environment, "PKG_CONFIG_ALLOW_SYSTEM_CFLAGS")) out.set(Want::keep_system_cflags);
  if (is_set(environment, "PKG_CONFIG_ALLOW_SYSTEM_LIBS")) out.set(Want::keep_system_libs);
  if (!out.has(Want::print_errors)) out.set(Want::silence_errors);
  if (is_set(environment, "PKG_CONFIG_DEBUG_SPEW")) out.set(Want::silence_errors, false);
}

bool can_be_triplet(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_letter(c) || is_number(c) || c == '-' || c == '_'; });
}

}  // namespace

std::vector<std::string> split_path(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(':'), text.size());
    if (end != 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string join_path_list(const std::vector<std::string>& parts, char separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

bool is_utf8(const Environment& environment) {
  for (const std::string_view name :
       std::array<std::string_view, 3>{"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = find_in(environment, name);
    if (!value || value->empty()) continue;
    std::string small;
    for (const char c : *value) small += to_lower(c);
    return small.contains(".utf-8") || small.contains(".utf8");
  }
  return false;
}

Personality parse_personality(std::string_view text) {
  Personality out;
  LineReader lines(text);
  while (const auto line = lines.next()) {
    if (line->mark != ':') continue;
    const auto is = [&](std::string_view key) { return same_letters(line->key, key); };
    if (is("Triplet")) out.name = line->value;
    if (is("SysrootDir")) out.sysroot = line->value;
    if (is("DefaultSearchPaths")) add_parts(line->value, out.folders);
    if (is("SystemIncludePaths")) add_parts(line->value, out.system_include);
    if (is("SystemLibraryPaths")) add_parts(line->value, out.system_lib);
    if (is("WantDefaultPure")) out.pure = is_true(line->value);
    if (is("WantDefaultStatic")) out.link_static = is_true(line->value);
  }
  return out;
}

std::optional<Personality> find_personality(const std::string& name, const Environment& environment,
                                            const Personality& standard, Files& files) {
  if (const auto text = files.read(name)) return parse_personality(*text);
  if (!can_be_triplet(name)) return std::nullopt;
  std::vector<std::string> folders;
  const auto home = find_in(environment, "HOME");
  if (const auto data = find_in(environment, "XDG_DATA_HOME")) {
    folders.push_back(*data);
  } else if (home) {
    folders.push_back(*home + "/.local/share");
  }
  const auto shared = folders_of(environment, "XDG_DATA_DIRS", {"/usr/local/share", "/usr/share"});
  folders.insert(folders.end(), shared.begin(), shared.end());
  for (std::string& folder : folders) folder += "/pkgconfig/personality.d";
  folders.emplace_back("/etc/pkgconfig/personality.d");
  for (const std::string& folder : folders) {
    const auto text = files.read(fmt::format("{}/{}.personality", folder, name));
    if (!text) continue;
    Personality out = parse_personality(*text);
    if (out.name == "default") out.name = name;
    return out;
  }
  return standard;
}

Personality linux_personality(std::string_view triplet) {
  Personality out;
  out.system_include = {"/usr/include"};
  out.system_lib = {"/lib", "/usr/lib"};
  const std::string name(triplet);
  for (const std::string prefix : {"/usr/local", "/usr"}) {
    if (!name.empty()) out.folders.push_back(fmt::format("{}/lib/{}/pkgconfig", prefix, name));
    out.folders.push_back(prefix + "/lib/pkgconfig");
    // Fedora and openSUSE have it for 64-bit systems.
    if (prefix == "/usr") out.folders.push_back(prefix + "/lib64/pkgconfig");
    out.folders.push_back(prefix + "/share/pkgconfig");
  }
  if (!name.empty()) {
    out.system_lib.insert(out.system_lib.end(), {"/lib/" + name, "/usr/lib/" + name});
  }
  out.system_lib.insert(out.system_lib.end(), {"/lib64", "/usr/lib64"});
  return out;
}

Personality macos_personality() {
  Personality out;
  out.folders = {"/opt/homebrew/lib/pkgconfig", "/opt/homebrew/share/pkgconfig",
                 "/usr/local/lib/pkgconfig",    "/usr/local/share/pkgconfig",
                 "/usr/lib/pkgconfig",          "/usr/share/pkgconfig"};
  out.system_include = {"/usr/include"};
  out.system_lib = {"/usr/lib"};
  return out;
}

Prepared prepare(const Request& request, const Environment& environment,
                 const Personality& personality) {
  Prepared out;
  out.wants = request.wants;
  set_wants(environment, out.wants);
  Settings& settings = out.settings;
  set_folders(request, environment, personality, settings);
  set_system_folders(environment, personality, settings);
  set_sysroot(environment, personality, out);
  set_walk(request, environment, personality, out);
  settings.keep_system_cflags = out.wants.has(Want::keep_system_cflags);
  settings.keep_system_libs = out.wants.has(Want::keep_system_libs);
  settings.defined = request.defined;
  settings.environment = environment;
  settings.prefix_variable = request.prefix_variable.value_or("prefix");
  settings.short_errors = out.wants.has(Want::short_errors);
  if (const auto root = find_in(environment, "PKG_CONFIG_TOP_BUILD_DIR")) {
    settings.build_root = *root;
  }
  settings.define_prefix =
      (out.wants.has(Want::define_prefix) || is_set(environment, "PKG_CONFIG_RELOCATE_PATHS")) &&
      !out.wants.has(Want::dont_define_prefix) &&
      !is_set(environment, "PKG_CONFIG_DONT_DEFINE_PREFIX");
  return out;
}

}  // namespace tenon::pc
