// Apple's tools, SDKs, Rosetta, Homebrew, identities.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fact.h"
#include "base/text.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "machine/doctor/judgement.h"

namespace tenon::doctor {
namespace {

constexpr Code no_tools = Code::clt_missing_or_broken_after_os_upgrade;

// A compiler of somebody else's with an SDK of its own, as nix gives one, needs no tools of
// Apple's.
bool has_own_sdk(const Snapshot& snapshot) {
  const TextFact& kind = snapshot.compiler.kind;
  const Setting* set = active(snapshot, "SDKROOT");
  if (set == nullptr || !kind.known() || kind.value == "apple clang") return false;
  return std::ranges::any_of(snapshot.apple.sdks.value,
                             [&](const Sdk& one) { return one.path == set->value; });
}

// The fix of a missing or broken folder of tools.
Fix mend_tools(const Snapshot& snapshot) {
  const AppleState& apple = snapshot.apple;
  if (const Setting* set = active(snapshot, "DEVELOPER_DIR")) return unset(*set);
  if (apple.tools_usable.known() && apple.tools_usable.value) {
    return {Fix::Safety::review,
            "select the Command Line Tools, which work",
            {{"sudo", "xcode-select", "--switch", "/Library/Developer/CommandLineTools"}}};
  }
  if (apple.tools_usable.known()) {
    return {Fix::Safety::manual,
            "remove /Library/Developer/CommandLineTools and run xcode-select --install: it does "
            "nothing while the directory exists",
            {}};
  }
  return {Fix::Safety::review, "install the Command Line Tools", {{"xcode-select", "--install"}}};
}

void tools_gone(const Snapshot& snapshot, std::string message, Evidence evidence, Findings& out) {
  const TextFact& folder = snapshot.apple.developer_folder;
  Note note{without_c(snapshot),
            folder.known() ? folder.value : "xcode-select",
            std::move(message),
            {std::move(evidence)},
            {mend_tools(snapshot)}};
  if (const Setting* set = active(snapshot, "DEVELOPER_DIR")) {
    note.evidence.push_back(fact(set->where, "DEVELOPER_DIR=" + set->value));
  }
  out.push_back(of_cause(no_tools, std::move(note)));
}

// True when a finding tells why Apple's clang does not work.
bool tools(const Snapshot& snapshot, Findings& out) {
  const AppleState& apple = snapshot.apple;
  const TextFact& folder = apple.developer_folder;
  if (c_works(snapshot) || has_own_sdk(snapshot)) return false;
  // xcrun(1) says it before clang can.
  const std::string& said = snapshot.compiler.kind.why;
  if (folder.state == FactState::absent) {
    tools_gone(snapshot, "there are no Command Line Tools and no Xcode",
               fact(folder.source, "nothing is selected"), out);
  } else if (apple.developer_usable.known() && !apple.developer_usable.value) {
    tools_gone(snapshot, fmt::format("{} is selected, but contains no clang", folder.value),
               fact(folder.source, folder.value), out);
  } else if (said.contains("invalid active developer path") || said.contains("xcrun: error: ")) {
    tools_gone(snapshot, "Apple's tools are broken: " + said, fact("clang", said), out);
  } else if (apple.sdks.state == FactState::absent && apple.developer_usable.known() &&
             snapshot.compiler.kind.value == "apple clang") {
    tools_gone(snapshot, fmt::format("{} contains clang, but no SDK", folder.value),
               fact(apple.sdks.source, "not there"), out);
  } else {
    return false;
  }
  return true;
}

void license(const Snapshot& snapshot, Findings& out) {
  const AppleState& apple = snapshot.apple;
  const std::string& said = snapshot.compiler.kind.why;
  const bool told = said.contains("license agreement") || said.contains("Xcode license");
  // A clang that answers was agreed to.
  const bool answers = snapshot.compiler.kind.value == "apple clang" && c_works(snapshot);
  const bool refused = apple.license.known() && !apple.license.value && !answers;
  if (!told && !refused) return;
  out.push_back(
      of_cause(Code::clt_license_not_accepted,
               {without_c(snapshot),
                apple.developer_folder.value,
                "the license of this Xcode has not been accepted: clang exits with status 69",
                {told ? fact("clang", said)
                      : fact(apple.license.source, "another accepted license, or none")},
                {{Fix::Safety::review,
                  "accept the license",
                  {{"sudo", "xcodebuild", "-license", "accept"}}}}}));
}

void foreign_sdk(const Snapshot& snapshot, Findings& out) {
  const Setting* set = active(snapshot, "SDKROOT");
  if (set == nullptr) return;
  for (const std::string_view name : {"iPhone", "iphone", "AppleTV", "appletv", "WatchOS",
                                      "watchos", "XROS", "xros", "DriverKit"}) {
    if (!set->value.contains(name)) continue;
    out.push_back(of_cause(Code::darwin_goos_darwin_with_ios_sdk,
                           {Severity::error,
                            "SDKROOT",
                            fmt::format("SDKROOT={} is not a macOS SDK", set->value),
                            {fact(set->where, "SDKROOT=" + set->value)},
                            {unset(*set)}}));
    return;
  }
}

void sdks(const Snapshot& snapshot, Findings& out) {
  const auto& list = snapshot.apple.sdks;
  const Setting* set = active(snapshot, "SDKROOT");
  if (set != nullptr && (set->value.starts_with('/') || set->value.starts_with("~/")) &&
      list.state != FactState::unknown) {
    const bool there =
        std::ranges::any_of(list.value, [&](const Sdk& one) { return one.path == set->value; });
    if (!there) {
      out.push_back(
          of_cause(Code::clt_stale_sdk_path, {Severity::error,
                                              "SDKROOT",
                                              fmt::format("SDKROOT={} does not exist", set->value),
                                              {fact(set->where, "SDKROOT=" + set->value)},
                                              {unset(*set)}}));
    }
  }
  if (list.value.empty()) return;
  const Sdk& sdk = list.value.front();
  const auto has = [&](std::string_view target) {
    return std::ranges::find(sdk.targets, target) != sdk.targets.end();
  };
  if (has("arm64e-macos") && !has("arm64-macos")) {
    Finding stubs =
        of_rule(Code::sdk_arm64e_only_stubs,
                {{"version", sdk.version}, {"targets", join(sdk.targets, ", ")}}, sdk.path,
                {fact(sdk.path + "/usr/lib/libSystem.tbd", join(sdk.targets, ", "))});
    // Apple's own linker takes them as they are.
    const bool zig = snapshot.compiler.kind.value == "zig" || snapshot.engines.zig.known();
    stubs.severity = zig ? Severity::warning : Severity::note;
    out.push_back(std::move(stubs));
  }
  const GoInstall* go = first_go(snapshot);
  const unsigned minor = go == nullptr ? 0 : go_minor(go->version);
  const unsigned floor = oldest_macos(minor);
  const unsigned version = major_of(sdk.version);
  if (minor != 0 && version != 0 && version < floor) {
    out.push_back(
        of_cause(Code::sdk_too_old_for_go,
                 {Severity::warning,
                  sdk.path,
                  fmt::format("{} links symbols of macOS {}, but the SDK is {}", go->version, floor,
                              sdk.version),
                  {fact(sdk.path, "SDK " + sdk.version), fact(go->program, go->version)}}));
  }
}

void brew(const Snapshot& snapshot, Findings& out) {
  const auto& list = snapshot.packages.brew.value;
  std::vector<Evidence> evidence;
  for (const BrewPrefix& one : list) {
    evidence.push_back(
        fact(one.path, fmt::format("for {}{}", one.goarch, one.on_path ? ", on PATH" : "")));
  }
  if (snapshot.system.goarch != "arm64") return;
  if (list.size() >= 2) {
    out.push_back(of_rule(Code::brew_two_prefixes,
                          {{"first", list[0].path}, {"second", list[1].path}}, "brew",
                          std::move(evidence)));
  } else if (list.size() == 1 && list.front().goarch == "amd64") {
    out.push_back(of_rule(Code::brew_intel_on_arm64, {{"first", list.front().path}}, "brew",
                          std::move(evidence)));
  }
}

// A program inherits the preference of the one that started it. tenon itself may be native in such
// a shell.
void translated_shell(const Snapshot& snapshot, Findings& out) {
  const SystemState& system = snapshot.system;
  std::vector<Evidence> evidence;
  for (const FlagFact* flag : {&system.translated, &system.shell_translated}) {
    if (flag->known() && flag->value) evidence.push_back(fact(flag->source, "1"));
  }
  if (system.shell_goarch.known() && system.shell_goarch.value == "amd64") {
    evidence.push_back(fact(system.shell.value, "a program for Intel"));
  }
  if (evidence.empty()) return;
  out.push_back(of_cause(Code::rosetta_translated_shell_selects_x86_clang,
                         {Severity::warning, "shell",
                          "this shell runs under Rosetta: clang and brew started from it are for "
                          "x86_64. General Rosetta support ends after macOS 27",
                          std::move(evidence)}));
}

}  // namespace

void diagnose_apple(const Snapshot& snapshot, Findings& out) {
  if (snapshot.system.goos != "darwin") return;
  if (!tools(snapshot, out)) license(snapshot, out);
  foreign_sdk(snapshot, out);
  sdks(snapshot, out);
  brew(snapshot, out);
  const GoInstall* go = first_go(snapshot);
  // An Intel Go translates whatever it starts; then it is the finding, not the shell.
  const bool intel_go = go != nullptr && go->goarch == "amd64";
  if (!intel_go && snapshot.system.goarch == "arm64") translated_shell(snapshot, out);
}

}  // namespace tenon::doctor
