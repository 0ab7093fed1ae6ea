// The functions of Network that take blocks: there with -fblocks, as in Objective-C.
#pragma once
#pragma clang system_header

#include <tenon/declare.h>

#include <Network/types.h>

#ifdef __BLOCKS__
TENON_DECLARATIONS_BEGIN
typedef void (^nw_path_monitor_update_handler_t)(nw_path_t path);
typedef void (^nw_path_monitor_cancel_handler_t)(void);
typedef bool (^nw_path_enumerate_interfaces_block_t)(nw_interface_t interface);
typedef bool (^nw_path_enumerate_gateways_block_t)(nw_endpoint_t gateway);
void nw_path_monitor_set_update_handler(nw_path_monitor_t monitor, nw_path_monitor_update_handler_t update_handler);
void nw_path_monitor_set_cancel_handler(nw_path_monitor_t monitor, nw_path_monitor_cancel_handler_t cancel_handler);
void nw_path_enumerate_interfaces(nw_path_t path, nw_path_enumerate_interfaces_block_t enumerate_block);
void nw_path_enumerate_gateways(nw_path_t path, nw_path_enumerate_gateways_block_t enumerate_block);

typedef void (^nw_parameters_configure_protocol_block_t)(nw_protocol_options_t options);
typedef bool (^nw_parameters_iterate_interfaces_block_t)(nw_interface_t interface);
typedef bool (^nw_parameters_iterate_interface_types_block_t)(nw_interface_type_t interface_type);
nw_parameters_t nw_parameters_create_secure_tcp(nw_parameters_configure_protocol_block_t configure_tls,
                                                nw_parameters_configure_protocol_block_t configure_tcp);
nw_parameters_t nw_parameters_create_secure_udp(nw_parameters_configure_protocol_block_t configure_dtls,
                                                nw_parameters_configure_protocol_block_t configure_udp);
nw_parameters_t nw_parameters_create_quic(nw_parameters_configure_protocol_block_t configure_quic);
nw_parameters_t nw_parameters_create_custom_ip(uint8_t custom_ip_protocol_number,
                                               nw_parameters_configure_protocol_block_t configure_ip);
void nw_parameters_iterate_prohibited_interfaces(nw_parameters_t parameters,
                                                 nw_parameters_iterate_interfaces_block_t iterate_block);
void nw_parameters_iterate_prohibited_interface_types(nw_parameters_t parameters,
                                                      nw_parameters_iterate_interface_types_block_t iterate_block);
extern const nw_parameters_configure_protocol_block_t _nw_parameters_configure_protocol_default_configuration;
extern const nw_parameters_configure_protocol_block_t _nw_parameters_configure_protocol_disable;
#define NW_PARAMETERS_DEFAULT_CONFIGURATION (_nw_parameters_configure_protocol_default_configuration)
#define NW_PARAMETERS_DISABLE_PROTOCOL (_nw_parameters_configure_protocol_disable)

typedef void (^nw_protocol_stack_iterate_protocols_block_t)(nw_protocol_options_t protocol);
void nw_protocol_stack_iterate_application_protocols(nw_protocol_stack_t stack,
                                                     nw_protocol_stack_iterate_protocols_block_t iterate_block);

typedef void (^nw_connection_state_changed_handler_t)(nw_connection_state_t state, nw_error_t error);
typedef void (^nw_connection_boolean_event_handler_t)(bool value);
typedef void (^nw_connection_path_event_handler_t)(nw_path_t path);
typedef void (^nw_connection_receive_completion_t)(dispatch_data_t content, nw_content_context_t context, bool is_complete,
                                                   nw_error_t error);
typedef void (^nw_connection_send_completion_t)(nw_error_t error);
void nw_connection_set_state_changed_handler(nw_connection_t connection, nw_connection_state_changed_handler_t handler);
void nw_connection_set_viability_changed_handler(nw_connection_t connection,
                                                 nw_connection_boolean_event_handler_t handler);
void nw_connection_set_better_path_available_handler(nw_connection_t connection,
                                                     nw_connection_boolean_event_handler_t handler);
