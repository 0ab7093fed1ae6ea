// Apple's Network framework in C: paths, endpoints, parameters, connections and groups of them, listeners, browsers, and
// the options of IP, TCP, UDP, TLS, QUIC, WebSocket and framers. By the public documentation of its C interface, held by the
// tests against the crate cidre.
#pragma once
#pragma clang system_header

#include <CoreFoundation/CoreFoundation.h>
#include <Security/Security.h>
#include <dispatch/dispatch.h>
#include <sys/socket.h>
#include <uuid/uuid.h>

#include <tenon/declare.h>

#include <Network/types.h>

TENON_DECLARATIONS_BEGIN
void *nw_retain(void *obj);
void nw_release(void *obj);

// Paths and interfaces.
nw_path_monitor_t nw_path_monitor_create(void);
nw_path_monitor_t nw_path_monitor_create_with_type(nw_interface_type_t required_interface_type);
nw_path_monitor_t nw_path_monitor_create_for_ethernet_channel(void);
void nw_path_monitor_prohibit_interface_type(nw_path_monitor_t monitor, nw_interface_type_t interface_type);
void nw_path_monitor_set_queue(nw_path_monitor_t monitor, dispatch_queue_t queue);
void nw_path_monitor_start(nw_path_monitor_t monitor);
void nw_path_monitor_cancel(nw_path_monitor_t monitor);

nw_path_status_t nw_path_get_status(nw_path_t path);
nw_path_unsatisfied_reason_t nw_path_get_unsatisfied_reason(nw_path_t path);
bool nw_path_is_equal(nw_path_t path, nw_path_t other_path);
bool nw_path_is_expensive(nw_path_t path);
bool nw_path_is_constrained(nw_path_t path);
bool nw_path_has_ipv4(nw_path_t path);
bool nw_path_has_ipv6(nw_path_t path);
bool nw_path_has_dns(nw_path_t path);
bool nw_path_uses_interface_type(nw_path_t path, nw_interface_type_t interface_type);
nw_endpoint_t nw_path_copy_effective_local_endpoint(nw_path_t path);
nw_endpoint_t nw_path_copy_effective_remote_endpoint(nw_path_t path);

nw_interface_type_t nw_interface_get_type(nw_interface_t interface);
const char *nw_interface_get_name(nw_interface_t interface);
uint32_t nw_interface_get_index(nw_interface_t interface);

// Endpoints.
nw_endpoint_type_t nw_endpoint_get_type(nw_endpoint_t endpoint);
nw_endpoint_t nw_endpoint_create_host(const char *hostname, const char *port);
nw_endpoint_t nw_endpoint_create_address(const struct sockaddr *address);
nw_endpoint_t nw_endpoint_create_bonjour_service(const char *name, const char *type, const char *domain);
nw_endpoint_t nw_endpoint_create_url(const char *url);
const char *nw_endpoint_get_hostname(nw_endpoint_t endpoint);
uint16_t nw_endpoint_get_port(nw_endpoint_t endpoint);
char *nw_endpoint_copy_port_string(nw_endpoint_t endpoint);
char *nw_endpoint_copy_address_string(nw_endpoint_t endpoint);
const struct sockaddr *nw_endpoint_get_address(nw_endpoint_t endpoint);
const char *nw_endpoint_get_bonjour_service_name(nw_endpoint_t endpoint);
const char *nw_endpoint_get_bonjour_service_type(nw_endpoint_t endpoint);
const char *nw_endpoint_get_bonjour_service_domain(nw_endpoint_t endpoint);
const char *nw_endpoint_get_url(nw_endpoint_t endpoint);
nw_txt_record_t nw_endpoint_copy_txt_record(nw_endpoint_t endpoint);
const uint8_t *nw_endpoint_get_signature(nw_endpoint_t endpoint, size_t *out_signature_length);

