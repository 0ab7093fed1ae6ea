#include "link/pc/package.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "link/pc/dependency.h"
#include "link/pc/fragment.h"
#include "link/pc/license.h"
#include "link/pc/line.h"
#include "link/pc/problem.h"
#include "link/pc/settings.h"
#include "link/pc/variables.h"
#include "link/pc/version.h"
#include "link/pc/words.h"

namespace tenon::pc {
namespace {

struct TextField {
  std::string_view name;
  std::optional<Field> Package::* member;
};

constexpr std::array text_fields{
    TextField{"Name", &Package::name},     TextField{"Description", &Package::description},
    TextField{"URL", &Package::url},       TextField{"Maintainer", &Package::maintainer},
    TextField{"Source", &Package::source}, TextField{"License.file", &Package::license_file},
};

struct FragmentField {
  std::string_view name;
  Fragments Package::* member;
};

constexpr std::array fragment_fields{
    FragmentField{"Cflags", &Package::cflags},
    FragmentField{"Cflags.private", &Package::cflags_private},
    FragmentField{"Cflags.shared", &Package::cflags_shared},
    FragmentField{"Libs", &Package::libs},
    FragmentField{"Libs.private", &Package::libs_private},
    FragmentField{"Libs.shared", &Package::libs_shared},
};

struct DependencyField {
  std::string_view name;
  Dependencies Package::* member;
  int flags;
};

constexpr std::array dependency_fields{
    DependencyField{"Requires", &Package::requires_public, 0},
    DependencyField{"Requires.private", &Package::requires_private, Dependency::private_},
    DependencyField{"Requires.internal", &Package::requires_private, Dependency::internal},
    DependencyField{"Requires.shared", &Package::requires_shared, Dependency::shared},
    DependencyField{"Conflicts", &Package::conflicts, 0},
    DependencyField{"Provides", &Package::provides, 0},
};

template <std::size_t count, class Row>
const Row* row_of(const std::array<Row, count>& rows, std::string_view name) {
  const auto* found =
      std::ranges::find_if(rows, [&](const Row& row) { return same_letters(row.name, name); });
  return found == rows.end() ? nullptr : found;
}

// A path as the value of a variable: blanks are escaped.
std::string escaped_path(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == ' ') out += '\\';
    out += c;
  }
  return out;
}

std::string without_last(std::string_view text, char mark) {
  return std::string(text.substr(0, std::min(text.rfind(mark), text.size())));
}

// "PKG_CONFIG_" MODULE "_" VARIABLE, in capitals, with "_" for what is no letter or digit.
std::string environment_name(std::string_view id, std::string_view variable) {
  std::string out = "PKG_CONFIG_" + std::string(id) + "_" + std::string(variable);
  for (char& c : out) c = is_letter(c) || is_number(c) ? to_upper(c) : '_';
  return out;
}

