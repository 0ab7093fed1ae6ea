// The storage family, which the bindings leave out: its property names (documented in the IOKit
// fundamentals and shown by ioreg), and names for keys that are macros around CFSTR.
#define kIOMediaClass "IOMedia"
#define kIOMediaContentKey "Content"
#define kIOMediaContentHintKey "Content Hint"
#define kIOMediaContentMaskKey "Content Mask"
#define kIOMediaEjectableKey "Ejectable"
#define kIOMediaLeafKey "Leaf"
#define kIOMediaLiveKey "Live"
#define kIOMediaOpenKey "Open"
#define kIOMediaPreferredBlockSizeKey "Preferred Block Size"
#define kIOMediaRemovableKey "Removable"
#define kIOMediaSizeKey "Size"
#define kIOMediaUUIDKey "UUID"
#define kIOMediaWholeKey "Whole"
#define kIOMediaWritableKey "Writable"
#define kIOMediaIconKey "IOMediaIcon"
#define kIOCDMediaClass "IOCDMedia"
#define kIODVDMediaClass "IODVDMedia"
#define kIOBDMediaClass "IOBDMedia"
#define kIOBlockStorageDeviceClass "IOBlockStorageDevice"
#define kIOBlockStorageDriverClass "IOBlockStorageDriver"
#define kIOBlockStorageDriverStatisticsKey "Statistics"
#define kIOBlockStorageDriverStatisticsBytesReadKey "Bytes (Read)"
#define kIOBlockStorageDriverStatisticsBytesWrittenKey "Bytes (Write)"
#define kIOBlockStorageDriverStatisticsReadErrorsKey "Errors (Read)"
#define kIOBlockStorageDriverStatisticsWriteErrorsKey "Errors (Write)"
#define kIOBlockStorageDriverStatisticsLatentReadTimeKey "Latency Time (Read)"
#define kIOBlockStorageDriverStatisticsLatentWriteTimeKey "Latency Time (Write)"
#define kIOBlockStorageDriverStatisticsReadsKey "Operations (Read)"
#define kIOBlockStorageDriverStatisticsWritesKey "Operations (Write)"
#define kIOBlockStorageDriverStatisticsReadRetriesKey "Retries (Read)"
#define kIOBlockStorageDriverStatisticsWriteRetriesKey "Retries (Write)"
#define kIOBlockStorageDriverStatisticsTotalReadTimeKey "Total Time (Read)"
#define kIOBlockStorageDriverStatisticsTotalWriteTimeKey "Total Time (Write)"
#define kIOPropertyProtocolCharacteristicsKey "Protocol Characteristics"
#define kIOPropertyPhysicalInterconnectTypeKey "Physical Interconnect"
#define kIOPropertyPhysicalInterconnectLocationKey "Physical Interconnect Location"
#define kIOPropertyInternalKey "Internal"
#define kIOPropertyExternalKey "External"
#define kIOPropertyDeviceCharacteristicsKey "Device Characteristics"
#define kIOPropertyVendorNameKey "Vendor Name"
#define kIOPropertyProductNameKey "Product Name"
#define kIOPropertyProductRevisionLevelKey "Product Revision Level"
#define kIOPropertyProductSerialNumberKey "Serial Number"
#define kIOPropertyMediumTypeKey "Medium Type"
#define kIOPropertyMediumTypeSolidStateKey "Solid State"
#define kIOPropertyMediumTypeRotationalKey "Rotational"

#define kIOPMAssertionTypePreventUserIdleSystemSleep CFSTR("PreventUserIdleSystemSleep")
#define kIOPMAssertionTypePreventUserIdleDisplaySleep CFSTR("PreventUserIdleDisplaySleep")
#define kIOPMAssertionTypePreventSystemSleep CFSTR("PreventSystemSleep")
#define kIOPMAssertionTypeNoIdleSleep CFSTR("NoIdleSleepAssertion")
#define kIOPMAssertionTypeNoDisplaySleep CFSTR("NoDisplaySleepAssertion")
#define kIOPMAssertPreventUserIdleSystemSleep CFSTR("PreventUserIdleSystemSleep")
#define kIOPMAssertPreventUserIdleDisplaySleep CFSTR("PreventUserIdleDisplaySleep")
#define kIOPMAssertNetworkClientActive CFSTR("NetworkClientActive")
#define kIOPMAssertionTypeKey CFSTR("AssertType")
#define kIOPMAssertionNameKey CFSTR("AssertName")
#define kIOPMAssertionLevelKey CFSTR("AssertLevel")

