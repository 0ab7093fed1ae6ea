#include "wire/run/link_grpc_messages.h"

#include <build/bazel/remote/execution/v2/remote_execution.pb.h>
#include <google/devtools/remoteworkers/v1test2/bots.pb.h>
#include <google/devtools/remoteworkers/v1test2/worker.pb.h>
#include <google/protobuf/message_lite.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "wire/encode.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::remote {
namespace grpc_link {
namespace {

constexpr std::int64_t second = 1'000'000'000;

void stamp(google::protobuf::Timestamp* out, std::int64_t time) {
  out->set_seconds(time / second);
  out->set_nanos(static_cast<std::int32_t>(time % second));
}

std::int64_t time_of(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t year_2200 = 7'258'118'400;
  if (time.seconds() <= 0 || time.seconds() > year_2200) return 0;
  return time.seconds() * second + std::clamp(time.nanos(), 0, 999'999'999);
}

reapi::ExecutedActionMetadata message_of(const Stamps& stamps, const std::string& worker) {
  reapi::ExecutedActionMetadata out;
  out.set_worker(worker);
  if (stamps.queued > 0) stamp(out.mutable_queued_timestamp(), stamps.queued);
  stamp(out.mutable_worker_start_timestamp(), stamps.worker_start);
  stamp(out.mutable_worker_completed_timestamp(), stamps.worker_end);
  stamp(out.mutable_input_fetch_start_timestamp(), stamps.fetch_start);
  stamp(out.mutable_input_fetch_completed_timestamp(), stamps.fetch_end);
  stamp(out.mutable_execution_start_timestamp(), stamps.execute_start);
  stamp(out.mutable_execution_completed_timestamp(), stamps.execute_end);
  stamp(out.mutable_output_upload_start_timestamp(), stamps.upload_start);
  stamp(out.mutable_output_upload_completed_timestamp(), stamps.upload_end);
  return out;
}

Stamps stamps_of(const reapi::ExecutedActionMetadata& data) {
  Stamps out;
  out.queued = time_of(data.queued_timestamp());
  out.worker_start = time_of(data.worker_start_timestamp());
  out.worker_end = time_of(data.worker_completed_timestamp());
  out.fetch_start = time_of(data.input_fetch_start_timestamp());
  out.fetch_end = time_of(data.input_fetch_completed_timestamp());
  out.execute_start = time_of(data.execution_start_timestamp());
  out.execute_end = time_of(data.execution_completed_timestamp());
  out.upload_start = time_of(data.output_upload_start_timestamp());
  out.upload_end = time_of(data.output_upload_completed_timestamp());
  return out;
}

rwapi::LeaseState message_of(LeaseState state) {
  switch (state) {
    case LeaseState::pending: return rwapi::PENDING;
    case LeaseState::active: return rwapi::ACTIVE;
    case LeaseState::completed: return rwapi::COMPLETED;
    case LeaseState::cancelled: return rwapi::CANCELLED;
  }
  return rwapi::LEASE_STATE_UNSPECIFIED;
}

LeaseState value_of(rwapi::LeaseState state) {
  switch (state) {
    case rwapi::ACTIVE: return LeaseState::active;
    case rwapi::COMPLETED: return LeaseState::completed;
    case rwapi::CANCELLED: return LeaseState::cancelled;
    default: return LeaseState::pending;
  }
}

}  // namespace

reapi::Digest message_of(const Digest& digest) {
  reapi::Digest out;
  out.set_hash(digest.hash);
  out.set_size_bytes(static_cast<std::int64_t>(digest.size));
  return out;
}

reapi::ActionResult message_of(const ActionResult& result) {
  reapi::ActionResult out;
  for (const OutputFile& file : result.files) {
    reapi::OutputFile* row = out.add_output_files();
    row->set_path(file.path);
    *row->mutable_digest() = message_of(file.digest);
    row->set_is_executable(file.executable);
  }
  for (const FolderNode& tree : result.trees) {
    reapi::OutputDirectory* row = out.add_output_directories();
    row->set_path(tree.name);
    *row->mutable_tree_digest() = message_of(tree.digest);
  }
  out.set_exit_code(result.exit_code);
  if (result.out.size > 0) *out.mutable_stdout_digest() = message_of(result.out);
  if (result.err.size > 0) *out.mutable_stderr_digest() = message_of(result.err);
  *out.mutable_execution_metadata() = message_of(result.stamps, result.worker);
  return out;
}

rwapi::BotSession message_of(const Session& session) {
  rwapi::BotSession out;
  out.set_name(session.name);
  out.set_bot_id(session.bot);
  out.set_version(session.version);
  out.set_status(session.unwell ? rwapi::UNHEALTHY : rwapi::OK);
  if (session.leaving) out.set_status(rwapi::BOT_TERMINATING);
  rwapi::Device* device = out.mutable_worker()->add_devices();
  device->set_handle("build");
  for (const Property& property : session.properties) {
    rwapi::Device::Property* row = device->add_properties();
    row->set_key(property.name);
    row->set_value(property.value);
  }
  for (const Lease& lease : session.leases) {
    rwapi::Lease* row = out.add_leases();
    row->set_id(lease.id);
    row->set_state(message_of(lease.state));
    row->mutable_status()->set_code(lease.status);
    row->mutable_status()->set_message(lease.message);
    if (lease.result) row->mutable_result()->PackFrom(message_of(*lease.result));
  }
  return out;
}

std::optional<Digest> value_of(const reapi::Digest& digest) {
  if (!is_digest(digest.hash()) || digest.size_bytes() < 0) return std::nullopt;
  const auto size = static_cast<std::uint64_t>(digest.size_bytes());
  if (size > most_blob) return std::nullopt;
  return Digest{digest.hash(), size};
}

std::optional<Action> value_of(const reapi::Action& message) {
  const auto command = value_of(message.command_digest());
  const auto root = value_of(message.input_root_digest());
  if (!command || !root) return std::nullopt;
  Action out;
  out.command = *command;
  out.input_root = *root;
  constexpr std::int64_t most = 86'400;
  out.timeout =
      std::chrono::seconds(std::clamp<std::int64_t>(message.timeout().seconds(), 0, most));
  out.do_not_cache = message.do_not_cache();
  for (const auto& row : message.platform().properties()) {
    out.platform.push_back({row.name(), row.value()});
  }
  return out;
}

std::optional<ActionResult> value_of(const reapi::ActionResult& result) {
  ActionResult out;
  const auto count = static_cast<std::size_t>(result.output_files_size()) +
                     static_cast<std::size_t>(result.output_directories_size());
  if (count > most_entries) return std::nullopt;
  for (const reapi::OutputFile& file : result.output_files()) {
    const auto digest = value_of(file.digest());
    if (!digest) return std::nullopt;
    out.files.push_back({file.path(), *digest, file.is_executable()});
  }
  for (const reapi::OutputDirectory& tree : result.output_directories()) {
    const auto digest = value_of(tree.tree_digest());
    if (!digest) return std::nullopt;
    out.trees.push_back({tree.path(), *digest});
  }
  out.exit_code = result.exit_code();
  if (result.has_stdout_digest()) {
    const auto digest = value_of(result.stdout_digest());
    if (!digest) return std::nullopt;
    out.out = *digest;
  }
  if (result.has_stderr_digest()) {
    const auto digest = value_of(result.stderr_digest());
    if (!digest) return std::nullopt;
    out.err = *digest;
  }
  out.worker = result.execution_metadata().worker();
  out.stamps = stamps_of(result.execution_metadata());
  return out;
}

std::optional<Session> value_of(const rwapi::BotSession& session, const Session& before) {
  constexpr int most_leases = 100;
  if (session.leases_size() > most_leases || session.name().size() > 1000) return std::nullopt;
  Session out = before;
  out.name = session.name();
  out.version = session.version();
  out.leases.clear();
  for (const rwapi::Lease& row : session.leases()) {
    Lease lease;
    lease.id = row.id();
    lease.state = value_of(row.state());
    // The scheduler sends the action, or only its digest; back comes what we sent, without either.
    if (reapi::Action action; row.payload().UnpackTo(&action)) {
      lease.action = value_of(action);
    } else if (reapi::Digest digest; row.payload().UnpackTo(&digest)) {
      lease.action_digest = value_of(digest).value_or(Digest{});
    }
    out.leases.push_back(std::move(lease));
  }
  return out;
}

}  // namespace grpc_link

