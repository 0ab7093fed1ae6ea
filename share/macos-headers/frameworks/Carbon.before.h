// What is left of Carbon: key codes, events, hot keys and input sources. The numbers are those of
// the hardware's key positions on an ANSI, ISO or JIS keyboard.
enum {
  kVK_ANSI_A = 0x00, kVK_ANSI_S = 0x01, kVK_ANSI_D = 0x02, kVK_ANSI_F = 0x03, kVK_ANSI_H = 0x04,
  kVK_ANSI_G = 0x05, kVK_ANSI_Z = 0x06, kVK_ANSI_X = 0x07, kVK_ANSI_C = 0x08, kVK_ANSI_V = 0x09,
  kVK_ISO_Section = 0x0A, kVK_ANSI_B = 0x0B, kVK_ANSI_Q = 0x0C, kVK_ANSI_W = 0x0D,
  kVK_ANSI_E = 0x0E, kVK_ANSI_R = 0x0F, kVK_ANSI_Y = 0x10, kVK_ANSI_T = 0x11, kVK_ANSI_1 = 0x12,
  kVK_ANSI_2 = 0x13, kVK_ANSI_3 = 0x14, kVK_ANSI_4 = 0x15, kVK_ANSI_6 = 0x16, kVK_ANSI_5 = 0x17,
  kVK_ANSI_Equal = 0x18, kVK_ANSI_9 = 0x19, kVK_ANSI_7 = 0x1A, kVK_ANSI_Minus = 0x1B,
  kVK_ANSI_8 = 0x1C, kVK_ANSI_0 = 0x1D, kVK_ANSI_RightBracket = 0x1E, kVK_ANSI_O = 0x1F,
  kVK_ANSI_U = 0x20, kVK_ANSI_LeftBracket = 0x21, kVK_ANSI_I = 0x22, kVK_ANSI_P = 0x23,
  kVK_Return = 0x24, kVK_ANSI_L = 0x25, kVK_ANSI_J = 0x26, kVK_ANSI_Quote = 0x27,
  kVK_ANSI_K = 0x28, kVK_ANSI_Semicolon = 0x29, kVK_ANSI_Backslash = 0x2A, kVK_ANSI_Comma = 0x2B,
  kVK_ANSI_Slash = 0x2C, kVK_ANSI_N = 0x2D, kVK_ANSI_M = 0x2E, kVK_ANSI_Period = 0x2F,
  kVK_Tab = 0x30, kVK_Space = 0x31, kVK_ANSI_Grave = 0x32, kVK_Delete = 0x33, kVK_Escape = 0x35,
  kVK_RightCommand = 0x36, kVK_Command = 0x37, kVK_Shift = 0x38, kVK_CapsLock = 0x39,
  kVK_Option = 0x3A, kVK_Control = 0x3B, kVK_RightShift = 0x3C, kVK_RightOption = 0x3D,
  kVK_RightControl = 0x3E, kVK_Function = 0x3F, kVK_F17 = 0x40, kVK_ANSI_KeypadDecimal = 0x41,
  kVK_ANSI_KeypadMultiply = 0x43, kVK_ANSI_KeypadPlus = 0x45, kVK_ANSI_KeypadClear = 0x47,
  kVK_VolumeUp = 0x48, kVK_VolumeDown = 0x49, kVK_Mute = 0x4A, kVK_ANSI_KeypadDivide = 0x4B,
  kVK_ANSI_KeypadEnter = 0x4C, kVK_ANSI_KeypadMinus = 0x4E, kVK_F18 = 0x4F, kVK_F19 = 0x50,
  kVK_ANSI_KeypadEquals = 0x51, kVK_ANSI_Keypad0 = 0x52, kVK_ANSI_Keypad1 = 0x53,
  kVK_ANSI_Keypad2 = 0x54, kVK_ANSI_Keypad3 = 0x55, kVK_ANSI_Keypad4 = 0x56,
  kVK_ANSI_Keypad5 = 0x57, kVK_ANSI_Keypad6 = 0x58, kVK_ANSI_Keypad7 = 0x59, kVK_F20 = 0x5A,
  kVK_ANSI_Keypad8 = 0x5B, kVK_ANSI_Keypad9 = 0x5C, kVK_JIS_Yen = 0x5D,
  kVK_JIS_Underscore = 0x5E, kVK_JIS_KeypadComma = 0x5F, kVK_F5 = 0x60, kVK_F6 = 0x61,
  kVK_F7 = 0x62, kVK_F3 = 0x63, kVK_F8 = 0x64, kVK_F9 = 0x65, kVK_JIS_Eisu = 0x66,
  kVK_F11 = 0x67, kVK_JIS_Kana = 0x68, kVK_F13 = 0x69, kVK_F16 = 0x6A, kVK_F14 = 0x6B,
  kVK_F10 = 0x6D, kVK_ContextualMenu = 0x6E, kVK_F12 = 0x6F, kVK_F15 = 0x71, kVK_Help = 0x72,
  kVK_Home = 0x73, kVK_PageUp = 0x74, kVK_ForwardDelete = 0x75, kVK_F4 = 0x76, kVK_End = 0x77,
  kVK_F2 = 0x78, kVK_PageDown = 0x79, kVK_F1 = 0x7A, kVK_LeftArrow = 0x7B,
  kVK_RightArrow = 0x7C, kVK_DownArrow = 0x7D, kVK_UpArrow = 0x7E
};
typedef UInt16 EventModifiers;
typedef UInt16 EventKind;
enum {
  activeFlag = 1 << 0, btnState = 1 << 7, cmdKey = 1 << 8, shiftKey = 1 << 9,
  alphaLock = 1 << 10, optionKey = 1 << 11, controlKey = 1 << 12, rightShiftKey = 1 << 13,
  rightOptionKey = 1 << 14, rightControlKey = 1 << 15
};

