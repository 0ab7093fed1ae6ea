/* resolv.h: the resolver of BIND 9: -lresolv.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_RESOLV_H
#define TENON_RESOLV_H

#include <sys/types.h>
#include <sys/cdefs.h>
#include <sys/param.h>
#include <stdio.h>
#include <netinet/in.h>
#include <arpa/nameser.h>

#ifdef __cplusplus
extern "C" {
#endif

#define __RES 19991006

/* libresolv.9 exports its functions, and the types in them, under names of their own. */
#define __res_state        __res_9_state
#define __res_state_ext    __res_9_state_ext
#define res_sockaddr_union res_9_sockaddr_union
#define b64_ntop           res_9_b64_ntop
#define b64_pton           res_9_b64_pton
#define dn_comp            res_9_dn_comp
#define dn_count_labels    res_9_dn_count_labels
#define dn_expand          res_9_dn_expand
#define dn_skipname        res_9_dn_skipname
#define fp_nquery          res_9_fp_nquery
#define fp_query           res_9_fp_query
#define fp_resstat         res_9_fp_resstat
#define hostalias          res_9_hostalias
#define loc_aton           res_9_loc_aton
#define loc_ntoa           res_9_loc_ntoa
#define p_cdname           res_9_p_cdname
#define p_cdnname          res_9_p_cdnname
#define p_class            res_9_p_class
#define p_fqname           res_9_p_fqname
#define p_fqnname          res_9_p_fqnname
#define p_option           res_9_p_option
#define p_query            res_9_p_query
#define p_rcode            res_9_p_rcode
#define p_secstodate       res_9_p_secstodate
#define p_section          res_9_p_section
#define p_time             res_9_p_time
#define p_type             res_9_p_type
#define putlong            res_9_putlong
#define putshort           res_9_putshort
#define sym_ntop           res_9_sym_ntop
#define sym_ntos           res_9_sym_ntos
#define sym_ston           res_9_sym_ston
#define res_close          res_9_close
#define res_dnok           res_9_dnok
#define res_findzonecut    res_9_findzonecut
#define res_freeupdrec     res_9_freeupdrec
#define res_getservers     res_9_getservers
#define res_hnok           res_9_hnok
#define res_init           res_9_init
#define res_isourserver    res_9_isourserver
#define res_mailok         res_9_mailok
#define res_mkquery        res_9_mkquery
#define res_mkupdate       res_9_mkupdate
#define res_mkupdrec       res_9_mkupdrec
#define res_nameinquery    res_9_nameinquery
#define res_nclose         res_9_nclose
#define res_ndestroy       res_9_ndestroy
#define res_ninit          res_9_ninit
#define res_nmkquery       res_9_nmkquery
#define res_nquery         res_9_nquery
#define res_nquerydomain   res_9_nquerydomain
#define res_nsearch        res_9_nsearch
#define res_nsend          res_9_nsend
#define res_nsendsigned    res_9_nsendsigned
#define res_nupdate        res_9_nupdate
#define res_opt            res_9_opt
#define res_ownok          res_9_ownok
#define res_pquery         res_9_pquery
#define res_queriesmatch   res_9_queriesmatch
#define res_query          res_9_query
#define res_querydomain    res_9_querydomain
#define res_randomid       res_9_randomid
#define res_search         res_9_search
#define res_send           res_9_send
#define res_sendsigned     res_9_sendsigned
#define res_setservers     res_9_setservers
#define res_update         res_9_update

#define MAXNS         3
#define MAXDFLSRCH    3
#define MAXDNSRCH     6
#define LOCALDOMAINPARTS 2
#define RES_TIMEOUT   5
#define MAXRESOLVSORT 10
#define RES_MAXNDOTS  15
#define RES_MAXRETRANS 30
#define RES_MAXRETRY  5
#define RES_DFLRETRY  2
#define RES_MAXTIME   65535

#define _PATH_RESCONF "/etc/resolv.conf"

typedef enum { res_goahead, res_nextns, res_modified, res_done, res_error } res_sendhookact;

typedef res_sendhookact (*res_send_qhook)(struct sockaddr *const *ns, const u_char **query,
                                          int *querylen, u_char *ans, int anssiz, int *resplen);
typedef res_sendhookact (*res_send_rhook)(const struct sockaddr *ns, const u_char *query,
                                          int querylen, u_char *ans, int anssiz, int *resplen);

struct res_sym {
  int number;
  const char *name;
  const char *humanname;
};

struct __res_state_ext;

struct __res_state {
  int retrans;
  int retry;
  u_long options;
  int nscount;
  struct sockaddr_in nsaddr_list[MAXNS];
#define nsaddr nsaddr_list[0]
  u_short id;
  char *dnsrch[MAXDNSRCH + 1];
  char defdname[256];
  u_long pfcode;
  unsigned ndots : 4;
  unsigned nsort : 4;
  char unused[3];
  struct {
    struct in_addr addr;
    u_int32_t mask;
  } sort_list[MAXRESOLVSORT];
  res_send_qhook qhook;
  res_send_rhook rhook;
  int res_h_errno;
  int _vcsock;
  u_int _flags;
  u_int _pad;
  union {
    char pad[72 - 4 * sizeof(int) - 2 * sizeof(void *)];
    struct {
      u_int16_t nscount;
      u_int16_t nstimes[MAXNS];
      int nssocks[MAXNS];
      struct __res_state_ext *ext;
    } _ext;
  } _u;
};

