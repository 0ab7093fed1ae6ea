#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
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
#include "diag/codes.h"
#include "format/dwarf/sections.h"
#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "inspect/go_bytes.h"
#include "platform/platforms.h"
#include "platform/target.h"
#include "platform/version_number.h"

namespace tenon::gate {
namespace {

// A fact that could not be read is unknown, with the reason.
GateRow unread(std::string check, const Error& error) {
  return unknown(std::move(check), fmt::format("{} at offset {}", error.what, error.offset));
}

GateRow check_arch(const elf::File& file, const GateRequest& request) {
  const elf::Header& header = file.header();
  if (is_for(header, request.target)) {
    return ok("arch", std::string(request.target.platform->processor->arch));
  }
  return failed("arch",
                fmt::format("e_machine {}, {}-bit, {}", header.e_machine,
                            header.ei_class == elf::ELFCLASS64 ? 64 : 32,
                            header.ei_data == elf::ELFDATA2MSB ? "big-endian" : "little-endian"),
                Code::gate_wrong_architecture);
}

std::string_view kind_name(elf::StaticKind kind) {
  switch (kind) {
    case elf::StaticKind::static_exe: return "static executable";
    case elf::StaticKind::static_pie: return "static PIE";
    case elf::StaticKind::dynamic: return "dynamic executable";
    case elf::StaticKind::interp_only: return "executable with an interpreter and no libraries";
    case elf::StaticKind::shared_object: return "shared library";
    case elf::StaticKind::relocatable: return "object";
    case elf::StaticKind::other: return "something else";
  }
  return "something else";
}

bool is_library_mode(const GateRequest& request) {
  const std::string mode = mode_of(request);
  return mode == "c-shared" || mode == "plugin";
}

GateRow check_type(elf::StaticKind kind, const GateRequest& request) {
  const bool library = kind == elf::StaticKind::shared_object;
  const bool program = kind == elf::StaticKind::static_exe || kind == elf::StaticKind::static_pie ||
                       kind == elf::StaticKind::dynamic || kind == elf::StaticKind::interp_only;
  const bool right = is_library_mode(request) ? library : program;
  return right ? ok("type", std::string(kind_name(kind)))
               : failed("type", std::string(kind_name(kind)), Code::gate_file_type);
}

GateRow check_build_mode(const elf::File& file, elf::StaticKind kind, const GoSide& go) {
  const std::string said = setting(go, "-buildmode");
  if (said.empty()) return unknown("build-mode", go.info ? "not in the build info" : go.why_not);
  const bool library = kind == elf::StaticKind::shared_object;
  const bool fixed = file.header().e_type == elf::ET_EXEC;
  const std::string header = library ? "library" : fixed ? "fixed address" : "PIE";
  const std::string value = fmt::format("build info {}, header {}", said, header);
  bool agree = true;
  if (said == "exe") agree = fixed;
  if (said == "pie") agree = !fixed && !library;
  if (said == "c-shared" || said == "plugin") agree = library;
  return agree ? ok("build-mode", value) : failed("build-mode", value, Code::gate_build_mode);
}

// The first needed library that is not the C library itself.
std::string shared_library(const elf::File& file) {
  const auto dynamic = file.dynamic();
  if (!dynamic) return {};
  for (const std::string_view name : dynamic->needed) {
    const bool libc =
        name == "libc.so" || name.starts_with("libc.musl-") || elf::is_glibc_library(name);
    if (!libc) return std::string(name);
  }
  return {};
}

GateRow check_interpreter(const elf::File& file, elf::StaticKind kind, const GateRequest& request) {
  const auto found = file.interpreter();
  if (!found) return unread("interpreter", found.error());
  const std::string name = *found ? std::string(**found) : std::string("none");
  if (is_library_mode(request)) return ok("interpreter", name);
  if (request.target.libc == Libc::musl) {
    if (!*found) return ok("interpreter", name);
    // A shared library among the inputs is what makes the program dynamic.
    if (const std::string library = shared_library(file); !library.empty()) {
      return failed("interpreter",
                    fmt::format("{} is a shared library, but a musl target is static: link its "
                                "archive, or target a glibc and ship the library",
                                library),
                    Code::gate_needed_library);
    }
    return failed("interpreter", fmt::format("{}, but a musl target is static", name),
                  Code::gate_interpreter);
  }
  const Platform& platform = *request.target.platform;
  const std::string_view loader =
      request.target.freebsd() ? platform.own_loader : platform.glibc_loader;
  const bool is_static = kind == elf::StaticKind::static_exe || kind == elf::StaticKind::static_pie;
  if (!*found && is_static) return ok("interpreter", "none, static");
  if (*found && name == loader) return ok("interpreter", name);
  return failed("interpreter", fmt::format("{} instead of {}", name, loader),
                Code::gate_interpreter);
}

// Libraries of every FreeBSD, with the numbers of FreeBSD 14.
bool in_freebsd_base(std::string_view name) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"libc.so.7", "libm.so.5", "libthr.so.3", "librt.so.1", "libutil.so.9", "libdl.so.1",
       "libsys.so.7", "libexecinfo.so.1", "libstdthreads.so.0"});
  return std::ranges::find(names, name) != names.end();
}

