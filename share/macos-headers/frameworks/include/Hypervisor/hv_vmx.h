#pragma once

#include <Hypervisor/hv.h>
#include <Hypervisor/hv_arch_vmx.h>
