// Objects and enumerations of Network.
#pragma once
#pragma clang system_header

#include <stdint.h>

#include <tenon/declare.h>

#ifdef __OBJC__
#define TENON_NW_OBJECT(name)      \
  @protocol OS_##name <NSObject>   \
  @end                             \
  typedef NSObject<OS_##name> *name##_t
#else
#define TENON_NW_OBJECT(name) typedef struct name *name##_t
#endif
TENON_NW_OBJECT(nw_path);
TENON_NW_OBJECT(nw_path_monitor);
TENON_NW_OBJECT(nw_interface);
TENON_NW_OBJECT(nw_endpoint);
TENON_NW_OBJECT(nw_error);
TENON_NW_OBJECT(nw_parameters);
TENON_NW_OBJECT(nw_privacy_context);
TENON_NW_OBJECT(nw_resolver_config);
TENON_NW_OBJECT(nw_protocol_definition);
TENON_NW_OBJECT(nw_protocol_options);
TENON_NW_OBJECT(nw_protocol_metadata);
TENON_NW_OBJECT(nw_protocol_stack);
TENON_NW_OBJECT(nw_connection);
TENON_NW_OBJECT(nw_connection_group);
TENON_NW_OBJECT(nw_group_descriptor);
TENON_NW_OBJECT(nw_content_context);
TENON_NW_OBJECT(nw_listener);
TENON_NW_OBJECT(nw_advertise_descriptor);
TENON_NW_OBJECT(nw_browser);
TENON_NW_OBJECT(nw_browse_descriptor);
TENON_NW_OBJECT(nw_browse_result);
TENON_NW_OBJECT(nw_txt_record);
TENON_NW_OBJECT(nw_framer);
TENON_NW_OBJECT(nw_establishment_report);
TENON_NW_OBJECT(nw_resolution_report);
TENON_NW_OBJECT(nw_data_transfer_report);
TENON_NW_OBJECT(nw_ethernet_channel);
TENON_NW_OBJECT(nw_relay_hop);
TENON_NW_OBJECT(nw_proxy_config);
TENON_NW_OBJECT(nw_ws_request);
TENON_NW_OBJECT(nw_ws_response);
#undef TENON_NW_OBJECT
typedef nw_protocol_metadata_t nw_framer_message_t;

typedef enum {
  nw_path_status_invalid = 0,
  nw_path_status_satisfied = 1,
  nw_path_status_unsatisfied = 2,
  nw_path_status_satisfiable = 3,
} nw_path_status_t;

typedef enum {
  nw_path_unsatisfied_reason_not_available = 0,
  nw_path_unsatisfied_reason_cellular_denied = 1,
  nw_path_unsatisfied_reason_wifi_denied = 2,
  nw_path_unsatisfied_reason_local_network_denied = 3,
  nw_path_unsatisfied_reason_vpn_inactive = 4,
} nw_path_unsatisfied_reason_t;

typedef enum {
  nw_interface_type_other = 0,
  nw_interface_type_wifi = 1,
  nw_interface_type_cellular = 2,
  nw_interface_type_wired = 3,
  nw_interface_type_loopback = 4,
} nw_interface_type_t;

typedef enum {
  nw_endpoint_type_invalid = 0,
  nw_endpoint_type_address = 1,
  nw_endpoint_type_host = 2,
  nw_endpoint_type_bonjour_service = 3,
  nw_endpoint_type_url = 4,
} nw_endpoint_type_t;

typedef enum {
  nw_error_domain_invalid = 0,
  nw_error_domain_posix = 1,
  nw_error_domain_dns = 2,
  nw_error_domain_tls = 3,
} nw_error_domain_t;

typedef enum {
  nw_service_class_best_effort = 0,
  nw_service_class_background = 1,
  nw_service_class_interactive_video = 2,
  nw_service_class_interactive_voice = 3,
  nw_service_class_responsive_data = 4,
  nw_service_class_signaling = 5,
} nw_service_class_t;

