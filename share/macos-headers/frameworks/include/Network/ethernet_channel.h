// Frames of an Ethernet type of one's own. By the public documentation; held by the tests against PyObjC.
#pragma once
#pragma clang system_header

#include <Network/types.h>
#include <dispatch/dispatch.h>

#include <tenon/declare.h>

TENON_DECLARATIONS_BEGIN
typedef unsigned char nw_ethernet_address_t[6];
nw_ethernet_channel_t nw_ethernet_channel_create(uint16_t ether_type, nw_interface_t interface);
nw_ethernet_channel_t nw_ethernet_channel_create_with_parameters(uint16_t ether_type, nw_interface_t interface,
                                                                 nw_parameters_t parameters);
uint32_t nw_ethernet_channel_get_maximum_payload_size(nw_ethernet_channel_t ethernet_channel);
void nw_ethernet_channel_set_queue(nw_ethernet_channel_t ethernet_channel, dispatch_queue_t queue);
void nw_ethernet_channel_start(nw_ethernet_channel_t ethernet_channel);
void nw_ethernet_channel_cancel(nw_ethernet_channel_t ethernet_channel);

#ifdef __BLOCKS__
typedef void (^nw_ethernet_channel_state_changed_handler_t)(nw_ethernet_channel_state_t state, nw_error_t error);
typedef void (^nw_ethernet_channel_receive_handler_t)(dispatch_data_t content, uint16_t vlan_tag,
                                                      nw_ethernet_address_t local_address,
                                                      nw_ethernet_address_t remote_address);
typedef void (^nw_ethernet_channel_send_completion_t)(nw_error_t error);
void nw_ethernet_channel_set_state_changed_handler(nw_ethernet_channel_t ethernet_channel,
                                                   nw_ethernet_channel_state_changed_handler_t handler);
void nw_ethernet_channel_set_receive_handler(nw_ethernet_channel_t ethernet_channel,
                                             nw_ethernet_channel_receive_handler_t handler);
void nw_ethernet_channel_send(nw_ethernet_channel_t ethernet_channel, dispatch_data_t content, uint16_t vlan_tag,
                              nw_ethernet_address_t remote_address, nw_ethernet_channel_send_completion_t completion);
#endif
TENON_DECLARATIONS_END
