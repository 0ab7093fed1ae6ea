#include "crossbuild/stubs/system_libraries.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace tenon;

namespace {

using Named = std::vector<NamedLibrary>;

NamedLibrary fw(const char* name) { return {name, true, false}; }

NamedLibrary lib(const char* name) { return {name, false, false}; }

// The name of the home, "-" when there is none.
std::string home(const char* symbol, const Named& named) {
  const auto found = find_exporter(symbol, named);
  return found ? std::string(found->library->name) : std::string("-");
}

}  // namespace

// clang writes @[] and @{} as these.
TEST_CASE("system libraries: the empty collections of Objective-C are CoreFoundation's") {
  CHECK(home("___NSArray0__", {fw("Foundation"), fw("CoreFoundation")}) == "CoreFoundation");
  CHECK(home("___NSDictionary0__", {fw("Cocoa"), fw("CoreFoundation")}) == "CoreFoundation");
  CHECK(home("___kCFBooleanTrue", {fw("Cocoa"), fw("CoreFoundation")}) == "CoreFoundation");
}

TEST_CASE("system libraries: smart cards are not of SystemConfiguration") {
  const Named all{fw("SystemConfiguration"), fw("PCSC")};
  CHECK(home("_SCardConnect", all) == "PCSC");
  CHECK(home("_g_rgSCardT1Pci", all) == "PCSC");
  CHECK(home("_SCDynamicStoreCreate", all) == "SystemConfiguration");
}

// Bind tables of linked programs: the libraries that Apple's own stubs name.
TEST_CASE("system libraries: measured exporters of five libraries named at once") {
  const Named all{fw("CoreFoundation"), fw("Security"), fw("IOKit"), fw("Foundation"), lib("objc")};
  CHECK(home("_CFRelease", all) == "CoreFoundation");
  CHECK(home("_SecItemCopyMatching", all) == "Security");
  CHECK(home("_kSecClass", all) == "Security");
  CHECK(home("_IOServiceMatching", all) == "IOKit");
  CHECK(home("_NSLog", all) == "Foundation");
  CHECK(home("_objc_msgSend", all) == "objc");
  CHECK(home("_OBJC_CLASS_$_NSArray", all) == "CoreFoundation");
  CHECK(home("_OBJC_CLASS_$_NSString", all) == "Foundation");
  CHECK(home("_OBJC_CLASS_$_NSObject", all) == "objc");
  CHECK(home("_OBJC_METACLASS_$_NSObject", all) == "objc");
}

// The //go:cgo_import_dynamic lines of Go's own packages.
TEST_CASE("system libraries: what Go itself links") {
  const Named all{fw("CoreFoundation"), fw("Security"), lib("resolv")};
  for (const char* symbol : {"_CFArrayAppendValue", "_CFDataGetBytePtr", "_CFStringCreateWithBytes",
                             "_CFErrorCopyDescription", "_CFDateCreate", "_CFEqual"}) {
    CHECK(home(symbol, all) == "CoreFoundation");
  }
  for (const char* symbol : {"_SecTrustCreateWithCertificates", "_SecPolicyCreateSSL",
                             "_SecTrustEvaluateWithError", "_SecCertificateCopyData"}) {
    CHECK(home(symbol, all) == "Security");
  }
  for (const char* symbol : {"_res_9_nclose", "_res_9_ninit", "_res_9_nsearch"}) {
    CHECK(home(symbol, all) == "resolv");
  }
}

TEST_CASE("system libraries: only a named library can be one") {
  CHECK(home("_SecItemCopyMatching", {fw("CoreFoundation")}) == "-");
  CHECK(home("_deflateInit_", {}) == "-");
  CHECK(home("_deflateInit_", {lib("z")}) == "z");
  CHECK(home("_my_function", {fw("CoreFoundation"), lib("z")}) == "-");
  CHECK(home("_anything", {lib("not_of_macos")}) == "-");
  // A library and a framework of one name are two things.
  CHECK(home("_CFRelease", {lib("CoreFoundation")}) == "-");
}

TEST_CASE("system libraries: the longer rule is the better one") {
  CHECK(home("_CGImageSourceCreateWithURL", {fw("CoreGraphics"), fw("ImageIO")}) == "ImageIO");
  CHECK(home("_CGContextFillRect", {fw("CoreGraphics"), fw("ImageIO")}) == "CoreGraphics");
  CHECK(home("_CFNetworkCopySystemProxySettings", {fw("CoreFoundation"), fw("CFNetwork")}) ==
        "CFNetwork");
  CHECK(home("_AudioObjectGetPropertyData", {fw("AudioToolbox"), fw("CoreAudio")}) == "CoreAudio");
  CHECK(home("_AudioQueueStart", {fw("AudioToolbox"), fw("CoreAudio")}) == "AudioToolbox");
}

