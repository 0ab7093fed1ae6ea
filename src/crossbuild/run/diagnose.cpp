#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "crossbuild/compat/undefined.h"
#include "crossbuild/run/build.h"
#include "crossbuild/run/cc.h"
#include "crossbuild/stubs/system_libraries.h"
#include "diag/catalog.h"

namespace tenon {
namespace {

// "# github.com/x/y" above a message names the package that go was building.
std::string package_at(std::string_view log, std::size_t line) {
  std::string package;
  std::size_t number = 0;
  for (const std::string_view text : split(log, '\n')) {
    if (++number > line) break;
    // "# [pkg-config ...]" repeats a command.
    if (text.starts_with("# ") && !text.starts_with("# [")) package = trim(text.substr(2));
  }
  return package;
}

std::string log_end(std::string_view log) {
  log = trim(log);
  if (log.empty()) return {};
  std::size_t at = log.size();
  for (int i = 0; i < 15 && at != std::string_view::npos && at > 0; ++i)
    at = log.rfind('\n', at - 1);
  return std::string(at == std::string_view::npos || at == 0 ? log : log.substr(at + 1));
}

// Frameworks with C or Objective-C headers in /System/Library/Frameworks of macOS, besides those
// that the table of libraries knows.
constexpr std::string_view more_frameworks =
    "AGL AVFAudio AVFoundation AVKit Accelerate Accessibility Accounts AddressBook AppleScriptKit"
    " AppKit ApplicationServices AudioToolbox AudioUnit AuthenticationServices AutomaticAssessment"
    " Automator BackgroundTasks BusinessChat CFNetwork CalendarStore CallKit Carbon ClassKit "
    "CloudKit"
    " Cocoa Collaboration ColorSync Combine Contacts ContactsUI CoreAudio CoreAudioKit "
    "CoreBluetooth"
    " CoreData CoreDisplay CoreFoundation CoreGraphics CoreHaptics CoreImage CoreLocation CoreMIDI"
    " CoreML CoreMedia CoreMediaIO CoreMotion CoreServices CoreSpotlight CoreTelephony CoreText"
    " CoreVideo CoreWLAN CryptoTokenKit DVDPlayback DeviceCheck DirectoryService DiscRecording"
    " DiskArbitration DriverKit EndpointSecurity EventKit ExceptionHandling ExternalAccessory"
    " FileProvider FinderSync ForceFeedback Foundation GLKit GLUT GSS GameController GameKit"
    " GameplayKit HIDDriverKit Hypervisor ICADevices IMServicePlugIn IOBluetooth IOBluetoothUI "
    "IOKit"
    " IOSurface IOUSBHost ImageCaptureCore ImageIO InputMethodKit InstantMessage Intents "
    "JavaScriptCore"
    " Kerberos Kernel KernelManagement LDAP LatentSemanticMapping LinkPresentation "
    "LocalAuthentication"
    " MLCompute MailKit MapKit MediaAccessibility MediaLibrary MediaPlayer MediaToolbox Message "
    "Metal"
    " MetalFX MetalKit MetalPerformanceShaders MetricKit ModelIO MultipeerConnectivity "
    "NaturalLanguage"
    " NearbyInteraction NetFS Network NetworkExtension NotificationCenter OSAKit OSLog OpenAL "
    "OpenCL"
    " OpenDirectory OpenGL PCSC ParavirtualizedGraphics PassKit PencilKit Photos PhotosUI PushKit"
    " PushToTalk QTKit Quartz QuartzCore QuickLook QuickLookThumbnailing QuickTime ReplayKit"
    " SafariServices SceneKit ScreenCaptureKit ScreenSaver ScreenTime ScriptingBridge Security"
    " SecurityFoundation SecurityInterface SensorKit ServiceManagement SharedWithYou ShazamKit "
    "Social"
    " SoundAnalysis Speech SpriteKit StoreKit SyncServices System SystemConfiguration"
    " SystemExtensions TWAIN Tcl Tk UniformTypeIdentifiers UserNotifications UserNotificationsUI"
    " VideoDecodeAcceleration VideoSubscriberAccount VideoToolbox Virtualization Vision WebKit";

bool is_framework(std::string_view name) {
  const auto words = split_words(more_frameworks);
  return find_system_library(name, true) != nullptr ||
         std::ranges::find(words, name) != words.end();
}

// "CoreAudio/CoreAudio.h" -> "CoreAudio"; empty for folders of other libraries.
std::string framework_of(std::string_view header) {
  const std::size_t slash = header.find('/');
  if (slash == std::string_view::npos || slash == 0) return {};
  const std::string_view folder = header.substr(0, slash);
  return is_framework(folder) ? std::string(folder) : std::string();
}

// What helps on one system does not on another: a sysroot is for Linux, the clang engine for macOS.
void adapt_fixes(Finding& finding, const Target& target) {
  if (target.darwin() && (finding.code == "TN0402" || finding.code == "TN0608")) {
    const bool header = finding.code == "TN0402";
    finding.fixes = {
        {Fix::Safety::manual,
         header
             ? "if it is a header of macOS (such as sys/xattr.h or resolv.h): bring the SDK of your"
               " own Mac, --sdk DIR (there: tar -C \"$(xcrun --show-sdk-path)\" -chzf"
               " MacOSX.sdk.tgz .)"
             : "build the library for macOS and name it instead: CGO_CFLAGS=-I... and"
               " CGO_LDFLAGS=\"-L... -l...\"",
         {}},
        {Fix::Safety::manual,
         header
             ? "if it is of another library: build that for macOS, and name it by CGO_CFLAGS=-I..."
               " and CGO_LDFLAGS=-L..."
             : "or build without it: many modules have a build tag for that",
         {}}};
  }
  if (!target.darwin() && finding.code == "TN0309") {
    finding.fixes = {{Fix::Safety::manual,
                      "leave the flag out: a build tag of the module, or a fork of its #cgo line",
                      {}}};
  }
}

Finding from_hit(const LogHit& hit, const Target& target, std::string_view log) {
  Captures captures = hit.captures;
  captures.emplace_back("target", target.name());
  const std::string package = package_at(log, hit.line);
  std::string subject = package.empty() ? target.name() : package;
  std::string_view code = hit.rule->code;
  // The template's capture lacks the word that it was found by.
  if (code == "TN0605") {
    const std::size_t at = hit.text.find(": ");
    captures.insert(captures.begin(), {"text", std::string(trim(hit.text.substr(at + 1)))});
  }
  const std::string header(capture(captures, "header"));
  if (code == "TN0402" && target.darwin()) {
    if (const std::string framework = framework_of(header); !framework.empty()) {
      captures.emplace_back("framework", framework);
      code = "TN0401";
    }
  }
  Finding finding = make_finding(code, captures, subject);
  adapt_fixes(finding, target);
  finding.evidence.push_back(
      {Evidence::Kind::log, fmt::format("go build output, line {}", hit.line), hit.text});
  return finding;
}

struct LogName {
  std::string name;
  std::size_t line = 0;
};

// The names that lld could not find, in order.
std::vector<LogName> undefined_names(std::string_view log) {
  constexpr std::string_view mark = "undefined symbol: ";
  std::vector<LogName> out;
  std::size_t number = 0;
  for (const std::string_view line : split(log, '\n')) {
    ++number;
    const std::size_t at = line.find(mark);
    if (at != std::string_view::npos) {
      out.push_back({std::string(trim(line.substr(at + mark.size()))), number});
    }
  }
  return out;
}

std::string glibc_target(const Target& target, Version version) {
  const Version least =
      std::max(version, std::max(Version{2, 17, 0}, target.platform->oldest_glibc));
  return fmt::format("{}:gnu{}", target.platform->name, least.text());
}

// Undefined names that betray for which C or C++ library the objects were made.
std::optional<Finding> library_mismatch(const std::string& log, const Target& target) {
  const std::vector<LogName> found = undefined_names(log);
  std::vector<std::string> names;
  for (const LogName& one : found) names.push_back(one.name);
  const UndefinedVerdict verdict = judge_undefined(names, target);
  std::string_view code;
  switch (verdict.cause) {
    case UndefinedCause::other: return std::nullopt;
    case UndefinedCause::libstdcxx: code = "TN0412"; break;
    case UndefinedCause::glibc_only: code = "TN0409"; break;
    case UndefinedCause::newer_glibc: code = "TN0413"; break;
  }
  const auto place = std::ranges::find(found, verdict.name, &LogName::name);
  const std::string package = package_at(log, place->line);
  Finding finding = make_finding(code,
                                 {{"symbol", verdict.name},
                                  {"name", verdict.name},
                                  {"version", verdict.glibc.text()},
                                  {"target", target.name()},
                                  {"glibc_target", glibc_target(target, verdict.glibc)}},
                                 package.empty() ? target.name() : package);
  finding.evidence.push_back({Evidence::Kind::log,
                              fmt::format("go build output, line {}", place->line),
                              "undefined symbol: " + verdict.name});
  return finding;
}

// A hit of an exact rule outweighs one of a general rule on the same line: the C error rule fits
// every "fatal error", the linker rules fit names of glibc.
int weight(const LogHit& hit) {
  if (hit.rule->code == "TN0604" || hit.rule->code == "TN0408" || hit.rule->code == "TN0605")
    return 1;
  return 0;
}

}  // namespace

std::vector<Finding> diagnose(const GoBuildResult& result, const Target& target) {
  // What the wrapper itself refused is known exactly.
  for (const TraceLine& line : result.trace) {
    if (line.word != "finding") continue;
    Finding finding = completed(unpack_finding(line.fields));
    adapt_fixes(finding, target);
    if (!finding.code.empty()) return {std::move(finding)};
  }
  if (auto finding = library_mismatch(result.log, target)) return {std::move(*finding)};
  auto hits = match_log(result.log);
  std::ranges::stable_sort(hits, [](const LogHit& a, const LogHit& b) {
    return std::pair(a.line, weight(a)) < std::pair(b.line, weight(b));
  });
  // Specific causes first: a missing header explains the C errors around it.
  const auto specific =
      std::ranges::find_if(hits, [](const LogHit& hit) { return weight(hit) == 0; });
  if (specific != hits.end()) return {from_hit(*specific, target, result.log)};
  if (!hits.empty()) return {from_hit(hits.front(), target, result.log)};
  Finding finding = make_finding("TN0607", {{"target", target.name()}}, target.name());
  finding.confidence = Confidence::possible;
  finding.evidence.push_back(
      {Evidence::Kind::log, "end of go build's output", log_end(result.log)});
  return {std::move(finding)};
}

std::vector<Finding> gate_findings(const BuildOutput& output) {
  std::vector<Finding> findings;
  for (const GateRow& row : output.gate) {
    if (row.state == GateState::ok || row.code.empty()) continue;
    Finding finding = make_finding(row.code, {{"value", row.value}}, output.target);
    if (row.state == GateState::unknown) {
      finding.severity = Severity::warning;
      finding.message = fmt::format("could not be checked: {}: {}", row.check, row.value);
      finding.confidence = Confidence::possible;
    }
    finding.evidence.push_back({Evidence::Kind::file, output.path, row.check + ": " + row.value});
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> trace_findings(const BuildOutput& output) {
  std::vector<Finding> findings;
  std::vector<std::string> flat;
  std::vector<std::string> folders;
  for (const TraceLine& line : output.trace) {
    if (line.fields.empty()) continue;
    if (line.word == "flat") flat.push_back(line.fields[0]);
    if (line.word == "host-folder" && std::ranges::find(folders, line.fields[0]) == folders.end()) {
      folders.push_back(line.fields[0]);
    }
  }
  for (const TraceLine& line : output.trace) {
    const bool raised = line.word == "minimum";
    if ((!raised && line.word != "newer-object") || line.fields.size() < 2) continue;
    Finding finding = make_finding(
        "TN0410", {{"object", line.fields[1]}, {"version", line.fields[0]}}, output.target);
    if (raised) finding.message += "; the program is built for that version";
    finding.evidence.push_back({Evidence::Kind::file, line.fields[1], "macOS " + line.fields[0]});
    findings.push_back(std::move(finding));
    break;
  }
  for (const TraceLine& line : output.trace) {
    if (line.word != "glibc-names" || line.fields.empty()) continue;
    Finding finding = make_finding("TN0411", {{"library", line.fields[0]}}, output.target);
    finding.evidence.push_back({Evidence::Kind::file, line.fields[0], "names of glibc"});
    findings.push_back(std::move(finding));
  }
  if (!flat.empty()) {
    Finding finding = make_finding(
        "TN0405", {{"count", std::to_string(flat.size())}, {"symbols", join(flat, ", ")}},
        output.target);
    finding.evidence.push_back({Evidence::Kind::file, output.path, join(flat, ", ")});
    findings.push_back(std::move(finding));
  }
  for (const std::string& folder : folders) {
    Finding finding = make_finding(
        "TN0611", {{"flag", folder}, {"package", "a package"}, {"target", output.target}},
        output.target);
    finding.evidence.push_back({Evidence::Kind::command, "flag", folder});
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace tenon