typedef enum {
  nw_multipath_service_disabled = 0,
  nw_multipath_service_handover = 1,
  nw_multipath_service_interactive = 2,
  nw_multipath_service_aggregate = 3,
} nw_multipath_service_t;

typedef enum {
  nw_parameters_expired_dns_behavior_default = 0,
  nw_parameters_expired_dns_behavior_allow = 1,
  nw_parameters_expired_dns_behavior_prohibit = 2,
  nw_parameters_expired_dns_behavior_persistent = 3,
} nw_parameters_expired_dns_behavior_t;

typedef enum {
  nw_connection_state_invalid = 0,
  nw_connection_state_waiting = 1,
  nw_connection_state_preparing = 2,
  nw_connection_state_ready = 3,
  nw_connection_state_failed = 4,
  nw_connection_state_cancelled = 5,
} nw_connection_state_t;

typedef enum {
  nw_connection_group_state_invalid = 0,
  nw_connection_group_state_waiting = 1,
  nw_connection_group_state_ready = 2,
  nw_connection_group_state_failed = 3,
  nw_connection_group_state_cancelled = 4,
} nw_connection_group_state_t;

typedef enum {
  nw_listener_state_invalid = 0,
  nw_listener_state_waiting = 1,
  nw_listener_state_ready = 2,
  nw_listener_state_failed = 3,
  nw_listener_state_cancelled = 4,
} nw_listener_state_t;

typedef enum {
  nw_browser_state_invalid = 0,
  nw_browser_state_ready = 1,
  nw_browser_state_failed = 2,
  nw_browser_state_cancelled = 3,
  nw_browser_state_waiting = 4,
} nw_browser_state_t;

typedef uint64_t nw_browse_result_change_t;
enum {
  nw_browse_result_change_invalid = 0x00,
  nw_browse_result_change_identical = 0x01,
  nw_browse_result_change_result_added = 0x02,
  nw_browse_result_change_result_removed = 0x04,
  nw_browse_result_change_interface_added = 0x08,
  nw_browse_result_change_interface_removed = 0x10,
  nw_browse_result_change_txt_record_changed = 0x20,
};

typedef enum {
  nw_txt_record_find_key_invalid = 0,
  nw_txt_record_find_key_not_present = 1,
  nw_txt_record_find_key_no_value = 2,
  nw_txt_record_find_key_empty_value = 3,
  nw_txt_record_find_key_non_empty_value = 4,
} nw_txt_record_find_key_t;

typedef enum {
  nw_ip_version_any = 0,
  nw_ip_version_4 = 4,
  nw_ip_version_6 = 6,
} nw_ip_version_t;

typedef enum {
  nw_ip_local_address_preference_default = 0,
  nw_ip_local_address_preference_temporary = 1,
  nw_ip_local_address_preference_stable = 2,
} nw_ip_local_address_preference_t;

// As the two bits of RFC 3168.
typedef enum {
  nw_ip_ecn_flag_non_ect = 0,
  nw_ip_ecn_flag_ect_1 = 1,
  nw_ip_ecn_flag_ect_0 = 2,
  nw_ip_ecn_flag_ce = 3,
} nw_ip_ecn_flag_t;

typedef enum {
  nw_ws_version_invalid = 0,
  nw_ws_version_13 = 1,
} nw_ws_version_t;

// As RFC 6455 numbers them (5.2).
typedef enum {
  nw_ws_opcode_invalid = -1,
  nw_ws_opcode_cont = 0x0,
  nw_ws_opcode_text = 0x1,
  nw_ws_opcode_binary = 0x2,
  nw_ws_opcode_close = 0x8,
  nw_ws_opcode_ping = 0x9,
  nw_ws_opcode_pong = 0xa,
} nw_ws_opcode_t;

