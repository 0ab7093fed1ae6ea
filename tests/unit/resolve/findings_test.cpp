// Differences between Go and libc, one row each; error lines alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/codes.h"
#include "diag/finding.h"
#include "resolve/answer.h"
#include "resolve/binary.h"
#include "resolve/config_file.h"
#include "resolve/decision.h"
#include "resolve/differences.h"
#include "resolve/go_text.h"
#include "resolve/inputs.h"
#include "resolve/lookup_error.h"

namespace tenon::resolve {
namespace {

Inputs machine() {
  Inputs out;
  out.machine.resolv_conf = ConfigFile::of("nameserver 192.0.2.53\n");
  out.machine.nsswitch = ConfigFile::of("hosts: files dns\n");
  out.machine.hosts = ConfigFile::none();
  out.machine.mdns_allow = out.machine.host_conf = ConfigFile::none();
  out.machine.hostname = "box";
  return out;
}

std::vector<Code> codes_of(const Inputs& inputs, std::string_view name = "example.org") {
  const Resolver resolver(inputs);
  std::vector<Code> out;
  for (const Finding& one : setting_findings(resolver)) out.push_back(one.code);
  for (const Finding& one : name_findings(resolver, answer_for_name(resolver, name))) {
    CHECK_FALSE(one.evidence.empty());
    out.push_back(one.code);
  }
  return out;
}

TEST_CASE("each difference has its finding, and a plain machine has none") {
  CHECK(codes_of(machine()).empty());
  struct Row {
    const char* what;
    const char* name;
    std::function<void(Inputs&)> change;
    Code code;
  };
  const std::vector<Row> rows{
      {"short number", "127.1", [](Inputs&) {}, Code::resolve_short_address},
      {"onion", "x.onion", [](Inputs&) {}, Code::resolve_onion},
      {"criteria", "a.b",
       [](Inputs& x) { x.machine.nsswitch = ConfigFile::of("hosts: files [NOTFOUND=return] dns"); },
       Code::resolve_criteria},
      {"several lines", "a",
       [](Inputs& x) { x.machine.hosts = ConfigFile::of("1.1.1.1 a\n2.2.2.2 a\n"); },
       Code::resolve_several_hosts_lines},
      {"multi on", "a",
       [](Inputs& x) {
         x.machine.hosts = ConfigFile::of("1.1.1.1 a\n2.2.2.2 a\n");
         x.machine.host_conf = ConfigFile::of("multi on\n");
       },
       Code::resolve_host_conf},
      {"host.conf", "a", [](Inputs& x) { x.machine.host_conf = ConfigFile::of("trim .corp\n"); },
       Code::resolve_host_conf},
      {"tab", "a", [](Inputs& x) { x.machine.nsswitch = ConfigFile::of("hosts: files\tdns"); },
       Code::resolve_tab_in_nsswitch},
      {"long line", "a",
       [](Inputs& x) { x.machine.hosts = ConfigFile::of(std::string(GoLines::buffer, 'x')); },
       Code::resolve_long_line},
      {"no name", "https://a.b", [](Inputs&) {}, Code::resolve_invalid_name},
      {"UTF-8", "\xc3\xbc.example", [](Inputs&) {}, Code::resolve_invalid_name},
      {"netdns=cgo without cgo", "a",
       [](Inputs& x) {
         x.build.cgo = false;
         x.environment.variables["GODEBUG"] = "netdns=cgo";
       },
       Code::resolve_netdns_ignored},
      {"netdns=Go", "a", [](Inputs& x) { x.environment.variables["GODEBUG"] = "netdns=Go"; },
       Code::resolve_netdns_invalid},
      {"both tags", "a", [](Inputs& x) { x.build.netgo = x.build.netcgo = true; },
       Code::resolve_both_tags},
      {"ndots", "a.b",
       [](Inputs& x) { x.machine.resolv_conf = ConfigFile::of("search a b c\noptions ndots:5\n"); },
       Code::resolve_many_queries},
      {"directory", "a", [](Inputs& x) { x.machine.nsswitch.state = ConfigFile::State::folder; },
       Code::resolve_file_unusable},
      {"malformed", "a", [](Inputs& x) { x.machine.nsswitch = ConfigFile::of("x"); },
       Code::resolve_file_unusable},
      {"unknown", "a", [](Inputs& x) { x.machine.nsswitch = {}; }, Code::resolve_unknown_input},
  };
  for (const Row& row : rows) {
    Inputs inputs = machine();
    row.change(inputs);
    const auto codes = codes_of(inputs, row.name);
    CHECK_MESSAGE(std::ranges::find(codes, row.code) != codes.end(), row.what);
  }
}

TEST_CASE("a static glibc program is at risk with modules beyond files and dns") {
  BinaryFacts binary;
  binary.linkage = "static";
  binary.libc = "glibc";
  binary.glibc_minor = 36;
  const auto count = [&](const char* nsswitch) {
    Inputs inputs = machine();
    inputs.machine.nsswitch = ConfigFile::of(nsswitch);
    return binary_findings(Resolver(inputs), binary, "app").size();
  };
  CHECK(count("hosts: files dns") == 0);
  CHECK(count("hosts: files mymachines dns") == 1);
  binary.glibc_minor = 31;
  CHECK(count("hosts: files dns") == 1);
  binary.build.netgo = true;
  CHECK(count("hosts: files mymachines dns") == 0);
  binary.build.netgo = false;
  binary.libc = "musl";
  CHECK(count("hosts: files mymachines dns") == 0);
}

TEST_CASE("LookupTXT is always Go's client on Unix") {
  Inputs inputs = machine();
  inputs.environment.variables["GODEBUG"] = "netdns=cgo";
  const auto calls = answers_for_calls(Resolver(inputs), "a");
  CHECK(calls.front().resolver == "libc");
  CHECK(calls.back().call.contains("LookupTXT"));
  CHECK(calls.back().resolver == "go");
}

TEST_CASE("assumptions name what nobody told") {
  Inputs inputs = machine();
  const auto named = [&] {
    const Resolver resolver(inputs);
    return answer_for_name(resolver, "a").assumptions.size();
  };
  const std::size_t before = named();
  inputs.build.go.known = inputs.environment.known = true;
  CHECK(named() + 2 == before);
}

// Lines as programs print them, with the number of the cause; 0: the line alone does not tell.
struct Line {
  const char* text;
  unsigned cause;
};

constexpr Line lines[] = {
    {"dial tcp: lookup printer.local on 192.168.1.1:53: no such host", 3},
    {"2026/01/02 10:00:00 Get \"http://nas.local:8080/\": dial tcp: lookup nas.local: no such host",
     3},
    {"lookup printer.local. on 127.0.0.53:53: server misbehaving", 3},
    {"dial tcp: lookup api.example.com on [::1]:53: read udp [::1]:43210->[::1]:53: read: "
     "connection refused",
     4},
    {"level=error msg=\"dial tcp: lookup a.example on [::1]:53: dial udp [::1]:53: connect: "
     "connection refused\"",
     4},
    {"lookup big.example on 10.0.0.2:53: no answer from DNS server", 13},
    {"dial tcp: lookup api.example.com: too many open files", 17},
    {"dial tcp: lookup api.example.com on 10.0.0.2:53: dial udp 10.0.0.2:53: socket: too many open "
     "files",
     17},
    {"lookup x.example on 192.168.0.1:53: cannot unmarshal DNS message", 5},
    {"lookup _ldap._tcp.corp.example on 192.168.1.1:53: no such host", 2},
    {"Get \"http://localhost:8080\": dial tcp: lookup localhost on 8.8.8.8:53: no such host", 14},
    {"warning: Using 'getaddrinfo' in statically linked applications requires at runtime the "
     "shared libraries",
     16},
    {"[signal SIGSEGV] net._C2func_getaddrinfo(0xc0000)", 15},
    {"dial tcp: lookup git.corp.example on 192.168.1.1:53: no such host", 0},
    {"dial tcp: lookup db on 127.0.0.11:53: no such host", 0},
    {"dial tcp: lookup redis.default.svc.cluster.local on 10.96.0.10:53: no such host", 0},
    {"dial tcp: lookup dc1.corp.local on 10.1.0.1:53: no such host", 0},
    {"dial tcp: lookup api.example.com on 10.96.0.10:53: read udp 10.244.1.5:40000->10.96.0.10:53: "
     "i/o timeout",
     0},
    {"dial tcp: lookup api.example.com on 127.0.0.53:53: server misbehaving", 0},
    {"dial tcp: lookup api.example.com: Temporary failure in name resolution", 0},
    {"dial tcp: lookup api.example.com: Try again", 0},
    {"dial tcp: lookup api.example.com: Name does not resolve", 0},
    {"dial tcp: lookup api.example.com: no such host", 0},
    {"dial tcp: lookup https://api.example.com: no such host", 0},
    {"dial tcp: lookup api.example.com on 10.0.0.1:53: lame referral", 0},
    {"dial tcp: lookup api.example.com on 10.0.0.1:53: EOF", 0},
    {"dial tcp: lookup api.example.com on 127.0.0.1:53: read udp 127.0.0.1:1->127.0.0.1:53: read: "
     "connection refused",
     0},
    {"dial tcp: lookup api.example.com on 10.0.0.1:53: dial udp 10.0.0.1:53: connect: network is "
     "unreachable",
     0},
    {"dial tcp: lookup api.example.com: i/o timeout", 0},
    {"dial tcp: lookup api.example.com: operation was canceled", 0},
    {"dial tcp: lookup api.example.com on 10.0.0.1:53: invalid DNS response", 0},
    {"dial tcp 10.0.0.1:443: connect: connection refused", 0},
    {"lookup is slow today", 0},
    {"dial tcp: lookup api.example.com on 10.0.0.1:53: write udp 10.0.0.9:1->10.0.0.1:53: write: "
     "operation not permitted",
     0},
};

TEST_CASE("error lines alone: a cause only where the line proves one") {
  for (const Line& line : lines) {
    const LookupVerdict verdict = judge_lookup_error(line.text);
    const unsigned number = verdict.cause == nullptr ? 0 : verdict.cause->number;
    CHECK_MESSAGE(number == line.cause, line.text);
    CHECK_FALSE(verdict.says.empty());
    if (number == 0 && verdict.error) CHECK_MESSAGE(!verdict.run.empty(), line.text);
  }
}

TEST_CASE("names are quoted in commands") {
  const auto verdict = judge_lookup_error("lookup a;rm on 10.0.0.1:53: no such host");
  for (const std::string& command : verdict.run)
    if (command.contains("rm")) CHECK(command.contains("'a;rm'"));
}

}  // namespace
}  // namespace tenon::resolve
