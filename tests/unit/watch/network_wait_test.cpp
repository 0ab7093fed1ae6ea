// Verdicts on processes that wait for the network.
#include "watch/network_wait.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "watch/samples.h"
#include "watch/verdict.h"

using namespace tenon;
using namespace tenon::watch;

TEST_CASE("watch: a proxy that accepts and never answers") {
  ProcessSample waiting = go();
  waiting.proxy = "http://127.0.0.1:18081";
  waiting.sockets = {socket("127.0.0.1", 18081, SocketSample::State::established)};
  const Verdict verdict = only(tree({waiting}));
  CHECK(verdict.kind == Kind::no_answer);
  CHECK(verdict.reason.contains("127.0.0.1:18081"));
  CHECK(has_evidence(verdict, "http://127.0.0.1:18081"));
  CHECK(has_evidence(verdict, "rsc.io/quote"));
  CHECK(verdict.for_ms == 5'000);
  CHECK_FALSE(verdict.normal);
}

TEST_CASE("watch: data that arrives is a download, and normal") {
  ProcessSample waiting = go();
  waiting.sockets = {socket("10.1.2.3", 443, SocketSample::State::established)};
  const Verdict verdict = only(judged(tree({waiting}), [](TreeSample& one, int) {
    one.processes[0].moved_bytes = one.at_ms * 100;
  }));
  CHECK(verdict.kind == Kind::downloading);
  CHECK(verdict.normal);
  CHECK(verdict.reason == "is downloading from 10.1.2.3:443: data arrives, 100 kB a second");
}

TEST_CASE("watch: what a system does not tell about a connection is not guessed") {
  ProcessSample waiting = go();
  waiting.threads_known = false;
  waiting.moved_bytes.reset();
  for (ThreadSample& thread : waiting.threads) {
    thread.call = Call::unknown;
    thread.wait.clear();
  }
  waiting.sockets = {socket("10.1.2.3", 443, SocketSample::State::established)};
  const Verdict verdict = only(tree({waiting}));
  CHECK(verdict.confidence == Confidence::possible);
  CHECK(verdict.reason.contains("whether data arrives is unknown"));
}

TEST_CASE("watch: a connection that is not accepted, a name server that drops") {
  ProcessSample waiting = go();
  waiting.sockets = {socket("192.0.2.1", 443, SocketSample::State::connecting)};
  CHECK(only(tree({waiting})).reason.contains("which does not respond"));
  SocketSample question = socket("192.0.2.53", 53, SocketSample::State::established);
  question.datagram = true;
  waiting.sockets = {question};
  const Verdict verdict = only(tree({waiting}));
  CHECK(verdict.kind == Kind::dns);
  CHECK(verdict.reason.contains("DNS server 192.0.2.53"));
  CHECK(has_evidence(verdict, "Go's own"));
  CHECK(has_evidence(verdict, "tenon resolve --pid"));
  waiting.threads.front().call = Call::poll;
  CHECK(has_evidence(only(tree({waiting})), "the C library's: a thread waits in poll(2)"));
  waiting.threads_known = false;
  CHECK_FALSE(has_evidence(only(tree({waiting})), "C library"));
}

TEST_CASE("watch: bytes of the connection itself tell a slow download") {
  const auto receives = [](std::uint64_t each_second) {
    return [=](TreeSample& one, int) {
      SocketSample from = socket("10.1.2.3", 443, SocketSample::State::established);
      from.received = one.at_ms * each_second / 1000;
      one.processes[0].sockets = {from};
    };
  };
  const Verdict slow = only(judged(tree({go()}), receives(1)));
  CHECK(slow.kind == Kind::downloading);
  CHECK(slow.reason.contains("1 bytes a second"));
  CHECK_FALSE(slow.normal);
  const Verdict fast = only(judged(tree({go()}), receives(100'000)));
  CHECK(fast.reason.contains("100 kB a second"));
  CHECK(fast.normal);
  CHECK(only(judged(tree({go()}), receives(0))).kind == Kind::no_answer);
}