// Whether `path` is `folder` or lies in it.
bool starts_with_folder(std::string_view path, std::string_view folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

class Reader {
 public:
  Reader(Package& package, const Settings& settings, const Globals& globals, Problems& problems)
      : package_(package), settings_(settings), globals_(globals), problems_(problems) {}

  void read(std::string_view text) {
    LineReader lines(text);
    while (const auto line = lines.next()) take(*line);
  }

  // Name, Description and Version are there.
  [[nodiscard]] bool complete() {
    bool out = true;
    const auto need = [&](const std::optional<Field>& field, std::string_view name) {
      if (field) return;
      warn(0, package_.file + ": warning: file does not declare a `" + std::string(name) +
                  "' field\n");
      out = false;
    };
    need(package_.name, "Name");
    need(package_.description, "Description");
    need(package_.version, "Version");
    if (!out) warn(0, package_.file + ": warning: skipping invalid file\n");
    return out;
  }

 private:
  void take(const Line& line) {
    for (int i = 0; i < std::min(line.blanks_in_key, 8); ++i) {
      warn(line.number, "whitespace encountered while parsing key section", true);
    }
    if (line.mark == '=') {
      for (int i = 0; i < std::min(line.blanks_behind_value, 8); ++i) {
        warn(line.number, "trailing whitespace encountered while parsing value section", true);
      }
      take_variable(line);
    } else if (line.mark == ':') {
      take_field(line);
    }
  }

  void take_variable(const Line& line) {
    const auto from_environment =
        find_in(settings_.environment, environment_name(package_.id, line.key));
    const std::string& value = from_environment ? *from_environment : line.value;
    if (!settings_.define_prefix) {
      package_.variables.set(line.key, value, line.number);
    } else if (line.key == settings_.prefix_variable) {
      take_prefix(line, value);
    } else {
      take_below_prefix(line, value);
    }
  }

  // The prefix is two directories above the one of the file, which is "pkgconfig".
  void take_prefix(const Line& line, const std::string& value) {
    std::string folder = without_last(without_double_slashes(package_.file), '/');
    if (base_name(folder) != "pkgconfig") {
      package_.variables.set(line.key, value, line.number);
      return;
    }
    for (int i = 0; i < 2; ++i) {
      if (!folder.contains('/')) {
        package_.variables.set(line.key, value, line.number);
        return;
      }
      folder = without_last(folder, '/');
    }
    old_prefix_ = without_double_slashes(value);
    new_prefix_ = escaped_path(folder);
    package_.variables.set(line.key, new_prefix_, line.number, true);
  }

  // Many files write every directory out: those below the old prefix move with it.
  void take_below_prefix(const Line& line, const std::string& value) {
    const std::string path = without_double_slashes(value);
    if (old_prefix_.empty() || !starts_with_folder(path, old_prefix_)) {
      package_.variables.set(line.key, value, line.number);
      return;
    }
    std::string_view old = old_prefix_;
    while (old.size() > 1 && old.ends_with('/')) old.remove_suffix(1);
    package_.variables.set(line.key, new_prefix_ + path.substr(old.size()), line.number, true);
  }

  void take_field(const Line& line) {
    if (const TextField* row = row_of(text_fields, line.key)) {
      package_.*row->member = Field{expanded(line), line.number};
    } else if (const FragmentField* list = row_of(fragment_fields, line.key)) {
      take_fragments(line, *list);
    } else if (const DependencyField* names = row_of(dependency_fields, line.key)) {
      take_dependencies(line, *names);
    } else if (same_letters(line.key, "Version")) {
      take_version(line);
    } else if (same_letters(line.key, "License")) {
      add_license(expanded(line), package_.license);
    } else if (same_letters(line.key, "Copyright")) {
      package_.copyright.push_back(expanded(line));
    } else if (same_letters(line.key, "Link.ABI")) {
      take_link_abi(expanded(line));
    }
  }

  void take_fragments(const Line& line, const FragmentField& row) {
    const Origin origin{.module = package_.id,
                        .file = package_.file,
                        .line = line.number,
                        .field = std::string(row.name)};
    const FieldContext context{.variables = package_.variables,
                               .globals = globals_,
                               .sysroot = settings_.sysroot,
                               .uninstalled = package_.uninstalled};
    if (add_fragments(line.value, context, origin, package_.*row.member, problems_)) return;
    warn(line.number,
         "unable to parse field '" + line.key + "' into an argument vector, value [" + line.value +
             "]",
         true);
  }

  void take_dependencies(const Line& line, const DependencyField& row) {
    Dependencies& list = package_.*row.member;
    if (!list.empty()) {
      warn(line.number, "merging duplicate field '" + line.key + "' (undefined behavior)", true);
    }
    Dependency like;
    like.flags = static_cast<std::uint8_t>(row.flags);
    like.line = line.number;
    like.field = row.name;
    add_dependencies(expanded(line), like, list);
  }

  void take_version(const Line& line) {
    std::string text = expanded(line);
    if (const std::size_t blank = text.find_first_of(" \t"); blank != std::string::npos) {
      text.resize(blank);
      warn(line.number, "malformed version field with whitespace, trimming to [" + text + "]",
           true);
    }
    package_.version = Field{std::move(text), line.number};
  }

  void take_link_abi(std::string_view text) {
    std::string tag;
    for (const char c : std::string(text) + ",") {
      if (c != ',' && !is_blank(c)) {
        tag += to_lower(c);
      } else if (!tag.empty()) {
        package_.link_abi.push_back(std::exchange(tag, {}));
      }
    }
  }

  [[nodiscard]] std::string expanded(const Line& line) {
    return expand(line.value, package_.variables, globals_, problems_).text;
  }

  void warn(std::size_t line, std::string text, bool with_place = false) {
    if (with_place) {
      text = package_.file + ":" + std::to_string(line) + ": warning: " + text + "\n";
    }
    problems_.push_back({.text = std::move(text), .file = package_.file, .line = line});
  }

  Package& package_;
  const Settings& settings_;
  const Globals& globals_;
  Problems& problems_;
  std::string old_prefix_;  // as the file says
  std::string new_prefix_;  // as it is found
};

}  // namespace

std::optional<Package> parse_package(std::string_view text, PackagePlace place,
                                     const Settings& settings, const Globals& globals,
                                     Problems& problems) {
  Package out;
  out.file = std::move(place.file);
  out.folder = std::move(place.folder);
  out.uninstalled = place.uninstalled;
  out.id = without_last(base_name(out.file), '.');
  if (out.uninstalled) out.id = without_last(out.id, '-');
  out.variables.set("pcfiledir", escaped_path(out.folder), 0);
  const auto& sysroot = settings.sysroot.folder;
  if (sysroot && !settings.sysroot.uninstalled && !out.folder.starts_with(*sysroot)) {
    out.variables.set("pc_sysrootdir", "", 0, true);
  }
  Reader reader(out, settings, globals, problems);
  reader.read(text);
  if (!reader.complete()) return std::nullopt;
  if (out.link_abi.empty()) out.link_abi.emplace_back("c");
  Dependency itself;
  itself.name = out.id;
  itself.comparator = Comparator::equal;
  itself.version = out.version->text;
  out.provides.push_back(std::move(itself));
  return out;
}

}  // namespace tenon::pc
