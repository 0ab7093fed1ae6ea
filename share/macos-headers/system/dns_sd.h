/* dns_sd.h: Bonjour: finding and announcing services.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_DNS_SD_H
#define TENON_DNS_SD_H

#include <stdint.h>
#include <Availability.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _DNSServiceRef_t *DNSServiceRef;
typedef struct _DNSRecordRef_t *DNSRecordRef;
typedef uint32_t DNSServiceFlags;
typedef uint32_t DNSServiceProtocol;
typedef int32_t DNSServiceErrorType;

#define kDNSServiceMaxServiceName 64
#define kDNSServiceMaxDomainName  1009

#define kDNSServiceInterfaceIndexAny       0
#define kDNSServiceInterfaceIndexLocalOnly ((uint32_t)-1)
#define kDNSServiceInterfaceIndexUnicast   ((uint32_t)-2)
#define kDNSServiceInterfaceIndexP2P       ((uint32_t)-3)
#define kDNSServiceInterfaceIndexBLE       ((uint32_t)-4)

#define kDNSServiceProperty_DaemonVersion "DaemonVersion"

enum {
  kDNSServiceFlagsMoreComing = 0x1,
  kDNSServiceFlagsAutoTrigger = 0x1,
  kDNSServiceFlagsAdd = 0x2,
  kDNSServiceFlagsDefault = 0x4,
  kDNSServiceFlagsNoAutoRename = 0x8,
  kDNSServiceFlagsShared = 0x10,
  kDNSServiceFlagsUnique = 0x20,
  kDNSServiceFlagsBrowseDomains = 0x40,
  kDNSServiceFlagsRegistrationDomains = 0x80,
  kDNSServiceFlagsLongLivedQuery = 0x100,
  kDNSServiceFlagsAllowRemoteQuery = 0x200,
  kDNSServiceFlagsForceMulticast = 0x400,
  kDNSServiceFlagsForce = 0x800,
  kDNSServiceFlagsKnownUnique = 0x800,
  kDNSServiceFlagsReturnIntermediates = 0x1000,
  kDNSServiceFlagsShareConnection = 0x4000,
  kDNSServiceFlagsSuppressUnusable = 0x8000,
  kDNSServiceFlagsTimeout = 0x10000,
  kDNSServiceFlagsIncludeP2P = 0x20000,
  kDNSServiceFlagsWakeOnResolve = 0x40000,
  kDNSServiceFlagsBackgroundTrafficClass = 0x80000,
  kDNSServiceFlagsIncludeAWDL = 0x100000,
  kDNSServiceFlagsEnableDNSSEC = 0x200000,
  kDNSServiceFlagsValidate = 0x200000,
  kDNSServiceFlagsUnicastResponse = 0x400000,
  kDNSServiceFlagsValidateOptional = 0x800000,
  kDNSServiceFlagsWakeOnlyService = 0x1000000,
  kDNSServiceFlagsThresholdOne = 0x2000000,
  kDNSServiceFlagsThresholdFinder = 0x4000000,
  kDNSServiceFlagsDenyCellular = 0x8000000,
  kDNSServiceFlagsServiceIndex = 0x10000000,
  kDNSServiceFlagsDenyExpensive = 0x20000000,
  kDNSServiceFlagsPathEvaluationDone = 0x40000000
};

enum {
  kDNSServiceProtocol_IPv4 = 0x01,
  kDNSServiceProtocol_IPv6 = 0x02,
  kDNSServiceProtocol_UDP = 0x10,
  kDNSServiceProtocol_TCP = 0x20
};

enum { kDNSServiceClass_IN = 1 };

enum {
  kDNSServiceType_A = 1,
  kDNSServiceType_NS = 2,
  kDNSServiceType_MD = 3,
  kDNSServiceType_MF = 4,
  kDNSServiceType_CNAME = 5,
  kDNSServiceType_SOA = 6,
  kDNSServiceType_MB = 7,
  kDNSServiceType_MG = 8,
  kDNSServiceType_MR = 9,
  kDNSServiceType_NULL = 10,
  kDNSServiceType_WKS = 11,
  kDNSServiceType_PTR = 12,
  kDNSServiceType_HINFO = 13,
  kDNSServiceType_MINFO = 14,
  kDNSServiceType_MX = 15,
  kDNSServiceType_TXT = 16,
  kDNSServiceType_RP = 17,
  kDNSServiceType_AFSDB = 18,
  kDNSServiceType_X25 = 19,
  kDNSServiceType_ISDN = 20,
  kDNSServiceType_RT = 21,
  kDNSServiceType_NSAP = 22,
  kDNSServiceType_NSAP_PTR = 23,
  kDNSServiceType_SIG = 24,
  kDNSServiceType_KEY = 25,
  kDNSServiceType_PX = 26,
  kDNSServiceType_GPOS = 27,
  kDNSServiceType_AAAA = 28,
  kDNSServiceType_LOC = 29,
  kDNSServiceType_NXT = 30,
  kDNSServiceType_EID = 31,
  kDNSServiceType_NIMLOC = 32,
  kDNSServiceType_SRV = 33,
  kDNSServiceType_ATMA = 34,
  kDNSServiceType_NAPTR = 35,
  kDNSServiceType_KX = 36,
  kDNSServiceType_CERT = 37,
  kDNSServiceType_A6 = 38,
  kDNSServiceType_DNAME = 39,
  kDNSServiceType_SINK = 40,
  kDNSServiceType_OPT = 41,
  kDNSServiceType_APL = 42,
  kDNSServiceType_DS = 43,
  kDNSServiceType_SSHFP = 44,
  kDNSServiceType_IPSECKEY = 45,
  kDNSServiceType_RRSIG = 46,
  kDNSServiceType_NSEC = 47,
  kDNSServiceType_DNSKEY = 48,
  kDNSServiceType_DHCID = 49,
  kDNSServiceType_NSEC3 = 50,
  kDNSServiceType_NSEC3PARAM = 51,
  kDNSServiceType_HIP = 55,
  kDNSServiceType_SPF = 99,
  kDNSServiceType_UINFO = 100,
  kDNSServiceType_UID = 101,
  kDNSServiceType_GID = 102,
  kDNSServiceType_UNSPEC = 103,
  kDNSServiceType_TKEY = 249,
  kDNSServiceType_TSIG = 250,
  kDNSServiceType_IXFR = 251,
  kDNSServiceType_AXFR = 252,
  kDNSServiceType_MAILB = 253,
  kDNSServiceType_MAILA = 254,
  kDNSServiceType_ANY = 255
};

enum {
  kDNSServiceErr_NoError = 0,
  kDNSServiceErr_Unknown = -65537,
  kDNSServiceErr_NoSuchName = -65538,
  kDNSServiceErr_NoMemory = -65539,
  kDNSServiceErr_BadParam = -65540,
  kDNSServiceErr_BadReference = -65541,
  kDNSServiceErr_BadState = -65542,
  kDNSServiceErr_BadFlags = -65543,
  kDNSServiceErr_Unsupported = -65544,
  kDNSServiceErr_NotInitialized = -65545,
  kDNSServiceErr_AlreadyRegistered = -65547,
  kDNSServiceErr_NameConflict = -65548,
  kDNSServiceErr_Invalid = -65549,
  kDNSServiceErr_Firewall = -65550,
  kDNSServiceErr_Incompatible = -65551,
  kDNSServiceErr_BadInterfaceIndex = -65552,
  kDNSServiceErr_Refused = -65553,
  kDNSServiceErr_NoSuchRecord = -65554,
  kDNSServiceErr_NoAuth = -65555,
  kDNSServiceErr_NoSuchKey = -65556,
  kDNSServiceErr_NATTraversal = -65557,
  kDNSServiceErr_DoubleNAT = -65558,
  kDNSServiceErr_BadTime = -65559,
  kDNSServiceErr_BadSig = -65560,
  kDNSServiceErr_BadKey = -65561,
  kDNSServiceErr_Transient = -65562,
  kDNSServiceErr_ServiceNotRunning = -65563,
  kDNSServiceErr_NATPortMappingUnsupported = -65564,
  kDNSServiceErr_NATPortMappingDisabled = -65565,
  kDNSServiceErr_NoRouter = -65566,
  kDNSServiceErr_PollingMode = -65567,
  kDNSServiceErr_Timeout = -65568,
  kDNSServiceErr_DefunctConnection = -65569,
  kDNSServiceErr_PolicyDenied = -65570,
  kDNSServiceErr_NotPermitted = -65571
};

/* Connections to the daemon. */
extern DNSServiceErrorType DNSServiceGetProperty(const char *property, void *result,
                                                 uint32_t *size);
