#include "resolve/go_client.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "resolve/address.h"
#include "resolve/decision.h"
#include "resolve/go_text.h"
#include "resolve/godebug.h"
#include "resolve/hosts_file.h"
#include "resolve/inputs.h"
#include "resolve/message.h"
#include "resolve/query_plan.h"
#include "resolve/resolv_conf.h"

namespace tenon::resolve {
namespace {

constexpr const char* no_such_host = "no such host";
constexpr const char* cannot_marshal = "cannot marshal DNS message";
constexpr const char* cannot_unmarshal = "cannot unmarshal DNS message";

struct Failure {
  std::string text;
  std::string server;
  bool not_found = false, timeout = false, temporary = false;
};

// The answer to one question, or why there is none.
struct Reply {
  std::string message;
  std::string server;
  std::optional<Failure> failure;
};

Failure not_found(std::string server = {}) {
  return {no_such_host, std::move(server), true, false, false};
}

// A message behind its question, as far as its sections say.
struct Opened {
  MessageHeader header;
  MessageReader reader;
};

// Whether the message answers the question; Go waits on when it does not.
std::optional<Opened> open_reply(std::string_view message, std::uint16_t id,
                                 const Question& question) {
  MessageReader reader(message);
  const auto header = reader.header();
  if (!header || header->questions == 0) return std::nullopt;
  const auto asked = reader.question();
  if (!asked || !header->response || header->id != id) return std::nullopt;
  if (asked->type != question.type || asked->group != question.group ||
      !go_equal_fold(asked->name, question.name))
    return std::nullopt;
  return Opened{*header, reader};
}

// The code with the part that stands in the OPT record, and whether there is any additional record.
std::pair<std::uint16_t, bool> extended_code(Opened at) {
  const std::uint16_t plain = at.header.rcode;
  for (int i = 0; i < at.header.answers + at.header.authorities; ++i) {
    const auto record = at.reader.record();
    if (!record || !at.reader.skip(*record)) return {plain, false};
  }
  bool any = false;
  for (int i = 0; i < at.header.additionals; ++i) {
    const auto record = at.reader.record();
    if (!record) return {plain, any};
    any = true;
    if (record->type == type_opt) {
      const bool version_0 = (record->ttl >> 16U & 0xffU) == 0;
      return {static_cast<std::uint16_t>(version_0 ? record->ttl >> 24U << 4U | plain : plain),
              true};
    }
    if (!at.reader.skip(*record)) return {plain, any};
  }
  return {plain, any};
}

class Client {
 public:
  Client(const Resolver& resolver, Network& network)
      : conf_(resolver.resolv()),
        minor_(resolver.inputs().build.go.minor),
        network_(network),
        edns_(godebug_value(resolver.inputs().environment.text("GODEBUG"),
                            resolver.inputs().build.default_godebug, "netedns0") != "0") {}

  // tryOneName.
  Reply ask(const std::string& name, std::uint16_t type);

  std::vector<SentQuery> take_queries() { return std::move(queries_); }

 private:
  struct Exchange {
    std::string message;
    std::uint16_t id = 0;
    std::optional<Failure> failure;
  };

  Exchange exchange(const std::string& server, const Question& question);
  std::optional<Failure> check(const Exchange& got, const Question& question) const;
  std::optional<Failure> check_header(const Opened& opened) const;
  void note(SentQuery query);