#include <tenon/iollevent.h>

#define TENON_UUID(...) CFUUIDGetConstantUUIDWithBytes(NULL, __VA_ARGS__)
#define kIOCFPlugInInterfaceID                                                                   \
  TENON_UUID(0xC2, 0x44, 0xE8, 0x58, 0x10, 0x9C, 0x11, 0xD4, 0x91, 0xD4, 0x00, 0x50, 0xE4, 0xC6, \
             0x42, 0x6F)
#define kIOUSBDeviceUserClientTypeID                                                             \
  TENON_UUID(0x9d, 0xc7, 0xb7, 0x80, 0x9e, 0xc0, 0x11, 0xD4, 0xa5, 0x4f, 0x00, 0x0a, 0x27, 0x05, \
             0x28, 0x61)
#define kIOUSBInterfaceUserClientTypeID                                                          \
  TENON_UUID(0x2d, 0x97, 0x86, 0xc6, 0x9e, 0xf3, 0x11, 0xD4, 0xad, 0x51, 0x00, 0x0a, 0x27, 0x05, \
             0x28, 0x61)
#define kIOUSBDeviceInterfaceID                                                                  \
  TENON_UUID(0x5c, 0x81, 0x87, 0xd0, 0x9e, 0xf3, 0x11, 0xD4, 0x8b, 0x45, 0x00, 0x0a, 0x27, 0x05, \
             0x28, 0x61)
#define kIOUSBInterfaceInterfaceID                                                               \
  TENON_UUID(0x73, 0xc9, 0x7a, 0xe8, 0x9e, 0xf3, 0x11, 0xD4, 0xb1, 0xd0, 0x00, 0x0a, 0x27, 0x05, \
             0x28, 0x61)
#ifndef kIOBundleIdentifierKey
#define kIOBundleIdentifierKey "CFBundleIdentifier"
#endif

// bmRequestType of a control transfer (USB 2.0, table 9-2).
#define USBmakebmRequestType(direction, type, recipient) \
  ((UInt8)((((direction) & 1) << 7) | (((type) & 3) << 5) | ((recipient) & 31)))

// Interfaces of the USB family by their number; programs ask whether a name is defined.
#define kIOUSBDeviceInterfaceID182 \
  TENON_UUID(0x15, 0x2f, 0xc4, 0x96, 0x48, 0x91, 0x11, 0xd5, 0x9d, 0x52, 0x00, 0x0a, 0x27, 0x80, \
             0x1e, 0x86)
#define kIOUSBDeviceInterfaceID197 \
  TENON_UUID(0xc8, 0x09, 0xb8, 0xd8, 0x08, 0x84, 0x11, 0xd7, 0xbb, 0x96, 0x00, 0x03, 0x93, 0x3e, \
             0x3e, 0x3e)
#define kIOUSBDeviceInterfaceID245 \
  TENON_UUID(0xfe, 0x2f, 0xd5, 0x2f, 0x3b, 0x5a, 0x47, 0x3b, 0x97, 0x7b, 0xad, 0x99, 0x00, 0x1e, \
             0xb3, 0xed)
#define kIOUSBDeviceInterfaceID300 \
  TENON_UUID(0x39, 0x61, 0x04, 0xf7, 0x94, 0x3d, 0x48, 0x93, 0x90, 0xf1, 0x69, 0xbd, 0x6c, 0xf5, \
             0xc2, 0xeb)
#define kIOUSBDeviceInterfaceID320 \
  TENON_UUID(0x01, 0xa2, 0xd0, 0xe9, 0x42, 0xf6, 0x4a, 0x87, 0x8b, 0x8b, 0x77, 0x05, 0x7c, 0x8c, \
             0xe0, 0xce)
#define kIOUSBDeviceInterfaceID500 \
  TENON_UUID(0xa3, 0x3c, 0xf0, 0x47, 0x4b, 0x5b, 0x48, 0xe2, 0xb5, 0x7d, 0x02, 0x07, 0xfc, 0xea, \
             0xe1, 0x3b)
