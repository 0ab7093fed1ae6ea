#include "host/relay.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <csignal>
#include <string>

using namespace tenon;

namespace {

struct Seen {
  std::string out, err;
  RelayEnd end;
  int starts = 0;
  int ends = 0;
};

Seen must_relay(std::string script, bool joined = false) {
  Seen seen;
  Relay command;
  command.argv = {"/bin/sh", "-c", std::move(script)};
  command.joined = joined;
  command.on_bytes = [&](std::string_view bytes, bool standard_error) {
    (standard_error ? seen.err : seen.out) += bytes;
    return true;
  };
  command.on_start = [&](int process) { seen.starts += process > 0 ? 1 : 0; };
  command.on_end = [&](const std::vector<int>&) { ++seen.ends; };
  const auto end = relay(command);
  REQUIRE(end.has_value());
  seen.end = *end;
  return seen;
}

}  // namespace

TEST_CASE("relay: streams, exit code, signals") {
  const Seen seen = must_relay("printf out; printf err >&2; exit 3");
  CHECK(seen.out == "out");
  CHECK(seen.err == "err");
  CHECK(seen.end.code == 3);
  CHECK(seen.end.signal == 0);
  CHECK(seen.starts == 1);
  const Seen killed = must_relay("kill -TERM $$");
  CHECK(killed.end.code == 143);
  CHECK(killed.end.signal == SIGTERM);
}

TEST_CASE("relay: streams to one place keep their order") {
  CHECK(must_relay("for i in 1 2 3; do echo o; echo e >&2; done", true).out ==
        "o\ne\no\ne\no\ne\n");
}

TEST_CASE("relay: nothing of a process that outlives the command is lost") {
  const Seen seen = must_relay("(sleep 0.5; echo late) & echo now");
  CHECK(seen.out == "now\nlate\n");
  CHECK(seen.ends == 1);
}

TEST_CASE("relay: a reader that goes away ends the command") {
  Relay command;
  command.argv = {"/bin/sh", "-c", "exec yes"};
  command.on_bytes = [](std::string_view, bool) { return false; };
  const auto end = relay(command);
  REQUIRE(end.has_value());
  CHECK(end->signal == SIGPIPE);
}

TEST_CASE("relay: what cannot be started") {
  Relay command;
  command.argv = {"no-such-program-anywhere"};
  const auto end = relay(command);
  REQUIRE_FALSE(end.has_value());
  CHECK(end.error().code == Errc::not_found);
}

TEST_CASE("relay: signals that ask to end, and those of a program that failed") {
  for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGTERM}) CHECK(asks_to_end(signal));
  for (const int signal : {0, SIGSEGV, SIGABRT, SIGKILL}) CHECK_FALSE(asks_to_end(signal));
}
