/* objc/objc-sync.h: the lock behind @synchronized.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_OBJC_OBJC_SYNC_H
#define TENON_OBJC_OBJC_SYNC_H

#include <objc/objc.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  OBJC_SYNC_SUCCESS = 0,
  OBJC_SYNC_NOT_OWNING_THREAD_ERROR = -1
};

extern int objc_sync_enter(id obj);
extern int objc_sync_exit(id obj);

#ifdef __cplusplus
}
#endif
#endif
