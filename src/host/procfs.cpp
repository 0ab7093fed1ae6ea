#include "host/procfs.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_sample.h"
#include "base/text.h"

namespace tenon::procfs {
namespace {

constexpr std::size_t most_rows = 65536;

std::optional<int> process_id(std::string_view text) {
  const auto number = parse_number(text);
  if (!number || *number > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*number);
}

// "0x7f" as of the system call list.
std::optional<std::uint64_t> hex_argument(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  return parse_number(text.substr(2), 16);
}

// One group of eight digits: four bytes in the order of the machine, as the kernel prints them.
// Little-endian machines are the ones that Go with C runs on here.
void push_bytes(std::string_view digits, std::vector<unsigned>& out) {
  for (std::size_t i = 4; i > 0; --i) {
    const auto byte = parse_number(digits.substr(2 * (i - 1), 2), 16);
    out.push_back(byte ? static_cast<unsigned>(*byte) : 0U);
  }
}

std::string number_text(std::uint64_t value, int base) {
  std::string out;
  do {
    out.insert(out.begin(), "0123456789abcdef"[value % static_cast<unsigned>(base)]);
    value /= static_cast<unsigned>(base);
  } while (value > 0);
  return out;
}

std::string dotted(const std::vector<unsigned>& bytes, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < from + 4; ++i) {
    if (i > from) out += '.';
    out += number_text(bytes[i], 10);
  }
  return out;
}

// RFC 5952: the longest run of zero groups becomes "::".
std::string colons(const std::vector<unsigned>& bytes) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups.at(i) = bytes[2 * i] << 8U | bytes[2 * i + 1];
  std::size_t best = 8;
  std::size_t best_size = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t size = 0;
    while (i + size < 8 && groups.at(i + size) == 0) ++size;
    if (size > best_size) {
      best = i;
      best_size = size;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_size - 1;
      continue;
    }
    if (!out.empty() && !out.ends_with(':')) out += ':';
    out += number_text(groups.at(i), 16);
  }
  return out;
}

// The address of a socket; empty for "any".
std::string address(std::string_view digits) {
  if (digits.size() != 8 && digits.size() != 32) return {};
  std::vector<unsigned> bytes;
  for (std::size_t i = 0; i < digits.size(); i += 8) push_bytes(digits.substr(i, 8), bytes);
  if (std::ranges::all_of(bytes, [](unsigned byte) { return byte == 0; })) return {};
  if (bytes.size() == 4) return dotted(bytes, 0);
  const bool mapped = std::ranges::all_of(bytes.begin(), bytes.begin() + 10,
                                          [](unsigned byte) { return byte == 0; }) &&
                      bytes[10] == 0xff && bytes[11] == 0xff;
  return mapped ? dotted(bytes, 12) : colons(bytes);
}

// include/net/tcp_states.h. A datagram socket that is connected calls itself established.
SocketSample::State socket_state(std::uint64_t number) {
  switch (number) {
    case 1: return SocketSample::State::established;
    case 2: return SocketSample::State::connecting;
    case 10: return SocketSample::State::listening;
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 11: return SocketSample::State::closing;
    default: return SocketSample::State::unknown;
  }
}

// sl local remote st tx:rx tr:when retrnsmt uid timeout inode ...
std::optional<SocketSample> socket_row(std::string_view line, bool datagram) {
  const auto words = split_words(line);
  if (words.size() < 10 || !words[0].ends_with(':')) return std::nullopt;
  const auto local = split(words[1], ':');
  const auto remote = split(words[2], ':');
  const auto queues = split(words[4], ':');
  if (local.size() != 2 || remote.size() != 2 || queues.size() != 2) return std::nullopt;
  const auto own_port = parse_number(local[1], 16);
  const auto port = parse_number(remote[1], 16);
  const auto state = parse_number(words[3], 16);
  const auto unsent = parse_number(queues[0], 16);
  const auto unread = parse_number(queues[1], 16);
  const auto inode = parse_number(words[9]);
  if (!port || *port > 0xffff || !state || !unsent || !unread || !inode) return std::nullopt;
  SocketSample out;
  out.inode = *inode;
  out.datagram = datagram;
  out.state = socket_state(*state);
  out.local = address(local[0]);
  out.local_port = static_cast<std::uint16_t>(own_port.value_or(0));
  out.remote = address(remote[0]);
  out.remote_port = static_cast<std::uint16_t>(*port);
  out.unread = *unread;
  out.unsent = *unsent;
  return out;
}

