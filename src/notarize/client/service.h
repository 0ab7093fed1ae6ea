// Apple's notary service: its four calls, with tries and waits. What fails is a finding that tells
// apart the account, the key, the submission and the network.
// Rules: Apple, "Notary API"; RFC 9110 for 429, 503 and Retry-After.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.h"
#include "diag/progress.h"
#include "notarize/client/answers.h"
#include "notarize/client/token.h"
#include "notarize/client/transport.h"

namespace tenon::notarize {

struct Endpoints {
  std::string notary;   // of the submissions, without a slash at the end
  std::string storage;  // empty: that of AWS
  std::string region = "us-west-2";
  std::string ticket;
};

// Completes an address that names a service without its path.
[[nodiscard]] std::string notary_endpoint(std::string_view url);
[[nodiscard]] std::string ticket_endpoint(std::string_view url);

// How a call is tried again.
struct Patience {
  unsigned tries = 5;
  std::chrono::milliseconds first{1000};  // doubled each time
  std::int64_t deadline = 0;              // seconds since 1970: no wait ends later; 0: none
};

// What calls have in common: the transport, the clock, and where they are traced.
struct Wire {
  Transport& transport;
  Clock& clock;
  Progress& progress;
  bool trace = false;
  Patience patience = {};
};

// Sends a request until there is an answer that another try would not change. `make` makes it anew
// each time, for tokens and signatures that grow old. `service` names it in findings.
[[nodiscard]] Outcome<HttpResponse> send_patiently(
    Wire& wire, const std::string& service, const std::function<Outcome<HttpRequest>()>& make);

// An answer that no rule foresees, or none: notarize/service-unreachable.
[[nodiscard]] Finding unreachable(const std::string& service, std::string detail,
                                  std::string advice = {});
[[nodiscard]] Finding interrupted_finding(std::string state, std::string advice);

class Service {
 public:
  // Borrows the wire.
  Service(Wire& wire, Account account, std::string endpoint)
      : wire_(wire), account_(std::move(account)), endpoint_(std::move(endpoint)) {}

  [[nodiscard]] Outcome<NewSubmission> create(const std::string& name, const std::string& sha256,
                                              const std::string& webhook);
  [[nodiscard]] Outcome<Submission> status(const std::string& id);
  [[nodiscard]] Outcome<std::vector<Submission>> list();
  // Fetched from where the service says; the address is a secret for a while.
  [[nodiscard]] Outcome<NotaryLog> log(const std::string& id);

  // By how much the clock of the service is ahead of ours, when that had to be taken into account.
  [[nodiscard]] std::int64_t clock_offset() const { return offset_; }

 private:
  [[nodiscard]] Outcome<HttpResponse> call(const std::string& method, const std::string& path,
                                           const std::string& body, const std::string& id);
  [[nodiscard]] Outcome<HttpResponse> once(const std::string& method, const std::string& path,
                                           const std::string& body);
  [[nodiscard]] bool learn_clock(const HttpResponse& response);
  [[nodiscard]] Finding refusal(const HttpResponse& response, const std::string& id) const;

  Wire& wire_;
  Account account_;
  std::string endpoint_;
  std::int64_t offset_ = 0;
};

}  // namespace tenon::notarize