typedef struct __res_state *res_state;

union res_sockaddr_union {
  struct sockaddr_in sin;
  struct sockaddr_in6 sin6;
  int64_t __align64;
  char __space[128];
};

#define RES_INIT         0x00000001
#define RES_DEBUG        0x00000002
#define RES_AAONLY       0x00000004
#define RES_USEVC        0x00000008
#define RES_PRIMARY      0x00000010
#define RES_IGNTC        0x00000020
#define RES_RECURSE      0x00000040
#define RES_DEFNAMES     0x00000080
#define RES_STAYOPEN     0x00000100
#define RES_DNSRCH       0x00000200
#define RES_INSECURE1    0x00000400
#define RES_INSECURE2    0x00000800
#define RES_NOALIASES    0x00001000
#define RES_USE_INET6    0x00002000
#define RES_ROTATE       0x00004000
#define RES_NOCHECKNAME  0x00008000
#define RES_KEEPTSIG     0x00010000
#define RES_BLAST        0x00020000
#define RES_NOTLDQUERY   0x00100000
#define RES_USE_DNSSEC   0x00200000
#define RES_USE_EDNS0    0x40000000
#define RES_DEFAULT      (RES_RECURSE | RES_DEFNAMES | RES_DNSRCH)

extern int res_init(void);
extern void res_close(void);
extern int res_query(const char *dname, int class_, int type, u_char *answer, int anslen);
extern int res_querydomain(const char *name, const char *domain, int class_, int type,
                           u_char *answer, int anslen);
extern int res_search(const char *dname, int class_, int type, u_char *answer, int anslen);
extern int res_mkquery(int op, const char *dname, int class_, int type, const u_char *data,
                       int datalen, const u_char *newrr_in, u_char *buf, int buflen);
extern int res_send(const u_char *msg, int msglen, u_char *answer, int anslen);
extern int res_isourserver(const struct sockaddr_in *in);
extern u_int res_randomid(void);

extern int res_ninit(res_state statp);
extern void res_nclose(res_state statp);
extern void res_ndestroy(res_state statp);
extern int res_nquery(res_state statp, const char *dname, int class_, int type, u_char *answer,
                      int anslen);
extern int res_nquerydomain(res_state statp, const char *name, const char *domain, int class_,
                            int type, u_char *answer, int anslen);
extern int res_nsearch(res_state statp, const char *dname, int class_, int type, u_char *answer,
                       int anslen);
extern int res_nmkquery(res_state statp, int op, const char *dname, int class_, int type,
                        const u_char *data, int datalen, const u_char *newrr_in, u_char *buf,
                        int buflen);
extern int res_nsend(res_state statp, const u_char *msg, int msglen, u_char *answer, int anslen);
extern int res_getservers(res_state statp, union res_sockaddr_union *set, int cnt);
extern void res_setservers(res_state statp, const union res_sockaddr_union *set, int cnt);
extern void res_pquery(const res_state statp, const u_char *msg, int msglen, FILE *file);

extern int res_hnok(const char *dn);
extern int res_ownok(const char *dn);
extern int res_mailok(const char *dn);
extern int res_dnok(const char *dn);
extern int res_nameinquery(const char *name, int type, int class_, const u_char *buf,
                           const u_char *eom);
extern int res_queriesmatch(const u_char *buf1, const u_char *eom1, const u_char *buf2,
                            const u_char *eom2);

extern int dn_skipname(const u_char *comp_dn, const u_char *eom);
extern int dn_comp(const char *exp_dn, u_char *comp_dn, int length, u_char **dnptrs,
                   u_char **lastdnptr);
extern int dn_expand(const u_char *msg, const u_char *eom, const u_char *comp_dn, char *exp_dn,
                     int length);
extern int dn_count_labels(const char *name);

extern int b64_ntop(u_char const *src, size_t srclength, char *target, size_t targsize);
extern int b64_pton(char const *src, u_char *target, size_t targsize);
extern int loc_aton(const char *ascii, u_char *binary);
extern const char *loc_ntoa(const u_char *binary, char *ascii);
extern void putlong(u_int32_t value, u_char *to);
extern void putshort(u_int16_t value, u_char *to);
extern const char *p_class(int class_);
extern const char *p_time(u_int32_t value);
extern const char *p_type(int type);
extern const char *p_rcode(int rcode);
extern const char *p_option(u_long option);
extern char *p_secstodate(u_long secs);
extern const char *p_section(int section, int opcode);
extern void fp_query(const u_char *msg, FILE *file);
extern void fp_nquery(const u_char *msg, int len, FILE *file);
extern const char *hostalias(const char *name);

#ifdef __cplusplus
}
#endif
#endif