TEST_CASE("system libraries: a tie between two libraries is no home") {
  CHECK(home("_nw_path_create", {lib("network"), fw("Network")}) == "-");
  CHECK(home("_UTTypeCopy", {fw("CoreServices"), fw("UniformTypeIdentifiers")}) == "-");
  CHECK(home("_NSBeep", {fw("AppKit"), fw("Foundation")}) == "-");
  CHECK(home("_NSBeep", {fw("Foundation"), fw("AppKit")}) == "-");
  // Two names of one library are not a tie.
  CHECK(home("_readline", {lib("edit"), lib("readline")}) != "-");
}

TEST_CASE("system libraries: an umbrella stands for what it re-exports") {
  CHECK(home("_NSLog", {fw("Cocoa")}) == "Cocoa");
  CHECK(home("_CFRelease", {fw("Foundation")}) == "Foundation");
  CHECK(home("_objc_msgSend", {fw("Foundation")}) == "Foundation");
  CHECK(home("_CFRelease", {fw("Foundation"), fw("CoreFoundation")}) == "CoreFoundation");
  CHECK(home("_CFRelease", {fw("CoreFoundation"), fw("Foundation")}) == "CoreFoundation");
  CHECK(home("_CGContextFillRect", {fw("ApplicationServices")}) == "ApplicationServices");
  CHECK(home("_AudioQueueStart", {fw("AudioUnit")}) == "AudioUnit");
}

// robotgo and a compiled SDL name both, and each leads to the library that exports the symbol.
TEST_CASE("system libraries: two umbrellas that lead to one library are no tie") {
  const Named both{fw("Cocoa"), fw("Carbon")};
  CHECK(home("__AXUIElementGetWindow", both) == "Carbon");
  CHECK(home("__AXUIElementGetWindow", {fw("Carbon"), fw("OpenGL"), fw("Cocoa")}) == "Carbon");
  CHECK(home("___kCFBooleanTrue", {fw("Cocoa"), fw("Carbon"), fw("CoreFoundation")}) ==
        "CoreFoundation");
  CHECK(home("_OBJC_CLASS_$_NSConstantDictionary",
             {fw("CoreFoundation"), fw("Carbon"), fw("Cocoa")}) == "CoreFoundation");
}

// libc++ re-exports libc++abi.
TEST_CASE("system libraries: the two libraries of C++") {
  CHECK(home("___cxa_throw", {lib("c++")}) == "c++");
  CHECK(home("___cxa_throw", {lib("c++"), lib("c++abi")}) == "c++");
  CHECK(home("___cxa_throw", {lib("c++abi"), lib("c++")}) == "c++");
  CHECK(home("__ZNSt3__14coutE", {lib("c++"), lib("c++abi")}) == "c++");
}

// NSApplicationMain is AppKit's: Foundation as its home would stop the program at start-up. Cocoa
// re-exports both, so that it is right for either.
// Undefined symbols of a C++ library (duckdb's) that /usr/lib/libc++.1.dylib exports; what a thunk
// leads to is a function of that library (Itanium C++ ABI, 5.1.4.1).
TEST_CASE("system libraries: thunks and guards live where the function lives") {
  const Named both{lib("c++"), lib("z")};
  for (const char* symbol :
       {"__ZThn16_NSt3__114basic_iostreamIcNS_11char_traitsIcEEED0Ev",
        "__ZTv0_n24_NSt3__113basic_istreamIcNS_11char_traitsIcEEED1Ev",
        "__ZTcv0_n24_v0_n32_NKSt3__15ctypeIcE8do_upperEc", "__ZGVNSt3__15ctypeIcE2idE",
        "__ZTCNSt3__114basic_iostreamIcNS_11char_traitsIcEEEE0_NS_13basic"}) {
    CAPTURE(symbol);
    CHECK(home(symbol, both) == "c++");
  }
  for (const char* symbol :
       {"__ZThn16_N6duckdb6BufferD0Ev", "__ZTv0", "__ZTh", "__ZTc", "__ZTcx_", "__ZGV"}) {
    CAPTURE(symbol);
    CHECK(home(symbol, both) == "-");
  }
}

TEST_CASE("system libraries: an umbrella beside one of its parts") {
  for (const Named& named :
       {Named{fw("Cocoa"), fw("Foundation")}, Named{fw("Foundation"), fw("Cocoa")},
        Named{fw("Cocoa"), fw("AppKit"), fw("Foundation")},
        Named{fw("AppKit"), fw("Foundation"), fw("Cocoa")}}) {
    CHECK(home("_NSApplicationMain", named) == "Cocoa");
    CHECK(home("_OBJC_CLASS_$_NSWindow", named) == "Cocoa");
  }
}

