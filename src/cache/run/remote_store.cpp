#include "cache/run/remote_store.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "base/version.h"
#include "cache/remote.h"
#include "host/files.h"
#include "host/local_socket.h"
#include "host/process.h"
#include "host/service.h"

namespace tenon {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// A helper has its own limits, which are shorter: these are for one that hangs.
constexpr milliseconds answer_limit{900};
constexpr milliseconds start_limit{400};
constexpr std::int64_t quiet_ns = 30'000'000'000;
constexpr std::uint64_t slowest = 2'000'000;  // bytes a second

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Whether something of this kind happened within the last half minute, in any process.
bool is_recent(const std::string& mark) {
  const auto info = file_info(mark);
  return info && info->modified_ns + quiet_ns > now_ns();
}

std::string door_program() { return join_path(folder_of(own_path()), "tenon-fleet"); }

bool start(const RemoteSetting& setting) {
  const std::string program = door_program();
  const std::string log = setting.door + ".log";
  if (!is_file(program) || is_recent(setting.door + ".started")) return false;
  if (!make_folders(std::string(folder_of(setting.door)))) return false;
  if (!write_cache(setting.door + ".started", "") || !write_cache(log, "")) return false;
  Service service;
  service.argv = {program, "cache", "door"};
  service.environment = {"TENON_CACHE=" + setting.cache};
  service.directory = "/";
  service.log = log;
  return start_service(service).has_value();
}

}  // namespace

std::optional<RemoteSetting> remote_setting(const std::string& cache, std::string* wrong) {
  const auto text = environment_variable("TENON_CACHE_REMOTE");
  if (!text || text->empty() || cache.empty()) return std::nullopt;
  auto address = parse_remote(*text);
  if (!address) {
    if (wrong != nullptr) *wrong = address.error().what;
    return std::nullopt;
  }
  RemoteSetting out;
  out.address = *std::move(address);
  out.token_file = environment_variable("TENON_CACHE_TOKEN_FILE").value_or("");
  out.authorities_file = environment_variable("SSL_CERT_FILE").value_or("");
  const std::string closed = environment_variable("TENON_CACHE_READ_ONLY").value_or("");
  out.read_only = !closed.empty() && closed != "0";
  out.cache = cache;
  // One helper for each setting, so that none serves by another's address or token.
  const std::string name =
      fmt::format("{} {} {} {} {} {} {}", out.address.host, out.address.tls, out.token_file,
                  out.authorities_file, out.read_only, tenon_version(), tenon_commit());
  constexpr std::size_t enough = 12;
  out.door = cache + "/door/" + hex(sha256(view_of(name).bytes())).substr(0, enough);
  return out;
}

void start_door(const RemoteSetting& setting) {
  if (!LocalConnection::open(setting.door)) (void)start(setting);
}

bool RemoteStore::connect() {
  if (given_up_ || is_recent(setting_.door + ".off")) return false;
  if (door_) return true;
  auto door = LocalConnection::open(setting_.door);
  // One start in half a minute; who comes meanwhile waits as long as the one who started it.
  const std::string mark = setting_.door + ".started";
  if (!door && !start(setting_)) {
    const auto info = file_info(mark);
    if (!info || info->modified_ns + 1'000'000 * start_limit.count() < now_ns()) return false;
  }
  const auto end = Clock::now() + start_limit;
  while (!door && Clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(5));
    door = LocalConnection::open(setting_.door);
  }
  if (!door) {
    give_up();
    return false;
  }
  door_.emplace(*std::move(door));
  return true;
}

void RemoteStore::give_up() {
  given_up_ = true;
  door_.reset();
  (void)write_cache(setting_.door + ".off", "");
}

std::optional<DoorAnswer> RemoteStore::ask(const DoorRequest& request, milliseconds limit) {
  if (!connect()) return std::nullopt;
  if (!door_->write(door_text(request), answer_limit)) {
    give_up();
    return std::nullopt;
  }
  const auto line = door_->line(most_door_line, limit);
  const auto answer = line ? parse_door_answer(*line) : std::nullopt;
  if (!answer) give_up();
  return answer;
}

std::optional<std::string> RemoteStore::record(const std::string& key) {
  DoorRequest request;
  request.what = DoorRequest::What::record;
  request.key = key;
  const auto answer = ask(request, answer_limit);
  if (!answer || answer->how != DoorAnswer::How::found) return std::nullopt;
  if (answer->size > most_remote_record) {
    give_up();
    return std::nullopt;
  }
  auto text = door_->bytes(static_cast<std::size_t>(answer->size), answer_limit);
  if (text) return *std::move(text);
  give_up();
  return std::nullopt;
}

bool RemoteStore::fetch(const RemoteBlob& blob, const std::string& path) {
  if (blob.size > most_remote_blob || path.contains('\n')) return false;
  DoorRequest request;
  request.what = DoorRequest::What::blob;
  request.blob = blob;
  request.path = path;
  const auto more = milliseconds(1000 * blob.size / slowest);
  const auto answer = ask(request, answer_limit + more);
  return answer && answer->how == DoorAnswer::How::found;
}

void RemoteStore::offer(const std::string& key, std::vector<RemoteBlob> blobs) {
  if (setting_.read_only) return;
  for (const RemoteBlob& blob : blobs) {
    if (blob.size > most_remote_blob) return;
  }
  DoorRequest request;
  request.what = DoorRequest::What::offer;
  request.key = key;
  request.blobs = std::move(blobs);
  if (door_text(request).size() < most_door_line) (void)ask(request, answer_limit);
}

bool RemoteStore::flush(milliseconds limit) {
  // Nobody was started: nothing is on its way.
  auto door = LocalConnection::open(setting_.door);
  if (!door) return true;
  if (!door->write(door_text(DoorRequest{}), answer_limit)) return false;
  const auto line = door->line(most_door_line, limit);
  const auto answer = line ? parse_door_answer(*line) : std::nullopt;
  return answer && answer->how == DoorAnswer::How::found;
}

}  // namespace tenon
