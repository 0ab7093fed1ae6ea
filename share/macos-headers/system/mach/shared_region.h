/* mach/shared_region.h: where the shared cache of libraries lies.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_SHARED_REGION_H
#define TENON_MACH_SHARED_REGION_H

#include <mach/vm_prot.h>
#include <mach/vm_types.h>
#include <mach/mach_types.h>
#include <stdint.h>

#define SHARED_REGION_BASE_X86_64 0x00007FF800000000ULL
#define SHARED_REGION_SIZE_X86_64 0x00000007FFE00000ULL
#define SHARED_REGION_BASE_ARM64  0x180000000ULL
#define SHARED_REGION_SIZE_ARM64  0x100000000ULL

#if defined(__arm64__)
#define SHARED_REGION_BASE SHARED_REGION_BASE_ARM64
#define SHARED_REGION_SIZE SHARED_REGION_SIZE_ARM64
#else
#define SHARED_REGION_BASE SHARED_REGION_BASE_X86_64
#define SHARED_REGION_SIZE SHARED_REGION_SIZE_X86_64
#endif
#endif
