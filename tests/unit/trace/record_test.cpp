// Recorded files: what is written is read again, and what is not so is refused with its line.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "diag/render/render.h"
#include "trace/answer.h"
#include "trace/counters.h"
#include "trace/event.h"
#include "trace/lookups.h"
#include "trace/record_file.h"

using namespace tenon;
using namespace tenon::trace;

namespace {

Header header() {
  Header out;
  out.kernel = "6.1";
  out.arch = "amd64";
  out.subject = "pid 7";
  out.began = 1000;
  return out;
}

std::string start() { return header_line(header(), "0.2.0"); }

std::uint64_t bad_line(const std::string& text) {
  const auto read = read_record(text);
  return read ? 999 : read.error().line;
}

}  // namespace

TEST_CASE("what is written is read again") {
  Connection one;
  one.at = 5000;
  one.process = 7;
  one.name = "a\\xffb";
  one.local = {"::1", 40000};
  one.remote = {"::1", 80};
  one.family = 6;
  one.role = Role::client;
  one.closer = Closer::self;
  one.rest = Rest::time_wait;
  one.inside = true;
  one.reason = "http: CloseIdleConnections called";
  one.transport = 0x00007fffffffffff;
  one.keep_alives_off = false;
  one.idle_max = 4;
  const std::string text = start() + line_of(Stack{1, {"main.f"}}) + line_of(one) +
                           moment_line(6000) + row_line({one.local, one.remote}, false) +
                           footer_line(Footer{});
  const auto read = read_record(text);
  REQUIRE(read);
  REQUIRE(read->owners().size() == 1);
  const auto& [key, owner] = *read->owners().begin();
  CHECK(key.name == "a\\xffb");
  CHECK(owner.entered == 1);
  CHECK(owner.idle_max == 4);
  CHECK(owner.transports.contains(0x00007fffffffffff));
  CHECK(read->present().size() == 1);
  // The same line again.
  const auto data = parse_data(line_of(one));
  REQUIRE(data);
  CHECK(render_data(*data) + "\n" == line_of(one));
}

TEST_CASE("a line that is wrong is named") {
  CHECK(bad_line("") == 0);
  CHECK(bad_line("{}") == 1);
  CHECK(bad_line("{\"tenon\":\"trace\",\"schema\":2}") == 1);
  CHECK(bad_line(start() + "nonsense") == 2);
  CHECK(bad_line(start() + "[]") == 2);
  CHECK(bad_line(start() + "{\"event\":\"close\",\"at\":1}") == 2);
  CHECK(bad_line(start() + "{\"event\":\"moment\",\"at\":-1}") == 2);
  CHECK(bad_line(start() + "{\"event\":\"moment\",\"at\":9223372036854775807}") == 2);
  CHECK(bad_line(start() + "{\"event\":\"moment\",\"at\":1.5}") == 2);
  CHECK(bad_line(start() + std::string(longest_line + 1, ' ')) == 2);
  CHECK(bad_line(start() + footer_line(Footer{}) + moment_line(1)) == 3);
}

TEST_CASE("text of strangers becomes valid UTF-8 without control characters") {
  CHECK(clean_text("a\xff"
                   "b\n\x1b[m") == "a\\xffb\\x0a\\x1b[m");
  CHECK(clean_text("gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
  CHECK(clean_text("\xc0\xaf") == "\\xc0\\xaf");
  CHECK(clean_text("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(clean_text("\xe2\x82") == "\\xe2\\x82");
}

TEST_CASE("addresses are written as RFC 5952 has them") {
  CHECK(address_text(false, {10, 0, 0, 7}) == "10.0.0.7");
  CHECK(address_text(true, {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) ==
        "2001:db8::1");
  CHECK(address_text(true, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) == "::1");
  CHECK(address_text(true, {}) == "::");
  CHECK(address_text(true, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}) ==
        "::ffff:127.0.0.1");
  CHECK(address_text(true, {0x20, 1, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}) ==
        "2001:0:1:2:3:4:5:6");
  CHECK(endpoint_text({"::1", 80}) == "[::1]:80");
}

TEST_CASE("counters of the kernel are found by their names") {
  const auto one = parse_netstat("TcpExt: A TW TWKilled TCPTimeWaitOverflow\nTcpExt: 1 20 3 4\n");
  REQUIRE(one);
  CHECK(one->time_wait == 20);
  CHECK(one->entered() == 23);
  CHECK(one->overflow == 4);
  CHECK_FALSE(parse_netstat("TcpExt: A B\nTcpExt: 1 2\n"));
  CHECK_FALSE(parse_netstat("TcpExt: A TW\nTcpExt: 1\n"));
  CHECK_FALSE(parse_netstat(""));
}

TEST_CASE("ports are the range without those that are reserved") {
  Limits limits;
  REQUIRE(parse_port_range("40000\t40999\n", limits));
  limits.reserved = reserved_ports("39990-40009,40500,50000\n", limits);
  CHECK(limits.reserved == 11);
  CHECK(limits.ports() == 989);
  CHECK_FALSE(parse_port_range("5 4", limits));
  CHECK_FALSE(parse_port_range("1", limits));
}

TEST_CASE("a lookup is put together from where it began and the way it took") {
  Lookups all;
  const auto event = [](Place place, std::string name, std::int64_t at, std::uint8_t order = 0) {
    LookupEvent out;
    out.at = at;
    out.process = 7;
    out.thread = 8;
    out.name = std::move(name);
    out.place = place;
    out.order = order;
    return out;
  };
  all.add(event(Place::go_ipaddr, "a.test", 100));
  all.add(event(Place::go_order, "a.test", 110, 2));
  all.add(event(Place::go_host, "b.test", 200));
  all.add(event(Place::libc, "b.test", 210));
  all.add(event(Place::libc_end, "", 260));
  all.add(event(Place::libc, "c.test", 300));
  all.add(event(Place::go_ipaddr, "10.0.0.7", 400));
  REQUIRE(all.list().size() == 3);
  CHECK(all.count() == 3);
  CHECK(all.addresses() == 1);
  CHECK(all.list()[0].path == "go");
  CHECK(all.list()[0].order == "dns,files");
  CHECK_FALSE(all.list()[0].ended);
  CHECK(all.list()[1].path == "cgo");
  CHECK(all.list()[1].ended == 260);
  CHECK(all.list()[2].path == "libc");
}

TEST_CASE("datagrams count for a lookup only where it is alone") {
  Lookups all;
  LookupEvent one;
  one.process = 7;
  one.name = "a.test";
  one.place = Place::go_order;
  one.order = 1;
  all.add(one);
  DnsEvent sent;
  sent.process = 7;
  sent.sent = true;
  all.add(sent);
  CHECK(all.list()[0].sent == 1);
  one.name = "b.test";
  all.add(one);
  all.add(sent);
  CHECK_FALSE(all.list()[0].sent);
  CHECK_FALSE(all.list()[1].sent);
  CHECK(all.datagrams_sent() == 2);
}
