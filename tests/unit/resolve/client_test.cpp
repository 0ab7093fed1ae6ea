// Go's client on a network of strings, and the readers of messages and logs.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/compare.h"
#include "resolve/config_file.h"
#include "resolve/debug_log.h"
#include "resolve/decision.h"
#include "resolve/go_client.h"
#include "resolve/inputs.h"
#include "resolve/message.h"

namespace tenon::resolve {
namespace {

Inputs machine(std::string resolv = "nameserver 192.0.2.53\noptions timeout:1 attempts:2\n") {
  Inputs out;
  out.machine.resolv_conf = ConfigFile::of(std::move(resolv));
  out.machine.nsswitch = ConfigFile::of("hosts: files dns\n");
  out.machine.hosts = ConfigFile::of("192.0.2.7 known\n192.0.2.8 known\n");
  out.machine.mdns_allow = ConfigFile::none();
  out.machine.hostname = "box";
  return out;
}

// The query with other flags and an address behind it.
std::string reply_to(std::string query, unsigned char high, unsigned char low,
                     std::string_view address) {
  query[2] = static_cast<char>(high);
  query[3] = static_cast<char>(low);
  query[11] = 0;  // no additional records
  query.resize(query.size() - 11);
  if (address.empty()) return query;
  query[7] = 1;
  const bool six = address.size() == 16;
  query += std::string("\xc0\x0c\0", 3) + static_cast<char>(six ? 28 : 1) +
           std::string("\0\1\0\0\0\x3c\0", 7) + static_cast<char>(address.size()) +
           std::string(address);
  return query;
}

class Fake final : public Network {
 public:
  std::function<Arrival(const std::string& query, bool tcp)> answer;

  Arrival datagram(const std::string&, const std::string& query, std::chrono::milliseconds,
                   const Accept& accept) override {
    Arrival out = answer(query, false);
    if (!out.error.empty() || accept(out.bytes)) return out;
    return {{}, "read udp 192.0.2.9:1->192.0.2.53:53: i/o timeout", true, true};
  }

  Arrival stream(const std::string&, const std::string& query, std::chrono::milliseconds) override {
    return answer(query, true);
  }

  std::uint16_t random_id() override { return 4711; }

