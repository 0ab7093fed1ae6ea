// Options and metadata of the protocols of Network.
#pragma once
#pragma clang system_header

#include <Security/Security.h>

#include <tenon/declare.h>

#include <Network/types.h>

TENON_DECLARATIONS_BEGIN
bool nw_protocol_definition_is_equal(nw_protocol_definition_t definition1, nw_protocol_definition_t definition2);
nw_protocol_definition_t nw_protocol_options_copy_definition(nw_protocol_options_t options);
nw_protocol_definition_t nw_protocol_metadata_copy_definition(nw_protocol_metadata_t metadata);
nw_protocol_definition_t nw_protocol_copy_ip_definition(void);
nw_protocol_definition_t nw_protocol_copy_tcp_definition(void);
nw_protocol_definition_t nw_protocol_copy_udp_definition(void);
nw_protocol_definition_t nw_protocol_copy_tls_definition(void);
nw_protocol_definition_t nw_protocol_copy_quic_definition(void);
nw_protocol_definition_t nw_protocol_copy_ws_definition(void);

// IP.
void nw_ip_options_set_version(nw_protocol_options_t options, nw_ip_version_t version);
void nw_ip_options_set_hop_limit(nw_protocol_options_t options, uint8_t hop_limit);
void nw_ip_options_set_use_minimum_mtu(nw_protocol_options_t options, bool use_minimum_mtu);
void nw_ip_options_set_disable_fragmentation(nw_protocol_options_t options, bool disable_fragmentation);
void nw_ip_options_set_calculate_receive_time(nw_protocol_options_t options, bool calculate_receive_time);
void nw_ip_options_set_local_address_preference(nw_protocol_options_t options,
                                                nw_ip_local_address_preference_t preference);
void nw_ip_options_set_disable_multicast_loopback(nw_protocol_options_t options, bool disable_multicast_loopback);
nw_protocol_metadata_t nw_ip_create_metadata(void);
bool nw_protocol_metadata_is_ip(nw_protocol_metadata_t metadata);
void nw_ip_metadata_set_ecn_flag(nw_protocol_metadata_t metadata, nw_ip_ecn_flag_t ecn_flag);
nw_ip_ecn_flag_t nw_ip_metadata_get_ecn_flag(nw_protocol_metadata_t metadata);
void nw_ip_metadata_set_service_class(nw_protocol_metadata_t metadata, nw_service_class_t service_class);
nw_service_class_t nw_ip_metadata_get_service_class(nw_protocol_metadata_t metadata);
uint64_t nw_ip_metadata_get_receive_time(nw_protocol_metadata_t metadata);

// TCP.
nw_protocol_options_t nw_tcp_create_options(void);
void nw_tcp_options_set_no_delay(nw_protocol_options_t options, bool no_delay);
void nw_tcp_options_set_no_push(nw_protocol_options_t options, bool no_push);
void nw_tcp_options_set_no_options(nw_protocol_options_t options, bool no_options);
void nw_tcp_options_set_enable_keepalive(nw_protocol_options_t options, bool enable_keepalive);
void nw_tcp_options_set_keepalive_count(nw_protocol_options_t options, uint32_t keepalive_count);
void nw_tcp_options_set_keepalive_idle_time(nw_protocol_options_t options, uint32_t keepalive_idle_time);
void nw_tcp_options_set_keepalive_interval(nw_protocol_options_t options, uint32_t keepalive_interval);
void nw_tcp_options_set_maximum_segment_size(nw_protocol_options_t options, uint32_t maximum_segment_size);
void nw_tcp_options_set_connection_timeout(nw_protocol_options_t options, uint32_t connection_timeout);
void nw_tcp_options_set_persist_timeout(nw_protocol_options_t options, uint32_t persist_timeout);
void nw_tcp_options_set_retransmit_connection_drop_time(nw_protocol_options_t options,
                                                        uint32_t retransmit_connection_drop_time);
void nw_tcp_options_set_retransmit_fin_drop(nw_protocol_options_t options, bool retransmit_fin_drop);
void nw_tcp_options_set_disable_ack_stretching(nw_protocol_options_t options, bool disable_ack_stretching);
void nw_tcp_options_set_enable_fast_open(nw_protocol_options_t options, bool enable_fast_open);
void nw_tcp_options_set_disable_ecn(nw_protocol_options_t options, bool disable_ecn);
bool nw_protocol_metadata_is_tcp(nw_protocol_metadata_t metadata);
uint32_t nw_tcp_get_available_receive_buffer(nw_protocol_metadata_t metadata);
uint32_t nw_tcp_get_available_send_buffer(nw_protocol_metadata_t metadata);

