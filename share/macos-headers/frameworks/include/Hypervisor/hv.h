// The processor decides: the two interfaces share few names.
#pragma once

#if defined(__aarch64__)
#include <Hypervisor/hv_arm64.h>
#else
#include <Hypervisor/hv_x86.h>
#endif
