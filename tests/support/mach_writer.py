"""Writes small Mach-O files for tests: programs, libraries and bundles with any load commands, signed ad hoc.

They have no code worth running. The layouts are those of <mach-o/loader.h>, <mach-o/fat.h> and cs_blobs.h of XNU."""
import hashlib
import struct

ARM64, X86_64, I386 = 0x0100000C, 0x01000007, 7
EXECUTE, DYLIB, BUNDLE = 2, 6, 8
MACOS, IOS, SIMULATOR = 1, 2, 7
LOAD, WEAK, REEXPORT = 0xC, 0x80000018, 0x8000001F
RUNTIME = 0x10000  # the hardened runtime
FLAT = -2
PAGE = 0x4000


def uuid_of(name):
    return hashlib.md5(name.encode()).digest()


def uuid_text(name):
    text = uuid_of(name).hex().upper()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def version(text):
    parts = [int(part) for part in text.split(".")] + [0, 0]
    return parts[0] << 16 | parts[1] << 8 | parts[2]


def uleb(value):
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def padded(data, size):
    return data + b"\0" * (-len(data) % size)


def string_command(number, head, text):
    """A command with a text behind its fixed part."""
    at = 12 + len(head)
    body = padded(struct.pack("<I", at) + head + text.encode() + b"\0", 8)
    return struct.pack("<II", number, 8 + len(body)) + body


def dylib_command(number, name):
    return string_command(number, struct.pack("<III", 2, 0x10000, 0x10000), name)


def trie(symbols):
    """Export trie: the root, and a node for each symbol."""
    if not symbols:
        return b""
    there = b"\0" + uleb(PAGE - 16)  # flags, address
    nodes = [uleb(len(there)) + there + b"\0" for _ in symbols]
    offset = 0
    for _ in range(4):  # until the offsets fit their lengths
        root, at = b"\0" + bytes([len(symbols)]), offset
        for symbol, node in zip(symbols, nodes):
            root += symbol.encode() + b"\0" + uleb(at)
            at += len(node)
        offset = len(root)
    return padded(root + b"".join(nodes), 8)


def binds(imports, segment):
    """Opcodes; of each (symbol, ordinal, weak)."""
    out = bytearray()
    for index, (symbol, ordinal, weak) in enumerate(imports):
        out += bytes([0x10 | ordinal]) if ordinal >= 0 else bytes([0x30 | (ordinal & 0xF)])
        out += bytes([0x40 | (1 if weak else 0)]) + symbol.encode() + b"\0" + b"\x51"
        out += bytes([0x70 | segment]) + uleb(8 * index) + b"\x90"
    return padded(bytes(out) + b"\0", 8) if imports else b""


def signature(code, name, flags):
    """A SuperBlob with one CodeDirectory (version 2.4, SHA-256 of pages of 4 KiB)."""
    pages = [hashlib.sha256(code[at:at + 4096]).digest() for at in range(0, len(code), 4096)]
    head = 88
    identifier = name.encode() + b"\0"
    hashes = head + len(identifier)
    directory = struct.pack(">IIIIIIIIIBBBBIIIIQQQQ", 0xFADE0C02, hashes + 32 * len(pages), 0x20400, flags | 2,
                            hashes, head, 0, len(pages), len(code), 32, 2, 0, 12, 0, 0, 0, 0, 0, 0, PAGE, 1)
    directory += identifier + b"".join(pages)
    return struct.pack(">IIIII", 0xFADE0CC0, 20 + len(directory), 1, 0, 20) + directory


