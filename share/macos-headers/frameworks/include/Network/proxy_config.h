// Relays and proxies. By the public documentation; held by the tests against PyObjC and read beside the bindings of .NET.
#pragma once
#pragma clang system_header

#include <Network/types.h>

#include <tenon/declare.h>

TENON_DECLARATIONS_BEGIN
nw_relay_hop_t nw_relay_hop_create(nw_endpoint_t http3_relay_endpoint, nw_endpoint_t http2_relay_endpoint,
                                   nw_protocol_options_t relay_tls_options);
void nw_relay_hop_add_additional_http_header_field(nw_relay_hop_t relay_hop, const char *field_name, const char *field_value);

nw_proxy_config_t nw_proxy_config_create_relay(nw_relay_hop_t first_hop, nw_relay_hop_t second_hop);
nw_proxy_config_t nw_proxy_config_create_oblivious_http(nw_relay_hop_t relay, const char *relay_resource_path,
                                                        const uint8_t *gateway_key_config,
                                                        size_t gateway_key_config_length);
nw_proxy_config_t nw_proxy_config_create_http_connect(nw_endpoint_t proxy_endpoint, nw_protocol_options_t proxy_tls_options);
nw_proxy_config_t nw_proxy_config_create_socksv5(nw_endpoint_t proxy_endpoint);
void nw_proxy_config_set_username_and_password(nw_proxy_config_t proxy_config, const char *username, const char *password);
void nw_proxy_config_set_failover_allowed(nw_proxy_config_t proxy_config, bool failover_allowed);
bool nw_proxy_config_get_failover_allowed(nw_proxy_config_t proxy_config);
void nw_proxy_config_add_match_domain(nw_proxy_config_t config, const char *match_domain);
void nw_proxy_config_clear_match_domains(nw_proxy_config_t config);
void nw_proxy_config_add_excluded_domain(nw_proxy_config_t config, const char *excluded_domain);
void nw_proxy_config_clear_excluded_domains(nw_proxy_config_t config);
void nw_privacy_context_add_proxy(nw_privacy_context_t privacy_context, nw_proxy_config_t proxy_config);
void nw_privacy_context_clear_proxies(nw_privacy_context_t privacy_context);

#ifdef __BLOCKS__
typedef void (^nw_proxy_domain_enumerator_t)(const char *domain);
void nw_proxy_config_enumerate_match_domains(nw_proxy_config_t config, nw_proxy_domain_enumerator_t enumerator);
void nw_proxy_config_enumerate_excluded_domains(nw_proxy_config_t config, nw_proxy_domain_enumerator_t enumerator);
#endif
TENON_DECLARATIONS_END