GateRow check_libraries(const elf::Dynamic& dynamic, const GateRequest& request) {
  std::vector<std::string> names;
  for (const std::string_view name : dynamic.needed) {
    names.emplace_back(name);
    const bool given =
        std::ranges::find(request.given_libraries, name) != request.given_libraries.end();
    if (elf::is_glibc_library(name) && request.target.libc == Libc::glibc) continue;
    if (given || (request.target.freebsd() && in_freebsd_base(name))) continue;
    if (request.target.libc == Libc::musl && is_library_mode(request) && name == "libc.so")
      continue;
    return failed("libraries", fmt::format("{} is not part of {}", name, request.target.name()),
                  Code::gate_needed_library);
  }
  return ok("libraries", names.empty() ? "none" : join(names, ", "));
}

GateRow check_glibc(const elf::File& file, const GateRequest& request) {
  const auto floor = file.glibc_floor();
  if (!floor) return unread("glibc", floor.error());
  if (!*floor) return ok("glibc", "no version of glibc is needed");
  const auto& found = **floor;
  const Version version{found.version.major, found.version.minor, found.version.patch};
  if (request.target.libc != Libc::glibc) {
    return failed("glibc", fmt::format("needs glibc {}", version.text()),
                  Code::loader_glibc_too_old);
  }
  std::string who;
  if (!found.needs.empty()) who = fmt::format(" ({})", found.needs.front().symbol);
  const std::string value = fmt::format("needs glibc {}{}", version.text(), who);
  if (version > request.target.min) {
    return failed("glibc",
                  fmt::format("{}, but {} was requested", value, request.target.min.text()),
                  Code::loader_glibc_too_old);
  }
  return ok("glibc", value);
}

// The note by which the kernel knows a program of FreeBSD and the version that it was built for:
// without it, it counts as one of an ancient version (FreeBSD's sys/elf_common.h, imgact_elf.c).
GateRow check_abi_tag(const elf::File& file, const GateRequest& request) {
  constexpr std::uint32_t nt_freebsd_abi_tag = 1;
  constexpr std::uint8_t unmarked = 0, osabi_freebsd = 9;
  const std::uint8_t osabi = file.header().ei_osabi;
  if (osabi != unmarked && osabi != osabi_freebsd) {
    return failed("abi-tag", fmt::format("EI_OSABI {} is of another system", osabi),
                  Code::gate_abi_tag);
  }
  const auto note = file.note("FreeBSD", nt_freebsd_abi_tag);
  if (!note) return unread("abi-tag", note.error());
  if (!*note) return failed("abi-tag", "no note NT_FREEBSD_ABI_TAG", Code::gate_abi_tag);
  const auto number = (*note)->at<ul32>(0);
  if (!number) return unread("abi-tag", number.error());
  const std::uint32_t value = **number;
  const std::string text =
      fmt::format("FreeBSD {}.{} ({})", value / 100000, value / 1000 % 100, value);
  const bool right = value / 100000 >= request.target.min.major;
  return right ? ok("abi-tag", text) : failed("abi-tag", text, Code::gate_abi_tag);
}