extern int DNSServiceRefSockFD(DNSServiceRef sdRef);
extern DNSServiceErrorType DNSServiceProcessResult(DNSServiceRef sdRef);
extern void DNSServiceRefDeallocate(DNSServiceRef sdRef);
extern DNSServiceErrorType DNSServiceCreateConnection(DNSServiceRef *sdRef);

/* Domains. */
typedef void (*DNSServiceDomainEnumReply)(DNSServiceRef sdRef, DNSServiceFlags flags,
                                          uint32_t interfaceIndex, DNSServiceErrorType errorCode,
                                          const char *replyDomain, void *context);
extern DNSServiceErrorType DNSServiceEnumerateDomains(DNSServiceRef *sdRef, DNSServiceFlags flags,
                                                      uint32_t interfaceIndex,
                                                      DNSServiceDomainEnumReply callBack,
                                                      void *context);

/* Announcing. */
typedef void (*DNSServiceRegisterReply)(DNSServiceRef sdRef, DNSServiceFlags flags,
                                        DNSServiceErrorType errorCode, const char *name,
                                        const char *regtype, const char *domain, void *context);
extern DNSServiceErrorType DNSServiceRegister(DNSServiceRef *sdRef, DNSServiceFlags flags,
                                              uint32_t interfaceIndex, const char *name,
                                              const char *regtype, const char *domain,
                                              const char *host, uint16_t port, uint16_t txtLen,
                                              const void *txtRecord,
                                              DNSServiceRegisterReply callBack, void *context);
