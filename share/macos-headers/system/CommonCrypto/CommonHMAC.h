/* CommonCrypto/CommonHMAC.h: keyed hashes.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_COMMONCRYPTO_COMMONHMAC_H
#define TENON_COMMONCRYPTO_COMMONHMAC_H

#include <CommonCrypto/CommonDigest.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CC_HMAC_CONTEXT_SIZE 96

typedef struct {
  uint32_t ctx[CC_HMAC_CONTEXT_SIZE];
} CCHmacContext;

enum {
  kCCHmacAlgSHA1 = 0,
  kCCHmacAlgMD5 = 1,
  kCCHmacAlgSHA256 = 2,
  kCCHmacAlgSHA384 = 3,
  kCCHmacAlgSHA512 = 4,
  kCCHmacAlgSHA224 = 5
};
typedef uint32_t CCHmacAlgorithm;

extern void CCHmacInit(CCHmacContext *ctx, CCHmacAlgorithm algorithm, const void *key,
                       size_t keyLength);
extern void CCHmacUpdate(CCHmacContext *ctx, const void *data, size_t dataLength);
extern void CCHmacFinal(CCHmacContext *ctx, void *macOut);
extern void CCHmac(CCHmacAlgorithm algorithm, const void *key, size_t keyLength, const void *data,
                   size_t dataLength, void *macOut);

#ifdef __cplusplus
}
#endif
#endif
