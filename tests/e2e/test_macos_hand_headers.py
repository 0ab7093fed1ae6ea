#!/usr/bin/env python3
"""The headers of Network, OpenAL and the key codes of IOKit, which are written by hand, against what others took from the
same interfaces: the crates cidre and al-sys, and the kinds of events that AppKit has under other names.

Network: every function that both know by result and parameters (which object, which enumeration, how wide an integer), and
every enumerator. OpenAL: every constant and function. Rust is read with a few patterns; what they do not understand counts
as a difference.
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
HEADERS = Path(TENON).resolve().parent / "share/tenon/macos-headers/include"
CRATES = Path(os.environ.get("TENON_TOOLS", SOURCE / ".tools")) / "crates-of-hand-headers"
LIST = """al-sys 0.6.1 ff8d9b0f4d10264c060ee5614dedb6b7695f366e93be6549c48f58981da39023
cidre 0.29.0 8fde4542e9dfd21498f5366a5ad60963879fd1885743a18980f6dbb27f525895
"""
# Where cidre and ours differ, what Apple's documentation and the bindings of .NET and RoboVM say is ours.
EXPLAINED = {
    "nw_connection_group_set_receive_handler": "cidre leaves two parameters out",
    "nw_endpoint_copy_txt_record": "the result is a TXT record, not a string",
    "nw_parameters_create_custom_ip": "the number of a protocol is a byte",
}
MISSPELLED = {"nw_path_status_satisfieable": "nw_path_status_satisfiable"}
WORDS = {"c_char": "char", "c_void": "void", "u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "i32": "int", "u64": "uint64_t",
         "usize": "size_t", "bool": "bool", "f64": "double", "dispatch::Queue": "dispatch_queue_t",
         "dispatch::Data": "dispatch_data_t", "cf::Error": "CFErrorRef", "BrowseResultChange": "nw_browse_result_change_t"}


def without_comments(text):
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def split_list(text):
    """At the commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "(<[") - (sign in ")>]" and text[at - 1] != "-")
        if sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


class OurNetwork:
    """Functions and enumerators of Network, from the text of our headers."""

    def __init__(self):
        text = "\n".join(without_comments((HEADERS / "Network" / name).read_text())
                         for name in ("types.h", "Network.h", "protocols.h", "blocks.h", "reports.h",
                                      "ethernet_channel.h", "proxy_config.h"))
        self.blocks = set(re.findall(r"\(\^(\w+_t)\)", text)) | {"dispatch_block_t", "nw_txt_record_applier_t"}
        self.enumerators = {name: int(value, 0) for name, value in re.findall(r"\b(nw_\w+) = (-?\w+)[,\n]", text)}
        self.functions = {}
        for result, name, parameters in re.findall(r"^([\w \*]+?)\b((?:nw_|sec_)\w+)\(((?:[^()]|\([^()]*\))*)\);", text, re.M | re.S):
            kinds = [self.kind(one) for one in split_list(" ".join(parameters.split())) if one != "void"]
            self.functions[name] = [self.kind(result, False), *kinds]

    def kind(self, text, has_name=True):
        text = " ".join(text.split())
        if "(^" in text:
            return "block"
        pointer = text.count("*")
        words = [word for word in re.findall(r"\w+", text) if word not in ("const", "struct")]
        word = words[-2] if has_name and len(words) > 1 else words[-1]
        return "block" if word in self.blocks else word + "*" * pointer