typedef struct OpaqueEventRef *EventRef;
typedef struct OpaqueEventTargetRef *EventTargetRef;
typedef struct OpaqueEventHandlerRef *EventHandlerRef;
typedef struct OpaqueEventHandlerCallRef *EventHandlerCallRef;
typedef struct EventHotKeyRef_ *EventHotKeyRef;
typedef struct OpaqueEventLoopRef *EventLoopRef;
typedef UInt32 EventParamName;
typedef UInt32 EventParamType;
typedef double EventTime;
typedef double EventTimeout;
typedef struct EventTypeSpec {
  OSType eventClass;
  UInt32 eventKind;
} EventTypeSpec;
typedef struct EventHotKeyID {
  OSType signature;
  UInt32 id;
} EventHotKeyID;
typedef OSStatus (*EventHandlerProcPtr)(EventHandlerCallRef, EventRef, void *);
typedef EventHandlerProcPtr EventHandlerUPP;
#define NewEventHandlerUPP(handler) (handler)
#define DisposeEventHandlerUPP(handler) ((void)(handler))
enum {
  kEventClassMouse = 'mous', kEventClassKeyboard = 'keyb', kEventClassTextInput = 'text',
  kEventClassApplication = 'appl', kEventClassWindow = 'wind', kEventClassCommand = 'cmds'
};
enum {
  kEventRawKeyDown = 1, kEventRawKeyRepeat = 2, kEventRawKeyUp = 3,
  kEventRawKeyModifiersChanged = 4, kEventHotKeyPressed = 5, kEventHotKeyReleased = 6
};
enum {
  kEventParamDirectObject = '----', kEventParamKeyCode = 'kcod', kEventParamKeyModifiers = 'kmod',
  kEventParamKeyMacCharCodes = 'kchr', typeEventHotKeyID = 'hkid'
};
enum { kEventHotKeyNoOptions = 0, kEventHotKeyExclusive = 1 << 0 };
#define kEventDurationSecond ((EventTime)1.0)
#define kEventDurationMillisecond ((EventTime)(kEventDurationSecond / 1000))
#define kEventDurationForever ((EventTime)(-1.0))
#define kEventDurationNoWait ((EventTime)0.0)