// "1: FLOCK ADVISORY WRITE 12796 fe:00:9977872 0 EOF"; behind the number "->" marks one that waits.
std::optional<LockSample> lock_row(std::string_view line) {
  auto words = split_words(line);
  if (words.size() < 6 || !words[0].ends_with(':')) return std::nullopt;
  LockSample out;
  if (words[1] == "->") {
    out.waits = true;
    words.erase(words.begin() + 1);
  }
  if (words.size() < 6) return std::nullopt;
  const auto place = split(words[5], ':');
  if (place.size() != 3) return std::nullopt;
  const auto inode = parse_number(place[2]);
  if (!inode) return std::nullopt;
  out.inode = *inode;
  out.process = process_id(words[4]).value_or(0);  // -1: an open file description has the lock
  return out;
}

// Spaces and the like stand as "\\040" in lists of mounts.
std::string octal_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '\\' ? parse_number(text.substr(i + 1, 3), 8) : std::nullopt;
    out += code && *code < 256 ? static_cast<char>(*code) : text[i];
    if (code) i += 3;
  }
  return out;
}

// "12.34" in hundredths.
std::optional<std::uint32_t> hundredths(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == text.npos || text.size() != dot + 3) return std::nullopt;
  const auto whole = parse_number(text.substr(0, dot));
  const auto part = parse_number(text.substr(dot + 1));
  if (!whole || *whole > 100 || !part) return std::nullopt;
  return static_cast<std::uint32_t>(*whole * 100 + *part);
}

}  // namespace

std::optional<Stat> parse_stat(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');
  if (open == text.npos || close == text.npos || close < open) return std::nullopt;
  const auto words = split_words(text.substr(close + 1));
  if (words.size() < 22 || words[0].size() != 1) return std::nullopt;
  const auto number = [&](std::size_t field) { return parse_number(words[field - 3]); };
  const auto id = process_id(trim(text.substr(0, open)));
  const auto parent = process_id(words[1]);
  const auto faults = number(12);
  const auto user = number(14);
  const auto system = number(15);
  const auto waited_user = number(16);
  const auto waited_system = number(17);
  const auto start = number(22);
  const auto resident = number(24);
  if (!id || !parent || !faults || !user || !system || !start || !resident) return std::nullopt;
  Stat out;
  out.id = *id;
  out.parent = *parent;
  out.group = process_id(words[2]).value_or(0);
  out.terminal_group = process_id(words[5]).value_or(0);  // -1 without a terminal
  out.state = words[0][0];
  out.name = text.substr(open + 1, close - open - 1);
  out.major_faults = *faults;
  out.cpu_ticks = *user + *system;
  out.waited_cpu_ticks = waited_user.value_or(0) + waited_system.value_or(0);
  out.start_ticks = *start;
  out.resident_pages = *resident;
  return out;
}

std::optional<SystemCall> parse_syscall(std::string_view text) {
  const auto words = split_words(text);
  SystemCall out;
  if (words.size() == 1 && words[0] == "running") {
    out.running = true;
    return out;
  }
  if (words.size() == 3 && words[0] == "-1") return out;
  if (words.size() != 9) return std::nullopt;
  const auto number = parse_number(words[0]);
  if (!number || *number > 100000) return std::nullopt;
  out.number = static_cast<std::int64_t>(*number);
  for (std::size_t i = 0; i < out.arguments.size(); ++i) {
    const auto argument = hex_argument(words[i + 1]);
    if (!argument) return std::nullopt;
    out.arguments.at(i) = *argument;
  }
  return out;
}

std::vector<SocketSample> parse_sockets(std::string_view text, bool datagram) {
  std::vector<SocketSample> out;
  for (const std::string_view line : split(text, '\n')) {
    if (out.size() == most_rows) break;
    if (auto row = socket_row(line, datagram)) out.push_back(*std::move(row));
  }
  return out;
}

