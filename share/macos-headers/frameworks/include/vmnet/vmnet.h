// Apple's vmnet framework. Source: the crate vmnet 0.10.0.
#pragma once
#pragma clang system_header

#include <Availability.h>
#include <dispatch/dispatch.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <xpc/xpc.h>

#include <tenon/declare.h>

TENON_ENUM_BEGIN(uint32_t, vmnet_return_t)
  VMNET_SUCCESS = 1000,
  VMNET_FAILURE = 1001,
  VMNET_MEM_FAILURE = 1002,
  VMNET_INVALID_ARGUMENT = 1003,
  VMNET_SETUP_INCOMPLETE = 1004,
  VMNET_INVALID_ACCESS = 1005,
  VMNET_PACKET_TOO_BIG = 1006,
  VMNET_BUFFER_EXHAUSTED = 1007,
  VMNET_TOO_MANY_PACKETS = 1008,
  VMNET_SHARING_SERVICE_BUSY = 1009,
  VMNET_NOT_AUTHORIZED = 1010,
TENON_ENUM_END(vmnet_return_t)

TENON_ENUM_BEGIN(uint32_t, vmnet_mode_t)
  VMNET_HOST_MODE = 1000,
  VMNET_SHARED_MODE = 1001,
  VMNET_BRIDGED_MODE = 1002,
TENON_ENUM_END(vmnet_mode_t)
typedef vmnet_mode_t operating_modes_t;

TENON_ENUM_BEGIN(uint32_t, interface_event_t)
  VMNET_INTERFACE_PACKETS_AVAILABLE = 1 << 0,
TENON_ENUM_END(interface_event_t)

typedef struct vmnet_interface *interface_ref;
typedef struct vmnet_network_configuration *vmnet_network_configuration_ref;
typedef struct vmnet_network *vmnet_network_ref;

struct vmpktdesc {
  size_t vm_pkt_size;
  struct iovec *vm_pkt_iov;
  uint32_t vm_pkt_iovcnt;
  uint32_t vm_flags;
};

TENON_DECLARATIONS_BEGIN
extern const char *vmnet_operation_mode_key;
extern const char *vmnet_interface_id_key;
extern const char *vmnet_mac_address_key;
extern const char *vmnet_allocate_mac_address_key;
extern const char *vmnet_max_packet_size_key;
extern const char *vmnet_read_max_packets_key;
extern const char *vmnet_write_max_packets_key;
extern const char *vmnet_enable_checksum_offload_key;
extern const char *vmnet_enable_isolation_key;
extern const char *vmnet_enable_tso_key;
extern const char *vmnet_network_identifier_key;
extern const char *vmnet_host_ip_address_key;
extern const char *vmnet_host_ipv6_address_key;
extern const char *vmnet_host_subnet_mask_key;
extern const char *vmnet_shared_interface_name_key;
extern const char *vmnet_start_address_key;
extern const char *vmnet_end_address_key;
extern const char *vmnet_subnet_mask_key;
extern const char *vmnet_mtu_key;
extern const char *vmnet_nat66_prefix_key;
extern const char *vmnet_estimated_packets_available_key;

#ifdef __BLOCKS__
typedef void (^vmnet_start_interface_completion_handler_t)(vmnet_return_t status, xpc_object_t interface_param);
typedef void (^vmnet_interface_event_callback_t)(interface_event_t event_mask, xpc_object_t event);
typedef void (^vmnet_interface_completion_handler_t)(vmnet_return_t status);
typedef void (^vmnet_interface_get_port_forwarding_rules_handler_t)(xpc_object_t rules);

interface_ref vmnet_start_interface(xpc_object_t interface_desc, dispatch_queue_t queue,
                                    vmnet_start_interface_completion_handler_t handler);
interface_ref vmnet_interface_start_with_network(vmnet_network_ref network, xpc_object_t interface_desc,
                                                 dispatch_queue_t queue,
                                                 vmnet_start_interface_completion_handler_t start_block);