void nw_connection_set_path_changed_handler(nw_connection_t connection, nw_connection_path_event_handler_t handler);
void nw_connection_receive(nw_connection_t connection, uint32_t minimum_incomplete_length, uint32_t maximum_length,
                           nw_connection_receive_completion_t completion);
void nw_connection_receive_message(nw_connection_t connection, nw_connection_receive_completion_t completion);
void nw_connection_send(nw_connection_t connection, dispatch_data_t content, nw_content_context_t context,
                        bool is_complete, nw_connection_send_completion_t completion);
void nw_connection_batch(nw_connection_t connection, dispatch_block_t batch_block);
extern const nw_connection_send_completion_t _nw_connection_send_idempotent_content;
#define NW_CONNECTION_SEND_IDEMPOTENT_CONTENT (_nw_connection_send_idempotent_content)
void nw_content_context_foreach_protocol_metadata(nw_content_context_t context,
                                                  void (^foreach_block)(nw_protocol_definition_t definition,
                                                                        nw_protocol_metadata_t metadata));

typedef void (^nw_connection_group_state_changed_handler_t)(nw_connection_group_state_t state, nw_error_t error);
typedef void (^nw_connection_group_receive_handler_t)(dispatch_data_t content, nw_content_context_t context,
                                                      bool is_complete);
typedef void (^nw_connection_group_send_completion_t)(nw_error_t error);
typedef void (^nw_connection_group_new_connection_handler_t)(nw_connection_t connection);
typedef bool (^nw_group_descriptor_enumerate_endpoints_block_t)(nw_endpoint_t endpoint);
void nw_connection_group_set_state_changed_handler(nw_connection_group_t group,
                                                   nw_connection_group_state_changed_handler_t handler);
void nw_connection_group_set_receive_handler(nw_connection_group_t group, uint32_t maximum_message_size,
                                             bool reject_oversized_messages,
                                             nw_connection_group_receive_handler_t handler);
void nw_connection_group_set_new_connection_handler(nw_connection_group_t group,
                                                    nw_connection_group_new_connection_handler_t handler);
void nw_connection_group_send_message(nw_connection_group_t group, dispatch_data_t content, nw_endpoint_t endpoint,
                                      nw_content_context_t context, nw_connection_group_send_completion_t completion);
void nw_group_descriptor_enumerate_endpoints(nw_group_descriptor_t descriptor,
                                             nw_group_descriptor_enumerate_endpoints_block_t enumerate_block);

typedef void (^nw_listener_state_changed_handler_t)(nw_listener_state_t state, nw_error_t error);
typedef void (^nw_listener_new_connection_handler_t)(nw_connection_t connection);
typedef void (^nw_listener_new_connection_group_handler_t)(nw_connection_group_t connection_group);
typedef void (^nw_listener_advertised_endpoint_changed_handler_t)(nw_endpoint_t advertised_endpoint, bool added);
void nw_listener_set_state_changed_handler(nw_listener_t listener, nw_listener_state_changed_handler_t handler);
void nw_listener_set_new_connection_handler(nw_listener_t listener, nw_listener_new_connection_handler_t handler);
void nw_listener_set_new_connection_group_handler(nw_listener_t listener,
                                                  nw_listener_new_connection_group_handler_t handler);
void nw_listener_set_advertised_endpoint_changed_handler(nw_listener_t listener,
                                                         nw_listener_advertised_endpoint_changed_handler_t handler);

typedef void (^nw_browser_state_changed_handler_t)(nw_browser_state_t state, nw_error_t error);
typedef void (^nw_browser_browse_results_changed_handler_t)(nw_browse_result_t old_result, nw_browse_result_t new_result,
                                                            bool batch_complete);
typedef bool (^nw_browse_result_enumerate_interface_t)(nw_interface_t interface);
void nw_browser_set_state_changed_handler(nw_browser_t browser, nw_browser_state_changed_handler_t handler);
void nw_browser_set_browse_results_changed_handler(nw_browser_t browser,
                                                   nw_browser_browse_results_changed_handler_t handler);
void nw_browse_result_enumerate_interfaces(nw_browse_result_t result, nw_browse_result_enumerate_interface_t enumerator);