namespace {

using grpc_link::value_of;
namespace reapi = grpc_link::reapi;

std::unexpected<Failure> bad(const char* text) {
  return std::unexpected(Failure{Errc::malformed, text, false});
}

bool parse(google::protobuf::MessageLite& message, std::string_view bytes) {
  return bytes.size() <= most_message &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

bool is_name(std::string_view name) {
  constexpr std::size_t most = 255;
  return !name.empty() && name != "." && name != ".." && name.size() <= most &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

Answer<Directory> directory_of(const reapi::Directory& message) {
  const auto count = static_cast<std::size_t>(message.files_size()) +
                     static_cast<std::size_t>(message.directories_size()) +
                     static_cast<std::size_t>(message.symlinks_size());
  if (count > most_entries) return bad("a directory with too many entries");
  Directory out;
  for (const auto& row : message.files()) {
    const auto digest = value_of(row.digest());
    if (!digest || !is_name(row.name())) return bad("a directory with an invalid file");
    out.files.push_back({row.name(), *digest, row.is_executable()});
  }
  for (const auto& row : message.directories()) {
    const auto digest = value_of(row.digest());
    if (!digest || !is_name(row.name())) return bad("a directory with an invalid directory");
    out.folders.push_back({row.name(), *digest});
  }
  for (const auto& row : message.symlinks()) {
    if (!is_name(row.name())) return bad("a directory with an invalid link");
    out.links.push_back({row.name(), row.target()});
  }
  return out;
}

// The files below one directory of a Tree, with their paths.
struct TreeWalk {
  const std::map<std::string, const reapi::Directory*, std::less<>>& children;
  std::vector<OutputFile>& out;

  Answer<void> visit(const reapi::Directory& message, const std::string& path, int depth) {
    constexpr int deepest = 100;
    if (depth > deepest) return bad("a tree that is too deep");
    const Directory directory = TENON_TRY(directory_of(message));
    for (const FileNode& file : directory.files) {
      if (out.size() >= most_entries) return bad("a tree with too many files");
      out.push_back({path + "/" + file.name, file.digest, file.executable});
    }
    for (const FolderNode& folder : directory.folders) {
      const auto found = children.find(folder.digest.hash);
      if (found == children.end()) return bad("a tree without one of its directories");
      TENON_TRY(visit(*found->second, path + "/" + folder.name, depth + 1));
    }
    return {};
  }
};

}  // namespace

Answer<Directory> read_directory(std::string_view bytes) {
  reapi::Directory message;
  if (!parse(message, bytes)) return bad("not a directory");
  return directory_of(message);
}

Answer<Command> read_command(std::string_view bytes) {
  reapi::Command message;
  if (!parse(message, bytes)) return bad("not a command");
  Command out;
  out.arguments = {message.arguments().begin(), message.arguments().end()};
  for (const auto& row : message.environment_variables()) {
    out.environment.push_back({row.name(), row.value()});
  }
  out.outputs = {message.output_paths().begin(), message.output_paths().end()};
  out.folder = message.working_directory();
  return out;
}

Answer<Action> read_action(std::string_view bytes) {
  reapi::Action message;
  if (!parse(message, bytes)) return bad("not an action");
  auto out = value_of(message);
  if (!out) return bad("an action without its command or its input");
  return *std::move(out);
}

Answer<std::vector<OutputFile>> read_tree(std::string_view bytes, const std::string& path) {
  reapi::Tree message;
  if (!parse(message, bytes)) return bad("not a tree");
  std::map<std::string, const reapi::Directory*, std::less<>> children;
  for (const auto& child : message.children()) {
    const Directory directory = TENON_TRY(directory_of(child));
    children.emplace(digest_of(encode(directory)).hash, &child);
  }
  std::vector<OutputFile> out;
  TreeWalk walk{children, out};
  TENON_TRY(walk.visit(message.root(), path, 0));
  return out;
}

}  // namespace tenon::remote
