/* mach-o/swap.h: turning Mach-O structures round.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_O_SWAP_H
#define TENON_MACH_O_SWAP_H

#include <architecture/byte_order.h>
#include <mach-o/fat.h>
#include <mach-o/loader.h>

#ifdef __cplusplus
extern "C" {
#endif

extern void swap_fat_header(struct fat_header *fat_header, enum NXByteOrder target_byte_order);
extern void swap_fat_arch(struct fat_arch *fat_archs, uint32_t nfat_arch,
                          enum NXByteOrder target_byte_order);
extern void swap_mach_header(struct mach_header *mh, enum NXByteOrder target_byte_order);
extern void swap_mach_header_64(struct mach_header_64 *mh, enum NXByteOrder target_byte_order);
extern void swap_load_command(struct load_command *lc, enum NXByteOrder target_byte_order);
extern void swap_segment_command_64(struct segment_command_64 *sg,
                                    enum NXByteOrder target_byte_order);
extern void swap_section_64(struct section_64 *s, uint32_t nsects,
                            enum NXByteOrder target_byte_order);

#ifdef __cplusplus
}
#endif
#endif
