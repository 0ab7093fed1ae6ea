// How glibc checks versions and binds symbols once all files are loaded.
// Rules: glibc elf/dl-version.c, dl-lookup.c, dl-reloc.c, dl-sort-maps.c.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "format/elf/elf.h"
#include "format/elf/lookup.h"
#include "loader/elf/process.h"

namespace tenon::loader {

// The order in which images are relocated: what is needed first, the program last. `scope` is in
// load order. glibc 2.35 sorts by depth first, its predecessors by moving.
[[nodiscard]] std::vector<std::size_t> relocation_order(const Process& process,
                                                        const std::vector<std::size_t>& scope,
                                                        const elf::GlibcVersion& version);

class GlibcBinder {
 public:
  GlibcBinder(Process& process, const std::vector<std::size_t>& scope,
              const elf::GlibcVersion& version)
      : p_(process), scope_(scope), version_(version) {}

  // False: a failure was noted.
  bool check_versions();
  bool relocate();

 private:
  struct Reference {
    elf::HashedName name;
    const NamedVersion* version = nullptr;
    std::size_t image = 0;
    std::uint64_t symbol = 0;
    bool plt = false;
    bool copy = false;
  };

  enum class Lookup { found, missing, asserts };

  [[nodiscard]] std::optional<std::size_t> provider(std::string_view file) const;
  bool check_needs(std::size_t image, std::vector<std::string>& lines,
                   std::optional<Failure>& first);
  bool check_version(std::size_t image, std::size_t needed, const elf::VersionNeed& need,
                     const elf::Version& version, std::vector<std::string>& lines,
                     std::optional<Failure>& first);
  bool relocate_image(std::size_t image, bool now);
  bool relocate_table(std::size_t image, const elf::RelocationTable& table, bool now);
  bool bind_one(std::size_t image, const elf::Relocation& one, bool lazy);
  Lookup look_up(const Reference& reference);
  Lookup look_into(std::size_t image, const Reference& reference) const;
  void fail_symbol(std::size_t image, const Reference& reference, Lookup result);
  [[nodiscard]] std::string assertion() const;

  Process& p_;
  const std::vector<std::size_t>& scope_;
  elf::GlibcVersion version_;
  std::unordered_map<std::string, Lookup> known_;
};

}  // namespace tenon::loader
