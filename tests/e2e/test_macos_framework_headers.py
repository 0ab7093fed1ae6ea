#!/usr/bin/env python3
"""The headers of macOS frameworks that tenon brings: each compiles alone in each language, all together do, and
programs that use them link for macOS with every symbol bound to the framework that has it.

Facts come from elsewhere: the crates core-foundation-sys, io-kit-sys and security-framework-sys, which other people
write by hand from the same interfaces. Every number that both know is compared.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
TENON = os.environ.get("TENON", "tenon")
HEADERS = Path(TENON).resolve().parent / "share/tenon/macos-headers"
LANGUAGES = ("c", "c++", "objective-c", "objective-c++")
ORACLES = """core-foundation-sys 0.8.7 773648b94d0e5d620f64f280777445740e61fe701025087ec8b57f45c791888b
io-kit-sys 0.4.1 617ee6cf8e3f66f3b4ea67a4058564628cde41901316e19f559e14c7c72c5e7b
security-framework-sys 2.17.0 6ce2691df843ecc5d231c0b14ece2acc3efb62c0a398c7e1d875f3983ce020e3
"""
# Ours is the newer one: xnu gave the cache mode a fourth bit.
EXPLAINED = {"kIOMapCacheMask"}


def frameworks():
    return sorted(path.parent.name for path in (HEADERS / "include").glob("*/*.h") if path.stem == path.parent.name)


class FrameworkHeaders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (HEADERS / "frameworks.stamp").is_file():
            print("no headers of frameworks: scripts/setup.sh fetches the bindings")
            sys.exit(77)
        if shutil.which("zig") is None:
            print("no zig")
            sys.exit(77)

    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-frameworks-"))
        self.addCleanup(shutil.rmtree, self.top, True)

    def compile(self, language, text, *flags, target="darwin/arm64"):
        # A suffix alone does not say Objective-C to zig for every language: -x does.
        suffix = {"c": "c", "c++": "cpp", "objective-c": "m", "objective-c++": "mm"}[language]
        source = self.top / f"x.{suffix}"
        source.write_text(text)
        return subprocess.run([TENON, "cc", "--target", target, *flags, "-Wall", "-Werror", "-c", source, "-o",
                               self.top / "x.o"], capture_output=True, text=True, timeout=300, check=False)

    def test_all_frameworks_are_there(self):
        found = set(frameworks())
        for name in ("CoreFoundation Foundation AppKit Cocoa CoreServices ApplicationServices Carbon CoreGraphics CoreText "
                     "CoreVideo CoreImage QuartzCore ImageIO IOKit IOSurface Security LocalAuthentication "
                     "SystemConfiguration DiskArbitration OpenDirectory CoreAudio AudioToolbox AudioUnit CoreMIDI "
                     "AVFoundation CoreMedia Metal MetalKit OpenGL GLKit WebKit UserNotifications CoreBluetooth "
                     "CoreLocation CoreWLAN NetworkExtension Virtualization ScreenCaptureKit UniformTypeIdentifiers "
                     "ServiceManagement IOBluetooth Hypervisor vmnet Network PCSC OpenAL EndpointSecurity").split():
            self.assertIn(name, found)

    def test_together_in_each_language(self):
        text = "".join(f"#include <{name}/{name}.h>\n" for name in frameworks())
        for language in LANGUAGES:
            for flags in ((), ("-fobjc-arc",)) if language.startswith("objective") else ((),):
                done = self.compile(language, text, *flags)
                self.assertEqual(done.returncode, 0, f"{language} {flags}: {done.stderr[:2000]}")

    def test_each_alone(self):
        # Clang reads a header four times as fast as zig starts; all of them together are zig's.
        engine = ["--engine", "clang"] if shutil.which("clang-19") else []
        problems = []
        for name in frameworks():
            done = self.compile("objective-c", f"#import <{name}/{name}.h>\n", *engine, "-fsyntax-only", target="darwin/amd64")
            if done.returncode != 0:
                problems.append(f"{name}: {done.stderr[:400]}")
        self.assertEqual(problems, [], "\n".join(problems))

    def test_headers_below_a_framework(self):
        text = "".join(f"#include <{name}>\n" for name in (
            "CoreFoundation/CFString.h", "IOKit/hid/IOHIDManager.h", "IOKit/usb/IOUSBLib.h", "IOKit/ps/IOPowerSources.h",
            "Security/SecItem.h", "CoreServices/CoreServices.h", "Kernel/IOKit/hidsystem/IOHIDUsageTables.h"))
        done = self.compile("c", text)
        self.assertEqual(done.returncode, 0, done.stderr[:2000])

    def test_a_program_may_declare_what_its_header_does_not(self):
        """As node_exporter does: cgo takes a Ref type for an integer where a header declares its GetTypeID."""
        text = """#include <IOKit/IOKitLib.h>
