// A look at a running process and all that it started. Linux: /proc; macOS: libproc and sysctl.
#pragma once

#include "base/process_sample.h"

namespace tenon {

struct TreeQuestion {
  enum class Depth {
    names,     // what runs, since when, and how much of a processor it took
    terminal,  // also threads and open files: who talks with a person
    all,       // also sockets, locks, pipes and memory
  };
  int root = 0;  // the process whose tree is meant
  Depth depth = Depth::all;
};

// Never fails: what cannot be read is named in `closed` of the sample.
[[nodiscard]] TreeSample sample_tree(const TreeQuestion& question);

// Who, outside of this process, holds the writing end of the pipes that our descriptors read: the
// reason why a stream has no end though its command is gone.
[[nodiscard]] std::vector<PipeEnd> writers_of(const std::vector<int>& descriptors);

}  // namespace tenon