GateRow check_rpaths(const elf::Dynamic& dynamic) {
  std::vector<std::string> names;
  for (const auto& list : {dynamic.rpath, dynamic.runpath}) {
    if (!list || list->empty()) continue;
    for (const std::string_view path : split(*list, ':')) {
      if (!path.starts_with("$ORIGIN") && !path.starts_with("${ORIGIN}")) {
        return failed("rpaths", fmt::format("run path {}", path), Code::gate_rpath);
      }
      names.emplace_back(path);
    }
  }
  return ok("rpaths", names.empty() ? "none" : join(names, ", "));
}

GateRow check_stack(const elf::File& file) {
  const auto executable = file.executable_stack();
  if (!executable) return unknown("exec-stack", "no PT_GNU_STACK; the kernel's default decides");
  return *executable ? failed("exec-stack", "PT_GNU_STACK is executable", Code::gate_exec_stack)
                     : ok("exec-stack", "no");
}

GateRow check_exports(const elf::File& file, const GoSide& go) {
  if (!go.function_table) return unknown("exports", "no Go function table was found");
  if (go.exported.empty()) return ok("exports", "no //export functions");
  const auto symbols = file.dynamic_symbols();
  if (!symbols) return unread("exports", symbols.error());
  std::unordered_set<std::string_view> known;
  for (const elf::Symbol symbol : *symbols) {
    if (symbol.defined()) known.insert(symbol.name);
  }
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

std::vector<Packed> packed_sections(const elf::File& file) {
  std::vector<Packed> out;
  for (const dwarf::DebugSection& one : dwarf::debug_sections(file)) {
    if (one.packed) out.push_back({one.bytes, one.size});
  }
  return out;
}

}  // namespace

bool is_for(const elf::Header& header, const Target& target) {
  return processor_of_elf(header.e_machine, header.ei_class == elf::ELFCLASS64 ? 64 : 32,
                          header.ei_data == elf::ELFDATA2MSB) == target.platform->processor;
}

void gate_elf(ByteView bytes, const GateRequest& request, std::vector<GateRow>& rows) {
  const auto file = elf::File::parse(bytes);
  if (!file) {
    rows.push_back(failed("format",
                          fmt::format("{} at offset {}", file.error().what, file.error().offset),
                          Code::gate_unreadable));
    return;
  }
  const GoSide go = read_go(go_bytes(*file));
  rows.push_back(ok("format", "ELF"));
  rows.push_back(check_arch(*file, request));
  const auto kind = file->static_kind();
  const auto dynamic = file->dynamic();
  if (!kind || !dynamic) {
    rows.push_back(unread("type", !kind ? kind.error() : dynamic.error()));
    return;
  }
  rows.push_back(check_type(*kind, request));
  rows.push_back(check_go_version(go));
  rows.push_back(check_cgo(go, request.cgo));
  rows.push_back(check_build_mode(*file, *kind, go));
  rows.push_back(check_interpreter(*file, *kind, request));
  rows.push_back(check_libraries(*dynamic, request));
  if (!request.target.freebsd()) {
    rows.push_back(check_glibc(*file, request));
  } else if (!is_library_mode(request)) {
    rows.push_back(check_abi_tag(*file, request));
  }
  rows.push_back(check_rpaths(*dynamic));
  rows.push_back(check_stack(*file));
  if (is_library_mode(request)) rows.push_back(check_exports(*file, go));
  rows.push_back(check_host_paths(bytes, packed_sections(*file), request));
}

}  // namespace tenon::gate
