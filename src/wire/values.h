// What fleet says to a store and a scheduler, and what it hears, as plain values: the messages of
// the Remote Execution API 2.2 and of the Remote Workers API, without the library that carries
// them.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tenon::remote {

// Why a call failed. `text` may hold what another machine said: escape it before it is shown.
struct Failure {
  Errc code = Errc::io;
  std::string text;
  bool retry = false;  // the same call may succeed later: nobody answered, or too late
};

template <class T>
using Answer = std::expected<T, Failure>;

// Of a blob: SHA-256 in hex, and how many bytes it has.
struct Digest {
  std::string hash;
  std::uint64_t size = 0;

  auto operator<=>(const Digest&) const = default;
};

[[nodiscard]] Digest digest_of(std::string_view bytes);
// 64 small hex digits.
[[nodiscard]] bool is_digest(std::string_view hash);

struct FileNode {
  std::string name;
  Digest digest;
  bool executable = false;
};

struct FolderNode {
  std::string name;
  Digest digest;
};

struct LinkNode {
  std::string name, target;
};

// Each list in the order of its names, as the API demands: equal folders have equal digests.
struct Directory {
  std::vector<FileNode> files;
  std::vector<FolderNode> folders;
  std::vector<LinkNode> links;
};

// What a worker has, or what an action needs of it.
struct Property {
  std::string name, value;

  auto operator<=>(const Property&) const = default;
};

struct Command {
  std::vector<std::string> arguments;
  std::vector<Property> environment;  // sorted by name
  std::vector<std::string> outputs;   // paths of files and directories, sorted
  std::string folder;                 // working directory below the input root; empty: the root
};

struct Action {
  Digest command, input_root;
  std::chrono::seconds timeout{0};
  bool do_not_cache = false;
  std::vector<Property> platform;  // sorted
};

struct OutputFile {
  std::string path;
  Digest digest;
  bool executable = false;
};

// Nanoseconds since the epoch by the clock of whoever stamped them; 0: unknown.
struct Stamps {
  std::int64_t queued = 0, worker_start = 0, worker_end = 0;
  std::int64_t fetch_start = 0, fetch_end = 0;
  std::int64_t execute_start = 0, execute_end = 0;
  std::int64_t upload_start = 0, upload_end = 0;
};

struct ActionResult {
  std::vector<OutputFile> files;
  // The files of each output directory, with its path before theirs, and the digest of its Tree.
  std::vector<FolderNode> trees;
  int exit_code = 0;
  Digest out, err;  // of both streams; size 0: nothing was written
  std::string worker;
  Stamps stamps;
};

// A result in the cache of actions.
struct KeptResult {
  ActionResult result;
  std::string text;  // of its standard output
};

enum class LeaseState : std::uint8_t { pending, active, completed, cancelled };

// One piece of work for one worker.
struct Lease {
  std::string id;
  LeaseState state = LeaseState::pending;
  // From the scheduler: the action itself, or only its digest.
  std::optional<Action> action;
  Digest action_digest;
  // Of a completed one: a code of google.rpc.Code, and what was wrong where it is not 0.
  int status = 0;
  std::string message;
  std::optional<ActionResult> result;
};

// What a worker tells the scheduler, and gets back.
struct Session {
  std::string name;  // the scheduler's; empty: not made so far
  std::string bot;   // ours, unique in the fleet
  std::string version;
  bool leaving = false;  // takes no more work
  bool unwell = false;   // takes none for a while
  std::vector<Property> properties;
  std::vector<Lease> leases;
};

enum class Stage : std::uint8_t { unknown, cache_check, queued, executing, completed };

// How an execution ended.
struct Executed {
  ActionResult result;
  bool cached = false;
  int status = 0;  // google.rpc.Code; other than 0: there is no result
  std::string message;
};

// What is accepted from the net.
inline constexpr std::uint64_t most_message = std::uint64_t{4} << 20U;
inline constexpr std::uint64_t most_blob = std::uint64_t{1} << 30U;
inline constexpr std::size_t most_entries = 200'000;  // files and directories of one tree

}  // namespace tenon::remote
