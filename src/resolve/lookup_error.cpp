#include "resolve/lookup_error.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shell_word.h"
#include "base/text.h"
#include "diag/report.h"
#include "resolve/go_text.h"

namespace tenon::resolve {
namespace {

constexpr std::array<LookupCause, 20> causes{{
    {1, "split-dns-ignored", "macOS: VPN or split DNS is ignored",
     "a macOS program with netgo, netdns=go, or built by Go before 1.20 without cgo",
     "rebuild with Go 1.20 or newer without netgo, and drop netdns=go"},
    {2, "record-calls-bypass-system", "TXT, SRV, MX and NS never use the system's resolver",
     "the call is LookupTXT, LookupSRV, LookupMX or LookupNS",
     "ask the system's own interface, or set net.Resolver.Dial"},
    {3, "local-needs-mdns", ".local names need multicast DNS",
     "Go's own order, or no mdns source in nsswitch.conf",
     "build with cgo and install nss-mdns, or add a line to /etc/hosts"},
    {4, "no-resolv-conf", "There is no resolv.conf: Go asks this machine itself",
     "[::1]:53 or 127.0.0.1:53 refuses",
     "on Android build with GOOS=android and cgo; elsewhere make /etc/resolv.conf with a "
     "nameserver"},
    {5, "edns0-rejected", "The server cannot handle EDNS0", "it works with netedns0=0",
     "set GODEBUG=netedns0=0, or replace the server"},
    {6, "option-means-libc", "A word of resolv.conf leaves lookups to libc",
     "the order is cgo and the word is named", "remove the word, or accept libc's resolver"},
    {7, "ndots-queries", "ndots makes many queries", "8 queries for one external name",
     "write a dot at the end of the name, or set ndots:1"},
    {8, "lost-parallel-answer", "One of two parallel answers is lost",
     "lookups stall for 5 s, and insert_failed of conntrack grows",
     "set single-request-reopen or use-vc, or run a DNS cache on the node"},
    {9, "musl-first-negative", "musl takes the first negative answer",
     "musl, and several nameservers", "name one nameserver that forwards"},
    {10, "musl-search-stops", "musl stops at a search domain",
     "musl, and the name with a search domain",
     "set ndots:1, and drop the search domains of the host"},
    {11, "search-dot", "A lone dot among the search domains breaks musl",
     "\"search .\" in resolv.conf", "remove the dot"},
    {12, "musl-no-tcp", "musl before 1.2.4 does not ask again by TCP",
     "a large answer, and TC on UDP", "update to musl 1.2.4 or newer"},
    {13, "answer-over-64k", "Go before 1.23 rejects a truncated answer over TCP",
     "\"no answer from DNS server\"", "build with Go 1.23 or newer"},
    {14, "hosts-after-dns", "Old Go asks DNS before /etc/hosts",
     "no nsswitch.conf, and a Go before 1.16",
     "create /etc/nsswitch.conf with \"hosts: files dns\", or build with a newer Go"},
    {15, "static-glibc-crash", "A static glibc program crashes in getaddrinfo",
     "static, with cgo, and an NSS module beyond files and dns",
     "build with -tags netgo, or set GODEBUG=netdns=go"},
    {16, "static-glibc-fails", "A static glibc program never resolves names",
     "the linker warned about getaddrinfo", "build with -tags netgo or CGO_ENABLED=0"},
    {17, "no-descriptors", "The process is out of file descriptors", "\"too many open files\"",
     "raise the limit of open files, and bound parallel lookups"},
    {18, "wildcard-search", "A wildcard in a search domain answers first",
     "the address belongs to the name with a search domain",
     "write a dot at the end of the name, or correct the search domains"},
    {19, "network-came-later", "The network changed after the start", "it works after a restart",
     "wait 5 s; on macOS use the system's resolver"},
    {20, "variable-not-passed", "The variable is not in the process", "/proc/PID/environ lacks it",
     "sudo -E, or Environment= of the unit"},
}};

const LookupCause* cause(std::size_t number) { return &causes[number - 1]; }

bool has(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return text.contains(part); });
}

bool is_srv_name(std::string_view name) {
  const auto labels = split(name, '.');
  return labels.size() > 2 && labels[0].starts_with('_') &&
         (labels[1] == "_tcp" || labels[1] == "_udp" || labels[1] == "_tls");
}

// "printer.local": one label, as multicast DNS has them. corp.local may be a domain of its own.
bool is_multicast_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return go_ends_fold(name, ".local") && std::ranges::count(name, '.') == 1;
}

std::vector<const LookupCause*> list(std::initializer_list<std::size_t> numbers) {
  std::vector<const LookupCause*> out;
  for (const std::size_t number : numbers) out.push_back(cause(number));
  return out;
}

