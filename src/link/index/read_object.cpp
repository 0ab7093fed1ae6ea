#include "link/index/read_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/kind/kind.h"
#include "format/macho/macho.h"
#include "link/closure/linker_made.h"
#include "link/index/library.h"
#include "link/index/symbol_names.h"
#include "platform/platforms.h"

namespace tenon::link {
namespace {

using kind::FileKind;

constexpr std::uint16_t common_section = 0xfff2;
constexpr std::uint8_t section_symbol = 3, file_symbol = 4, unique_binding = 10;

ObjectFacts unreadable(const Error& error) {
  return {ObjectFacts::Kind::unreadable,
          {},
          fmt::format("{}: {} at byte {}", error.what, errc_name(error.code), error.offset)};
}

class Adder {
 public:
  Adder(SymbolNames& names, Library& library, std::string_view member)
      : names_(names), library_(library) {
    member_.name = std::string(member);
    member_.first_definition = static_cast<std::uint32_t>(library.definitions.size());
    member_.first_reference = static_cast<std::uint32_t>(library.references.size());
  }

  void define(std::string_view name, Binding binding) {
    library_.definitions.emplace_back(names_.intern(name), binding);
  }
  void refer(std::string_view name, bool weak) {
    library_.references.emplace_back(names_.intern(name), weak ? Binding::weak : Binding::strong);
    if (!library_.cxx && is_cxx_runtime(name)) library_.cxx = true;
  }
  void done() {
    member_.definitions =
        static_cast<std::uint32_t>(library_.definitions.size()) - member_.first_definition;
    member_.references =
        static_cast<std::uint32_t>(library_.references.size()) - member_.first_reference;
    library_.members.push_back(std::move(member_));
  }

 private:
  SymbolNames& names_;
  Library& library_;
  LibraryMember member_;
};

Binding binding_of(const elf::Symbol& symbol) {
  if (symbol.st_shndx == common_section) return Binding::common;
  if (symbol.binding() == elf::STB_WEAK) return Binding::weak;
  return symbol.binding() == unique_binding ? Binding::unique : Binding::strong;
}

// Local symbols come first; sh_info is the number of the first that is none (gABI, "Symbol Table").
std::uint64_t first_global(const elf::File& file) {
  const auto found = std::ranges::find(file.sections(), elf::SHT_SYMTAB, &elf::Section::sh_type);
  return found == file.sections().end() ? 0 : found->sh_info;
}

ObjectFacts add_elf(ByteView bytes, const Platform& platform, Adder& adder) {
  const auto file = elf::File::parse(bytes);
  if (!file) return unreadable(file.error());
  if (!is_machine_of(file->header(), platform)) {
    return {ObjectFacts::Kind::other_machine, machine_name(file->header()), {}};
  }
  if (file->section_error()) return unreadable(*file->section_error());
  const auto symbols = file->symbols();
  if (!symbols) return unreadable(symbols.error());
  for (std::uint64_t at = first_global(*file); at < symbols->size(); ++at) {
    const elf::Symbol symbol = (*symbols)[at];
    const bool named = !symbol.name.empty() && symbol.type() != section_symbol &&
                       symbol.type() != file_symbol && symbol.binding() != elf::STB_LOCAL;
    if (!named) continue;
    if (symbol.defined()) {
      adder.define(symbol.name, binding_of(symbol));
    } else {
      adder.refer(symbol.name, symbol.binding() == elf::STB_WEAK);
    }
  }
  adder.done();
  return {};
}

ObjectFacts add_macho(ByteView bytes, const Platform& platform, Adder& adder) {
  const auto file = macho::File::parse(bytes);
  if (!file) return unreadable(file.error());
  if (file->header().cputype != platform.processor->macho_cpu) {
    const auto& header = file->header();
    return {
        ObjectFacts::Kind::other_machine, macho::arch_name(header.cputype, header.cpusubtype), {}};
  }
  const auto walked = file->for_each_symbol([&](const macho::Symbol& symbol) {
    if (!macho::is_external(symbol) || symbol.name.empty()) return;
    if (macho::is_undefined(symbol)) {
      adder.refer(symbol.name, macho::is_weak_ref(symbol));
    } else if (macho::is_common(symbol)) {
      adder.define(symbol.name, Binding::common);
    } else {
      adder.define(symbol.name, macho::is_weak_def(symbol) ? Binding::weak : Binding::strong);
    }
  });
  if (!walked) return unreadable(walked.error());
  adder.done();
  return {};
}

// The slice of the target out of an object for several processors.
ObjectFacts add_universal(ByteView bytes, const Platform& platform, Adder& adder) {
  const auto slices = macho::slices(bytes);
  if (!slices) return unreadable(slices.error());
  std::string found;
  for (const macho::Slice& slice : *slices) {
    if (slice.cputype == platform.processor->macho_cpu)
      return add_macho(slice.bytes, platform, adder);
    if (!found.empty()) found += ", ";
    found += macho::arch_name(slice.cputype, slice.cpusubtype);
  }
  return {ObjectFacts::Kind::other_machine, found, {}};
}

}  // namespace

bool is_machine_of(const elf::Header& header, const Platform& platform) {
  const Processor& processor = *platform.processor;
  const int bits = header.ei_class == elf::ELFCLASS64 ? 64 : 32;
  return header.e_machine == processor.elf_machine && bits == processor.bits &&
         (header.ei_data == elf::ELFDATA2MSB) == processor.big_endian;
}

std::string machine_name(const elf::Header& header) {
  const int bits = header.ei_class == elf::ELFCLASS64 ? 64 : 32;
  const Processor* known =
      processor_of_elf(header.e_machine, bits, header.ei_data == elf::ELFDATA2MSB);
  return known != nullptr ? std::string(known->goarch)
                          : fmt::format("machine {}", header.e_machine);
}

ObjectFacts add_object(ByteView bytes, const Platform& platform, SymbolNames& names,
                       Library& library, std::string_view member) {
  Adder adder(names, library, member);
  switch (kind::identify(bytes)) {
    case FileKind::elf: return add_elf(bytes, platform, adder);
    case FileKind::macho: return add_macho(bytes, platform, adder);
    case FileKind::macho_universal: return add_universal(bytes, platform, adder);
    case FileKind::llvm_bitcode:
      return {ObjectFacts::Kind::unreadable, {}, "it is LLVM bitcode, which has no symbol table"};
    case FileKind::coff_object:
    case FileKind::pe: return {ObjectFacts::Kind::other_machine, "Windows", {}};
    default: return {ObjectFacts::Kind::no_object, {}, {}};
  }
}

}  // namespace tenon::link
