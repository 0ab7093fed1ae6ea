#include "trace/run/session.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/path.h"
#include "base/result.h"
#include "base/text.h"
#include "base/version.h"
#include "diag/catalog.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "format/elf/elf.h"
#include "host/files.h"
#include "host/mapping.h"
#include "host/process.h"
#include "host/stream_file.h"
#include "host/system.h"
#include "machine/probe/own_platform.h"
#include "resolve/binary.h"
#include "resolve/decision.h"
#include "resolve/inputs.h"
#include "resolve/run/gather.h"
#include "trace/counters.h"
#include "trace/event.h"
#include "trace/program.h"
#include "trace/record_file.h"
#include "trace/run/live.h"
#include "trace/tally.h"

namespace tenon::trace {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t second = 1'000'000'000;

std::int64_t monotonic() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string word_of(const std::string& path) {
  const auto text = read_text(path, 1U << 16U);
  return text ? std::string(trim(*text)) : "";
}

// Those of this thread's network.
Limits read_limits() {
  const std::string folder = "/proc/sys/net/ipv4/";
  Limits out;
  (void)parse_port_range(word_of(folder + "ip_local_port_range"), out);
  out.reserved = reserved_ports(word_of(folder + "ip_local_reserved_ports"), out);
  const auto number = [&](const char* name) {
    return static_cast<std::uint32_t>(parse_number(word_of(folder + name)).value_or(0));
  };
  out.reuse = number("tcp_tw_reuse");
  out.buckets = number("tcp_max_tw_buckets");
  return out;
}

std::unexpected<Finding> refused(std::string call, std::string reason) {
  return std::unexpected(
      make_finding(Code::trace_refused, {{"call", call}, {"reason", std::move(reason)}}, call));
}

}  // namespace

Session::Session(const SessionWish& wish) : wish_(wish), symbols_(wish.program) {}

Outcome<std::unique_ptr<Session>> Session::open(const SessionWish& wish) {
  std::unique_ptr<Session> out(new Session(wish));
  if (auto begun = out->begin(); !begun) return std::unexpected(std::move(begun).error());
  return out;
}

// Both numbers at one moment: the kernel's does not move between two looks at it.
Session::Pair Session::count() const {
  Pair out;
  for (int i = 0; i < 1000; ++i) {
    const auto first = read_text(proc_ + "/net/netstat", 1U << 20U);
    out.entered = live_->entered();
    const auto again = read_text(proc_ + "/net/netstat", 1U << 20U);
    const auto one = first ? parse_netstat(*first) : std::nullopt;
    const auto other = again ? parse_netstat(*again) : std::nullopt;
    if (!one || !other) break;
    out.counters = *other;
    // The entry is counted by the kernel some instructions before it is counted by us.
    if (one->entered() == other->entered()) break;
  }
  out.counters.at = monotonic();
  return out;
}

void Session::read_program(LiveWish& wish, std::optional<GoProgram>& go) {
  if (wish_.program.empty()) return;
  const auto mapping = map_file(wish_.program);
  if (!mapping) return;
  const auto file = elf::File::parse(mapping->view());
  if (!file) return;
  auto program = read_go_program(*file);
  if (!program || !*program) return;
  go = **std::move(program);
  header_.go_version = clean_text(go->version);
  header_.not_seen = go->not_seen;
  wish.keep_alives_slot = go->keep_alives_slot;
  wish.idle_max_slot = go->idle_max_slot;
}

std::string Session::libc_of_program() const {
  const auto name = [](const CodeRange& one) {
    const std::string_view file = base_name(one.path);
    return file.starts_with("libc.so") || file.starts_with("libc-") || file.starts_with("ld-musl");
  };
  const std::uint32_t own = static_cast<std::uint32_t>(own_process());
  const std::string process = "/proc/" + std::to_string(wish_.process.value_or(own));
  const auto maps = read_text(process + "/maps");
  if (!maps) return "";
  for (const CodeRange& one : parse_maps(*maps))
    if (name(one)) return wish_.process ? process + "/root" + one.path : one.path;
  return "";
}

