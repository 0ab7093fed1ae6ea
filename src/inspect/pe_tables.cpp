// Symbols, imports, exports and sections of PE images and COFF objects.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format/pe/layout.h"
#include "format/pe/pe.h"
#include "inspect/readers.h"
#include "inspect/tables.h"

namespace tenon::inspect {
namespace {

std::string permissions(std::uint32_t characteristics) {
  return fmt::format("{}{}{}", (characteristics & pe::IMAGE_SCN_MEM_READ) != 0 ? 'r' : '-',
                     (characteristics & pe::IMAGE_SCN_MEM_WRITE) != 0 ? 'w' : '-',
                     (characteristics & pe::IMAGE_SCN_MEM_EXECUTE) != 0 ? 'x' : '-');
}

char section_letter(const pe::Section& section) {
  const std::uint32_t flags = section.characteristics;
  if (section.name.starts_with(".idata")) return 'i';
  if ((flags & pe::IMAGE_SCN_CNT_CODE) != 0) return 't';
  if ((flags & pe::IMAGE_SCN_CNT_INITIALIZED_DATA) != 0) {
    return (flags & pe::IMAGE_SCN_MEM_WRITE) != 0 ? 'd' : 'r';
  }
  if ((flags & pe::IMAGE_SCN_CNT_UNINITIALIZED_DATA) != 0) return 'b';
  return (flags & pe::IMAGE_SCN_LNK_INFO) != 0 ? 'i' : '?';
}

// nm's letters, as LLVM gives them for COFF (llvm-nm.cpp, getSymbolNMTypeChar).
char letter(const pe::Symbol& symbol, std::span<const pe::Section> sections) {
  const bool weak = symbol.storage_class == pe::IMAGE_SYM_CLASS_WEAK_EXTERNAL;
  const bool external = weak || symbol.storage_class == pe::IMAGE_SYM_CLASS_EXTERNAL;
  if (weak) return symbol.section == pe::IMAGE_SYM_UNDEFINED ? 'w' : 'W';
  if (symbol.section == pe::IMAGE_SYM_UNDEFINED) return symbol.value != 0 ? 'C' : 'U';
  char out = '?';
  if (symbol.section == pe::IMAGE_SYM_ABSOLUTE) {
    out = 'a';
  } else if (symbol.section == pe::IMAGE_SYM_DEBUG) {
    out = 'n';
  } else if (symbol.section > 0 && std::size_t(symbol.section) <= sections.size()) {
    out = section_letter(sections[static_cast<std::size_t>(symbol.section) - 1]);
  }
  return external && out != '?' ? static_cast<char>(out & ~0x20) : out;
}

SymbolRow symbol_row(const pe::Symbol& symbol, std::span<const pe::Section> sections,
                     std::uint64_t base) {
  SymbolRow row;
  row.name = symbol.name;
  row.type = letter(symbol, sections);
  row.weak = symbol.storage_class == pe::IMAGE_SYM_CLASS_WEAK_EXTERNAL;
  row.has_address = symbol.section != pe::IMAGE_SYM_UNDEFINED;
  row.address = symbol.value;
  if (symbol.section > 0 && std::size_t(symbol.section) <= sections.size()) {
    const pe::Section& section = sections[static_cast<std::size_t>(symbol.section) - 1];
    row.section = section.name;
    row.address = base + section.rva + symbol.value;
  }
  return row;
}

Result<void> image_symbols(const pe::File& file, const SymbolSink& sink) {
  bool any = false;
  TENON_TRY(file.for_each_symbol([&](const pe::Symbol& symbol) {
    any = true;
    if (symbol.auxiliary || symbol.name.empty()) return;
    sink(symbol_row(symbol, file.sections(), file.header().image_base));
  }));
  if (!any) return fail(Errc::not_found, "the image has no symbol table");
  return {};
}

Result<void> image_imports(const pe::File& file, const SymbolSink& sink) {
  for (const pe::ImportedDll& dll : TENON_TRY(file.imports())) {
    for (const pe::Import& import : dll.imports) {
      const std::string ordinal =
          import.by_ordinal ? fmt::format("#{}", import.ordinal) : std::string();
      SymbolRow row;
      row.name = import.by_ordinal ? std::string_view(ordinal) : import.name;
      row.type = '-';
      row.library = dll.dll;
      row.lazy = dll.delayed;
      sink(row);
    }
  }
  return {};
}

Result<void> image_exports(const pe::File& file, const SymbolSink& sink) {
  const auto table = TENON_TRY(file.exports());
  if (!table) return {};
  for (std::uint64_t i = 0; i < table->size(); ++i) {
    const pe::Export entry = (*table)[i];
    SymbolRow row;
    row.name = entry.name;
    row.type = '-';
    row.has_address = entry.forwarder.empty();
    row.address = file.header().image_base + entry.rva;
    row.library = entry.forwarder;
    sink(row);
  }
  return {};
}

Result<void> object_symbols(ByteView bytes, SymbolList list, const SymbolSink& sink) {
  // Objects are not bound and export nothing.
  if (list != SymbolList::all) return {};
  const auto sections = TENON_TRY(pe::object_sections(bytes));
  return pe::for_each_object_symbol(bytes, [&](const pe::Symbol& symbol) {
    if (!symbol.auxiliary && !symbol.name.empty()) sink(symbol_row(symbol, sections, 0));
  });
}

}  // namespace

bool is_pe(ByteView bytes) {
  return bytes.text().starts_with("MZ") || pe::parse_object(bytes).has_value();
}

Result<void> pe_symbols(ByteView bytes, SymbolList list, const SymbolSink& sink) {
  if (!bytes.text().starts_with("MZ")) return object_symbols(bytes, list, sink);
  const auto file = TENON_TRY(pe::File::parse(bytes));
  switch (list) {
    case SymbolList::all: return image_symbols(file, sink);
    case SymbolList::imports: return image_imports(file, sink);
    case SymbolList::exports: return image_exports(file, sink);
  }
  return {};
}

Result<std::vector<SectionRow>> pe_sections(ByteView bytes) {
  std::vector<SectionRow> out;
  const auto add = [&](std::span<const pe::Section> sections, std::uint64_t base) {
    for (const pe::Section& one : sections) {
      out.push_back({std::string(one.name), base + one.rva, one.size, one.offset, one.size != 0,
                     permissions(one.characteristics)});
    }
  };
  if (bytes.text().starts_with("MZ")) {
    const auto file = TENON_TRY(pe::File::parse(bytes));
    add(file.sections(), file.header().image_base);
  } else {
    add(TENON_TRY(pe::object_sections(bytes)), 0);
  }
  return out;
}

}  // namespace tenon::inspect
