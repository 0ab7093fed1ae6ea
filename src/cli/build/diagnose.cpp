#include <fmt/format.h>

#include <algorithm>

#include "action/cc.h"
#include "base/text.h"
#include "cli/build/build.h"
#include "rules/rules.h"

namespace tenon {
namespace {

// "# github.com/x/y" above a message names the package that go was building.
std::string package_at(std::string_view log, std::size_t line) {
  std::string package;
  std::size_t number = 0;
  for (const std::string_view text : split(log, '\n')) {
    if (++number > line) break;
    if (text.starts_with("# ")) package = trim(text.substr(2));
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

// Folders of a macOS SDK that hold headers without being frameworks.
bool is_plain_folder(std::string_view folder) {
  static constexpr std::string_view folders[] = {"sys",        "mach",     "mach-o",
                                                 "machine",    "net",      "netinet",
                                                 "netinet6",   "arpa",     "libkern",
                                                 "os",         "dispatch", "xpc",
                                                 "objc",       "bsm",      "security",
                                                 "libxml",     "libxml2",  "openssl",
                                                 "curl",       "linux",    "X11",
                                                 "GL",         "GLFW",     "SDL2",
                                                 "gtk",        "glib-2.0", "pcap",
                                                 "readline",   "editline", "uuid",
                                                 "c++",        "secure",   "ncurses",
                                                 "libusb-1.0", "alsa",     "pulse",
                                                 "jack",       "systemd",  "libnetfilter_queue"};
  return std::ranges::find(folders, folder) != std::end(folders);
}

// "CoreAudio/CoreAudio.h" -> "CoreAudio": frameworks are spelled with a capital and hold their
// header in a folder of their name.
std::string framework_of(std::string_view header) {
  const std::size_t slash = header.find('/');
  if (slash == std::string_view::npos || slash == 0) return {};
  const std::string_view folder = header.substr(0, slash);
  const bool capital = folder.front() >= 'A' && folder.front() <= 'Z';
  return capital && !is_plain_folder(folder) ? std::string(folder) : std::string();
}

Finding from_hit(const LogHit& hit, const Target& target, std::string_view log) {
  Captures captures = hit.captures;
  captures.emplace_back("target", target.name());
  const std::string package = package_at(log, hit.line);
  std::string subject = package.empty() ? target.name() : package;
  std::string_view code = hit.rule->code;
  if (code == "TN0409") {
    // The template's capture is a part of the name.
    const std::string_view name = trim(std::string_view(hit.text).substr(hit.text.rfind(' ') + 1));
    captures.insert(captures.begin(), {"symbol", std::string(name)});
  }
  const std::string header(capture(captures, "header"));
  if (code == "TN0402" && target.darwin()) {
    if (const std::string framework = framework_of(header); !framework.empty()) {
      captures.emplace_back("framework", framework);
      code = "TN0401";
    }
  }
  Finding finding = make_finding(code, captures, subject);
  finding.evidence.push_back(
      {Evidence::Kind::log, fmt::format("go build output, line {}", hit.line), hit.text});
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
    if (!finding.code.empty()) return {std::move(finding)};
  }
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
