#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/fact.h"
#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"
#include "inspect/artifact.h"
#include "inspect/cgo.h"
#include "inspect/go_bytes.h"
#include "inspect/readers.h"

namespace tenon::inspect {
namespace {

using gobin::Pclntab;

std::string range_text(const Pclntab& table) {
  const gobin::GoVersionRange range = gobin::version_range(table.layout());
  if (range.last.empty()) return fmt::format("Go {} or newer", range.first);
  return fmt::format("Go {} to {}", range.first, range.last);
}

// A source path that only the machine of the build has. Without -trimpath all paths are absolute;
// one in somebody's home says most.
std::string local_path(std::string_view files) {
  std::string first;
  constexpr std::string_view homes[] = {"/home/", "/Users/", "/root/", "C:/Users/"};
  while (!files.empty()) {
    const std::size_t end = files.find('\0');
    const std::string_view file = files.substr(0, end);
    files = end == std::string_view::npos ? std::string_view() : files.substr(end + 1);
    const bool drive = file.size() > 2 && file[1] == ':' && file[2] == '/';
    if (!drive && !file.starts_with('/')) continue;
    for (const std::string_view home : homes) {
      if (file.starts_with(home)) return std::string(file.substr(0, 4096));
    }
    if (first.empty() && !file.starts_with("/_/")) first = file.substr(0, 4096);
  }
  return first;
}

void file_side(const Pclntab& table, GoArtifact& go) {
  if (table.file_text().empty()) {
    go.file_path = TextFact::open("the function table of this Go lists no files apart");
    return;
  }
  std::string path = local_path(table.file_text().text());
  go.file_path = path.empty() ? TextFact::none("function table")
                              : TextFact::of(std::move(path), "function table");
}

GoModuleFact module_fact(const gobin::Module& module) {
  GoModuleFact out{
      std::string(module.id.path), std::string(module.id.version), std::string(module.id.sum), {}};
  if (module.replace) {
    out.replaced_by = module.replace->path;
    if (!module.replace->version.empty())
      out.replaced_by += fmt::format("@{}", module.replace->version);
  }
  return out;
}

void take_build_info(const gobin::BuildInfo& info, GoArtifact& go) {
  go.version = TextFact::of(std::string(info.go_version), "build info");
  go.path = !info.path.empty()  ? TextFact::of(std::string(info.path), "build info")
            : info.module_error ? TextFact::open(error_text(*info.module_error))
                                : TextFact::none("build info");
  if (info.main) go.module = module_fact(*info.main);
  for (const gobin::Module& module : info.deps) go.dependencies.push_back(module_fact(module));
  for (const gobin::Setting& setting : info.settings) {
    go.settings.emplace_back(setting.key, setting.value);
  }
  const std::string_view allowed = go.setting("CGO_ENABLED");
  go.cgo_allowed = allowed.empty()
                       ? FlagFact::open("the build info does not say; Go before 1.18 never does")
                       : FlagFact::of(allowed == "1", "build info");
}

void take_table(const GoBytes& bytes, GoArtifact& go) {
  const auto table = Pclntab::parse(bytes.pclntab);
  if (!table) {
    const std::string why =
        bytes.pclntab.empty() ? "no function table was found" : error_text(table.error());
    go.cgo_used = FlagFact::open(why);
    go.file_path = TextFact::open(why);
    return;
  }
  if (!go.version.known()) go.version = TextFact::of(range_text(*table), "function table");
  const CgoSides sides = cgo_sides(*table);
  for (const CgoBorder& one : sides.packages) {
    if (!one.package.empty()) go.cgo_packages.push_back(one.package);
  }
  go.cgo_used = FlagFact::of(sides.runtime || !sides.packages.empty(), "function table");
  file_side(*table, go);
}

}  // namespace

std::optional<GoArtifact> go_facts(const GoBytes& bytes, std::optional<std::string_view> build_id) {
  const auto info = gobin::read_build_info(bytes.regions);
  const bool has_info = info && info->has_value();
  if (!build_id) build_id = gobin::text_build_id(bytes.text);
  if (!has_info && bytes.pclntab.empty() && !build_id) return std::nullopt;
  GoArtifact go;
  const std::string why = info ? "no build info" : error_text(info.error());
  go.version = TextFact::open(why);
  go.path = TextFact::open(why);
  go.cgo_allowed = FlagFact::open(why);
  go.build_id = build_id ? TextFact::of(std::string(*build_id), "Go build id")
                         : TextFact::none("Go build id");
  if (has_info) take_build_info(**info, go);
  take_table(bytes, go);
  return go;
}

}  // namespace tenon::inspect
