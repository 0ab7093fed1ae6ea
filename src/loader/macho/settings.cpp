#include "loader/macho/settings.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "format/macho/macho.h"

namespace tenon::dyld {
namespace {

constexpr std::string_view prefix = "DYLD_";

std::string folder_with_slash(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

// A value of LC_DYLD_ENVIRONMENT may name the program's directory.
std::string expanded(std::string_view entry, const std::string& main_path) {
  for (const std::string_view name : {"@executable_path/", "@loader_path/"}) {
    if (entry.starts_with(name))
      return folder_with_slash(main_path) + std::string(entry.substr(name.size()));
  }
  return std::string(entry);
}

// The environment and the program's own variables fill one list each; within a list the last of one
// name counts, as setString() has it.
struct Source {
  Settings& settings;
  const std::string& main_path;
  bool embedded;

  std::vector<SearchFolder> folders(std::string_view name, std::string_view value) const {
    std::vector<SearchFolder> out;
    for (const std::string_view entry : split(value, ':')) {
      std::string folder = embedded ? expanded(entry, main_path) : std::string(entry);
      std::string origin(embedded ? "LC_DYLD_ENVIRONMENT" : name);
      out.push_back({std::move(folder), std::move(origin)});
    }
    return out;
  }

  void put(std::vector<SearchFolder>& list, std::string_view name, std::string_view value) const {
    const std::string origin(embedded ? "LC_DYLD_ENVIRONMENT" : name);
    std::erase_if(list, [&](const SearchFolder& one) { return one.origin == origin; });
    for (SearchFolder& one : folders(name, value)) list.push_back(std::move(one));
  }

  void take(std::string_view name, std::string_view value) const {
    if (name == "DYLD_LIBRARY_PATH") return put(settings.library_path, name, value);
    if (name == "DYLD_FRAMEWORK_PATH") return put(settings.framework_path, name, value);
    if (name == "DYLD_FALLBACK_LIBRARY_PATH") {
      settings.own_library_fallback = true;
      return put(settings.fallback_library_path, name, value);
    }
    if (name == "DYLD_FALLBACK_FRAMEWORK_PATH") {
      settings.own_framework_fallback = true;
      return put(settings.fallback_framework_path, name, value);
    }
    if (name == "DYLD_INSERT_LIBRARIES") {
      settings.inserted.clear();
      for (const std::string_view one : split(value, ':'))
        if (!one.empty()) settings.inserted.emplace_back(one);
      return;
    }
    if (name == "DYLD_IMAGE_SUFFIX") {
      settings.image_suffixes.clear();
      for (const std::string_view one : split(value, ':'))
        settings.image_suffixes.emplace_back(one);
      return;
    }
    const bool printing = name.starts_with("DYLD_PRINT_") || name == "DYLD_DLSYM_RESULT";
    if (!printing) settings.not_simulated.emplace_back(name, "tenon does not simulate it");
  }
};

std::string why_not(const Policy& policy) {
  if (policy.restricted) return "the program is restricted (set-uid, __RESTRICT or CS_RESTRICT)";
  return "the program has the hardened runtime and no entitlement "
         "com.apple.security.cs.allow-dyld-environment-variables";
}

}  // namespace

std::string_view Settings::cryptex() const {
  return macos.major >= 13 ? "/System/Volumes/Preboot/Cryptexes/OS" : "";
}

Settings read_settings(const std::vector<std::string>& environment, const macho::File& main,
                       const std::string& main_path, macho::Version macos, const Policy& policy) {
  Settings out;
  out.macos = macos;
  out.policy = policy;
  const Source variables{out, main_path, false};
  for (const std::string& setting : environment) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || !setting.starts_with(prefix)) continue;
    const std::string name = setting.substr(0, equals);
    if (policy.takes_paths()) {
      variables.take(name, std::string_view(setting).substr(equals + 1));
    } else {
      out.ignored.emplace_back(name, why_not(policy));
    }
  }
  const Source embedded{out, main_path, true};
  for (const std::string_view setting : main.dyld_environment()) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos || !setting.starts_with(prefix)) continue;
    embedded.take(setting.substr(0, equals), setting.substr(equals + 1));
  }
  return out;
}

}  // namespace tenon::dyld
