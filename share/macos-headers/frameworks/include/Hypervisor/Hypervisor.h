#pragma once

#include <Hypervisor/hv.h>
#include <Hypervisor/hv_vmx.h>
