/* security/pam_appl.h: authentication for programs: OpenPAM, -lpam.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SECURITY_PAM_APPL_H
#define TENON_SECURITY_PAM_APPL_H

#include <security/pam_types.h>
#include <security/pam_constants.h>

#ifdef __cplusplus
extern "C" {
#endif

extern int pam_start(const char *service, const char *user, const struct pam_conv *pam_conversation,
                     pam_handle_t **pamh);
extern int pam_end(pam_handle_t *pamh, int status);
extern int pam_authenticate(pam_handle_t *pamh, int flags);
extern int pam_setcred(pam_handle_t *pamh, int flags);
extern int pam_acct_mgmt(pam_handle_t *pamh, int flags);
extern int pam_open_session(pam_handle_t *pamh, int flags);
extern int pam_close_session(pam_handle_t *pamh, int flags);
extern int pam_chauthtok(pam_handle_t *pamh, int flags);

extern int pam_get_item(const pam_handle_t *pamh, int item_type, const void **item);
extern int pam_set_item(pam_handle_t *pamh, int item_type, const void *item);
extern const char *pam_getenv(pam_handle_t *pamh, const char *name);
extern char **pam_getenvlist(pam_handle_t *pamh);
extern int pam_putenv(pam_handle_t *pamh, const char *namevalue);
extern const char *pam_strerror(const pam_handle_t *pamh, int error_number);

#ifdef __cplusplus
}
#endif
#endif