TENON_DECLARATIONS_BEGIN
extern OSStatus InstallEventHandler(EventTargetRef, EventHandlerUPP, ItemCount,
                                    const EventTypeSpec *, void *, EventHandlerRef *);
#define InstallApplicationEventHandler(handler, count, types, data, ref) \
  InstallEventHandler(GetApplicationEventTarget(), (handler), (count), (types), (data), (ref))
extern OSStatus RemoveEventHandler(EventHandlerRef);
extern EventTargetRef GetApplicationEventTarget(void);
extern EventTargetRef GetEventDispatcherTarget(void);
extern EventTargetRef GetEventMonitorTarget(void);
extern OSStatus GetEventParameter(EventRef, EventParamName, EventParamType, EventParamType *,
                                  ByteCount, ByteCount *, void *);
extern UInt32 GetEventKind(EventRef);
extern OSType GetEventClass(EventRef);
extern OSStatus CallNextEventHandler(EventHandlerCallRef, EventRef);
extern OSStatus SendEventToEventTarget(EventRef, EventTargetRef);
extern OSStatus ReceiveNextEvent(ItemCount, const EventTypeSpec *, EventTimeout, Boolean,
                                 EventRef *);
extern void ReleaseEvent(EventRef);
extern OSStatus RegisterEventHotKey(UInt32, UInt32, EventHotKeyID, EventTargetRef, OptionBits,
                                    EventHotKeyRef *);
extern OSStatus UnregisterEventHotKey(EventHotKeyRef);
extern UInt32 GetCurrentEventKeyModifiers(void);
extern UInt32 GetCurrentKeyModifiers(void);
extern void RunApplicationEventLoop(void);
extern void QuitApplicationEventLoop(void);
extern Boolean IsSecureEventInputEnabled(void);
extern OSStatus EnableSecureEventInput(void);
extern OSStatus DisableSecureEventInput(void);
extern UInt8 LMGetKbdType(void);

typedef struct __TISInputSource *TISInputSourceRef;
extern const CFStringRef kTISPropertyInputSourceCategory;
extern const CFStringRef kTISPropertyInputSourceType;
extern const CFStringRef kTISPropertyInputSourceIsASCIICapable;
extern const CFStringRef kTISPropertyInputSourceIsSelectCapable;
extern const CFStringRef kTISPropertyInputSourceIsSelected;
extern const CFStringRef kTISPropertyInputSourceIsEnabled;
extern const CFStringRef kTISPropertyInputSourceID;
extern const CFStringRef kTISPropertyInputSourceLanguages;
extern const CFStringRef kTISPropertyLocalizedName;
extern const CFStringRef kTISPropertyUnicodeKeyLayoutData;
extern const CFStringRef kTISPropertyBundleID;
extern const CFStringRef kTISCategoryKeyboardInputSource;
extern const CFStringRef kTISTypeKeyboardLayout;
extern const CFStringRef kTISNotifySelectedKeyboardInputSourceChanged;
extern const CFStringRef kTISNotifyEnabledKeyboardInputSourcesChanged;
extern CFTypeID TISInputSourceGetTypeID(void);
extern void *TISGetInputSourceProperty(TISInputSourceRef, CFStringRef);
extern CFArrayRef TISCreateInputSourceList(CFDictionaryRef, Boolean);
extern TISInputSourceRef TISCopyCurrentKeyboardInputSource(void);
extern TISInputSourceRef TISCopyCurrentKeyboardLayoutInputSource(void);
extern TISInputSourceRef TISCopyCurrentASCIICapableKeyboardInputSource(void);
extern TISInputSourceRef TISCopyCurrentASCIICapableKeyboardLayoutInputSource(void);
extern OSStatus TISSelectInputSource(TISInputSourceRef);
extern OSStatus TISEnableInputSource(TISInputSourceRef);
extern OSStatus TISDisableInputSource(TISInputSourceRef);
TENON_DECLARATIONS_END
