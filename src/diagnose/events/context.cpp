#include "diagnose/events/context.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "diagnose/events/events.h"
#include "diagnose/log.h"
#include "diagnose/log_event.h"

namespace tenon {
namespace {

// The last failure that no other explains; what only passes on is asked when there is none.
const LogEvent* last_root(const Log& log) {
  const LogEvent* relay = nullptr;
  for (auto event = log.events.rbegin(); event != log.events.rend(); ++event) {
    if (event->weight == Weight::warning || event->voice.tool.empty()) continue;
    if (event->weight == Weight::failure && !event->follows) return &*event;
    if (relay == nullptr) relay = &*event;
  }
  return relay;
}

std::string first_package(const Log& log) {
  for (const LogLine& line : log.lines()) {
    const auto words = split_words(line.text);
    if (words.size() >= 2 && words.front() == "#" && words[1].contains('/'))
      return std::string(words[1]);
  }
  return {};
}

}  // namespace

LogContext log_context(const Log& log) {
  LogContext out;
  if (const LogEvent* event = last_root(log)) {
    out.tool = event->voice.tool;
    out.stage = event->voice.stage;
    out.package = event->package;
  }
  for (auto line = log.lines().rbegin(); line != log.lines().rend() && out.tool.empty(); ++line) {
    const Voice voice = voice_of(line->text);
    out.tool = voice.tool;
    out.stage = voice.stage;
  }
  if (out.package.empty()) out.package = first_package(log);
  out.goos = log.goos;
  out.goarch = log.goarch;
  return out;
}

}  // namespace tenon
