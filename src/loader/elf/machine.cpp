#include "loader/elf/machine.h"

#include <array>
#include <string_view>

#include "format/elf/elf.h"
#include "format/elf/layout.h"
#include "platform/platforms.h"

namespace tenon::loader {
namespace {

constexpr std::array machines = {
    MachineRules{.machine = elf::EM_X86_64,
                 .bits = 64,
                 .musl_arch = "x86_64",
                 .cache_flags = 0x0303,
                 .none = 0,
                 .copy = 5,
                 .jump_slot = 7,
                 .relative = 8,
                 .irelative = 37,
                 .absolute = 1,
                 .got = 6,
                 .dtpmod = 16,
                 .dtpoff = 17,
                 .tpoff = 18,
                 .tlsdesc = 36,
                 .offset = 2},
    MachineRules{.machine = elf::EM_AARCH64,
                 .bits = 64,
                 .musl_arch = "aarch64",
                 .cache_flags = 0x0a03,
                 .none = 0,
                 .copy = 1024,
                 .jump_slot = 1026,
                 .relative = 1027,
                 .irelative = 1032,
                 .absolute = 257,
                 .got = 1025,
                 .dtpmod = 1028,
                 .dtpoff = 1029,
                 .tpoff = 1030,
                 .tlsdesc = 1031},
    MachineRules{.machine = elf::EM_386,
                 .bits = 32,
                 .musl_arch = "i386",
                 .cache_flags = 0x0003,
                 .none = 0,
                 .copy = 5,
                 .jump_slot = 7,
                 .relative = 8,
                 .irelative = 42,
                 .absolute = 1,
                 .got = 6,
                 .dtpmod = 35,
                 .dtpoff = 36,
                 .tpoff = 14,
                 .tlsdesc = 41,
                 .offset = 2},
    MachineRules{.machine = elf::EM_ARM,
                 .bits = 32,
                 .musl_arch = "armhf",
                 .cache_flags = 0x0903,
                 .none = 0,
                 .copy = 20,
                 .jump_slot = 22,
                 .relative = 23,
                 .irelative = 160,
                 .absolute = 2,
                 .got = 21,
                 .dtpmod = 17,
                 .dtpoff = 18,
                 .tpoff = 19,
                 .tlsdesc = 13},
    MachineRules{.machine = elf::EM_RISCV,
                 .bits = 64,
                 .musl_arch = "riscv64",
                 .cache_flags = 0x1003,
                 .none = 0,
                 .copy = 4,
                 .jump_slot = 5,
                 .relative = 3,
                 .irelative = 58,
                 .absolute = 2,
                 .dtpmod = 7,
                 .dtpoff = 9,
                 .tpoff = 11},
    MachineRules{.machine = elf::EM_PPC64,
                 .bits = 64,
                 .musl_arch = "powerpc64le",
                 .cache_flags = 0x0503,
                 .none = 0,
                 .copy = 19,
                 .jump_slot = 21,
                 .relative = 22,
                 .irelative = 248,
                 .absolute = 38,
                 .got = 20,
                 .dtpmod = 68,
                 .dtpoff = 78,
                 .tpoff = 73},
    MachineRules{.machine = elf::EM_LOONGARCH,
                 .bits = 64,
                 .musl_arch = "loongarch64",
                 .cache_flags = 0x1203,
                 .none = 0,
                 .copy = 4,
                 .jump_slot = 5,
                 .relative = 3,
                 .irelative = 12,
                 .absolute = 2,
                 .dtpmod = 7,
                 .dtpoff = 9,
                 .tpoff = 11},
};

}  // namespace

ElfKind kind_of(const elf::Header& header) {
  return {header.e_machine, header.ei_class, header.ei_data};
}

std::string_view arch_name(const ElfKind& kind) {
  const int bits = kind.ei_class == elf::ELFCLASS64 ? 64 : 32;
  const bool big = kind.ei_data == elf::ELFDATA2MSB;
  const Processor* processor = processor_of_elf(kind.machine, bits, big);
  return processor != nullptr ? processor->arch : "another processor";
}

const MachineRules* rules_of(const ElfKind& kind) {
  if (kind.ei_data != elf::ELFDATA2LSB) return nullptr;
  const int bits = kind.ei_class == elf::ELFCLASS64 ? 64 : 32;
  for (const MachineRules& one : machines) {
    if (one.machine == kind.machine && one.bits == bits) return &one;
  }
  return nullptr;
}

}  // namespace tenon::loader
