#include "fleet/run/door.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "cache/breaker.h"
#include "cache/remote.h"
#include "cache/run/folder_store.h"
#include "cache/run/remote_store.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "fleet/run/dial.h"
#include "host/files.h"
#include "host/local_socket.h"
#include "host/process.h"
#include "host/service.h"
#include "host/staged_file.h"
#include "wire/run/link.h"
#include "wire/values.h"

namespace tenon::fleet {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds patience{400};
constexpr std::uint64_t slowest = 4'000'000;  // bytes a second
constexpr milliseconds put_patience{5000};
constexpr std::uint64_t slowest_put = 500'000;
constexpr milliseconds client_limit{2000};
constexpr std::size_t most_clients = 100;
constexpr std::size_t most_offers = 10'000;

remote::Digest action_of(const std::string& key) { return remote::digest_of(remote_action(key)); }

// What is on its way to the network, in the order in which it was offered.
class Uploads {
 public:
  Uploads(remote::Link& link, FolderStore& store, DoorEnd& end, std::mutex& mutex)
      : link_(link), store_(store), end_(end), mutex_(mutex) {}

  // With the mutex held.
  [[nodiscard]] bool add(DoorRequest offer) {
    if (closed_ || !breaker_.closed() || offers_.size() >= most_offers) {
      ++end_.lost;
      return false;
    }
    offers_.push_back(std::move(offer));
    changed_.notify_all();
    return true;
  }

  [[nodiscard]] bool idle() const { return offers_.empty() && !busy_; }

  // Whether nothing was given up since somebody asked before.
  [[nodiscard]] bool wait_until_idle(std::unique_lock<std::mutex>& lock,
                                     const std::atomic<bool>& ended) {
    while (!idle() && !ended) changed_.wait_for(lock, milliseconds(100));
    return idle() && std::exchange(told_, end_.lost) == end_.lost;
  }

  // A thread's whole work.
  void run(const std::atomic<bool>& ended) {
    std::unique_lock lock(mutex_);
    while (!ended || !offers_.empty()) {
      if (offers_.empty()) {
        changed_.wait_for(lock, milliseconds(200));
        if (breaker_.wants_trial(Clock::now())) breaker_.well(Clock::now());
        continue;
      }
      const DoorRequest offer = std::move(offers_.front());
      offers_.pop_front();
      busy_ = true;
      lock.unlock();
      const auto done = put(offer);
      lock.lock();
      busy_ = false;
      if (done) {
        ++end_.puts;
      } else {
        fail(done.error());
      }
      changed_.notify_all();
    }
  }

 private:
  // A store that refuses this token, or this user, will do so again.
  void fail(const remote::Failure& failure) {
    ++end_.lost;
    if (failure.code == Errc::not_found) return;  // swept meanwhile
    ++end_.faults;
    closed_ = closed_ || failure.code == Errc::permission;
    end_.lost += offers_.size();
    offers_.clear();
    breaker_.failed(Clock::now());
  }

  remote::Answer<void> put(const DoorRequest& offer) {
    const auto gone = [](const Error& error) {
      return std::unexpected(remote::Failure{Errc::not_found, error.what, false});
    };
    const auto record = store_.record(offer.key);
    if (!record) return gone(record.error());
    if (record->size() > most_remote_record)
      return gone({Errc::limit, "a record that is too long"});
    remote::KeptResult kept;
    kept.text = remote_record(offer.key, *record);
    kept.result.out = remote::digest_of(kept.text);
    kept.result.worker = "tenon cache";
    std::vector<remote::Digest> wanted{kept.result.out};
    for (const RemoteBlob& blob : offer.blobs) {
      kept.result.files.push_back({"blob/" + blob.digest, {blob.digest, blob.size}, false});
      wanted.push_back(kept.result.files.back().digest);
    }
    for (const remote::Digest& digest : TENON_TRY(link_.missing(wanted))) {
      if (digest == kept.result.out) {
        TENON_TRY(link_.put({digest, kept.text}));
        continue;
      }
      const auto bytes = store_.blob(digest.hash);
      if (!bytes) return gone(bytes.error());
      TENON_TRY(link_.put({digest, *bytes}));
    }
    return link_.set_result(action_of(offer.key), kept);
  }

