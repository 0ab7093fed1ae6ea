// What differs between processors for a loader: which relocations bind a symbol and how, and which
// flags mark the libraries of ld.so.cache. Rules: glibc sysdeps/*/dl-machine.h, ldconfig.h and
// dl-cache.h; musl arch/*/reloc.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "format/elf/elf.h"

namespace tenon::loader {

// The kind of a file that a loader accepts.
struct ElfKind {
  std::uint16_t machine = 0;
  std::uint8_t ei_class = 0, ei_data = 0;
  bool operator==(const ElfKind&) const = default;
};

[[nodiscard]] ElfKind kind_of(const elf::Header& header);
// "aarch64", "x86_64"; "another processor" for what Go has no port for.
[[nodiscard]] std::string_view arch_name(const ElfKind& kind);

struct MachineRules {
  std::uint16_t machine = 0;
  std::uint8_t bits = 64;
  std::string_view musl_arch;  // of /etc/ld-musl-ARCH.path
  std::uint32_t cache_flags = 0;
  std::uint32_t none = 0, copy = 0, jump_slot = 0, relative = 0, irelative = 0;
  std::uint32_t absolute = 0, got = 0;  // musl's REL_SYMBOLIC and REL_GOT
  std::uint32_t dtpmod = 0, dtpoff = 0, tpoff = 0, tlsdesc = 0;
  std::uint32_t offset = 0;  // musl's REL_OFFSET

  [[nodiscard]] bool is_tls(std::uint32_t type) const {
    return type != 0 && (type == dtpmod || type == dtpoff || type == tpoff || type == tlsdesc);
  }
};

// nullptr for a processor whose relocations are not known here.
[[nodiscard]] const MachineRules* rules_of(const ElfKind& kind);

}  // namespace tenon::loader
