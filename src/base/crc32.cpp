#include "base/crc32.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tenon {
namespace {

using Table = std::array<std::uint32_t, 256>;
constexpr std::size_t lanes = 8;

// Eight tables take eight bytes at once ("slicing by 8").
consteval std::array<Table, lanes> make_tables() {
  std::array<Table, lanes> out{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1U) != 0 ? 0xedb88320U ^ (value >> 1U) : value >> 1U;
    }
    out[0][i] = value;
  }
  for (std::size_t lane = 1; lane < lanes; ++lane) {
    for (std::size_t i = 0; i < 256; ++i) {
      const std::uint32_t last = out[lane - 1][i];
      out[lane][i] = (last >> 8U) ^ out[0][last & 0xffU];
    }
  }
  return out;
}

constexpr std::array<Table, lanes> tables = make_tables();

std::uint32_t byte_at(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<std::uint32_t>(bytes[at]);
}

std::uint32_t word_at(std::span<const std::byte> bytes, std::size_t at) {
  return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U | byte_at(bytes, at + 2) << 16U |
         byte_at(bytes, at + 3) << 24U;
}

}  // namespace

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  std::size_t at = 0;
  for (; bytes.size() - at >= lanes; at += lanes) {
    const std::uint32_t low = crc ^ word_at(bytes, at);
    const std::uint32_t high = word_at(bytes, at + 4);
    crc = tables[7][low & 0xffU] ^ tables[6][low >> 8U & 0xffU] ^ tables[5][low >> 16U & 0xffU] ^
          tables[4][low >> 24U] ^ tables[3][high & 0xffU] ^ tables[2][high >> 8U & 0xffU] ^
          tables[1][high >> 16U & 0xffU] ^ tables[0][high >> 24U];
  }
  for (; at < bytes.size(); ++at) {
    crc = tables[0][(crc ^ byte_at(bytes, at)) & 0xffU] ^ (crc >> 8U);
  }
  return ~crc;
}

}  // namespace tenon
