// How a connection came about, and what it transferred. By the public documentation; held by the tests against PyObjC and
// read beside the bindings of .NET.
#pragma once
#pragma clang system_header

#include <Network/types.h>
#include <dispatch/dispatch.h>

#include <tenon/declare.h>

TENON_DECLARATIONS_BEGIN
uint64_t nw_establishment_report_get_duration_milliseconds(nw_establishment_report_t report);
uint64_t nw_establishment_report_get_attempt_started_after_milliseconds(nw_establishment_report_t report);
uint32_t nw_establishment_report_get_previous_attempt_count(nw_establishment_report_t report);
bool nw_establishment_report_get_used_proxy(nw_establishment_report_t report);
bool nw_establishment_report_get_proxy_configured(nw_establishment_report_t report);
nw_endpoint_t nw_establishment_report_copy_proxy_endpoint(nw_establishment_report_t report);

nw_report_resolution_source_t nw_resolution_report_get_source(nw_resolution_report_t resolution_report);
uint64_t nw_resolution_report_get_milliseconds(nw_resolution_report_t resolution_report);
uint32_t nw_resolution_report_get_endpoint_count(nw_resolution_report_t resolution_report);
nw_endpoint_t nw_resolution_report_copy_successful_endpoint(nw_resolution_report_t resolution_report);
nw_endpoint_t nw_resolution_report_copy_preferred_endpoint(nw_resolution_report_t resolution_report);
nw_report_resolution_protocol_t nw_resolution_report_get_protocol(nw_resolution_report_t resolution_report);

// A path is named by its index, all of them by NW_ALL_PATHS.
extern const uint32_t _nw_data_transfer_report_all_paths;
#define NW_ALL_PATHS (_nw_data_transfer_report_all_paths)
nw_data_transfer_report_t nw_connection_create_new_data_transfer_report(nw_connection_t connection);
nw_data_transfer_report_state_t nw_data_transfer_report_get_state(nw_data_transfer_report_t report);
uint64_t nw_data_transfer_report_get_duration_milliseconds(nw_data_transfer_report_t report);
uint32_t nw_data_transfer_report_get_path_count(nw_data_transfer_report_t report);
uint64_t nw_data_transfer_report_get_received_ip_packet_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_sent_ip_packet_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_received_transport_byte_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_received_transport_duplicate_byte_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_received_transport_out_of_order_byte_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_sent_transport_byte_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_sent_transport_retransmitted_byte_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_transport_smoothed_rtt_milliseconds(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_transport_minimum_rtt_milliseconds(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_transport_rtt_variance(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_received_application_byte_count(nw_data_transfer_report_t report, uint32_t path_index);
uint64_t nw_data_transfer_report_get_sent_application_byte_count(nw_data_transfer_report_t report, uint32_t path_index);
nw_interface_t nw_data_transfer_report_copy_path_interface(nw_data_transfer_report_t report, uint32_t path_index);
nw_interface_radio_type_t nw_data_transfer_report_get_path_radio_type(nw_data_transfer_report_t report, uint32_t path_index);

#ifdef __BLOCKS__
typedef void (^nw_establishment_report_access_block_t)(nw_establishment_report_t report);
typedef bool (^nw_report_resolution_enumerator_t)(nw_report_resolution_source_t source, uint64_t milliseconds,
                                                  uint32_t endpoint_count, nw_endpoint_t successful_endpoint,
                                                  nw_endpoint_t preferred_endpoint);
typedef bool (^nw_report_resolution_report_enumerator_t)(nw_resolution_report_t report);
typedef bool (^nw_report_protocol_enumerator_t)(nw_protocol_definition_t protocol, uint64_t handshake_milliseconds,
                                                uint64_t handshake_rtt_milliseconds);
typedef void (^nw_data_transfer_report_collect_block_t)(nw_data_transfer_report_t report);
void nw_connection_access_establishment_report(nw_connection_t connection, dispatch_queue_t queue,
                                               nw_establishment_report_access_block_t access_block);
void nw_establishment_report_enumerate_resolutions(nw_establishment_report_t report,
                                                   nw_report_resolution_enumerator_t enumerate_block);
void nw_establishment_report_enumerate_resolution_reports(nw_establishment_report_t report,
                                                          nw_report_resolution_report_enumerator_t enumerate_block);
void nw_establishment_report_enumerate_protocols(nw_establishment_report_t report,
                                                 nw_report_protocol_enumerator_t enumerate_block);
void nw_data_transfer_report_collect(nw_data_transfer_report_t report, dispatch_queue_t queue,
                                     nw_data_transfer_report_collect_block_t collect_block);
#endif
TENON_DECLARATIONS_END
