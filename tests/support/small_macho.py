"""A small arm64 program for macOS, unsigned, laid out as Apple's linker does it: for tests that write
thousands of signatures and need no compiler."""
import struct

PAGE = 0x4000
BASE = 1 << 32


def _segment(name, address, size, offset, length, protection, section=b""):
    return struct.pack("<2I16s4Q4I", 0x19, 72 + len(section), name, address, size, offset, length, protection,
                       protection, bool(section), 0) + section


def program(pages=2, platform=1):
    """The bytes: a header, code of `pages` - 1 pages, an empty symbol table."""
    text = pages * PAGE
    section = struct.pack("<16s16s2Q8I", b"__text", b"__TEXT", BASE + PAGE, text - PAGE, PAGE, 2, 0, 0, 0x80000400,
                          0, 0, 0)
    link = bytes(16)
    commands = [
        _segment(b"__PAGEZERO", 0, BASE, 0, 0, 0),
        _segment(b"__TEXT", BASE, text, 0, text, 5, section),
        _segment(b"__LINKEDIT", BASE + text, PAGE, text, len(link), 1),
        struct.pack("<6I", 0x2, 24, text, 0, text, len(link)),
        struct.pack("<20I", 0xB, 80, *[0] * 18),
        struct.pack("<3I20s", 0xE, 32, 12, b"/usr/lib/dyld"),
        struct.pack("<6I", 0x32, 24, platform, 0xB0000, 0xB0000, 0),
        struct.pack("<2I2Q", 0x80000028, 24, PAGE, 0),
        struct.pack("<6I32s", 0xC, 56, 24, 2, 0x10000, 0x10000, b"/usr/lib/libSystem.B.dylib"),
    ]
    body = b"".join(commands)
    head = struct.pack("<8I", 0xFEEDFACF, 0x0100000C, 0, 2, len(commands), len(body), 0x200085, 0) + body
    return head.ljust(PAGE, b"\0") + b"\x1f\x20\x03\xd5" * ((text - PAGE) // 4) + link