  const ResolvConf& conf_;
  unsigned minor_;
  Network& network_;
  bool edns_;
  std::atomic<std::size_t> rotation_ = 0;  // of the servers, with the option rotate
  std::mutex guard_;
  std::vector<SentQuery> queries_;
};

void Client::note(SentQuery query) {
  const std::scoped_lock lock(guard_);
  queries_.push_back(std::move(query));
}

Client::Exchange Client::exchange(const std::string& server, const Question& question) {
  Exchange out;
  out.id = network_.random_id();
  const auto query = make_query(out.id, question, edns_, conf_.trust_ad);
  if (!query) {
    out.failure = Failure{cannot_marshal, server};
    return out;
  }
  const std::chrono::seconds limit(conf_.timeout_s);
  for (const bool tcp : {false, true}) {
    if (!tcp && conf_.use_tcp) continue;
    const auto accept = [&](std::string_view bytes) {
      return open_reply(bytes, out.id, question).has_value();
    };
    Arrival got = tcp ? network_.stream(server, *query, limit)
                      : network_.datagram(server, *query, limit, accept);
    note({question.name, std::string(type_text(question.type)), server, tcp,
          got.error.empty() ? "answer" : got.error});
    if (!got.error.empty()) {
      out.failure = Failure{got.error, server, false, got.timeout, got.timeout || got.system};
      return out;
    }
    const auto opened = open_reply(got.bytes, out.id, question);
    MessageReader reader(got.bytes);
    const auto header = reader.header();
    if (!header || (tcp && (header->questions == 0 || !reader.question()))) {
      out.failure = Failure{cannot_unmarshal, server};
    } else if (!opened || opened->header.questions != 1) {
      out.failure = Failure{"invalid DNS response", server};
    }
    const bool cut = opened && opened->header.truncated && (!tcp || minor_ < 23);
    if (!out.failure && cut) continue;
    out.message = std::move(got.bytes);
    return out;
  }
  out.failure = Failure{"no answer from DNS server", server};
  return out;
}

std::optional<Failure> Client::check_header(const Opened& opened) const {
  constexpr int server_failure = 2, name_error = 3;
  auto [code, additional] = extended_code(opened);
  if (minor_ < 22) code = opened.header.rcode;
  if (minor_ < 23) additional = false;
  if (code == name_error) return not_found();
  MessageReader reader = opened.reader;
  const bool empty = opened.header.answers == 0;
  if (!empty && !reader.record()) return Failure{cannot_unmarshal, {}};
  if (code == 0 && !opened.header.authoritative && !opened.header.recursion_available && empty &&
      !additional)
    return Failure{"lame referral", {}};
  if (code == server_failure) return Failure{"server misbehaving", {}, false, false, true};
  if (code != 0) return Failure{"server misbehaving", {}};
  return std::nullopt;
}

// checkHeader and skipToAnswer.
std::optional<Failure> Client::check(const Exchange& got, const Question& question) const {
  auto opened = open_reply(got.message, got.id, question);
  if (!opened) return Failure{cannot_unmarshal, {}};
  if (auto failure = check_header(*opened)) return failure;
  for (int i = 0; i < opened->header.answers; ++i) {
    const auto record = opened->reader.record();
    if (!record) return Failure{cannot_unmarshal, {}};
    if (record->type == question.type) return std::nullopt;
    if (!opened->reader.skip(*record)) return Failure{cannot_unmarshal, {}};
  }
  return not_found();
}

Reply Client::ask(const std::string& name, std::uint16_t type) {
  Reply out;
  const Question question{name, type};
  const std::size_t offset = conf_.rotate ? rotation_++ : 0;
  for (std::uint32_t attempt = 0; attempt < conf_.attempts; ++attempt) {
    for (std::size_t i = 0; i < conf_.servers.size(); ++i) {
      const std::string& server = conf_.servers[(offset + i) % conf_.servers.size()];
      out.server = server;
      Exchange got = exchange(server, question);
      std::optional<Failure> failure = got.failure ? std::move(got.failure) : check(got, question);
      if (failure) {
        failure->server = server;
        const bool final = failure->not_found;
        out.failure = std::move(failure);
        if (final) return out;
        continue;
      }
      out.failure.reset();
      out.message = std::move(got.message);
      return out;
    }
  }
  return out;
}

std::string four_or_six(std::string_view bytes) {
  Address address;
  address.four = bytes.size() == 4;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    address.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
  return ip_text(address);
}

// The addresses of an answer; false when it breaks off.
bool read_addresses(const std::string& message, std::vector<std::string>& out) {
  MessageReader reader(message);
  const auto header = reader.header();
  if (!header || !reader.question()) return false;
  for (int i = 0; i < header->answers; ++i) {
    const auto record = reader.record();
    if (!record) return false;
    const std::size_t size = record->type == type_a ? 4 : record->type == type_aaaa ? 16 : 0;
    if (size != 0) {
      const auto bytes = reader.data(*record, size);
      if (!bytes) return false;
      out.push_back(four_or_six(*bytes));
    } else if (record->type == type_cname && !reader.name_in(*record)) {
      return false;
    }
    if (!reader.skip(*record)) return false;
  }
  return true;
}

struct Search {
  std::vector<std::string> addresses;
  std::optional<Failure> failure;
};

std::array<Reply, 2> ask_both(Client& client, const std::string& name, bool one_by_one) {
  std::array<Reply, 2> out;
  if (one_by_one) {
    out[0] = client.ask(name, type_a);
    out[1] = client.ask(name, type_aaaa);
    return out;
  }
  std::thread other([&] { out[1] = client.ask(name, type_aaaa); });
  out[0] = client.ask(name, type_a);
  other.join();
  return out;
}

// The part of goLookupIPCNAMEOrder that asks DNS.
Search search(const Resolver& resolver, std::string_view name, Client& client, Network& network) {
  const ResolvConf& conf = resolver.resolv();
  // Go 1.21 has the other word here.
  const char* broken = resolver.inputs().build.go.minor < 22 ? cannot_marshal : cannot_unmarshal;
  Search out;
  for (const std::string& full : go_name_list(conf, name)) {
    for (Reply& reply : ask_both(client, full, conf.single_request)) {
      if (reply.failure) {
        const bool own = full == std::string(name) + '.';
        if (!out.failure || own) out.failure = std::move(reply.failure);
      } else if (!read_addresses(reply.message, out.addresses)) {
        out.failure = Failure{broken, reply.server};
      }
    }
    if (!out.addresses.empty()) break;
  }
  network.sort(out.addresses);
  return out;
}

void set_failure(const Failure& failure, std::string_view name, LookupResult& out) {
  out.error = "lookup " + std::string(name);
  if (!failure.server.empty()) out.error += " on " + failure.server;
  out.error += ": " + failure.text;
  out.server = failure.server;
  out.not_found = failure.not_found;
  out.timeout = failure.timeout;
  out.temporary = failure.temporary;
}

}  // namespace

LookupResult go_lookup_host(const Resolver& resolver, Order order, std::string_view name,
                            Network& network) {
  LookupResult out;
  if (parse_address(name)) {
    out.addresses = {std::string(name)};
    return out;
  }
  const HostsAnswer hosts = find_host(resolver.inputs().machine.hosts, name);
  if (order == Order::files_dns || order == Order::files) {
    out.addresses = hosts.addresses;
    if (!out.addresses.empty()) return out;
  }
  if (order == Order::files || !go_domain_name(name)) {
    set_failure(not_found(), name, out);
    return out;
  }
  Client client(resolver, network);
  Search found = search(resolver, name, client, network);
  out.queries = client.take_queries();
  out.addresses = std::move(found.addresses);
  if (!out.addresses.empty()) return out;
  if (order == Order::dns_files) out.addresses = hosts.addresses;
  if (out.addresses.empty() && found.failure) set_failure(*found.failure, name, out);
  return out;
}

}  // namespace tenon::resolve
