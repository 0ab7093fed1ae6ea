// Prologues are those that `go tool objdump` shows for go1.26 programs; the maps of a process are
// those of proc(5).
#include "trace/program.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

using namespace tenon;
using namespace tenon::trace;

namespace {

std::optional<std::uint64_t> behind(const std::vector<std::uint8_t>& code, Arch arch) {
  return behind_stack_check(ByteView(code.data(), code.size()), arch);
}

std::vector<std::uint8_t> words(const std::vector<std::uint32_t>& list) {
  std::vector<std::uint8_t> out;
  for (const std::uint32_t one : list)
    for (int i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(one >> (8 * i)));
  return out;
}

}  // namespace

TEST_CASE("a probe stands behind the check of the stack on amd64") {
  // CMPQ SP, 0x10(R14); JBE short; PUSHQ BP
  CHECK(behind({0x49, 0x3b, 0x66, 0x10, 0x76, 0x20, 0x55}, Arch::amd64) == 6);
  CHECK(behind({0x49, 0x3b, 0x66, 0x10, 0x0f, 0x86, 1, 2, 0, 0, 0x55}, Arch::amd64) == 10);
  // LEAQ -0x68(SP), R12; CMPQ R12, 0x10(R14); JBE
  CHECK(behind({0x4c, 0x8d, 0x64, 0x24, 0x98, 0x4d, 0x3b, 0x66, 0x10, 0x0f, 0x86, 1, 2, 0, 0},
               Arch::amd64) == 15);
  CHECK(behind({0x55, 0x48, 0x89, 0xe5}, Arch::amd64) == 0);
  CHECK(behind({0x90, 0x90, 0x90, 0x90}, Arch::amd64) == std::nullopt);
  CHECK(behind({0x49, 0x3b, 0x66}, Arch::amd64) == std::nullopt);
  CHECK(behind({}, Arch::amd64) == std::nullopt);
}

TEST_CASE("a probe stands behind the check of the stack on arm64") {
  // MOVD 16(g), R16; CMP R16, RSP; BLS; MOVD.W R30, -64(RSP)
  CHECK(behind(words({0xf9400b90, 0xeb3063ff, 0x54000289, 0xf81c0ffe}), Arch::arm64) == 12);
  // MOVD 16(g), R16; SUB $80, RSP, R17; CMP R16, R17; BLS
  CHECK(behind(words({0xf9400b90, 0xd10143f1, 0xeb10023f, 0x54000609}), Arch::arm64) == 16);
  CHECK(behind(words({0xf81c0ffe, 0xd503201f}), Arch::arm64) == 0);
  CHECK(behind(words({0xd503201f}), Arch::arm64) == std::nullopt);
  CHECK(behind(words({0xf9400b90, 0xd503201f}), Arch::arm64) == std::nullopt);
  CHECK(behind({0x90}, Arch::arm64) == std::nullopt);
  CHECK(behind(words({0xf9400b90}), Arch::other) == std::nullopt);
}

TEST_CASE("only mappings with code count, and their paths may hold blanks") {
  const auto ranges = parse_maps(
      "00400000-00700000 r-xp 00001000 08:01 123      /srv/my app\n"
      "00700000-00800000 rw-p 00300000 08:01 123      /srv/my app\n"
      "7ffc0000-7ffd0000 rw-p 00000000 00:00 0        [stack]\n"
      "nonsense r-xp\n"
      "7f0000001000-7f0000002000 r-xp 00001000 08:01 7 /lib/libc.so.6");
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0].from == 0x400000);
  CHECK(ranges[0].offset == 0x1000);
  CHECK(ranges[0].path == "/srv/my app");
  CHECK(ranges[1].path == "/lib/libc.so.6");
}

TEST_CASE("functions that close for others are told from those that decide") {
  CHECK(is_plumbing("runtime.goexit"));
  CHECK(is_plumbing("internal/poll.(*FD).Close"));
  CHECK(is_plumbing("net.(*conn).Close"));
  CHECK_FALSE(is_plumbing("net/http.(*persistConn).close"));
  CHECK_FALSE(is_plumbing("database/sql.(*DB).putConn"));
}
