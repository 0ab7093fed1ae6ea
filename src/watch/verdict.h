// What a silent process tree is doing: samples in, a verdict with its evidence out. Pure; never
// asks the machine, and never guesses: what the samples do not show is `unknown`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/process_sample.h"
#include "base/template.h"
#include "diag/finding.h"

namespace tenon::watch {

enum class Kind {
  compiling,
  zig_library,
  linking,
  downloading,
  no_answer,
  dns,
  terminal,
  lock,
  sleeps,
  pipe_full,
  stopped,
  fifo,
  memory,
  dialog,
  input,
  disk,
  busy,
  unknown,
  held_open,    // the command exited but its output pipe is still open (detected by the relay)
  not_read,     // nobody takes what the command prints; told by the same
  starved,      // it could work and gets no processor
  test,         // a test that waits
  left_behind,  // what a child has started holds a pipe of its parent
  repeats,      // a loop of short programs
};

struct Verdict {
  Kind kind = Kind::unknown;
  int process = 0;           // the one that makes the others wait
  std::string name = {};     // "cc1 (4242)"
  std::string key = {};      // the same as long as there is nothing new to say
  std::string reason = {};   // the message of the rule, in words: what it does or waits for
  bool normal = false;       // nothing to mend, it only takes time
  std::uint64_t for_ms = 0;  // seen in this state for at least so long
  Confidence confidence = Confidence::certain;
  std::vector<Evidence> evidence = {};
  std::string advice = {};  // what to do, by who waits; empty: as the catalogue has it
};

struct Question {
  std::span<const TreeSample> samples;  // oldest first; two or more
  std::uint64_t silent_ms = 0;          // since the last byte of output
  std::uint64_t limit_ms = 10'000;      // silence that is not worth a word
  std::string last_line;                // what the command said last
};

struct Judgement {
  // Most telling first; empty when the tree makes progress or was seen too shortly.
  std::vector<Verdict> verdicts;
  bool progress = false;  // processes came, went or spent time on a processor
};

[[nodiscard]] Judgement judge(const Question& question);

// For the status line: what the tree works on now; empty when nothing tells.
[[nodiscard]] std::string status_text(const TreeSample& now);

// Whether some process of the tree talks with a person on the terminal.
[[nodiscard]] bool asks_on_terminal(const TreeSample& now);

// Its entry is in diag/catalog/watch.toml.
[[nodiscard]] Code code_of(Kind kind);
[[nodiscard]] std::string_view kind_name(Kind kind);

}  // namespace tenon::watch
