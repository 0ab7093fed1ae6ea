/* sys/disk.h: ioctls of disks.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_SYS_DISK_H
#define TENON_SYS_DISK_H

#include <stdint.h>
#include <sys/ioccom.h>
#include <sys/types.h>

typedef struct {
  uint64_t offset;
  uint64_t length;
  uint8_t reserved0128[12];
  dev_t dev;
} dk_extent_t;

typedef struct {
  char path[128];
} dk_firmware_path_t;

typedef struct {
  uint64_t blockCount;
  uint32_t blockSize;
  uint8_t reserved0096[4];
} dk_format_capacity_t;

typedef struct {
  dk_format_capacity_t *capacities;
  uint32_t capacitiesCount;
#ifdef __LP64__
  uint8_t reserved0096[4];
#else
  uint8_t reserved0064[8];
#endif
} dk_format_capacities_t;

typedef struct {
  uint64_t offset;
  uint64_t length;
  uint32_t options;
  uint8_t reserved0160[4];
} dk_synchronize_t;

typedef struct {
  dk_extent_t *extents;
  uint32_t extentsCount;
  uint32_t options;
} dk_unmap_t;

#define DK_FEATURE_BARRIER        0x00000002
#define DK_FEATURE_PRIORITY       0x00000004
#define DK_FEATURE_UNMAP          0x00000010
#define DK_FEATURE_FORCE_UNIT_ACCESS 0x00000001

#define DK_SYNCHRONIZE_OPTION_BARRIER 0x00000002

#define DK_LOCATION_INTERNAL 0x00000000
#define DK_LOCATION_EXTERNAL 0x00000001

#define DKIOCEJECT                     _IO('d', 21)
#define DKIOCSYNCHRONIZECACHE          _IO('d', 22)
#define DKIOCSYNCHRONIZE               _IOW('d', 22, dk_synchronize_t)
#define DKIOCFORMAT                    _IOW('d', 26, dk_format_capacity_t)
#define DKIOCGETFORMATCAPACITIES       _IOWR('d', 26, dk_format_capacities_t)
#define DKIOCGETBLOCKSIZE              _IOR('d', 24, uint32_t)
#define DKIOCGETBLOCKCOUNT             _IOR('d', 25, uint64_t)
#define DKIOCGETFIRMWAREPATH           _IOR('d', 28, dk_firmware_path_t)
#define DKIOCISFORMATTED               _IOR('d', 23, uint32_t)
#define DKIOCISWRITABLE                _IOR('d', 29, uint32_t)
#define DKIOCREQUESTIDLE               _IO('d', 30)
#define DKIOCUNMAP                     _IOW('d', 31, dk_unmap_t)
#define DKIOCCORESTORAGE               _IOR('d', 32, uint8_t)
#define DKIOCGETMAXBLOCKCOUNTREAD      _IOR('d', 64, uint64_t)
#define DKIOCGETMAXBLOCKCOUNTWRITE     _IOR('d', 65, uint64_t)
#define DKIOCGETMAXBYTECOUNTREAD       _IOR('d', 70, uint64_t)
#define DKIOCGETMAXBYTECOUNTWRITE      _IOR('d', 71, uint64_t)
#define DKIOCGETMAXSEGMENTCOUNTREAD    _IOR('d', 66, uint64_t)
#define DKIOCGETMAXSEGMENTCOUNTWRITE   _IOR('d', 67, uint64_t)
#define DKIOCGETMAXSEGMENTBYTECOUNTREAD  _IOR('d', 68, uint64_t)
#define DKIOCGETMAXSEGMENTBYTECOUNTWRITE _IOR('d', 69, uint64_t)
#define DKIOCGETMINSEGMENTALIGNMENTBYTECOUNT _IOR('d', 74, uint64_t)
#define DKIOCGETMAXSEGMENTADDRESSABLEBITCOUNT _IOR('d', 75, uint64_t)
#define DKIOCGETFEATURES               _IOR('d', 76, uint32_t)
#define DKIOCGETPHYSICALBLOCKSIZE      _IOR('d', 77, uint32_t)
#define DKIOCGETCOMMANDPOOLSIZE        _IOR('d', 78, uint32_t)
#endif