std::string quoted(const std::string& name) { return ShellWord::of(name).quoted().text(); }

std::string tenon_command(const LookupError& error) {
  return "tenon resolve --binary PROGRAM --run -- " + quoted(error.name);
}

LookupVerdict proven(std::size_t number, bool certain, std::string says) {
  LookupVerdict out;
  out.cause = cause(number);
  out.certain = certain;
  out.says = std::move(says);
  return out;
}

LookupVerdict open_verdict(const LookupError& error, std::string says,
                           std::initializer_list<std::size_t> possible,
                           std::vector<std::string> more = {}) {
  LookupVerdict out;
  out.says = std::move(says);
  out.possible = list(possible);
  out.run = std::move(more);
  out.run.push_back(tenon_command(error));
  return out;
}

bool refused(const LookupError& error) { return error.reason.contains("connection refused"); }

// Lines of another kind that betray one of the causes.
std::optional<LookupVerdict> by_other_line(std::string_view text) {
  if (has(text,
          {"Using 'getaddrinfo' in statically linked", "Using 'gethostbyname' in statically"}))
    return proven(16, false, "the program is linked statically with glibc and calls getaddrinfo");
  if (text.contains("getaddrinfo") &&
      has(text, {"SIGSEGV", "segmentation", "SIGFPE", "__libc_early_init"}))
    return proven(15, false, "the program crashed inside of libc's getaddrinfo");
  return std::nullopt;
}

std::optional<LookupVerdict> by_reason(const LookupError& error) {
  const std::string& reason = error.reason;
  if (reason.contains("too many open files"))
    return proven(17, true, "libc or the kernel had no file descriptor left");
  if (reason.contains("no answer from DNS server"))
    return proven(13, true, "the server marked its answer over TCP as truncated");
  if (refused(error) && error.server == "[::1]:53")
    return proven(4, false, "Go asked this machine itself, which it does without a nameserver");
  if (reason.contains("cannot unmarshal DNS message"))
    return proven(5, false, "the server sent an answer that breaks off or is malformed");
  return std::nullopt;
}

std::optional<LookupVerdict> by_name(const LookupError& error) {
  const bool failed = has(error.reason, {"no such host", "server misbehaving", "i/o timeout",
                                         "Temporary failure", "Try again"});
  if (!failed) return std::nullopt;
  if (is_multicast_name(error.name))
    return proven(3, error.reason.contains("no such host"),
                  "names that end in .local belong to multicast DNS");
  if (!error.reason.contains("no such host")) return std::nullopt;
  if (!error.server.empty() && is_srv_name(error.name))
    return proven(2, false, "LookupSRV asked; it is always Go's client that asks");
  if (!error.server.empty() && go_equal_fold(error.name, "localhost"))
    return proven(
        14, false,
        "localhost was looked up in DNS, so that /etc/hosts did not have it or was not read first");
  return std::nullopt;
}

// What libc's words tell of the libc.
LookupVerdict by_libc(const LookupError& error) {
  if (has(error.reason, {"Try again", "Name does not resolve", "Name has no usable address"}))
    return open_verdict(error, "libc answered, and these are the words of musl", {9, 10, 11, 12},
                        {"cat /etc/resolv.conf", "GODEBUG=netdns=go PROGRAM"});
  if (error.reason.contains("Temporary failure in name resolution"))
    return open_verdict(
        error, "libc answered, and these are the words of glibc: no server gave a usable answer",
        {5, 8, 16, 19}, {"cat /etc/resolv.conf", "GODEBUG=netdns=go PROGRAM"});
  if (error.reason.contains("no such host")) {
    if (!go_domain_name(error.name)) {
      LookupVerdict out =
          open_verdict(error, "the name is not a domain name: nobody was asked", {});
      return out;
    }
    return open_verdict(error, "no server is named: libc answered, or only files were asked",
                        {6, 9, 10, 16, 20},
                        {"GODEBUG=netdns=2 PROGRAM", "getent ahosts " + quoted(error.name)});
  }
  return open_verdict(error, "no server is named: libc answered, or the lookup was given up",
                      {6, 20}, {"GODEBUG=netdns=2 PROGRAM"});
}

