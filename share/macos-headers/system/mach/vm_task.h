/* mach/vm_task.h: virtual memory of a task, with the addresses of the process.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_VM_TASK_H
#define TENON_MACH_VM_TASK_H

#include <mach/vm_map.h>


#endif