  void sort(std::vector<std::string>&) override {}
};

bool asks_a(const std::string& query) { return query[query.size() - 14] == 1; }

LookupResult ask(Fake& network, std::string_view name, const Inputs& inputs = machine()) {
  const Resolver resolver(inputs);
  return go_lookup_host(resolver, resolver.decide(name).order, name, network);
}

TEST_CASE("files are asked before any query is sent") {
  Fake network;
  network.answer = [](const std::string&, bool) -> Arrival { return {{}, "must not be asked"}; };
  const LookupResult out = ask(network, "KNOWN");
  CHECK(out.addresses == std::vector<std::string>{"192.0.2.7", "192.0.2.8"});
  CHECK(out.queries.empty());
}

TEST_CASE("both families are asked, and each error says what Go says") {
  Fake network;
  const std::string four("\300\0\2\1", 4);
  network.answer = [&](const std::string& query, bool) -> Arrival {
    return {
        reply_to(query, 0x81, 0x80, asks_a(query) ? std::string_view(four) : std::string_view())};
  };
  LookupResult out = ask(network, "a.example");
  CHECK(out.addresses == std::vector<std::string>{"192.0.2.1"});
  CHECK(out.queries.size() == 2);
  struct Row {
    unsigned char low;
    const char* error;
    bool not_found, temporary;
  };
  for (const Row& row :
       {Row{0x83, "no such host", true, false}, Row{0x82, "server misbehaving", false, true},
        Row{0x85, "server misbehaving", false, false}, Row{0x00, "lame referral", false, false},
        Row{0x80, "no such host", true, false}}) {
    network.answer = [&](const std::string& query, bool) -> Arrival {
      return {reply_to(query, 0x81, row.low, {})};
    };
    out = ask(network, "a.example");
    CHECK(out.error == std::string("lookup a.example on 192.0.2.53:53: ") + row.error);
    CHECK(out.not_found == row.not_found);
    CHECK(out.temporary == row.temporary);
  }
}

TEST_CASE("a foreign id is waited out, a truncated answer is asked for again") {
  Fake network;
  network.answer = [](const std::string& query, bool) -> Arrival {
    std::string bytes = reply_to(query, 0x81, 0x83, {});
    bytes[0] = static_cast<char>(bytes[0] ^ 1);
    return {bytes};
  };
  LookupResult out = ask(network, "a.example");
  CHECK(out.timeout);
  CHECK(out.queries.size() == 4);
  network.answer = [](const std::string& query, bool tcp) -> Arrival {
    if (tcp) return {{}, "EOF"};
    return {reply_to(query, 0x83, 0x80, {})};
  };
  out = ask(network, "a.example");
  CHECK(out.error == "lookup a.example on 192.0.2.53:53: EOF");
  CHECK_FALSE(out.temporary);
}

TEST_CASE("no query for a name that is none, and an empty list for .onion") {
  Fake network;
  network.answer = [](const std::string&, bool) -> Arrival { return {{}, "must not be asked"}; };
  CHECK(ask(network, "a..b").error == "lookup a..b: no such host");
  const LookupResult onion = ask(network, "x.onion");
  CHECK(onion.error.empty());
  CHECK(onion.addresses.empty());
}

TEST_CASE("the first search domain that has an address ends the search") {
  Fake network;
  network.answer = [](const std::string& query, bool) -> Arrival {
    const bool second = query.contains(std::string("\6second", 7));
    return {
        reply_to(query, 0x81, second ? 0x80 : 0x83,
                 second && asks_a(query) ? std::string_view("\1\2\3\4", 4) : std::string_view())};
  };
  const LookupResult out =
      ask(network, "a", machine("nameserver 192.0.2.53\nsearch first second third\n"));
  CHECK(out.addresses == std::vector<std::string>{"1.2.3.4"});
  CHECK(out.queries.size() == 4);
}

TEST_CASE("Go 1.22 wants no truncation over TCP") {
  Fake network;
  network.answer = [](const std::string& query, bool) -> Arrival {
    return {reply_to(query, 0x83, 0x80, {})};
  };
  Inputs inputs = machine();
  inputs.build.go = {22, true};
  CHECK(ask(network, "a.example", inputs).error ==
        "lookup a.example on 192.0.2.53:53: no answer from DNS server");
}

TEST_CASE("a query has EDNS0 unless it is switched off") {
  const auto query = make_query(1, {"a.example.", type_a}, true, false);
  REQUIRE(query);
  CHECK(query->size() == 12 + 11 + 4 + 11);
  CHECK(make_query(1, {"a.example.", type_a}, false, true)->size() == 12 + 11 + 4);
  CHECK_FALSE(make_query(1, {"a..b.", type_a}, true, false));
  CHECK_FALSE(make_query(1, {std::string(64, 'a') + ".", type_a}, true, false));
}

TEST_CASE("a message that points at itself is refused") {
  std::string loop(12, '\0');
  loop[5] = 1;
  loop += "\xc0\x0c";
  MessageReader reader(loop);
  REQUIRE(reader.header());
  CHECK_FALSE(reader.question());
}

TEST_CASE("lines of netdns=2 are predicted and compared") {
  Inputs inputs = machine();
  CHECK(predicted_head(inputs).back() == "go package net: dynamic selection of DNS resolver");
  inputs.build.go = {23, true};
  inputs.build.netgo = true;
  CHECK(predicted_head(inputs).back() ==
        "go package net: built with netgo build tag; using Go's DNS resolver");
  const Inputs plain = machine();
  const Resolver resolver(plain);
  const auto compare = [&](std::string_view log) {
    return compare_log(parse_debug_log(log), resolver);
  };
  CHECK(compare("12:00 go package net: hostLookupOrder(a.b) = files,dns\n").empty());
  const auto found = compare("x\ngo package net: hostLookupOrder(a)b = dns) = cgo\r\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].line == 2);
  CHECK(found[0].what == "the order of a)b = dns");
  CHECK(compare("go package net: GODEBUG setting forcing use of the cgo resolver\n").size() == 1);
}

TEST_CASE("what two answers have in common") {
  BothAnswers both;
  both.go.addresses = {"1.1.1.1", "2.2.2.2"};
  both.libc.addresses = {"2.2.2.2", "1.1.1.1"};
  CHECK(same_answers(both));
  both.go.error = "lookup a: no such host";
  both.go.addresses.clear();
  CHECK_FALSE(same_answers(both));
  const Inputs inputs = machine();
  CHECK_FALSE(explain_difference(Resolver(inputs), both).empty());
}

}  // namespace
}  // namespace tenon::resolve
