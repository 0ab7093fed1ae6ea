// What can forbid a program on a Mac, or hold it up, as far as files and commands tell. Whether a
// terminal is a developer tool, whose children XProtect does not scan, stands in a database that
// macOS shows to nobody: it cannot be recorded.
#include <chrono>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/fact.h"
#include "base/text.h"
#include "format/plist/plist.h"
#include "host/system.h"
#include "machine/probe/probe.h"

namespace tenon {
namespace {

// "MDM enrollment: Yes (User Approved)"
FlagFact managed(const MachineAccess& machine, std::chrono::milliseconds limit) {
  const auto program = machine.find("/usr/bin/profiles");
  if (!program) return FlagFact::open("there is no profiles(1)");
  const TextFact said = machine.ask({*program, "status", "-type", "enrollment"}, limit);
  if (!said.known()) return FlagFact::open(said.why);
  for (const std::string_view line : split(said.value, '\n')) {
    if (line.starts_with("MDM enrollment:")) return FlagFact::of(line.contains("Yes"), said.source);
  }
  return FlagFact::open("no line \"MDM enrollment\" in: " + said.source);
}

TextFact xprotect(const MachineAccess& machine) {
  const std::string path =
      "/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist";
  const auto text = machine.text(path);
  if (!text) return TextFact::none(path);
  const auto list = plist::parse(view_of(*text));
  const std::string* version = list ? list->string_at("CFBundleShortVersionString") : nullptr;
  return version == nullptr ? TextFact::open(path + " has no version")
                            : TextFact::of(*version, path);
}

}  // namespace

void probe_policies(const MachineAccess& machine, std::chrono::milliseconds limit,
                    AppleState& apple) {
  if (machine.goos != "darwin") return;
  apple.managed = managed(machine, limit);
  apple.xprotect = xprotect(machine);
}

FlagFact probe_quarantine(const MachineAccess& machine, const std::string& program) {
  const auto marked = is_quarantined(machine.at(program));
  return marked ? FlagFact::of(*marked, "com.apple.quarantine of " + program)
                : FlagFact::open("only macOS has such a mark");
}

}  // namespace tenon
