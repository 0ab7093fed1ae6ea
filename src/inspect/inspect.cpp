#include "inspect/inspect.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codesign/mapping/codeless.h"
#include "codesign/mapping/mapping.h"
#include "format/elf/elf.h"
#include "format/kind/kind.h"
#include "format/macho/macho.h"
#include "inspect/artifact.h"
#include "inspect/readers.h"

namespace tenon {

namespace inspect {
namespace {

using kind::FileKind;

// Slices of a universal file are shown even if its table is wrong; mapping_remarks() says so.
Result<std::vector<macho::Slice>> slices_to_show(ByteView bytes) {
  auto slices = macho::slices(bytes);
  if (slices || !macho::is_universal(bytes)) return slices;
  std::vector<macho::Slice> readable =
      macho::readable_slices(bytes, TENON_TRY(macho::slice_table(bytes)));
  if (readable.empty()) return slices;
  return readable;
}

// What macOS would not map.
void mapping_remarks(ByteView bytes, FileReport& report) {
  if (codesign::codeless(bytes)) return;
  for (const codesign::MapProblem& problem : codesign::map_problems(bytes)) {
    if (!codesign::refuses(problem.fault)) continue;
    report.remarks.push_back({codesign::code_of(problem.fault), problem.arch,
                              codesign::message_of(problem), codesign::place_of(problem)});
  }
}

Result<void> macho_file(ByteView bytes, const InspectOptions& options, FileReport& report) {
  for (const macho::Slice& slice : TENON_TRY(slices_to_show(bytes))) {
    if (slice.bytes.text().starts_with("!<arch>\n")) {
      TENON_TRY(archive_facts(slice.bytes, options, report));
      continue;
    }
    Artifact facts = macho_facts(TENON_TRY(macho::File::parse(slice.bytes)), options);
    facts.offset = slice.offset;
    facts.size = slice.size;
    exception_remark(slice.bytes, facts, report);
    report.slices.push_back(std::move(facts));
  }
  mapping_remarks(bytes, report);
  return {};
}

Result<void> elf_file(ByteView bytes, const InspectOptions& options, FileReport& report) {
  Artifact facts = elf_facts(TENON_TRY(elf::File::parse(bytes)), options);
  facts.size = bytes.size();
  exception_remark(bytes, facts, report);
  report.slices.push_back(std::move(facts));
  return {};
}

Result<void> linker_script(ByteView bytes, FileReport& report) {
  for (const kind::ScriptInput& input : TENON_TRY(kind::parse_linker_script(bytes)).inputs) {
    report.inputs.push_back((input.is_library ? "-l" : "") + input.name +
                            (input.as_needed ? " (as needed)" : ""));
  }
  return {};
}

// For the message that such files are not read; static text, as errors want it.
const char* kind_text(FileKind kind) {
  switch (kind) {
    case FileKind::empty: return "empty";
    case FileKind::java_class: return "a Java class";
    case FileKind::wasm: return "a WebAssembly module";
    case FileKind::llvm_bitcode: return "LLVM bitcode";
    case FileKind::dmg: return "a disk image (dmg)";
    case FileKind::xar: return "an installer package or xar archive";
    case FileKind::zip: return "a zip archive";
    case FileKind::gzip: return "gzip-compressed";
    case FileKind::shell_script: return "a script";
    case FileKind::text: return "text";
    default: return "of an unknown kind";
  }
}

Result<void> by_kind(FileKind kind, ByteView bytes, const InspectOptions& options,
                     FileReport& report) {
  switch (kind) {
    case FileKind::macho:
    case FileKind::macho_universal: return macho_file(bytes, options, report);
    case FileKind::elf: return elf_file(bytes, options, report);
    case FileKind::archive:
    case FileKind::go_object:
    case FileKind::thin_archive: return archive_facts(bytes, options, report);
    case FileKind::tbd: return tbd_facts(bytes, report);
    case FileKind::pe:
    case FileKind::coff_object: return pe_facts(bytes, options, report);
    case FileKind::linker_script: return linker_script(bytes, report);
    default: return fail(Errc::unsupported, kind_text(kind));
  }
}

}  // namespace

std::string error_text(const Error& error) {
  return fmt::format("{}: {}, at offset {}", errc_name(error.code), error.what, error.offset);
}

}  // namespace inspect

Result<FileReport> inspect_file(ByteView file, const InspectOptions& options) {
  FileReport report;
  const kind::FileKind kind = kind::identify(file);
  report.kind = kind::name(kind);
  TENON_TRY(inspect::by_kind(kind, file, options, report));
  inspect::add_remarks(options, report);
  return report;
}

}  // namespace tenon
