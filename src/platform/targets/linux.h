// Linux. Loader paths: the psABI supplements and musl's INSTALL; e_machine: the ELF gABI. First
// glibc of an architecture: its release notes (aarch64 came with 2.17).
#pragma once

#include "platform/target.h"

namespace tenon {

inline constexpr Platform linux_arm64{
    .name = "linux/arm64",
    .goos = "linux",
    .goarch = "arm64",
    .container = Container::elf,
    .macho_cpu = 0,
    .elf_machine = 183,
    .llvm_arch = "aarch64",
    .apple_arch = {},
    .debian = "aarch64-linux-gnu",
    .glibc_loader = "/lib/ld-linux-aarch64.so.1",
    .musl_loader = "/lib/ld-musl-aarch64.so.1",
    .qemu = "qemu-aarch64",
    .oldest_glibc = {2, 17, 0},
};

inline constexpr Platform linux_amd64{
    .name = "linux/amd64",
    .goos = "linux",
    .goarch = "amd64",
    .container = Container::elf,
    .macho_cpu = 0,
    .elf_machine = 62,
    .llvm_arch = "x86_64",
    .apple_arch = {},
    .debian = "x86_64-linux-gnu",
    .glibc_loader = "/lib64/ld-linux-x86-64.so.2",
    .musl_loader = "/lib/ld-musl-x86_64.so.1",
    .qemu = "qemu-x86_64",
    .oldest_glibc = {2, 2, 5},
};

}  // namespace tenon
