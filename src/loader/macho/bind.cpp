#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "format/macho/exports.h"
#include "format/macho/fixups.h"
#include "format/macho/macho.h"
#include "loader/macho/dyld.h"
#include "loader/macho/graph.h"
#include "loader/macho/image.h"
#include "loader/macho/wording.h"

namespace tenon::dyld {

const std::unordered_map<std::string, macho::Export>* Image::exports() {
  if (!exports_) {
    exports_.emplace();
    if (file) {
      auto entries = macho::export_entries(file->file);
      exports_known_ = entries.has_value();
      if (entries) {
        for (macho::Export& entry : *entries) {
          std::string key = entry.name;
          exports_->emplace(std::move(key), std::move(entry));
        }
      }
      if (exports_->empty() && !file->file.exports_trie()) read_symbol_table();
    }
  }
  return exports_known_ ? &*exports_ : nullptr;
}

// A library from before export tries gives what its symbol table says.
void Image::read_symbol_table() {
  const auto read = file->file.for_each_symbol([&](const macho::Symbol& symbol) {
    if (!macho::is_defined(symbol) || !macho::is_external(symbol) ||
        macho::is_private_extern(symbol)) {
      return;
    }
    macho::Export entry;
    entry.name = symbol.name;
    exports_->emplace(std::string(symbol.name), std::move(entry));
  });
  exports_known_ = exports_known_ && read.has_value();
}

namespace {

enum class Has : std::uint8_t { yes, no, unknown };

constexpr std::size_t most_failures = 64;
constexpr std::uint32_t weak_defines = 0x8000, binds_to_weak = 0x10000;  // MH_*

Has worse(Has a, Has b) {
  if (a == Has::yes || b == Has::yes) return Has::yes;
  return a == Has::unknown || b == Has::unknown ? Has::unknown : Has::no;
}

// Whether an image gives a symbol, itself or through what it re-exports.
class Lookup {
 public:
  explicit Lookup(bool through_libraries) : through_libraries_(through_libraries) {}

  Has find(Image& image, const std::string& name) {
    if (!seen_.insert(&image).second) return Has::no;
    if (image.in_cache) {
      if (image.cached == nullptr) return Has::unknown;
      if (image.cached->exports.contains(name)) return Has::yes;
      return image.cached->complete ? Has::no : Has::unknown;
    }
    const auto* exports = image.exports();
    if (exports == nullptr) return Has::unknown;
    const auto found = exports->find(name);
    if (found != exports->end()) return through(image, found->second, name);
    Has out = Has::no;
    if (!through_libraries_) return out;
    for (const Dependency& one : image.dependencies) {
      if (one.image == nullptr || one.kind != macho::DylibKind::reexport) continue;
      out = worse(out, find(*one.image, name));
      if (out == Has::yes) break;
    }
    return out;
  }

 private:
  Has through(const Image& image, const macho::Export& entry, const std::string& name) {
    if (!entry.is_reexport()) return Has::yes;
    const std::size_t index = static_cast<std::size_t>(entry.library_ordinal) - 1;
    if (entry.library_ordinal < 1 || index >= image.dependencies.size()) return Has::no;
    Image* target = image.dependencies[index].image;
    if (target == nullptr) return Has::no;
    const std::string other = entry.import_name.empty() ? name : std::string(entry.import_name);
    if (other == name) return find(*target, name);
    return Lookup(true).find(*target, other);  // another name may be in an image seen before
  }

  bool through_libraries_;
  std::set<const Image*> seen_;
};

bool has_weak_definitions(const Image& image) {
  if (!image.file) return true;  // of the cache: libc++ has
  return (image.file->file.header().flags & (weak_defines | binds_to_weak)) != 0;
}

class Binder {
 public:
  Binder(Graph& graph, Prediction& out) : graph_(graph), out_(out) {}

  void bind(Image& image) {
    const auto imports = macho::bound_imports(image.file->file);
    if (!imports) {
      unread(image, imports.error().what);
      return;
    }
    for (const macho::BoundImport& import : *imports) {
      if (failures_ >= most_failures) return;
      bind_one(image, import);
    }
  }

  void finish() {
    if (unknown_ == 0) return;
    out_.assumptions.push_back(
        fmt::format("{} symbols are taken to be in libraries of the shared cache, such as {} of {}",
                    unknown_, unknown_name_, unknown_in_));
  }

