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
#define kIOHIDDeviceUserClientTypeID                                                             \
  TENON_UUID(0xFA, 0x12, 0xFA, 0x38, 0x6F, 0x1A, 0x11, 0xD4, 0xBA, 0x0C, 0x00, 0x05, 0x02, 0x8F, \
             0x18, 0xD5)

TENON_DECLARATIONS_BEGIN
extern kern_return_t IOServiceWaitQuiet(io_service_t, mach_timespec_t *);
extern kern_return_t IOKitWaitQuiet(mach_port_t, mach_timespec_t *);
extern void IODispatchCalloutFromMessage(void *, mach_msg_header_t *, void *);
TENON_DECLARATIONS_END
