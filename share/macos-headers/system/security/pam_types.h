/* security/pam_types.h: types of OpenPAM.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SECURITY_PAM_TYPES_H
#define TENON_SECURITY_PAM_TYPES_H

struct pam_message {
  int msg_style;
  char *msg;
};

struct pam_response {
  char *resp;
  int resp_retcode;
};

struct pam_conv {
  int (*conv)(int, const struct pam_message **, struct pam_response **, void *);
  void *appdata_ptr;
};

struct pam_handle;
typedef struct pam_handle pam_handle_t;
#endif
