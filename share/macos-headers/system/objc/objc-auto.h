/* objc/objc-auto.h: the collector, which is gone: what is left answers as without one.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OBJC_OBJC_AUTO_H
#define TENON_OBJC_OBJC_AUTO_H

#include <objc/objc.h>
#include <stdint.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  OBJC_RATIO_COLLECTION = 0,
  OBJC_GENERATIONAL_COLLECTION = 1,
  OBJC_FULL_COLLECTION = 2,
  OBJC_EXHAUSTIVE_COLLECTION = 3,
  OBJC_COLLECT_IF_NEEDED = 1 << 3,
  OBJC_WAIT_UNTIL_DONE = 1 << 4
};

static inline BOOL objc_collectingEnabled(void) { return NO; }
static inline void objc_collect(unsigned long options __attribute__((unused))) {}
static inline void objc_startCollectorThread(void) {}

#ifdef __cplusplus
}
#endif
#endif
