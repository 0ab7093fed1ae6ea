// The one door to a fleet: its store, its scheduler, and who works for it. Behind it is gRPC where
// this build has it (link_grpc.cpp), else nothing (link_none.cpp), which says so.
// Every call has a deadline, every answer a limit, and bytes are held against their digest.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/values.h"

namespace tenon::remote {

// Whether this build can talk to a fleet.
[[nodiscard]] bool has_link();

struct Blob {
  Digest digest;
  std::string_view bytes;  // borrowed
};

// How a service is talked to.
struct LinkSetting {
  std::string address;  // "HOST:PORT", or "unix:PATH"
  bool tls = false;
  std::string authorities;  // of TLS, PEM; empty: those of the machine
  std::string token;  // sent with each call as "authorization: Bearer TOKEN" where there is one
  // For the first byte of an answer and for each piece after it; the whole has at least `rate`.
  std::chrono::milliseconds patience{60'000};
  std::uint64_t rate = 100'000;  // bytes a second
  // Whether a call waits for a service that is not there yet, as long as it may take at all. Else
  // it fails at once; then a service that comes later is seen after 5 s only, by gRPC's own poll.
  bool wait_for_service = false;
  // How long missing(), put() and get() are repeated while the store is away, as long as `go_on`
  // says so where there is one. What works for another program waits here: a failure would cost the
  // action one of its few attempts.
  std::chrono::seconds outage{0};
  std::function<bool()> go_on;
};

class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  // "HOST:PORT". Nothing is sent: who is not there shows at the first call.
  [[nodiscard]] static Answer<std::unique_ptr<Link>> open(const std::string& address);
  [[nodiscard]] static Answer<std::unique_ptr<Link>> open(const LinkSetting& setting);

  // Which of these the store does not have.
  [[nodiscard]] virtual Answer<std::vector<Digest>> missing(const std::vector<Digest>& wanted) = 0;
  [[nodiscard]] virtual Answer<void> put(const Blob& blob) = 0;
  // At most `most_blob` bytes, which have this digest.
  [[nodiscard]] virtual Answer<std::string> get(const Digest& digest) = 0;

  // What is kept for an action, with the text of its standard output, which has its digest.
  // Errc::not_found: nothing.
  [[nodiscard]] virtual Answer<KeptResult> result(const Digest& action) = 0;
  // What it names is in the store already. `text`: its standard output.
  [[nodiscard]] virtual Answer<void> set_result(const Digest& action, const KeptResult& kept) = 0;

  // Waits for the result. `see` gets each stage, and says whether to go on.
  [[nodiscard]] virtual Answer<Executed> execute(const Digest& action, bool skip_cache,
                                                 const std::function<bool(Stage)>& see) = 0;
  // Names of the workers that the scheduler knows.
  [[nodiscard]] virtual Answer<std::vector<std::string>> workers() = 0;

  // Makes the session, or brings it up to date; waits for work up to `wait`, as long as `go_on`.
  // Errc::interrupted: it did not go on. Errc::not_found: the scheduler knows no such session.
  [[nodiscard]] virtual Answer<Session> report(const Session& session, std::chrono::seconds wait,
                                               const std::function<bool()>& go_on) = 0;
};

// Messages out of the store. malformed: not such a message, more than `most_entries`, or a name
// that is none: empty, ".", "..", with '/' or a zero byte.
[[nodiscard]] Answer<Directory> read_directory(std::string_view bytes);
[[nodiscard]] Answer<Command> read_command(std::string_view bytes);
[[nodiscard]] Answer<Action> read_action(std::string_view bytes);
// The files of a Tree, with `path` before their names.
[[nodiscard]] Answer<std::vector<OutputFile>> read_tree(std::string_view bytes,
                                                        const std::string& path);

}  // namespace tenon::remote