typedef struct __IOHIDEventSystemClient *IOHIDEventSystemClientRef;
void IOHIDEventSystemClientSetMatching(IOHIDEventSystemClientRef client, CFDictionaryRef match);
int IOHIDEventSystemClientGetTypeID;
_Static_assert(kIOReturnNotFound == (int)0xe00002f0, "an error is an int");
_Static_assert(kIOReturnNotFound < 0, "an error is an int");
"""
        done = self.compile("c", text)
        self.assertEqual(done.returncode, 0, done.stderr[:2000])
        done = self.compile("c", "#include <IOKit/hidsystem/IOHIDEventSystemClient.h>\n"
                                 "CFTypeID f(void) { return IOHIDEventSystemClientGetTypeID(); }\n")
        self.assertEqual(done.returncode, 0, done.stderr[:2000])

    def test_objective_c_as_programs_write_it(self):
        done = self.compile("objective-c", """
#import <Cocoa/Cocoa.h>
@interface Delegate : NSObject <NSApplicationDelegate>
@property(strong) NSWindow *window;
@end
@implementation Delegate
- (void)applicationDidFinishLaunching:(NSNotification *)notification {
  self.window = [[NSWindow alloc] initWithContentRect:NSMakeRect(0, 0, 200, 100)
                                            styleMask:NSWindowStyleMaskTitled | NSWindowStyleMaskClosable
                                              backing:NSBackingStoreBuffered
                                                defer:NO];
  NSMutableArray<NSString *> *names = [NSMutableArray array];
  [names addObject:[NSString stringWithFormat:@"%d", 3]];
  NSDictionary *all = @{@"names" : names, @"one" : @(1)};
  NSString *first = all[@"names"][0];
  [self.window setTitle:first];
  for (NSString *name in names) NSLog(@"%@", name);
  dispatch_async(dispatch_get_main_queue(), ^{ [self.window makeKeyAndOrderFront:nil]; });
  if (@available(macOS 11.0, *)) self.window.title = @"new";
}
@end
int main(void) {
  @autoreleasepool {
    NSApplication *app = [NSApplication sharedApplication];
    Delegate *delegate = [Delegate new];
    app.delegate = delegate;
    CFStringRef text = (CFStringRef)CFBridgingRetain(@"x");
    CFRelease(text);
    [NSApp run];
  }
  return 0;
}
""", "-fobjc-arc")
        self.assertEqual(done.returncode, 0, done.stderr[:3000])

    def test_cgo_program_binds_each_symbol_to_its_framework(self):
        if shutil.which("go") is None:
            self.skipTest("no go")
        (self.top / "go.mod").write_text("module example.com/p\n\ngo 1.21\n")
        (self.top / "main.go").write_text("""package main

// #cgo CFLAGS: -x objective-c
// #cgo LDFLAGS: -framework CoreFoundation -framework Foundation -framework AppKit -framework IOKit -framework Security
// #include <CoreFoundation/CoreFoundation.h>
// #import <AppKit/AppKit.h>
// #include <IOKit/IOKitLib.h>
// #include <Security/Security.h>
// static int count(void) {
//   NSBeep();
//   CFStringRef key = CFSTR("x");
//   return (int)CFStringGetLength(key) + (int)[[NSArray array] count] + (int)[[NSScreen screens] count];
// }
import "C"

