/* mach/mach_voucher.h: vouchers.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_MACH_VOUCHER_H
#define TENON_MACH_MACH_VOUCHER_H

#include <mach/mach_types.h>
#include <mach/mach_voucher_types.h>
#include <mach/kern_return.h>
#include <mach/message.h>
#include <mach/mig_errors.h>
#include <mach/ndr.h>
#include <mach/port.h>

#ifdef __cplusplus
extern "C" {
#endif

extern kern_return_t mach_voucher_deallocate(mach_port_name_t voucher);

#ifdef __cplusplus
}
#endif
#endif