 private:
  void unread(const Image& image, const char* why) {
    out_.assumptions.push_back(
        fmt::format("the imports of {} cannot be read ({}) and are not bound", image.path, why));
  }

  void bind_one(Image& image, const macho::BoundImport& import) {
    const std::string name(import.name);
    const bool classic = !image.file->file.has_chained_fixups();
    // A second step for pointers that have a value already; its failures do not count.
    if (import.coalesced() && classic) return;
    Image* target = nullptr;
    const Has has = where(image, import, name, target);
    if (has == Has::yes || import.weak) return;
    if (has == Has::unknown) {
      if (target == nullptr && import.library_ordinal > 0) return;  // its library is missing
      if (unknown_++ == 0) {
        unknown_name_ = name;
        unknown_in_ = target == nullptr ? std::string("any library") : target->path;
      }
      return;
    }
    if (import.lazy) {
      out_.fails_when_called.push_back(fmt::format("{} of {}", name, image.path));
      return;
    }
    report(image, import, name, target);
  }

  Has where(Image& image, const macho::BoundImport& import, const std::string& name,
            Image*& target) {
    const int ordinal = import.library_ordinal;
    if (ordinal == macho::flat_lookup_ordinal) return anywhere(name, false);
    if (ordinal == macho::weak_lookup_ordinal) return anywhere(name, true);
    if (ordinal == macho::self_ordinal) target = &image;
    if (ordinal == macho::main_executable_ordinal) target = graph_.program;
    if (ordinal > 0) {
      const std::size_t index = static_cast<std::size_t>(ordinal) - 1;
      if (index < image.dependencies.size()) {
        const Dependency& dependency = image.dependencies[index];
        target = dependency.image;
        // Its absence is a failure of its own.
        if (target == nullptr && dependency.kind != macho::DylibKind::weak) return Has::unknown;
      }
    }
    return target == nullptr ? Has::no : Lookup(true).find(*target, name);
  }

  Has anywhere(const std::string& name, bool weak_only) {
    Has out = Has::no;
    for (const auto& one : graph_.images) {
      if (weak_only && !has_weak_definitions(*one)) continue;
      out = worse(out, Lookup(false).find(*one, name));
      if (out == Has::yes) break;
    }
    return out;
  }

  void report(const Image& image, const macho::BoundImport& import, const std::string& name,
              const Image* target) {
    Failure failure;
    failure.kind = Kind::symbol_missing;
    failure.name = name;
    failure.wanted_by = image.path;
    failure.file = target == nullptr ? image.path : target->path;
    failure.text = text_of(image, import, name, target);
    out_.next.push_back(std::move(failure));
    ++failures_;
  }

  std::string text_of(const Image& image, const macho::BoundImport& import, const std::string& name,
                      const Image* target) const {
    const macho::Version macos = out_.settings.macos;
    if (import.library_ordinal == macho::flat_lookup_ordinal) return flat_symbol_text(macos, name);
    const std::string uuid = uuid_of(image.file->file);
    if (import.library_ordinal == macho::weak_lookup_ordinal) {
      const std::string from =
          macos.major < 13 ? image.path : fmt::format("<{}> {}", uuid, image.path);
      return fmt::format(
          "Symbol not found: {}\n  Referenced from: {}\n  Expected as weak-def export from some "
          "loaded dylib",
          name, from);
    }
    const std::string path = target == nullptr ? "unknown" : target->path;
    std::string other = "no uuid";
    if (target != nullptr && target->file) other = uuid_of(target->file->file);
    const std::string note = too_new(image, macos);
    return symbol_text(macos, name, {image.path, uuid, note}, {path, other, {}});
  }

  Graph& graph_;
  Prediction& out_;
  std::size_t unknown_ = 0, failures_ = 0;
  std::string unknown_name_, unknown_in_;  // the first
};

}  // namespace

std::string too_new(const Image& image, macho::Version macos) {
  const macho::BuildVersion* build = image.file ? image.file->file.build() : nullptr;
  if (build == nullptr || !(build->minos > macos)) return {};
  std::string version = fmt::format("{}.{}", build->minos.major, build->minos.minor);
  if (build->minos.patch != 0) version += fmt::format(".{}", build->minos.patch);
  return fmt::format(" (built for macOS {} which is newer than running OS)", version);
}

void bind_all(Graph& graph, Prediction& out) {
  Binder binder(graph, out);
  for (const auto& image : graph.images) {
    if (image->file) binder.bind(*image);
  }
  binder.finish();
}

}  // namespace tenon::dyld
