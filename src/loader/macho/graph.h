// The images of a process while they are loaded and bound. Not for other folders.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "format/macho/exports.h"
#include "loader/macho/dyld.h"
#include "loader/macho/image.h"
#include "loader/macho/mac.h"
#include "loader/macho/search.h"

namespace tenon::dyld {

struct Image;

struct Dependency {
  std::string name;
  macho::DylibKind kind = macho::DylibKind::load;
  Image* image = nullptr;  // null: weak and missing, or the load failed
};

struct Image {
  std::string path, install_name;
  std::optional<ImageFile> file;  // none in the shared cache
  bool in_cache = false, assumed = false;
  const CachedLibrary* cached = nullptr;  // what is known of it in the cache
  ChainLink link;
  bool fallback = false;  // SDK before 14.0
  bool loaded_dependencies = false;
  std::vector<Dependency> dependencies;  // index = ordinal - 1
  std::string name, by, origin;
  Way way = Way::name;

  // Exports by name, made at the first question; nullptr where they cannot be known.
  [[nodiscard]] const std::unordered_map<std::string, macho::Export>* exports();

  [[nodiscard]] bool matches(std::string_view wanted) const {
    return wanted == path || (!install_name.empty() && wanted == install_name);
  }

 private:
  void read_symbol_table();

  std::optional<std::unordered_map<std::string, macho::Export>> exports_;
  bool exports_known_ = false;
};

struct Graph {
  std::vector<std::unique_ptr<Image>> images;  // in load order
  Image* program = nullptr;
};

// " (built for macOS 27.0 which is newer than running OS)", or nothing.
[[nodiscard]] std::string too_new(const Image& image, macho::Version macos);

// Binds the imports of all images in load order; failures in the order in which dyld meets them.
void bind_all(Graph& graph, Prediction& out);

}  // namespace tenon::dyld
