// What a build here needs beside Go and a compiler: downloads and what they take, the clock,
// limits, a repository that git reads, and a vendor directory that go accepts.
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/judgement.h"
#include "machine/doctor/running_go.h"

namespace tenon::doctor {
namespace {

void downloads(const Snapshot& snapshot, Findings& out) {
  const ListFact& missing = snapshot.project.missing;
  if (!missing.known() || missing.value.empty()) return;
  const auto refusal = proxy_refusal(snapshot);
  if (!refusal) return;
  Finding found = of_rule(Code::env_modules_cannot_be_downloaded,
                          {{"count", std::to_string(missing.value.size())},
                           {"first", missing.value.front()},
                           {"why", refusal->why}},
                          missing.value.front(), {fact(refusal->where, refusal->setting)});
  // These go past the proxy.
  const bool may_be_private =
      active(snapshot, "GOPRIVATE") != nullptr || active(snapshot, "GONOPROXY") != nullptr;
  if (may_be_private) found.severity = Severity::warning;
  const Setting* set = active(snapshot, "GOPROXY");
  if (set != nullptr && refusal->setting.starts_with("GOPROXY=")) found.fixes = {unset(*set)};
  out.push_back(std::move(found));
}

void certificates(const Snapshot& snapshot, Findings& out) {
  const TextFact& found = snapshot.network.certificates;
  if (snapshot.system.goos != "linux" || found.state != FactState::absent) return;
  Finding none =
      of_rule(Code::network_no_certificates, {}, "certificates", {fact(found.source, "not there")});
  if (must_download(snapshot) && !proxy_refusal(snapshot)) none.severity = Severity::error;
  if (const Setting* file = active(snapshot, "SSL_CERT_FILE"))
    none.fixes = {unset(*file)};
  else
    none.fixes = {install_package(snapshot, "ca-certificates", "ca-certificates")};
  out.push_back(std::move(none));
}

// Nothing is older than the release that is installed.
void clock(const Snapshot& snapshot, Findings& out) {
  const TextFact &today = snapshot.system.day, &released = snapshot.go.released;
  if (!today.known() || !released.known() || today.value >= released.value) return;
  Finding wrong =
      of_rule(Code::system_clock_wrong, {{"today", today.value}, {"day", released.value}},
              today.value, {fact(released.source, released.value), fact("clock", today.value)});
  if (must_download(snapshot)) wrong.severity = Severity::error;
  out.push_back(std::move(wrong));
}

// Measured with go 1.26 and gcc 12: a program with C builds with 24 files and 1,000,000 KiB, and
// does not with 20 and 800,000; the smallest program takes 2 MiB, and a test some 4.
void limits(const Snapshot& snapshot, Findings& out) {
  constexpr std::uint64_t least_files = 24, least_space = 976, least_size = 8;
  const SystemState& system = snapshot.system;
  const auto tell = [&](const CountFact& limit, std::string name, std::string value,
                        std::string problem) {
    Finding low = of_rule(
        Code::system_limit,
        {{"limit", std::move(name)}, {"value", std::move(value)}, {"problem", std::move(problem)}},
        limit.source, {fact(limit.source, std::to_string(limit.value))});
    low.severity = Severity::error;
    out.push_back(std::move(low));
  };
  if (system.open_files.known() && system.open_files.value < least_files) {
    tell(system.open_files, "the number of open files (ulimit -n)",
         std::to_string(system.open_files.value), "go cannot start the compiler");
  }
  if (system.address_space.known() && system.address_space.value < least_space) {
    tell(system.address_space, "the address space of a program (ulimit -v)",
         fmt::format("{} MiB", system.address_space.value), "go reserves more and ends");
  }
  if (system.file_size.known() && system.file_size.value < least_size) {
    tell(system.file_size, "the size of a file (ulimit -f)",
         fmt::format("{} MiB", system.file_size.value),
         "go cannot write the programs that it links");
  }
}

// Of a flag in GOFLAGS, the last value; empty when it is not there.
std::string go_flag(const Snapshot& snapshot, std::string_view name) {
  const Setting* flags = active(snapshot, "GOFLAGS");
  std::string out;
  if (flags == nullptr) return out;
  for (std::string_view word : split_words(flags->value)) {
    while (word.starts_with('-')) word.remove_prefix(1);
    if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) {
      out = word.substr(name.size() + 1);
    }
  }
  return out;
}

// go build asks git for the revision of a program; go test does not.
void repository(const Snapshot& snapshot, Findings& out) {
  const ProjectState& project = snapshot.project;
  if (!project.vcs_refused.known() || !project.vcs.known()) return;
  if (!project.programs.known() || !project.programs.value) return;
  const std::string set = go_flag(snapshot, "buildvcs");
  if (set == "false" || go_minor(running_go(snapshot).version) < 18) return;
  Finding found =
      of_rule(Code::project_vcs_refused,
              {{"folder", project.vcs.value}, {"why", project.vcs_refused.value}},
              project.vcs.value, {fact(project.vcs_refused.source, project.vcs_refused.value)});
  found.fixes = {{Fix::Safety::review,
                  "tell git that the directory is safe",
                  {{"git", "config", "--global", "--add", "safe.directory",
                    ShellWord::path(project.vcs.value)}}},
                 {Fix::Safety::review,
                  "or build without the revision",
                  {{"go", "env", "-w", "GOFLAGS=-buildvcs=false"}}}};
  out.push_back(std::move(found));
}

void vendor(const Snapshot& snapshot, Findings& out) {
  const ProjectState& project = snapshot.project;
  const std::string mode = go_flag(snapshot, "mod");
  const bool none = project.vendor.state == FactState::absent;
  const bool asked = mode == "vendor";
  const bool requires_modules = project.modules.known() && project.modules.value > 0;
  const bool used = asked || (mode.empty() && go_minor(project.go.value) >= 14);
  std::string problem;
  if (none && asked && requires_modules) {
    problem = "-mod=vendor is set, and there is no such directory";
  } else if (used && project.vendor.known() && !project.vendor.value.empty()) {
    problem = project.vendor.value.front();
  }
  if (problem.empty()) return;
  Finding found = of_rule(Code::project_vendor_inconsistent, {{"problem", problem}}, "vendor",
                          {fact(project.vendor.source, problem)});
  for (std::size_t i = 1; i < project.vendor.value.size() && i < 4; ++i) {
    found.evidence.push_back(fact(project.vendor.source, project.vendor.value[i]));
  }
  found.fixes = {
      {Fix::Safety::review, "make the directory agree with go.mod", {{"go", "mod", "vendor"}}}};
  if (const Setting* flags = active(snapshot, "GOFLAGS"); asked && flags != nullptr) {
    found.evidence.push_back(fact(flags->where, "GOFLAGS=" + flags->value));
    found.fixes.insert(found.fixes.begin(), unset(*flags));
  }
  out.push_back(std::move(found));
}

void quarantine(const Snapshot& snapshot, Findings& out) {
  const FlagFact& marked = snapshot.go.quarantine;
  const GoInstall* go = first_go(snapshot);
  if (go == nullptr || !marked.known() || !marked.value) return;
  Finding found = of_rule(Code::darwin_quarantined_go, {{"program", go->program}}, go->program,
                          {fact(marked.source, go->program)});
  found.fixes = {{Fix::Safety::review,
                  "remove the mark, if you trust where the program came from",
                  {{"xattr", "-d", "com.apple.quarantine", ShellWord::path(go->program)}}}};
  out.push_back(std::move(found));
}

}  // namespace

void diagnose_needs(const Snapshot& snapshot, Findings& out) {
  downloads(snapshot, out);
  certificates(snapshot, out);
  clock(snapshot, out);
  limits(snapshot, out);
  repository(snapshot, out);
  vendor(snapshot, out);
  quarantine(snapshot, out);
}

}  // namespace tenon::doctor
