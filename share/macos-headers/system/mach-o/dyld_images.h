/* mach-o/dyld_images.h: what dyld tells a debugger about the images.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_MACH_O_DYLD_IMAGES_H
#define TENON_MACH_O_DYLD_IMAGES_H

#include <mach-o/loader.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uuid/uuid.h>
#include <sys/types.h>

enum dyld_image_mode {
  dyld_image_adding = 0,
  dyld_image_removing = 1,
  dyld_image_info_change = 2,
  dyld_image_dyld_moved = 3
};

struct dyld_image_info {
  const struct mach_header *imageLoadAddress;
  const char *imageFilePath;
  uintptr_t imageFileModDate;
};

struct dyld_uuid_info {
  const struct mach_header *imageLoadAddress;
  uuid_t imageUUID;
};

struct dyld_aot_image_info;
struct dyld_aot_shared_cache_info;

typedef void (*dyld_image_notifier)(enum dyld_image_mode mode, uint32_t infoCount,
                                    const struct dyld_image_info info[]);

enum {
  dyld_error_kind_none = 0,
  dyld_error_kind_dylib_missing = 1,
  dyld_error_kind_dylib_wrong_arch = 2,
  dyld_error_kind_dylib_version = 3,
  dyld_error_kind_symbol_missing = 4
};

/* It grows with `version`; TASK_DYLD_INFO says where it is. */
struct dyld_all_image_infos {
  uint32_t version;
  uint32_t infoArrayCount;
  const struct dyld_image_info *infoArray;
  dyld_image_notifier notification;
  bool processDetachedFromSharedRegion;
  bool libSystemInitialized;
  const struct mach_header *dyldImageLoadAddress;
  void *jitInfo;
  const char *dyldVersion;
  const char *errorMessage;
  uintptr_t terminationFlags;
  void *coreSymbolicationShmPage;
  uintptr_t systemOrderFlag;
  uintptr_t uuidArrayCount;
  const struct dyld_uuid_info *uuidArray;
  struct dyld_all_image_infos *dyldAllImageInfosAddress;
  uintptr_t initialImageCount;
  uintptr_t errorKind;
  const char *errorClientOfDylibPath;
  const char *errorTargetDylibPath;
  const char *errorSymbol;
  uintptr_t sharedCacheSlide;
  uint8_t sharedCacheUUID[16];
  uintptr_t sharedCacheBaseAddress;
  uint64_t infoArrayChangeTimestamp;
  const char *dyldPath;
  uint32_t notifyPorts[8];
  uintptr_t reserved[7];
  uint64_t sharedCacheFSID;
  uint64_t sharedCacheFSObjID;
  uintptr_t compact_dyld_image_info_addr;
  size_t compact_dyld_image_info_size;
  uint32_t platform;
};
#endif