void Session::watch_program(const std::optional<GoProgram>& go) {
  const auto add = [&](std::vector<std::string> missing) {
    for (std::string& one : missing) header_.not_seen.push_back(std::move(one));
  };
  if (go) {
    for (const ProbePoint& one : go->points) header_.seen.push_back(one.function);
    add(live_->watch_go(wish_.program, *go));
  }
  const std::string libc = libc_of_program();
  if (libc.empty()) return;
  const auto mapping = map_file(libc);
  if (!mapping) return;
  const auto file = elf::File::parse(mapping->view());
  const auto offset = file ? library_symbol(*file, "getaddrinfo") : std::nullopt;
  if (!offset) return;
  header_.seen.emplace_back("getaddrinfo");
  add(live_->watch_libc(libc, *offset));
}

// What `tenon resolve` reads, for the program that is traced.
void Session::prepare_predictions() {
  if (header_.go_version.empty()) return;
  auto facts = resolve::read_binary(wish_.program);
  if (!facts || !facts->go) return;
  resolve::Inputs inputs;
  inputs.build = facts->build;
  std::string root;
  if (wish_.process) {
    root = proc_ + "/root";
    auto environment = resolve::process_environment(*wish_.process);
    if (!environment) return;
    inputs.environment = *std::move(environment);
  } else {
    inputs.environment = resolve::own_environment();
  }
  inputs.machine = resolve::read_machine(root);
  if (!inputs.machine.hostname) {
    inputs.machine.hostname = host_name();
    inputs.machine.hostname_is_ours = true;
  }
  inputs_ = std::move(inputs);
  resolver_.emplace(*inputs_);
}

Outcome<bool> Session::begin() {
  const std::uint32_t own = static_cast<std::uint32_t>(own_process());
  proc_ = "/proc/" + std::to_string(wish_.process.value_or(own));
  const auto network = file_info(proc_ + "/ns/net");
  if (!network) return refused("stat(2) of " + proc_ + "/ns/net", "no such process");
  LiveWish live;
  live.network = network->inode;
  if (wish_.process) {
    live.processes = {*wish_.process};
    const auto ours = file_info("/proc/self/ns/net");
    if (!ours || ours->inode != network->inode) {
      if (auto joined = join_network(*wish_.process); !joined) {
        std::string why(errc_name(joined.error().code));
        return refused("setns(2) into the network of process " + std::to_string(*wish_.process),
                       std::move(why));
      }
    }
  } else if (!wish_.group.empty()) {
    const auto folder = file_info(wish_.group);
    if (!folder || folder->kind != FileInfo::Kind::folder)
      return refused("stat(2) of " + wish_.group, "it is not a directory");
    live.group = folder->inode;
  } else {
    live.processes = {own};
  }
  live.ring_bytes = wish_.ring_bytes;
  std::optional<GoProgram> go;
  read_program(live, go);
  auto started = start_live(live);
  if (!started) return std::unexpected(std::move(started).error());
  live_ = *std::move(started);
  header_.kernel = word_of("/proc/sys/kernel/osrelease");
  header_.arch = own_platform().goarch;
  header_.subject = clean_text(wish_.subject);
  header_.program = clean_text(wish_.program);
  header_.network = network->inode;
  header_.limits = read_limits();
  watch_program(go);
  prepare_predictions();
  const Live::Listed older = live_->list();
  const Pair pair = count();
  first_entry_ = pair.entered;
  header_.counters = pair.counters;
  header_.began = pair.counters.at;
  looked_ = header_.began;
  tally_.emplace(header_);
  if (!wish_.record.empty()) {
    auto made = StreamFile::open(wish_.record, record_mark, header_line(header_, tenon_version()));
    if (made) {
      record_.emplace(std::move(*made));
    } else {
      record_problem_ = made.error().what;
    }
  }
  for (const Row& row : older.rows) {
    tally_->add_older(row);
    if (recording()) write(row_line(row, true));
  }
  return true;
}

