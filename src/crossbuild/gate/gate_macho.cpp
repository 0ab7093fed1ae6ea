#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"
#include "base/text.h"
#include "codesign/blob/codesign.h"
#include "codesign/mapping/mapping.h"
#include "codesign/verdict.h"
#include "crossbuild/gate/checks.h"
#include "crossbuild/gate/gate.h"
#include "crossbuild/gate/gate_row.h"
#include "crossbuild/stubs/system_libraries.h"
#include "diag/codes.h"
#include "format/dwarf/sections.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"
#include "inspect/go_bytes.h"
#include "platform/platforms.h"
#include "platform/version_number.h"

namespace tenon::gate {
namespace {

constexpr std::uint32_t sg_read_only = 0x10;  // <mach-o/loader.h>

std::string cpu_name(std::uint32_t cputype) {
  for (const Platform& platform : platforms()) {
    if (platform.builds && platform.processor->macho_cpu == cputype && !platform.apple_arch.empty())
      return std::string(platform.apple_arch);
  }
  return fmt::format("CPU type {:#x}", cputype);
}

std::string version_text(macho::Version version) {
  return Version{version.major, version.minor, version.patch}.text();
}

GateRow check_arch(const macho::File& file, const GateRequest& request) {
  const std::string name = cpu_name(file.header().cputype);
  if (file.header().cputype != request.target.platform->processor->macho_cpu) {
    return failed("arch", name, Code::gate_wrong_architecture);
  }
  return ok("arch", name);
}

GateRow check_type(const macho::File& file, const GateRequest& request) {
  const std::string mode = mode_of(request);
  const std::uint32_t wanted =
      mode == "c-shared" || mode == "plugin" ? macho::MH_DYLIB : macho::MH_EXECUTE;
  const std::uint32_t type = file.header().filetype;
  std::string name = fmt::format("type {}", type);
  if (type == macho::MH_EXECUTE) name = "executable";
  if (type == macho::MH_DYLIB) name = "dynamic library";
  if (type == macho::MH_BUNDLE) name = "bundle";
  const bool bundle = mode == "plugin" && type == macho::MH_BUNDLE;
  if (type != wanted && !bundle) return failed("type", name, Code::gate_file_type);
  return ok("type", name);
}

GateRow check_build_mode(const macho::File& file, const GoSide& go) {
  const std::string said = setting(go, "-buildmode");
  if (said.empty()) return unknown("build-mode", go.info ? "not in the build info" : go.why_not);
  const bool pie = (file.header().flags & macho::MH_PIE) != 0;
  const bool dylib = file.header().filetype == macho::MH_DYLIB;
  const std::string header = dylib ? "library" : pie ? "PIE" : "no PIE";
  const std::string value = fmt::format("build info {}, header {}", said, header);
  // Go's default on darwin is PIE, which the build info calls exe.
  const bool agree = (said == "c-shared") == dylib && !(said == "pie" && !pie);
  return agree ? ok("build-mode", value) : failed("build-mode", value, Code::gate_build_mode);
}

GateRow check_minimum(const macho::File& file, const GateRequest& request) {
  const macho::BuildVersion* build = file.build();
  if (build == nullptr) return failed("minos", "no LC_BUILD_VERSION", Code::gate_deployment_target);
  if (build->platform != macho::PLATFORM_MACOS) {
    return failed("minos", fmt::format("platform {} instead of macOS", build->platform),
                  Code::gate_deployment_target);
  }
  const Version found{build->minos.major, build->minos.minor, build->minos.patch};
  const std::string value = fmt::format("macOS {}, sdk {}", found.text(), version_text(build->sdk));
  if (request.target.min.empty()) return unknown("minos", value + "; none was requested");
  if (found > request.target.min) {
    return failed("minos",
                  fmt::format("{}, but {} was requested", value, request.target.min.text()),
                  Code::gate_deployment_target);
  }
  return ok("minos", value);
}

GateRow check_uuid(const macho::File& file) {
  if (!file.uuid()) return failed("uuid", "no LC_UUID", Code::dyld_missing_lc_uuid);
  return ok("uuid", to_hex(file.uuid()->data(), file.uuid()->size()));
}

GateRow check_data_const(const macho::File& file) {
  const macho::Segment* segment = file.segment("__DATA_CONST");
  if (segment == nullptr) return ok("data-const", "no such segment");
  if ((segment->flags & sg_read_only) == 0) {
    return failed("data-const", "__DATA_CONST without SG_READ_ONLY",
                  Code::dyld_data_const_not_read_only);
  }
  return ok("data-const", "SG_READ_ONLY");
}

GateRow check_mapping(const macho::File& file) {
  const auto problems = codesign::slice_problems(file);
  const auto refused = std::ranges::find_if(
      problems, [](const codesign::MapProblem& each) { return codesign::refuses(each.fault); });
  if (refused == problems.end()) {
    return ok("mapping", fmt::format("{} segments", file.segments().size()));
  }
  return failed("mapping", codesign::message_of(*refused), codesign::code_of(refused->fault));
}

GateRow check_signature(const macho::File& file, const GateRequest& request) {
  const codesign::HashReport report = codesign::check_hashes(file);
  const codesign::Verdict verdict = report.verdict();
  switch (verdict.state) {
    case codesign::State::valid: {
      std::uint64_t pages = 0;
      for (const auto& directory : report.directories) pages += directory.pages;
      return ok("signature",
                fmt::format("{}, {} page hashes right", report.cms ? "signed" : "ad-hoc", pages));
    }
    case codesign::State::invalid:
      return failed("signature", verdict.cause().message, Code::gate_signature);
    case codesign::State::unknown:
      return unknown("signature", verdict.cause().message, Code::gate_signature);
    case codesign::State::absent: break;
  }
  if (request.target.platform->goarch == "arm64") {
    return failed("signature", "not signed; arm64 Macs do not run unsigned code",
                  Code::gate_signature);
  }
  return ok("signature", "none; Intel Macs need none");
}

enum class LibraryKind { system, given, shipped, foreign, unlisted };

LibraryKind library_kind(std::string_view name, const GateRequest& request) {
  const auto rows = system_libraries();
  if (name == "/usr/lib/libSystem.B.dylib") return LibraryKind::system;
  if (std::ranges::find(rows, name, &SystemLibrary::install_name) != rows.end()) {
    return LibraryKind::system;
  }
  if (std::ranges::find(request.given_libraries, name) != request.given_libraries.end()) {
    return LibraryKind::given;
  }
  if (name.starts_with('@')) return LibraryKind::shipped;
  if (name.starts_with("/usr/lib/") || name.starts_with("/System/Library/")) {
    return LibraryKind::unlisted;
  }
  return LibraryKind::foreign;
}

GateRow check_libraries(const macho::File& file, const GateRequest& request) {
  std::vector<std::string> names;
  std::string unlisted;
  bool system = false;
  for (const macho::Dylib& dylib : file.dylibs()) {
    names.emplace_back(dylib.name);
    system = system || dylib.name == "/usr/lib/libSystem.B.dylib";
    switch (library_kind(dylib.name, request)) {
      case LibraryKind::system:
      case LibraryKind::given: break;
      case LibraryKind::shipped:
        unlisted = fmt::format("{} must be shipped with the program", dylib.name);
        break;
      case LibraryKind::unlisted:
        unlisted = fmt::format("{} is not on tenon's list of macOS libraries", dylib.name);
        break;
      case LibraryKind::foreign:
        return failed("libraries", fmt::format("{} is not part of macOS", dylib.name),
                      Code::gate_needed_library);
    }
  }
  if (!system && file.header().filetype == macho::MH_EXECUTE) {
    return failed("libraries", "libSystem is not linked; dyld rejects such programs",
                  Code::gate_needed_library);
  }
  if (!unlisted.empty()) return unknown("libraries", unlisted, Code::gate_needed_library);
  return ok("libraries", join(names, ", "));
}

GateRow check_rpaths(const macho::File& file) {
  std::vector<std::string> names;
  for (const std::string_view path : file.rpaths()) {
    if (!path.starts_with("@loader_path") && !path.starts_with("@executable_path") &&
        !path.starts_with("/usr/lib") && !path.starts_with("/System/")) {
      return failed("rpaths", fmt::format("LC_RPATH {}", path), Code::gate_rpath);
    }
    names.emplace_back(path);
  }
  return ok("rpaths", names.empty() ? "none" : join(names, ", "));
}

// Which of `names` the symbol table defines, with the underscore of C.
std::unordered_set<std::string> defined_names(const macho::File& file,
                                              const std::vector<std::string>& names) {
  std::unordered_set<std::string> out;
  if (names.empty()) return out;
  const std::unordered_set<std::string_view> wanted(names.begin(), names.end());
  (void)file.for_each_symbol([&](const macho::Symbol& symbol) {
    if (!macho::is_defined(symbol) || !symbol.name.starts_with('_')) return;
    const std::string_view name = symbol.name.substr(1);
    if (wanted.contains(name)) out.emplace(name);
  });
  return out;
}

GateRow check_exports(const macho::File& file, const GoSide& go) {
  if (!go.function_table) return unknown("exports", "no Go function table was found");
  if (go.exported.empty()) return ok("exports", "no //export functions");
  const auto names = file.exports();
  if (!names) return unknown("exports", std::string(names.error().what), Code::gate_lost_export);
  const std::unordered_set<std::string_view> known(names->begin(), names->end());
  std::vector<std::string> lost;
  for (const std::string& name : go.exported) {
    if (!known.contains("_" + name)) lost.push_back(name);
  }
  // Compiled with -fvisibility=hidden, a function is there for the program's own C and not
  // exported.
  const std::unordered_set<std::string> hidden = defined_names(file, lost);
  std::erase_if(lost, [&](const std::string& name) { return hidden.contains(name); });
  if (lost.empty() && !hidden.empty()) {
    return ok("exports",
              fmt::format("{} //export functions, {} of them hidden by the package's flags",
                          go.exported.size(), hidden.size()));
  }
  if (!lost.empty()) {
    return failed("exports", fmt::format("//export functions not exported: {}", join(lost, ", ")),
                  Code::gate_lost_export);
  }
  return ok("exports", fmt::format("all {} //export functions", go.exported.size()));
}

std::vector<Packed> packed_sections(const macho::File& file) {
  std::vector<Packed> out;
  for (const dwarf::DebugSection& one : dwarf::debug_sections(file)) {
    if (one.packed) out.push_back({one.bytes, one.size});
  }
  return out;
}

}  // namespace

void gate_macho(ByteView bytes, const GateRequest& request, std::vector<GateRow>& rows) {
  const auto file = macho::File::parse(bytes);
  if (!file) {
    rows.push_back(failed("format",
                          fmt::format("{} at offset {}", file.error().what, file.error().offset),
                          Code::gate_unreadable));
    return;
  }
  const GoSide go = read_go(go_bytes(*file));
  rows.push_back(ok("format", "Mach-O"));
  rows.push_back(check_arch(*file, request));
  rows.push_back(check_type(*file, request));
  rows.push_back(check_go_version(go));
  rows.push_back(check_cgo(go, request.cgo));
  rows.push_back(check_build_mode(*file, go));
  rows.push_back(check_minimum(*file, request));
  rows.push_back(check_uuid(*file));
  rows.push_back(check_data_const(*file));
  rows.push_back(check_mapping(*file));
  rows.push_back(check_signature(*file, request));
  rows.push_back(check_libraries(*file, request));
  rows.push_back(check_rpaths(*file));
  rows.push_back(check_exports(*file, go));
  rows.push_back(check_host_paths(bytes, packed_sections(*file), request));
}

}  // namespace tenon::gate
