"""A name server for tests that misbehaves as its clients ask: the first label of a name says how.

Listens on 127.0.0.1:53 (UDP and TCP), in a network namespace of its own. Only the standard library is used.
"""
import socket
import struct
import threading

A, CNAME, AAAA, OPT = 1, 5, 28, 41
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)


def labels(name):
    out = b""
    for label in name.rstrip(".").split("."):
        if label:
            out += bytes([len(label)]) + label.encode()
    return out + b"\0"


def record(kind, data, ttl=60, name=b"\xc0\x0c"):
    return name + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


class Query:
    def __init__(self, packet):
        self.id, _, _, _, _, additional = struct.unpack(">6H", packet[:12])
        at, parts = 12, []
        while packet[at]:
            parts.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
            at += packet[at] + 1
        self.name = ".".join(parts)
        self.kind = struct.unpack(">H", packet[at + 1:at + 3])[0]
        self.question = packet[12:at + 5]
        self.edns = additional > 0
        self.mode = parts[0].lower() if parts else ""

    def answer(self, records=(), code=NOERROR, flags=0x8180, question=None, number=None, authority=(), additional=(), questions=1):
        question = self.question if question is None else question
        head = struct.pack(">6H", self.id if number is None else number, flags | code, questions if question else 0, len(records),
                           len(authority), len(additional))
        return head + question + b"".join(records) + b"".join(authority) + b"".join(additional)

    def addresses(self, count=1):
        if self.kind == A:
            return [record(A, bytes([192, 0, 2, n + 1])) for n in range(count)]
        if self.kind == AAAA:
            return [record(AAAA, socket.inet_pton(socket.AF_INET6, f"2001:db8::{n + 1:x}")) for n in range(count)]
        return []


def opt(extended=0):
    return b"\0" + struct.pack(">HHIH", OPT, 1232, extended << 24, 0)


def only_a(query, count=1):
    return query.answer(query.addresses(count) if query.kind == A else [])


CLOSE = object()  # of a TCP connection
ALIAS = record(CNAME, labels("target.test"))


def replies(query, tcp):
    """Packets to send; none is silence."""
    mode = query.mode
    plain = query.answer(query.addresses())
    table = {
        "ok": lambda: [plain],
        "four": lambda: [only_a(query)],
        "many": lambda: [query.answer(query.addresses(3))],
        "nxdomain": lambda: [query.answer(code=NXDOMAIN)],
        "nodata": lambda: [query.answer()],
        "dangling": lambda: [query.answer([ALIAS])],
        "alias": lambda: [query.answer([ALIAS, *[r.replace(b"\xc0\x0c", labels("target.test"), 1) for r in query.addresses()]])],
        "servfail": lambda: [query.answer(code=SERVFAIL)],
        "refused": lambda: [query.answer(code=REFUSED)],
        "notimp": lambda: [query.answer(code=NOTIMP)],
        "formerr-edns": lambda: [query.answer(code=FORMERR) if query.edns else plain],
        "drop-edns": lambda: [] if query.edns else [plain],
        "tc": lambda: [plain] if tcp else [query.answer(flags=0x8380)],
        "tc-one": lambda: [plain, CLOSE] if tcp else [query.answer(flags=0x8380)],
        "tc-close": lambda: [CLOSE] if tcp else [query.answer(flags=0x8380)],
        "tc-tc": lambda: [query.answer(query.addresses(), flags=0x8380)],
        "tc-wrong-id": lambda: [query.answer(query.addresses(), number=query.id ^ 1), CLOSE] if tcp else [query.answer(flags=0x8380)],
        "tc-garbage": lambda: [b"\1\2\3\4", CLOSE] if tcp else [query.answer(flags=0x8380)],
        "big": lambda: [only_a(query, 100)],
        "drop": lambda: [],
        "drop-aaaa": lambda: [] if query.kind == AAAA else [plain],
        "aaaa-servfail": lambda: [query.answer(code=SERVFAIL)] if query.kind == AAAA else [plain],
        "aaaa-nxdomain": lambda: [query.answer(code=NXDOMAIN)] if query.kind == AAAA else [plain],
        "wrong-id": lambda: [query.answer(query.addresses(), number=query.id ^ 0x5555)],
        "wrong-question": lambda: [query.answer(query.addresses(), question=labels("other.test") + query.question[-4:])],
        "no-question": lambda: [query.answer(query.addresses(), question=b"")],
        "two-questions": lambda: [query.answer(query.addresses(), question=query.question * 2, questions=2)],
        "garbage": lambda: [b"\1\2\3\4"],
        "lame": lambda: [query.answer(flags=0x8000)],
        "lame-opt": lambda: [query.answer(flags=0x8000, additional=[opt()])],
        "badvers": lambda: [query.answer(query.addresses(), additional=[opt(1)])],
        "cut": lambda: [plain[:-3]],
        "late": lambda: [query.answer(query.addresses(), number=query.id ^ 1), plain],
        "not-response": lambda: [query.answer(query.addresses(), flags=0x0100)],
        "case": lambda: [query.answer(query.addresses(), question=query.question.upper()[:-4] + query.question[-4:])],
    }
    return table.get(mode, lambda: [query.answer(code=NXDOMAIN)])()


class Server:
    def __init__(self, address="127.0.0.1"):
        self.seen = []
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((address, 53))
        self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.tcp.bind((address, 53))
        self.tcp.listen(64)
        for work in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=work, daemon=True).start()

    def serve_udp(self):
        while True:
            packet, who = self.udp.recvfrom(4096)
            query = Query(packet)
            self.seen.append((query.name.lower(), query.kind, "udp"))
            for reply in replies(query, False):
                self.udp.sendto(reply, who)

    def serve_tcp(self):
        while True:
            connection, _ = self.tcp.accept()
            threading.Thread(target=self.serve_connection, args=(connection, ), daemon=True).start()

    def serve_connection(self, connection):
        with connection:
            while True:
                head = connection.recv(2)
                if len(head) < 2:
                    return
                query = Query(connection.recv(struct.unpack(">H", head)[0]))
                self.seen.append((query.name.lower(), query.kind, "tcp"))
                for reply in replies(query, True):
                    if reply is CLOSE:
                        return
                    connection.sendall(struct.pack(">H", len(reply)) + reply)


# Behind section 3 of what is compared, in its order, and more of the same kind.
MODES = ["ok", "nxdomain", "nodata", "dangling", "servfail", "refused", "notimp", "formerr-edns", "drop-edns", "tc", "tc-one",
         "tc-close", "big", "drop-aaaa", "aaaa-servfail", "aaaa-nxdomain", "wrong-id", "wrong-question", "no-question", "garbage",
         "lame", "drop", "alias", "four", "many", "tc-tc", "tc-wrong-id", "tc-garbage", "two-questions", "lame-opt", "badvers", "cut",
         "late", "not-response", "case"]