// As RFC 6455 numbers them (7.4.1).
typedef enum {
  nw_ws_close_code_normal_closure = 1000,
  nw_ws_close_code_going_away = 1001,
  nw_ws_close_code_protocol_error = 1002,
  nw_ws_close_code_unsupported_data = 1003,
  nw_ws_close_code_no_status_received = 1005,
  nw_ws_close_code_abnormal_closure = 1006,
  nw_ws_close_code_invalid_frame_payload_data = 1007,
  nw_ws_close_code_policy_violation = 1008,
  nw_ws_close_code_message_too_big = 1009,
  nw_ws_close_code_mandatory_extension = 1010,
  nw_ws_close_code_internal_server_error = 1011,
  nw_ws_close_code_tls_handshake = 1015,
} nw_ws_close_code_t;

typedef enum {
  nw_ws_response_status_invalid = 0,
  nw_ws_response_status_accept = 1,
  nw_ws_response_status_reject = 2,
} nw_ws_response_status_t;

typedef enum {
  nw_framer_start_result_ready = 1,
  nw_framer_start_result_will_mark_ready = 2,
} nw_framer_start_result_t;
#define NW_FRAMER_CREATE_FLAGS_DEFAULT 0x00
#define NW_FRAMER_WAKEUP_TIME_FOREVER (~0ull)

typedef enum {
  nw_report_resolution_source_query = 1,
  nw_report_resolution_source_cache = 2,
  nw_report_resolution_source_expired_cache = 3,
} nw_report_resolution_source_t;

typedef enum {
  nw_report_resolution_protocol_unknown = 0,
  nw_report_resolution_protocol_udp = 1,
  nw_report_resolution_protocol_tcp = 2,
  nw_report_resolution_protocol_tls = 3,
  nw_report_resolution_protocol_https = 4,
} nw_report_resolution_protocol_t;

typedef enum {
  nw_data_transfer_report_state_collecting = 1,
  nw_data_transfer_report_state_collected = 2,
} nw_data_transfer_report_state_t;

typedef enum {
  nw_interface_radio_type_unknown = 0,
  nw_interface_radio_type_wifi_b = 1,
  nw_interface_radio_type_wifi_a = 2,
  nw_interface_radio_type_wifi_g = 3,
  nw_interface_radio_type_wifi_n = 4,
  nw_interface_radio_type_wifi_ac = 5,
  nw_interface_radio_type_wifi_ax = 6,
  nw_interface_radio_type_cell_lte = 0x80,
  nw_interface_radio_type_cell_endc_sub6 = 0x81,
  nw_interface_radio_type_cell_endc_mmw = 0x82,
  nw_interface_radio_type_cell_nr_sa_sub6 = 0x83,
  nw_interface_radio_type_cell_nr_sa_mmw = 0x84,
  nw_interface_radio_type_cell_wcdma = 0x85,
  nw_interface_radio_type_cell_gsm = 0x86,
  nw_interface_radio_type_cell_cdma = 0x87,
  nw_interface_radio_type_cell_evdo = 0x88,
} nw_interface_radio_type_t;

typedef enum {
  nw_ethernet_channel_state_invalid = 0,
  nw_ethernet_channel_state_waiting = 1,
  nw_ethernet_channel_state_preparing = 2,
  nw_ethernet_channel_state_ready = 3,
  nw_ethernet_channel_state_failed = 4,
  nw_ethernet_channel_state_cancelled = 5,
} nw_ethernet_channel_state_t;

typedef enum {
  nw_multipath_version_unspecified = -1,
  nw_multipath_version_0 = 0,
  nw_multipath_version_1 = 1,
} nw_multipath_version_t;

// One byte wide.
typedef uint8_t nw_parameters_attribution_t;
enum {
  nw_parameters_attribution_developer = 1,
  nw_parameters_attribution_user = 2,
};

typedef uint8_t nw_quic_stream_type_t;
enum {
  nw_quic_stream_type_unknown = 0,
  nw_quic_stream_type_bidirectional = 1,
  nw_quic_stream_type_unidirectional = 2,
  nw_quic_stream_type_datagram = 3,
};
