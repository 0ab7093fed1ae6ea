/* security/pam_modules.h: authentication modules: OpenPAM.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SECURITY_PAM_MODULES_H
#define TENON_SECURITY_PAM_MODULES_H

#include <security/pam_types.h>
#include <security/pam_constants.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PAM_EXTERN

extern int pam_get_data(const pam_handle_t *pamh, const char *module_data_name, const void **data);
extern int pam_set_data(pam_handle_t *pamh, const char *module_data_name, void *data,
                        void (*cleanup)(pam_handle_t *pamh, void *data, int pam_end_status));
extern int pam_get_user(pam_handle_t *pamh, const char **user, const char *prompt);

extern int pam_get_item(const pam_handle_t *pamh, int item_type, const void **item);
extern int pam_set_item(pam_handle_t *pamh, int item_type, const void *item);
extern const char *pam_getenv(pam_handle_t *pamh, const char *name);
extern char **pam_getenvlist(pam_handle_t *pamh);
extern int pam_putenv(pam_handle_t *pamh, const char *namevalue);
extern const char *pam_strerror(const pam_handle_t *pamh, int error_number);

/* What a module defines. */
extern int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv);
extern int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv);
extern int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv);
extern int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv);
extern int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv);
extern int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv);

#ifdef __cplusplus
}
#endif
#endif
