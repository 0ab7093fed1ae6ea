/* arpa/nameser.h: messages of the domain name system, and reading them (libresolv).
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_ARPA_NAMESER_H
#define TENON_ARPA_NAMESER_H

#include <sys/types.h>
#include <sys/param.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* libresolv.9 exports its functions under names of their own. */
#define ns_msg_getflag       res_9_ns_msg_getflag
#define ns_skiprr            res_9_ns_skiprr
#define ns_initparse         res_9_ns_initparse
#define ns_parserr           res_9_ns_parserr
#define ns_sprintrr          res_9_ns_sprintrr
#define ns_sprintrrf         res_9_ns_sprintrrf
#define ns_format_ttl        res_9_ns_format_ttl
#define ns_parse_ttl         res_9_ns_parse_ttl
#define ns_datetosecs        res_9_ns_datetosecs
#define ns_name_ntol         res_9_ns_name_ntol
#define ns_name_ntop         res_9_ns_name_ntop
#define ns_name_pton         res_9_ns_name_pton
#define ns_name_unpack       res_9_ns_name_unpack
#define ns_name_pack         res_9_ns_name_pack
#define ns_name_uncompress   res_9_ns_name_uncompress
#define ns_name_compress     res_9_ns_name_compress
#define ns_name_skip         res_9_ns_name_skip
#define ns_name_rollback     res_9_ns_name_rollback
#define ns_samedomain        res_9_ns_samedomain
#define ns_subdomain         res_9_ns_subdomain
#define ns_makecanon         res_9_ns_makecanon
#define ns_samename          res_9_ns_samename
#define ns_get16             res_9_ns_get16
#define ns_get32             res_9_ns_get32
#define ns_put16             res_9_ns_put16
#define ns_put32             res_9_ns_put32

#define __NAMESER 19991006

#define NS_PACKETSZ    512
#define NS_MAXDNAME   1025
#define NS_MAXCDNAME   255
#define NS_MAXLABEL     63
#define NS_HFIXEDSZ     12
#define NS_QFIXEDSZ      4
#define NS_RRFIXEDSZ    10
#define NS_INT32SZ       4
#define NS_INT16SZ       2
#define NS_INT8SZ        1
#define NS_INADDRSZ      4
#define NS_IN6ADDRSZ    16
#define NS_CMPRSFLGS  0xc0
#define NS_DEFAULTPORT  53

typedef enum __ns_sect {
  ns_s_qd = 0, ns_s_zn = 0,
  ns_s_an = 1, ns_s_pr = 1,
  ns_s_ns = 2, ns_s_ud = 2,
  ns_s_ar = 3,
  ns_s_max = 4
} ns_sect;

/* A message that was looked through, and one of its records. */
typedef struct __ns_msg {
  const u_char *_msg, *_eom;
  u_int16_t _id, _flags, _counts[ns_s_max];
  const u_char *_sections[ns_s_max];
  ns_sect _sect;
  int _rrnum;
  const u_char *_msg_ptr;
} ns_msg;

typedef struct __ns_rr {
  char name[NS_MAXDNAME];
  u_int16_t type;
  u_int16_t rr_class;
  u_int32_t ttl;
  u_int16_t rdlength;
  const u_char *rdata;
} ns_rr;

#define ns_msg_id(handle)     ((handle)._id + 0)
#define ns_msg_base(handle)   ((handle)._msg + 0)
#define ns_msg_end(handle)    ((handle)._eom + 0)
#define ns_msg_size(handle)   ((handle)._eom - (handle)._msg)
#define ns_msg_count(handle, section) ((handle)._counts[section] + 0)

#define ns_rr_name(rr)  (((rr).name[0] != '\0') ? (rr).name : ".")
#define ns_rr_type(rr)  ((ns_type)((rr).type + 0))
#define ns_rr_class(rr) ((ns_class)((rr).rr_class + 0))
#define ns_rr_ttl(rr)   ((rr).ttl + 0)
#define ns_rr_rdlen(rr) ((rr).rdlength + 0)
#define ns_rr_rdata(rr) ((rr).rdata + 0)

typedef enum __ns_flag {
  ns_f_qr, ns_f_opcode, ns_f_aa, ns_f_tc, ns_f_rd, ns_f_ra, ns_f_z, ns_f_ad, ns_f_cd, ns_f_rcode,
  ns_f_max
} ns_flag;

typedef enum __ns_opcode {
  ns_o_query = 0,
  ns_o_iquery = 1,
  ns_o_status = 2,
  ns_o_notify = 4,
  ns_o_update = 5,
  ns_o_max = 6
} ns_opcode;

typedef enum __ns_rcode {
  ns_r_noerror = 0,
  ns_r_formerr = 1,
  ns_r_servfail = 2,
  ns_r_nxdomain = 3,
  ns_r_notimpl = 4,
  ns_r_refused = 5,
  ns_r_yxdomain = 6,
  ns_r_yxrrset = 7,
  ns_r_nxrrset = 8,
  ns_r_notauth = 9,
  ns_r_notzone = 10,
  ns_r_max = 11,
  ns_r_badvers = 16,
  ns_r_badsig = 16,
  ns_r_badkey = 17,
  ns_r_badtime = 18
} ns_rcode;

