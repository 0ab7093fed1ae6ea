/* mach/exc.h: sending exceptions to their handlers (made from exc.defs on a Mac).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_EXC_H
#define TENON_MACH_EXC_H

#include <mach/exception_types.h>
#include <mach/kern_return.h>
#include <mach/mach_types.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach/ndr.h>
#include <mach/port.h>
#include <mach/thread_status.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef exc_MSG_COUNT
#define exc_MSG_COUNT 3
#endif

extern kern_return_t exception_raise(mach_port_t exception_port, mach_port_t thread,
                                     mach_port_t task, exception_type_t exception,
                                     exception_data_t code, mach_msg_type_number_t codeCnt);
extern kern_return_t exception_raise_state(
    mach_port_t exception_port, exception_type_t exception, const exception_data_t code,
    mach_msg_type_number_t codeCnt, int *flavor, const thread_state_t old_state,
    mach_msg_type_number_t old_stateCnt, thread_state_t new_state,
    mach_msg_type_number_t *new_stateCnt);
extern kern_return_t exception_raise_state_identity(
    mach_port_t exception_port, mach_port_t thread, mach_port_t task, exception_type_t exception,
    exception_data_t code, mach_msg_type_number_t codeCnt, int *flavor, thread_state_t old_state,
    mach_msg_type_number_t old_stateCnt, thread_state_t new_state,
    mach_msg_type_number_t *new_stateCnt);

/* Messages: packed to 4 bytes, as MIG does. */
#pragma pack(push, 4)
typedef struct {
  mach_msg_header_t Head;
  mach_msg_body_t msgh_body;
  mach_msg_port_descriptor_t thread;
  mach_msg_port_descriptor_t task;
  NDR_record_t NDR;
  exception_type_t exception;
  mach_msg_type_number_t codeCnt;
  integer_t code[2];
} __Request__exception_raise_t __attribute__((unused));

typedef struct {
  mach_msg_header_t Head;
  NDR_record_t NDR;
  exception_type_t exception;
  mach_msg_type_number_t codeCnt;
  integer_t code[2];
  int flavor;
  mach_msg_type_number_t old_stateCnt;
  natural_t old_state[1296];
} __Request__exception_raise_state_t __attribute__((unused));

typedef struct {
  mach_msg_header_t Head;
  mach_msg_body_t msgh_body;
  mach_msg_port_descriptor_t thread;
  mach_msg_port_descriptor_t task;
  NDR_record_t NDR;
  exception_type_t exception;
  mach_msg_type_number_t codeCnt;
  integer_t code[2];
  int flavor;
  mach_msg_type_number_t old_stateCnt;
  natural_t old_state[1296];
} __Request__exception_raise_state_identity_t __attribute__((unused));

typedef struct {
  mach_msg_header_t Head;
  NDR_record_t NDR;
  kern_return_t RetCode;
} __Reply__exception_raise_t __attribute__((unused));

typedef struct {
  mach_msg_header_t Head;
  NDR_record_t NDR;
  kern_return_t RetCode;
  int flavor;
  mach_msg_type_number_t new_stateCnt;
  natural_t new_state[1296];
} __Reply__exception_raise_state_t __attribute__((unused));

typedef __Reply__exception_raise_state_t __Reply__exception_raise_state_identity_t
    __attribute__((unused));
#pragma pack(pop)

#ifdef __cplusplus
}
#endif
#endif