// Errors.
nw_error_domain_t nw_error_get_error_domain(nw_error_t error);
int nw_error_get_error_code(nw_error_t error);
CFErrorRef nw_error_copy_cf_error(nw_error_t error);
extern const CFStringRef kNWErrorDomainPOSIX;
extern const CFStringRef kNWErrorDomainDNS;
extern const CFStringRef kNWErrorDomainTLS;

// Parameters.
nw_parameters_t nw_parameters_create(void);
nw_parameters_t nw_parameters_create_application_service(void);
nw_parameters_t nw_parameters_copy(nw_parameters_t parameters);
void nw_parameters_require_interface(nw_parameters_t parameters, nw_interface_t interface);
nw_interface_t nw_parameters_copy_required_interface(nw_parameters_t parameters);
void nw_parameters_prohibit_interface(nw_parameters_t parameters, nw_interface_t interface);
void nw_parameters_clear_prohibited_interfaces(nw_parameters_t parameters);
void nw_parameters_set_required_interface_type(nw_parameters_t parameters, nw_interface_type_t interface_type);
nw_interface_type_t nw_parameters_get_required_interface_type(nw_parameters_t parameters);
void nw_parameters_prohibit_interface_type(nw_parameters_t parameters, nw_interface_type_t interface_type);
void nw_parameters_clear_prohibited_interface_types(nw_parameters_t parameters);
void nw_parameters_set_prohibit_expensive(nw_parameters_t parameters, bool prohibit_expensive);
bool nw_parameters_get_prohibit_expensive(nw_parameters_t parameters);
void nw_parameters_set_prohibit_constrained(nw_parameters_t parameters, bool prohibit_constrained);
bool nw_parameters_get_prohibit_constrained(nw_parameters_t parameters);
void nw_parameters_set_allow_ultra_constrained(nw_parameters_t parameters, bool allow_ultra_constrained);
bool nw_parameters_get_allow_ultra_constrained(nw_parameters_t parameters);
void nw_parameters_set_reuse_local_address(nw_parameters_t parameters, bool reuse_local_address);
bool nw_parameters_get_reuse_local_address(nw_parameters_t parameters);
void nw_parameters_set_local_endpoint(nw_parameters_t parameters, nw_endpoint_t local_endpoint);
nw_endpoint_t nw_parameters_copy_local_endpoint(nw_parameters_t parameters);
void nw_parameters_set_include_peer_to_peer(nw_parameters_t parameters, bool include_peer_to_peer);
bool nw_parameters_get_include_peer_to_peer(nw_parameters_t parameters);
void nw_parameters_set_fast_open_enabled(nw_parameters_t parameters, bool fast_open_enabled);
bool nw_parameters_get_fast_open_enabled(nw_parameters_t parameters);
void nw_parameters_set_service_class(nw_parameters_t parameters, nw_service_class_t service_class);
nw_service_class_t nw_parameters_get_service_class(nw_parameters_t parameters);
void nw_parameters_set_multipath_service(nw_parameters_t parameters, nw_multipath_service_t multipath_service);
nw_multipath_service_t nw_parameters_get_multipath_service(nw_parameters_t parameters);
nw_protocol_stack_t nw_parameters_copy_default_protocol_stack(nw_parameters_t parameters);
void nw_parameters_set_local_only(nw_parameters_t parameters, bool local_only);
bool nw_parameters_get_local_only(nw_parameters_t parameters);
void nw_parameters_set_prefer_no_proxy(nw_parameters_t parameters, bool prefer_no_proxy);
bool nw_parameters_get_prefer_no_proxy(nw_parameters_t parameters);
void nw_parameters_set_expired_dns_behavior(nw_parameters_t parameters, nw_parameters_expired_dns_behavior_t behavior);
nw_parameters_expired_dns_behavior_t nw_parameters_get_expired_dns_behavior(nw_parameters_t parameters);
void nw_parameters_set_privacy_context(nw_parameters_t parameters, nw_privacy_context_t privacy_context);
void nw_parameters_set_attribution(nw_parameters_t parameters, nw_parameters_attribution_t attribution);
nw_parameters_attribution_t nw_parameters_get_attribution(nw_parameters_t parameters);
void nw_parameters_set_requires_dnssec_validation(nw_parameters_t parameters, bool requires_dnssec_validation);
bool nw_parameters_requires_dnssec_validation(nw_parameters_t parameters);

