/* mach-o/utils.h: questions about Mach-O files (macOS 13).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_O_UTILS_H
#define TENON_MACH_O_UTILS_H

#include <mach-o/loader.h>
#include <mach-o/fat.h>
#include <mach/machine.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

extern const char *macho_arch_name_for_cpu_type(cpu_type_t type, cpu_subtype_t subtype);
extern bool macho_cpu_type_for_arch_name(const char *archName, cpu_type_t *type,
                                         cpu_subtype_t *subtype);
extern const char *macho_arch_name_for_mach_header(const struct mach_header *mh);

#ifdef __BLOCKS__
extern int macho_for_each_slice(const char *path,
                                void (^callback)(const struct mach_header *slice,
                                                 uint64_t offset, size_t size, bool *stop));
extern int macho_best_slice(const char *path,
                            void (^bestSlice)(const struct mach_header *slice, uint64_t offset,
                                              size_t size));
#endif

#ifdef __cplusplus
}
#endif
#endif
