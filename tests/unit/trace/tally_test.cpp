// Owners, causes and forecasts from events; the counts are those of the events that were put in.
#include "trace/tally.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "diag/code.h"
#include "trace/answer.h"
#include "trace/event.h"
#include "trace/forecast.h"
#include "trace/owners.h"

using namespace tenon;
using namespace tenon::trace;

namespace {

constexpr std::int64_t second = 1'000'000'000;

Connection closed(std::uint16_t port, std::int64_t at, std::string reason = {}) {
  Connection out;
  out.at = at;
  out.opened = at - second / 100;
  out.closing = at;
  out.process = 70;
  out.name = "app";
  out.local = {"10.0.0.7", port};
  out.remote = {"10.0.0.9", 80};
  out.role = Role::client;
  out.closer = Closer::self;
  out.rest = Rest::time_wait;
  out.inside = true;
  out.sent_segments = 1;
  out.reason = std::move(reason);
  return out;
}

Header header() {
  Header out;
  out.began = 10 * second;
  out.limits.first_port = 40000;
  out.limits.last_port = 40999;
  out.counters.time_wait = 5;
  return out;
}

Footer footer(std::int64_t entered, std::int64_t at = 20 * second) {
  Footer out;
  out.ended = at;
  out.counters.time_wait = 5 + entered;
  return out;
}

bool has(const Tally& tally, std::string_view code) {
  return std::ranges::any_of(findings_of(tally),
                             [&](const Finding& one) { return code_text(one.code) == code; });
}

}  // namespace

TEST_CASE("a sum that is not the kernel's proves nothing") {
  Tally tally(header());
  for (int i = 0; i < 3; ++i) tally.add(closed(static_cast<std::uint16_t>(40000 + i), 11 * second));
  SUBCASE("equal") {
    tally.finish(footer(3));
    CHECK(proof_of(tally).proved);
    CHECK_FALSE(has(tally, "TN3205"));
  }
  SUBCASE("the kernel counted more") {
    tally.finish(footer(4));
    CHECK_FALSE(proof_of(tally).proved);
    CHECK(proof_of(tally).difference == -1);
    CHECK(has(tally, "TN3205"));
  }
  SUBCASE("records were lost") {
    Footer end = footer(3);
    end.lost = 1;
    tally.finish(end);
    CHECK_FALSE(proof_of(tally).proved);
  }
  SUBCASE("no end") { CHECK_FALSE(proof_of(tally).proved); }
}

TEST_CASE("entries that stay at most four seconds are counted by a counter of their own") {
  Tally tally(header());
  Connection one = closed(40000, 11 * second);
  one.rest = Rest::half;
  tally.add(one);
  Footer end = footer(0);
  end.counters.short_wait = 1;
  tally.finish(end);
  CHECK(proof_of(tally).proved);
  CHECK(tally.half() == 1);
}

TEST_CASE("the cause of a close is read from Go's words") {
  const auto why = [](std::string reason) { return why_closed(closed(1, second, reason), {}); };
  CHECK(why("http: putIdleConn: too many idle connections for host") == Why::pool_full);
  CHECK(why("http: putIdleConn: keep alives disabled") == Why::keep_alives_off);
  CHECK(why("http: CloseIdleConnections called") == Why::client_ended);
  CHECK(why("http: idle connection timeout") == Why::idle_time);
  CHECK(why("http: server closed idle connection") == Why::peer);
  CHECK(why("http: persistConn.readLoop exiting") == Why::keep_alives_off);
  Connection early = closed(1, second, "http: persistConn.readLoop exiting");
  early.early = true;
  CHECK(why_closed(early, {}) == Why::body_left);
  Connection unread = closed(1, second);
  unread.unread = 100;
  CHECK(why_closed(unread, {}) == Why::body_left);
}

TEST_CASE("the cause of a close is read from functions of database/sql and gRPC") {
  CHECK(why_closed(closed(1, second), {"main.f", "database/sql.(*DB).putConn"}) == Why::pool_full);
  CHECK(why_closed(closed(1, second), {"database/sql.(*DB).Close"}) == Why::client_ended);
  CHECK(why_closed(closed(1, second), {"database/sql.(*DB).connectionCleaner"}) == Why::idle_time);
  CHECK(why_closed(closed(1, second), {"google.golang.org/grpc.(*ClientConn).Close"}) ==
        Why::client_ended);
  // A database that served for a while and is closed at its end.
  Connection long_lived = closed(1, second);
  long_lived.sent_segments = 50;
  Connection call = closed(1, second);
  call.sent_segments = 7;
  call.opened = call.closing - second / 1000;
  const std::vector<std::string> loop = {
      "io.ReadAtLeast", "google.golang.org/grpc/internal/transport.(*http2Client).reader"};
  CHECK(why_closed(call, {"io.ReadAtLeast"}) == Why::unknown);
  CHECK(why_closed(call, loop) == Why::client_ended);
  CHECK(why_closed(call, {"net/http.(*http2clientConnReadLoop).run"}) == Why::single);
  call.sent_segments = 200;
  CHECK(why_closed(call, loop) == Why::unknown);
  CHECK(why_closed(long_lived, {"database/sql.(*DB).Close"}) == Why::unknown);
}