vmnet_return_t vmnet_interface_set_event_callback(interface_ref interface, interface_event_t event_mask,
                                                  dispatch_queue_t queue, vmnet_interface_event_callback_t callback);
vmnet_return_t vmnet_stop_interface(interface_ref interface, dispatch_queue_t queue,
                                    vmnet_interface_completion_handler_t handler);
vmnet_return_t vmnet_interface_add_ip_port_forwarding_rule(interface_ref interface, uint8_t protocol, uint16_t external_port,
                                                           uint8_t address_family, const void *internal_address,
                                                           uint16_t internal_port,
                                                           vmnet_interface_completion_handler_t handler);
vmnet_return_t vmnet_interface_remove_ip_port_forwarding_rule(interface_ref interface, uint8_t protocol,
                                                              uint16_t external_port, uint8_t address_family,
                                                              vmnet_interface_completion_handler_t handler);
vmnet_return_t vmnet_interface_get_ip_port_forwarding_rules(interface_ref interface, uint8_t address_family,
                                                            vmnet_interface_get_port_forwarding_rules_handler_t handler);
#endif

vmnet_return_t vmnet_read(interface_ref interface, struct vmpktdesc *packets, int *pktcnt);
vmnet_return_t vmnet_write(interface_ref interface, struct vmpktdesc *packets, int *pktcnt);
vmnet_return_t vmnet_ip_port_forwarding_rule_get_details(xpc_object_t rule, uint8_t *protocol, uint16_t *external_port,
                                                         uint8_t address_family, void *internal_address,
                                                         uint16_t *internal_port);
xpc_object_t vmnet_copy_shared_interface_list(void);

vmnet_network_configuration_ref vmnet_network_configuration_create(vmnet_mode_t mode, vmnet_return_t *status);
vmnet_return_t vmnet_network_configuration_set_external_interface(vmnet_network_configuration_ref config,
                                                                  const char *interface_name);
void vmnet_network_configuration_disable_nat44(vmnet_network_configuration_ref config);
void vmnet_network_configuration_disable_nat66(vmnet_network_configuration_ref config);
void vmnet_network_configuration_disable_dhcp(vmnet_network_configuration_ref config);
void vmnet_network_configuration_disable_dns_proxy(vmnet_network_configuration_ref config);
void vmnet_network_configuration_disable_router_advertisement(vmnet_network_configuration_ref config);
vmnet_return_t vmnet_network_configuration_set_ipv4_subnet(vmnet_network_configuration_ref config,
                                                           const struct in_addr *subnet_addr,
                                                           const struct in_addr *subnet_mask);
vmnet_return_t vmnet_network_configuration_set_ipv6_prefix(vmnet_network_configuration_ref config,
                                                           const struct in6_addr *prefix, uint8_t len);
vmnet_return_t vmnet_network_configuration_set_mtu(vmnet_network_configuration_ref config, uint32_t mtu);
vmnet_return_t vmnet_network_configuration_add_dhcp_reservation(vmnet_network_configuration_ref config,
                                                                const ether_addr_t *client,
                                                                const struct in_addr *reservation);
vmnet_return_t vmnet_network_configuration_add_port_forwarding_rule(vmnet_network_configuration_ref config,
                                                                    uint8_t protocol, uint8_t address_family,
                                                                    uint16_t internal_port, uint16_t external_port,
                                                                    const void *internal_address);
vmnet_network_ref vmnet_network_create(vmnet_network_configuration_ref configuration, vmnet_return_t *status);
void vmnet_network_get_ipv4_subnet(vmnet_network_ref network, struct in_addr *subnet, struct in_addr *mask);
void vmnet_network_get_ipv6_prefix(vmnet_network_ref network, struct in6_addr *prefix, uint8_t *prefix_len);
TENON_DECLARATIONS_END
