// The one place that knows libbpf.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <tenon_bpf/net.skel.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <expected>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/network.h"
#include "host/system.h"
#include "machine/bpf_rights.h"
#include "trace/bpf/record.h"
#include "trace/event.h"
#include "trace/program.h"
#include "trace/run/live.h"

namespace tenon::trace {
namespace {

constexpr const char* types_file = "/sys/kernel/btf/vmlinux";

// The last line of libbpf that says what failed.
std::string& last_words() {
  static std::string text;
  return text;
}

int keep_words(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  std::array<char, 512> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  std::string_view text = line.data();
  if (!text.contains("failed")) return 0;
  text = text.substr(0, text.find('\n'));
  if (text.starts_with("libbpf: ")) text.remove_prefix(8);
  if (last_words().empty()) last_words() = text;
  return 0;
}

std::unexpected<Finding> refused(std::string call, int error) {
  std::string reason = std::strerror(std::abs(error));
  const auto lockdown = read_text("/sys/kernel/security/lockdown", 256);
  if (lockdown && lockdown->contains("[confidentiality]")) reason += "; the kernel is locked down";
  Finding out =
      make_finding(Code::trace_refused, {{"call", std::move(call)}, {"reason", reason}}, "bpf(2)");
  if (!last_words().empty())
    out.evidence.push_back({Evidence::Kind::fact, "libbpf", clean_text(last_words())});
  return std::unexpected(std::move(out));
}

Endpoint endpoint_of(unsigned family, const unsigned char* bytes, std::uint16_t port) {
  std::array<std::uint8_t, 16> address{};
  std::copy_n(bytes, address.size(), address.begin());
  return {address_text(family != 2, address), port};
}

std::string fixed_text(const char* text, std::size_t size) {
  const std::string_view all(text, size);
  return clean_text(all.substr(0, all.find('\0')));
}

constexpr unsigned char kernel_time_wait = 6, kernel_half = 5;

Rest rest_of(unsigned char state) {
  if (state == kernel_time_wait) return Rest::time_wait;
  return state == kernel_half ? Rest::half : Rest::none;
}

Connection connection_of(const tenon_close& raw) {
  Connection out;
  out.at = static_cast<std::int64_t>(raw.at_ns);
  out.opened = static_cast<std::int64_t>(raw.opened_ns);
  out.closing = static_cast<std::int64_t>(raw.closing_ns);
  out.process = raw.pid;
  out.name = fixed_text(raw.comm, sizeof raw.comm);
  out.group = raw.cgroup;
  out.local = endpoint_of(raw.family, raw.local, raw.local_port);
  out.remote = endpoint_of(raw.family, raw.remote, raw.remote_port);
  out.family = raw.family == 2 ? 4 : 6;
  out.role = raw.role <= TENON_SERVER ? static_cast<Role>(raw.role) : Role::unknown;
  out.closer = raw.closer <= TENON_PEER ? static_cast<Closer>(raw.closer) : Closer::nobody;
  out.rest = rest_of(raw.wait);
  out.error = raw.error;
  out.inside = raw.inside != 0;
  out.sent = raw.sent;
  out.received = raw.received;
  out.sent_segments = raw.sent_segments;
  out.received_segments = raw.received_segments;
  // A connection that the peer closed has its FIN among the bytes that nobody reads.
  out.unread = raw.closer == TENON_WE ? raw.unread : 0;
  out.transport = raw.transport;
  out.early = raw.early != 0;
  if ((raw.setting & 1U) != 0) {
    out.keep_alives_off = (raw.setting & 2U) != 0;
    out.idle_max = raw.idle_max;
  }
  return out;
}

LookupEvent lookup_of(const tenon_lookup& raw) {
  LookupEvent out;
  out.at = static_cast<std::int64_t>(raw.at_ns);
  out.process = raw.pid;
  out.thread = raw.thread;
  out.name = clean_text(std::string_view(raw.name, std::min<std::size_t>(raw.size, 254)));
  out.place = raw.place <= TENON_LIBC_END ? static_cast<Place>(raw.place) : Place::none;
  out.order = raw.order;
  out.result = raw.result;
  return out;
}

DnsEvent dns_of(const tenon_dns& raw) {
  DnsEvent out;
  out.at = static_cast<std::int64_t>(raw.at_ns);
  out.process = raw.pid;
  out.sent = raw.sent != 0;
  out.tcp = raw.tcp != 0;
  out.bytes = raw.bytes;
  out.server = endpoint_of(raw.family, raw.remote, 0).address;
  return out;
}

bool has_kernel_tracepoint(const char* name) {
  return libbpf_find_vmlinux_btf_id(name, BPF_TRACE_RAW_TP) > 0;
}

struct Skeleton {
  net_bpf* it = nullptr;
  Skeleton() = default;
  Skeleton(const Skeleton&) = delete;
  Skeleton& operator=(const Skeleton&) = delete;
  ~Skeleton() {
    if (it != nullptr) net_bpf__destroy(it);
  }
};

class LiveBpf final : public Live {
 public:
  ~LiveBpf() override {
    // The kernel waits for readers at the end of each probe: all of them at the same time.
    std::vector<std::future<void>> ends;
    constexpr auto when_possible = std::launch::async | std::launch::deferred;
    for (bpf_link* link : links_)
      ends.push_back(std::async(when_possible, [link] { (void)bpf_link__destroy(link); }));
    for (const std::future<void>& one : ends) one.wait();
    if (ring_ != nullptr) ring_buffer__free(ring_);
  }

