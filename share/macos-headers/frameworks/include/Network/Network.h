// A part of Apple's Network framework: path monitors, interfaces, endpoints, and plain connections. By the public
// documentation of its C interface. Not here: TLS and protocol options, listeners, browsers, and framers.
#pragma once
#pragma clang system_header

#include <dispatch/dispatch.h>
#include <sys/socket.h>
#include <uuid/uuid.h>

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
TENON_NW_OBJECT(nw_protocol_options);
TENON_NW_OBJECT(nw_connection);
TENON_NW_OBJECT(nw_content_context);
#undef TENON_NW_OBJECT

typedef enum {
  nw_path_status_invalid = 0,
  nw_path_status_satisfied = 1,
  nw_path_status_unsatisfied = 2,
  nw_path_status_satisfiable = 3,
} nw_path_status_t;

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
  nw_connection_state_invalid = 0,
  nw_connection_state_waiting = 1,
  nw_connection_state_preparing = 2,
  nw_connection_state_ready = 3,
  nw_connection_state_failed = 4,
  nw_connection_state_cancelled = 5,
} nw_connection_state_t;

TENON_DECLARATIONS_BEGIN
void *nw_retain(void *obj);
void nw_release(void *obj);

nw_path_monitor_t nw_path_monitor_create(void);
nw_path_monitor_t nw_path_monitor_create_with_type(nw_interface_type_t required_interface_type);
void nw_path_monitor_prohibit_interface_type(nw_path_monitor_t monitor, nw_interface_type_t interface_type);
void nw_path_monitor_set_queue(nw_path_monitor_t monitor, dispatch_queue_t queue);
void nw_path_monitor_start(nw_path_monitor_t monitor);
void nw_path_monitor_cancel(nw_path_monitor_t monitor);

nw_path_status_t nw_path_get_status(nw_path_t path);
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

nw_endpoint_type_t nw_endpoint_get_type(nw_endpoint_t endpoint);
nw_endpoint_t nw_endpoint_create_host(const char *hostname, const char *port);
nw_endpoint_t nw_endpoint_create_address(const struct sockaddr *address);
const char *nw_endpoint_get_hostname(nw_endpoint_t endpoint);
uint16_t nw_endpoint_get_port(nw_endpoint_t endpoint);
char *nw_endpoint_copy_port_string(nw_endpoint_t endpoint);
char *nw_endpoint_copy_address_string(nw_endpoint_t endpoint);
const struct sockaddr *nw_endpoint_get_address(nw_endpoint_t endpoint);

nw_error_domain_t nw_error_get_error_domain(nw_error_t error);
int nw_error_get_error_code(nw_error_t error);

nw_parameters_t nw_parameters_create(void);
nw_parameters_t nw_parameters_copy(nw_parameters_t parameters);
void nw_parameters_require_interface(nw_parameters_t parameters, nw_interface_t interface);
void nw_parameters_set_required_interface_type(nw_parameters_t parameters, nw_interface_type_t interface_type);
void nw_parameters_set_local_endpoint(nw_parameters_t parameters, nw_endpoint_t local_endpoint);
void nw_parameters_set_prohibit_expensive(nw_parameters_t parameters, bool prohibit_expensive);

nw_connection_t nw_connection_create(nw_endpoint_t endpoint, nw_parameters_t parameters);
nw_endpoint_t nw_connection_copy_endpoint(nw_connection_t connection);
nw_path_t nw_connection_copy_current_path(nw_connection_t connection);
void nw_connection_set_queue(nw_connection_t connection, dispatch_queue_t queue);
void nw_connection_start(nw_connection_t connection);
void nw_connection_restart(nw_connection_t connection);
void nw_connection_cancel(nw_connection_t connection);
void nw_connection_force_cancel(nw_connection_t connection);

#ifdef __BLOCKS__
typedef void (^nw_path_monitor_update_handler_t)(nw_path_t path);
typedef void (^nw_path_monitor_cancel_handler_t)(void);
typedef bool (^nw_path_enumerate_interfaces_block_t)(nw_interface_t interface);
typedef void (^nw_parameters_configure_protocol_block_t)(nw_protocol_options_t options);
typedef void (^nw_connection_state_changed_handler_t)(nw_connection_state_t state, nw_error_t error);
typedef void (^nw_connection_receive_completion_t)(dispatch_data_t content, nw_content_context_t context, bool is_complete,
                                                   nw_error_t error);
typedef void (^nw_connection_send_completion_t)(nw_error_t error);

void nw_path_monitor_set_update_handler(nw_path_monitor_t monitor, nw_path_monitor_update_handler_t update_handler);
void nw_path_monitor_set_cancel_handler(nw_path_monitor_t monitor, nw_path_monitor_cancel_handler_t cancel_handler);
void nw_path_enumerate_interfaces(nw_path_t path, nw_path_enumerate_interfaces_block_t enumerate_block);
nw_parameters_t nw_parameters_create_secure_tcp(nw_parameters_configure_protocol_block_t configure_tls,
                                                nw_parameters_configure_protocol_block_t configure_tcp);
nw_parameters_t nw_parameters_create_secure_udp(nw_parameters_configure_protocol_block_t configure_dtls,
                                                nw_parameters_configure_protocol_block_t configure_udp);
extern const nw_parameters_configure_protocol_block_t _nw_parameters_configure_protocol_default_configuration;
extern const nw_parameters_configure_protocol_block_t _nw_parameters_configure_protocol_disable;
#define NW_PARAMETERS_DEFAULT_CONFIGURATION (_nw_parameters_configure_protocol_default_configuration)
#define NW_PARAMETERS_DISABLE_PROTOCOL (_nw_parameters_configure_protocol_disable)
void nw_connection_set_state_changed_handler(nw_connection_t connection, nw_connection_state_changed_handler_t handler);
void nw_connection_receive(nw_connection_t connection, uint32_t minimum_incomplete_length, uint32_t maximum_length,
                           nw_connection_receive_completion_t completion);
void nw_connection_send(nw_connection_t connection, dispatch_data_t content, nw_content_context_t context,
                        bool is_complete, nw_connection_send_completion_t completion);
extern const nw_content_context_t _nw_content_context_default_message;
extern const nw_content_context_t _nw_content_context_final_send;
#define NW_CONNECTION_DEFAULT_MESSAGE_CONTEXT (_nw_content_context_default_message)
#define NW_CONNECTION_FINAL_MESSAGE_CONTEXT (_nw_content_context_final_send)
#endif
TENON_DECLARATIONS_END
