#include "diagnose/rows/symbols.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tenon::rows {
namespace {

// Classes and functions of a framework begin with its letters. The first row that fits counts.
struct Family {
  std::string_view prefix, framework;
};

constexpr auto families = std::to_array<Family>({
    {"UTType", "UniformTypeIdentifiers"},
    {"UTCoreTypes", "UniformTypeIdentifiers"},
    {"UNUser", "UserNotifications"},
    {"UNNotification", "UserNotifications"},
    {"UNMutable", "UserNotifications"},
    {"WKWeb", "WebKit"},
    {"WKUser", "WebKit"},
    {"WKScript", "WebKit"},
    {"WKPreferences", "WebKit"},
    {"WKProcess", "WebKit"},
    {"MTLCopy", "Metal"},
    {"MTLCreate", "Metal"},
    {"MTL", "Metal"},
    {"MTK", "MetalKit"},
    {"MPSGraph", "MetalPerformanceShadersGraph"},
    {"MPS", "MetalPerformanceShaders"},
    {"MPNow", "MediaPlayer"},
    {"MPRemote", "MediaPlayer"},
    {"AVAudio", "AVFAudio"},
    {"AV", "AVFoundation"},
    {"CAMetal", "QuartzCore"},
    {"CALayer", "QuartzCore"},
    {"CATransaction", "QuartzCore"},
    {"CB", "CoreBluetooth"},
    {"CLLocation", "CoreLocation"},
    {"CWInterface", "CoreWLAN"},
    {"CWWiFi", "CoreWLAN"},
    {"CNContact", "Contacts"},
    {"EKEvent", "EventKit"},
    {"LAContext", "LocalAuthentication"},
    {"MLModel", "CoreML"},
    {"MLMulti", "CoreML"},
    {"NLLanguage", "NaturalLanguage"},
    {"PHAsset", "Photos"},
    {"SCShareable", "ScreenCaptureKit"},
    {"SCStream", "ScreenCaptureKit"},
    {"SCContentFilter", "ScreenCaptureKit"},
    {"SMAppService", "ServiceManagement"},
    {"SMJob", "ServiceManagement"},
    {"SKPayment", "StoreKit"},
    {"SF", "SafariServices"},
    {"VNRecognize", "Vision"},
    {"VNImage", "Vision"},
    {"VZ", "Virtualization"},
    {"OSSystemExtension", "SystemExtensions"},
    {"NEVPN", "NetworkExtension"},
    {"NETunnel", "NetworkExtension"},
    {"NSApp", "AppKit"},
    {"NSWindow", "AppKit"},
    {"NSView", "AppKit"},
    {"NSMenu", "AppKit"},
    {"NSAlert", "AppKit"},
    {"NSImage", "AppKit"},
    {"NSColor", "AppKit"},
    {"NSFont", "AppKit"},
    {"NSEvent", "AppKit"},
    {"NSCursor", "AppKit"},
    {"NSScreen", "AppKit"},
    {"NSPasteboard", "AppKit"},
    {"NSStatus", "AppKit"},
    {"NSOpen", "AppKit"},
    {"NSSavePanel", "AppKit"},
    {"NSWorkspace", "AppKit"},
    {"NSRunning", "AppKit"},
    {"NSText", "AppKit"},
    {"NSButton", "AppKit"},
    {"NS", "Foundation"},
    {"IOPS", "IOKit"},
    {"IOPM", "IOKit"},
    {"IOHID", "IOKit"},
    {"IOService", "IOKit"},
    {"IORegistry", "IOKit"},
    {"IOObject", "IOKit"},
    {"IOIterator", "IOKit"},
    {"IOSurface", "IOSurface"},
    {"IOBluetooth", "IOBluetooth"},
    {"kIOMain", "IOKit"},
    {"kIOMaster", "IOKit"},
    {"CMSample", "CoreMedia"},
    {"CMTime", "CoreMedia"},
    {"CMBlock", "CoreMedia"},
    {"CMVideo", "CoreMedia"},
    {"CVPixel", "CoreVideo"},
    {"CVDisplay", "CoreVideo"},
    {"VTCompression", "VideoToolbox"},
    {"VTDecompression", "VideoToolbox"},
    {"AudioObject", "CoreAudio"},
    {"AudioDevice", "CoreAudio"},
    {"AudioHardware", "CoreAudio"},
    {"AudioQueue", "AudioToolbox"},
    {"AudioComponent", "AudioToolbox"},
    {"AudioUnit", "AudioToolbox"},
    {"AudioConverter", "AudioToolbox"},
    {"MIDI", "CoreMIDI"},
    {"CGDisplay", "CoreGraphics"},
    {"CGEvent", "CoreGraphics"},
    {"CGWindow", "CoreGraphics"},
    {"CGImage", "CoreGraphics"},
    {"CGContext", "CoreGraphics"},
    {"CTFont", "CoreText"},
    {"CTLine", "CoreText"},
    {"AXUIElement", "ApplicationServices"},
    {"AXIsProcess", "ApplicationServices"},
    {"SecKeychain", "Security"},
    {"SecItem", "Security"},
    {"SecTrust", "Security"},
    {"SecCertificate", "Security"},
    {"SecKey", "Security"},
    {"SecCode", "Security"},
    {"SecTask", "Security"},
    {"kSec", "Security"},
    {"SCDynamicStore", "SystemConfiguration"},
    {"SCNetwork", "SystemConfiguration"},
    {"kSCNetwork", "SystemConfiguration"},
    {"FSEventStream", "CoreServices"},
    {"LSCopy", "CoreServices"},
    {"LSOpen", "CoreServices"},
    {"DASession", "DiskArbitration"},
    {"DADisk", "DiskArbitration"},
    {"cblas_", "Accelerate"},
    {"vDSP_", "Accelerate"},
    {"GSS", "GSS"},
    {"CFHTTP", "CFNetwork"},
    {"CFNetwork", "CFNetwork"},
    {"CF", "CoreFoundation"},
    {"kCF", "CoreFoundation"},
});

struct Release {
  std::string_view name, glibc;  // a name that ends with "_" begins several
};

// From the version maps of glibc.
constexpr auto releases = std::to_array<Release>({
    {"__isoc23_", "2.38"},
    {"strlcpy", "2.38"},
    {"strlcat", "2.38"},
    {"arc4random", "2.36"},
    {"arc4random_buf", "2.36"},
    {"arc4random_uniform", "2.36"},
    {"pidfd_open", "2.36"},
    {"pidfd_getfd", "2.36"},
    {"_dl_find_object", "2.35"},
    {"__libc_start_main@GLIBC_2.34", "2.34"},
    {"closefrom", "2.34"},
    {"close_range", "2.34"},
    {"__libc_single_threaded", "2.32"},
    {"sigabbrev_np", "2.32"},
    {"pthread_clockjoin_np", "2.31"},
    {"pthread_cond_clockwait", "2.30"},
    {"pthread_mutex_clocklock", "2.30"},
    {"gettid", "2.30"},
    {"fcntl64", "2.28"},
    {"statx", "2.28"},
    {"renameat2", "2.28"},
    {"thrd_create", "2.28"},
    {"copy_file_range", "2.27"},
    {"memfd_create", "2.27"},
    {"reallocarray", "2.26"},
    {"getrandom", "2.25"},
    {"getentropy", "2.25"},
    {"explicit_bzero", "2.25"},
});

}  // namespace

