#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/result.h"
#include "format/pe/pe.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/go_bytes.h"
#include "inspect/inspect.h"
#include "inspect/readers.h"

namespace tenon::inspect {
namespace {

std::string type_name(const pe::Header& header) {
  if (header.is_dll()) return "dynamic library";
  const std::string_view subsystem = pe::subsystem_name(header.subsystem);
  return subsystem == "native" ? "driver" : "executable";
}

void import_facts(const pe::File& file, Artifact& out) {
  const auto dlls = file.imports();
  if (!dlls) {
    out.imports = CountFact::open(error_text(dlls.error()));
    return;
  }
  std::uint64_t count = 0;
  for (const pe::ImportedDll& dll : *dlls) {
    count += dll.imports.size();
    NeededLibrary needed;
    needed.name = dll.dll;
    needed.lazy = dll.delayed;
    out.needed.push_back(std::move(needed));
  }
  out.imports = CountFact::of(count, "import directory");
}

void export_facts(const pe::File& file, Artifact& out) {
  const auto table = file.exports();
  if (!table) {
    out.exports = CountFact::open(error_text(table.error()));
  } else if (!*table) {
    out.exports = CountFact::of(0, "export directory");
  } else {
    out.exports = CountFact::of((*table)->size(), "export directory");
    if (!(*table)->dll().empty()) {
      out.name = TextFact::of(std::string((*table)->dll()), "export directory");
    }
  }
}

void hardening_facts(const pe::Header& header, Artifact& out) {
  const auto add = [&](std::string name, bool value) {
    out.hardening.push_back({std::move(name), value ? "yes" : "no", "DllCharacteristics"});
  };
  add("aslr", header.dynamic_base());
  add("nx", header.nx_compatible());
  add("high-entropy-va", header.high_entropy());
}

// Linkers write their version into the optional header: Go's 3.0 (cmd/link/internal/ld/pe.go), GNU
// ld that of binutils, lld 14.0 (COFF/Writer.cpp), Microsoft's its own, and that one a Rich header.
void linker_facts(const pe::File& file, Artifact& out) {
  const pe::Version version = file.header().linker;
  const std::string source = "linker version of the optional header";
  const bool go = version.major == 3 && version.minor == 0;
  out.linker = TextFact::open(
      fmt::format("no linker is known by {} {}.{}", source, version.major, version.minor));
  if (file.has_rich_header()) {
    out.linker =
        TextFact::of(fmt::format("link.exe {}.{}", version.major, version.minor), "Rich header");
  } else if (version.major == 14 && version.minor == 0) {
    out.linker = TextFact::of("lld", source);
  } else if (version.major == 2) {
    out.linker = TextFact::of(fmt::format("GNU ld 2.{}", version.minor), source);
  } else if (go && out.go) {
    out.linker = TextFact::of("Go", source);
  }
  out.link_mode = out.go ? TextFact::of(go ? "internal" : "external", source)
                         : TextFact::none("not a Go program");
}

Artifact image_facts(const pe::File& file) {
  const pe::Header& header = file.header();
  Artifact out = blank_artifact(Format::pe);
  out.format = header.is_64 ? "PE32+" : "PE32";
  out.arch = pe_arch(header.machine);
  out.goarch = pe::machine_name(header.machine);
  out.type = type_name(header);
  out.platform = TextFact::of("windows", "optional header");
  out.minos = TextFact::of(
      fmt::format("{}.{}", header.subsystem_version.major, header.subsystem_version.minor),
      "optional header");
  out.name = TextFact::none("export directory");
  const auto view = file.code_view();
  out.uuid = view && *view ? TextFact::of(pe::guid_text((*view)->guid), "CodeView")
                           : TextFact::none("debug directory");
  import_facts(file, out);
  export_facts(file, out);
  out.linkage = TextFact::of(out.needed.empty() ? "static" : "dynamic", "import directory");
  out.libc = TextFact::none("import directory");
  for (const NeededLibrary& library : out.needed) {
    std::string lower = library.name;
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
    });
    if (lower == "msvcrt.dll" || lower == "ucrtbase.dll" || lower.starts_with("api-ms-win-crt")) {
      out.libc = TextFact::of(library.name, "import directory");
    }
  }
  const bool dwarf = std::ranges::any_of(file.sections(), [](const pe::Section& section) {
    return section.name.starts_with(".debug_") || section.name.starts_with(".zdebug_");
  });
  out.dwarf = dwarf ? TextFact::of("yes", "sections") : TextFact::none("sections");
  out.go = go_facts(go_bytes(file), std::nullopt);
  linker_facts(file, out);
  hardening_facts(header, out);
  return out;
}

}  // namespace

// "arm64", "amd64" are Go's words; the kernel's are used as arch everywhere else.
std::string pe_arch(std::uint16_t machine) {
  const std::string_view go = pe::machine_name(machine);
  if (go == "amd64") return "x86_64";
  if (go == "386") return "i386";
  return go.empty() ? fmt::format("machine {:#x}", machine) : std::string(go);
}

Result<void> pe_facts(ByteView bytes, const InspectOptions&, FileReport& report) {
  if (const auto file = pe::File::parse(bytes)) {
    report.slices.push_back(image_facts(*file));
  } else {
    const auto object = pe::parse_object(bytes);
    if (!object) return std::unexpected(file.error());
    Artifact out = blank_artifact(Format::coff);
    out.format = "COFF";
    out.arch = pe_arch(object->machine);
    out.goarch = pe::machine_name(object->machine);
    out.type = "object";
    out.platform = TextFact::of("windows", "file header");
    report.slices.push_back(std::move(out));
  }
  report.slices.back().size = bytes.size();
  return {};
}

}  // namespace tenon::inspect
