#include "inspect/arm64.h"

#include <cstdint>
#include <optional>

namespace tenon::arm64 {
namespace {

using Mask = std::optional<std::uint32_t>;

constexpr std::uint32_t bits(std::uint32_t word, unsigned high, unsigned low) {
  return (word >> low) & ((1U << (high - low + 1)) - 1);
}

constexpr bool bit(std::uint32_t word, unsigned place) { return ((word >> place) & 1) != 0; }

constexpr std::uint32_t one(std::uint32_t reg) { return reg == 31 ? 0 : 1U << reg; }

constexpr std::uint32_t rd(std::uint32_t word) { return one(bits(word, 4, 0)); }

constexpr std::uint32_t rn(std::uint32_t word) { return one(bits(word, 9, 5)); }

constexpr std::uint32_t rt2(std::uint32_t word) { return one(bits(word, 14, 10)); }

constexpr std::uint32_t rs(std::uint32_t word) { return one(bits(word, 20, 16)); }

Mask immediate(std::uint32_t word) {
  const std::uint32_t group = bits(word, 25, 23);
  const bool wide = bit(word, 31);
  if (group == 4 && !wide && bit(word, 22)) return {};   // logical, N without 64 bits
  if (group == 5 && bits(word, 30, 29) == 1) return {};  // move wide
  if (group == 6 && (bits(word, 30, 29) == 3 || wide != bit(word, 22))) return {};
  if (group == 7 && (bits(word, 30, 29) != 0 || wide != bit(word, 22))) return {};
  return rd(word);
}

Mask branch_or_system(std::uint32_t word) {
  if (bits(word, 30, 26) == 5) return bit(word, 31) ? 1U << 30 : 0;  // b, bl
  if (bits(word, 30, 26) == 13) return 0;                            // cbz, tbz
  if (bits(word, 31, 25) == 0x2a) return 0;                          // b.cond, bc.cond
  if (bits(word, 31, 24) == 0xd4) return 0;                          // svc, brk, hlt
  if (bits(word, 31, 25) == 0x6b) {                                  // br, blr, ret
    const std::uint32_t opc = bits(word, 24, 21);
    if (bits(word, 20, 16) != 31) return {};
    return opc == 1 || opc == 9 ? 1U << 30 : 0;
  }
  if (bits(word, 31, 22) == 0x354) {                  // system
    return bit(word, 21) ? Mask(rd(word)) : Mask(0);  // mrs, sysl
  }
  if (bits(word, 31, 22) == 0x355) {  // 128-bit system registers
    return bit(word, 21) ? Mask(rd(word) | rd(word + 1)) : Mask(0);
  }
  return {};
}

Mask exclusive(std::uint32_t word) {
  const bool load = bit(word, 22);
  const bool o2 = bit(word, 23);
  const bool o1 = bit(word, 21);
  if (!o2 && !o1) return load ? rd(word) : rs(word);  // ldxr, stxr
  if (!o2 && bit(word, 31)) return load ? rd(word) | rt2(word) : rs(word);
  if (!o2) return rs(word) | one((bits(word, 20, 16) + 1) & 31);  // casp
  if (!o1) return load ? rd(word) : 0;                            // ldar, stlr
  return rs(word);                                                // cas
}

// Loads and stores of one register, by size and opc: what goes into Rt.
Mask loaded(std::uint32_t word) {
  if (bit(word, 26)) return 0;  // of the vector unit
  const std::uint32_t opc = bits(word, 23, 22);
  const std::uint32_t size = bits(word, 31, 30);
  if (opc == 0) return 0;
  if (opc == 2 && size == 3) return 0;  // prfm
  if (opc == 3 && size > 1) return {};
  return rd(word);
}

Mask atomic(std::uint32_t word) {
  if (bit(word, 26)) return {};
  if (bit(word, 15)) {
    const std::uint32_t opc = bits(word, 14, 12);
    if (opc == 1) return 0;                     // st64b
    if (opc == 2 || opc == 3) return rs(word);  // st64bv
    if (opc == 5) {                             // ld64b
      const std::uint32_t first = bits(word, 4, 0);
      return first > 22 ? Mask() : Mask(0xffU << first);
    }
  }
  return rd(word);
}

Mask single(std::uint32_t word) {
  if (bit(word, 24)) return loaded(word);
  if (bit(word, 21)) {
    switch (bits(word, 11, 10)) {
      case 0: return atomic(word);
      case 2: return loaded(word);
      default:  // ldraa
        if (bit(word, 26) || bits(word, 31, 30) != 3) return {};
        return rd(word) | (bit(word, 11) ? rn(word) : 0);
    }
  }
  const Mask mask = loaded(word);
  const bool back = bit(word, 10);
  return mask && back ? Mask(*mask | rn(word)) : mask;
}

Mask pair(std::uint32_t word) {
  const bool back = bit(word, 23);
  const std::uint32_t base = back ? rn(word) : 0;
  if (bits(word, 31, 30) == 3) return {};
  if (bit(word, 26) || !bit(word, 22)) return base;
  return base | rd(word) | rt2(word);
}

Mask literal_or_tag(std::uint32_t word) {
  if (!bit(word, 24)) {  // ldr of a literal
    if (bit(word, 26) || bits(word, 31, 30) == 3) return 0;
    return rd(word);
  }
  if (!bit(word, 21) && bits(word, 11, 10) == 1) {  // set, cpy
    const bool set = bits(word, 23, 22) == 3;
    return rd(word) | rn(word) | (set ? 0 : rs(word));
  }
  if (bit(word, 26)) return !bit(word, 21) && bits(word, 11, 10) == 2 ? Mask(0) : Mask();
  if (bit(word, 21)) {  // memory tags
    if (bits(word, 31, 24) != 0xd9) return {};
    if (bits(word, 11, 10) == 0) return bits(word, 23, 22) == 0 ? Mask(0) : Mask(rd(word));
    return bit(word, 10) ? rn(word) : 0;
  }
  if (bits(word, 11, 10) == 0) return loaded(word);  // ldapur, stlur
  return {};
}

Mask load_or_store(std::uint32_t word) {
  switch (bits(word, 29, 28)) {
    case 0:
      if (bit(word, 26)) {  // structures of the vector unit
        if (bit(word, 31)) return {};
        return bit(word, 23) ? rn(word) : 0;
      }
      return bit(word, 24) ? Mask() : exclusive(word);
    case 1: return literal_or_tag(word);
    case 2: return pair(word);
    default: return single(word);
  }
}

Mask registers(std::uint32_t word) {
  if (bits(word, 28, 21) == 0xd2) return 0;                             // ccmp
  if (bits(word, 28, 21) == 0xd0 && bits(word, 15, 10) != 0) return 0;  // rmif, setf
  if (bits(word, 28, 24) == 0x1b && bits(word, 30, 29) != 0) return {};
  return rd(word);
}

// Only moves and conversions leave the vector unit.
Mask vectors(std::uint32_t word) {
  const std::uint32_t move = word & 0xbfe0fc00;
  if (move == 0x0e002c00 || move == 0x0e003c00) return rd(word);  // smov, umov
  if (bits(word, 28, 24) != 0x1e || bit(word, 30) || bit(word, 29)) return 0;
  const std::uint32_t opcode = bits(word, 18, 16);
  if (bit(word, 21)) {
    if (bits(word, 15, 10) != 0) return 0;
    return opcode == 2 || opcode == 3 || opcode == 7 ? 0 : rd(word);
  }
  return opcode < 2 ? rd(word) : 0;  // fcvtz of fixed point
}

}  // namespace

std::optional<std::uint32_t> written_registers(std::uint32_t word) {
  switch (bits(word, 28, 25)) {
    case 8:
    case 9: return immediate(word);
    case 10:
    case 11: return branch_or_system(word);
    case 4:
    case 6:
    case 12:
    case 14: return load_or_store(word);
    case 5:
    case 13: return registers(word);
    case 7:
    case 15: return vectors(word);
    default: return std::nullopt;
  }
}

Flow flow_of(std::uint32_t word) {
  const auto offset = [&](unsigned high, unsigned low) {
    const unsigned width = high - low + 1;
    const auto value = static_cast<std::int64_t>(bits(word, high, low));
    const std::int64_t sign = std::int64_t{1} << (width - 1);
    return ((value ^ sign) - sign) * 4;
  };
  if (bits(word, 31, 26) == 5) return {false, offset(25, 0)};
  if (bits(word, 31, 25) == 0x2a) return {true, offset(23, 5)};
  if (bits(word, 30, 25) == 0x1a) return {true, offset(23, 5)};
  if (bits(word, 30, 25) == 0x1b) return {true, offset(18, 5)};
  // br and ret in all their kinds; blr comes back.
  if (bits(word, 31, 25) == 0x6b) return {(bits(word, 24, 21) & 7) == 1, {}};
  if ((word & 0xffe0001f) == 0xd4200000) return {false, {}};  // brk
  return {};
}

}  // namespace tenon::arm64
