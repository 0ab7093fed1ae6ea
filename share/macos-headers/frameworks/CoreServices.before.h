// CarbonCore: what is left of it in the interfaces of today.
#ifndef _TENON_FSREF
#define _TENON_FSREF
struct FSRef {
  UInt8 hidden[80];
};
typedef struct FSRef FSRef;
typedef FSRef *FSRefPtr;
#endif
typedef struct ComponentRecord *Component;
typedef struct ComponentInstanceRecord *ComponentInstance;
typedef UInt32 TextEncoding;

// UCKeyTranslate and what it reads: the layout of a keyboard as data.
typedef struct UCKeyboardLayout UCKeyboardLayout;
enum { kUCKeyActionDown = 0, kUCKeyActionUp = 1, kUCKeyActionAutoKey = 2, kUCKeyActionDisplay = 3 };
enum { kUCKeyTranslateNoDeadKeysBit = 0 };
enum { kUCKeyTranslateNoDeadKeysMask = 1 };
TENON_DECLARATIONS_BEGIN
extern OSStatus UCKeyTranslate(const UCKeyboardLayout *, UInt16, UInt16, UInt32, UInt32, OptionBits,
                               UInt32 *, unsigned long, unsigned long *, UniChar *);
extern OSStatus Gestalt(OSType, SInt32 *);
TENON_DECLARATIONS_END