std::vector<LockSample> parse_locks(std::string_view text) {
  std::vector<LockSample> out;
  for (const std::string_view line : split(text, '\n')) {
    if (out.size() == most_rows) break;
    if (const auto row = lock_row(line)) out.push_back(*row);
  }
  return out;
}

Pressure parse_pressure(std::string_view text) {
  Pressure out;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split_words(line);
    if (words.size() < 2 || !words[1].starts_with("avg10=")) continue;
    if (words[0] == "some") out.some = hundredths(words[1].substr(6));
    if (words[0] == "full") out.full = hundredths(words[1].substr(6));
  }
  return out;
}

std::optional<std::uint64_t> named_number(std::string_view text, std::string_view name) {
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split_words(line);
    if (words.size() < 2 || words.size() > 3) continue;
    std::string_view key = words[0];
    if (key.ends_with(':')) key.remove_suffix(1);
    if (key == name) return parse_number(words[1]);
  }
  return std::nullopt;
}

ControlGroup parse_group(std::string_view text, std::string_view controller) {
  ControlGroup out;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t first = line.find(':');
    if (first == line.npos) continue;
    const std::size_t second = line.find(':', first + 1);
    if (second == line.npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    if (!path.starts_with('/') || path.contains("..")) continue;
    const auto names = split(controllers, ',');
    if (std::ranges::find(names, controller) != names.end()) return {std::string(path), false};
    if (controllers.empty()) out = {std::string(path), true};
  }
  return out;
}

unsigned opened_flags(std::string_view text) {
  for (const std::string_view line : split(text, '\n')) {
    if (!line.starts_with("flags:")) continue;
    return static_cast<unsigned>(parse_number(trim(line.substr(6)), 8).value_or(0));
  }
  return 0;
}

// "lock:\t1: OFDLCK ADVISORY WRITE -1 00:1f:5 0 EOF"
std::vector<LockSample> parse_descriptor_locks(std::string_view text) {
  std::vector<LockSample> out;
  for (const std::string_view line : split(text, '\n')) {
    if (out.size() == most_rows || !line.starts_with("lock:")) continue;
    if (const auto row = lock_row(line.substr(5))) out.push_back(*row);
  }
  return out;
}

// "tfd:        8 events: 8000201d data: 7f..."
std::vector<int> parse_watched(std::string_view text) {
  std::vector<int> out;
  for (const std::string_view line : split(text, '\n')) {
    if (out.size() == most_rows || !line.starts_with("tfd:")) continue;
    const auto words = split_words(line.substr(4));
    if (words.empty()) continue;
    if (const auto number = process_id(words[0])) out.push_back(*number);
  }
  return out;
}

// "36 35 98:0 / /mnt rw,noatime master:1 - fuse.sshfs host:/x rw": any number of words before "-".
std::optional<Mount> mount_of(std::string_view text, std::string_view path) {
  std::optional<Mount> out;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split_words(line);
    const auto dash = std::ranges::find(words, "-");
    if (words.size() < 5 || words.end() - dash < 3) continue;
    const std::string point = octal_text(words[4]);
    const bool inside =
        point == "/" || path == point || (path.starts_with(point) && path[point.size()] == '/');
    // Of two at one place the later one lies above.
    if (!inside || (out && point.size() < out->point.size())) continue;
    out = Mount{point, std::string(*(dash + 1)), octal_text(*(dash + 2))};
  }
  return out;
}

std::vector<std::string> parse_strings(std::string_view text, std::size_t most) {
  std::vector<std::string> out;
  while (!text.empty() && out.size() < most) {
    const std::size_t end = text.find('\0');
    out.emplace_back(text.substr(0, end));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::optional<std::uint64_t> link_inode(std::string_view link) {
  const std::size_t open = link.find(":[");
  if (open == link.npos || !link.ends_with(']')) return std::nullopt;
  return parse_number(link.substr(open + 2, link.size() - open - 3));
}

}  // namespace tenon::procfs