TEST_CASE("system libraries: suggestions are libraries that would fit") {
  const auto names = [](const char* symbol) {
    std::set<std::string> out;
    for (const SystemLibrary* library : suggest_exporters(symbol)) out.emplace(library->name);
    return out;
  };
  CHECK(names("_IOServiceMatching") == std::set<std::string>{"IOKit"});
  CHECK(names("_SecItemAdd") == std::set<std::string>{"Security"});
  CHECK(names("_deflate").contains("z"));
  CHECK(names("_NSLog").contains("Foundation"));
  CHECK(names("_zzz_unknown").empty());
}

TEST_CASE("system libraries: the table is sound") {
  std::set<std::pair<std::string, bool>> seen;
  for (const SystemLibrary& library : system_libraries()) {
    const std::string name(library.name);
    CAPTURE(name);
    CHECK(seen.emplace(name, library.framework).second);
    CHECK(find_system_library(name, library.framework) == &library);
    const std::string folder =
        library.framework ? "/System/Library/Frameworks/" + name + ".framework/" : "/usr/lib/lib";
    CHECK(library.install_name.starts_with(folder));
    CHECK((library.framework || library.install_name.ends_with(".dylib")));
    CHECK_FALSE((library.symbols.empty() && library.reexports.empty()));
  }
  // Shipped binaries record version C for these two, A for the others.
  CHECK(find_system_library("Foundation", true)->install_name.contains("/Versions/C/"));
  CHECK(find_system_library("AppKit", true)->install_name.contains("/Versions/C/"));
  CHECK(find_system_library("Security", true)->install_name.contains("/Versions/A/"));
  CHECK(find_system_library("resolv", false)->install_name == "/usr/lib/libresolv.9.dylib");
  CHECK(find_system_library("resolv", true) == nullptr);
}

namespace {

// Sorted, as symbols.tsv of tenon's headers is.
constexpr std::string_view lists =
    "CFRelease\tCoreFoundation\n"
    "CGMainDisplayID\tCoreGraphics\n"
    "NSBeep\tAppKit\n"
    "NSLog\tFoundation\n"
    "OBJC_CLASS_$_NSApplication\tAppKit\n"
    "OBJC_CLASS_$_NSArray\tFoundation\n"
    "UTTypeAudio\tCoreServices\n"
    "UTTypeAudio\tUniformTypeIdentifiers\n";

std::string declared_home(const char* symbol, const Named& named) {
  const auto found = find_exporter(symbol, named, SymbolOwners(lists));
  return found ? std::string(found->library->name) : std::string("-");
}

}  // namespace

TEST_CASE("symbol owners: every line of the list is found, and nothing else") {
  const SymbolOwners owners(lists);
  CHECK(owners.of("_CFRelease") == std::vector<std::string_view>{"CoreFoundation"});
  CHECK(owners.of("_NSLog") == std::vector<std::string_view>{"Foundation"});
  CHECK(owners.of("_UTTypeAudio") ==
        std::vector<std::string_view>{"CoreServices", "UniformTypeIdentifiers"});
  CHECK(owners.of("_OBJC_METACLASS_$_NSArray") == std::vector<std::string_view>{"Foundation"});
  for (const char* other : {"_", "", "CFRelease", "_CFReleas", "_CFReleased", "_A", "_ZZZ"}) {
    CAPTURE(other);
    CHECK(owners.of(other).empty());
  }
  CHECK(SymbolOwners().of("_CFRelease").empty());
  CHECK(SymbolOwners("CFRelease\tCoreFoundation").of("_CFRelease") ==
        std::vector<std::string_view>{"CoreFoundation"});
}

// The name rules of both are _NS*: without the list neither counts.
TEST_CASE("symbol owners: Foundation and AppKit are told apart") {
  const Named both{fw("Foundation"), fw("AppKit")};
  CHECK(home("_NSBeep", both) == "-");
  CHECK(declared_home("_NSBeep", both) == "AppKit");
  CHECK(declared_home("_NSLog", both) == "Foundation");
  CHECK(declared_home("_OBJC_CLASS_$_NSApplication", both) == "AppKit");
  CHECK(declared_home("_OBJC_CLASS_$_NSApplication", {fw("Foundation")}) == "-");
}

TEST_CASE("symbol owners: a named umbrella exports what it re-exports") {
  CHECK(declared_home("_CGMainDisplayID", {fw("Cocoa"), fw("IOKit")}) == "Cocoa");
  CHECK(declared_home("_CFRelease", {fw("CoreServices")}) == "CoreServices");
  CHECK(declared_home("_CFRelease", {fw("CoreServices"), fw("CoreFoundation")}) ==
        "CoreFoundation");
  CHECK(declared_home("_CFRelease", {fw("AppKit"), fw("Foundation")}) == "Foundation");
  CHECK(declared_home("_CGMainDisplayID", {fw("Security")}) == "-");
}

// The class lies in CoreFoundation, whatever header declares it.
TEST_CASE("symbol owners: a rule for the very name counts beside the list") {
  CHECK(declared_home("_OBJC_CLASS_$_NSArray", {fw("CoreFoundation")}) == "CoreFoundation");
}
