// The samples of a question as the parts of the judgement look at them. Internal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/process_sample.h"
#include "watch/verdict.h"

namespace tenon::watch {

struct View {
  const Question& question;
  const TreeSample& now;
  const TreeSample& before;

  [[nodiscard]] std::uint64_t span() const {
    return now.at_ms > before.at_ms ? now.at_ms - before.at_ms : 1;
  }

  // The newest sample that is old enough to compare processor time with, else the oldest.
  [[nodiscard]] const TreeSample& recent() const {
    for (std::size_t i = question.samples.size() - 1; i > 0; --i) {
      const TreeSample& one = question.samples[i - 1];
      if (now.at_ms - one.at_ms >= 1500) return one;
    }
    return question.samples.front();
  }

  // How long a state has to last before it is called a state.
  [[nodiscard]] std::uint64_t hold() const {
    return std::clamp<std::uint64_t>(question.limit_ms / 2, 800, 4000);
  }
};

// Of a process with its ended children.
[[nodiscard]] std::uint64_t cpu(const ProcessSample& process);

// Time on a processor between the last two samples, of one process with its ended children.
[[nodiscard]] std::uint64_t spent(const ProcessSample& process, const View& view);

// The chain of processes above it, and the last line of the command, as evidence.
void add_context(Verdict& verdict, const ProcessSample& process, const View& view);

// The test that a process is a part of: itself, or one above it; or null.
[[nodiscard]] const ProcessSample* test_of(const ProcessSample& process, const TreeSample& tree);

// A test may wait, and let its programs wait: that is called a test, and not a stall.
void as_test(Verdict& verdict, const ProcessSample& process, const ProcessSample& test,
             const View& view);

}  // namespace tenon::watch