void nw_protocol_stack_prepend_application_protocol(nw_protocol_stack_t stack, nw_protocol_options_t protocol);
void nw_protocol_stack_clear_application_protocols(nw_protocol_stack_t stack);
nw_protocol_options_t nw_protocol_stack_copy_transport_protocol(nw_protocol_stack_t stack);
void nw_protocol_stack_set_transport_protocol(nw_protocol_stack_t stack, nw_protocol_options_t protocol);
nw_protocol_options_t nw_protocol_stack_copy_internet_protocol(nw_protocol_stack_t stack);

nw_privacy_context_t nw_privacy_context_create(const char *description);
void nw_privacy_context_flush_cache(nw_privacy_context_t privacy_context);
void nw_privacy_context_disable_logging(nw_privacy_context_t privacy_context);
void nw_privacy_context_require_encrypted_name_resolution(nw_privacy_context_t privacy_context,
                                                          bool require_encrypted_name_resolution,
                                                          nw_resolver_config_t fallback_resolver_config);
nw_resolver_config_t nw_resolver_config_create_https(nw_endpoint_t url_endpoint);
nw_resolver_config_t nw_resolver_config_create_tls(nw_endpoint_t server_endpoint);
void nw_resolver_config_add_server_address(nw_resolver_config_t config, nw_endpoint_t server_address);
extern const nw_privacy_context_t _nw_privacy_context_default_context;
#define NW_DEFAULT_PRIVACY_CONTEXT (_nw_privacy_context_default_context)

// Connections.
nw_connection_t nw_connection_create(nw_endpoint_t endpoint, nw_parameters_t parameters);
nw_endpoint_t nw_connection_copy_endpoint(nw_connection_t connection);
nw_parameters_t nw_connection_copy_parameters(nw_connection_t connection);
nw_path_t nw_connection_copy_current_path(nw_connection_t connection);
char *nw_connection_copy_description(nw_connection_t connection);
nw_protocol_metadata_t nw_connection_copy_protocol_metadata(nw_connection_t connection,
                                                            nw_protocol_definition_t definition);
uint32_t nw_connection_get_maximum_datagram_size(nw_connection_t connection);
void nw_connection_set_queue(nw_connection_t connection, dispatch_queue_t queue);
void nw_connection_start(nw_connection_t connection);
void nw_connection_restart(nw_connection_t connection);
void nw_connection_cancel(nw_connection_t connection);
void nw_connection_force_cancel(nw_connection_t connection);
void nw_connection_cancel_current_endpoint(nw_connection_t connection);

nw_content_context_t nw_content_context_create(const char *context_identifier);
const char *nw_content_context_get_identifier(nw_content_context_t context);
bool nw_content_context_get_is_final(nw_content_context_t context);
void nw_content_context_set_is_final(nw_content_context_t context, bool is_final);
uint64_t nw_content_context_get_expiration_milliseconds(nw_content_context_t context);
void nw_content_context_set_expiration_milliseconds(nw_content_context_t context, uint64_t expiration_milliseconds);
double nw_content_context_get_relative_priority(nw_content_context_t context);
void nw_content_context_set_relative_priority(nw_content_context_t context, double relative_priority);
void nw_content_context_set_antecedent(nw_content_context_t context, nw_content_context_t antecedent_context);
nw_content_context_t nw_content_context_copy_antecedent(nw_content_context_t context);
void nw_content_context_set_metadata_for_protocol(nw_content_context_t context, nw_protocol_metadata_t protocol_metadata);
nw_protocol_metadata_t nw_content_context_copy_protocol_metadata(nw_content_context_t context,
                                                                 nw_protocol_definition_t protocol);