std::string_view plain_symbol(std::string_view name) {
  while (!name.empty() && std::string_view("`'\"").contains(name.front())) name.remove_prefix(1);
  if (name.starts_with("\xe2\x80\x98")) name.remove_prefix(3);
  for (const std::string_view word : {"_OBJC_CLASS_$_", "_OBJC_METACLASS_$_"}) {
    if (name.starts_with(word)) name.remove_prefix(word.size());
  }
  name = name.substr(0, name.find("\xe2\x80\x99"));
  return name.substr(0, name.find_first_of("'\"`, "));
}

std::string_view framework_with(std::string_view symbol) {
  std::string_view name = plain_symbol(symbol);
  // Names of C have an underscore more on macOS.
  if (name.starts_with('_')) name.remove_prefix(1);
  const auto found = std::ranges::find_if(
      families, [&](const Family& one) { return name.starts_with(one.prefix); });
  return found == families.end() ? std::string_view() : found->framework;
}

std::string_view glibc_with(std::string_view symbol) {
  const std::string_view name = plain_symbol(symbol);
  const auto found = std::ranges::find_if(releases, [&](const Release& one) {
    return one.name.ends_with('_') ? name.starts_with(one.name) : name == one.name;
  });
  return found == releases.end() ? std::string_view() : found->glibc;
}

}  // namespace tenon::rows
