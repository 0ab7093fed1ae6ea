// A log as its readers see it: clean lines, the events that they are, and what the log says of the
// machine and the target. engine/logscan makes it; rules/causes asks it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/template.h"
#include "diagnose/build_context.h"
#include "diagnose/log_event.h"
#include "diagnose/origin.h"

namespace tenon {

struct LogLine {
  std::string text;        // without colours, time stamps and prefixes of CI
  std::size_t number = 0;  // in the log, from 1
};

// A line that matched a template, with what it captured.
struct LogMatch {
  std::size_t line = 0;
  std::string text;
  Captures captures;

  [[nodiscard]] std::string get(std::string_view name) const {
    return std::string(capture(captures, name));
  }
};

class Log {
 public:
  explicit Log(std::vector<LogLine> lines);

  [[nodiscard]] const std::vector<LogLine>& lines() const { return lines_; }
  // All lines, joined.
  [[nodiscard]] const std::string& text() const { return text_; }

  // Whether the text occurs anywhere.
  [[nodiscard]] bool has(std::string_view text) const {
    return text_.find(text) != std::string::npos;
  }
  template <class... More>
  [[nodiscard]] bool any(std::string_view first, More... more) const {
    return has(first) || (has(more) || ...);
  }

  // The first line that matches a template (base/template.h).
  [[nodiscard]] std::optional<LogMatch> find(std::string_view pattern) const;
  // Every one, at most `most`.
  [[nodiscard]] std::vector<LogMatch> all(std::string_view pattern, std::size_t most = 64) const;

  // In the order of the log.
  std::vector<LogEvent> events;
  // The first event of a kind that no earlier one explains, else the first; nullptr for none.
  [[nodiscard]] const LogEvent* event(EventKind kind) const;
  // The first event of a kind that a condition holds for.
  template <class Condition>
  [[nodiscard]] const LogEvent* event(EventKind kind, Condition condition) const {
    for (const LogEvent& one : events) {
      if (one.kind == kind && condition(one)) return &one;
    }
    return nullptr;
  }
  [[nodiscard]] std::size_t count(EventKind kind) const;
  // The event that a line is; nullptr when it is none.
  [[nodiscard]] const LogEvent* event_at(std::size_t line) const;

  bool journal = false;      // of a service: lines of syslog or the journal
  std::string goos, goarch;  // of the target, where the log or the command says it
  BuildContext build;        // what the caller knows beside the log
  Origin origin;             // where it was made, for what, who speaks

 private:
  std::vector<LogLine> lines_;
  std::string text_;
};

// Collects the lines that prove a cause, and the names in them.
struct Proof {
  std::vector<std::size_t> lines;
  Captures captures;

  // Takes a match, if there is one; whether there was.
  bool take(const std::optional<LogMatch>& match);
  bool take(const LogEvent* event);

 private:
  void add(std::size_t line, const Captures& found);
};

}  // namespace tenon