extern DNSServiceErrorType DNSServiceAddRecord(DNSServiceRef sdRef, DNSRecordRef *RecordRef,
                                               DNSServiceFlags flags, uint16_t rrtype,
                                               uint16_t rdlen, const void *rdata, uint32_t ttl);
extern DNSServiceErrorType DNSServiceUpdateRecord(DNSServiceRef sdRef, DNSRecordRef RecordRef,
                                                  DNSServiceFlags flags, uint16_t rdlen,
                                                  const void *rdata, uint32_t ttl);
extern DNSServiceErrorType DNSServiceRemoveRecord(DNSServiceRef sdRef, DNSRecordRef RecordRef,
                                                  DNSServiceFlags flags);
typedef void (*DNSServiceRegisterRecordReply)(DNSServiceRef sdRef, DNSRecordRef RecordRef,
                                              DNSServiceFlags flags,
                                              DNSServiceErrorType errorCode, void *context);
extern DNSServiceErrorType DNSServiceRegisterRecord(DNSServiceRef sdRef, DNSRecordRef *RecordRef,
                                                    DNSServiceFlags flags, uint32_t interfaceIndex,
                                                    const char *fullname, uint16_t rrtype,
                                                    uint16_t rrclass, uint16_t rdlen,
                                                    const void *rdata, uint32_t ttl,
                                                    DNSServiceRegisterRecordReply callBack,
                                                    void *context);

/* Finding. */
typedef void (*DNSServiceBrowseReply)(DNSServiceRef sdRef, DNSServiceFlags flags,
                                      uint32_t interfaceIndex, DNSServiceErrorType errorCode,
                                      const char *serviceName, const char *regtype,
                                      const char *replyDomain, void *context);
extern DNSServiceErrorType DNSServiceBrowse(DNSServiceRef *sdRef, DNSServiceFlags flags,
                                            uint32_t interfaceIndex, const char *regtype,
                                            const char *domain, DNSServiceBrowseReply callBack,
                                            void *context);
typedef void (*DNSServiceResolveReply)(DNSServiceRef sdRef, DNSServiceFlags flags,
                                       uint32_t interfaceIndex, DNSServiceErrorType errorCode,
                                       const char *fullname, const char *hosttarget, uint16_t port,
                                       uint16_t txtLen, const unsigned char *txtRecord,
                                       void *context);
extern DNSServiceErrorType DNSServiceResolve(DNSServiceRef *sdRef, DNSServiceFlags flags,
                                             uint32_t interfaceIndex, const char *name,
                                             const char *regtype, const char *domain,
                                             DNSServiceResolveReply callBack, void *context);
