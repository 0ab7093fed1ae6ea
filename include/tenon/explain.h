// Copyright the tenon authors. License: Apache-2.0.
//
// tenon/explain.h: why did this build, link or start fail, and what mends it?
//
//   #include <tenon/explain.h>
//
//   tenon::api::Explanation why = tenon::api::explain(log);
//   if (!why.known()) return;                                // no known cause fits: not an error
//   std::cout << why.causes[0].message << '\n';
//   for (const auto& command : why.causes[0].commands) run(command);   // argv, never shell text
//
// A log of cmd/go, cgo, gcc, clang, a linker, pkg-config, a loader, Docker or a CI service becomes
// typed events; causes are matched against the events and ranked. The first cause is the answer.
// When several causes leave the same log, the others follow, and `decide` names the command that
// tells them apart.
//
// UNKNOWN IS AN ANSWER. A wrong cause costs more than none, so causes below a bound are not
// returned. `tool` and `stage` often are known even then.
//
// THE LOG IS NOT TRUSTED. Its text appears in `message` and `evidence` without control characters.
// Names from it go into `commands` only when they hold nothing that a shell would interpret.
//
// OWNERSHIP AND THREADS. Explanations own all of their strings. Any number of threads may call the
// functions. No function throws except std::bad_alloc, prints, uses the network or runs a program.
//
// VERSIONS. See tenon/verify.h. C++20 or newer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#ifndef TENON_API_VERSION
#define TENON_API_VERSION 1
#elif TENON_API_VERSION != 1
#error "headers of two versions of tenon are mixed"
#endif

namespace tenon::api::inline v1 {

enum class Confidence : std::uint8_t {
  certain,   // nothing else explains these lines
  likely,    // other causes are possible and rarer
  possible,  // one of several
};

// "certain", "likely", "possible".
[[nodiscard]] std::string_view name(Confidence confidence);

struct LogEvidence {
  std::size_t line = 0;  // counted from 1
  std::string text;      // at most 300 bytes
};

struct Cause {
  std::string slug;     // stable: "sdk/header-missing"
  std::string code;     // stable: "TN0402"; explain_code() has its page
  std::string title;    // at most 60 characters, without names of this log
  std::string message;  // one sentence, with names of this log
  Confidence confidence = Confidence::possible;
  // A warning that is not why anything failed. Harmless causes stand behind all others.
  bool harmless = false;
  std::vector<LogEvidence> evidence;               // the lines that prove it
  std::string fix;                                 // what to do, as text
  std::vector<std::vector<std::string>> commands;  // the same as argument vectors; may be empty
  std::string decide;  // how to tell it from the causes behind it; may be empty
};

struct Explanation {
  std::vector<Cause> causes;  // best first
  // What the log says of its context; empty where it says nothing.
  std::string tool;          // the program that reported the failure: "GNU ld", "clang", "go"
  std::string stage;         // "cgo", "compile", "link", "start", ...
  std::string goos, goarch;  // of the target
  std::string package;       // the import path that failed
  // Why ExplainOptions::project or ::host was not used; empty when it was, or was not named.
  std::string project_error, host_error;

  [[nodiscard]] bool known() const { return !causes.empty(); }
};

struct ExplainOptions {
  // A folder with a go.mod, or below one: names and flags of the log are traced into its files.
  // Empty: the log alone.
  std::string project;
  // A file that `tenon doctor --record` wrote on the machine that the log is from: its facts decide
  // what the log cannot. Empty: the log alone; so for a file that cannot be read, and host_error
  // of the answer says why.
  std::string host;
};

// Any bytes are accepted. 100 MB take about a second; above 1 MiB only the beginning, the end and
// the lines that matter are kept.
[[nodiscard]] Explanation explain(std::string_view log, const ExplainOptions& options = {});

struct CodePage {
  std::string code, slug, title;
  std::string text;  // Markdown: what happens, how to see it, how to fix it
};

// The page of a finding or cause, by code ("TN0402", any case) or slug; empty for no such code.
[[nodiscard]] std::optional<CodePage> explain_code(std::string_view code_or_slug);

}  // namespace tenon::api::inline v1
