// macOS on both CPUs. CPU types: <mach/machine.h>.
#pragma once

#include "platform/target.h"

namespace tenon {

inline constexpr Platform darwin_arm64{
    .name = "darwin/arm64",
    .goos = "darwin",
    .goarch = "arm64",
    .container = Container::macho,
    .macho_cpu = 0x0100000c,
    .elf_machine = 0,
    .llvm_arch = "aarch64",
    .apple_arch = "arm64",
    .debian = {},
    .glibc_loader = {},
    .musl_loader = {},
    .qemu = {},
    .oldest_glibc = {},
};

inline constexpr Platform darwin_amd64{
    .name = "darwin/amd64",
    .goos = "darwin",
    .goarch = "amd64",
    .container = Container::macho,
    .macho_cpu = 0x01000007,
    .elf_machine = 0,
    .llvm_arch = "x86_64",
    .apple_arch = "x86_64",
    .debian = {},
    .glibc_loader = {},
    .musl_loader = {},
    .qemu = {},
    .oldest_glibc = {},
};

}  // namespace tenon
