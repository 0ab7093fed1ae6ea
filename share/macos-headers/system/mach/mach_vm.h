/* mach/mach_vm.h: virtual memory of a task, with 64-bit addresses whatever the process is.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_MACH_VM_H
#define TENON_MACH_MACH_VM_H

#include <mach/boolean.h>
#include <mach/kern_return.h>
#include <mach/mach_types.h>
#include <mach/memory_object_types.h>
#include <mach/port.h>
#include <mach/vm_behavior.h>
#include <mach/vm_inherit.h>
#include <mach/vm_prot.h>
#include <mach/vm_purgable.h>
#include <mach/vm_region.h>
#include <mach/vm_sync.h>
#include <mach/vm_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Getting and giving back. */
extern kern_return_t mach_vm_allocate(vm_map_t target, mach_vm_address_t *address,
                                      mach_vm_size_t size, int flags);
extern kern_return_t mach_vm_deallocate(vm_map_t target, mach_vm_address_t address,
                                        mach_vm_size_t size);
extern kern_return_t mach_vm_map(vm_map_t target, mach_vm_address_t *address, mach_vm_size_t size,
                                 mach_vm_offset_t mask, int flags, mem_entry_name_port_t object,
                                 memory_object_offset_t offset, boolean_t copy,
                                 vm_prot_t cur_protection, vm_prot_t max_protection,
                                 vm_inherit_t inheritance);
extern kern_return_t mach_vm_remap(vm_map_t target, mach_vm_address_t *target_address,
                                   mach_vm_size_t size, mach_vm_offset_t mask, int flags,
                                   vm_map_t src_task, mach_vm_address_t src_address, boolean_t copy,
                                   vm_prot_t *cur_protection, vm_prot_t *max_protection,
                                   vm_inherit_t inheritance);
extern kern_return_t mach_vm_remap_new(vm_map_t target, mach_vm_address_t *target_address,
                                       mach_vm_size_t size, mach_vm_offset_t mask, int flags,
                                       vm_map_read_t src_task, mach_vm_address_t src_address,
                                       boolean_t copy, vm_prot_t *cur_protection,
                                       vm_prot_t *max_protection, vm_inherit_t inheritance);

/* Reading and writing. */
extern kern_return_t mach_vm_read(vm_map_read_t target, mach_vm_address_t address,
                                  mach_vm_size_t size, vm_offset_t *data,
                                  mach_msg_type_number_t *data_count);
extern kern_return_t mach_vm_read_list(vm_map_t target, mach_vm_read_entry_t data_list,
                                       natural_t count);
extern kern_return_t mach_vm_read_overwrite(vm_map_read_t target, mach_vm_address_t address,
                                            mach_vm_size_t size, mach_vm_address_t data,
                                            mach_vm_size_t *out_size);
extern kern_return_t mach_vm_write(vm_map_t target, mach_vm_address_t address, vm_offset_t data,
                                   mach_msg_type_number_t data_count);
extern kern_return_t mach_vm_copy(vm_map_t target, mach_vm_address_t source, mach_vm_size_t size,
                                  mach_vm_address_t destination);

/* What pages are and may. */
extern kern_return_t mach_vm_protect(vm_map_t target, mach_vm_address_t address,
                                     mach_vm_size_t size, boolean_t set_maximum,
                                     vm_prot_t new_protection);
extern kern_return_t mach_vm_inherit(vm_map_t target, mach_vm_address_t address,
                                     mach_vm_size_t size, vm_inherit_t new_inheritance);
extern kern_return_t mach_vm_behavior_set(vm_map_t target, mach_vm_address_t address,
                                          mach_vm_size_t size, vm_behavior_t new_behavior);
extern kern_return_t mach_vm_msync(vm_map_t target, mach_vm_address_t address, mach_vm_size_t size,
                                   vm_sync_t sync_flags);
extern kern_return_t mach_vm_machine_attribute(vm_map_t target, mach_vm_address_t address,
                                               mach_vm_size_t size, vm_machine_attribute_t attribute,
                                               vm_machine_attribute_val_t *value);
extern kern_return_t mach_vm_purgable_control(vm_map_t target, mach_vm_address_t address,
                                              vm_purgable_t control, int *state);

/* What is there. */
extern kern_return_t mach_vm_region(vm_map_read_t target, mach_vm_address_t *address,
                                    mach_vm_size_t *size, vm_region_flavor_t flavor,
                                    vm_region_info_t info, mach_msg_type_number_t *info_count,
                                    mach_port_t *object_name);
extern kern_return_t mach_vm_region_recurse(vm_map_read_t target, mach_vm_address_t *address,
                                            mach_vm_size_t *size, natural_t *nesting_depth,
                                            vm_region_recurse_info_t info,
                                            mach_msg_type_number_t *info_count);
extern kern_return_t mach_vm_page_query(vm_map_read_t target, mach_vm_offset_t offset,
                                        integer_t *disposition, integer_t *ref_count);
extern kern_return_t mach_vm_page_info(vm_map_read_t target, mach_vm_address_t address,
                                       vm_page_info_flavor_t flavor, vm_page_info_t info,
                                       mach_msg_type_number_t *info_count);
extern kern_return_t mach_vm_page_range_query(vm_map_read_t target, mach_vm_offset_t address,
                                              mach_vm_size_t size, mach_vm_address_t dispositions,
                                              mach_vm_size_t *dispositions_count);

#ifdef __cplusplus
}
#endif
#endif
