"""A small reader and writer of Mach-O signatures, written from the format's description and not from
tenon: it makes the forgeries of test_verify.py and test_mapping.py."""
import hashlib
import struct

LC_CODE_SIGNATURE, LC_SEGMENT_64, LC_SYMTAB = 0x1D, 0x19, 0x2
HASHES = {1: (hashlib.sha1, 20), 2: (hashlib.sha256, 32), 3: (hashlib.sha256, 20),
          4: (hashlib.sha384, 48)}


class Slice:
    """One thin 64-bit little-endian Mach-O file, as a bytearray that may be changed."""

    def __init__(self, data):
        self.data = bytearray(data)
        self.read()

    def read(self):
        data = self.data
        magic, self.cputype, self.subtype, self.filetype, self.ncmds, self.sizeofcmds = \
            struct.unpack_from("<6I", data, 0)
        assert magic == 0xFEEDFACF
        self.signature_lc = self.linkedit_lc = self.symtab_lc = None
        self.segments, self.commands = {}, []
        at = 32
        for _ in range(self.ncmds):
            cmd, size = struct.unpack_from("<II", data, at)
            self.commands.append((cmd, at, size))
            if cmd == LC_CODE_SIGNATURE:
                self.signature_lc = at
            elif cmd == LC_SYMTAB:
                self.symtab_lc = at
            elif cmd == LC_SEGMENT_64:
                name = bytes(data[at + 8:at + 24]).rstrip(b"\0").decode()
                self.segments[name] = at
                if name == "__LINKEDIT":
                    self.linkedit_lc = at
            at += size
        if self.signature_lc is not None:
            self.sig_at, self.sig_size = struct.unpack_from("<II", data, self.signature_lc + 8)

    def section(self, segment, section):
        at = self.segments[segment]
        count, = struct.unpack_from("<I", self.data, at + 64)
        for i in range(count):
            lies = at + 72 + 80 * i
            name = bytes(self.data[lies:lies + 16]).rstrip(b"\0").decode()
            if name == section:
                _, size = struct.unpack_from("<QQ", self.data, lies + 32)
                offset, = struct.unpack_from("<I", self.data, lies + 48)
                return offset, size
        raise KeyError(section)

    def segment(self, name):
        return Segment(self, self.segments[name])

    def command(self, *cmds):
        """The place of the first load command of one of these kinds."""
        return next(at for cmd, at, _ in self.commands if cmd in cmds)

    def add_command(self, command):
        """Behind the last one, into the room that linkers leave."""
        end = 32 + self.sizeofcmds
        assert not any(self.data[end:end + len(command)]), "no room in the header"
        self.data[end:end + len(command)] = command
        struct.pack_into("<2I", self.data, 16, self.ncmds + 1, self.sizeofcmds + len(command))
        self.read()
        return end

    def add_segment(self, name, vmaddr, vmsize, fileoff, filesize, prot=5, flags=0):
        self.add_command(struct.pack("<2I16s4Q4I", LC_SEGMENT_64, 72, name.encode(), vmaddr, vmsize,
                                     fileoff, filesize, prot, prot, 0, flags))

    def free_address(self):
        """Behind everything that is mapped."""
        ends = [s.vmaddr + s.vmsize for s in map(self.segment, self.segments)]
        return max(ends) + 0x3FFF & ~0x3FFF

    def swap_commands(self, first, second):
        """Two segments change places in the load commands."""
        (a, na), (b, nb) = sorted((self.segments[n], self.segment(n).size) for n in (first, second))
        data = self.data
        data[a:b + nb] = data[b:b + nb] + data[a + na:b] + data[a:a + na]
        self.read()

    # blobs: slot -> (offset in the file, length)
    def blobs(self):
        _, _, count = struct.unpack_from(">3I", self.data, self.sig_at)
        out = {}
        for i in range(count):
            slot, offset = struct.unpack_from(">2I", self.data, self.sig_at + 12 + 8 * i)
            length, = struct.unpack_from(">I", self.data, self.sig_at + offset + 4)
            out[slot] = (self.sig_at + offset, length)
        return out

    def blob(self, slot):
        at, length = self.blobs()[slot]
        return bytes(self.data[at:at + length])

    def write_blobs(self, blobs, room=None):
        """Replaces the SuperBlob: slots sorted as given, zeros behind."""
        index, body = b"", b""
        start = 12 + 8 * len(blobs)
        for slot, blob in blobs:
            index += struct.pack(">2I", slot, start + len(body))
            body += blob
        whole = struct.pack(">3I", 0xFADE0CC0, start + len(body), len(blobs)) + index + body
        room = self.sig_size if room is None else room
        assert len(whole) <= room, (len(whole), room)
        self.data[self.sig_at:self.sig_at + self.sig_size] = whole + bytes(room - len(whole))

    def make_room(self, size):
        """For a larger signature, which is the end of the file and of __LINKEDIT."""
        assert self.sig_at + self.sig_size == len(self.data)
        grown = size - self.sig_size
        self.data += bytes(grown)
        struct.pack_into("<I", self.data, self.signature_lc + 12, size)
        filesize, = struct.unpack_from("<Q", self.data, self.linkedit_lc + 48)
        struct.pack_into("<Q", self.data, self.linkedit_lc + 48, filesize + grown)
        pages = -(-(filesize + grown) // 0x4000) * 0x4000
        struct.pack_into("<Q", self.data, self.linkedit_lc + 32, pages)
        self.read()

    def all_blobs(self):
        return [(slot, self.blob(slot)) for slot in self.blobs()]

    def directory(self, slot=0):
        return Directory(self, self.blobs()[slot][0])

    def directories(self):
        return [Directory(self, at) for slot, (at, _) in sorted(self.blobs().items())
                if slot == 0 or 0x1000 <= slot < 0x1005]

    def rehash(self, page=None):
        """Makes the page hashes right again: what a forger can do without a key."""
        for cd in self.directories():
            pages = range(cd.code_slots) if page is None else [page]
            for i in pages:
                cd.set_page_hash(i)


class Segment:
    """An LC_SEGMENT_64 in place: its numbers are read and set as attributes."""
    FIELDS = {"size": ("<I", 4), "vmaddr": ("<Q", 24), "vmsize": ("<Q", 32), "fileoff": ("<Q", 40),
              "filesize": ("<Q", 48), "maxprot": ("<I", 56), "initprot": ("<I", 60),
              "nsects": ("<I", 64), "flags": ("<I", 68)}

    def __init__(self, owner, at):
        self.__dict__.update(owner=owner, at=at)

    def __getattr__(self, name):
        if name not in self.FIELDS:
            raise AttributeError(name)
        form, offset = self.FIELDS[name]
        return struct.unpack_from(form, self.owner.data, self.at + offset)[0]

    def __setattr__(self, name, value):
        form, offset = self.FIELDS[name]
        struct.pack_into(form, self.owner.data, self.at + offset, value)

    def rename(self, name):
        self.owner.data[self.at + 8:self.at + 24] = name.encode().ljust(16, b"\0")

    def section(self, index, **fields):
        """Sets `addr` or `bytes` (the size) of a section."""
        at = self.at + 72 + 80 * index
        for name, value in fields.items():
            struct.pack_into("<Q", self.owner.data, at + {"addr": 32, "bytes": 40}[name], value)


class Directory:
    """A CodeDirectory in place."""
    FIELDS = {"version": 8, "flags": 12, "hash_offset": 16, "ident_offset": 20,
              "special_slots": 24, "code_slots": 28, "code_limit": 32}

    def __init__(self, owner, at):
        self.owner, self.at = owner, at

    def __getattr__(self, name):
        if name in self.FIELDS:
            return struct.unpack_from(">I", self.owner.data, self.at + self.FIELDS[name])[0]
        if name in ("hash_size", "hash_type", "platform", "page_shift"):
            names = ("hash_size", "hash_type", "platform", "page_shift")
            return self.owner.data[self.at + 36 + names.index(name)]
        raise AttributeError(name)

    def set(self, name, value):
        if name in self.FIELDS:
            struct.pack_into(">I", self.owner.data, self.at + self.FIELDS[name], value)
        else:
            names = ("hash_size", "hash_type", "platform", "page_shift")
            self.owner.data[self.at + 36 + names.index(name)] = value

    @property
    def team_offset(self):
        return struct.unpack_from(">I", self.owner.data, self.at + 48)[0] if self.version >= 0x20200 else 0

    def hash_place(self, index):
        """Of a page; special slots are negative."""
        return self.at + self.hash_offset + index * self.hash_size

    def page(self, index):
        size = 1 << self.page_shift
        return self.owner.data[index * size:min((index + 1) * size, self.code_limit)]

    def digest(self, data):
        make, size = HASHES[self.hash_type]
        return make(bytes(data)).digest()[:size]

    def set_page_hash(self, index):
        at = self.hash_place(index)
        self.owner.data[at:at + self.hash_size] = self.digest(self.page(index))

    def set_special_hash(self, slot, data):
        at = self.hash_place(-slot)
        self.owner.data[at:at + self.hash_size] = self.digest(data)


def blob(magic, payload):
    return struct.pack(">2I", magic, 8 + len(payload)) + bytes(payload)


def code_directory(data, limit, **changes):
    """A CodeDirectory whose hashes are right: of `data` up to `limit`, and of `special`, blobs by slot.
    Every field can be set to something that no signer writes."""
    c = {"identifier": b"forged", "flags": 2, "version": 0x20500, "team": b"", "hash_type": 2,
         "page_shift": 14, "special": {}, "exec": (0, 0x4000, 0), "platform": 0, "runtime": 0,
         "limit64": 0, "limit32": limit, "slots": None, "scatter": 0, "hash_at": None,
         "ident_at": None, "magic": 0xFADE0C02, "extra_length": 0, **changes}
    make, size = HASHES[c["hash_type"]]
    head = 44
    for version, end in ((0x20100, 48), (0x20200, 52), (0x20300, 64), (0x20400, 88), (0x20500, 96)):
        if c["version"] >= version:
            head = end
    identifier = c["identifier"] + b"\0"
    team = c["team"] + b"\0" if c["team"] else b""
    special = max(c["special"], default=0)
    hashes = b"".join(make(c["special"][slot]).digest()[:size] if slot in c["special"] else bytes(size)
                      for slot in range(special, 0, -1))
    page = 1 << min(c["page_shift"], 20) if c["page_shift"] else max(limit, 1)
    pages = [data[at:min(at + page, limit)] for at in range(0, limit, page)]
    count = len(pages) if c["slots"] is None else c["slots"]
    hashes += b"".join(make(bytes(each)).digest()[:size] for each in pages[:count])
    ident_at = head if c["ident_at"] is None else c["ident_at"]
    hash_at = head + len(identifier) + len(team) + special * size
    out = struct.pack(">9I4BI", c["magic"], hash_at + len(hashes) - special * size + c["extra_length"],
                      c["version"], c["flags"], hash_at if c["hash_at"] is None else c["hash_at"],
                      ident_at, special, count, c["limit32"], size, c["hash_type"], c["platform"],
                      c["page_shift"], 0)
    late = struct.pack(">2I", c["scatter"], head + len(identifier) if team else 0)
    late += struct.pack(">IQ", 0, c["limit64"]) + struct.pack(">3Q", *c["exec"])
    late += struct.pack(">2I", c["runtime"], 0)
    return out + late[:head - 44] + identifier + team + hashes


def signed_with(data, make_blobs, raw=None):
    """The program with the signature of `make_blobs(code, limit)`, a list of (slot, blob), or with
    the bytes `raw(code, limit)`; the load commands are right before anything is hashed."""
    s = Slice(data)
    draft = make_blobs(s.data, s.sig_at) if raw is None else [(0, raw(s.data, s.sig_at))]
    need = 12 + sum(8 + len(each) for _, each in draft) + 64
    s.data = s.data[:s.sig_at + s.sig_size]
    s.make_room(-(-max(need, s.sig_size) // 16) * 16)
    if raw is None:
        s.write_blobs(make_blobs(s.data, s.sig_at))
    else:
        whole = raw(s.data, s.sig_at)
        s.data[s.sig_at:] = whole + bytes(s.sig_size - len(whole))
    return bytes(s.data)


def fat(slices, aligns=None):
    """A universal file of thin ones."""
    aligns = aligns or [14] * len(slices)
    at, table, body = 8 + 20 * len(slices), b"", b""
    for data, align in zip(slices, aligns):
        start = -(-at // (1 << align)) << align
        body += bytes(start - at) + bytes(data)
        cputype, subtype = struct.unpack_from("<2I", data, 4)
        table += struct.pack(">5I", cputype, subtype, start, len(data), align)
        at = start + len(data)
    return struct.pack(">2I", 0xCAFEBABE, len(slices)) + table + body


def fat_table(rows, contents, count=None, wide=False):
    """A universal file as its rows (cputype, subtype, offset, size, align) have it. `contents` maps
    offsets to bytes; `count` is what the header says."""
    head = struct.pack(">2I", 0xCAFEBABF if wide else 0xCAFEBABE, len(rows) if count is None else count)
    for row in rows:
        head += struct.pack(">2I2Q2I", *row, 0) if wide else struct.pack(">5I", *row)
    end = max([len(head)] + [at + len(data) for at, data in contents.items()])
    out = bytearray(end)
    out[:len(head)] = head
    for at, data in contents.items():
        out[at:at + len(data)] = data
    return bytes(out)