class Cidre:
    """The same from cidre: its names for a type lead to C names by `doc(alias)`."""

    def __init__(self, folder):
        self.functions, self.enumerators, self.unread = {}, {}, []
        files = {path.stem: without_comments(path.read_text()) for path in sorted((folder / "src/nw").glob("*.rs"))}
        self.types = {}
        for module, text in files.items():
            for alias, name in re.findall(r'doc\(alias = "(\w+)"\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub )?(\w+)\(\w', text):
                self.types[module, name] = alias + "_t"
            for alias, name, body in re.findall(
                    r'doc\(alias = "(nw_\w+)"\)\]\s*(?:#\[[^\]]*\]\s*)*pub enum (\w+) \{(.*?)\n\}', text, re.S):
                alias = alias if alias.endswith("_t") else alias + "_t"
                self.types[module, name] = alias
                for variant, value in re.findall(r"\b(\w+) = (-?\w+),", body):
                    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", variant).lower()
                    self.enumerators[alias[:-1] + snake] = int(value, 0)
        names = re.findall(r"pub use (\w+)::(\w+)(?: as (\w+))?;", (folder / "src/nw.rs").read_text())
        self.public = {public or name: (module, name) for module, name, public in names}
        for module, text in files.items():
            for block in re.findall(r'extern "C(?:-unwind)?" \{(.*?)\n\}', text, re.S):
                for name, rest in re.findall(r"fn (nw_\w+)\s*(\([^;]*);", block):
                    parameters, result = self.cut(rest)
                    self.add(module, name, " ".join(parameters.split()), result.replace("->", "", 1).strip())

    @staticmethod
    def cut(text):
        """What is between the bracket that begins the text and its own end, and what follows."""
        depth = 0
        for at, sign in enumerate(text):
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                return text[1:at], text[at + 1:]
        raise ValueError(text)

    def add(self, module, name, parameters, result):
        kinds = [self.kind(module, result) if result else "void"]
        kinds += [self.kind(module, one.split(":", 1)[1]) for one in split_list(parameters)]
        self.functions[name] = kinds
        if None in kinds:
            self.unread.append(name)

    def kind(self, module, rust):
        rust = " ".join(rust.split())
        wrapped = re.fullmatch(r"(?:Option|arc::R|&mut|&)\s*<?\s*(.+?)\s*>?", rust)
        if re.search(r"Block|Handler|Completion|Handeler|Enumerat|TxtRecordAccessKey|TxtRecordApplier", rust):
            return "block"
        pointer = re.fullmatch(r"\*(?:const|mut) (.+)", rust)
        if pointer:
            inner = self.kind(module, pointer[1])
            return inner and inner + "*"
        if rust == "&mut usize":
            return "size_t*"
        if wrapped:
            return self.kind(module, wrapped[1])
        rust = rust.removeprefix("std::ffi::")
        if rust in WORDS:
            return WORDS[rust]
        last = rust.rsplit("::", 1)[-1]
        if rust == "Change":
            return "nw_browse_result_change_t"
        if last in ("SecProtocolOpts", "ProtocolMetadata") and (last == "SecProtocolOpts" or rust.startswith("sec::")):
            return "sec_protocol_options_t" if last == "SecProtocolOpts" else "sec_protocol_metadata_t"
        known = self.types.get((module, last)) or self.types.get(self.public.get(last))
        known = {"EndpointType": "nw_endpoint_type_t"}.get(last, known)
        return "nw_group_descriptor_t" if last in ("GroupDesc", "MulticastGroupDesc") else known


