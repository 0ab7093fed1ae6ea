#include "notarize/client/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/shown.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "diag/render/render.h"
#include "diag/report.h"
#include "notarize/client/answers.h"
#include "notarize/client/token.h"
#include "notarize/client/transport.h"

namespace tenon::notarize {
namespace {

constexpr const char* service_name = "the notary service";
constexpr std::int64_t tolerated_skew = 60;

// Whether another try may be answered otherwise.
bool is_passing(int status) { return status == 429 || status >= 500; }

std::string text_of(const ServiceError& error, int status) {
  std::string out = fmt::format("HTTP {}", status);
  if (!error.code.empty()) out += " " + error.code;
  if (!error.title.empty()) out += ": " + error.title;
  if (!error.detail.empty() && error.detail != error.title) out += " " + error.detail;
  return out;
}

std::string account_advice(const ServiceError& error) {
  const std::string all = error.code + " " + error.title + " " + error.detail;
  if (all.contains("agreement") || all.contains("AGREEMENT")) {
    return "the Account Holder of the team has to accept the current agreements at "
           "developer.apple.com/account";
  }
  if (all.contains("MISSING_PROVIDER") || all.contains("provider")) {
    return "the key belongs to no team that can notarize: make a team key in App Store Connect, "
           "Users and Access, Integrations";
  }
  return "give the key the role Developer or higher in App Store Connect, Users and Access, "
         "Integrations";
}

Finding account_finding(const ServiceError& error, int status) {
  return make_finding(Code::notarize_account, {{"service", service_name},
                                               {"detail", text_of(error, status)},
                                               {"advice", account_advice(error)}});
}

// With what was sent last: the reason that the user can do something about.
Finding network_finding(const std::string& service, const TransportError& error) {
  using Kind = TransportError::Kind;
  switch (error.kind) {
    case Kind::interrupted: return interrupted_finding("nothing was sent", "run it again");
    case Kind::unavailable:
      return make_finding(Code::notarize_no_transport, {{"reason", error.text}});
    case Kind::certificate:
      return unreachable(service, error.text,
                         "name the certificates that the service is proven by with --ca FILE");
    case Kind::refused: return unreachable(service, error.text, "correct the address");
    case Kind::network: break;
  }
  return unreachable(service, error.text);
}

class Tries {
 public:
  explicit Tries(Wire& wire) : wire_(wire) {}

  // Whether there is another try, after a wait.
  [[nodiscard]] Outcome<bool> again(std::int64_t asked_seconds) {
    if (++done_ >= wire_.patience.tries) return false;
    std::chrono::milliseconds wait = wire_.patience.first * (1U << (done_ - 1));
    if (asked_seconds >= 0) wait = std::max(wait, std::chrono::milliseconds(asked_seconds * 1000));
    if (asked_seconds == 0) wait = std::min(wait, wire_.patience.first);
    const std::int64_t end = wire_.clock.now() + wait.count() / 1000;
    if (wire_.patience.deadline != 0 && end > wire_.patience.deadline) return false;
    if (!wire_.clock.sleep(wait)) {
      return std::unexpected(interrupted_finding("nothing was sent", "run it again"));
    }
    return true;
  }

 private:
  Wire& wire_;
  unsigned done_ = 0;
};

void trace(Wire& wire, const HttpRequest& request, std::string_view answer) {
  if (!wire.trace) return;
  wire.progress.line(shown_format("{} {}: {}", request.method, shown_url(request.url), answer));
}

}  // namespace

std::string notary_endpoint(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with("/submissions")) return std::string(url);
  const std::size_t path = url.find('/', url.find("://") + 3);
  const bool bare = path == std::string_view::npos;
  return std::string(url) + (bare ? "/notary/v2/submissions" : "/submissions");
}

std::string ticket_endpoint(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  const bool bare = url.find('/', url.find("://") + 3) == std::string_view::npos;
  constexpr std::string_view path =
      "/database/1/com.apple.gk.ticket-delivery/production/public/records/lookup";
  return std::string(url) + std::string(bare ? path : "");
}

Finding unreachable(const std::string& service, std::string detail, std::string advice) {
  if (advice.empty()) advice = "try again later";
  return make_finding(
      Code::notarize_service_unreachable,
      {{"service", service}, {"detail", std::move(detail)}, {"advice", std::move(advice)}});
}

Finding interrupted_finding(std::string state, std::string advice) {
  return make_finding(Code::notarize_interrupted,
                      {{"state", std::move(state)}, {"advice", std::move(advice)}});
}