typedef enum __ns_type {
  ns_t_invalid = 0,
  ns_t_a = 1,
  ns_t_ns = 2,
  ns_t_md = 3,
  ns_t_mf = 4,
  ns_t_cname = 5,
  ns_t_soa = 6,
  ns_t_mb = 7,
  ns_t_mg = 8,
  ns_t_mr = 9,
  ns_t_null = 10,
  ns_t_wks = 11,
  ns_t_ptr = 12,
  ns_t_hinfo = 13,
  ns_t_minfo = 14,
  ns_t_mx = 15,
  ns_t_txt = 16,
  ns_t_rp = 17,
  ns_t_afsdb = 18,
  ns_t_x25 = 19,
  ns_t_isdn = 20,
  ns_t_rt = 21,
  ns_t_nsap = 22,
  ns_t_nsap_ptr = 23,
  ns_t_sig = 24,
  ns_t_key = 25,
  ns_t_px = 26,
  ns_t_gpos = 27,
  ns_t_aaaa = 28,
  ns_t_loc = 29,
  ns_t_nxt = 30,
  ns_t_eid = 31,
  ns_t_nimloc = 32,
  ns_t_srv = 33,
  ns_t_atma = 34,
  ns_t_naptr = 35,
  ns_t_kx = 36,
  ns_t_cert = 37,
  ns_t_a6 = 38,
  ns_t_dname = 39,
  ns_t_sink = 40,
  ns_t_opt = 41,
  ns_t_apl = 42,
  ns_t_tkey = 249,
  ns_t_tsig = 250,
  ns_t_ixfr = 251,
  ns_t_axfr = 252,
  ns_t_mailb = 253,
  ns_t_maila = 254,
  ns_t_any = 255,
  ns_t_zxfr = 256,
  ns_t_max = 65536
} ns_type;

typedef enum __ns_class {
  ns_c_invalid = 0,
  ns_c_in = 1,
  ns_c_2 = 2,
  ns_c_chaos = 3,
  ns_c_hs = 4,
  ns_c_none = 254,
  ns_c_any = 255,
  ns_c_max = 65536
} ns_class;

typedef enum __ns_update_operation {
  ns_uop_delete = 0,
  ns_uop_add = 1,
  ns_uop_max = 2
} ns_update_operation;

extern int ns_msg_getflag(ns_msg handle, int flag);
extern int ns_initparse(const u_char *msg, int msglen, ns_msg *handle);
extern int ns_skiprr(const u_char *ptr, const u_char *eom, ns_sect section, int count);
extern int ns_parserr(ns_msg *handle, ns_sect section, int rrnum, ns_rr *rr);
extern int ns_sprintrr(const ns_msg *handle, const ns_rr *rr, const char *name_ctx,
                       const char *origin, char *buf, size_t buflen);
extern int ns_sprintrrf(const u_char *msg, size_t msglen, const char *name, ns_class rr_class,
                        ns_type type, u_long ttl, const u_char *rdata, size_t rdlen,
                        const char *name_ctx, const char *origin, char *buf, size_t buflen);
extern int ns_format_ttl(u_long src, char *dst, size_t dstlen);
extern int ns_parse_ttl(const char *src, u_long *dst);
extern u_int32_t ns_datetosecs(const char *cp, int *errp);
extern int ns_name_ntol(const u_char *src, u_char *dst, size_t dstsiz);
extern int ns_name_ntop(const u_char *src, char *dst, size_t dstsiz);
extern int ns_name_pton(const char *src, u_char *dst, size_t dstsiz);
extern int ns_name_unpack(const u_char *msg, const u_char *eom, const u_char *src, u_char *dst,
                          size_t dstsiz);
extern int ns_name_pack(const u_char *src, u_char *dst, int dstsiz, const u_char **dnptrs,
                        const u_char **lastdnptr);
extern int ns_name_uncompress(const u_char *msg, const u_char *eom, const u_char *src, char *dst,
                              size_t dstsiz);
extern int ns_name_compress(const char *src, u_char *dst, size_t dstsiz, const u_char **dnptrs,
                            const u_char **lastdnptr);
extern int ns_name_skip(const u_char **ptrptr, const u_char *eom);
extern void ns_name_rollback(const u_char *src, const u_char **dnptrs, const u_char **lastdnptr);
extern int ns_samedomain(const char *a, const char *b);
extern int ns_subdomain(const char *a, const char *b);
extern int ns_makecanon(const char *src, char *dst, size_t dstsize);
extern int ns_samename(const char *a, const char *b);
extern u_int ns_get16(const u_char *src);
extern u_long ns_get32(const u_char *src);
extern void ns_put16(u_int src, u_char *dst);
extern void ns_put32(u_long src, u_char *dst);

#ifdef __cplusplus
}
#endif

#ifdef BIND_8_COMPAT
#include <arpa/nameser_compat.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif
#endif