extern const nw_content_context_t _nw_content_context_default_message;
extern const nw_content_context_t _nw_content_context_final_send;
extern const nw_content_context_t _nw_content_context_default_stream;
#define NW_CONNECTION_DEFAULT_MESSAGE_CONTEXT (_nw_content_context_default_message)
#define NW_CONNECTION_FINAL_MESSAGE_CONTEXT (_nw_content_context_final_send)
#define NW_CONNECTION_DEFAULT_STREAM_CONTEXT (_nw_content_context_default_stream)

// Groups of connections.
nw_group_descriptor_t nw_group_descriptor_create_multicast(nw_endpoint_t multicast_group);
nw_group_descriptor_t nw_group_descriptor_create_multiplex(nw_endpoint_t remote_endpoint);
bool nw_group_descriptor_add_endpoint(nw_group_descriptor_t descriptor, nw_endpoint_t endpoint);
void nw_multicast_group_descriptor_set_specific_source(nw_group_descriptor_t multicast_descriptor, nw_endpoint_t source);
void nw_multicast_group_descriptor_set_disable_unicast_traffic(nw_group_descriptor_t multicast_descriptor,
                                                               bool disable_unicast_traffic);
bool nw_multicast_group_descriptor_get_disable_unicast_traffic(nw_group_descriptor_t multicast_descriptor);
nw_connection_group_t nw_connection_group_create(nw_group_descriptor_t group_descriptor, nw_parameters_t parameters);
nw_group_descriptor_t nw_connection_group_copy_descriptor(nw_connection_group_t group);
nw_parameters_t nw_connection_group_copy_parameters(nw_connection_group_t group);
void nw_connection_group_set_queue(nw_connection_group_t group, dispatch_queue_t queue);
void nw_connection_group_start(nw_connection_group_t group);
void nw_connection_group_cancel(nw_connection_group_t group);
nw_endpoint_t nw_connection_group_copy_remote_endpoint_for_message(nw_connection_group_t group, nw_content_context_t context);
nw_endpoint_t nw_connection_group_copy_local_endpoint_for_message(nw_connection_group_t group, nw_content_context_t context);
nw_path_t nw_connection_group_copy_path_for_message(nw_connection_group_t group, nw_content_context_t context);
nw_protocol_metadata_t nw_connection_group_copy_protocol_metadata(nw_connection_group_t group,
                                                                  nw_protocol_definition_t definition);
nw_protocol_metadata_t nw_connection_group_copy_protocol_metadata_for_message(nw_connection_group_t group,
                                                                              nw_content_context_t context,
                                                                              nw_protocol_definition_t definition);
nw_connection_t nw_connection_group_extract_connection_for_message(nw_connection_group_t group, nw_content_context_t context);
nw_connection_t nw_connection_group_extract_connection(nw_connection_group_t group, nw_endpoint_t endpoint,
                                                       nw_protocol_options_t protocol_options);
bool nw_connection_group_reinsert_extracted_connection(nw_connection_group_t group, nw_connection_t connection);
void nw_connection_group_reply(nw_connection_group_t group, nw_content_context_t inbound_message,
                               nw_content_context_t outbound_message, dispatch_data_t content);

// Listeners, browsers, and what they tell of themselves.
nw_listener_t nw_listener_create(nw_parameters_t parameters);
nw_listener_t nw_listener_create_with_port(const char *port, nw_parameters_t parameters);
nw_listener_t nw_listener_create_with_connection(nw_connection_t connection, nw_parameters_t parameters);
nw_listener_t nw_listener_create_with_launchd_key(nw_parameters_t parameters, const char *launchd_key);
void nw_listener_set_queue(nw_listener_t listener, dispatch_queue_t queue);
void nw_listener_set_advertise_descriptor(nw_listener_t listener, nw_advertise_descriptor_t advertise_descriptor);
uint32_t nw_listener_get_new_connection_limit(nw_listener_t listener);
void nw_listener_set_new_connection_limit(nw_listener_t listener, uint32_t new_connection_limit);
uint16_t nw_listener_get_port(nw_listener_t listener);
void nw_listener_start(nw_listener_t listener);
void nw_listener_cancel(nw_listener_t listener);
#define NW_LISTENER_INFINITE_CONNECTION_LIMIT UINT32_MAX

