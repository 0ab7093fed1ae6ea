/* bsm/libbsm.h: reading audit tokens and writing audit records.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_BSM_LIBBSM_H
#define TENON_BSM_LIBBSM_H

#include <bsm/audit.h>
#include <mach/mach.h>
#include <stdio.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define AU_CLASS_NAME_MAX  8
#define AU_CLASS_DESC_MAX 72
#define AU_EVENT_NAME_MAX 30
#define AU_EVENT_DESC_MAX 50
#define AU_USER_NAME_MAX  50
#define AU_LINE_MAX      256
#define MAX_AUDITSTRING_LEN 256

#define AUDIT_EVENT_FILE   "/etc/security/audit_event"
#define AUDIT_CLASS_FILE   "/etc/security/audit_class"
#define AUDIT_CONTROL_FILE "/etc/security/audit_control"
#define AUDIT_USER_FILE    "/etc/security/audit_user"

#define AU_PRS_SUCCESS 1
#define AU_PRS_FAILURE 2
#define AU_PRS_BOTH    (AU_PRS_SUCCESS | AU_PRS_FAILURE)

#define AU_PRS_USECACHE 0
#define AU_PRS_REREAD   1

#define AU_TO_NO_WRITE 0
#define AU_TO_WRITE    1

struct au_event_ent {
  au_event_t ae_number;
  char *ae_name;
  char *ae_desc;
  au_class_t ae_class;
};
typedef struct au_event_ent au_event_ent_t;

struct au_class_ent {
  char *ac_name;
  au_class_t ac_class;
  char *ac_desc;
};
typedef struct au_class_ent au_class_ent_t;

struct au_user_ent {
  char *au_name;
  au_mask_t au_always;
  au_mask_t au_never;
};
typedef struct au_user_ent au_user_ent_t;

/* The token of a process that a message or a connection brings. */
extern void audit_token_to_au32(audit_token_t atoken, uid_t *auidp, uid_t *euidp, gid_t *egidp,
                                uid_t *ruidp, gid_t *rgidp, pid_t *pidp, au_asid_t *asidp,
                                au_tid_t *tidp);
extern uid_t audit_token_to_auid(audit_token_t atoken);
extern uid_t audit_token_to_euid(audit_token_t atoken);
extern gid_t audit_token_to_egid(audit_token_t atoken);
extern uid_t audit_token_to_ruid(audit_token_t atoken);
extern gid_t audit_token_to_rgid(audit_token_t atoken);
extern pid_t audit_token_to_pid(audit_token_t atoken);
extern au_asid_t audit_token_to_asid(audit_token_t atoken);
extern int audit_token_to_pidversion(audit_token_t atoken);

/* Records. */
extern int au_open(void);
extern int au_close(int d, int keep, short event);
extern int au_write(int d, token_t *tok);
extern void au_free_token(token_t *tok);
extern token_t *au_to_arg32(char n, const char *text, u_int32_t v);
extern token_t *au_to_arg64(char n, const char *text, u_int64_t v);
extern token_t *au_to_exit(int retval, int err);
extern token_t *au_to_me(void);
extern token_t *au_to_opaque(const char *data, u_int16_t bytes);
extern token_t *au_to_path(const char *text);
extern token_t *au_to_return32(char status, u_int32_t ret);
extern token_t *au_to_return64(char status, u_int64_t ret);
extern token_t *au_to_subject32(au_id_t auid, uid_t euid, gid_t egid, uid_t ruid, gid_t rgid,
                                pid_t pid, au_asid_t sid, au_tid_t *tid);
extern token_t *au_to_text(const char *text);
extern int au_read_rec(FILE *fp, u_char **buf);

/* The files that configure it. */
extern int getacdir(char *name, int len);
extern int getacmin(int *min_val);
extern int getacflg(char *auditstr, int len);
extern int getacna(char *auditstr, int len);
extern void setac(void);
extern void endac(void);
extern int getauditflagsbin(char *auditstr, au_mask_t *masks);
extern int getauditflagschar(char *auditstr, au_mask_t *masks, int verbose);
extern struct au_event_ent *getauevent(void);
extern struct au_event_ent *getauevnum(au_event_t event_number);
extern struct au_event_ent *getauevnam(const char *name);
extern void setauevent(void);
extern void endauevent(void);
extern struct au_class_ent *getauclassent(void);
extern struct au_class_ent *getauclassnam(const char *name);
extern void setauclass(void);
extern void endauclass(void);
extern struct au_user_ent *getauuserent(void);
extern struct au_user_ent *getauusernam(const char *name);
extern void setauuser(void);
extern void endauuser(void);
extern int au_user_mask(char *username, au_mask_t *mask_p);
extern int au_preselect(au_event_t event, au_mask_t *mask_p, int sorf, int flag);

#ifdef __cplusplus
}
#endif
#endif