TEST_CASE("stacks with the same functions are one site, the most frequent first") {
  Tally tally(header());
  tally.add(Stack{1, {"f", "main"}});
  tally.add(Stack{2, {"g", "main"}});
  tally.add(Stack{3, {"f", "main"}});
  for (const std::uint32_t stack : {1U, 2U, 2U, 3U, 3U, 0U}) {
    Connection one = closed(40000, 11 * second);
    one.stack = stack;
    tally.add(one);
  }
  REQUIRE(tally.owners().size() == 1);
  const auto sites = tally.sites(tally.owners().begin()->second);
  REQUIRE(sites.size() == 2);
  CHECK(sites[0].functions == std::vector<std::string>{"f", "main"});
  CHECK(sites[0].count == 3);
  CHECK(sites[1].count == 2);
}

TEST_CASE("owners that differ by their process are one line of the text") {
  Tally tally(header());
  for (std::uint32_t i = 0; i < 3; ++i) {
    Connection one = closed(static_cast<std::uint16_t>(40000 + i), 11 * second);
    one.process = 70 + i;
    tally.add(one);
  }
  tally.finish(footer(3));
  const std::string text(answer_text(tally));
  CHECK(text.contains("app (3 processes) to 10.0.0.9:80: 3 connections, 3 closed here"));
}

TEST_CASE("fewer than ten closes are the end of a program, not a cause") {
  for (const int count : {9, 10}) {
    Tally tally(header());
    for (int i = 0; i < count; ++i) {
      tally.add(closed(static_cast<std::uint16_t>(40000 + i), 11 * second,
                       "http: putIdleConn: too many idle connections for host"));
    }
    tally.finish(footer(count));
    CHECK(has(tally, "TN3206") == (count == 10));
  }
}

TEST_CASE("many transports are clients for single requests, one transport is not") {
  for (const bool many : {false, true}) {
    Tally tally(header());
    for (int i = 0; i < 20; ++i) {
      Connection one = closed(static_cast<std::uint16_t>(40000 + i), 11 * second,
                              "http: CloseIdleConnections called");
      one.transport = many ? 4096U + static_cast<unsigned>(i) * 512U : 4096U;
      one.sent_segments = 9;
      tally.add(one);
    }
    tally.finish(footer(20));
    CHECK(has(tally, "TN3209") == many);
  }
}

TEST_CASE("processes that are not traced are counted and not judged") {
  Tally tally(header());
  for (int i = 0; i < 20; ++i) {
    Connection one = closed(static_cast<std::uint16_t>(40000 + i), 11 * second);
    one.inside = false;
    tally.add(one);
  }
  tally.finish(footer(20));
  CHECK(proof_of(tally).proved);
  CHECK(findings_of(tally).empty());
}

TEST_CASE("a steady rate that needs more ports than there are is told with its moment") {
  // 1000 ports at 25 a second: after 40 s.
  Tally tally(header());
  std::int64_t known = 0;
  double left = 0;
  for (int i = 0; i < 200; ++i) {
    const std::int64_t at = 10 * second + i * (second / 25);
    tally.add(closed(static_cast<std::uint16_t>(40000 + i), at));
    if (i % 25 != 24) continue;
    tally.look(at + second / 50);
    if (known != 0 || tally.forecasts().empty()) continue;
    known = tally.forecasts().front().at - 10 * second;
    left = tally.forecasts().front().seconds.value_or(0);
  }
  CHECK(known <= 5 * second);
  const double moment = static_cast<double>(known) / second + left;
  CHECK(moment > 36);
  CHECK(moment < 44);
}

TEST_CASE("a rate that settles below the ports is no finding") {
  // 12 a second settle at 720 of 1000.
  Tally tally(header());
  for (int i = 0; i < 12 * 90; ++i) {
    const std::int64_t at = 10 * second + i * (second / 12);
    tally.add(closed(static_cast<std::uint16_t>(40000 + i % 1000), at));
    if (i % 12 == 11) tally.look(at + second / 50);
  }
  CHECK(tally.forecasts().empty());
}

TEST_CASE("where a new connection takes an entry over, it holds its port for a second") {
  Header reuse = header();
  reuse.limits.reuse = 1;
  Tally tally(reuse);
  for (int i = 0; i < 400; ++i) {
    const std::int64_t at = 10 * second + i * (second / 50);
    tally.add(closed(static_cast<std::uint16_t>(40000 + i), at));
    if (i % 50 == 49) tally.look(at + second / 100);
  }
  CHECK(tally.forecasts().empty());
  CHECK(tally.latest().begin()->second.stay == 1);
}

TEST_CASE("connections that were open at once are those whose times overlap") {
  Owner owner;
  for (int i = 0; i < 5; ++i) {
    Connection one = closed(static_cast<std::uint16_t>(40000 + i), 11 * second);
    one.opened = 10 * second + i;
    owner.add(one, Why::unknown);
  }
  Connection later = closed(41000, 13 * second);
  owner.add(later, Why::unknown);
  CHECK(owner.peak() == 5);
}
