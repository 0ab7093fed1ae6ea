#include "loader/macho/search.h"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "loader/macho/settings.h"

namespace tenon::dyld {
namespace {

bool is_variable(std::string_view path, std::string_view name) {
  return path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '/');
}

constexpr std::string_view loader_name = "@loader_path";
constexpr std::string_view program_name = "@executable_path";

std::optional<std::string> at_loader(std::string_view path, const std::string& image) {
  if (!is_variable(path, loader_name)) return std::nullopt;
  const std::size_t slash = image.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  return image.substr(0, slash) + std::string(path.substr(loader_name.size()));
}

// "/.." directly behind @executable_path goes up in the text: the program's path is a real one.
std::optional<std::string> at_program(std::string_view path, const std::string& program) {
  if (!is_variable(path, program_name)) return std::nullopt;
  std::size_t slash = program.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  std::string_view rest = path.substr(program_name.size());
  if (rest.empty()) return program.substr(0, slash + 1);
  while (rest.starts_with("/..") && slash > 0) {
    const std::size_t up = program.rfind('/', slash - 1);
    if (up == std::string::npos || up == 0) break;
    rest.remove_prefix(3);
    slash = up;
  }
  return program.substr(0, slash) + std::string(rest);
}

// Utils::concatenatePaths: one slash between both.
std::string joined(std::string folder, std::string_view tail) {
  while (folder.ends_with('/')) folder.pop_back();
  return folder + std::string(tail);
}

// "libx.A.dylib" -> "libx.A_debug.dylib".
std::string with_suffix(const std::string& path, const std::string& suffix) {
  const std::size_t slash = path.rfind('/');
  const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos || dot < start) return path + suffix;
  return path.substr(0, dot) + suffix + path.substr(dot);
}

class Search {
 public:
  Search(const Question& question, const Settings& settings)
      : question_(question), settings_(settings) {}

  std::vector<Candidate> run() && {
    const std::string& name = question_.name;
    const std::string part(framework_part(name));
    const std::string leaf(base_name(name));
    const auto& folders = part.empty() ? settings_.library_path : settings_.framework_path;
    const std::string& tail = part.empty() ? leaf : part;
    for (const SearchFolder& one : folders)
      suffixed(one.folder + "/" + tail, Way::variable, one.origin);
    if (!name.starts_with('@') && !settings_.cryptex().empty()) {
      suffixed(name, Way::disk, {});
      suffixed(std::string(settings_.cryptex()) + name, Way::cryptex, {});
    }
    suffixed(name, Way::name, {});
    fallbacks(part, tail);
    return std::move(out_);
  }

 private:
  void fallbacks(const std::string& part, const std::string& tail) {
    const bool framework = !part.empty();
    const auto offer = [&](const std::string& folder, Way way, const std::string& origin) {
      const std::string path = folder + "/" + tail;
      if (path != question_.name) suffixed(path, way, origin);
    };
    if (framework ? settings_.own_framework_fallback : settings_.own_library_fallback) {
      const auto& own =
          framework ? settings_.fallback_framework_path : settings_.fallback_library_path;
      for (const SearchFolder& one : own) offer(one.folder, Way::own_fallback, one.origin);
      return;
    }
    if (!question_.fallback) return;
    const std::string why = "the image was built with an SDK before 14.0";
    // The kernel allows the classic directories to programs that it lets have variables.
    if (settings_.policy.takes_paths())
      offer(framework ? "/Library/Frameworks" : "/usr/local/lib", Way::fallback, why);
    offer(framework ? "/System/Library/Frameworks" : "/usr/lib", Way::fallback, why);
  }

  void suffixed(const std::string& path, Way way, const std::string& origin) {
    for (const std::string& suffix : settings_.image_suffixes)
      expand(with_suffix(path, suffix), Way::suffix, "DYLD_IMAGE_SUFFIX");
    expand(path, way, origin);
  }

  void add(std::string path, Way way, const std::string& origin) {
    if (out_.size() < most_candidates) out_.push_back({std::move(path), way, origin});
  }

  void expand(const std::string& path, Way way, const std::string& origin) {
    const bool rpath = path.starts_with("@rpath/");
    if (rpath && question_.inserted) return add(path, way, origin);
    const std::string& asker =
        question_.chain.empty() ? question_.program : question_.chain.front()->path;
    if (!question_.inserted) {
      if (auto place = at_loader(path, asker))
        return add(*std::move(place), Way::loader_path, origin);
    }
    if (!settings_.policy.restricted) {
      if (auto place = at_program(path, question_.program))
        return add(*std::move(place), Way::program_path, origin);
    }
    if (rpath) along_chain(std::string_view(path).substr(6));
    if (!path.starts_with('@')) add(path, way, origin);
  }

  // `tail` begins with a slash.
  void along_chain(std::string_view tail) {
    for (const ChainLink* link : question_.chain) {
      const bool program = link == question_.chain.back();
      for (const std::string& rpath : link->rpaths) {
        if (out_.size() >= most_candidates) return;
        const std::string origin = fmt::format("LC_RPATH {} of {}", rpath, link->path);
        auto place =
            settings_.policy.restricted && program ? std::nullopt : at_loader(rpath, link->path);
        if (!place && !settings_.policy.restricted) place = at_program(rpath, question_.program);
        if (place) {
          add(joined(*std::move(place), tail), Way::rpath, origin);
        } else if (rpath.starts_with('/')) {
          add(joined(rpath, tail), Way::rpath, origin);
          if (const std::string_view root = settings_.cryptex(); !root.empty())
            add(joined(std::string(root) + rpath, tail), Way::rpath, origin);
        } else if (!settings_.policy.restricted) {
          add(joined(rpath, tail), Way::rpath, origin);
        }
      }
    }
  }

  const Question& question_;
  const Settings& settings_;
  std::vector<Candidate> out_;
};

}  // namespace

std::string_view way_name(Way way) {
  switch (way) {
    case Way::variable: return "variable";
    case Way::suffix: return "suffix";
    case Way::disk: return "disk";
    case Way::cryptex: return "cryptex";
    case Way::name: return "name";
    case Way::loader_path: return "loader-path";
    case Way::program_path: return "executable-path";
    case Way::rpath: return "rpath";
    case Way::own_fallback: return "own-fallback";
    case Way::fallback: return "fallback";
  }
  return "";
}

std::string_view framework_part(std::string_view path) {
  const std::size_t dot = path.rfind(".framework/");
  if (dot == std::string_view::npos) return {};
  const std::size_t slash = path.substr(0, dot).rfind('/');
  const std::size_t start = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string_view framework = path.substr(start, dot - start);
  return framework == base_name(path) ? path.substr(start) : std::string_view();
}

bool may_be_in_cache(std::string_view path) {
  for (const std::string_view start :
       {"/usr/lib/", "/System/Library/", "/System/iOSSupport/usr/lib/",
        "/System/iOSSupport/System/Library/", "/System/DriverKit/"}) {
    if (path.starts_with(start)) return true;
  }
  return false;
}

std::vector<Candidate> candidates(const Question& question, const Settings& settings) {
  return Search(question, settings).run();
}

}  // namespace tenon::dyld
