// Apple's Hypervisor framework on x86-64. Source: the crate xhypervisor 0.3.0.
#pragma once
#pragma clang system_header

#include <tenon/declare.h>

#include <mach/error.h>

typedef mach_error_t hv_return_t;
typedef unsigned hv_vcpuid_t;
typedef uint64_t hv_vm_options_t;
typedef uint64_t hv_vcpu_options_t;
typedef uint64_t hv_memory_flags_t;
typedef const void *hv_uvaddr_t;
typedef uint64_t hv_gpaddr_t;

enum {
  HV_SUCCESS = 0,
  HV_ERROR = (int)0xfae94001,
  HV_BUSY = (int)0xfae94002,
  HV_BAD_ARGUMENT = (int)0xfae94003,
  HV_NO_RESOURCES = (int)0xfae94005,
  HV_NO_DEVICE = (int)0xfae94006,
  HV_UNSUPPORTED = (int)0xfae9400f,
};
enum { HV_VM_DEFAULT = 0 << 0 };
enum { HV_VCPU_DEFAULT = 0 };
enum {
  HV_MEMORY_READ = 1ull << 0,
  HV_MEMORY_WRITE = 1ull << 1,
  HV_MEMORY_EXEC = 1ull << 2,
};

typedef enum {
  HV_X86_RIP,
  HV_X86_RFLAGS,
  HV_X86_RAX,
  HV_X86_RCX,
  HV_X86_RDX,
  HV_X86_RBX,
  HV_X86_RSI,
  HV_X86_RDI,
  HV_X86_RSP,
  HV_X86_RBP,
  HV_X86_R8,
  HV_X86_R9,
  HV_X86_R10,
  HV_X86_R11,
  HV_X86_R12,
  HV_X86_R13,
  HV_X86_R14,
  HV_X86_R15,
  HV_X86_CS,
  HV_X86_SS,
  HV_X86_DS,
  HV_X86_ES,
  HV_X86_FS,
  HV_X86_GS,
  HV_X86_IDT_BASE,
  HV_X86_IDT_LIMIT,
  HV_X86_GDT_BASE,
  HV_X86_GDT_LIMIT,
  HV_X86_LDTR,
  HV_X86_LDT_BASE,
  HV_X86_LDT_LIMIT,
  HV_X86_LDT_AR,
  HV_X86_TR,
  HV_X86_TSS_BASE,
  HV_X86_TSS_LIMIT,
  HV_X86_TSS_AR,
  HV_X86_CR0,
  HV_X86_CR1,
  HV_X86_CR2,
  HV_X86_CR3,
  HV_X86_CR4,
  HV_X86_DR0,
  HV_X86_DR1,
  HV_X86_DR2,
  HV_X86_DR3,
  HV_X86_DR4,
  HV_X86_DR5,
  HV_X86_DR6,
  HV_X86_DR7,
  HV_X86_TPR,
  HV_X86_XCR0,
  HV_X86_REGISTERS_MAX,
} hv_x86_reg_t;

typedef enum {
  HV_VMX_CAP_PINBASED = 0,
  HV_VMX_CAP_PROCBASED = 1,
  HV_VMX_CAP_PROCBASED2 = 2,
  HV_VMX_CAP_ENTRY = 3,
  HV_VMX_CAP_EXIT = 4,
  HV_VMX_CAP_PREEMPTION_TIMER = 32,
} hv_vmx_capability_t;

TENON_DECLARATIONS_BEGIN
hv_return_t hv_vm_create(hv_vm_options_t flags);
hv_return_t hv_vm_destroy(void);
hv_return_t hv_vcpu_create(hv_vcpuid_t *vcpu, hv_vm_options_t flags);
hv_return_t hv_vcpu_run(hv_vcpuid_t vcpu);
hv_return_t hv_vcpu_interrupt(const hv_vcpuid_t *vcpu, unsigned vcpu_count);
hv_return_t hv_vcpu_get_exec_time(hv_vcpuid_t vcpu, uint64_t *time);
hv_return_t hv_vcpu_flush(hv_vcpuid_t vcpu);
hv_return_t hv_vcpu_invalidate_tlb(hv_vcpuid_t vcpu);
hv_return_t hv_vcpu_destroy(hv_vcpuid_t vcpu);
hv_return_t hv_vcpu_read_register(hv_vcpuid_t vcpu, hv_x86_reg_t reg, uint64_t *value);
hv_return_t hv_vcpu_write_register(hv_vcpuid_t vcpu, hv_x86_reg_t reg, uint64_t value);
hv_return_t hv_vcpu_read_fpstate(hv_vcpuid_t vcpu, void *buffer, size_t size);
hv_return_t hv_vcpu_write_fpstate(hv_vcpuid_t vcpu, const void *buffer, size_t size);
hv_return_t hv_vcpu_enable_native_msr(hv_vcpuid_t vcpu, uint32_t msr, bool enable);
hv_return_t hv_vcpu_read_msr(hv_vcpuid_t vcpu, uint32_t msr, uint64_t *value);
hv_return_t hv_vcpu_write_msr(hv_vcpuid_t vcpu, uint32_t msr, uint64_t value);
hv_return_t hv_vm_sync_tsc(uint64_t tsc);
hv_return_t hv_vm_map(hv_uvaddr_t uva, hv_gpaddr_t gpa, size_t size, hv_memory_flags_t flags);
hv_return_t hv_vm_unmap(hv_gpaddr_t gpa, size_t size);
hv_return_t hv_vm_protect(hv_gpaddr_t gpa, size_t size, hv_memory_flags_t flags);
hv_return_t hv_vmx_vcpu_read_vmcs(hv_vcpuid_t vcpu, uint32_t field, uint64_t *value);
hv_return_t hv_vmx_vcpu_write_vmcs(hv_vcpuid_t vcpu, uint32_t field, uint64_t value);
hv_return_t hv_vmx_read_capability(hv_vmx_capability_t field, uint64_t *value);
hv_return_t hv_vmx_vcpu_set_apic_address(hv_vcpuid_t vcpu, hv_gpaddr_t gpa);
TENON_DECLARATIONS_END
