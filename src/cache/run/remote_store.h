// The second home of the cache, on the network, as a compile or `tenon cache prog` sees it: by a
// helper of this user (the door, fleet/run/door.h), which is started when it is first needed and
// ends when nobody asks it any more. So no compile loads what speaks to the network.
//
// The folder is asked first. What comes from here is in the folder then, under its digest; nothing
// that is asked here ever fails a build: a helper or a network that is slow, gone or wrong is asked
// no more for a while.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cache/remote.h"
#include "host/local_socket.h"

namespace tenon {

// By the environment: TENON_CACHE_REMOTE, TENON_CACHE_TOKEN_FILE, TENON_CACHE_READ_ONLY,
// SSL_CERT_FILE.
struct RemoteSetting {
  RemoteAddress address;
  std::string token_file;        // sent with each call where it names a file
  std::string authorities_file;  // of TLS, where SSL_CERT_FILE names one
  bool read_only = false;        // nothing is put there
  std::string cache;             // the private folder of this user's caches
  std::string door;              // path of the helper's socket; others beside it begin with it
};

// Nothing where TENON_CACHE_REMOTE is not set, is no address, or `cache` is empty. `wrong` gets the
// reason of the second.
[[nodiscard]] std::optional<RemoteSetting> remote_setting(const std::string& cache,
                                                          std::string* wrong = nullptr);

// Starts the helper unless it runs. Nobody waits for it here.
void start_door(const RemoteSetting& setting);

class RemoteStore {
 public:
  explicit RemoteStore(RemoteSetting setting) : setting_(std::move(setting)) {}

  // Nothing where there is none, or nobody to ask.
  [[nodiscard]] std::optional<std::string> record(const std::string& key);
  // Brings a blob into a file, whole or not at all. The reader hashes it once more.
  [[nodiscard]] bool fetch(const RemoteBlob& blob, const std::string& path);
  // What the folder keeps under the key may go to the network; nobody waits for it.
  void offer(const std::string& key, std::vector<RemoteBlob> blobs);
  // Waits until all that was offered is there. False: something was given up, or takes longer.
  [[nodiscard]] bool flush(std::chrono::milliseconds limit);

 private:
  [[nodiscard]] std::optional<DoorAnswer> ask(const DoorRequest& request,
                                              std::chrono::milliseconds limit);
  [[nodiscard]] bool connect();
  void give_up();

  RemoteSetting setting_;
  std::optional<LocalConnection> door_;
  bool given_up_ = false;
};

}  // namespace tenon