// UDP.
nw_protocol_options_t nw_udp_create_options(void);
void nw_udp_options_set_prefer_no_checksum(nw_protocol_options_t options, bool prefer_no_checksum);
nw_protocol_metadata_t nw_udp_create_metadata(void);
bool nw_protocol_metadata_is_udp(nw_protocol_metadata_t metadata);

// TLS. The options themselves are functions of Security: sec_protocol_options_*.
nw_protocol_options_t nw_tls_create_options(void);
sec_protocol_options_t nw_tls_copy_sec_protocol_options(nw_protocol_options_t options);
bool nw_protocol_metadata_is_tls(nw_protocol_metadata_t metadata);
sec_protocol_metadata_t nw_tls_copy_sec_protocol_metadata(nw_protocol_metadata_t metadata);

// QUIC.
nw_protocol_options_t nw_quic_create_options(void);
void nw_quic_add_tls_application_protocol(nw_protocol_options_t options, const char *application_protocol);
sec_protocol_options_t nw_quic_copy_sec_protocol_options(nw_protocol_options_t options);
void nw_quic_set_stream_is_unidirectional(nw_protocol_options_t options, bool is_unidirectional);
bool nw_quic_get_stream_is_datagram(nw_protocol_options_t options);
void nw_quic_set_stream_is_datagram(nw_protocol_options_t options, bool is_datagram);
uint16_t nw_quic_get_max_datagram_frame_size(nw_protocol_options_t options);
void nw_quic_set_max_datagram_frame_size(nw_protocol_options_t options, uint16_t max_datagram_frame_size);
void nw_quic_set_idle_timeout(nw_protocol_options_t options, uint32_t idle_timeout);
bool nw_protocol_metadata_is_quic(nw_protocol_metadata_t metadata);
sec_protocol_metadata_t nw_quic_copy_sec_protocol_metadata(nw_protocol_metadata_t metadata);
uint64_t nw_quic_get_stream_id(nw_protocol_metadata_t stream_metadata);
nw_quic_stream_type_t nw_quic_get_stream_type(nw_protocol_metadata_t stream_metadata);
uint64_t nw_quic_get_stream_application_error(nw_protocol_metadata_t metadata);
void nw_quic_set_stream_application_error(nw_protocol_metadata_t metadata, uint64_t application_error);
uint64_t nw_quic_get_application_error(nw_protocol_metadata_t metadata);
const char *nw_quic_get_application_error_reason(nw_protocol_metadata_t metadata);
void nw_quic_set_application_error(nw_protocol_metadata_t metadata, uint64_t application_error, const char *reason);
uint16_t nw_quic_get_keepalive_interval(nw_protocol_metadata_t metadata);
void nw_quic_set_keepalive_interval(nw_protocol_metadata_t metadata, uint16_t keepalive_interval);
uint64_t nw_quic_get_remote_idle_timeout(nw_protocol_metadata_t metadata);
bool nw_protocol_options_is_quic(nw_protocol_options_t options);
bool nw_quic_get_stream_is_unidirectional(nw_protocol_options_t options);
uint32_t nw_quic_get_idle_timeout(nw_protocol_options_t options);
uint16_t nw_quic_get_max_udp_payload_size(nw_protocol_options_t options);
void nw_quic_set_max_udp_payload_size(nw_protocol_options_t options, uint16_t max_udp_payload_size);
uint64_t nw_quic_get_initial_max_data(nw_protocol_options_t options);
void nw_quic_set_initial_max_data(nw_protocol_options_t options, uint64_t limit);
uint64_t nw_quic_get_initial_max_stream_data_bidirectional_local(nw_protocol_options_t options);
void nw_quic_set_initial_max_stream_data_bidirectional_local(nw_protocol_options_t options,
                                                             uint64_t limit);
uint64_t nw_quic_get_initial_max_stream_data_bidirectional_remote(nw_protocol_options_t options);
void nw_quic_set_initial_max_stream_data_bidirectional_remote(nw_protocol_options_t options,
                                                              uint64_t limit);
uint64_t nw_quic_get_initial_max_stream_data_unidirectional(nw_protocol_options_t options);
void nw_quic_set_initial_max_stream_data_unidirectional(nw_protocol_options_t options,
                                                        uint64_t limit);
uint64_t nw_quic_get_initial_max_streams_bidirectional(nw_protocol_options_t options);
void nw_quic_set_initial_max_streams_bidirectional(nw_protocol_options_t options,
                                                   uint64_t limit);
uint64_t nw_quic_get_initial_max_streams_unidirectional(nw_protocol_options_t options);
void nw_quic_set_initial_max_streams_unidirectional(nw_protocol_options_t options,
                                                    uint64_t limit);
