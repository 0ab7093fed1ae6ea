// The readers of resolv.conf, nsswitch.conf, hosts and GODEBUG.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolve/address.h"
#include "resolve/address_order.h"
#include "resolve/config_file.h"
#include "resolve/go_text.h"
#include "resolve/godebug.h"
#include "resolve/hosts_file.h"
#include "resolve/nsswitch.h"
#include "resolve/query_plan.h"
#include "resolve/resolv_conf.h"

namespace tenon::resolve {
namespace {

using Texts = std::vector<std::string>;

TEST_CASE("a line of 64 KiB ends the file") {
  const std::string long_line(GoLines::buffer, 'x');
  const std::string file =
      "a\n" + std::string(GoLines::buffer - 1, 'y') + "\nb\n" + long_line + "\nc\n";
  GoLines lines(file);
  std::string seen;
  while (const auto line = lines.next()) seen += line->substr(0, 1);
  CHECK(seen == "ayb");
  CHECK(lines.cut());
  const std::string text = "hosts: files\n" + long_line + "\nhosts: dns\n";
  CHECK(parse_nsswitch(ConfigFile::of(text)).hosts.size() == 1);
}

TEST_CASE("numbers are read as Go reads them") {
  const auto ndots = [](std::string_view text) {
    return parse_resolv_conf(ConfigFile::of("options ndots:" + std::string(text)), "").ndots;
  };
  CHECK(ndots("3") == 3);
  CHECK(ndots("3x") == 3);
  CHECK(ndots("-1") == 0);
  CHECK(ndots("") == 0);
  CHECK(ndots("99999999999999999999") == 15);
  const ResolvConf conf = parse_resolv_conf(ConfigFile::of("options timeout:0 attempts:0"), "");
  CHECK(conf.timeout_s == 1);
  CHECK(conf.attempts == 1);
}

TEST_CASE("name servers are addresses, at most three") {
  const ResolvConf conf = parse_resolv_conf(
      ConfigFile::of(
          "nameserver host\nnameserver 1.2.3\nnameserver fe80::1%eth0\nnameserver\t10.0.0.1 # x\r\n"
          "nameserver 10.0.0.2\nnameserver 10.0.0.3\n"),
      "");
  CHECK(conf.servers == Texts{"[fe80::1%eth0]:53", "10.0.0.1:53", "10.0.0.2:53"});
  CHECK(parse_resolv_conf(ConfigFile::none(), "").servers == Texts{"127.0.0.1:53", "[::1]:53"});
}

TEST_CASE("search domains come from the file, else from the host name") {
  CHECK(parse_resolv_conf(ConfigFile::of("search a . b.\n"), "box.corp").search ==
        Texts{"a.", "b."});
  CHECK(parse_resolv_conf(ConfigFile::of("search .\n"), "box.corp").search == Texts{"corp."});
  CHECK(parse_resolv_conf(ConfigFile::of("domain x\n"), "box.corp").search == Texts{"x."});
  CHECK(parse_resolv_conf(ConfigFile::of(""), "box.").search.empty());
}

TEST_CASE("comments count in the first column only") {
  const ResolvConf conf =
      parse_resolv_conf(ConfigFile::of("# a\n; b\n # c\n\xef\xbb\xbfnameserver 1.1.1.1\n"), "");
  REQUIRE(conf.unknown.size() == 2);
  CHECK(conf.unknown[0].word == "#");
  CHECK(conf.unknown[0].line == 3);
  CHECK_FALSE(conf.unknown[1].option);
}

TEST_CASE("conditions of nsswitch.conf") {
  const auto problem = [](std::string_view text) {
    return parse_nsswitch(ConfigFile::of("hosts: files " + std::string(text))).problem;
  };
  CHECK(problem("[]").empty());
  CHECK(problem("[NOTFOUND=return").contains("unclosed"));
  CHECK(problem("[ab]").contains("invalid"));
  CHECK(problem("[abc]").contains("invalid"));
  CHECK(problem("[!a=]").contains("invalid"));
  const auto standard = [](std::string_view text) {
    return parse_nsswitch(ConfigFile::of("hosts: files " + std::string(text))).hosts[0].standard();
  };
  CHECK(standard("[success=return notfound=continue]"));
  CHECK(standard("[notfound=return]"));
  CHECK_FALSE(standard("[notfound=return success=return]"));
  CHECK_FALSE(standard("[!notfound=continue]"));
  CHECK_FALSE(standard("[foo=return]"));
}

TEST_CASE("all lines of /etc/hosts add up") {
  const ConfigFile file = ConfigFile::of(
      "192.0.2.1 a.example b\n192.0.2.2 A.EXAMPLE.\n010.0.0.1 a.example\n#192.0.2.3 a.example\n::1 "
      "b # a.example\n");
  CHECK(find_host(file, "a.Example").addresses == Texts{"192.0.2.1", "192.0.2.2"});
  CHECK(find_host(file, "b").addresses == Texts{"192.0.2.1", "::1"});
  CHECK(find_host(file, "b").canonical == "a.example.");
  CHECK(find_host(file, "c").addresses.empty());
}

TEST_CASE("netdns is split at the first plus") {
  CHECK(parse_netdns("go+2").level == 2);
  CHECK(parse_netdns("2+cgo").cgo());
  CHECK(parse_netdns("Go").invalid());
  CHECK(parse_netdns("cgo+2+go").mode == "cgo");
  CHECK(parse_netdns("").mode.empty());
  CHECK(godebug_value("a=1,netdns=go,netdns=cgo#x", "", "netdns") == "cgo");
  CHECK(godebug_value("a=1", "netdns=go", "netdns") == "go");
  CHECK_FALSE(godebug_value("netdns", "", "netdns"));
}

TEST_CASE("addresses are read strictly and written as Go writes them") {
  for (const char* text : {"1.2.3", "1.2.3.04", "1.2.3.256", "", ":", "1::2::3",
                           "1:2:3:4:5:6:7:8:9", "fe80::1%", "::1.2.3"})
    CHECK_FALSE_MESSAGE(parse_address(text), text);
  const auto again = [](std::string_view text) { return address_text(*parse_address(text)); };
  CHECK(again("2001:DB8:0:0:1:0:0:1") == "2001:db8::1:0:0:1");
  CHECK(again("::ffff:1.2.3.4") == "::ffff:1.2.3.4");
  CHECK(again("0:0:0:0:0:0:0:0") == "::");
  CHECK(again("1:0:2:3:4:5:6:7") == "1:0:2:3:4:5:6:7");
  CHECK(again("fe80::1%eth0") == "fe80::1%eth0");
  CHECK(ip_text(*parse_address("::ffff:1.2.3.4")) == "1.2.3.4");
  CHECK(address_text(*short_address("127.1")) == "127.0.0.1");
  CHECK(address_text(*short_address("0x7f.1")) == "127.0.0.1");
  CHECK(address_text(*short_address("1.2.3")) == "1.2.0.3");
  CHECK_FALSE(short_address("1.2.3.4"));
  CHECK_FALSE(short_address("a.b"));
}

TEST_CASE("addresses without a route stand last, and IPv6 first") {
  Texts addresses{"192.0.2.1", "2001:db8::1", "203.0.113.1"};
  order_addresses(addresses, [](const std::string& to) -> std::optional<std::string> {
    if (to == "192.0.2.1") return std::nullopt;
    return to.contains(':') ? "2001:db8::9" : "203.0.113.9";
  });
  CHECK(addresses == Texts{"2001:db8::1", "203.0.113.1", "192.0.2.1"});
}

TEST_CASE("names that Go asks for") {
  ResolvConf conf = parse_resolv_conf(
      ConfigFile::of("search a.example b.example c.example\noptions ndots:5\n"), "");
  const QueryPlan plan = go_plan(conf, Order::files_dns, "example.org");
  CHECK(plan.queries == 8);
  CHECK(plan.names.back() == "example.org.");
  CHECK(go_plan(conf, Order::dns, "example.org.").queries == 2);
  CHECK(go_plan(conf, Order::files, "example.org").queries == 0);
  CHECK(go_plan(conf, Order::dns, "a..b").queries == 0);
  CHECK(glibc_plan(conf, "example.org").queries == 8);
  conf = parse_resolv_conf(
      ConfigFile::of("nameserver 10.0.0.1\nnameserver 10.0.0.2\noptions timeout:3 attempts:4\n"),
      "");
  CHECK(go_plan(conf, Order::dns, "x.example").worst_ms == 24000);
  CHECK(go_name_list(conf, "x.onion").empty());
}

TEST_CASE("domain names") {
  for (const char* name : {"a", "a.b.", "_x._tcp.a", ".", "xn--a", "1a"})
    CHECK_MESSAGE(go_domain_name(name), name);
  for (const char* name : {"", "a..b", "-a", "a-.b", "127.1", "a b", "\xc3\xbc", ".a"})
    CHECK_FALSE_MESSAGE(go_domain_name(name), name);
  CHECK_FALSE(go_domain_name(std::string(64, 'a')));
}

}  // namespace
}  // namespace tenon::resolve
