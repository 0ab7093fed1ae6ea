#include "base/text.h"
#include "diagnose/causes/match_helpers.h"

namespace tenon::causes {
namespace {

// Frameworks with C or Objective-C headers in /System/Library/Frameworks of macOS.
constexpr std::string_view frameworks =
    "AGL AVFAudio AVFoundation AVKit Accelerate Accessibility Accounts AddressBook AppKit "
    "AppleScriptKit ApplicationServices AudioToolbox AudioUnit AuthenticationServices "
    "AutomaticAssessment Automator BackgroundTasks BusinessChat CFNetwork CalendarStore CallKit "
    "Carbon ClassKit CloudKit Cocoa Collaboration ColorSync Combine Contacts ContactsUI "
    "CoreAudio CoreAudioKit CoreBluetooth CoreData CoreDisplay CoreFoundation CoreGraphics "
    "CoreHaptics CoreImage CoreLocation CoreMIDI CoreML CoreMedia CoreMediaIO CoreMotion "
    "CoreServices CoreSpotlight CoreTelephony CoreText CoreVideo CoreWLAN CryptoTokenKit "
    "DVDPlayback DeviceCheck DirectoryService DiscRecording DiskArbitration DriverKit "
    "EndpointSecurity EventKit ExceptionHandling ExternalAccessory FileProvider FinderSync "
    "ForceFeedback Foundation GLKit GLUT GSS GameController GameKit GameplayKit HIDDriverKit "
    "Hypervisor ICADevices IMServicePlugIn IOBluetooth IOBluetoothUI IOKit IOSurface IOUSBHost "
    "ImageCaptureCore ImageIO InputMethodKit InstantMessage Intents JavaScriptCore Kerberos "
    "Kernel KernelManagement LDAP LatentSemanticMapping LinkPresentation LocalAuthentication "
    "MLCompute MailKit MapKit MediaAccessibility MediaLibrary MediaPlayer MediaToolbox Message "
    "Metal MetalFX MetalKit MetalPerformanceShaders MetricKit ModelIO MultipeerConnectivity "
    "NaturalLanguage NearbyInteraction NetFS Network NetworkExtension NotificationCenter OSAKit "
    "OSLog OpenAL OpenCL OpenDirectory OpenGL PCSC ParavirtualizedGraphics PassKit PencilKit "
    "Photos PhotosUI PushKit PushToTalk QTKit Quartz QuartzCore QuickLook QuickLookThumbnailing "
    "QuickTime ReplayKit SafariServices SceneKit ScreenCaptureKit ScreenSaver ScreenTime "
    "ScriptingBridge Security SecurityFoundation SecurityInterface SensorKit ServiceManagement "
    "SharedWithYou ShazamKit Social SoundAnalysis Speech SpriteKit StoreKit SyncServices System "
    "SystemConfiguration SystemExtensions TWAIN Tcl Tk UniformTypeIdentifiers UserNotifications "
    "UserNotificationsUI VideoDecodeAcceleration VideoSubscriberAccount VideoToolbox "
    "Virtualization Vision WebKit vmnet";

}  // namespace

bool is_apple_framework(std::string_view name) {
  const auto words = split_words(frameworks);
  return std::ranges::find(words, name) != words.end();
}

}  // namespace tenon::causes