def image(kind, name, *, cpu=ARM64, subtype=None, install_name=None, dylibs=("/usr/lib/libSystem.B.dylib",),
          rpaths=(), exports=(), imports=(), minos="13.0", sdk="13.0", platform=MACOS, uuid=True, sign=True, flags=0,
          data_const=None):
    """`dylibs`: names, or (name, LOAD, WEAK or REEXPORT). `imports`: (symbol, ordinal) or (symbol, ordinal, weak)."""
    imports = [(*one, False)[:3] for one in imports]
    base = 0x100000000 if kind == EXECUTE else 0
    dylibs = [one if isinstance(one, tuple) else (one, LOAD) for one in dylibs]
    subtype = (3 if cpu == X86_64 else 0) if subtype is None else subtype
    has_data = bool(imports) or data_const is not None
    link_at = 2 * PAGE if has_data else PAGE
    bind, exported = binds(imports, 2 if kind == EXECUTE else 1), trie(exports)
    strings = padded(b" \0", 8)
    linkedit = bind + exported + strings
    linkedit = padded(linkedit, 16)
    code_end = link_at + len(linkedit)
    reserved = len(signature(b"\0" * code_end, name, 0)) if sign else 0

    def segment(title, address, size, offset, length, protection, seg_flags=0, sections=b""):
        return struct.pack("<II16sQQQQIIII", 0x19, 72 + len(sections), title.encode(), address, size, offset, length,
                           protection, protection, len(sections) // 80, seg_flags) + sections

    text = struct.pack("<16s16sQQIIIIIIII", b"__text", b"__TEXT", base + PAGE - 16, 16, PAGE - 16, 2, 0, 0, 0x80000400,
                       0, 0, 0)
    commands = [segment("__PAGEZERO", 0, base, 0, 0, 0)] if kind == EXECUTE else []
    commands.append(segment("__TEXT", base, PAGE, 0, PAGE, 5, 0, text))
    if has_data:
        title = "__DATA" if data_const is None else "__DATA_CONST"
        commands.append(segment(title, base + PAGE, PAGE, PAGE, PAGE, 3, data_const or 0))
    total = len(linkedit) + reserved
    commands.append(segment("__LINKEDIT", base + link_at, total + (-total % PAGE), link_at, total, 1))
    if kind == DYLIB:
        commands.append(dylib_command(0xD, install_name or name))
    commands.append(struct.pack("<IIIIIIIIIIII", 0x80000022, 48, 0, 0, link_at if bind else 0, len(bind), 0, 0, 0, 0,
                                link_at + len(bind) if exported else 0, len(exported)))
    commands.append(struct.pack("<IIIIII", 2, 24, link_at + len(bind) + len(exported), 0,
                                link_at + len(bind) + len(exported), len(strings)))
    commands.append(struct.pack("<II18I", 0xB, 80, *[0] * 18))
    if kind == EXECUTE:
        commands.append(string_command(0xE, b"", "/usr/lib/dyld"))
        commands.append(struct.pack("<IIQQ", 0x80000028, 24, PAGE - 16, 0))
    if uuid:
        commands.append(struct.pack("<II16s", 0x1B, 24, uuid_of(name)))
    commands.append(struct.pack("<IIIIII", 0x32, 24, platform, version(minos), version(sdk), 0))
    commands += [dylib_command(number, one) for one, number in dylibs]
    commands += [string_command(0x8000001C, b"", one) for one in rpaths]
    if sign:
        commands.append(struct.pack("<IIII", 0x1D, 16, code_end, reserved))
    body = b"".join(commands)
    header_flags = 0x85 | (0x200000 if kind == EXECUTE else 0x100000)
    head = struct.pack("<IIIIIIII", 0xFEEDFACF, cpu, subtype, kind, len(commands), len(body), header_flags, 0) + body
    assert len(head) <= PAGE - 16, "too many load commands"
    code = head.ljust(PAGE - 16, b"\0") + b"\xc0\x03\x5f\xd6" * 4
    code += b"\0" * (PAGE if has_data else 0) + linkedit
    return code + (signature(code, name, flags) if sign else b"")


def fat(slices):
    """`slices`: (cpu, subtype, bytes)."""
    out = struct.pack(">II", 0xCAFEBABE, len(slices))
    at = PAGE
    for cpu, subtype, data in slices:
        out += struct.pack(">IIIII", cpu, subtype, at, len(data), 14)
        at += len(data) + (-len(data) % PAGE)
    for _, _, data in slices:
        out = out.ljust(len(out) + (-len(out) % PAGE), b"\0") + data
    return out