func main() {
	var size C.size_t = 4
	b := make([]byte, size)
	println(C.count(), C.SecRandomCopyBytes(C.kSecRandomDefault, size, C.CBytes(b)), uint64(C.kIOReturnSuccess))
	C.CFRelease(C.CFTypeRef(C.CFDataCreate(C.kCFAllocatorDefault, (*C.UInt8)(&b[0]), C.CFIndex(size))))
}
""")
        for target in ("darwin/arm64", "darwin/amd64"):
            out = self.top / target.replace("/", "-")
            done = subprocess.run([TENON, "build", "-C", self.top, "--target", target, "-o", out, "."], check=False,
                                  capture_output=True, text=True, timeout=600)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"headers:? +tenon's \(objc2 [0-9.]+\), not Apple's")
            self.assertRegex(self.inspected(out), r"headers +tenon's \(objc2 [0-9.]+\), not Apple's")
            objdump = shutil.which("llvm-objdump-19")
            if objdump is None:
                continue
            binds = subprocess.run([objdump, "--macho", "--bind", "--lazy-bind", out], capture_output=True, text=True,
                                   timeout=60, check=False).stdout
            homes = {fields[-1]: fields[-2] for fields in (line.split() for line in binds.splitlines()) if len(fields) >= 5}
            for symbol, home in (("_NSBeep", "AppKit"), ("_OBJC_CLASS_$_NSScreen", "AppKit"),
                                 ("_SecRandomCopyBytes", "Security"), ("_CFDataCreate", "CoreFoundation")):
                self.assertEqual(homes.get(symbol), home, binds)
            self.assertNotIn("flat", binds)

    def inspected(self, path):
        return subprocess.run([TENON, "inspect", path], capture_output=True, text=True, timeout=60, check=True).stdout

    def test_a_program_tells_whose_headers_it_was_built_with(self):
        (self.top / "x.c").write_text("int main(void) { return 0; }\n")
        out = self.top / "x"
        for words, marked in (((), True), (("-Wl,-s",), True), (("-dynamiclib",), True), (("--no-macos-headers",), False)):
            options = [word for word in words if word.startswith("--")]
            flags = [word for word in words if word not in options]
            subprocess.run([TENON, "cc", "--target", "darwin/amd64", *options, *flags, self.top / "x.c", "-o", out], check=True,
                           capture_output=True, timeout=300)
            self.assertEqual("not Apple's" in self.inspected(out), marked, words)

    def test_frameworks_without_bindings(self):
        """Numbers from elsewhere: Arm's encoding of a register, Intel's of a field, PC/SC's error codes."""
        def register(op0, op1, crn, crm, op2):
            return op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2
        facts = {"aarch64": {"HV_SYS_REG_MIDR_EL1": register(3, 0, 0, 0, 0), "HV_SYS_REG_SCTLR_EL1": register(3, 0, 1, 0, 0),
                             "HV_SYS_REG_VBAR_EL1": register(3, 0, 12, 0, 0), "HV_SYS_REG_SP_EL1": register(3, 4, 4, 1, 0),
                             "HV_SYS_REG_CNTV_CTL_EL0": register(3, 3, 14, 3, 1), "HV_SYS_REG_TPIDR_EL0": register(3, 3, 13, 0, 2)},
                 "x86_64": {"VMCS_GUEST_RIP": 0x681e, "VMCS_CTRL_EPTP": 0x201a, "VMCS_RO_EXIT_REASON": 0x4402,
                            "VMX_REASON_HLT": 12, "VMX_REASON_EPT_VIOLATION": 48}}
        cards = {"SCARD_E_NO_SMARTCARD": 0x8010000c, "SCARD_E_TIMEOUT": 0x8010000a, "SCARD_W_REMOVED_CARD": 0x80100069,
                 "SCARD_ATTR_ATR_STRING": 0x90303, "SCARD_CTL_CODE(3400)": 0x42000d48, "sizeof(SCARD_READERSTATE)": 61}
        text = """#include <Hypervisor/Hypervisor.h>
#include <Network/Network.h>
#include <PCSC/PCSC.h>
#include <vmnet/vmnet.h>
int main(void) {
  SCARDCONTEXT cards;
  unsigned char answer[4];
  SCARDHANDLE card = 0;
  SCardEstablishContext(SCARD_SCOPE_SYSTEM, 0, 0, &cards);
  SCardControl(card, 0, 0, 0, answer, 4, 0);
  nw_path_monitor_t monitor = nw_path_monitor_create();
  nw_path_monitor_set_update_handler(monitor, ^(nw_path_t path) { (void)nw_path_is_expensive(path); });
  return hv_vm_destroy() != HV_SUCCESS || vmnet_copy_shared_interface_list() == 0;
}
"""
        for target, processor in (("darwin/amd64", "x86_64"), ("darwin/arm64", "aarch64")):
            asserts = "".join(f'_Static_assert((unsigned){name} == {value}u, "{name}");\n'
                              for name, value in (facts[processor] | cards).items())
            done = self.compile("c", text + asserts, target=target)
            self.assertEqual(done.returncode, 0, done.stderr[:3000])
        linked = subprocess.run([TENON, "cc", "--target", "darwin/arm64", self.top / "x.c", "-o", self.top / "x",
                                 "-framework", "Hypervisor", "-framework", "Network", "-framework", "PCSC",
                                 "-framework", "vmnet"], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(linked.returncode, 0, linked.stderr)
        objdump = shutil.which("llvm-objdump-19")
        if objdump is not None:
            binds = subprocess.run([objdump, "--macho", "--bind", "--lazy-bind", self.top / "x"], capture_output=True,
                                   text=True, timeout=60, check=False).stdout
            homes = {line.split()[-1]: line.split()[-2] for line in binds.splitlines() if len(line.split()) >= 5}
            for symbol, home in (("_SCardControl132", "PCSC"), ("_hv_vm_destroy", "Hypervisor"),
                                 ("_nw_path_is_expensive", "Network"), ("_vmnet_copy_shared_interface_list", "vmnet")):
                self.assertEqual(homes.get(symbol), home, binds)

    def test_a_header_that_an_older_tenon_made_goes(self):
        """Or a compiler would find the header of a framework that is gone."""
        maker = Path(TENON).resolve().parent / "make_macos_headers"
        crates = Path(os.environ.get("TENON_TOOLS", SOURCE / ".tools")) / "crates"
        if not maker.is_file() or not crates.is_dir():
            self.skipTest("no make_macos_headers beside tenon, or no bindings")
        for name in ("Gone/Gone.h", "Kept/ours.h", "Kept/Gone.h"):
            (self.top / "include" / name).parent.mkdir(parents=True, exist_ok=True)
            (self.top / "include" / name).write_text("")
        (self.top / "made.stamp").write_text("include/Gone/Gone.h\ninclude/Kept/Gone.h\n")
        done = subprocess.run([maker, "--crates", crates, "--own", SOURCE / "share/macos-headers/frameworks", "--out", self.top],
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.top / "include/Gone").exists())
        self.assertEqual([path.name for path in (self.top / "include/Kept").iterdir()], ["ours.h"])
        self.assertTrue((self.top / "include/Cocoa/Cocoa.h").is_file())

    def test_endpoint_security_is_a_plain_library(self):
        """A program as osquery and santa have it; the functions are libEndpointSecurity's, which is no framework."""
        text = """#include <EndpointSecurity/EndpointSecurity.h>
#include <stdio.h>
int main(void) {
  es_client_t *client = NULL;
  es_new_client_result_t result = es_new_client(&client, ^(es_client_t *c, const es_message_t *m) {
    const es_event_create_t *create = &m->event.create;
    if (m->event_type == ES_EVENT_TYPE_AUTH_EXEC) {
      printf("%s %d", m->event.exec.target->executable->path.data, m->event.exec.last_fd);
      es_respond_auth_result(c, m, ES_AUTH_RESULT_ALLOW, false);
    } else if (create->destination_type == ES_DESTINATION_TYPE_NEW_PATH) {
      printf("%s %d", create->destination.new_path.filename.data, m->event.close.was_mapped_writable);
    }
  });
  es_event_type_t events[] = {ES_EVENT_TYPE_AUTH_EXEC, ES_EVENT_TYPE_NOTIFY_CREATE};
  return result == ES_NEW_CLIENT_RESULT_SUCCESS ? es_subscribe(client, events, 2) : 1;
}
"""
        source = self.top / "x.c"
        source.write_text(text)
        for target in ("darwin/arm64", "darwin/amd64"):
            done = subprocess.run([TENON, "cc", "--target", target, "-Wall", "-Werror", source, "-lEndpointSecurity", "-o",
                                   self.top / "x"], capture_output=True, text=True, timeout=300, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            objdump = shutil.which("llvm-objdump-19")
            if objdump is not None:
                binds = subprocess.run([objdump, "--macho", "--dylibs-used", "--bind", "--lazy-bind", self.top / "x"],
                                       capture_output=True, text=True, timeout=60, check=False).stdout
                self.assertIn("/usr/lib/libEndpointSecurity.dylib", binds)
                self.assertRegex(binds, r"libEndpointSecurity\s+_es_new_client")
        self.assertEqual(self.compile("c", text, target="darwin/amd64").returncode, 0)

    def test_what_programs_take_from_headers(self):
        """Each line stood in a public Go module that did not build."""
        bodies = {
            "objective-c": """#import <Foundation/Foundation.h>
#import <Carbon/Carbon.h>
#import <Dispatch/Dispatch.h>
OSStatus handler(EventHandlerCallRef next, EventRef event, void *data) { return noErr; }
void install(void) {
  EventTypeSpec type = {kEventClassKeyboard, kEventHotKeyPressed};
  InstallApplicationEventHandler(&handler, 1, &type, NULL, NULL);
}
NSUInteger smaller(NSArray *list) { return MIN(list.count, (NSUInteger)3) + ABS(-1) + MAX(1, 2); }
dispatch_block_t kept(dispatch_block_t block) { return Block_copy(block); }
""",
            "c++": """#include <CoreMIDI/CoreMIDI.h>
#include <CoreServices/CoreServices.h>
static_assert(EndianS32_BtoN(0x01020304) == 0x04030201, "");
static_assert(EndianU16_LtoN(0x0102) == 0x0102, "");
MIDIPacket *add(MIDIPacketList *list, const Byte *bytes) {
  MIDIPacket *packet = MIDIPacketListInit(list);
  packet = MIDIPacketListAdd(list, 64, packet, 0, 3, bytes);
  return MIDIPacketNext(packet);
}
""",
            "c": """#include <OpenAL/al.h>
#include <OpenAL/alc.h>
#include <IOKit/usb/IOUSBLib.h>
#include <ApplicationServices/ApplicationServices.h>
#ifndef kIOUSBInterfaceInterfaceID220
#error "libusb asks whether this is a macro"
#endif
_Static_assert(USBmakebmRequestType(1, 0, 0) == 0x80, "GET_DESCRIPTOR of a device");
CFStringRef windows(void) { return kAXWindowsAttribute; }
_Static_assert(kAXValueCGSizeType == 2, "as PyObjC has it");
CGEventRef scroll(void) { return CGEventCreateScrollWheelEvent(NULL, kCGScrollEventUnitLine, 2, 1, 1); }
CFUUIDRef usb(void) { return kIOUSBInterfaceInterfaceID245; }
_Static_assert(NX_KEYDOWN == kCGEventKeyDown && NX_SCROLLWHEELMOVED == kCGEventScrollWheel, "kinds of events");
_Static_assert(NX_COMMANDMASK == kCGEventFlagMaskCommand && NX_SYSDEFINED == 14, "modifiers");
ALenum play(ALuint source) { alSourcePlay(source); return alGetError() == AL_NO_ERROR ? AL_PLAYING : AL_STOPPED; }
"""}
        for language, text in bodies.items():
            done = self.compile(language, text)
            self.assertEqual(done.returncode, 0, done.stderr[:2000])

    def constants_of_oracles(self):
        fetched = subprocess.run([sys.executable, SOURCE / "scripts/fetch_crates.py", "/dev/stdin",
                                  Path(os.environ.get("TENON_TOOLS", SOURCE / ".tools")) / "crates-of-tests"],
                                 input=ORACLES, capture_output=True, text=True, timeout=600, check=False)
        if fetched.returncode != 0:
            self.skipTest(fetched.stderr)
        place = Path(os.environ.get("TENON_TOOLS", SOURCE / ".tools")) / "crates-of-tests"
        found = {}
        for file in sorted(place.rglob("src/*.rs")):
            for name, value in re.findall(r"^pub const (k?[A-Za-z]\w+): [\w:]+ = (-?(?:0x[0-9a-fA-F_]+|\d+));", file.read_text(), re.M):
                found[name] = int(value.replace("_", ""), 0)
        return found

    def test_numbers_are_those_that_others_know(self):
        known = self.constants_of_oracles()
        self.assertGreater(len(known), 500)
        text = (HEADERS / "include").glob("*/*.h")
        declared = set()
        for path in text:
            if path.parent.name in frameworks():
                declared.update(re.findall(r"^  (\w+) = |^#define (\w+) \d", path.read_text(), re.M))
        declared = {a or b for a, b in declared}
        both = sorted((set(known) & declared) - EXPLAINED)
        self.assertGreater(len(both), 400)
        lines = ["#include <CoreFoundation/CoreFoundation.h>", "#include <IOKit/IOKitLib.h>", "#include <Security/Security.h>"]
        lines += [f'_Static_assert((unsigned int){name} == (unsigned int){known[name]}LL, "{name}");' for name in both]
        done = self.compile("c", "\n".join(lines) + "\n", "-Wno-error")
        unequal = re.findall(r"static assertion failed[^:]*: (\w+)", done.stderr)
        print(f"{len(both)} numbers compared, {len(unequal)} differ")
        self.assertEqual((unequal, done.returncode), ([], 0), done.stderr[:3000])


if __name__ == "__main__":
    unittest.main()