Outcome<HttpResponse> send_patiently(Wire& wire, const std::string& service,
                                     const std::function<Outcome<HttpRequest>()>& make) {
  Tries tries(wire);
  for (;;) {
    const HttpRequest request = TENON_TRY(make());
    const auto response = wire.transport.send(request);
    if (!response) {
      trace(wire, request, response.error().text);
      if (response.error().kind != TransportError::Kind::network || !TENON_TRY(tries.again(-1))) {
        return std::unexpected(network_finding(service, response.error()));
      }
      continue;
    }
    trace(wire, request, fmt::format("HTTP {}", response->status));
    if (!is_passing(response->status)) return *response;
    const std::int64_t asked = retry_after(*response, wire.clock.now()).value_or(-1);
    if (!TENON_TRY(tries.again(asked))) {
      ServiceError error = read_error(response->body);
      if (error.code.empty()) error = read_storage_error(response->body);
      return std::unexpected(unreachable(service, text_of(error, response->status)));
    }
  }
}

Outcome<HttpResponse> Service::once(const std::string& method, const std::string& path,
                                    const std::string& body) {
  return send_patiently(wire_, service_name, [&]() -> Outcome<HttpRequest> {
    const auto token = make_token(account_, wire_.clock.now() + offset_);
    if (!token) {
      return std::unexpected(
          make_finding(Code::notarize_key_unusable,
                       {{"reason", token.error().what}, {"advice", "name another key"}}));
    }
    HttpRequest out;
    out.method = method;
    out.url = endpoint_ + path;
    out.headers = {{"Authorization", "Bearer " + *token}, {"Accept", "application/json"}};
    if (!body.empty()) out.headers.emplace_back("Content-Type", "application/json");
    out.body = body;
    return out;
  });
}

// Whether the token was refused because of the clock of this machine, and can be made by that of
// the service.
bool Service::learn_clock(const HttpResponse& response) {
  const auto date = http_date(response.header("date"));
  if (!date || offset_ != 0) return false;
  const std::int64_t ahead = *date - wire_.clock.now();
  if (std::abs(ahead) <= tolerated_skew) return false;
  offset_ = ahead;
  return true;
}

Finding Service::refusal(const HttpResponse& response, const std::string& id) const {
  const ServiceError error = read_error(response.body);
  const std::string detail = text_of(error, response.status);
  switch (response.status) {
    case 401: {
      const std::string advice =
          offset_ == 0
              ? "compare the key's number and the issuer with App Store Connect, Users and Access, "
                "Integrations"
              : fmt::format("set the clock of this machine: it differs by {} s from the service's",
                            std::abs(offset_));
      return make_finding(Code::notarize_unauthorized,
                          {{"service", service_name}, {"detail", detail}, {"advice", advice}});
    }
    case 403: return account_finding(error, response.status);
    case 404:
      if (!id.empty()) {
        return make_finding(Code::notarize_no_such_submission, {{"id", id}, {"detail", detail}});
      }
      break;
    default: break;
  }
  return unreachable(service_name, detail);
}

Outcome<HttpResponse> Service::call(const std::string& method, const std::string& path,
                                    const std::string& body, const std::string& id) {
  HttpResponse response = TENON_TRY(once(method, path, body));
  if (response.status == 401 && learn_clock(response)) {
    wire_.progress.line(shown_format(
        "the clock of this machine differs by {} s from that of the service, which is used",
        std::abs(offset_)));
    response = TENON_TRY(once(method, path, body));
  }
  if (!response.ok()) return std::unexpected(refusal(response, id));
  return response;
}

namespace {

template <class T>
Outcome<T> understood(Result<T> answer) {
  if (answer) return *std::move(answer);
  return std::unexpected(
      unreachable(service_name, fmt::format("its answer cannot be read: {}", answer.error().what)));
}

}  // namespace

Outcome<NewSubmission> Service::create(const std::string& name, const std::string& sha256,
                                       const std::string& webhook) {
  Data body = Data::object();
  body.add("submissionName", name);
  body.add("sha256", sha256);
  Data notifications = Data::array();
  if (!webhook.empty()) {
    Data one = Data::object();
    one.add("channel", "webhook");
    one.add("target", webhook);
    notifications.push(std::move(one));
  }
  body.add("notifications", std::move(notifications));
  const HttpResponse response = TENON_TRY(call("POST", "", render_data(body), ""));
  return understood(read_new_submission(response.body));
}

Outcome<Submission> Service::status(const std::string& id) {
  const HttpResponse response = TENON_TRY(call("GET", "/" + id, "", id));
  return understood(read_submission(response.body));
}

Outcome<std::vector<Submission>> Service::list() {
  const HttpResponse response = TENON_TRY(call("GET", "", "", ""));
  return understood(read_submissions(response.body));
}

Outcome<NotaryLog> Service::log(const std::string& id) {
  const HttpResponse place = TENON_TRY(call("GET", "/" + id + "/logs", "", id));
  const std::string url = TENON_TRY(understood(read_log_url(place.body)));
  // Whoever has the address may read it: it gets no token.
  const HttpResponse log =
      TENON_TRY(send_patiently(wire_, "the log of the notary", [&]() -> Outcome<HttpRequest> {
        HttpRequest request;
        request.url = url;
        return request;
      }));
  if (!log.ok()) {
    return std::unexpected(
        unreachable("the log of the notary", fmt::format("HTTP {}", log.status)));
  }
  return understood(read_log(log.body));
}

}  // namespace tenon::notarize
