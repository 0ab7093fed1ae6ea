#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/result.h"
#include "format/tbd/tbd.h"
#include "inspect/artifact.h"
#include "inspect/field.h"
#include "inspect/readers.h"

namespace tenon::inspect {
namespace {

// The names that a document exports for one target.
std::uint64_t export_count(const tbd::Document& document, std::string_view target) {
  std::uint64_t count = 0;
  const auto names = [](const tbd::NameList& list) {
    std::uint64_t found = 0;
    for ([[maybe_unused]] const std::string_view name : list) ++found;
    return found;
  };
  for (const tbd::Item& item : document.items) {
    if (item.kind == tbd::ItemKind::undefineds || !document.covers(item.targets, target)) continue;
    count += names(item.symbols) + names(item.weak_symbols) + names(item.thread_local_symbols) +
             names(item.objc_classes) + names(item.objc_eh_types) + names(item.objc_ivars);
  }
  return count;
}

void reexport_facts(const tbd::Document& document, std::string_view target, Artifact& out) {
  for (const tbd::ReexportedLibraries& list : document.reexported_libraries) {
    if (!document.covers(list.targets, target)) continue;
    for (const std::string_view name : list.libraries) {
      NeededLibrary needed;
      needed.name = name;
      needed.reexport = true;
      out.needed.push_back(std::move(needed));
    }
  }
}

Artifact stub_slice(const tbd::Document& document, std::string_view target) {
  Artifact out = blank_artifact(Format::stub);
  const std::string where = "stub";
  out.format = fmt::format("tbd {}", document.version);
  const std::size_t dash = target.find('-');
  out.arch = target.substr(0, dash);
  out.type = "dynamic library stub";
  if (dash != std::string_view::npos) {
    out.platform = TextFact::of(std::string(target.substr(dash + 1)), where);
  } else if (!document.platform.empty()) {
    out.platform = TextFact::of(std::string(document.platform), where);
  } else {
    out.platform = TextFact::none(where);
  }
  out.name = TextFact::of(std::string(document.install_name), where);
  out.exports = CountFact::of(export_count(document, target), where);
  reexport_facts(document, target, out);
  return out;
}

}  // namespace

Result<void> tbd_facts(ByteView bytes, FileReport& report) {
  const auto documents = TENON_TRY(tbd::read(bytes));
  // The first is the library itself, the others are what it re-exports.
  for (const std::string_view target : documents.front().targets) {
    Artifact slice = stub_slice(documents.front(), target);
    slice.size = bytes.size();
    report.slices.push_back(std::move(slice));
    if (report.slices.size() == 64) break;
  }
  return {};
}

}  // namespace tenon::inspect
