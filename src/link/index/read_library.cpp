#include "link/index/read_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "format/ar/ar.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "format/kind/kind.h"
#include "format/macho/exports.h"
#include "format/macho/macho.h"
#include "format/tbd/tbd.h"
#include "link/index/library.h"
#include "link/index/read_object.h"
#include "link/index/symbol_names.h"
#include "platform/platforms.h"

namespace tenon::link {
namespace {

using kind::FileKind;

void refuse(Library& library, LibraryState state, std::string why) {
  library.state = state;
  library.why = std::move(why);
  library.members.clear();
  library.definitions.clear();
  library.references.clear();
}

std::string sentence(const Error& error) {
  return fmt::format("{}: {} at byte {}", error.what, errc_name(error.code), error.offset);
}

// Objects of an archive; what is none (a note, a list of exports) takes no part in a link.
bool read_members(const ar::Archive& archive, const Platform& platform,
                  const OpenMember& open_member, SymbolNames& names, Library& library) {
  library.thin = archive.thin();
  library.members.reserve(archive.members().size());
  for (const ar::Member& member : archive.members()) {
    ByteView bytes = member.data;
    if (archive.thin()) {
      auto opened = open_member(member.name);
      if (!opened) {
        refuse(library, LibraryState::unreadable,
               fmt::format("its member {}: {}", member.name, sentence(opened.error())));
        return false;
      }
      bytes = *opened;
    }
    const ObjectFacts facts = add_object(bytes, platform, names, library, member.name);
    if (facts.kind == ObjectFacts::Kind::other_machine) {
      refuse(library, LibraryState::wrong_machine,
             fmt::format("its member {} is for {}", member.name, facts.machine));
      library.machine = facts.machine;
      return false;
    }
    if (facts.kind == ObjectFacts::Kind::unreadable) {
      refuse(library, LibraryState::unreadable,
             fmt::format("its member {}: {}", member.name, facts.why));
      return false;
    }
  }
  library.machine = library.members.empty() ? std::string() : std::string(platform.goarch);
  if (library.members.empty()) library.state = LibraryState::empty;
  return true;
}

void read_archive(ByteView bytes, const Platform& platform, const OpenMember& open_member,
                  SymbolNames& names, Library& library) {
  library.kind = LibraryKind::archive;
  const auto archive = ar::Archive::parse(bytes);
  if (!archive) return refuse(library, LibraryState::unreadable, sentence(archive.error()));
  read_members(*archive, platform, open_member, names, library);
}

// The slice of the target, which is an archive or a library of its own.
void read_universal(ByteView bytes, const Platform& platform, const OpenMember& open_member,
                    SymbolNames& names, Library& library) {
  const auto slices = macho::slices(bytes);
  if (!slices) return refuse(library, LibraryState::unreadable, sentence(slices.error()));
  std::string found;
  for (const macho::Slice& slice : *slices) {
    if (slice.cputype == platform.processor->macho_cpu) {
      return read_library(slice.bytes, platform, open_member, names, library);
    }
    if (!found.empty()) found += ", ";
    found += macho::arch_name(slice.cputype, slice.cpusubtype);
  }
  refuse(library, LibraryState::wrong_machine, "it has slices for " + found);
  library.machine = found;
}

// A defined symbol that a new link may take: not one kept for older programs, not one of the
// library alone.
bool is_export(const elf::Symbol& symbol) {
  constexpr std::uint8_t visibility = 3, internal = 1, hidden = 2;
  const std::uint8_t seen = symbol.st_other & visibility;
  return symbol.defined() && symbol.binding() != elf::STB_LOCAL && !symbol.hidden_version &&
         seen != internal && seen != hidden && !symbol.name.empty();
}

void read_shared(ByteView bytes, const Platform& platform, SymbolNames& names, Library& library) {
  library.kind = LibraryKind::shared;
  const auto file = elf::File::parse(bytes);
  if (!file) return refuse(library, LibraryState::unreadable, sentence(file.error()));
  library.machine = machine_name(file->header());
  if (!is_machine_of(file->header(), platform)) {
    return refuse(library, LibraryState::wrong_machine, "it is for " + library.machine);
  }
  const auto dynamic = file->dynamic();
  const auto symbols = file->dynamic_symbols();
  if (!dynamic || !symbols) {
    const Error error = dynamic ? symbols.error() : dynamic.error();
    return refuse(library, LibraryState::unreadable, sentence(error));
  }
  if (!dynamic->present) {
    return refuse(library, LibraryState::unreadable, "it has no dynamic section");
  }
  library.soname = std::string(dynamic->soname.value_or(std::string_view()));
  for (const std::string_view one : dynamic->needed) library.needed.emplace_back(one);
  for (const elf::Symbol symbol : *symbols) {
    if (!is_export(symbol)) continue;
    const Binding binding = symbol.binding() == elf::STB_WEAK ? Binding::weak : Binding::strong;
    library.definitions.emplace_back(names.intern(symbol.name), binding);
  }
}

// A library of macOS for one processor.
void read_dylib(ByteView bytes, const Platform& platform, SymbolNames& names, Library& library) {
  library.kind = LibraryKind::shared;
  const auto file = macho::File::parse(bytes);
  if (!file) return refuse(library, LibraryState::unreadable, sentence(file.error()));
  const auto& header = file->header();
  library.machine = macho::arch_name(header.cputype, header.cpusubtype);
  if (header.cputype != platform.processor->macho_cpu)
    return refuse(library, LibraryState::wrong_machine, "it is for " + library.machine);
  const auto exports = macho::export_entries(*file);
  if (!exports) return refuse(library, LibraryState::unreadable, sentence(exports.error()));
  if (file->id()) library.soname = std::string(file->id()->name);
  for (const macho::Dylib& one : file->dylibs()) library.needed.emplace_back(one.name);
  for (const macho::Export& one : *exports) {
    const Binding binding = one.is_weak_definition() ? Binding::weak : Binding::strong;
    library.definitions.emplace_back(names.intern(one.name), binding);
  }
}

// A stub in the place of one; what it re-exports stands in stubs of its own.
void read_stub(ByteView bytes, const Platform& platform, SymbolNames& names, Library& library) {
  library.kind = LibraryKind::shared;
  const auto documents = tbd::read(bytes);
  if (!documents) return refuse(library, LibraryState::unreadable, sentence(documents.error()));
  const tbd::Document& stub = documents->front();
  const std::string target = std::string(platform.apple_arch) + "-macos";
  library.machine = std::string(platform.apple_arch);
  if (!stub.exports_for(target))
    return refuse(library, LibraryState::wrong_machine, "it is not for " + target);
  library.soname = std::string(stub.install_name);
  const auto define = [&](std::string_view before, const tbd::NameList& list, Binding binding) {
    for (const std::string_view name : list) {
      library.definitions.emplace_back(names.intern(std::string(before) + std::string(name)),
                                       binding);
    }
  };
  for (const tbd::Item& item : stub.items) {
    if (item.kind == tbd::ItemKind::undefineds || !stub.covers(item.targets, target)) continue;
    define("", item.symbols, Binding::strong);
    define("", item.weak_symbols, Binding::weak);
    define("", item.thread_local_symbols, Binding::strong);
    define("_OBJC_CLASS_$_", item.objc_classes, Binding::strong);
    define("_OBJC_METACLASS_$_", item.objc_classes, Binding::strong);
  }
}

void read_script(ByteView bytes, Library& library) {
  library.kind = LibraryKind::script;
  auto script = kind::parse_linker_script(bytes);
  if (!script) return refuse(library, LibraryState::unreadable, sentence(script.error()));
  library.inputs = std::move(script->inputs);
}

}  // namespace

void read_library(ByteView bytes, const Platform& platform, const OpenMember& open_member,
                  SymbolNames& names, Library& library) {
  library.kind = is_archive_name(library.file) ? LibraryKind::archive : LibraryKind::shared;
  const FileKind found = kind::identify(bytes);
  switch (found) {
    case FileKind::archive:
    case FileKind::thin_archive: return read_archive(bytes, platform, open_member, names, library);
    case FileKind::elf:
      if (library.kind == LibraryKind::archive) {
        return read_object(bytes, platform, names, library);
      }
      return read_shared(bytes, platform, names, library);
    case FileKind::macho:
      if (library.kind == LibraryKind::archive) {
        return read_object(bytes, platform, names, library);
      }
      return read_dylib(bytes, platform, names, library);
    case FileKind::tbd: return read_stub(bytes, platform, names, library);
    case FileKind::macho_universal:
      return read_universal(bytes, platform, open_member, names, library);
    case FileKind::linker_script: return read_script(bytes, library);
    default: break;
  }
  refuse(library, LibraryState::unreadable,
         found == FileKind::empty ? "the file is empty"
                                  : fmt::format("it is not a library but {}", kind::name(found)));
}

void read_object(ByteView bytes, const Platform& platform, SymbolNames& names, Library& library) {
  library.kind = LibraryKind::archive;
  const ObjectFacts facts = add_object(bytes, platform, names, library, {});
  library.machine = facts.machine;
  switch (facts.kind) {
    case ObjectFacts::Kind::added: return;
    case ObjectFacts::Kind::other_machine:
      return refuse(library, LibraryState::wrong_machine, "it is for " + facts.machine);
    case ObjectFacts::Kind::unreadable: return refuse(library, LibraryState::unreadable, facts.why);
    case ObjectFacts::Kind::no_object:
      return refuse(library, LibraryState::unreadable, "it is not an object file");
  }
}

}  // namespace tenon::link
