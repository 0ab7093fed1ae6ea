#pragma once

#include <Hypervisor/hv.h>