uint64_t nw_quic_get_local_max_streams_bidirectional(nw_protocol_metadata_t metadata);
void nw_quic_set_local_max_streams_bidirectional(nw_protocol_metadata_t metadata, uint64_t limit);
uint64_t nw_quic_get_local_max_streams_unidirectional(nw_protocol_metadata_t metadata);
void nw_quic_set_local_max_streams_unidirectional(nw_protocol_metadata_t metadata, uint64_t limit);
uint64_t nw_quic_get_remote_max_streams_bidirectional(nw_protocol_metadata_t metadata);
uint64_t nw_quic_get_remote_max_streams_unidirectional(nw_protocol_metadata_t metadata);
uint16_t nw_quic_get_stream_usable_datagram_frame_size(nw_protocol_metadata_t metadata);

// WebSocket.
nw_protocol_options_t nw_ws_create_options(nw_ws_version_t version);
void nw_ws_options_add_additional_header(nw_protocol_options_t options, const char *name, const char *value);
void nw_ws_options_add_subprotocol(nw_protocol_options_t options, const char *subprotocol);
void nw_ws_options_set_auto_reply_ping(nw_protocol_options_t options, bool auto_reply_ping);
void nw_ws_options_set_skip_handshake(nw_protocol_options_t options, bool skip_handshake);
void nw_ws_options_set_maximum_message_size(nw_protocol_options_t options, size_t maximum_message_size);
bool nw_protocol_metadata_is_ws(nw_protocol_metadata_t metadata);
nw_protocol_metadata_t nw_ws_create_metadata(nw_ws_opcode_t opcode);
nw_ws_opcode_t nw_ws_metadata_get_opcode(nw_protocol_metadata_t metadata);
void nw_ws_metadata_set_close_code(nw_protocol_metadata_t metadata, nw_ws_close_code_t close_code);
nw_ws_close_code_t nw_ws_metadata_get_close_code(nw_protocol_metadata_t metadata);
nw_ws_response_t nw_ws_metadata_copy_server_response(nw_protocol_metadata_t metadata);
nw_ws_response_t nw_ws_response_create(nw_ws_response_status_t status, const char *selected_subprotocol);
nw_ws_response_status_t nw_ws_response_get_status(nw_ws_response_t response);
const char *nw_ws_response_get_selected_subprotocol(nw_ws_response_t response);
void nw_ws_response_add_additional_header(nw_ws_response_t response, const char *name, const char *value);

// Framers: protocols of one's own.
nw_protocol_options_t nw_framer_create_options(nw_protocol_definition_t framer_definition);
bool nw_protocol_metadata_is_framer_message(nw_protocol_metadata_t metadata);
nw_framer_message_t nw_framer_message_create(nw_framer_t framer);
nw_framer_message_t nw_framer_protocol_create_message(nw_protocol_definition_t definition);
#ifdef __OBJC__
void nw_framer_message_set_object_value(nw_framer_message_t message, const char *key, id value);
id nw_framer_message_copy_object_value(nw_framer_message_t message, const char *key);
void nw_framer_options_set_object_value(nw_protocol_options_t options, const char *key, id value);
id nw_framer_options_copy_object_value(nw_protocol_options_t options, const char *key);
#endif
void nw_tcp_options_set_multipath_force_version(nw_protocol_options_t options, nw_multipath_version_t multipath_force_version);
void nw_framer_mark_ready(nw_framer_t framer);
void nw_framer_mark_failed_with_error(nw_framer_t framer, int error_code);
bool nw_framer_prepend_application_protocol(nw_framer_t framer, nw_protocol_options_t protocol_options);
void nw_framer_deliver_input(nw_framer_t framer, const uint8_t *input_buffer, size_t input_length,
                             nw_framer_message_t message, bool is_complete);
bool nw_framer_deliver_input_no_copy(nw_framer_t framer, size_t input_length, nw_framer_message_t message,
                                     bool is_complete);
void nw_framer_pass_through_input(nw_framer_t framer);
void nw_framer_write_output(nw_framer_t framer, const uint8_t *output_buffer, size_t output_length);
void nw_framer_write_output_data(nw_framer_t framer, dispatch_data_t output_data);
bool nw_framer_write_output_no_copy(nw_framer_t framer, size_t output_length);
void nw_framer_pass_through_output(nw_framer_t framer);
void nw_framer_schedule_wakeup(nw_framer_t framer, uint64_t milliseconds);
nw_endpoint_t nw_framer_copy_remote_endpoint(nw_framer_t framer);
nw_endpoint_t nw_framer_copy_local_endpoint(nw_framer_t framer);
nw_parameters_t nw_framer_copy_parameters(nw_framer_t framer);
nw_protocol_options_t nw_framer_copy_options(nw_framer_t framer);
TENON_DECLARATIONS_END