#define kIOUSBDeviceInterfaceID650 \
  TENON_UUID(0x4a, 0xac, 0x1b, 0x2e, 0x24, 0xc2, 0x47, 0x6a, 0x96, 0x4d, 0x91, 0x33, 0x35, 0x34, \
             0xf2, 0xcc)
#define kIOUSBInterfaceInterfaceID182 \
  TENON_UUID(0x49, 0x23, 0xac, 0x4c, 0x48, 0x96, 0x11, 0xd5, 0x92, 0x08, 0x00, 0x0a, 0x27, 0x80, \
             0x1e, 0x86)
#define kIOUSBInterfaceInterfaceID197 \
  TENON_UUID(0xc6, 0x3d, 0x3c, 0x92, 0x08, 0x84, 0x11, 0xd7, 0x96, 0x92, 0x00, 0x03, 0x93, 0x3e, \
             0x3e, 0x3e)
#define kIOUSBInterfaceInterfaceID220 \
  TENON_UUID(0x77, 0x0d, 0xe6, 0x0c, 0x2f, 0xe8, 0x11, 0xd8, 0xa5, 0x82, 0x00, 0x03, 0x93, 0xdc, \
             0xb1, 0xd0)
#define kIOUSBInterfaceInterfaceID245 \
  TENON_UUID(0x64, 0xba, 0xbd, 0xd2, 0x0f, 0x6b, 0x4b, 0x4f, 0x8e, 0x3e, 0xdc, 0x36, 0x04, 0x69, \
             0x87, 0xad)
#define kIOUSBInterfaceInterfaceID300 \
  TENON_UUID(0xbc, 0xea, 0xad, 0xdc, 0x88, 0x4d, 0x4f, 0x27, 0x83, 0x40, 0x36, 0xd6, 0x9f, 0xab, \
             0x90, 0xf6)
#define kIOUSBInterfaceInterfaceID500 \
  TENON_UUID(0x6c, 0x0d, 0x38, 0xc3, 0xb0, 0x93, 0x4e, 0xa7, 0x80, 0x9b, 0x09, 0xfb, 0x5d, 0xdd, \
             0xac, 0x16)
#define kIOUSBInterfaceInterfaceID550 \
  TENON_UUID(0x6a, 0xe4, 0x4d, 0x3f, 0xeb, 0x45, 0x48, 0x7f, 0x8e, 0x8e, 0xb9, 0x3b, 0x99, 0xf8, \
             0xea, 0x9e)
#define kIOUSBInterfaceInterfaceID650 \
  TENON_UUID(0x08, 0x15, 0x1a, 0x89, 0x80, 0x81, 0x40, 0x87, 0x8f, 0x9e, 0x0a, 0xfe, 0xdf, 0xdb, \
             0x5d, 0x9f)
#define kIOUSBInterfaceInterfaceID700 \
  TENON_UUID(0x17, 0xf9, 0xe5, 0x9c, 0xb0, 0xa1, 0x40, 0x1d, 0x9a, 0xc0, 0x8d, 0xe2, 0x7a, 0xc6, \
             0x04, 0x7e)
#define kIOUSBInterfaceInterfaceID800 \
  TENON_UUID(0x33, 0xa8, 0x5d, 0xb0, 0x0c, 0x3b, 0x43, 0x28, 0x8f, 0x02, 0xfd, 0xa8, 0x1b, 0x11, \
             0x7f, 0x4c)
#define kIOHIDDeviceUserClientTypeID                                                             \
  TENON_UUID(0xFA, 0x12, 0xFA, 0x38, 0x6F, 0x1A, 0x11, 0xD4, 0xBA, 0x0C, 0x00, 0x05, 0x02, 0x8F, \
             0x18, 0xD5)

TENON_DECLARATIONS_BEGIN
extern kern_return_t IOServiceWaitQuiet(io_service_t, mach_timespec_t *);
extern kern_return_t IOKitWaitQuiet(mach_port_t, mach_timespec_t *);
extern void IODispatchCalloutFromMessage(void *, mach_msg_header_t *, void *);
TENON_DECLARATIONS_END
