// What Rust wraps by hand or has no word for.
TENON_DECLARATIONS_BEGIN
extern const CFStringRef kCFEmptyString;
extern CFStringRef __CFStringMakeConstantString(const char *);
TENON_DECLARATIONS_END

// The compiler lays a constant string out in the program; it is never released.
#define CFSTR(text) ((CFStringRef)__builtin___CFStringMakeConstantString("" text ""))

CF_INLINE CFRange CFRangeMake(CFIndex location, CFIndex length) {
  CFRange range;
  range.location = location;
  range.length = length;
  return range;
}
#define kCFNotFound ((CFIndex) - 1)
#define CF_USE_OSBYTEORDER_H 1

enum __CFByteOrder { CFByteOrderUnknown, CFByteOrderLittleEndian, CFByteOrderBigEndian };
typedef CFIndex CFByteOrder;
CF_INLINE CFByteOrder CFByteOrderGetCurrent(void) { return CFByteOrderLittleEndian; }
CF_INLINE uint16_t CFSwapInt16(uint16_t value) { return __builtin_bswap16(value); }
CF_INLINE uint32_t CFSwapInt32(uint32_t value) { return __builtin_bswap32(value); }
CF_INLINE uint64_t CFSwapInt64(uint64_t value) { return __builtin_bswap64(value); }
CF_INLINE uint16_t CFSwapInt16BigToHost(uint16_t value) { return __builtin_bswap16(value); }
CF_INLINE uint16_t CFSwapInt16HostToBig(uint16_t value) { return __builtin_bswap16(value); }
CF_INLINE uint16_t CFSwapInt16LittleToHost(uint16_t value) { return value; }
CF_INLINE uint16_t CFSwapInt16HostToLittle(uint16_t value) { return value; }
CF_INLINE uint32_t CFSwapInt32BigToHost(uint32_t value) { return __builtin_bswap32(value); }
CF_INLINE uint32_t CFSwapInt32HostToBig(uint32_t value) { return __builtin_bswap32(value); }
CF_INLINE uint32_t CFSwapInt32LittleToHost(uint32_t value) { return value; }
CF_INLINE uint32_t CFSwapInt32HostToLittle(uint32_t value) { return value; }
CF_INLINE uint64_t CFSwapInt64BigToHost(uint64_t value) { return __builtin_bswap64(value); }
CF_INLINE uint64_t CFSwapInt64HostToBig(uint64_t value) { return __builtin_bswap64(value); }
CF_INLINE uint64_t CFSwapInt64LittleToHost(uint64_t value) { return value; }
CF_INLINE uint64_t CFSwapInt64HostToLittle(uint64_t value) { return value; }
CF_INLINE CFOptionFlags CFUserNotificationCheckBoxChecked(CFIndex index) {
  return (CFOptionFlags)1 << (8 + index);
}
CF_INLINE CFOptionFlags CFUserNotificationSecureTextField(CFIndex index) {
  return (CFOptionFlags)1 << (16 + index);
}
CF_INLINE CFOptionFlags CFUserNotificationPopUpSelection(CFIndex index) {
  return (CFOptionFlags)index << 24;
}
TENON_DECLARATIONS_BEGIN
extern CFStringRef CFStringCreateWithFormatAndArguments(CFAllocatorRef, CFDictionaryRef,
                                                        CFStringRef, va_list);
extern void CFStringAppendFormatAndArguments(CFMutableStringRef, CFDictionaryRef, CFStringRef,
                                             va_list);
TENON_DECLARATIONS_END

// CFPlugInCOM: the results and the first members of an interface, in the order of COM.
#define SUCCEEDED(result) ((HRESULT)(result) >= 0)
#define FAILED(result) ((HRESULT)(result) < 0)
#define S_OK ((HRESULT)0)
#define S_FALSE ((HRESULT)1)
#define E_UNEXPECTED ((HRESULT)0x8000FFFF)
#define E_NOTIMPL ((HRESULT)0x80000001)
#define E_OUTOFMEMORY ((HRESULT)0x80000002)
#define E_INVALIDARG ((HRESULT)0x80000003)
#define E_NOINTERFACE ((HRESULT)0x80000004)
#define E_POINTER ((HRESULT)0x80000005)
#define E_HANDLE ((HRESULT)0x80000006)
#define E_ABORT ((HRESULT)0x80000007)
#define E_FAIL ((HRESULT)0x80000008)
#define E_ACCESSDENIED ((HRESULT)0x80000009)
#define IUNKNOWN_C_GUTS                                       \
  void *_reserved;                                            \
  HRESULT (*QueryInterface)(void *, REFIID, LPVOID *);        \
  ULONG (*AddRef)(void *);                                    \
  ULONG (*Release)(void *)