  Outcome<bool> start(const LiveWish& wish);

  std::vector<std::string> watch_go(const std::string& path, const GoProgram& program) override;
  std::vector<std::string> watch_libc(const std::string& path, std::uint64_t offset) override;

  std::int64_t entered() const override { return counter(skeleton_.it->bss->entered); }
  std::int64_t lost() const override { return counter(skeleton_.it->bss->lost); }
  std::int64_t unfound() const override { return counter(skeleton_.it->bss->no_walk); }

  void drain(const Take& take) override;
  std::optional<RawStack> stack(std::uint32_t process, std::int32_t number) const override;
  Listed list() override;

 private:
  static std::int64_t counter(const unsigned long long& place) {
    return static_cast<std::int64_t>(__atomic_load_n(&place, __ATOMIC_ACQUIRE));
  }
  static int take_record(void* self, void* data, std::size_t size);
  Outcome<bool> attach(bpf_program* program, const char* name);
  bool attach_probe(bpf_program* program, const std::string& path, std::uint64_t offset, bool back);
  std::string words_of(std::uint32_t process, std::uint64_t address);
  bool list_by_iterator(std::vector<Row>& out);

  Skeleton skeleton_;
  ring_buffer* ring_ = nullptr;
  std::vector<bpf_link*> links_;
  const Take* take_ = nullptr;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::string> words_;
};

Outcome<bool> LiveBpf::attach(bpf_program* program, const char* name) {
  bpf_link* link = bpf_program__attach(program);
  if (link == nullptr) return refused(fmt::format("bpf(BPF_LINK_CREATE) of {}", name), errno);
  links_.push_back(link);
  return true;
}

Outcome<bool> LiveBpf::start(const LiveWish& wish) {
  last_words().clear();
  libbpf_set_print(keep_words);
  net_bpf* it = net_bpf__open();
  if (it == nullptr) return refused("opening the programs", errno);
  skeleton_.it = it;
  it->rodata->netns = static_cast<unsigned>(wish.network);
  it->rodata->wanted_group = wish.group;
  it->rodata->slot_keep_alives = wish.keep_alives_slot;
  it->rodata->slot_idle_max = wish.idle_max_slot;
  bpf_map__set_max_entries(it->maps.ring, static_cast<unsigned>(wish.ring_bytes));
  // Since Linux 6.3; without them datagrams are not counted.
  const bool counts_datagrams = has_kernel_tracepoint("sock_send_length");
  bpf_program__set_autoload(it->progs.tenon_sent, counts_datagrams);
  bpf_program__set_autoload(it->progs.tenon_received, counts_datagrams);
  if (const int error = net_bpf__load(it); error != 0) return refused("bpf(BPF_PROG_LOAD)", error);
  for (const std::uint32_t process : wish.processes) {
    const unsigned char yes = 1;
    (void)bpf_map__update_elem(it->maps.traced, &process, sizeof process, &yes, sizeof yes, 0);
  }
  ring_ = ring_buffer__new(bpf_map__fd(it->maps.ring), take_record, this, nullptr);
  if (ring_ == nullptr) return refused("mapping the buffer", errno);
  if (auto done = attach(it->progs.tenon_fork, "sched_process_fork"); !done) return done;
  if (auto done = attach(it->progs.tenon_state, "inet_sock_set_state"); !done) return done;
  if (counts_datagrams) {
    if (auto done = attach(it->progs.tenon_sent, "sock_send_length"); !done) return done;
    if (auto done = attach(it->progs.tenon_received, "sock_recv_length"); !done) return done;
  }
  give_back_memory();  // libbpf has freed the kernel's types, 11 MB
  return true;
}

bool LiveBpf::attach_probe(bpf_program* program, const std::string& path, std::uint64_t offset,
                           bool back) {
  bpf_link* link =
      bpf_program__attach_uprobe(program, back, -1, path.c_str(), static_cast<std::size_t>(offset));
  if (link == nullptr) return false;
  links_.push_back(link);
  return true;
}

std::vector<std::string> LiveBpf::watch_go(const std::string& path, const GoProgram& program) {
  std::vector<std::string> out;
  const auto of = [&](Probe probe) {
    const auto& all = skeleton_.it->progs;
    switch (probe) {
      case Probe::go_close: return all.tenon_go_close;
      case Probe::go_loop: return all.tenon_go_loop;
      case Probe::go_body: return all.tenon_go_body;
      case Probe::go_ipaddr: return all.tenon_go_ipaddr;
      case Probe::go_host: return all.tenon_go_host;
      case Probe::go_order: return all.tenon_go_order;
    }
    return all.tenon_go_close;
  };
  for (const ProbePoint& one : program.points) {
    if (attach_probe(of(one.probe), path, one.offset, false)) continue;
    out.push_back(fmt::format("{}: perf_event_open(2): {}", one.function, std::strerror(errno)));
  }
  return out;
}

std::vector<std::string> LiveBpf::watch_libc(const std::string& path, std::uint64_t offset) {
  // On C a return probe is safe: its stack does not move.
  if (attach_probe(skeleton_.it->progs.tenon_libc, path, offset, false) &&
      attach_probe(skeleton_.it->progs.tenon_libc_end, path, offset, true))
    return {};
  return {fmt::format("getaddrinfo: perf_event_open(2): {}", std::strerror(errno))};
}

std::string LiveBpf::words_of(std::uint32_t process, std::uint64_t address) {
  if (address == 0) return "";
  constexpr std::size_t most = 4096;
  const auto found = words_.find({process, address});
  if (found != words_.end()) return found->second;
  tenon_words_key key{};
  key.address = address;
  key.pid = process;
  tenon_words words{};
  std::string text;
  if (bpf_map__lookup_elem(skeleton_.it->maps.words, &key, sizeof key, &words, sizeof words, 0) ==
      0) {
    text = clean_text(
        std::string_view(words.text, std::min<std::size_t>(words.size, sizeof words.text)));
  }
  if (words_.size() < most) words_[{process, address}] = text;
  return text;
}

int LiveBpf::take_record(void* self, void* data, std::size_t size) {
  auto& live = *static_cast<LiveBpf*>(self);
  unsigned kind = 0;
  if (size < sizeof kind) return 0;
  std::memcpy(&kind, data, sizeof kind);
  if (kind == TENON_CLOSE && size >= sizeof(tenon_close)) {
    tenon_close raw;
    std::memcpy(&raw, data, sizeof raw);
    Connection one = connection_of(raw);
    one.reason = live.words_of(raw.pid, raw.reason);
    (*live.take_)(std::move(one), static_cast<std::int64_t>(raw.number), raw.stack);
  } else if (kind == TENON_LOOKUP && size >= sizeof(tenon_lookup)) {
    tenon_lookup raw;
    std::memcpy(&raw, data, sizeof raw);
    (*live.take_)(lookup_of(raw), 0, -1);
  } else if (kind == TENON_DNS && size >= sizeof(tenon_dns)) {
    tenon_dns raw;
    std::memcpy(&raw, data, sizeof raw);
    (*live.take_)(dns_of(raw), 0, -1);
  }
  return 0;
}

void LiveBpf::drain(const Take& take) {
  take_ = &take;
  (void)ring_buffer__consume(ring_);
  take_ = nullptr;
}

std::optional<RawStack> LiveBpf::stack(std::uint32_t process, std::int32_t number) const {
  if (number < 0) return std::nullopt;
  std::array<unsigned long long, TENON_STACK_DEPTH> raw{};
  const auto key = static_cast<unsigned>(number);
  if (bpf_map__lookup_elem(skeleton_.it->maps.stacks, &key, sizeof key, raw.data(), sizeof raw,
                           0) != 0)
    return std::nullopt;
  RawStack out{.process = process, .number = number, .addresses = {}};
  for (const unsigned long long one : raw) {
    if (one == 0) break;
    out.addresses.push_back(one);
  }
  return out;
}

bool LiveBpf::list_by_iterator(std::vector<Row>& out) {
  bpf_link* link = bpf_program__attach_iter(skeleton_.it->progs.tenon_list, nullptr);
  if (link == nullptr) return false;
  const int fd = bpf_iter_create(bpf_link__fd(link));
  bool whole = false;
  if (fd >= 0) {
    const auto bytes = read_to_end(fd);
    whole = bytes.has_value() && bytes->size() % sizeof(tenon_row) == 0;
    for (std::size_t at = 0; whole && at < bytes->size(); at += sizeof(tenon_row)) {
      tenon_row raw;
      std::memcpy(&raw, bytes->data() + at, sizeof raw);
      out.push_back({endpoint_of(raw.family, raw.local, raw.local_port),
                     endpoint_of(raw.family, raw.remote, raw.remote_port), rest_of(raw.state)});
    }
  }
  bpf_link__destroy(link);
  return whole;
}

Live::Listed LiveBpf::list() {
  Listed out;
  if (list_by_iterator(out.rows)) {
    out.source = "iter/tcp";
    return out;
  }
  out.rows.clear();
  for (const WaitingSocket& one : waiting_sockets()) {
    out.rows.push_back({{address_text(one.ipv6, one.local), one.local_port},
                        {address_text(one.ipv6, one.remote), one.remote_port},
                        one.half ? Rest::half : Rest::time_wait});
  }
  out.source = "sock_diag";
  return out;
}

}  // namespace

bool can_trace(std::string& /*why*/) { return true; }

Result<void> join_network(std::uint32_t process) { return enter_network_of(process); }

Outcome<std::unique_ptr<Live>> start_live(const LiveWish& wish) {
  const auto status = read_text("/proc/self/status", 1U << 16U);
  const auto rights = status ? effective_rights(*status) : std::nullopt;
  if (const std::string_view missing = missing_bpf_rights(rights.value_or(0)); !missing.empty()) {
    return std::unexpected(
        make_finding(Code::trace_no_rights, {{"missing", std::string(missing)}}, "bpf(2)"));
  }
  if (!is_file(types_file))
    return std::unexpected(make_finding(Code::trace_no_types, {{"file", types_file}}, types_file));
  auto out = std::make_unique<LiveBpf>();
  if (auto started = out->start(wish); !started) return std::unexpected(std::move(started).error());
  return out;
}

}  // namespace tenon::trace
