#include "crossbuild/gate/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/inflate.h"
#include "base/path_finder.h"
#include "crossbuild/gate/checks.h"
#include "crossbuild/gate/gate_row.h"
#include "diag/codes.h"
#include "format/ar/ar.h"
#include "format/elf/elf.h"
#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"
#include "format/macho/macho.h"
#include "format/pe/pe.h"
#include "inspect/go_bytes.h"
#include "platform/platforms.h"
#include "platform/target.h"

namespace tenon {
namespace gate {
namespace {

// The path that begins at `offset`, for a message.
std::string shown_path(ByteView file, std::size_t offset) {
  const std::string_view rest = file.text().substr(offset);
  std::size_t end = 0;
  while (end < rest.size() && end < 120 && rest[end] > ' ' && rest[end] < 0x7f) ++end;
  return std::string(rest.substr(0, end));
}

std::string first_path(ByteView bytes, const PathFinder& finder) {
  std::string found;
  finder.each(bytes.bytes(), [&](std::size_t offset, const std::string&) {
    found = shown_path(bytes, offset);
    return false;
  });
  return found;
}

// "main._cgoexp_68d5c5fdcb6f_MyExport" -> "MyExport"
std::optional<std::string_view> exported_name(std::string_view function) {
  constexpr std::string_view mark = "_cgoexp_";
  const std::size_t at = function.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = function.substr(at + mark.size());
  const std::size_t end = rest.find('_');
  if (end != 12 || end + 1 >= rest.size()) return std::nullopt;
  return rest.substr(end + 1);
}

}  // namespace

std::string setting(const GoSide& go, std::string_view key) {
  if (!go.info) return {};
  const auto found = std::ranges::find(go.info->settings, key, &gobin::Setting::key);
  return found == go.info->settings.end() ? std::string() : found->value;
}

GoSide read_go(const GoBytes& bytes) {
  GoSide go;
  auto info = gobin::read_build_info(bytes.regions);
  if (!info) {
    go.why_not = fmt::format("build info: {} at offset {}", info.error().what, info.error().offset);
  } else if (!*info) {
    go.why_not = "no build info";
  } else {
    go.info = std::move(**info);
  }
  const auto table = gobin::Pclntab::parse(bytes.pclntab);
  if (!table) return go;
  go.function_table = true;
  for (std::uint64_t i = 0; i < table->size(); ++i) {
    const std::string_view function = table->function_name(i);
    if (const auto name = exported_name(function)) go.exported.emplace_back(*name);
  }
  std::ranges::sort(go.exported);
  const auto [first, last] = std::ranges::unique(go.exported);
  go.exported.erase(first, last);
  return go;
}

GateRow check_go_version(const GoSide& go) {
  if (!go.info) return unknown("go", go.why_not);
  return ok("go", std::string(go.info->go_version));
}

GateRow check_cgo(const GoSide& go, bool expected) {
  if (!go.info) return unknown("cgo", go.why_not);
  const std::string value = setting(go, "CGO_ENABLED");
  if (value.empty()) return unknown("cgo", "the build info does not say");
  const bool on = value == "1";
  const std::string text = "CGO_ENABLED=" + value;
  return on == expected ? ok("cgo", text)
                        : failed("cgo", text + " in the build info", Code::gate_cgo_stub);
}

GateRow check_host_paths(ByteView file, std::span<const Packed> packed,
                         const GateRequest& request) {
  if (request.host_paths.empty()) return unknown("host-paths", "not checked: --keep-paths");
  const PathFinder finder(request.host_paths);
  std::string found = first_path(file, finder);
  for (const Packed& section : packed) {
    if (!found.empty()) break;
    const auto bytes = inflate(section.stream.bytes(), section.size);
    if (!bytes)
      return unknown("host-paths", fmt::format("compressed debug section: {}", bytes.error().what));
    found = first_path(ByteView(std::span<const std::byte>(*bytes)), finder);
  }
  if (!found.empty()) return failed("host-paths", "the file names " + found, Code::gate_host_path);
  return ok("host-paths", "none");
}

std::string mode_of(const GateRequest& request) {
  if (request.build_mode.empty() || request.build_mode == "default") return "exe";
  return request.build_mode;
}

namespace {

bool is_object_for(ByteView bytes, const Target& target) {
  const Processor& processor = *target.platform->processor;
  switch (target.platform->container) {
    case Container::macho: {
      const auto object = macho::File::parse(bytes);
      return object && object->header().cputype == processor.macho_cpu;
    }
    case Container::pe: {
      const auto object = pe::parse_object(bytes);
      return object && object->machine == processor.pe_machine;
    }
    default: {
      const auto object = elf::File::parse(bytes);
      return object && is_for(object->header(), target);
    }
  }
}

}  // namespace

void gate_archive(ByteView file, const GateRequest& request, std::vector<GateRow>& rows) {
  const auto archive = ar::Archive::parse(file);
  if (!archive) {
    rows.push_back(failed("format", std::string(archive.error().what), Code::gate_unreadable));
    return;
  }
  rows.push_back(ok("format", fmt::format("archive of {} members", archive->members().size())));
  std::size_t objects = 0;
  for (const ar::Member& member : archive->members()) {
    if (!is_object_for(member.data, request.target)) {
      rows.push_back(failed("arch", std::string(member.name), Code::gate_wrong_architecture));
      return;
    }
    ++objects;
  }
  rows.push_back(
      ok("arch", fmt::format("{} in {} objects", request.target.platform->goarch, objects)));
  const auto index = archive->index();
  const bool indexed = index && index->size() > 0;
  rows.push_back(indexed
                     ? ok("index", fmt::format("{} symbols", index->size()))
                     : failed("index", "the archive has no symbol index", Code::gate_unreadable));
  rows.push_back(check_host_paths(file, {}, request));
}

}  // namespace gate

std::vector<GateRow> run_gate(ByteView file, const GateRequest& request) {
  std::vector<GateRow> rows;
  if (file.text().starts_with("!<arch>\n")) {
    gate::gate_archive(file, request, rows);
  } else if (request.target.darwin()) {
    gate::gate_macho(file, request, rows);
  } else if (request.target.windows()) {
    gate::gate_pe(file, request, rows);
  } else {
    gate::gate_elf(file, request, rows);
  }
  return rows;
}

bool gate_failed(const std::vector<GateRow>& rows) {
  return std::ranges::any_of(rows,
                             [](const GateRow& row) { return row.state == GateState::failed; });
}

}  // namespace tenon