  remote::Link& link_;
  FolderStore& store_;
  DoorEnd& end_;
  std::mutex& mutex_;
  std::condition_variable changed_;
  std::deque<DoorRequest> offers_;
  Breaker breaker_;
  std::uint64_t told_ = 0;  // of end_.lost
  bool busy_ = false;
  bool closed_ = false;
};

class Door {
 public:
  Door(const RemoteSetting& setting, remote::Link& reader, remote::Link& writer)
      : setting_(setting),
        link_(reader),
        store_(setting.cache + "/compile"),
        uploads_(writer, store_, end_, mutex_) {}

  DoorEnd serve(const LocalListener& listener, seconds idle) {
    std::thread uploader([this] { uploads_.run(ended_); });
    std::thread prober([this] { probe(); });
    auto last = Clock::now();
    while (Clock::now() - last < idle && !interrupted() && !drain_asked()) {
      auto client = listener.next(milliseconds(500));
      const bool came = client.has_value();
      if (came) start(*std::move(client));
      const bool working = collect();
      if (came || working) last = Clock::now();
      // Whoever removed the folder wants no program in it.
      if (!file_info(setting_.door)) break;
    }
    ended_ = true;
    for (auto& one : clients_) one->thread.join();
    prober.join();
    uploader.join();
    return std::move(end_);
  }

 private:
  struct Client {
    std::thread thread;
    std::atomic<bool> over = false;
  };

  void start(LocalConnection connection) {
    if (clients_.size() >= most_clients) return;  // it hears the end of the connection
    auto client = std::make_unique<Client>();
    Client* mine = client.get();
    mine->thread = std::thread([this, mine, talk = std::move(connection)]() mutable {
      converse(talk);
      mine->over = true;
    });
    clients_.push_back(std::move(client));
  }

  // Whether anybody is connected, or something is on its way.
  bool collect() {
    for (auto one = clients_.begin(); one != clients_.end();) {
      if (!(*one)->over) {
        ++one;
        continue;
      }
      (*one)->thread.join();
      one = clients_.erase(one);
    }
    const std::scoped_lock lock(mutex_);
    return !clients_.empty() || !uploads_.idle();
  }

  void converse(LocalConnection& talk) {
    while (!ended_) {
      const auto line = talk.line(most_door_line, milliseconds(300));
      if (!line && line.error().code == Errc::timeout) continue;
      const auto request = line ? parse_door_request(*line) : std::nullopt;
      if (!request) return;
      std::string body;
      const DoorAnswer answer = answer_to(*request, body);
      if (!talk.write(door_text(answer) + body, client_limit)) return;
    }
  }

  DoorAnswer answer_to(const DoorRequest& request, std::string& body) {
    switch (request.what) {
      case DoorRequest::What::record: return find(request.key, body);
      case DoorRequest::What::blob: return bring(request);
      case DoorRequest::What::offer: {
        const std::scoped_lock lock(mutex_);
        return {uploads_.add(request) ? DoorAnswer::How::found : DoorAnswer::How::down, 0};
      }
      case DoorRequest::What::flush: break;
    }
    std::unique_lock lock(mutex_);
    const bool well = uploads_.wait_until_idle(lock, ended_);
    return {well ? DoorAnswer::How::found : DoorAnswer::How::down, 0};
  }

  bool asks() {
    const std::scoped_lock lock(mutex_);
    return breaker_.closed();
  }

