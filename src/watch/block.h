// What one process waits for, as one sample shows it. Internal to engine/watch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "watch/verdict.h"

namespace tenon::watch {

struct Block {
  Kind kind = Kind::unknown;
  std::string key = {};     // equal in two samples: it waits for the same thing
  std::string reason = {};  // behind the name of the process
  bool hard = false;        // will not end by itself, whatever the other processes do
  Confidence confidence = Confidence::certain;
  std::vector<Evidence> evidence = {};
  std::string address = {};                    // of a connection
  std::string advice = {};                     // as in a verdict
  bool normal = false;                         // the same
  std::optional<std::uint64_t> received = {};  // by the connection since it was made
};

// nullopt: it works, waits for a process of the tree, or shows nothing that we know.
[[nodiscard]] std::optional<Block> block_of(const ProcessSample& process, const TreeSample& tree);

[[nodiscard]] const ProcessSample* find_process(const TreeSample& tree, int id);
[[nodiscard]] bool ended(const ProcessSample& process);
// Without a child that still lives.
[[nodiscard]] bool is_leaf(const ProcessSample& process, const TreeSample& tree);

// The open file behind a descriptor of the process, or null.
[[nodiscard]] const FileSample* file_of(const ProcessSample& process, int number);

[[nodiscard]] Evidence fact(std::string where, std::string text);
// Where its threads wait: "thread 12878: S, wait_for_partner".
[[nodiscard]] Evidence thread_fact(const ProcessSample& process, const ThreadSample& thread);
[[nodiscard]] std::vector<Evidence> thread_evidence(const ProcessSample& process);

}  // namespace tenon::watch
