/* ffi/ffi.h: calling functions whose type is known at run time only: -lffi.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_FFI_FFI_H
#define TENON_FFI_FFI_H

#include <stddef.h>
#include <stdint.h>
#include <limits.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long ffi_arg;
typedef signed long ffi_sarg;

#if defined(__aarch64__)
typedef enum ffi_abi { FFI_FIRST_ABI = 0, FFI_SYSV, FFI_WIN64, FFI_LAST_ABI,
                       FFI_DEFAULT_ABI = FFI_SYSV } ffi_abi;
#else
typedef enum ffi_abi { FFI_FIRST_ABI = 1, FFI_UNIX64, FFI_WIN64, FFI_EFI64 = FFI_WIN64,
                       FFI_GNUW64, FFI_LAST_ABI, FFI_DEFAULT_ABI = FFI_UNIX64 } ffi_abi;
#endif

typedef enum { FFI_OK = 0, FFI_BAD_TYPEDEF, FFI_BAD_ABI } ffi_status;

#define FFI_TYPE_VOID       0
#define FFI_TYPE_INT        1
#define FFI_TYPE_FLOAT      2
#define FFI_TYPE_DOUBLE     3
#if defined(__aarch64__)
#define FFI_TYPE_LONGDOUBLE FFI_TYPE_DOUBLE
#else
#define FFI_TYPE_LONGDOUBLE 4
#endif
#define FFI_TYPE_UINT8      5
#define FFI_TYPE_SINT8      6
#define FFI_TYPE_UINT16     7
#define FFI_TYPE_SINT16     8
#define FFI_TYPE_UINT32     9
#define FFI_TYPE_SINT32    10
#define FFI_TYPE_UINT64    11
#define FFI_TYPE_SINT64    12
#define FFI_TYPE_STRUCT    13
#define FFI_TYPE_POINTER   14
#define FFI_TYPE_COMPLEX   15

typedef struct _ffi_type {
  size_t size;
  unsigned short alignment;
  unsigned short type;
  struct _ffi_type **elements;
} ffi_type;

/* Filled by ffi_prep_cif; its size is what counts. */
typedef struct {
  ffi_abi abi;
  unsigned nargs;
  ffi_type **arg_types;
  ffi_type *rtype;
  unsigned bytes;
  unsigned flags;
#if defined(__aarch64__)
  unsigned aarch64_nfixedargs;
#endif
} ffi_cif;

/* Memory for one comes from ffi_closure_alloc. */
typedef struct {
#if defined(__aarch64__)
  void *trampoline_table;
  void *trampoline_table_entry;
#else
  union {
    char tramp[32];
    void *ftramp;
  };
#endif
  ffi_cif *cif;
  void (*fun)(ffi_cif *, void *, void **, void *);
  void *user_data;
} ffi_closure;

#define FFI_CLOSURES 1

extern ffi_type ffi_type_void;
extern ffi_type ffi_type_uint8;
extern ffi_type ffi_type_sint8;
extern ffi_type ffi_type_uint16;
extern ffi_type ffi_type_sint16;
extern ffi_type ffi_type_uint32;
extern ffi_type ffi_type_sint32;
extern ffi_type ffi_type_uint64;
extern ffi_type ffi_type_sint64;
extern ffi_type ffi_type_float;
extern ffi_type ffi_type_double;
extern ffi_type ffi_type_pointer;
#if defined(__aarch64__)
#define ffi_type_longdouble ffi_type_double
#else
extern ffi_type ffi_type_longdouble;
#endif

#define ffi_type_uchar  ffi_type_uint8
#define ffi_type_schar  ffi_type_sint8
#define ffi_type_ushort ffi_type_uint16
#define ffi_type_sshort ffi_type_sint16
#define ffi_type_uint   ffi_type_uint32
#define ffi_type_sint   ffi_type_sint32
#define ffi_type_ulong  ffi_type_uint64
#define ffi_type_slong  ffi_type_sint64

#define FFI_FN(f) ((void (*)(void))f)

extern ffi_status ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned int nargs, ffi_type *rtype,
                               ffi_type **atypes);
extern ffi_status ffi_prep_cif_var(ffi_cif *cif, ffi_abi abi, unsigned int nfixedargs,
                                   unsigned int ntotalargs, ffi_type *rtype, ffi_type **atypes);
extern void ffi_call(ffi_cif *cif, void (*fn)(void), void *rvalue, void **avalue);
extern ffi_status ffi_get_struct_offsets(ffi_abi abi, ffi_type *struct_type, size_t *offsets);
extern void *ffi_closure_alloc(size_t size, void **code);
extern void ffi_closure_free(void *closure);
extern ffi_status ffi_prep_closure_loc(ffi_closure *closure, ffi_cif *cif,
                                       void (*fun)(ffi_cif *, void *, void **, void *),
                                       void *user_data, void *codeloc);

#ifdef __cplusplus
}
#endif
#endif