LookupVerdict by_server(const LookupError& error) {
  const std::string& reason = error.reason;
  const std::string edns = "GODEBUG=netedns0=0 PROGRAM";
  if (reason.contains("i/o timeout"))
    return open_verdict(error, "Go's client asked, and the server did not answer in time",
                        {1, 5, 8, 19}, {edns, "conntrack -S"});
  if (reason.contains("server misbehaving"))
    return open_verdict(error, "Go's client asked, and the server answered with an error code", {5},
                        {edns});
  if (reason.contains("lame referral"))
    return open_verdict(
        error, "the server does not look names up for others: it is not a recursive one", {1, 19});
  if (has(reason, {"EOF", "connection reset"}))
    return open_verdict(error, "the server closed the TCP connection that a long answer needs",
                        {5, 12}, {edns});
  if (refused(error))
    return open_verdict(error, "nobody listens at the server's address", {4, 19},
                        {"cat /etc/resolv.conf"});
  if (has(reason, {"unreachable", "no route to host", "not permitted", "permission denied"}))
    return open_verdict(
        error, "the network, or a rule of the system, kept the query from the server", {1, 19});
  if (reason.contains("no such host"))
    return open_verdict(
        error, "Go's client asked, and the server says that the name does not exist",
        {1, 14, 18, 19, 20}, {"GODEBUG=netdns=2 PROGRAM", "getent ahosts " + quoted(error.name)});
  return open_verdict(error, "Go's client asked this server", {1, 5, 19}, {edns});
}

LookupVerdict judge(const LookupError& error) {
  if (auto out = by_reason(error)) return *std::move(out);
  if (auto out = by_name(error)) return *std::move(out);
  return error.server.empty() ? by_libc(error) : by_server(error);
}

Data cause_data(const LookupCause& one) {
  Data out = Data::object();
  out.add("number", static_cast<std::int64_t>(one.number));
  out.add("slug", one.slug);
  out.add("title", one.title);
  out.add("telling", one.telling);
  return out;
}

}  // namespace

std::span<const LookupCause> lookup_causes() { return causes; }

std::optional<LookupError> parse_lookup_error(std::string_view line) {
  constexpr std::string_view word = "lookup ";
  for (std::size_t at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    if (at > 0 && line[at - 1] != ' ' && line[at - 1] != '"' && line[at - 1] != '\t' &&
        line[at - 1] != ':' && line[at - 1] != '\'')
      continue;
    // "symbol lookup error: ...": ld.so looks for a function.
    if (line.substr(0, at).ends_with("symbol ")) continue;
    const std::string_view rest = line.substr(at + word.size());
    const std::size_t end = rest.find(": ");
    if (end == rest.npos || end == 0) continue;
    LookupError out;
    const std::string_view head = rest.substr(0, end);
    const std::size_t on = head.find(" on ");
    out.name = head.substr(0, on);
    if (on != head.npos) out.server = head.substr(on + 4);
    std::string_view reason = trim(rest.substr(end + 2));
    while (reason.ends_with('"') || reason.ends_with('\'')) reason.remove_suffix(1);
    out.reason = reason;
    if (out.name.empty() || out.name.contains(' ') || out.reason.empty()) continue;
    return out;
  }
  return std::nullopt;
}

LookupVerdict judge_lookup_error(std::string_view line) {
  if (auto other = by_other_line(line)) return *std::move(other);
  for (const std::string_view one : split(line, '\n')) {
    auto error = parse_lookup_error(one);
    if (!error) continue;
    LookupVerdict out = judge(*error);
    out.error = std::move(error);
    return out;
  }
  LookupVerdict out;
  out.says = "the line is not the error of a lookup";
  return out;
}

std::string_view first_lookup_line(std::string_view log) {
  constexpr std::string_view word = "lookup ";
  constexpr int most_tries = 1000;  // in a log that is full of the word
  std::size_t at = log.find(word);
  for (int i = 0; i < most_tries && at != log.npos; ++i) {
    const std::size_t before = log.rfind('\n', at);
    const std::size_t start = before == log.npos ? 0 : before + 1;
    const std::string_view line = log.substr(start, log.find('\n', at) - start);
    if (parse_lookup_error(line)) return line;
    at = log.find(word, start + line.size());
  }
  return {};
}

Data verdict_data(const LookupVerdict& verdict) {
  Data out = Data::object();
  if (verdict.error) {
    out.add("name", verdict.error->name);
    out.add("error", verdict.error->reason);
    out.add("server", verdict.error->server.empty() ? Data() : Data(verdict.error->server));
  }
  out.add("verdict",
          verdict.cause == nullptr ? std::string_view("not-enough-evidence") : verdict.cause->slug);
  out.add("says", verdict.says);
  if (verdict.cause != nullptr) {
    out.add("cause", cause_data(*verdict.cause));
    out.add("fix", verdict.cause->fix);
    out.add("confidence", verdict.certain ? "certain" : "likely");
  }
  Data possible = Data::array();
  for (const LookupCause* one : verdict.possible) possible.push(cause_data(*one));
  out.add("possible", std::move(possible));
  Data run = Data::array();
  for (const std::string& command : verdict.run) run.push(command);
  out.add("run", std::move(run));
  return out;
}

}  // namespace tenon::resolve
