#include "cli/load/macho.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shown.h"
#include "base/text.h"
#include "cli/load/details.h"
#include "cli/load/place.h"
#include "cli/load/shared_cache.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/usage.h"
#include "diag/report.h"
#include "format/macho/macho.h"
#include "loader/files.h"
#include "loader/macho/dyld.h"
#include "loader/macho/report.h"
#include "loader/macho/rooted_mac.h"
#include "loader/show.h"
#include "loader/verdict.h"
#include "platform/platforms.h"

namespace tenon {
namespace {

// "26", "26.1" or "14.6.1".
std::optional<macho::Version> macos_version(std::string_view text) {
  macho::Version out{0, 0, 0};
  const auto parts = split(text, '.');
  if (parts.size() > 3) return std::nullopt;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_number(parts[i]);
    if (!number || *number > 255) return std::nullopt;
    if (i == 0) out.major = static_cast<std::uint16_t>(*number);
    if (i == 1) out.minor = static_cast<std::uint8_t>(*number);
    if (i == 2) out.patch = static_cast<std::uint8_t>(*number);
  }
  return out.major >= 11 ? std::optional(out) : std::nullopt;
}

Shown assumptions_text(const dyld::Prediction& prediction) {
  Shown out;
  for (const std::string& one : prediction.assumptions) out += shown_format("  assumed: {}\n", one);
  return out;
}

}  // namespace

int load_macho(const Arguments& arguments, Term& term, Report& report) {
  dyld::Request request;
  if (arguments.has("--macos")) {
    const auto version = macos_version(arguments.get("--macos"));
    if (!version) return usage(term, report, "--macos takes a release such as 15 or 26.1");
    request.macos = *version;
  }
  auto place = find_macos_place(
      {arguments.positional.front(), arguments.get("--root"), arguments.get("--target")});
  if (!place) return usage(term, report, std::move(place).error());
  auto cache =
      shared_cache({arguments.get("--cache-list"), arguments.get("--sdk")}, *place->platform);
  if (!cache) return usage(term, report, std::move(cache).error());
  request.program = place->subject.in_root;
  request.environment = arguments.all("--env");
  request.set_user_id = arguments.has("--secure") || place->gains_rights;
  if (arguments.has("--target")) request.cputype = place->platform->processor->macho_cpu;
  loader::Files files(*place->root, place->outside.get(), place->outside_at);
  if (arguments.has("--cwd")) files.working_folder = arguments.get("--cwd");
  if (!files.working_folder.starts_with('/'))
    return usage(term, report, "--cwd takes an absolute path in the root");
  dyld::RootedMac mac(files);
  const dyld::Prediction prediction = dyld::predict(request, mac, *cache);
  const loader::Verdict verdict = loader::verdict_of(prediction, mac);
  report.ok = verdict.loads.value_or(false);
  report.data = loader::verdict_data(verdict);
  report.data.add("target", place->subject.target);
  report.data.add("root", place->subject.root);
  Data assumptions = Data::array();
  for (const std::string& one : prediction.assumptions) assumptions.push(one);
  report.data.add("assumptions", std::move(assumptions));
  report.data.add("exact", !prediction.failure || prediction.failure->exact);
  report.data.add("system_libraries_from", cache->source);
  report.findings = loader::verdict_findings(verdict, place->subject);
  report.text = loader::verdict_text(verdict, place->subject);
  if (verdict.loads) report.text += assumptions_text(prediction);
  if (auto wrong = add_details(arguments, verdict, place->subject, report))
    return usage(term, report, std::move(*wrong));
  if (!verdict.loads) return term.finish(report, exit_undecided);
  return term.finish(report, *verdict.loads ? exit_ok : exit_no);
}

}  // namespace tenon