typedef bool (^nw_txt_record_access_key_t)(const char *key, const nw_txt_record_find_key_t found, const uint8_t *value,
                                           const size_t value_len);
typedef nw_txt_record_access_key_t nw_txt_record_applier_t;
bool nw_txt_record_access_key(nw_txt_record_t txt_record, const char *key, nw_txt_record_access_key_t access_value);
bool nw_txt_record_apply(nw_txt_record_t txt_record, nw_txt_record_applier_t applier);

typedef nw_ws_response_t (^nw_ws_client_request_handler_t)(nw_ws_request_t request);
typedef bool (^nw_ws_additional_header_enumerator_t)(const char *name, const char *value);
typedef bool (^nw_ws_subprotocol_enumerator_t)(const char *subprotocol);
bool nw_ws_request_enumerate_additional_headers(nw_ws_request_t request, nw_ws_additional_header_enumerator_t enumerator);
bool nw_ws_request_enumerate_subprotocols(nw_ws_request_t request, nw_ws_subprotocol_enumerator_t enumerator);
bool nw_ws_response_enumerate_additional_headers(nw_ws_response_t response, nw_ws_additional_header_enumerator_t enumerator);
typedef bool (^nw_txt_record_access_bytes_t)(const uint8_t *raw_txt_record, size_t length);
bool nw_txt_record_access_bytes(nw_txt_record_t txt_record, nw_txt_record_access_bytes_t access_bytes);
typedef void (^nw_framer_message_dispose_value_t)(void *value);
void nw_framer_message_set_value(nw_framer_message_t message, const char *key, void *value,
                                 nw_framer_message_dispose_value_t dispose_value);
bool nw_framer_message_access_value(nw_framer_message_t message, const char *key, bool (^access_value)(const void *value));
void nw_ws_options_set_client_request_handler(nw_protocol_options_t options, dispatch_queue_t client_queue,
                                              nw_ws_client_request_handler_t handler);
void nw_ws_metadata_set_pong_handler(nw_protocol_metadata_t metadata, dispatch_queue_t client_queue,
                                     void (^pong_handler)(nw_error_t error));

typedef nw_framer_start_result_t (^nw_framer_start_handler_t)(nw_framer_t framer);
typedef size_t (^nw_framer_input_handler_t)(nw_framer_t framer);
typedef void (^nw_framer_output_handler_t)(nw_framer_t framer, nw_framer_message_t message, size_t message_length,
                                           bool is_complete);
typedef void (^nw_framer_wakeup_handler_t)(nw_framer_t framer);
typedef bool (^nw_framer_stop_handler_t)(nw_framer_t framer);
typedef void (^nw_framer_cleanup_handler_t)(nw_framer_t framer);
typedef size_t (^nw_framer_parse_completion_t)(uint8_t *buffer, size_t buffer_length, bool is_complete);
typedef void (^nw_framer_block_t)(void);
nw_protocol_definition_t nw_framer_create_definition(const char *identifier, uint32_t flags,
                                                     nw_framer_start_handler_t start_handler);
void nw_framer_set_input_handler(nw_framer_t framer, nw_framer_input_handler_t input_handler);
void nw_framer_set_output_handler(nw_framer_t framer, nw_framer_output_handler_t output_handler);
void nw_framer_set_wakeup_handler(nw_framer_t framer, nw_framer_wakeup_handler_t wakeup_handler);
void nw_framer_set_stop_handler(nw_framer_t framer, nw_framer_stop_handler_t stop_handler);
void nw_framer_set_cleanup_handler(nw_framer_t framer, nw_framer_cleanup_handler_t cleanup_handler);
bool nw_framer_parse_input(nw_framer_t framer, size_t minimum_incomplete_length, size_t maximum_length,
                           uint8_t *temp_buffer, nw_framer_parse_completion_t parse);
bool nw_framer_parse_output(nw_framer_t framer, size_t minimum_incomplete_length, size_t maximum_length,
                            uint8_t *temp_buffer, nw_framer_parse_completion_t parse);
void nw_framer_async(nw_framer_t framer, nw_framer_block_t async_block);
TENON_DECLARATIONS_END
#endif
