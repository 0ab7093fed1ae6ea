/* mach-o/getsect.h: sections of images.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_O_GETSECT_H
#define TENON_MACH_O_GETSECT_H

#include <mach-o/loader.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the main program; the data is where the file says, without the slide. */
extern char *getsectdata(const char *segname, const char *sectname, unsigned long *size);
extern char *getsectdatafromFramework(const char *FrameworkName, const char *segname,
                                      const char *sectname, unsigned long *size);
extern unsigned long get_end(void);
extern unsigned long get_etext(void);
extern unsigned long get_edata(void);

#ifdef __LP64__
extern const struct section_64 *getsectbyname(const char *segname, const char *sectname);
extern const struct segment_command_64 *getsegbyname(const char *segname);
extern uint8_t *getsectiondata(const struct mach_header_64 *mhp, const char *segname,
                               const char *sectname, unsigned long *size);
extern uint8_t *getsegmentdata(const struct mach_header_64 *mhp, const char *segname,
                               unsigned long *size);
#else
extern const struct section *getsectbyname(const char *segname, const char *sectname);
extern const struct segment_command *getsegbyname(const char *segname);
extern uint8_t *getsectiondata(const struct mach_header *mhp, const char *segname,
                               const char *sectname, unsigned long *size);
extern uint8_t *getsegmentdata(const struct mach_header *mhp, const char *segname,
                               unsigned long *size);
#endif

/* Of a header in memory. */
extern char *getsectdatafromheader(const struct mach_header *mhp, const char *segname,
                                   const char *sectname, uint32_t *size);
extern char *getsectdatafromheader_64(const struct mach_header_64 *mhp, const char *segname,
                                      const char *sectname, uint64_t *size);
extern const struct section *getsectbynamefromheader(const struct mach_header *mhp,
                                                     const char *segname, const char *sectname);
extern const struct section_64 *getsectbynamefromheader_64(const struct mach_header_64 *mhp,
                                                           const char *segname,
                                                           const char *sectname);

#ifdef __cplusplus
}
#endif
#endif
