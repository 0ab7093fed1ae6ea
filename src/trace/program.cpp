#include "trace/program.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/text.h"
#include "format/elf/elf.h"
#include "format/gobin/buildinfo.h"
#include "format/gobin/pclntab.h"
#include "inspect/go_bytes.h"

namespace tenon::trace {
namespace {

constexpr std::uint16_t em_x86_64 = 62, em_aarch64 = 183;
constexpr std::uint32_t pt_load = 1, pf_x = 1;
constexpr std::uint64_t prologue = 48;  // bytes that the check lies in

bool starts(std::span<const std::byte> code, std::size_t at, std::initializer_list<int> bytes) {
  if (code.size() < at + bytes.size()) return false;
  return std::ranges::equal(code.subspan(at, bytes.size()), bytes,
                            [](std::byte a, int b) { return std::to_integer<int>(a) == b; });
}

// The jump behind a comparison with the stack's limit: jbe, short or long.
std::optional<std::uint64_t> behind_jump(std::span<const std::byte> code, std::size_t at) {
  if (starts(code, at, {0x76})) return at + 2;
  if (starts(code, at, {0x0f, 0x86})) return at + 6;
  return std::nullopt;
}

// cmp 0x10(%r14),%rsp; or, for larger frames, lea -N(%rsp),%r12 and a comparison of %r12. Huge
// frames begin with a subtraction that is checked for overflow.
std::optional<std::uint64_t> behind_check_amd64(std::span<const std::byte> code) {
  if (starts(code, 0, {0x49, 0x3b, 0x66, 0x10})) return behind_jump(code, 4);
  for (std::size_t at = 0; at < 24 && at < code.size(); ++at)
    if (starts(code, at, {0x4d, 0x3b, 0x66, 0x10})) return behind_jump(code, at + 4);
  if (starts(code, 0, {0x55}) || starts(code, 0, {0x48, 0x83, 0xec})) return 0;
  return std::nullopt;
}

std::uint32_t word_at(std::span<const std::byte> code, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4 && at + i < code.size(); ++i)
    out |= std::to_integer<std::uint32_t>(code[at + i]) << (8 * i);
  return out;
}

// ldr x16, [x28, #16]; cmp sp, x16 or, for larger frames, sub x17, sp, #N and cmp x17, x16; b.ls
std::optional<std::uint64_t> behind_check_arm64(std::span<const std::byte> code) {
  constexpr std::uint32_t load_limit = 0xf9400b90;
  if (code.size() < 4) return std::nullopt;
  if (word_at(code, 0) != load_limit) {
    const std::uint32_t first = word_at(code, 0);
    // str x30, [sp, #-N]! or stp x29, x30, [sp, #-N]!
    const bool frame = (first & 0xffe00fffU) == 0xf8000ffeU || (first & 0xffc07fffU) == 0xa9807bfdU;
    return frame ? std::optional<std::uint64_t>(0) : std::nullopt;
  }
  for (std::size_t at = 4; at + 4 <= code.size() && at < prologue; at += 4) {
    const std::uint32_t one = word_at(code, at);
    if ((one & 0xff00001fU) == 0x54000009U) return at + 4;  // b.ls
  }
  return std::nullopt;
}

struct Wanted {
  Probe probe;
  std::string_view function, what;
};

constexpr Wanted wanted[] = {
    {Probe::go_close, "net/http.(*persistConn).close", "why net/http closes a connection"},
    {Probe::go_loop, "net/http.(*persistConn).readLoop", "which connection of net/http is closed"},
    {Probe::go_body, "net/http.(*bodyEOFSignal).Close", "bodies of answers that are closed early"},
    {Probe::go_ipaddr, "net.(*Resolver).lookupIPAddr", "lookups of addresses"},
    {Probe::go_host, "net.(*Resolver).lookupHost", "lookups of hosts"},
    {Probe::go_order, "net.(*Resolver).goLookupIPCNAMEOrder", "the way of a lookup"},
};

// http.Transport by release, from unsafe.Offsetof of each: DisableKeepAlives, MaxIdleConnsPerHost.
// Both words lie alike on amd64 and arm64.
struct Slots {
  unsigned first, last;
  std::uint32_t keep_alives, idle_max;
};

constexpr Slots slots[] = {
    {21, 22, 176, 192},
    {23, 26, 232, 248},
};

std::optional<unsigned> go_minor(std::string_view version) {
  if (!version.starts_with("go1.")) return std::nullopt;
  version.remove_prefix(4);
  const std::size_t end = std::min(version.find_first_not_of("0123456789"), version.size());
  const auto number = parse_number(version.substr(0, end));
  return number && *number < 1000 ? std::optional(static_cast<unsigned>(*number)) : std::nullopt;
}

void add_point(const elf::File& file, const gobin::Pclntab& table, const Wanted& one,
               std::uint64_t index, GoProgram& out) {
  const auto miss = [&](std::string_view reason) {
    out.not_seen.push_back(std::string(one.what) + ": " + std::string(one.function) + " " +
                           std::string(reason));
  };
  const auto entry = table.function_entry_address(index);
  if (!entry) return miss("has no address");
  const std::uint64_t size = std::min(table.function_size(index), prologue);
  const auto code = file.at_address(*entry, size);
  if (!code) return miss("lies outside of the file");
  const auto behind = behind_stack_check(*code, out.arch);
  if (!behind) return miss("begins with code that is not known");
  const auto offset = file_offset(file, *entry + *behind);
  if (!offset) return miss("lies in no segment with code");
  out.points.push_back({one.probe, std::string(one.function), *offset});
}

void find_points(const elf::File& file, const gobin::Pclntab& table, GoProgram& out) {
  std::vector<bool> found(std::size(wanted), false);
  for (std::uint64_t i = 0; i < table.size(); ++i) {
    const std::string_view name = table.function_name(i);
    if (!name.starts_with("net")) continue;
    for (std::size_t k = 0; k < std::size(wanted); ++k) {
      if (found[k] || name != wanted[k].function) continue;
      found[k] = true;
      add_point(file, table, wanted[k], i, out);
    }
  }
}

}  // namespace

