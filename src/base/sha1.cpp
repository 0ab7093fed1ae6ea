#include "base/sha1.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace tenon {
namespace {

using State = std::array<std::uint32_t, 5>;

std::uint32_t load(const std::byte* at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | std::to_integer<std::uint32_t>(at[i]);
  return value;
}

struct Round {
  std::uint32_t f, k;
};

Round round_of(unsigned i, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (i < 20) return {(b & c) | (~b & d), 0x5a827999U};
  if (i < 40) return {b ^ c ^ d, 0x6ed9eba1U};
  if (i < 60) return {(b & c) | (b & d) | (c & d), 0x8f1bbcdcU};
  return {b ^ c ^ d, 0xca62c1d6U};
}

void block(State& state, const std::byte* data) {
  std::array<std::uint32_t, 80> w;
  for (unsigned i = 0; i < 16; ++i) w[i] = load(data + std::size_t{4} * i);
  for (unsigned i = 16; i < 80; ++i) {
    w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  }
  auto [a, b, c, d, e] = state;
  for (unsigned i = 0; i < 80; ++i) {
    const Round round = round_of(i, b, c, d);
    const std::uint32_t next = std::rotl(a, 5) + round.f + e + round.k + w[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
}

}  // namespace

Sha1 sha1(std::span<const std::byte> bytes) {
  State state{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U, 0xc3d2e1f0U};
  std::size_t at = 0;
  for (; bytes.size() - at >= 64; at += 64) block(state, bytes.data() + at);
  // The rest, a 1 bit, zeros and the length in bits: one block or two.
  std::array<std::byte, 128> tail{};
  const std::size_t rest = bytes.size() - at;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), rest, tail.begin());
  tail[rest] = std::byte{0x80};
  const std::size_t end = rest < 56 ? 64 : 128;
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  for (unsigned i = 0; i < 8; ++i) tail[end - 1 - i] = static_cast<std::byte>(bits >> (8U * i));
  for (std::size_t i = 0; i < end; i += 64) block(state, tail.data() + i);
  Sha1 digest;
  for (unsigned i = 0; i < 20; ++i) {
    digest[i] = static_cast<std::byte>(state[i / 4] >> (24U - 8U * (i % 4)));
  }
  return digest;
}

}  // namespace tenon
