#include "diagnose/causes/causes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "diag/catalog.h"
#include "diag/finding.h"
#include "diagnose/build_context.h"
#include "diagnose/causes/commands.h"
#include "diagnose/causes/own_findings.h"
#include "diagnose/causes/team.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"
#include "diagnose/rows/builtin.h"
#include "diagnose/rows/rank.h"
#include "diagnose/rows/row.h"

namespace tenon {

Candidate make_candidate(const Cause& cause, const Log& log, Sureness sureness, Proof proof) {
  add_target_names(log, proof.captures);
  add_static_package(proof.captures);
  add_first_release(proof.captures);
  add_baseline(log, proof.captures);
  add_symbol_library(log, proof.lines, proof.captures);
  add_compiler_package(proof.captures);
  add_formula(proof.captures);
  add_pc_directory(log, proof.captures);
  add_needed_release(proof.captures);
  add_binding_module(log, proof.lines, proof.captures);
  std::ranges::sort(proof.lines);
  const auto repeated = std::ranges::unique(proof.lines);
  proof.lines.erase(repeated.begin(), repeated.end());
  return {.cause = &cause,
          .sureness = sureness,
          .lines = std::move(proof.lines),
          .message = fill_names(cause.happens, proof.captures),
          .fix = fill_names(cause.fix, proof.captures),
          .decide = filled_command(cause.decide.words, proof.captures),
          .commands = commands_of(cause, log, proof.captures)};
}

bool of_macos_only(std::string_view slug) {
  return slug.starts_with("codesign/") || slug.starts_with("gatekeeper/") ||
         slug.starts_with("dyld/") || slug.starts_with("rosetta/") || slug.starts_with("clt/") ||
         slug == "dns/darwin-nocgo-split-dns" || slug == "darwin/brew-prefix-not-searched";
}

Fix candidate_fix(const Candidate& candidate) {
  const Fix::Safety safety = candidate.commands.empty() ? Fix::Safety::manual : Fix::Safety::review;
  return {safety, candidate.fix, candidate.commands};
}

namespace {

// The line of the event that all lines of a candidate are consequences of; 0 when one is none.
std::size_t root_line(const Log& log, const Candidate& candidate) {
  std::size_t out = 0;
  for (const std::size_t line : candidate.lines) {
    const LogEvent* event = log.event_at(line);
    if (event == nullptr || !event->follows) return 0;
    out = log.events[*event->follows].line;
  }
  return out;
}

// What tools say after the first trouble is noise of it: a candidate that rests on nothing else
// stands behind those that name the root.
std::vector<std::size_t> roots_of(const Log& log, const std::vector<Candidate>& list,
                                  std::size_t index) {
  std::vector<std::size_t> out;
  const std::size_t root = root_line(log, list[index]);
  for (std::size_t i = 0; i < list.size() && root != 0; ++i) {
    const Candidate& other = list[i];
    const bool names_root = std::ranges::find(other.lines, root) != other.lines.end();
    const bool explains =
        !other.cause->harmless && !other.cause->general && other.sureness >= Sureness::possible;
    if (i != index && names_root && explains) out.push_back(i);
  }
  return out;
}

// What is general stands behind everything that says why; a mere guess, no better than none, says
// nothing.
void put_general_last(std::vector<Candidate>& found, std::vector<rows::Place>& places) {
  const auto says_why = [](const Candidate& one) {
    return !one.cause->general && !one.cause->harmless && one.sureness > Sureness::weak;
  };
  const bool closer = std::ranges::any_of(found, says_why);
  for (std::size_t i = 0; i < found.size() && closer; ++i) {
    if (found[i].cause->general) places[i].sureness = Sureness::weak;
    for (std::size_t k = 0; k < found.size() && found[i].cause->general; ++k) {
      if (says_why(found[k])) places[i].after.push_back(k);
    }
  }
}

// What rests on no line of the log stands behind everything that does.
void put_unproven_last(const std::vector<Candidate>& found, std::vector<rows::Place>& places) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].lines.empty()) continue;
    places[i].sureness = std::min(places[i].sureness, Sureness::weak);
    for (std::size_t k = 0; k < found.size(); ++k) {
      if (!found[k].lines.empty() && !found[k].cause->harmless) places[i].after.push_back(k);
    }
  }
}

// Whether what is known of the build speaks against a cause that the log does not prove. cgo is on
// in every build of tenon; what only macOS has does not happen on another system.
bool contradicted(const Cause& cause, const BuildContext& build, Sureness sureness) {
  if (build.tenon && cause.slug.starts_with("cgo/disabled-")) return true;
  if (build.host_goos.empty() || build.host_goos == "darwin") return false;
  return sureness < Sureness::certain && of_macos_only(cause.slug);
}

std::vector<std::string> hidden_by(const rows::Row& row, const rows::Match& match) {
  std::vector<std::string> out = row.hides;
  out.insert(out.end(), match.when->hides.begin(), match.when->hides.end());
  return out;
}

// Candidates with their places, at the same index.
struct Found {
  std::vector<Candidate> candidates;
  std::vector<rows::Place> places;
};

void try_row(const rows::Row& row, const Cause& cause, const Log& log, Found& out) {
  rows::Match match;
  if (!rows::match_row(row, log, match) || contradicted(cause, log.build, match.sureness)) return;
  out.candidates.push_back(make_candidate(cause, log, match.sureness, std::move(match.proof)));
  const auto& lines = out.candidates.back().lines;
  out.places.push_back({cause.slug,
                        match.sureness,
                        lines.empty() ? SIZE_MAX : lines.front(),
                        hidden_by(row, match),
                        {}});
}

}  // namespace

std::vector<Candidate> explain_log(const Log& log, const TeamCauses* team) {
  std::vector<Candidate> out = own_findings(log);
  if (!out.empty()) return out;
  Found all;
  for (const rows::Row& row : rows::builtin_rows()) {
    if (const Cause* cause = find_cause(row.slug)) try_row(row, *cause, log, all);
  }
  for (std::size_t i = 0; team != nullptr && i < team->rows().size(); ++i) {
    try_row(team->rows()[i], team->causes()[i], log, all);
  }
  auto& [found, places] = all;
  for (std::size_t i = 0; i < found.size(); ++i) places[i].after = roots_of(log, found, i);
  put_general_last(found, places);
  put_unproven_last(found, places);
  for (const std::size_t index : rows::rank(places)) {
    found[index].sureness = places[index].sureness;
    out.push_back(std::move(found[index]));
  }
  return out;
}

void put_first(std::vector<Candidate>& candidates, const Cause& cause, Sureness least) {
  const auto found = std::ranges::find(candidates, &cause, &Candidate::cause);
  if (found == candidates.end()) return;
  Candidate raised = std::move(*found);
  candidates.erase(found);
  raised.sureness = std::max(raised.sureness, least);
  const auto place = std::ranges::find_if(
      candidates, [&](const Candidate& one) { return one.sureness <= raised.sureness; });
  candidates.insert(place, std::move(raised));
}

void sort_by_sureness(std::vector<Candidate>& candidates) {
  std::ranges::stable_sort(candidates, std::greater(), &Candidate::sureness);
}

std::string_view confidence_word(Sureness sureness) {
  return rows::sureness_name(std::max(sureness, Sureness::possible));
}

int score_of(Sureness sureness) {
  switch (sureness) {
    case Sureness::weak: return 25;
    case Sureness::possible: return 45;
    case Sureness::likely: return 70;
    case Sureness::certain: return 90;
  }
  return 0;
}

}  // namespace tenon
