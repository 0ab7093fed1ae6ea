/* libunwind.h: walking the stack.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_LIBUNWIND_H
#define TENON_LIBUNWIND_H

#include <mach-o/compact_unwind_encoding.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  UNW_ESUCCESS = 0,
  UNW_EUNSPEC = -6540,
  UNW_ENOMEM = -6541,
  UNW_EBADREG = -6542,
  UNW_EREADONLYREG = -6543,
  UNW_ESTOPUNWIND = -6544,
  UNW_EINVALIDIP = -6545,
  UNW_EBADFRAME = -6546,
  UNW_EINVAL = -6547,
  UNW_EBADVERSION = -6548,
  UNW_ENOINFO = -6549
};

/* Opaque, and larger than any version of the library needs. */
#define _LIBUNWIND_CONTEXT_SIZE 128
#define _LIBUNWIND_CURSOR_SIZE  140

typedef struct unw_context_t {
  uint64_t data[_LIBUNWIND_CONTEXT_SIZE];
} unw_context_t;

typedef struct unw_cursor_t {
  uint64_t data[_LIBUNWIND_CURSOR_SIZE];
} unw_cursor_t;

typedef struct unw_addr_space *unw_addr_space_t;
typedef int unw_regnum_t;
typedef uintptr_t unw_word_t;
typedef double unw_fpreg_t;

typedef struct unw_proc_info_t {
  unw_word_t start_ip;
  unw_word_t end_ip;
  unw_word_t lsda;
  unw_word_t handler;
  unw_word_t gp;
  unw_word_t flags;
  uint32_t format;
  uint32_t unwind_info_size;
  unw_word_t unwind_info;
  unw_word_t extra;  /* the mach header of the image */
} unw_proc_info_t;

extern int unw_getcontext(unw_context_t *context);
extern int unw_init_local(unw_cursor_t *cursor, unw_context_t *context);
extern int unw_step(unw_cursor_t *cursor);
extern int unw_get_reg(unw_cursor_t *cursor, unw_regnum_t reg, unw_word_t *value);
extern int unw_get_fpreg(unw_cursor_t *cursor, unw_regnum_t reg, unw_fpreg_t *value);
extern int unw_set_reg(unw_cursor_t *cursor, unw_regnum_t reg, unw_word_t value);
extern int unw_set_fpreg(unw_cursor_t *cursor, unw_regnum_t reg, unw_fpreg_t value);
extern int unw_resume(unw_cursor_t *cursor);
extern const char *unw_regname(unw_cursor_t *cursor, unw_regnum_t reg);
extern int unw_get_proc_info(unw_cursor_t *cursor, unw_proc_info_t *info);
extern int unw_is_fpreg(unw_cursor_t *cursor, unw_regnum_t reg);
extern int unw_is_signal_frame(unw_cursor_t *cursor);
extern int unw_get_proc_name(unw_cursor_t *cursor, char *buffer, size_t size, unw_word_t *offset);
extern unw_addr_space_t unw_local_addr_space;

enum {
  UNW_REG_IP = -1,
  UNW_REG_SP = -2
};

enum {
  UNW_X86_64_RAX = 0,
  UNW_X86_64_RDX = 1,
  UNW_X86_64_RCX = 2,
  UNW_X86_64_RBX = 3,
  UNW_X86_64_RSI = 4,
  UNW_X86_64_RDI = 5,
  UNW_X86_64_RBP = 6,
  UNW_X86_64_RSP = 7,
  UNW_X86_64_R8 = 8,
  UNW_X86_64_R9 = 9,
  UNW_X86_64_R10 = 10,
  UNW_X86_64_R11 = 11,
  UNW_X86_64_R12 = 12,
  UNW_X86_64_R13 = 13,
  UNW_X86_64_R14 = 14,
  UNW_X86_64_R15 = 15,
  UNW_X86_64_RIP = 16
};

enum {
  UNW_ARM64_X0 = 0,
  UNW_ARM64_X1 = 1,
  UNW_ARM64_X2 = 2,
  UNW_ARM64_X3 = 3,
  UNW_ARM64_X4 = 4,
  UNW_ARM64_X5 = 5,
  UNW_ARM64_X6 = 6,
  UNW_ARM64_X7 = 7,
  UNW_ARM64_X8 = 8,
  UNW_ARM64_X9 = 9,
  UNW_ARM64_X10 = 10,
  UNW_ARM64_X11 = 11,
  UNW_ARM64_X12 = 12,
  UNW_ARM64_X13 = 13,
  UNW_ARM64_X14 = 14,
  UNW_ARM64_X15 = 15,
  UNW_ARM64_X16 = 16,
  UNW_ARM64_X17 = 17,
  UNW_ARM64_X18 = 18,
  UNW_ARM64_X19 = 19,
  UNW_ARM64_X20 = 20,
  UNW_ARM64_X21 = 21,
  UNW_ARM64_X22 = 22,
  UNW_ARM64_X23 = 23,
  UNW_ARM64_X24 = 24,
  UNW_ARM64_X25 = 25,
  UNW_ARM64_X26 = 26,
  UNW_ARM64_X27 = 27,
  UNW_ARM64_X28 = 28,
  UNW_ARM64_FP = 29,
  UNW_ARM64_X29 = 29,
  UNW_ARM64_LR = 30,
  UNW_ARM64_X30 = 30,
  UNW_ARM64_SP = 31,
  UNW_ARM64_X31 = 31,
  UNW_ARM64_PC = 32,
  UNW_ARM64_D0 = 64
};

#ifdef __cplusplus
}
#endif
#endif
