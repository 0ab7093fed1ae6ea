"""Packages (xar with a cpio payload), disk images (a trailer, with an ad-hoc signature) and hostile zip files, made byte by
byte after their descriptions."""
import gzip
import hashlib
import io
import struct
import zipfile
import zlib

TRAILER = 512


def cpio(files):
    """An odc archive of (name, mode, bytes)."""
    out = b""
    for number, (name, mode, data) in enumerate([*files, ("TRAILER!!!", 0, b"")]):
        encoded = name.encode() + b"\0"
        out += b"070707%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o" % (0, number, mode, 0, 0, 1, 0, 0, len(encoded),
                                                                      len(data))
        out += encoded + data
    return out


def payload(files):
    folders = [("." + "/".join([""] + name.split("/")[:n]), 0o40755, b"") for name, _ in files
               for n in range(1, name.count("/") + 1)]
    return gzip.compress(cpio(list(dict.fromkeys(folders)) + [("./" + n, 0o100755, d) for n, d in files]))


def xar(members, signature=None, certificates=()):
    """A xar of (name, bytes): the checksum of the table first in the heap, then a signature, then the files."""
    heap_files = b""
    start = 20 + (len(signature) if signature else 0)
    elements = ""
    for number, (name, data) in enumerate(members, 1):
        packed = zlib.compress(data)
        elements += (f'<file id="{number}"><name>{name}</name><type>file</type><mode>0644</mode><data>'
                     f"<length>{len(packed)}</length><offset>{start + len(heap_files)}</offset><size>{len(data)}</size>"
                     '<encoding style="application/x-gzip"/></data></file>')
        heap_files += packed
    sign = ""
    if signature:
        import base64
        certs = "".join(f"<X509Certificate>{base64.b64encode(c).decode()}</X509Certificate>" for c in certificates)
        sign = (f'<signature style="RSA"><offset>20</offset><size>{len(signature)}</size><KeyInfo><X509Data>{certs}'
                "</X509Data></KeyInfo></signature>")
    toc = ('<?xml version="1.0" encoding="UTF-8"?>\n<xar><toc><checksum style="sha1"><offset>0</offset><size>20</size>'
           f"</checksum>{sign}{elements}</toc></xar>").encode()
    packed = zlib.compress(toc)
    header = struct.pack(">4sHHQQI", b"xar!", 28, 1, len(packed), len(toc), 1)
    return header + packed + hashlib.sha1(packed).digest() + (signature or b"") + heap_files


def toc_digest(archive):
    size, = struct.unpack_from(">Q", archive, 8)
    return hashlib.sha1(archive[28:28 + size]).digest()


def trailer(data_size, signature_at=0, signature_size=0):
    out = bytearray(TRAILER)
    struct.pack_into(">4sIII", out, 0, b"koly", 4, TRAILER, 1)
    struct.pack_into(">QQ", out, 24, 0, data_size)
    struct.pack_into(">QQ", out, 296, signature_at, signature_size)
    return bytes(out)


def disk_image(data, identifier=None):
    """With an identifier, an ad-hoc signature over data and trailer."""
    if identifier is None:
        return data + trailer(len(data))
    slots = {6: hashlib.sha256(trailer(len(data), len(data), 0)).digest()}
    name = identifier.encode() + b"\0"
    head = 52
    hashes = b"".join(slots.get(n, bytes(32)) for n in range(6, 0, -1)) + hashlib.sha256(data).digest()
    at = head + len(name) + 6 * 32
    directory = struct.pack(">IIIIIIIIIBBBBIII", 0xFADE0C02, head + len(name) + len(hashes), 0x20200, 2, at, head, 6, 1,
                            len(data), 32, 2, 0, 0, 0, 0, 0) + name + hashes
    blob = struct.pack(">IIIII", 0xFADE0CC0, 20 + len(directory), 1, 0, 20) + directory
    return data + blob + trailer(len(data), len(data), len(blob))


def image_cdhash(image):
    at, size = struct.unpack_from(">QQ", image, len(image) - TRAILER + 296)
    blob = image[at:at + size]
    count, = struct.unpack_from(">I", blob, 8)
    for n in range(count):
        kind, offset = struct.unpack_from(">II", blob, 12 + 8 * n)
        if kind == 0:
            length, = struct.unpack_from(">I", blob, offset + 4)
            return hashlib.sha256(blob[offset:offset + length]).hexdigest()[:40]
    return None


def image_blobs(image):
    """slot -> bytes of the signature of a disk image."""
    at, size = struct.unpack_from(">QQ", image, len(image) - TRAILER + 296)
    blob = image[at:at + size]
    out = {}
    for n in range(struct.unpack_from(">I", blob, 8)[0]):
        kind, offset = struct.unpack_from(">II", blob, 12 + 8 * n)
        out[kind] = blob[offset:offset + struct.unpack_from(">I", blob, offset + 4)[0]]
    return out


def zip_of(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = 0o100755 << 16
            archive.writestr(info, data)
    return out.getvalue()


def raw_zip(members, comment=b""):
    """A zip of (name in the directory, name beside the data, packed, size, crc, flags, method); members may share an
    offset given as an eighth element."""
    body, directory = b"", b""
    for name, local, packed, size, crc, flags, method, *at in members:
        offset = at[0] if at else len(body)
        if not at:
            body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, flags, method, 0, 33, crc, len(packed), size, len(local),
                                0) + local + packed
        directory += struct.pack("<4sBBHHHHHIIIHHHHHII", b"PK\1\2", 20, 3, 20, flags, method, 0, 33, crc, len(packed), size,
                                 len(name), 0, 0, 0, 0, 0o100755 << 16, offset) + name
    return body + directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(members), len(members), len(directory),
                                          len(body), len(comment)) + comment


def zeros(head, size):
    """`head` and then zeros, deflated: (packed, size, crc)."""
    coder = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed, crc, left = [coder.compress(head)], zlib.crc32(head), size - len(head)
    chunk = bytes(1 << 20)
    while left:
        piece = chunk[:min(left, len(chunk))]
        packed.append(coder.compress(piece))
        crc = zlib.crc32(piece, crc)
        left -= len(piece)
    return b"".join(packed) + coder.flush(), size, crc
