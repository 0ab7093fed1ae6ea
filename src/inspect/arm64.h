// Which general registers an instruction of A64 writes, and where it goes next. Rules: Arm ARM
// (DDI 0487), C4.1 "A64 instruction set encoding", without SVE and SME.
#pragma once

#include <cstdint>
#include <optional>

namespace tenon::arm64 {

// Bit N: x<N> or w<N> is written, write-back and status registers included; x31 (sp, zr) never.
// nullopt for what is no known instruction, and for SVE and SME.
[[nodiscard]] std::optional<std::uint32_t> written_registers(std::uint32_t word);

struct Flow {
  bool falls_through = true;           // to the next word
  std::optional<std::int64_t> target;  // of a direct branch, bytes from this word; calls have none
};

[[nodiscard]] Flow flow_of(std::uint32_t word);

}  // namespace tenon::arm64