Arch arch_of(const elf::File& file) {
  if (file.header().e_machine == em_x86_64) return Arch::amd64;
  return file.header().e_machine == em_aarch64 ? Arch::arm64 : Arch::other;
}

std::optional<std::uint64_t> behind_stack_check(ByteView code, Arch arch) {
  switch (arch) {
    case Arch::amd64: return behind_check_amd64(code.bytes());
    case Arch::arm64: return behind_check_arm64(code.bytes());
    case Arch::other: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> file_offset(const elf::File& file, std::uint64_t vaddr) {
  for (const elf::Segment& one : file.segments()) {
    if (one.p_type != pt_load || (one.p_flags & pf_x) == 0) continue;
    if (vaddr >= one.p_vaddr && vaddr - one.p_vaddr < one.p_filesz)
      return one.p_offset + (vaddr - one.p_vaddr);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> loaded_address(const elf::File& file, std::uint64_t offset) {
  for (const elf::Segment& one : file.segments()) {
    if (one.p_type != pt_load || (one.p_flags & pf_x) == 0) continue;
    if (offset >= one.p_offset && offset - one.p_offset < one.p_filesz)
      return one.p_vaddr + (offset - one.p_offset);
  }
  return std::nullopt;
}

Result<std::optional<GoProgram>> read_go_program(const elf::File& file) {
  const GoBytes bytes = go_bytes(file);
  const auto info = gobin::read_build_info(bytes.regions);
  if (!info || !*info) return std::optional<GoProgram>();
  GoProgram out;
  out.version = (*info)->go_version;
  out.arch = arch_of(file);
  const auto minor = go_minor(out.version);
  if (out.arch == Arch::other || !minor || *minor < 17) {
    // Arguments in registers began with Go 1.17 (amd64) and 1.18 (arm64).
    out.not_seen.push_back(
        "what functions of Go tell: Go 1.17 or later on amd64 or arm64 is known");
    return std::optional(std::move(out));
  }
  for (const Slots& one : slots) {
    if (*minor < one.first || *minor > one.last || one.keep_alives == 0) continue;
    out.keep_alives_slot = one.keep_alives;
    out.idle_max_slot = one.idle_max;
  }
  const auto table = function_table(bytes);
  if (!table) {
    out.not_seen.push_back("what functions of Go tell: the function table cannot be read");
    return std::optional(std::move(out));
  }
  find_points(file, *table, out);
  return std::optional(std::move(out));
}

std::string_view function_at(const gobin::Pclntab& table, std::uint64_t address) {
  std::uint64_t low = 0, high = table.size();
  if (high == 0 || address < table.function_entry_address(0).value_or(UINT64_MAX)) return "";
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (table.function_entry_address(middle).value_or(UINT64_MAX) <= address) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const auto end = table.function_entry_address(low + 1);
  return end && address >= *end ? "" : table.function_name(low);
}

std::optional<std::uint64_t> library_symbol(const elf::File& file, std::string_view name) {
  constexpr std::uint8_t stt_func = 2;
  const auto symbols = file.dynamic_symbols();
  if (!symbols) return std::nullopt;
  for (const elf::Symbol one : *symbols)
    if (one.name == name && one.defined() && one.type() == stt_func)
      return file_offset(file, one.st_value);
  return std::nullopt;
}

bool is_plumbing(std::string_view function) {
  constexpr std::string_view rooms[] = {"runtime.", "runtime/",    "syscall.", "internal/",
                                        "net.",     "crypto/tls.", "sync."};
  return std::ranges::any_of(rooms,
                             [&](std::string_view one) { return function.starts_with(one); });
}

std::vector<CodeRange> parse_maps(std::string_view text) {
  constexpr std::size_t most = 4096;
  std::vector<CodeRange> out;
  for (const std::string_view line : split(text, '\n')) {
    const auto words = split_words(line);
    if (words.size() < 6 || !words[1].contains('x')) continue;
    const std::size_t dash = words[0].find('-');
    if (dash == std::string_view::npos) continue;
    const auto from = parse_number(words[0].substr(0, dash), 16);
    const auto to = parse_number(words[0].substr(dash + 1), 16);
    const auto offset = parse_number(words[2], 16);
    if (!from || !to || !offset || *from >= *to) continue;
    // A path may hold blanks.
    const std::size_t at = static_cast<std::size_t>(words[5].data() - line.data());
    out.push_back({*from, *to, *offset, std::string(line.substr(at))});
    if (out.size() >= most) break;
  }
  return out;
}

}  // namespace tenon::trace
