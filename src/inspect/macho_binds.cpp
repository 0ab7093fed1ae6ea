// What dyld looks up in other images, and what others find in this one.
#include <cstdint>
#include <utility>
#include <vector>

#include "base/result.h"
#include "format/macho/exports.h"
#include "format/macho/fixups.h"
#include "format/macho/layout.h"
#include "format/macho/macho.h"
#include "inspect/readers.h"

namespace tenon::inspect {
namespace {

int bound_ordinal(const macho::Import& import, bool two_level) {
  if (!two_level || import.ordinal == macho::Import::dynamic_lookup_ordinal) {
    return macho::flat_lookup_ordinal;
  }
  return import.ordinal == macho::Import::executable_ordinal ? macho::main_executable_ordinal
                                                             : int{import.ordinal};
}

}  // namespace

bool is_classic(const macho::File& file) {
  const std::uint32_t type = file.header().filetype;
  const bool image =
      type == macho::MH_EXECUTE || type == macho::MH_DYLIB || type == macho::MH_BUNDLE;
  return image && !file.has_dyld_info() && !file.has_chained_fixups() && !file.exports_trie();
}

Result<std::vector<macho::BoundImport>> loader_imports(const macho::File& file) {
  if (!is_classic(file)) return macho::bound_imports(file);
  const bool two_level = (file.header().flags & macho::MH_TWOLEVEL) != 0;
  std::vector<macho::BoundImport> out;
  for (const macho::Import& import : TENON_TRY(file.imports())) {
    out.push_back({import.name, bound_ordinal(import, two_level), import.weak, false});
  }
  return out;
}

Result<std::vector<macho::Export>> loader_exports(const macho::File& file) {
  if (!is_classic(file)) return macho::export_entries(file);
  std::vector<macho::Export> out;
  TENON_TRY(file.for_each_symbol([&](const macho::Symbol& symbol) {
    if (macho::is_stab(symbol) || !macho::is_defined(symbol) || !macho::is_external(symbol) ||
        macho::is_private_extern(symbol)) {
      return;
    }
    macho::Export entry;
    entry.name = symbol.name;
    entry.address = symbol.n_value;
    out.push_back(std::move(entry));
  }));
  return out;
}

}  // namespace tenon::inspect
