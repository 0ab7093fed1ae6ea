#include "loader/elf/bind.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/elf/lookup.h"
#include "loader/elf/image.h"
#include "loader/verdict.h"

namespace tenon::loader {
namespace {

constexpr std::uint16_t hidden_bit = 0x8000;

// STT_NOTYPE, OBJECT, FUNC, COMMON, TLS and GNU_IFUNC.
bool can_be_bound(std::uint8_t type) {
  constexpr std::uint32_t allowed = (1U << elf::STT_NOTYPE) | (1U << elf::STT_OBJECT) |
                                    (1U << elf::STT_FUNC) | (1U << elf::STT_COMMON) |
                                    (1U << elf::STT_TLS) | (1U << elf::STT_GNU_IFUNC);
  return ((1U << type) & allowed) != 0;
}

// Hidden and internal symbols are bound in their own file.
bool binds_locally(const elf::Symbol& symbol) {
  const unsigned visibility = symbol.st_other & 3U;
  return symbol.binding() == elf::STB_LOCAL || visibility == 1 || visibility == 2;
}

}  // namespace

std::optional<std::size_t> GlibcBinder::provider(std::string_view file) const {
  for (std::size_t i = 0; i < p_.images.size(); ++i) {
    const Image& one = *p_.images[i];
    if (one.path == file || std::ranges::find(one.names, file) != one.names.end()) return i;
  }
  return std::nullopt;
}

bool GlibcBinder::check_version(std::size_t image, std::size_t needed, const elf::VersionNeed& need,
                                const elf::Version& version, std::vector<std::string>& lines,
                                std::optional<Failure>& first) {
  const Image& library = *p_.images[needed];
  const std::string start =
      std::string(p_.program_name()) + ": " + std::string(p_.name_of(needed)) + ": ";
  const std::string end = " (required by " + std::string(p_.name_of(image)) + ")";
  const bool has_table = library.dynamic.verdef != 0;
  const auto is_it = [&](const elf::Version& one) { return one.name == version.name; };
  if (has_table && std::ranges::any_of(library.definitions, is_it)) return true;
  if (!has_table || version.weak) {
    Warning warning;
    warning.kind = has_table ? Warning::Kind::weak_version : Warning::Kind::no_versions;
    warning.library = std::string(need.file);
    warning.path = p_.shown_path(needed);
    warning.by = p_.shown_path(image);
    warning.text = has_table
                       ? start + "weak version `" + std::string(version.name) + "' not found" + end
                       : start + "no version information available" + end;
    if (lines.size() < 1000) lines.push_back(warning.text);
    p_.verdict.warnings.push_back(std::move(warning));
    return true;
  }
  if (lines.size() < 1000) {
    lines.push_back(start + "version `" + std::string(version.name) + "' not found" + end);
  }
  if (!first) {
    first = Failure{};
    first->cause = Cause::missing_version;
    first->file = p_.shown_path(needed);
    first->by = p_.shown_path(image);
    first->library = std::string(need.file);
    first->version = std::string(version.name);
    first->path = first->file;
    first->status = 1;
  }
  return false;
}

bool GlibcBinder::check_needs(std::size_t image, std::vector<std::string>& lines,
                              std::optional<Failure>& first) {
  for (const elf::VersionNeed& need : p_.images[image]->needs) {
    const auto needed = provider(need.file);
    if (!needed) {
      Failure out;
      out.cause = Cause::missing_library;
      out.file = out.by = p_.shown_path(image);
      out.library = std::string(need.file);
      out.why = "its version table names a library that it does not need";
      out.text = "Inconsistency detected by ld.so: dl-version.c: " +
                 std::string(version_ >= elf::GlibcVersion{2, 36, 0} ? "204" : "205") +
                 ": _dl_check_map_versions: Assertion `needed != NULL' failed!";
      p_.fail(std::move(out));
      return false;
    }
    for (const elf::Version& version : need.versions) {
      check_version(image, *needed, need, version, lines, first);
    }
  }
  return true;
}

bool GlibcBinder::check_versions() {
  std::vector<std::string> lines;
  std::optional<Failure> first;
  const std::size_t warnings = p_.verdict.warnings.size();
  for (const std::size_t image : scope_) {
    if (!check_needs(image, lines, first)) return false;
  }
  if (!first) return true;
  // All lines in the order in which they are printed; the warnings among them are not said twice.
  for (std::size_t i = warnings; i < p_.verdict.warnings.size(); ++i) {
    p_.verdict.warnings[i].text.clear();
  }
  for (const std::string& line : lines) first->text += (first->text.empty() ? "" : "\n") + line;
  p_.fail(std::move(*first));
  return false;
}

GlibcBinder::Lookup GlibcBinder::look_into(std::size_t image, const Reference& reference) const {
  const Image& library = *p_.images[image];
  if (library.hash.empty()) return Lookup::missing;
  const Image& user = *p_.images[reference.image];
  unsigned versioned = 0;
  bool asserts = false;
  std::optional<elf::Symbol> chosen;
  const auto take = [&](std::uint64_t index) {
    const elf::Symbol symbol = library.symbols.plain(index);
    const bool undefined = symbol.st_shndx == elf::SHN_UNDEF;
    if (symbol.st_value == 0 && symbol.st_shndx != elf::SHN_ABS && symbol.type() != elf::STT_TLS)
      return false;
    if (reference.plt && undefined) return false;
    if (!can_be_bound(symbol.type())) return false;
    const bool itself = &library == &user && index == reference.symbol;
    if (!itself && symbol.name != reference.name.name) return false;
    if (reference.version != nullptr) {
      if (!library.has_versym) {
        const auto& names = library.names;
        if (!reference.version->file.empty() &&
            (library.path == reference.version->file ||
             std::ranges::find(names, reference.version->file) != names.end())) {
          asserts = true;
          return true;
        }
      } else {
        const std::uint16_t stored = library.symbols.stored_version(index);
        const NamedVersion* version = library.version_of(index);
        const bool same = version != nullptr && version->name == reference.version->name;
        if (!same && (version != nullptr || (stored & hidden_bit) != 0)) return false;
      }
    } else if (library.has_versym) {
      const std::uint16_t stored = library.symbols.stored_version(index);
      if ((stored & 0x7fffU) >= 3) {
        if ((stored & hidden_bit) == 0 && versioned++ == 0) chosen = symbol;
        return false;
      }
    }
    chosen = symbol;
    versioned = 1;
    return true;
  };
  const bool taken = library.hash.each(reference.name, take);
  if (asserts) return Lookup::asserts;
  if (!taken && versioned != 1) return Lookup::missing;
  const std::uint8_t binding = chosen->binding();
  const bool usable =
      binding == elf::STB_GLOBAL || binding == elf::STB_WEAK || binding == elf::STB_GNU_UNIQUE;
  return usable ? Lookup::found : Lookup::missing;
}

GlibcBinder::Lookup GlibcBinder::look_up(const Reference& reference) {
  const Image& user = *p_.images[reference.image];
  if (user.dynamic.symbolic) {
    const Lookup own = look_into(reference.image, reference);
    if (own != Lookup::missing) return own;
  }
  std::string key(reference.name.name);
  key += '\0';
  if (reference.version != nullptr) {
    key += reference.version->name;
    key += '\0';
    key += reference.version->file;
  }
  key += static_cast<char>('0' + (reference.plt ? 1 : 0) + (reference.copy ? 2 : 0));
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  Lookup out = Lookup::missing;
  for (const std::size_t image : scope_) {
    if (reference.copy && p_.images[image]->is_program) continue;
    out = look_into(image, reference);
    if (out != Lookup::missing) break;
  }
  known_.emplace(std::move(key), out);
  return out;
}

std::string GlibcBinder::assertion() const {
  const bool newer = version_ >= elf::GlibcVersion{2, 36, 0};
  return "Inconsistency detected by ld.so: dl-lookup.c: " + std::string(newer ? "107" : "106") +
         ": check_match: Assertion `version->filename == NULL || ! _dl_name_match_p "
         "(version->filename, map)' failed!";
}

void GlibcBinder::fail_symbol(std::size_t image, const Reference& reference, Lookup result) {
  Failure out;
  out.file = out.by = p_.shown_path(image);
  out.symbol = std::string(reference.name.name);
  if (reference.version != nullptr) {
    out.version = std::string(reference.version->name);
    out.library = std::string(reference.version->file);
  }
  if (result == Lookup::asserts) {
    out.cause = Cause::no_version_table;
    out.text = assertion();
    if (const auto library = provider(out.library)) out.path = out.file = p_.shown_path(*library);
  } else {
    out.cause = Cause::missing_symbol;
    out.text = std::string(p_.program_name()) +
               ": symbol lookup error: " + std::string(p_.name_of(image)) +
               ": undefined symbol: " + out.symbol;
    if (reference.version != nullptr) out.text += ", version " + out.version;
  }
  p_.fail(std::move(out));
}

bool GlibcBinder::bind_one(std::size_t image, const elf::Relocation& one, bool lazy) {
  const MachineRules& rules = *p_.rules;
  if (one.type == rules.none || one.type == rules.relative || one.type == rules.irelative)
    return true;
  const Image& user = *p_.images[image];
  const elf::Symbol symbol = user.symbols.plain(one.symbol);
  if (one.symbol == 0 || binds_locally(symbol)) return true;
  Reference reference{elf::HashedName(symbol.name),
                      user.version_of(one.symbol),
                      image,
                      one.symbol,
                      one.type == rules.jump_slot || rules.is_tls(one.type),
                      one.type == rules.copy};
  const Lookup result = look_up(reference);
  if (result == Lookup::found) return true;
  if (result == Lookup::missing && symbol.binding() == elf::STB_WEAK) return true;
  if (p_.verdict.library && result == Lookup::missing) {
    p_.undecided("the program that loads it has to define " + std::string(symbol.name));
    return true;
  }
  if (!lazy) {
    fail_symbol(image, reference, result);
    return false;
  }
  if (p_.verdict.late.size() < 10'000) {
    LateSymbol late{p_.shown_path(image), std::string(symbol.name), {}, {}};
    if (reference.version != nullptr) late.version = std::string(reference.version->name);
    late.text = result == Lookup::asserts
                    ? assertion()
                    : std::string(p_.program_name()) +
                          ": symbol lookup error: " + std::string(p_.name_of(image)) +
                          ": undefined symbol: " + late.symbol +
                          (late.version.empty() ? "" : ", version " + late.version);
    p_.verdict.late.push_back(std::move(late));
  }
  return true;
}

bool GlibcBinder::relocate_table(std::size_t image, const elf::RelocationTable& table, bool now) {
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const elf::Relocation one = table[i];
    const bool lazy = one.plt && !now && one.type == p_.rules->jump_slot;
    if (!bind_one(image, one, lazy)) return false;
  }
  return true;
}

bool GlibcBinder::relocate_image(std::size_t image, bool now) {
  const elf::RelocationTables& tables = p_.images[image]->relocations;
  now |= p_.images[image]->dynamic.bind_now;
  return relocate_table(image, tables.rel, now) && relocate_table(image, tables.rela, now) &&
         relocate_table(image, tables.plt, now);
}

bool GlibcBinder::relocate() {
  const bool now = !environment_value(p_.request, "LD_BIND_NOW").empty();
  for (const std::size_t image : relocation_order(p_, scope_, version_)) {
    if (p_.images[image]->is_loader) continue;
    if (!relocate_image(image, now)) return false;
  }
  return true;
}

}  // namespace tenon::loader
