#include "resolve/run/look_up.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "host/net_client.h"
#include "host/process.h"
#include "resolve/address.h"
#include "resolve/address_order.h"
#include "resolve/decision.h"
#include "resolve/go_client.h"
#include "resolve/message.h"
#include "resolve/run/libc_child.h"

namespace tenon::resolve {
namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t since(Clock::time_point start) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count());
}

// As net.OpError prints it.
std::string error_words(const NetReply& reply, const char* network, const std::string& server) {
  const std::string cause =
      reply.timeout ? std::string("i/o timeout") : errno_words(reply.os_errno);
  if (reply.step == NetReply::Step::connect)
    return fmt::format("dial {} {}: {}{}", network, server,
                       reply.timeout ? "" : "connect: ", cause);
  const char* step = reply.step == NetReply::Step::read ? "read" : "write";
  return fmt::format("{} {} {}->{}: {}{}", step, network, reply.local, server,
                     reply.timeout ? "" : fmt::format("{}: ", step), cause);
}

Arrival arrival_of(NetReply reply, const char* network, const std::string& server) {
  Arrival out;
  if (reply.closed) {
    out.error = reply.partial ? "unexpected EOF" : "EOF";
  } else if (reply.timeout || reply.os_errno != 0) {
    out.error = error_words(reply, network, server);
    out.timeout = reply.timeout;
    out.system = true;
  }
  out.bytes = std::move(reply.bytes);
  return out;
}

class MachineNetwork final : public Network {
 public:
  Arrival datagram(const std::string& server, const std::string& query,
                   std::chrono::milliseconds limit, const Accept& accept) override {
    return arrival_of(exchange_datagram(server, query, limit, packet_size, accept), "udp", server);
  }

  Arrival stream(const std::string& server, const std::string& query,
                 std::chrono::milliseconds limit) override {
    return arrival_of(exchange_stream(server, query, limit), "tcp", server);
  }

  std::uint16_t random_id() override { return random_number16(); }

  void sort(std::vector<std::string>& addresses) override {
    order_addresses(addresses, source_address);
  }
};

// The error of cgoLookupHostIP.
void set_error(std::string_view name, const std::string& text, LibcLookup& out) {
  out.result.not_found = out.code == "EAI_NONAME" || out.code == "EAI_NODATA";
  out.result.temporary = out.code == "EAI_AGAIN";
  out.result.error =
      fmt::format("lookup {}: {}", name, out.result.not_found ? "no such host" : text);
}

void read_child(const std::string& printed, std::string_view name, LibcLookup& out) {
  const auto lines = split(printed, '\n');
  const auto head = split(lines.front(), '\t');
  if (head.size() != 3) return set_error(name, "libc did not answer", out);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (const auto address = parse_address(lines[i]))
      out.result.addresses.push_back(ip_text(*address));
  }
  out.code = head[0];
  if (out.code.empty()) return;
  // Go takes EMFILE where libc forgot to say.
  constexpr int too_many_files = 24;
  const auto number = static_cast<int>(parse_number(head[1]).value_or(0));
  const std::string text = out.code == "EAI_SYSTEM"
                               ? errno_words(number == 0 ? too_many_files : number)
                               : std::string(head[2]);
  set_error(name, text, out);
}

// getent(1): a row for each address and kind of socket; exit status 2 for a name that is not found,
// whatever the reason.
void read_getent(const Exit& exit, std::string_view name, LibcLookup& out) {
  for (const std::string_view line : split(exit.out, '\n')) {
    if (!line.contains("STREAM")) continue;
    if (const auto address = parse_address(line.substr(0, line.find(' '))))
      out.result.addresses.push_back(ip_text(*address));
  }
  if (!out.result.addresses.empty()) return;
  constexpr int not_found = 2;
  out.code = exit.code == not_found ? "EAI_NONAME" : "getent";
  set_error(name, "getent says: " + std::string(trim(std::string_view(exit.err))), out);
}

}  // namespace

TimedLookup run_go(const Resolver& resolver, Order order, std::string_view name) {
  MachineNetwork network;
  const auto start = Clock::now();
  TimedLookup out;
  out.result = go_lookup_host(resolver, order, name, network);
  out.elapsed_ms = since(start);
  return out;
}

Result<LibcLookup> run_libc(const std::string& program, std::string_view name,
                            const std::vector<std::string>& environment,
                            std::chrono::milliseconds deadline) {
  const LibcChild child = libc_child(program, name);
  if (child.argv.empty()) {
    LibcLookup none;
    none.code = "getent";
    set_error(name, "there is no getent to ask glibc with", none);
    return none;
  }
  Command command;
  command.argv = child.argv;
  command.environment = environment;
  command.deadline = deadline;
  command.patience = std::chrono::milliseconds(100);
  command.output_limit = std::size_t{1} << 20U;
  const auto start = Clock::now();
  const Exit exit = TENON_TRY(run(command));
  LibcLookup out;
  out.elapsed_ms = since(start);
  out.deadline = exit.timed_out;
  out.signal = exit.timed_out ? 0 : exit.signal;
  if (out.deadline) {
    out.code = "deadline";
    out.result.timeout = true;
    set_error(name, fmt::format("getaddrinfo did not end within {} ms", deadline.count()), out);
  } else if (out.signal != 0) {
    out.code = "signal";
    set_error(name, fmt::format("signal {} ended getaddrinfo", out.signal), out);
  } else if (child.getent) {
    read_getent(exit, name, out);
  } else {
    read_child(exit.out, name, out);
  }
  return out;
}

std::string libc_child_text(const std::string& name) {
  const LibcReply reply = ask_libc(name);
  std::string out = fmt::format("{}\t{}\t{}\n", reply.word, reply.os_errno, reply.text);
  for (const std::string& address : reply.addresses) out += address + '\n';
  return out;
}

}  // namespace tenon::resolve