bool Session::recording() const { return record_ && record_problem_.empty(); }

void Session::write(const std::string& line) {
  buffer_ += line;
  constexpr std::size_t piece = std::size_t{1} << 16U;
  if (buffer_.size() >= piece) flush();
}

void Session::flush() {
  if (!recording() || buffer_.empty()) return;
  if (const auto done = record_->append(buffer_); !done) record_problem_ = done.error().what;
  buffer_.clear();
}

std::uint32_t Session::stack_number(std::uint32_t process, std::int32_t raw) {
  if (raw < 0) return 0;
  constexpr std::size_t most = 8192;
  const auto found = stacks_.find({process, raw});
  if (found != stacks_.end()) return found->second;
  if (stacks_.size() >= most) return 0;
  Stack out;
  if (const auto stack = live_->stack(process, raw)) out.functions = symbols_.names(*stack);
  if (!out.functions.empty()) {
    out.number = static_cast<std::uint32_t>(stacks_.size() + 1);
    if (recording()) write(line_of(out));
    tally_->add(out);
  }
  stacks_[{process, raw}] = out.number;
  return out.number;
}

void Session::predict(const LookupEvent& event) {
  if (!resolver_ || event.name.empty()) return;
  if (event.place != Place::go_ipaddr && event.place != Place::go_host) return;
  constexpr std::size_t most = 2000;
  if (predicted_.size() >= most || !predicted_.insert(event.name).second) return;
  const resolve::Decision decision = resolver_->decide(event.name);
  Prediction out{event.name, std::string(resolve::order_text(decision.order)),
                 std::string(resolve::reason_word(decision.reason))};
  if (recording()) write(line_of(out));
  tally_->add(std::move(out));
}

void Session::take(Event event, std::int64_t number, std::int32_t stack) {
  if (auto* one = std::get_if<Connection>(&event)) {
    const bool before = number != 0 ? number <= first_entry_ : one->at < header_.began;
    if (before || number > last_entry_) return;
    one->stack = stack_number(one->process, stack);
    if (recording()) write(line_of(*one));
    tally_->add(*one);
  } else if (const auto* lookup = std::get_if<LookupEvent>(&event)) {
    predict(*lookup);
    if (recording()) write(line_of(*lookup));
    tally_->add(*lookup);
  } else if (const auto* dns = std::get_if<DnsEvent>(&event)) {
    if (recording()) write(line_of(*dns));
    tally_->add(*dns);
  }
}

void Session::drain() {
  live_->drain([this](Event event, std::int64_t number, std::int32_t stack) {
    take(std::move(event), number, stack);
  });
}

void Session::step() {
  drain();
  const std::int64_t now = monotonic();
  if (now - looked_ >= second) {
    looked_ = now;
    if (recording()) write(moment_line(now));
    if (tally_->look(now) && on_news) on_news(*tally_);
  }
  flush();
}

void Session::finish() {
  const Pair pair = count();
  last_entry_ = pair.entered;
  // A record is handed over some instructions after it is counted.
  std::this_thread::sleep_for(20ms);
  drain();
  Footer footer;
  footer.ended = pair.counters.at;
  footer.counters = pair.counters;
  footer.entered = pair.entered - first_entry_;
  footer.lost = live_->lost();
  footer.unfound = live_->unfound();
  Live::Listed present = live_->list();
  footer.present_source = present.source;
  for (Row& row : present.rows) {
    if (recording()) write(row_line(row, false));
    tally_->add_present(std::move(row));
  }
  if (recording()) write(footer_line(footer));
  flush();
  tally_->finish(std::move(footer));
}

}  // namespace tenon::trace
