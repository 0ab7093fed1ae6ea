#include "diagnose/explain_probe.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/shown.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diagnose/causes/causes.h"
#include "diagnose/events/scan.h"
#include "diagnose/failures/failure_class.h"
#include "diagnose/failures/failures.h"
#include "diagnose/log.h"
#include "machine/doctor/decide.h"

namespace tenon {
namespace {

// Without those that the machine contradicts: it is the one that the output is of. What it speaks
// for stands first.
std::vector<Candidate> held_against(const Snapshot& snapshot, std::vector<Candidate> list) {
  std::erase_if(list, [](const Candidate& one) { return one.cause->harmless; });
  std::vector<std::string_view> slugs;
  for (const Candidate& one : list) slugs.push_back(one.cause->slug);
  const auto verdicts = decide_causes(snapshot, slugs);
  const auto support = [&](const Candidate& one) {
    const auto found = std::ranges::find(verdicts, one.cause->slug, &SnapshotVerdict::slug);
    return found == verdicts.end() ? Support::unknown : found->support;
  };
  std::erase_if(list, [&](const Candidate& one) {
    return support(one) == Support::contradicted ||
           (snapshot.system.goos != "darwin" && of_macos_only(one.cause->slug));
  });
  std::ranges::stable_partition(
      list, [&](const Candidate& one) { return support(one) == Support::supported; });
  return list;
}

// No cause is known: the line that says it, its kind, and what can be asked.
void name_failure(const Log& log, Finding& found) {
  const auto failures = read_failures(log);
  const auto first = std::ranges::find_if(failures, &Failure::explained);
  if (first == failures.end()) return;
  found.message = shown_format("cgo check: {}: {}", class_words(first->kind), first->text);
  // A setting that the tool names is the one to take away.
  const bool named = std::ranges::any_of(found.evidence, [](const Evidence& one) {
    return one.kind == Evidence::Kind::fact && one.text.contains('=');
  });
  if (!named) found.fixes.clear();
  for (ShellCommand& command : checks_of(first->kind, log, first->names)) {
    found.fixes.push_back(
        {Fix::Safety::manual, "this shows more, and changes nothing", {std::move(command)}});
  }
  if (found.fixes.empty()) {
    found.fixes.push_back({Fix::Safety::manual, "the line above names what has to be fixed", {}});
  }
}

}  // namespace

namespace {

// Which package of the system has what the compiler did not find.
void explain_files(const Snapshot& snapshot, Finding& finding) {
  std::string said;
  for (const Evidence& one : finding.evidence) said += one.text + "\n";
  const auto candidates = held_against(snapshot, explain_log(scan_log(said)));
  if (!candidates.empty()) finding.fixes = {candidate_fix(candidates.front())};
}

}  // namespace

void explain_probe(const Snapshot& snapshot, std::vector<Finding>& findings) {
  for (Finding& one : findings) {
    if (one.code == Code::project_c_files_missing) explain_files(snapshot, one);
  }
  const auto found = std::ranges::find(findings, Code::cgo_probe_failed, &Finding::code);
  if (found == findings.end()) return;
  const Log log = scan_log(snapshot.compiler.probe_output.value);
  const auto candidates = held_against(snapshot, explain_log(log));
  if (candidates.empty()) return name_failure(log, *found);
  const Candidate& best = candidates.front();
  found->code = best.cause->code;
  found->message = best.message;
  found->fixes = {candidate_fix(best)};
}

}  // namespace tenon
