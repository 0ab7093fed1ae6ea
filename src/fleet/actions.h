// From a directory of sources to an action with a digest: what a worker is asked to do. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <vector>

#include "base/file_tree.h"
#include "wire/values.h"

namespace tenon::fleet {

// A tree of inputs: its root, and what each digest stands for.
struct Inputs {
  remote::Digest root;
  std::map<remote::Digest, std::string> directories;  // encoded
  std::map<remote::Digest, std::string> files;        // path in the tree, to be read again
  std::uint64_t bytes = 0;                            // of all files
};

// Why a tree cannot be an input: the path, and the reason.
struct InputError {
  std::string path;
  std::string reason;
};

// The files of a module below `tree`: without ".git" and other directories of version control, and
// without the directories of `skip`, which hold outputs. At most 200000 entries and 8 GB. Links
// that lead out of the tree are an error: a worker has nothing there.
[[nodiscard]] std::expected<Inputs, InputError> read_inputs(FileTree& tree,
                                                            const std::vector<std::string>& skip);

struct Task {
  remote::Command command;
  remote::Action action;
  std::string command_bytes, action_bytes;
  remote::Digest digest;  // of the action
};

// The action of one cell: `tenon` with these arguments in a copy of the inputs, with the outputs in
// "out". The worker sets its own environment.
[[nodiscard]] Task make_task(const std::vector<std::string>& arguments,
                             const remote::Digest& inputs, std::vector<remote::Property> platform,
                             std::chrono::seconds timeout);

}  // namespace tenon::fleet
