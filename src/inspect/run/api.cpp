// The public face, include/tenon/inspect.h: copies the facts that most programs ask for out of a
// FileReport and keeps the report for json().
#include <fmt/format.h>
#include <tenon/inspect.h>

#include <cstddef>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/result.h"
#include "diag/render/render.h"
#include "host/mapping.h"
#include "inspect/artifact.h"
#include "inspect/inspect.h"
#include "inspect/show.h"

namespace tenon::api::inline v1 {

struct Inspection::Facts {
  FileReport report;
};

namespace {

Fact fact_of(const TextFact& fact) {
  return {static_cast<FactState>(fact.state), fact.value, fact.source, fact.why};
}

Fact fact_of(const FlagFact& fact) {
  const std::string_view value = !fact.known() ? "" : fact.value ? "yes" : "no";
  return {static_cast<FactState>(fact.state), std::string(value), fact.source, fact.why};
}

static_assert(std::to_underlying(FactState::unknown) ==
              std::to_underlying(tenon::FactState::unknown));
static_assert(std::to_underlying(FactState::absent) ==
              std::to_underlying(tenon::FactState::absent));
static_assert(std::to_underlying(FactState::known) == std::to_underlying(tenon::FactState::known));

Slice slice_of(const Artifact& artifact) {
  Slice out{.format = artifact.format,
            .arch = artifact.arch,
            .type = artifact.type,
            .offset = artifact.offset,
            .size = artifact.size,
            .platform = fact_of(artifact.platform),
            .minimum_os = fact_of(artifact.minos),
            .glibc_floor = fact_of(artifact.glibc_floor),
            .libc = fact_of(artifact.libc),
            .linkage = fact_of(artifact.linkage),
            .name = fact_of(artifact.name),
            .uuid = fact_of(artifact.uuid),
            .needed = {},
            .rpaths = {},
            .signature = std::string(signature_kind_name(artifact.signature.kind)),
            .go_version = {FactState::absent, "", "not of Go", ""},
            .cgo_used = {FactState::absent, "", "not of Go", ""},
            .link_mode = fact_of(artifact.link_mode)};
  for (const NeededLibrary& library : artifact.needed) {
    out.needed.push_back({library.name, library.weak, library.reexport, library.versions});
  }
  for (const RunPath& path : artifact.rpaths) out.rpaths.push_back(path.path);
  if (artifact.go) {
    out.go_version = fact_of(artifact.go->version);
    out.cgo_used = fact_of(artifact.go->cgo_used);
  }
  return out;
}

std::string error_of(const Error& error) {
  if (error.offset == 0) return fmt::format("{}: {}", errc_name(error.code), error.what);
  return fmt::format("{}: {}, at offset {}", errc_name(error.code), error.what, error.offset);
}

Inspection inspection_of(ByteView bytes, std::string path) {
  Inspection out;
  out.path = std::move(path);
  auto report = inspect_file(bytes, {});
  if (!report) {
    out.error = error_of(report.error());
    return out;
  }
  out.kind = report->kind;
  for (const Artifact& artifact : report->slices) out.slices.push_back(slice_of(artifact));
  out.facts = std::make_shared<const Inspection::Facts>(std::move(*report));
  return out;
}

}  // namespace

std::string_view name(FactState state) {
  switch (state) {
    case FactState::unknown: return "unknown";
    case FactState::absent: return "absent";
    case FactState::known: return "known";
  }
  return "unknown";
}

std::string Inspection::json() const {
  return facts == nullptr ? std::string() : render_data(file_data(path, facts->report));
}

Inspection inspect(const std::string& path) {
  const auto mapping = map_file(path);
  Inspection out;
  if (mapping) out = inspection_of(mapping->view(), path);
  const auto same = mapping ? mapping->unchanged() : std::unexpected(mapping.error());
  if (same) return out;
  out = {};
  out.path = path;
  out.error = error_of(same.error());
  return out;
}

Inspection inspect_bytes(std::span<const std::byte> bytes) {
  return inspection_of(ByteView(bytes), {});
}

}  // namespace tenon::api::inline v1
