#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "crossbuild/gate/checks.h"
#include "crossbuild/gate/gate.h"
#include "crossbuild/gate/gate_row.h"
#include "crossbuild/gate/windows_dlls.h"
#include "diag/codes.h"
#include "format/pe/layout.h"
#include "format/pe/pe.h"
#include "inspect/go_bytes.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon::gate {
namespace {

// A fact that could not be read is unknown, with the reason.
GateRow unread(std::string check, const Error& error) {
  return unknown(std::move(check), fmt::format("{} at offset {}", error.what, error.offset));
}

bool is_library_mode(const GateRequest& request) { return mode_of(request) == "c-shared"; }

GateRow check_format(const pe::Header& header) {
  return header.is_64
             ? ok("format", "PE32+")
             : failed("format", "PE32, a program of 32 bits", Code::gate_wrong_architecture);
}

GateRow check_arch(const pe::Header& header, const GateRequest& request) {
  const Processor& wanted = *request.target.platform->processor;
  if (header.machine == wanted.pe_machine) return ok("arch", std::string(wanted.arch));
  const std::string_view name = pe::machine_name(header.machine);
  return failed("arch",
                name.empty() ? fmt::format("machine {:#x}", header.machine) : std::string(name),
                Code::gate_wrong_architecture);
}

GateRow check_type(const pe::Header& header, const GateRequest& request) {
  const bool runs = (header.characteristics & pe::IMAGE_FILE_EXECUTABLE_IMAGE) != 0;
  std::string value = header.is_dll() ? "DLL" : "program";
  if (!runs) return failed("type", value + " with unresolved references", Code::gate_file_type);
  return header.is_dll() == is_library_mode(request)
             ? ok("type", std::move(value))
             : failed("type", std::move(value), Code::gate_file_type);
}

GateRow check_build_mode(const pe::Header& header, const GoSide& go) {
  const std::string said = setting(go, "-buildmode");
  if (said.empty()) return unknown("build-mode", go.info ? "not in the build info" : go.why_not);
  const std::string value =
      fmt::format("build info {}, header {}", said, header.is_dll() ? "DLL" : "program");
  // A program is relocatable in either of its modes: see the row "aslr".
  const bool agree = header.is_dll() == (said == "c-shared");
  return agree ? ok("build-mode", value) : failed("build-mode", value, Code::gate_build_mode);
}

// A program for the console opens one; one of the GUI has no standard output.
GateRow check_subsystem(const pe::Header& header, const GateRequest& request) {
  const std::string_view name = pe::subsystem_name(header.subsystem);
  const std::string value =
      fmt::format("{}, from Windows {}.{}",
                  name.empty() ? fmt::format("number {}", header.subsystem) : std::string(name),
                  header.subsystem_version.major, header.subsystem_version.minor);
  if (name != "console" && name != "windows") {
    return failed("subsystem", value, Code::gate_subsystem);
  }
  if (request.windows_gui && name != "windows") {
    return failed("subsystem", value + ", but -H windowsgui was requested", Code::gate_subsystem);
  }
  if (!request.windows_gui && name == "windows" && !header.is_dll()) {
    return ok("subsystem", value + " (-mwindows of a package)");
  }
  return ok("subsystem", value);
}

GateRow check_aslr(const pe::File& file, const GoSide& go) {
  const pe::Header& header = file.header();
  // cmd/link disables it: the shadow memory of the detector has fixed addresses.
  if (setting(go, "-race") == "true" && !header.is_dll())
    return ok("aslr", "off: -race needs that");
  const bool stripped = (header.characteristics & pe::IMAGE_FILE_RELOCS_STRIPPED) != 0;
  const bool relocations = file.directory(pe::IMAGE_DIRECTORY_ENTRY_BASERELOC).size != 0;
  if (!header.dynamic_base()) return failed("aslr", "no DYNAMIC_BASE", Code::gate_no_aslr);
  if (stripped || !relocations) {
    return failed("aslr", "DYNAMIC_BASE, but no base relocations", Code::gate_no_aslr);
  }
  if (!header.high_entropy()) return failed("aslr", "no HIGH_ENTROPY_VA", Code::gate_no_aslr);
  return ok("aslr", "DYNAMIC_BASE, HIGH_ENTROPY_VA");
}

GateRow check_nx(const pe::Header& header) {
  return header.nx_compatible() ? ok("nx", "NX_COMPAT")
                                : failed("nx", "no NX_COMPAT", Code::gate_executable_data);
}

// What the loader of Windows asks of the section table (PE Format, "Section Table"): in ascending
// order and adjacent, inside the image and the file. No code is writable, and the program starts in
// code.
std::string section_fault(const pe::File& file) {
  const pe::Header& header = file.header();
  std::uint64_t next = header.headers_size;
  bool entry = header.entry_point == 0;
  for (const pe::Section& section : file.sections()) {
    const auto fault = [&](std::string_view what) {
      return fmt::format("section {} {}", section.name, what);
    };
    const std::uint64_t end = std::uint64_t{section.rva} + section.virtual_size;
    if (section.rva < next) return fault("overlaps what precedes it");
    if (end > header.image_size) return fault("ends outside of the image");
    if (section.size != 0 && !file.contents(section)) return fault("ends outside of the file");
    const bool code = (section.characteristics & pe::IMAGE_SCN_MEM_EXECUTE) != 0;
    if (code && (section.characteristics & pe::IMAGE_SCN_MEM_WRITE) != 0) {
      return fault("is writable and executable");
    }
    entry = entry || (code && header.entry_point >= section.rva && header.entry_point < end);
    next = end;
  }
  return entry ? std::string() : "the entry point is in no section of code";
}

GateRow check_sections(const pe::File& file) {
  const std::string fault = section_fault(file);
  return fault.empty() ? ok("sections", fmt::format("{}", file.sections().size()))
                       : failed("sections", fault, Code::gate_sections);
}

// The time of a link, or the GUID of a PDB file that nobody has, would differ in the next build.
GateRow check_stamps(const pe::File& file) {
  const std::uint32_t stamp = file.header().timestamp;
  if (stamp == 0) return ok("stamps", "no time stamp");
  const auto entries = file.debug_entries();
  if (!entries) return unread("stamps", entries.error());
  bool hashed = false;
  for (const pe::DebugDirectory& entry : *entries) {
    hashed = hashed || entry.Type == pe::IMAGE_DEBUG_TYPE_REPRO;
    if (entry.TimeDateStamp == stamp) continue;
    return failed("stamps",
                  fmt::format("{:#x} in the header, {:#x} in the debug directory", stamp,
                              std::uint32_t{entry.TimeDateStamp}),
                  Code::gate_time_stamp);
  }
  return hashed ? ok("stamps", fmt::format("{:#x}, a hash of the program", stamp))
                : failed("stamps", fmt::format("{:#x} is the time of the link", stamp),
                         Code::gate_time_stamp);
}

// Windows searches the folder of the program for what it does not have itself, so a further DLL is
// no fault; that it is there is not known here.
GateRow check_libraries(const pe::File& file, const GateRequest& request) {
  const auto imports = file.imports();
  if (!imports) return unread("libraries", imports.error());
  std::vector<std::string> names, others;
  for (const pe::ImportedDll& dll : *imports) {
    const bool given =
        std::ranges::find(request.given_libraries, dll.dll) != request.given_libraries.end();
    names.emplace_back(dll.dll);
    if (!given && !is_windows_dll(dll.dll)) others.emplace_back(dll.dll);
  }
  if (names.empty()) return ok("libraries", "none");
  if (others.empty()) return ok("libraries", join(names, ", "));
  return unknown("libraries",
                 fmt::format("{} is not known as part of Windows: it has to be in the program's "
                             "directory; also needed: {}",
                             join(others, ", "), join(names, ", ")),
                 Code::gate_needed_library);
}

GateRow check_exports(const pe::File& file, const GoSide& go) {
  if (!go.function_table) return unknown("exports", "no Go function table was found");
  if (go.exported.empty()) return ok("exports", "no //export functions");
  const auto table = file.exports();
  if (!table) return unread("exports", table.error());
  std::unordered_set<std::string_view> known;
  for (std::uint64_t i = 0; *table && i < (*table)->size(); ++i) known.insert((**table)[i].name);
  std::vector<std::string> lost;
  for (const std::string& name : go.exported) {
    if (!known.contains(name)) lost.push_back(name);
  }
  if (!lost.empty()) {
    return failed("exports", fmt::format("//export functions not exported: {}", join(lost, ", ")),
                  Code::gate_lost_export);
  }
  return ok("exports", fmt::format("all {} //export functions", go.exported.size()));
}

}  // namespace

void gate_pe(ByteView bytes, const GateRequest& request, std::vector<GateRow>& rows) {
  const auto file = pe::File::parse(bytes);
  if (!file) {
    rows.push_back(failed("format",
                          fmt::format("{} at offset {}", file.error().what, file.error().offset),
                          Code::gate_unreadable));
    return;
  }
  const GoSide go = read_go(go_bytes(*file));
  const pe::Header& header = file->header();
  rows.push_back(check_format(header));
  rows.push_back(check_arch(header, request));
  rows.push_back(check_type(header, request));
  rows.push_back(check_go_version(go));
  rows.push_back(check_cgo(go, request.cgo));
  rows.push_back(check_build_mode(header, go));
  rows.push_back(check_subsystem(header, request));
  rows.push_back(check_libraries(*file, request));
  rows.push_back(check_aslr(*file, go));
  rows.push_back(check_nx(header));
  rows.push_back(check_sections(*file));
  rows.push_back(check_stamps(*file));
  if (is_library_mode(request)) rows.push_back(check_exports(*file, go));
  rows.push_back(check_host_paths(bytes, {}, request));
}

}  // namespace tenon::gate
