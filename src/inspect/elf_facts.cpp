#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/text.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/go_bytes.h"
#include "inspect/inspect.h"
#include "inspect/readers.h"
#include "platform/platforms.h"

namespace tenon::inspect {
namespace {

// Processors that Go has no port for. <elf.h>, EM_*; names as uname -m says them.
struct MachineName {
  std::uint16_t machine;
  std::string_view name;
};

constexpr MachineName other_machines[] = {{20, "ppc"},    {62, "x32"},        {183, "aarch64_be"},
                                          {243, "riscv"}, {258, "loongarch"}, {22, "s390"}};

bool is_64(const elf::Header& header) { return header.ei_class == elf::ELFCLASS64; }

bool is_big(const elf::Header& header) { return header.ei_data == elf::ELFDATA2MSB; }

const Processor* processor_of(const elf::Header& header) {
  return processor_of_elf(header.e_machine, is_64(header) ? 64 : 32, is_big(header));
}

std::string type_name(const elf::File& file, elf::StaticKind kind) {
  switch (kind) {
    case elf::StaticKind::shared_object: return "shared library";
    case elf::StaticKind::relocatable: return "object";
    case elf::StaticKind::other: return file.header().e_type == elf::ET_CORE ? "core" : "other";
    default: return "executable";
  }
}

std::string linkage_name(elf::StaticKind kind) {
  switch (kind) {
    case elf::StaticKind::static_exe: return "static";
    case elf::StaticKind::static_pie: return "static PIE";
    case elf::StaticKind::dynamic:
    case elf::StaticKind::shared_object: return "dynamic";
    case elf::StaticKind::interp_only: return "interpreter only";
    default: return {};
  }
}

std::string platform_name(const elf::File& file) {
  switch (file.header().ei_osabi) {
    case 0:
    case 3: break;
    case 2: return "NetBSD";
    case 6: return "Solaris";
    case 9: return "FreeBSD";
    case 12: return "OpenBSD";
    default: return fmt::format("OS ABI {}", file.header().ei_osabi);
  }
  for (const std::string_view name : {"OpenBSD", "NetBSD", "FreeBSD", "Android"}) {
    if (const auto note = file.note(name, 1); note && *note) return std::string(name);
  }
  return "linux";
}

void build_id_fact(const elf::File& file, Artifact& out) {
  const auto id = file.build_id();
  if (!id) {
    out.uuid = TextFact::open(error_text(id.error()));
  } else if (!*id) {
    out.uuid = TextFact::none("NT_GNU_BUILD_ID");
  } else {
    out.uuid = TextFact::of(to_hex((*id)->data(), (*id)->size()), "NT_GNU_BUILD_ID");
  }
}

void needed_facts(const elf::File& file, const elf::Dynamic& dynamic, Artifact& out) {
  const auto versions = file.version_needs();
  for (const std::string_view name : dynamic.needed) {
    NeededLibrary needed;
    needed.name = name;
    if (versions) {
      for (const elf::VersionNeed& need : *versions) {
        if (need.file != name) continue;
        for (const elf::Version& version : need.versions) {
          needed.versions.emplace_back(version.name);
        }
      }
    }
    out.needed.push_back(std::move(needed));
  }
  if (dynamic.rpath) out.rpaths.push_back({"DT_RPATH", std::string(*dynamic.rpath)});
  if (dynamic.runpath) out.rpaths.push_back({"DT_RUNPATH", std::string(*dynamic.runpath)});
  out.name = dynamic.soname ? TextFact::of(std::string(*dynamic.soname), "DT_SONAME")
                            : TextFact::none("DT_SONAME");
}

void glibc_facts(const elf::File& file, Artifact& out) {
  const auto floor = file.glibc_floor();
  if (!floor) {
    out.glibc_floor = TextFact::open(error_text(floor.error()));
    return;
  }
  if (!*floor) {
    out.glibc_floor = TextFact::none("DT_VERNEED");
    return;
  }
  const elf::GlibcVersion& version = (*floor)->version;
  std::string text = fmt::format("{}.{}", version.major, version.minor);
  if (version.patch != 0) text += fmt::format(".{}", version.patch);
  out.glibc_floor = TextFact::of(std::move(text), "DT_VERNEED");
  for (const elf::GlibcFloor::Need& need : (*floor)->needs) {
    out.glibc_floor_symbols.push_back(fmt::format("{} ({})", need.symbol, need.file));
  }
}

bool in_names(const elf::File& file, std::string_view name) {
  const elf::Section* section = file.section(".strtab");
  if (section == nullptr) return false;
  const auto names = file.contents(*section);
  return names && names->text().find(std::string("\0", 1) + std::string(name) +
                                     std::string("\0", 1)) != std::string_view::npos;
}

// Which C library a file is linked with. A static file tells by what the library leaves in it.
TextFact libc_fact(const elf::File& file, const Artifact& known) {
  const std::string& loader = known.interpreter.value;
  if (loader.find("ld-musl") != std::string::npos) return TextFact::of("musl", "PT_INTERP");
  if (loader.starts_with("/system/bin/linker")) return TextFact::of("bionic", "PT_INTERP");
  for (const NeededLibrary& needed : known.needed) {
    if (needed.name == "libc.so.6") return TextFact::of("glibc", "DT_NEEDED");
    if (needed.name.starts_with("libc.musl-") || needed.name == "libc.so") {
      return TextFact::of("musl", "DT_NEEDED");
    }
    if (needed.name.starts_with("libc.so.")) return TextFact::of(needed.name, "DT_NEEDED");
  }
  if (known.glibc_floor.known()) return TextFact::of("glibc", "DT_VERNEED");
  const bool internal = known.link_mode.value == "internal";
  if (known.linkage.value == "interpreter only" || internal) return TextFact::none("DT_NEEDED");
  if (!known.linkage.value.starts_with("static")) {
    return known.needed.empty() ? TextFact::none("DT_NEEDED")
                                : TextFact::open("no library of a known C library is needed");
  }
  if (file.section("__libc_freeres_fn") != nullptr || file.section(".note.ABI-tag") != nullptr ||
      file.section("__libc_atexit") != nullptr) {
    return TextFact::of("glibc", "sections of glibc's start files");
  }
  if (in_names(file, "__init_libc") || in_names(file, "__libc_start_init")) {
    return TextFact::of("musl", "symbols");
  }
  return TextFact::open("static and without symbols");
}

// The lines of .comment, each once.
std::vector<std::string> comments(const elf::File& file) {
  std::vector<std::string> out;
  const elf::Section* section = file.section(".comment");
  if (section == nullptr) return out;
  const auto bytes = file.contents(*section);
  if (!bytes) return out;
  for (const std::string_view line : split(bytes->text().substr(0, 65536), '\0')) {
    if (!line.empty() && std::ranges::find(out, line) == out.end()) out.emplace_back(line);
  }
  return out;
}

// The version behind "LLD" in "Linker: Debian LLD 19.1.7"; empty in other lines.
std::string_view lld_version(std::string_view line) {
  const auto words = split_words(line);
  if (words.empty() || words.front() != "Linker:") return {};
  const auto name = std::ranges::find(words, "LLD");
  return name == words.end() || std::next(name) == words.end() ? std::string_view()
                                                               : *std::next(name);
}

// "Linker: LLD 19.1.7 (...)" -> "lld 19.1.7"; "mold 2.4.0 (...)".
void comment_facts(const elf::File& file, Artifact& out) {
  for (std::string& line : comments(file)) {
    const auto words = split_words(line);
    if (const std::string_view lld = lld_version(line); !lld.empty()) {
      const bool zig = line.find("zig") != std::string::npos;
      out.linker = TextFact::of(fmt::format("{} {}", zig ? "zig, lld" : "lld", lld), ".comment");
    } else if (line.starts_with("mold ") && words.size() > 1) {
      out.linker = TextFact::of(fmt::format("mold {}", words[1]), ".comment");
    } else {
      out.compilers.push_back(std::move(line));
    }
  }
  if (!out.linker.known() && file.section(".note.gnu.gold-version") != nullptr) {
    out.linker = TextFact::of("gold", ".note.gnu.gold-version");
  }
}

// C start files and compilers leave .init_array, .comment and .eh_frame; Go's linker writes none.
void link_facts(const elf::File& file, Artifact& out) {
  comment_facts(file, out);
  const bool image = out.type != "object" && out.type != "core";
  if (!out.go || !image) {
    out.link_mode = TextFact::none(out.go ? "object" : "not a Go program");
    if (!out.linker.known()) out.linker = TextFact::open("the file names no linker");
    return;
  }
  if (file.sections().empty()) {
    out.link_mode = TextFact::open("the file has no section headers");
    return;
  }
  for (const std::string_view name : {".init_array", ".comment", ".note.ABI-tag", ".eh_frame"}) {
    if (file.section(name) == nullptr) continue;
    out.link_mode = TextFact::of("external", std::string(name));
    if (!out.linker.known()) {
      out.linker = TextFact::open("the file names no linker; GNU ld does not record its name");
    }
    return;
  }
  out.link_mode = TextFact::of("internal", "no .init_array, .comment or .eh_frame");
  out.linker = TextFact::of("Go", "no .init_array, .comment or .eh_frame");
}

void symbol_facts(const elf::File& file, Artifact& out) {
  const auto symbols = file.dynamic_symbols();
  if (!symbols) {
    out.imports = out.exports = CountFact::open(error_text(symbols.error()));
    return;
  }
  std::uint64_t imports = 0;
  std::uint64_t exports = 0;
  for (std::uint64_t i = 1; i < symbols->size(); ++i) {
    const elf::Symbol symbol = (*symbols)[i];
    if (symbol.name.empty()) continue;
    if (!symbol.defined()) {
      ++imports;
    } else if (symbol.binding() != elf::STB_LOCAL) {
      ++exports;
    }
  }
  out.imports = CountFact::of(imports, ".dynsym");
  out.exports = CountFact::of(exports, ".dynsym");
}

void dwarf_fact(const elf::File& file, Artifact& out) {
  constexpr std::uint64_t shf_compressed = 0x800;
  out.dwarf = TextFact::none("sections");
  if (file.section(".zdebug_info") != nullptr) out.dwarf = TextFact::of("compressed", "sections");
  if (const elf::Section* info = file.section(".debug_info")) {
    const bool packed = (info->sh_flags & shf_compressed) != 0;
    out.dwarf = TextFact::of(packed ? "compressed" : "yes", "sections");
  }
}

void hardening_facts(const elf::File& file, const elf::Dynamic& dynamic, elf::StaticKind kind,
                     Artifact& out) {
  if (kind == elf::StaticKind::relocatable || kind == elf::StaticKind::other) return;
  const auto add = [&](std::string name, std::string value, std::string source) {
    out.hardening.push_back({std::move(name), std::move(value), std::move(source)});
  };
  if (kind != elf::StaticKind::shared_object) {
    add("pie", file.header().e_type == elf::ET_DYN ? "yes" : "no", "e_type");
  }
  const auto stack = file.executable_stack();
  add("exec-stack", !stack ? "decided by the kernel" : *stack ? "yes" : "no", "PT_GNU_STACK");
  if (const auto relro = file.relro()) {
    constexpr std::string_view names[] = {"none", "partial", "full"};
    add("relro", std::string(names[static_cast<int>(*relro)]), "PT_GNU_RELRO, DT_FLAGS");
  }
  add("text-relocations", dynamic.textrel ? "yes" : "no", "DT_TEXTREL");
  const bool writable_code = std::ranges::any_of(file.segments(), [](const elf::Segment& one) {
    return one.p_type == elf::PT_LOAD && (one.p_flags & (elf::PF_W | elf::PF_X)) == 3;
  });
  add("writable-code", writable_code ? "yes" : "no", "PT_LOAD flags");
}

void interpreter_fact(const elf::File& file, Artifact& out) {
  const auto loader = file.interpreter();
  if (!loader) {
    out.interpreter = TextFact::open(error_text(loader.error()));
  } else {
    out.interpreter =
        *loader ? TextFact::of(std::string(**loader), "PT_INTERP") : TextFact::none("PT_INTERP");
  }
}

}  // namespace

std::string elf_arch(const elf::Header& header) {
  if (const Processor* known = processor_of(header)) return std::string(known->arch);
  const auto* other = std::ranges::find(other_machines, header.e_machine, &MachineName::machine);
  if (other != std::end(other_machines)) return std::string(other->name);
  return fmt::format("machine {}", header.e_machine);
}

std::string elf_goarch(const elf::Header& header) {
  const Processor* known = processor_of(header);
  return known == nullptr ? std::string() : std::string(known->goarch);
}

Artifact elf_facts(const elf::File& file, const InspectOptions&) {
  Artifact out = blank_artifact(Format::elf);
  const elf::Header& header = file.header();
  out.format =
      fmt::format("ELF {}-bit {}", is_64(header) ? 64 : 32, is_big(header) ? "MSB" : "LSB");
  out.arch = elf_arch(header);
  out.goarch = elf_goarch(header);
  const auto kind = file.static_kind();
  const auto dynamic = file.dynamic();
  out.platform = TextFact::of(platform_name(file), "ELF header and notes");
  build_id_fact(file, out);
  interpreter_fact(file, out);
  out.type = kind ? type_name(file, *kind) : fmt::format("type {}", header.e_type);
  if (kind) {
    const std::string linkage = linkage_name(*kind);
    out.linkage =
        linkage.empty() ? TextFact::none("e_type") : TextFact::of(linkage, "PT_INTERP, DT_NEEDED");
  } else {
    out.linkage = TextFact::open(error_text(kind.error()));
  }
  if (dynamic) {
    needed_facts(file, *dynamic, out);
  } else {
    out.name = TextFact::open(error_text(dynamic.error()));
  }
  glibc_facts(file, out);
  const auto build_id = file.go_build_id();
  out.go = go_facts(go_bytes(file), build_id ? *build_id : std::nullopt);
  link_facts(file, out);
  out.libc = libc_fact(file, out);
  symbol_facts(file, out);
  dwarf_fact(file, out);
  if (kind) hardening_facts(file, dynamic ? *dynamic : elf::Dynamic{}, *kind, out);
  return out;
}

}  // namespace tenon::inspect
