/* sys/vmmeter.h: counters of the virtual memory system.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_VMMETER_H
#define TENON_SYS_VMMETER_H

#include <sys/types.h>

struct vmmeter {
  unsigned int v_swtch, v_trap, v_syscall, v_intr, v_soft, v_faults;
  unsigned int v_lookups, v_hits, v_vm_faults, v_cow_faults;
  unsigned int v_swapin, v_swapout, v_pswapin, v_pswapout;
  unsigned int v_pageins, v_pageouts, v_pgpgin, v_pgpgout;
  unsigned int v_intrans, v_reactivated, v_rev, v_scan, v_dfree, v_pfree, v_zfod, v_nzfod;
  unsigned int v_page_size, v_kernel_pages, v_free_target, v_free_min, v_free_count;
  unsigned int v_wire_count, v_active_count, v_inactive_target, v_inactive_count;
};

struct vmtotal {
  int16_t t_rq, t_dw, t_pw, t_sl, t_sw;
  int32_t t_vm, t_avm;
  int32_t t_rm, t_arm;
  int32_t t_vmshr, t_avmshr;
  int32_t t_rmshr, t_armshr;
  int32_t t_free;
};
#endif