class HandHeaders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (HEADERS.parent / "frameworks.stamp").is_file() or shutil.which("zig") is None:
            print("needs the headers of frameworks and zig")
            sys.exit(77)
        fetched = subprocess.run([sys.executable, SOURCE / "scripts/fetch_crates.py", "/dev/stdin", CRATES], input=LIST,
                                 capture_output=True, text=True, timeout=600, check=False)
        if fetched.returncode != 0:
            print(fetched.stderr)
            sys.exit(77)

    def compile(self, text, suffix="c"):
        with tempfile.TemporaryDirectory(prefix="tenon-hand-") as top:
            source = Path(top) / f"x.{suffix}"
            source.write_text(text)
            return subprocess.run([TENON, "cc", "--target", "darwin/arm64", "-fblocks", "-Wall", "-Werror", "-ferror-limit=0", "-c", source,
                                   "-o", Path(top) / "x.o"], capture_output=True, text=True, timeout=300, check=False)

    def test_network(self):
        ours, theirs = OurNetwork(), Cidre(CRATES / "cidre")
        self.assertEqual(theirs.unread, [])
        both = sorted(set(ours.functions) & set(theirs.functions))
        unequal = {name: (ours.functions[name], theirs.functions[name]) for name in both
                   if ours.functions[name] != theirs.functions[name] and name not in EXPLAINED}
        missing = sorted(set(theirs.functions) - set(ours.functions))
        values = {MISSPELLED.get(name, name): value for name, value in theirs.enumerators.items()}
        known = sorted(set(values) & set(ours.enumerators))
        print(f"Network: {len(both)} functions and {len(known)} enumerators compared, {len(unequal)} functions differ")
        self.assertEqual((unequal, missing), ({}, []))
        self.assertEqual({name: values[name] for name in known}, {name: ours.enumerators[name] for name in known})
        self.assertGreater(len(both), 180)
        self.assertGreater(len(known), 45)
        for name in EXPLAINED:  # an explanation that explains nothing goes
            self.assertNotEqual(ours.functions[name], theirs.functions[name], name)

    def test_a_listener_with_tls(self):
        body = """#include <Network/Network.h>
int main(void) {
  nw_parameters_t parameters = nw_parameters_create_secure_tcp(^(nw_protocol_options_t tls) {
    sec_protocol_options_t options = nw_tls_copy_sec_protocol_options(tls);
    sec_protocol_options_set_min_tls_protocol_version(options, tls_protocol_version_TLSv12);
    sec_protocol_options_set_verify_block(options, ^(sec_protocol_metadata_t metadata, sec_trust_t trust,
                                                     sec_protocol_verify_complete_t complete) {
      complete(metadata != nil_or_null && trust != nil_or_null);
    }, dispatch_get_main_queue());
  }, ^(nw_protocol_options_t tcp) { nw_tcp_options_set_no_delay(tcp, true); });
  nw_listener_t listener = nw_listener_create_with_port("8443", parameters);
  nw_listener_set_advertise_descriptor(listener, nw_advertise_descriptor_create_bonjour_service("x", "_x._tcp", 0));
  nw_listener_set_new_connection_handler(listener, ^(nw_connection_t connection) {
    nw_connection_set_queue(connection, dispatch_get_main_queue());
    nw_connection_start(connection);
  });
  nw_listener_start(listener);
  dispatch_main();
}
"""
        for suffix, null in (("c", "0"), ("m", "nil"), ("mm", "nil"), ("cpp", "nullptr")):
            done = self.compile(body.replace("nil_or_null", null), suffix)
            self.assertEqual(done.returncode, 0, f"{suffix}: {done.stderr[:3000]}")

    def test_reports_channels_and_proxies(self):
        body = """#include <Network/Network.h>
void use(nw_connection_t c, nw_interface_t i, nw_privacy_context_t p, dispatch_queue_t q) {
  nw_connection_access_establishment_report(c, q, ^(nw_establishment_report_t r) {
    nw_establishment_report_enumerate_resolution_reports(r, ^bool(nw_resolution_report_t one) {
      return nw_resolution_report_get_protocol(one) == nw_report_resolution_protocol_udp;
    });
  });
  nw_data_transfer_report_t t = nw_connection_create_new_data_transfer_report(c);
  nw_data_transfer_report_collect(t, q, ^(nw_data_transfer_report_t r) {
    (void)nw_data_transfer_report_get_sent_transport_byte_count(r, NW_ALL_PATHS);
  });
  nw_ethernet_channel_t e = nw_ethernet_channel_create(0x88b5, i);
  nw_ethernet_channel_set_receive_handler(e, ^(dispatch_data_t d, uint16_t v, nw_ethernet_address_t l, nw_ethernet_address_t r) {
    (void)d; (void)v; (void)l; (void)r;
  });
  nw_proxy_config_t x = nw_proxy_config_create_socksv5(nw_endpoint_create_host("a", "1"));
  nw_privacy_context_add_proxy(p, x);
}
"""
        for suffix in ("c", "m", "mm", "cpp"):
            done = self.compile(body, suffix)
            self.assertEqual(done.returncode, 0, f"{suffix}: {done.stderr[:3000]}")

    def test_openal(self):
        al = (CRATES / "al-sys/src/al.rs").read_text() + (CRATES / "al-sys/src/alc.rs").read_text()
        ours = (HEADERS / "OpenAL/al.h").read_text() + (HEADERS / "OpenAL/alc.h").read_text()
        defined = set(re.findall(r"^#define (ALC?_\w+) ", ours, re.M))
        numbers = {name: int(value) for name, value in re.findall(r"pub const (ALC?_\w+): [\w:]+ = (-?\d+);", al)}
        both = sorted(defined & set(numbers))
        functions = re.findall(r"^\t(alc?[A-Z]\w+): unsafe extern \"C\" fn\(([^)]*)\) -> ([^,]+),", (CRATES / "al-sys/src/lib.rs").read_text(), re.M)
        lines = ["#include <OpenAL/al.h>", "#include <OpenAL/alc.h>"]
        lines += [f'_Static_assert({name} == ({numbers[name]}), "{name}");' for name in both]
        compared = 0
        for name, parameters, result in functions:
            if not re.search(rf"\b{name}\(", ours):
                continue
            compared += 1
            types = [self.c_type(one.split(":", 1)[1]) for one in split_list(parameters)]
            lines.append(f"{self.c_type(result)} {name}({', '.join(types) or 'void'});")
        done = self.compile("\n".join(lines) + "\n")
        print(f"OpenAL: {len(both)} constants and {compared} functions compared")
        self.assertEqual(done.returncode, 0, done.stderr[:3000])
        self.assertGreater(len(both), 80)
        self.assertGreater(compared, 80)

    def c_type(self, rust):
        rust = rust.strip()
        pointer = re.fullmatch(r"\*(const|mut) (.+)", rust)
        if pointer:
            return ("const " if pointer[1] == "const" else "") + self.c_type(pointer[2]) + " *"
        return {"()": "void", "c_void": "void"}.get(rust.rsplit("::", 1)[-1], rust.rsplit("::", 1)[-1])

    def test_kinds_of_events_are_those_of_appkit(self):
        """PyObjC knows AppKit's, and another test holds our AppKit against it."""
        names = {"LMOUSEDOWN": "LeftMouseDown", "LMOUSEUP": "LeftMouseUp", "RMOUSEDOWN": "RightMouseDown",
                 "RMOUSEUP": "RightMouseUp", "MOUSEMOVED": "MouseMoved", "LMOUSEDRAGGED": "LeftMouseDragged",
                 "RMOUSEDRAGGED": "RightMouseDragged", "MOUSEENTERED": "MouseEntered", "MOUSEEXITED": "MouseExited",
                 "KEYDOWN": "KeyDown", "KEYUP": "KeyUp", "FLAGSCHANGED": "FlagsChanged", "KITDEFINED": "AppKitDefined",
                 "SYSDEFINED": "SystemDefined", "APPDEFINED": "ApplicationDefined", "CURSORUPDATE": "CursorUpdate",
                 "SCROLLWHEELMOVED": "ScrollWheel", "TABLETPOINTER": "TabletPoint",
                 "TABLETPROXIMITY": "TabletProximity", "OMOUSEDOWN": "OtherMouseDown", "OMOUSEUP": "OtherMouseUp",
                 "OMOUSEDRAGGED": "OtherMouseDragged"}
        pairs = {f"NX_{ours}": f"NSEventType{theirs}" for ours, theirs in names.items()}
        pairs |= {"NX_SUBTYPE_TABLET_POINT": "NSEventSubtypeTabletPoint",
                  "NX_SUBTYPE_TABLET_PROXIMITY": "NSEventSubtypeTabletProximity",
                  "NX_ALPHASHIFTMASK": "NSEventModifierFlagCapsLock", "NX_SHIFTMASK": "NSEventModifierFlagShift",
                  "NX_CONTROLMASK": "NSEventModifierFlagControl", "NX_ALTERNATEMASK": "NSEventModifierFlagOption",
                  "NX_COMMANDMASK": "NSEventModifierFlagCommand", "NX_NUMERICPADMASK": "NSEventModifierFlagNumericPad",
                  "NX_HELPMASK": "NSEventModifierFlagHelp", "NX_SECONDARYFNMASK": "NSEventModifierFlagFunction"}
        lines = ["#import <AppKit/AppKit.h>", "#import <IOKit/hidsystem/IOLLEvent.h>"]
        lines += [f'_Static_assert((long){ours} == (long){theirs}, "{ours}");' for ours, theirs in pairs.items()]
        done = self.compile("\n".join(lines) + "\n", "m")
        print(f"events: {len(pairs)} kinds, subtypes and modifiers compared")
        self.assertEqual(done.returncode, 0, done.stderr[:3000])


if __name__ == "__main__":
    unittest.main()