typedef void (*DNSServiceQueryRecordReply)(DNSServiceRef sdRef, DNSServiceFlags flags,
                                           uint32_t interfaceIndex, DNSServiceErrorType errorCode,
                                           const char *fullname, uint16_t rrtype, uint16_t rrclass,
                                           uint16_t rdlen, const void *rdata, uint32_t ttl,
                                           void *context);
extern DNSServiceErrorType DNSServiceQueryRecord(DNSServiceRef *sdRef, DNSServiceFlags flags,
                                                 uint32_t interfaceIndex, const char *fullname,
                                                 uint16_t rrtype, uint16_t rrclass,
                                                 DNSServiceQueryRecordReply callBack,
                                                 void *context);
extern DNSServiceErrorType DNSServiceReconfirmRecord(DNSServiceFlags flags,
                                                     uint32_t interfaceIndex, const char *fullname,
                                                     uint16_t rrtype, uint16_t rrclass,
                                                     uint16_t rdlen, const void *rdata);
struct sockaddr;
typedef void (*DNSServiceGetAddrInfoReply)(DNSServiceRef sdRef, DNSServiceFlags flags,
                                           uint32_t interfaceIndex, DNSServiceErrorType errorCode,
                                           const char *hostname, const struct sockaddr *address,
                                           uint32_t ttl, void *context);
extern DNSServiceErrorType DNSServiceGetAddrInfo(DNSServiceRef *sdRef, DNSServiceFlags flags,
                                                 uint32_t interfaceIndex,
                                                 DNSServiceProtocol protocol, const char *hostname,
                                                 DNSServiceGetAddrInfoReply callBack,
                                                 void *context);
typedef void (*DNSServiceNATPortMappingReply)(DNSServiceRef sdRef, DNSServiceFlags flags,
                                              uint32_t interfaceIndex,
                                              DNSServiceErrorType errorCode,
                                              uint32_t externalAddress, DNSServiceProtocol protocol,
                                              uint16_t internalPort, uint16_t externalPort,
                                              uint32_t ttl, void *context);
extern DNSServiceErrorType DNSServiceNATPortMappingCreate(
    DNSServiceRef *sdRef, DNSServiceFlags flags, uint32_t interfaceIndex,
    DNSServiceProtocol protocol, uint16_t internalPort, uint16_t externalPort, uint32_t ttl,
    DNSServiceNATPortMappingReply callBack, void *context);
extern DNSServiceErrorType DNSServiceConstructFullName(char *fullName, const char *service,
                                                       const char *regtype, const char *domain);

/* TXT records. */
typedef union _TXTRecordRef_t {
  char PrivateData[16];
  char *ForceNaturalAlignment;
} TXTRecordRef;

extern void TXTRecordCreate(TXTRecordRef *txtRecord, uint16_t bufferLen, void *buffer);
extern void TXTRecordDeallocate(TXTRecordRef *txtRecord);
extern DNSServiceErrorType TXTRecordSetValue(TXTRecordRef *txtRecord, const char *key,
                                             uint8_t valueSize, const void *value);
extern DNSServiceErrorType TXTRecordRemoveValue(TXTRecordRef *txtRecord, const char *key);
extern uint16_t TXTRecordGetLength(const TXTRecordRef *txtRecord);
extern const void *TXTRecordGetBytesPtr(const TXTRecordRef *txtRecord);
extern int TXTRecordContainsKey(uint16_t txtLen, const void *txtRecord, const char *key);
extern const void *TXTRecordGetValuePtr(uint16_t txtLen, const void *txtRecord, const char *key,
                                        uint8_t *valueLen);
extern uint16_t TXTRecordGetCount(uint16_t txtLen, const void *txtRecord);
extern DNSServiceErrorType TXTRecordGetItemAtIndex(uint16_t txtLen, const void *txtRecord,
                                                   uint16_t itemIndex, uint16_t keyBufLen,
                                                   char *key, uint8_t *valueLen,
                                                   const void **value);

#ifdef __cplusplus
}
#endif

#ifdef __APPLE__
#include <dispatch/dispatch.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif
extern DNSServiceErrorType DNSServiceSetDispatchQueue(DNSServiceRef service,
                                                      dispatch_queue_t queue);

#ifdef __cplusplus
}
#endif
#endif
