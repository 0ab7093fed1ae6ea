// Apple's tools, SDKs, Rosetta, Homebrew, identities.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "rules/doctor/parts.h"

namespace tenon::doctor {
namespace {

void tools(const Snapshot& snapshot, Findings& out) {
  const AppleState& apple = snapshot.apple;
  const bool none = apple.developer_folder.state == FactState::absent;
  const bool broken = apple.developer_usable.known() && !apple.developer_usable.value;
  if (none || broken) {
    const bool other = apple.tools_usable.known() && apple.tools_usable.value;
    Fix fix{Fix::Safety::review, "install the Command Line Tools", {{"xcode-select", "--install"}}};
    if (other) {
      fix = {Fix::Safety::review,
             "select the Command Line Tools, which are in order",
             {{"sudo", "xcode-select", "--switch", "/Library/Developer/CommandLineTools"}}};
    } else if (apple.tools_usable.known()) {
      fix = {Fix::Safety::manual,
             "remove /Library/Developer/CommandLineTools and run xcode-select --install: it does "
             "nothing while the folder is there",
             {}};
    }
    out.push_back(of_cause(
        "clt/missing-or-broken-after-os-upgrade",
        {without_c(snapshot),
         none ? "xcode-select" : apple.developer_folder.value,
         none ? "there are no Command Line Tools and no Xcode"
              : fmt::format("{} is selected and holds no clang", apple.developer_folder.value),
         {fact(apple.developer_folder.source,
               none ? "nothing is selected" : apple.developer_folder.value)},
         {std::move(fix)}}));
    return;
  }
  if (apple.license.known() && !apple.license.value) {
    out.push_back(of_cause(
        "clt/license-not-accepted",
        {without_c(snapshot),
         apple.developer_folder.value,
         "the licence of this Xcode is not agreed to: clang ends with status 69",
         {fact(apple.license.source, "another agreement, or none")},
         {{Fix::Safety::review, "agree to it", {{"sudo", "xcodebuild", "-license", "accept"}}}}}));
  }
}

void sdks(const Snapshot& snapshot, Findings& out) {
  const auto& list = snapshot.apple.sdks;
  const Setting* set = active(snapshot, "SDKROOT");
  if (set != nullptr && set->value.starts_with('/') && list.state != FactState::unknown) {
    const bool there =
        std::ranges::any_of(list.value, [&](const Sdk& one) { return one.path == set->value; });
    if (!there) {
      out.push_back(
          of_cause("clt/stale-sdk-path", {Severity::error,
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
    out.push_back(
        of_rule("TN1011", {{"version", sdk.version}, {"targets", join(sdk.targets, ", ")}},
                sdk.path, {fact(sdk.path + "/usr/lib/libSystem.tbd", join(sdk.targets, ", "))}));
  }
  const GoInstall* go = first_go(snapshot);
  const unsigned minor = go == nullptr ? 0 : go_minor(go->version);
  const unsigned floor = oldest_macos(minor);
  const unsigned version = major_of(sdk.version);
  if (minor != 0 && version != 0 && version < floor) {
    out.push_back(of_cause(
        "sdk/too-old-for-go",
        {Severity::warning,
         sdk.path,
         fmt::format("{} links names of macOS {}, the SDK is {}", go->version, floor, sdk.version),
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
    out.push_back(of_rule("TN1007", {{"first", list[0].path}, {"second", list[1].path}}, "brew",
                          std::move(evidence)));
  } else if (list.size() == 1 && list.front().goarch == "amd64") {
    out.push_back(of_rule("TN1008", {{"first", list.front().path}}, "brew", std::move(evidence)));
  }
}

}  // namespace

void diagnose_apple(const Snapshot& snapshot, Findings& out) {
  if (snapshot.system.goos != "darwin") return;
  tools(snapshot, out);
  sdks(snapshot, out);
  brew(snapshot, out);
  const FlagFact& translated = snapshot.system.translated;
  const GoInstall* go = first_go(snapshot);
  // An Intel Go translates whatever it starts; then it is the finding, not the shell.
  const bool intel_go = go != nullptr && go->goarch == "amd64";
  if (translated.known() && translated.value && !intel_go) {
    out.push_back(of_cause(
        "rosetta/translated-shell-selects-x86-clang",
        {Severity::warning,
         "shell",
         "this shell runs translated: clang and brew started from it are those for Intel. General "
         "Rosetta ends after macOS 27",
         {fact(translated.source, "1")}}));
  }
  for (const char* name : {"DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"}) {
    const Setting* set = active(snapshot, name);
    if (set == nullptr) continue;
    out.push_back(of_cause(
        "dyld/library-path-shadows-system",
        {Severity::warning,
         name,
         fmt::format("{}={} can put other libraries before those of macOS", name, set->value),
         {fact(set->where, fmt::format("{}={}", name, set->value))},
         {unset(*set)}}));
  }
  for (const SigningIdentity& one : snapshot.identities.list.value) {
    if (!one.expired) continue;
    out.push_back(of_rule("TN1009", {{"name", one.name}}, one.name,
                          {fact(snapshot.identities.list.source, "CSSMERR_TP_CERT_EXPIRED")}));
  }
}

}  // namespace tenon::doctor
