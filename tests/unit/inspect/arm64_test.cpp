// Which registers instructions of A64 write. Words and texts as llvm-mc prints them.
#include "inspect/arm64.h"

#include <doctest/doctest.h>

#include <array>

using namespace tenon;

namespace {

template <class... Registers>
constexpr std::uint32_t mask(Registers... registers) {
  return ((1U << registers) | ... | 0U);
}

struct Row {
  std::uint32_t word;
  std::uint32_t written;
  const char* text;
};

// Each class of the encoding, and what looks like a write and is none.
constexpr Row rows[] = {
    {0xd2800032, mask(18), "mov x18, #1"},
    {0x52800032, mask(18), "mov w18, #1"},
    {0x10000012, mask(18), "adr x18, #0"},
    {0x91000412, mask(18), "add x18, x0, #1"},
    {0xf100065f, 0, "cmp x18, #1"},
    {0x12000012, mask(18), "and w18, w0, #1"},
    {0xaa0003f2, mask(18), "mov x18, x0"},
    {0xaa1203e0, mask(0), "mov x0, x18"},
    {0x9b007c12, mask(18), "mul x18, x0, x0"},
    {0x9a808012, mask(18), "csel x18, x0, x0, hi"},
    {0xfa400a52, 0, "ccmp x18, #0, #2, eq"},
    {0xf9400012, mask(18), "ldr x18, [x0]"},
    {0xf9000012, 0, "str x18, [x0]"},
    {0xf8408652, mask(18), "ldr x18, [x18], #8"},
    {0xf8008640, mask(18), "str x0, [x18], #8"},
    {0xf8008e40, mask(18), "str x0, [x18, #8]!"},
    {0xf9800012, 0, "prfm #18, [x0]"},
    {0xa94048f2, mask(18), "ldp x18, x18, [x7]"},
    {0xa9404bf1, mask(17, 18), "ldp x17, x18, [sp]"},
    {0xa9bf4bf1, 0, "stp x17, x18, [sp, #-16]!"},
    {0xa8c10640, 0x3 | mask(18), "ldp x0, x1, [x18], #16"},
    {0x58000012, mask(18), "ldr x18, #0"},
    {0x9c000012, 0, "ldr q18, #0"},
    {0x3dc00012, 0, "ldr q18, [x0]"},
    {0xbc408640, mask(18), "ldr s0, [x18], #8"},
    {0x0cdf7240, mask(18), "ld1 { v0.8b }, [x18], #8"},
    {0x0d9f8240, mask(18), "st1 { v0.s }[0], [x18], #4"},
    {0xc85f7c12, mask(18), "ldxr x18, [x0]"},
    {0xc8127c00, mask(18), "stxr w18, x0, [x0]"},
    {0x48327c40, mask(18, 19), "casp x18, x19, x0, x1, [x2]"},
    {0xc8b27c00, mask(18), "cas x18, x0, [x0]"},
    {0xf8320012, mask(18), "ldadd x18, x18, [x0]"},
    {0xf832001f, 0, "stadd x18, [x0]"},
    {0xd53bd052, mask(18), "mrs x18, TPIDR_EL0"},
    {0xd51bd052, 0, "msr TPIDR_EL0, x18"},
    {0xd61f0240, 0, "br x18"},
    {0xd63f0240, mask(30), "blr x18"},
    {0xb4000012, 0, "cbz x18, #0"},
    {0x94000012, mask(30), "bl #72"},
    {0x9e660012, mask(18), "fmov x18, d0"},
    {0x9e670240, 0, "fmov d0, x18"},
    {0x9e780012, mask(18), "fcvtzs x18, d0"},
    {0x1e22c012, 0, "fcvt d18, s0"},
    {0x4e083c12, mask(18), "mov x18, v0.d[0]"},
    {0x4e081e40, 0, "mov v0.d[0], x18"},
    {0x1e204012, 0, "fmov s18, s0"},
    {0xd503201f, 0, "nop"},
};

}  // namespace

TEST_CASE("arm64: registers that are written") {
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto written = arm64::written_registers(row.word);
    REQUIRE(written.has_value());
    CHECK(*written == row.written);
  }
}

TEST_CASE("arm64: what is no known instruction") {
  for (const std::uint32_t word :
       {0x00000000U, 0x00000012U, 0x04205012U, 0x02000012U, 0x32800012U}) {
    CHECK_FALSE(arm64::written_registers(word).has_value());
  }
}

TEST_CASE("arm64: where instructions lead") {
  const auto flow = [](std::uint32_t word) {
    const arm64::Flow one = arm64::flow_of(word);
    return std::pair(one.falls_through, one.target.value_or(0));
  };
  using Pair = std::pair<bool, std::int64_t>;
  CHECK(flow(0x14000002) == Pair(false, 8));   // b #8
  CHECK(flow(0x17ffffff) == Pair(false, -4));  // b #-4
  CHECK(flow(0x54000040) == Pair(true, 8));    // b.eq #8
  CHECK(flow(0xb4ffffe0) == Pair(true, -4));   // cbz x0, #-4
  CHECK(flow(0x36000040) == Pair(true, 8));    // tbz w0, #0, #8
  CHECK(flow(0x94000002) == Pair(true, 0));    // bl: comes back
  CHECK(flow(0xd63f0000) == Pair(true, 0));    // blr
  CHECK(flow(0xd65f03c0) == Pair(false, 0));   // ret
  CHECK(flow(0xd61f0000) == Pair(false, 0));   // br
  CHECK(flow(0xd4200000) == Pair(false, 0));   // brk
  CHECK(flow(0xd503201f) == Pair(true, 0));    // nop
}