nw_advertise_descriptor_t nw_advertise_descriptor_create_bonjour_service(const char *name, const char *type,
                                                                         const char *domain);
nw_advertise_descriptor_t nw_advertise_descriptor_create_application_service(const char *application_service_name);
const char *nw_advertise_descriptor_get_application_service_name(nw_advertise_descriptor_t advertise_descriptor);
void nw_advertise_descriptor_set_txt_record(nw_advertise_descriptor_t advertise_descriptor, const void *txt_record,
                                            size_t txt_length);
void nw_advertise_descriptor_set_txt_record_object(nw_advertise_descriptor_t advertise_descriptor,
                                                   nw_txt_record_t txt_record);
nw_txt_record_t nw_advertise_descriptor_copy_txt_record_object(nw_advertise_descriptor_t advertise_descriptor);
void nw_advertise_descriptor_set_no_auto_rename(nw_advertise_descriptor_t advertise_descriptor, bool no_auto_rename);
bool nw_advertise_descriptor_get_no_auto_rename(nw_advertise_descriptor_t advertise_descriptor);

nw_browse_descriptor_t nw_browse_descriptor_create_bonjour_service(const char *type, const char *domain);
nw_browse_descriptor_t nw_browse_descriptor_create_application_service(const char *application_service_name);
const char *nw_browse_descriptor_get_application_service_name(nw_browse_descriptor_t descriptor);
const char *nw_browse_descriptor_get_bonjour_service_type(nw_browse_descriptor_t descriptor);
const char *nw_browse_descriptor_get_bonjour_service_domain(nw_browse_descriptor_t descriptor);
void nw_browse_descriptor_set_include_txt_record(nw_browse_descriptor_t descriptor, bool include_txt_record);
bool nw_browse_descriptor_get_include_txt_record(nw_browse_descriptor_t descriptor);
nw_browser_t nw_browser_create(nw_browse_descriptor_t descriptor, nw_parameters_t parameters);
void nw_browser_set_queue(nw_browser_t browser, dispatch_queue_t queue);
void nw_browser_start(nw_browser_t browser);
void nw_browser_cancel(nw_browser_t browser);
nw_parameters_t nw_browser_copy_parameters(nw_browser_t browser);
nw_browse_descriptor_t nw_browser_copy_browse_descriptor(nw_browser_t browser);
nw_endpoint_t nw_browse_result_copy_endpoint(nw_browse_result_t result);
nw_browse_result_change_t nw_browse_result_get_changes(nw_browse_result_t old_result, nw_browse_result_t new_result);
size_t nw_browse_result_get_interfaces_count(nw_browse_result_t result);
nw_txt_record_t nw_browse_result_copy_txt_record_object(nw_browse_result_t result);

nw_txt_record_t nw_txt_record_create_with_bytes(const uint8_t *txt_bytes, size_t txt_len);
nw_txt_record_t nw_txt_record_create_dictionary(void);
nw_txt_record_t nw_txt_record_copy(nw_txt_record_t txt_record);
nw_txt_record_find_key_t nw_txt_record_find_key(nw_txt_record_t txt_record, const char *key);
bool nw_txt_record_remove_key(nw_txt_record_t txt_record, const char *key);
bool nw_txt_record_set_key(nw_txt_record_t txt_record, const char *key, const uint8_t *value, size_t value_len);
size_t nw_txt_record_get_key_count(nw_txt_record_t txt_record);
bool nw_txt_record_is_equal(nw_txt_record_t left, nw_txt_record_t right);
bool nw_txt_record_is_dictionary(nw_txt_record_t txt_record);
TENON_DECLARATIONS_END

#include <Network/protocols.h>

#include <Network/blocks.h>

#include <Network/ethernet_channel.h>
#include <Network/proxy_config.h>
#include <Network/reports.h>
