"""Volumes of HFS Plus and disk images (UDIF) around them, made byte by byte after Apple's Technical Note TN1150 and the
tables that hdiutil writes."""
import base64
import struct
import zlib

BLOCK = 4096
NODE = 8192
ROOT = 2
PRIVATE = "\0\0\0\0HFS+ Private Data"


class File:
    """`parts`: in how many pieces it lies. `link`: a target. `hard`: the number of the file that it stands for. A colon in
    the path is a slash in the volume."""

    def __init__(self, path, data=b"", mode=0o100644, parts=1, link=None, hard=0, compressed=False):
        self.path, self.data, self.mode, self.parts, self.hard, self.compressed = path, data, mode, parts, hard, compressed
        if link is not None:
            self.data, self.mode = link.encode(), 0o120755


def fork(size, extents):
    out = struct.pack(">QII", size, 0, sum(count for _, count in extents))
    for start, count in (extents + [(0, 0)] * 8)[:8]:
        out += struct.pack(">II", start, count)
    return out


def key(parent, name):
    text = name.replace(":", "/").encode("utf-16-be")
    return struct.pack(">HIH", 6 + len(text), parent, len(text) // 2) + text


def node(records, kind=-1, following=0, height=1, previous=0):
    body, offsets = b"", []
    for record in records:
        offsets.append(14 + len(body))
        body += record + b"\0" * (len(record) % 2)
    offsets.append(14 + len(body))
    tail = b"".join(struct.pack(">H", each) for each in reversed(offsets))
    head = struct.pack(">IIbBHH", following, previous, kind, height, len(records), 0)
    return head + body + bytes(NODE - 14 - len(body) - len(tail)) + tail


def tree(records):
    """A file of nodes: the header, and leaves in a chain (with one index node above them, when there are several)."""
    leaves, now, size = [], [], 0
    for record in records:
        if size + len(record) + 2 > NODE - 40:
            leaves.append(now)
            now, size = [], 0
        now.append(record)
        size += len(record) + len(record) % 2 + 2
    if now:
        leaves.append(now)
    nodes = [node(part, following=n + 1 if n < len(leaves) else 0, previous=n - 1) for n, part in enumerate(leaves, 1)]
    root, depth = (1 if leaves else 0), (1 if leaves else 0)
    if len(leaves) > 1:
        pointers = []
        for n, part in enumerate(leaves, 1):
            size, = struct.unpack_from(">H", part[0])
            pointers.append(part[0][:2 + size] + struct.pack(">I", n))
        nodes.append(node(pointers, kind=0, height=2))
        root, depth = len(nodes), 2
    total = len(nodes) + 1
    header = struct.pack(">HIIIIHHIIHIBBI", depth, root, len(records), 1 if leaves else 0, len(leaves), NODE, 516, total, 0,
                         0, 0, 0, 0xCF, 6) + bytes(64)
    return node([header, bytes(128), bytes(NODE - 14 - 106 - 128 - 8)], kind=1, height=0) + b"".join(nodes)


class Volume:
    def __init__(self, files, name="TEST"):
        self.blocks = [bytes(BLOCK)]  # the first one holds the header
        self.overflow, self.records, self.ids = [], [], {}
        self.next_id = 16
        self.add_folder(1, name, ROOT)
        self.folders = folders = {"": ROOT}
        for file in files:
            parent, at = "", ROOT
            *above, last = file.path.split("/")
            for part in above:
                path = f"{parent}/{part}" if parent else part
                if path not in folders:
                    folders[path] = self.new_id()
                    self.add_folder(at, part, folders[path])
                parent, at = path, folders[path]
            self.add_file(at, last, file)
        self.records.sort(key=lambda each: each[0])
        extents = self.place(tree([record for _, record in sorted(self.overflow)]))
        catalog = self.place(tree([record for _, record in self.records]))
        allocation = self.place(bytes(BLOCK))
        self.blocks.append(bytes(BLOCK))
        header = struct.pack(">HH17IQ", 0x482B, 4, 0x100, 0x31302E30, 0, 0, 0, 0, 0, len(files),
                             len(folders) - 1, BLOCK, len(self.blocks), 0, 0, 65536, 65536, self.next_id, 1, 1) + bytes(32)
        header += fork(BLOCK, allocation) + fork(*self.whole(extents)) + fork(*self.whole(catalog)) + bytes(160)
        first = bytearray(self.blocks[0])
        first[1024:1536] = header
        self.blocks[0] = bytes(first)
        last = bytearray(BLOCK)
        last[-1024:-512] = header
        self.blocks[-1] = bytes(last)

    @staticmethod
    def whole(extents):
        return sum(count for _, count in extents) * BLOCK, extents

    def new_id(self):
        self.next_id += 1
        return self.next_id - 1

    def place(self, data, parts=1):
        """Puts data into new blocks; between two parts there is a block of something else."""
        blocks = [data[n:n + BLOCK].ljust(BLOCK, b"\0") for n in range(0, len(data), BLOCK)]
        each, extents = -(-len(blocks) // parts), []
        for n in range(0, len(blocks), each or 1):
            extents.append((len(self.blocks), len(blocks[n:n + each])))
            self.blocks += blocks[n:n + each]
            if parts > 1:
                self.blocks.append(b"\xee" * BLOCK)
        return extents

    def add_folder(self, parent, name, number):
        record = struct.pack(">HHII", 1, 0, 0, number) + bytes(20) + struct.pack(">IIBBHI", 0, 0, 0, 0, 0o40755, 0) + bytes(40)
        self.records.append(((parent, name), key(parent, name) + record))
        self.records.append(((number, ""), key(number, "") + struct.pack(">HHIH", 3, 0, parent, len(name)) +
                             name.encode("utf-16-be")))

    def add_file(self, parent, name, file):
        number, extents = self.new_id(), self.place(file.data, file.parts)
        flags = 0x20 if file.compressed else 0
        kind = (b"hlnk", b"hfs+") if file.hard else (bytes(4), bytes(4))
        record = struct.pack(">HHII", 2, 2, 0, number) + bytes(20)
        record += struct.pack(">IIBBHI", 0, 0, 0, flags, file.mode, file.hard) + b"".join(kind) + bytes(32)
        record += fork(len(file.data), extents) + fork(0, [])
        self.records.append(((parent, name), key(parent, name) + record))
        covered = sum(count for _, count in extents[:8])
        for n in range(8, len(extents), 8):
            group = extents[n:n + 8]
            row = struct.pack(">HBBII", 10, 0, 0, number, covered)
            row += b"".join(struct.pack(">II", *each) for each in (group + [(0, 0)] * 8)[:8])
            self.overflow.append(((number, covered), row))
            covered += sum(count for _, count in group)

    def bytes(self):
        return b"".join(self.blocks)


def adc(data):
    """Long and short copies where the last bytes repeat, else plain bytes."""
    out, at, plain = b"", 0, b""

    def flush():
        nonlocal out, plain
        for n in range(0, len(plain), 128):
            out += bytes([0x80 | (len(plain[n:n + 128]) - 1)]) + plain[n:n + 128]
        plain = b""

    while at < len(data):
        best, back = 0, 0
        for distance in (1, 2, 4, 512, 2048, 4096):
            count = 0
            while distance <= at and count < 67 and at + count < len(data) and data[at + count] == data[at + count - distance]:
                count += 1
            if count > best:
                best, back = count, distance
        if best >= 3 and best <= 18 and back <= 1024:
            flush()
            out += bytes([(best - 3) << 2 | (back - 1) >> 8, (back - 1) & 255])
        elif best >= 4:
            flush()
            out += bytes([0x40 | (best - 4)]) + struct.pack(">H", back - 1)
        else:
            best = 1
            plain += data[at:at + 1]
        at += best
    flush()
    return out


PACK = {"zlib": (0x80000005, zlib.compress), "raw": (1, bytes), "adc": (0x80000004, adc), "zeros": (0, lambda _: b""),
        "bzip2": (0x80000006, lambda data: b"BZh9" + data[:9]), "lzfse": (0x80000007, lambda data: b"bvx$" + data[:9])}


def udif(partitions, methods=("zlib",), chunk=128, space=0):
    """An image of (name, bytes): chunks of so many sectors, zeros where there is nothing, else packed by each method in
    turn, and so many sectors of zeros behind it."""
    data, rows = b"", ""
    for name, content in partitions:
        content += bytes(-len(content) % 512)
        table, sectors, turn = b"", len(content) // 512, 0
        for sector in range(0, sectors, chunk):
            part = content[sector * 512:(sector + chunk) * 512]
            method = methods[turn % len(methods)] if any(part) else "zeros"
            turn += any(part)
            kind, pack = PACK[method]
            packed = pack(part)
            table += struct.pack(">IIQQQQ", kind, 0, sector, len(part) // 512, len(data), len(packed))
            data += packed
        table += struct.pack(">IIQQQQ", 0, 0, sectors, space, len(data), 0)
        sectors += space
        table += struct.pack(">IIQQQQ", 0xFFFFFFFF, 0, sectors, 0, len(data), 0)
        head = struct.pack(">IIQQQII", 0x6D697368, 1, 0, sectors, 0, chunk + 8, 0) + bytes(24) + struct.pack(">II", 2, 32)
        head += bytes(128) + struct.pack(">I", len(table) // 40)
        rows += (f"<dict><key>Attributes</key><string>0x0050</string><key>Name</key><string>{name}</string>"
                 f"<key>Data</key><data>{base64.b64encode(head + table).decode()}</data></dict>")
    listing = ('<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>resource-fork</key><dict>'
               f"<key>blkx</key><array>{rows}</array></dict></dict></plist>").encode()
    trailer = bytearray(512)
    struct.pack_into(">4sIII", trailer, 0, b"koly", 4, 512, 1)
    struct.pack_into(">QQ", trailer, 24, 0, len(data))
    struct.pack_into(">II", trailer, 56, 1, 1)
    struct.pack_into(">QQ", trailer, 216, len(data), len(listing))
    struct.pack_into(">IQ", trailer, 488, 1, sum(-(-len(content) // 512) for _, content in partitions))
    return data + listing + bytes(trailer)
