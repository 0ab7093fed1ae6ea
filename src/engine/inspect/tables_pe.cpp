#include "engine/inspect/tables_pe.h"

#include <fmt/format.h>

#include <algorithm>

#include "format/pe/pe.h"

namespace tenon::inspect {
namespace {

// nm's letters for COFF (binutils, bfd/syms.c).
char letter_of(const pe::File& file, const pe::Symbol& symbol) {
  const bool external = symbol.storage_class == pe::IMAGE_SYM_CLASS_EXTERNAL;
  char letter = '?';
  if (symbol.section == 0) {
    if (symbol.storage_class == pe::IMAGE_SYM_CLASS_WEAK_EXTERNAL) return 'w';
    return symbol.value != 0 ? 'C' : 'U';
  }
  if (symbol.section == pe::IMAGE_SYM_ABSOLUTE) {
    letter = 'A';
  } else if (symbol.section <= file.sections().size()) {
    const std::uint32_t flags = file.sections()[symbol.section - 1U].characteristics;
    letter = 'R';
    if ((flags & pe::IMAGE_SCN_MEM_WRITE) != 0) letter = 'D';
    if ((flags & pe::IMAGE_SCN_CNT_UNINITIALIZED_DATA) != 0) letter = 'B';
    if ((flags & pe::IMAGE_SCN_CNT_CODE) != 0) letter = 'T';
  }
  return external ? letter : static_cast<char>(letter | 0x20);
}

Result<void> coff_symbols(const pe::File& file, const SymbolSink& sink) {
  for (const pe::Symbol& symbol : TENON_TRY(file.symbols())) {
    if (symbol.storage_class == pe::IMAGE_SYM_CLASS_FILE || symbol.name.empty()) continue;
    SymbolRow row;
    row.name = symbol.name;
    row.type = letter_of(file, symbol);
    row.has_address = symbol.section != 0;
    row.address = symbol.value;
    if (symbol.section > 0 && symbol.section <= file.sections().size()) {
      const pe::Section& section = file.sections()[symbol.section - 1U];
      row.section = section.name;
      row.address += file.header().image_base + section.rva;
    }
    row.weak = symbol.storage_class == pe::IMAGE_SYM_CLASS_WEAK_EXTERNAL;
    sink(row);
  }
  return {};
}

Result<void> imports(const pe::File& file, const SymbolSink& sink) {
  for (const pe::ImportedDll& dll : TENON_TRY(file.imports())) {
    for (const pe::Import& import : dll.imports) {
      const std::string number = import.by_ordinal ? fmt::format("#{}", import.ordinal) : "";
      SymbolRow row;
      row.name = import.by_ordinal ? std::string_view(number) : import.name;
      row.type = '-';
      row.library = dll.dll;
      row.lazy = dll.delayed;
      sink(row);
    }
  }
  return {};
}

Result<void> exports(const pe::File& file, const SymbolSink& sink) {
  const auto table = TENON_TRY(file.exports());
  for (std::uint64_t i = 0; table && i < table->size(); ++i) {
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

}  // namespace

Result<void> pe_symbols(ByteView bytes, SymbolList list, const SymbolSink& sink) {
  const pe::File file = TENON_TRY(pe::File::parse(bytes));
  switch (list) {
    case SymbolList::all: return coff_symbols(file, sink);
    case SymbolList::imports: return imports(file, sink);
    case SymbolList::exports: return exports(file, sink);
  }
  return {};
}

Result<std::vector<SectionRow>> pe_sections(ByteView bytes) {
  const pe::File file = TENON_TRY(pe::File::parse(bytes));
  std::vector<SectionRow> out;
  for (const pe::Section& section : file.sections()) {
    const auto flag = [&](std::uint32_t bit, char letter) {
      return (section.characteristics & bit) != 0 ? letter : '-';
    };
    SectionRow row;
    row.name = section.name;
    row.address = file.header().image_base + section.rva;
    row.size = section.virtual_size == 0 ? section.size : section.virtual_size;
    row.offset = section.offset;
    row.in_file = section.size != 0;
    row.flags = {flag(pe::IMAGE_SCN_MEM_READ, 'r'), flag(pe::IMAGE_SCN_MEM_WRITE, 'w'),
                 flag(pe::IMAGE_SCN_MEM_EXECUTE, 'x')};
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace tenon::inspect
