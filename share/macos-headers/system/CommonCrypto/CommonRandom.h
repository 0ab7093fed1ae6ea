/* CommonCrypto/CommonRandom.h: random bytes.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_COMMONCRYPTO_COMMONRANDOM_H
#define TENON_COMMONCRYPTO_COMMONRANDOM_H

#include <stddef.h>
#include <CommonCrypto/CommonCryptoError.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef CCCryptorStatus CCRNGStatus;

extern CCRNGStatus CCRandomGenerateBytes(void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
#endif