  // What is not there is no fault of the network.
  DoorAnswer answer_of(const remote::Failure& failure) {
    if (failure.code == Errc::not_found) return {DoorAnswer::How::missing, 0};
    const std::scoped_lock lock(mutex_);
    ++end_.faults;
    breaker_.failed(Clock::now());
    return {DoorAnswer::How::down, 0};
  }

  DoorAnswer find(const std::string& key, std::string& body) {
    if (!asks()) return {};
    auto kept = link_.result(action_of(key));
    if (!kept) return answer_of(kept.error());
    auto text = read_remote_record(key, kept->text);
    if (!text || text->size() > most_remote_record) {
      return answer_of({Errc::malformed, "the record of another key", false});
    }
    const std::scoped_lock lock(mutex_);
    ++end_.records;
    body = *std::move(text);
    return {DoorAnswer::How::found, body.size()};
  }

  DoorAnswer bring(const DoorRequest& request) {
    if (!asks()) return {};
    const auto bytes = link_.get({request.blob.digest, request.blob.size});
    if (!bytes) return answer_of(bytes.error());
    // A full disk of this machine is no fault of the network.
    if (!write_staged(request.path, store_.staging(), *bytes)) return {};
    const std::scoped_lock lock(mutex_);
    ++end_.blobs;
    return {DoorAnswer::How::found, 0};
  }

  // Tries, while nobody waits, whether a network that failed answers again.
  void probe() {
    while (!ended_) {
      bool trial = false;
      {
        const std::scoped_lock lock(mutex_);
        trial = breaker_.wants_trial(Clock::now());
      }
      if (trial) {
        const auto answer = link_.result(action_of("trial"));
        const bool well = answer || answer.error().code == Errc::not_found;
        const std::scoped_lock lock(mutex_);
        well ? breaker_.well(Clock::now()) : breaker_.failed(Clock::now());
      }
      std::this_thread::sleep_for(milliseconds(100));
    }
  }

  const RemoteSetting& setting_;
  remote::Link& link_;
  FolderStore store_;
  DoorEnd end_;
  std::mutex mutex_;
  Breaker breaker_;
  Uploads uploads_;
  std::list<std::unique_ptr<Client>> clients_;
  std::atomic<bool> ended_ = false;
};

DoorEnd cannot(const std::string& path, const char* reason) {
  DoorEnd out;
  out.finding =
      make_finding(Code::usage_work_folder_not_writable,
                   {{"path", path}, {"variable", "TENON_CACHE"}, {"reason", reason}}, "the cache");
  return out;
}

}  // namespace

DoorEnd run_door(const RemoteSetting& setting, seconds idle) {
  remote::LinkSetting link;
  link.address = setting.address.host;
  link.tls = setting.address.tls;
  link.patience = patience;
  link.rate = slowest;
  if (auto read = read_credentials(link, setting.token_file, "TENON_CACHE_TOKEN_FILE",
                                   setting.authorities_file);
      !read) {
    DoorEnd out;
    out.finding = std::move(read).error();
    return out;
  }
  const std::string folder(folder_of(setting.door));
  if (const auto made = make_folders(folder); !made) return cannot(folder, made.error().what);
  const auto lock = FileLock::try_lock(setting.door + ".lock");
  if (!lock) return cannot(setting.door, lock.error().what);
  if (!*lock) return {};
  auto reader = remote::Link::open(link);
  link.patience = put_patience;
  link.rate = slowest_put;
  auto writer = remote::Link::open(link);
  if (!reader || !writer) {
    DoorEnd out;
    out.finding =
        make_finding(Code::fleet_not_in_this_build, {{"what", "a remote cache"}}, "cache");
    return out;
  }
  const auto listener = LocalListener::open(setting.door);
  if (!listener) return cannot(setting.door, listener.error().what);
  auto end = Door(setting, **reader, **writer).serve(*listener, idle);
  for (const char* name : {"", ".started", ".off"}) remove_tree(setting.door + name);
  return end;
}

}  // namespace tenon::fleet
