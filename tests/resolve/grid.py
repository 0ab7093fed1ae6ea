"""Random machines for Go's choice of a resolver: files, environment, names. The same seed, the same cases."""
import os
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

GOOS = ["linux", "darwin", "ios", "windows", "plan9", "android", "openbsd", "freebsd", "netbsd", "dragonfly",
        "solaris", "illumos", "aix", "js", "wasip1", "hurd", "zos"]
LONG = "x" * 65536
NAMES = ["example.org", "example.org.", "x", "x.", "localhost", "LocalHost", "a.localhost", "a.localhost.localdomain",
         "localhost.localdomain.", "_gateway", "_outbound", "_Outbound.", "printer.local", "PRINTER.LOCAL.", "local",
         ".local", "a.b.local", "ok.onion", "back\\slash", "foo.com%en0", "100%", "a..b", "-bad.x", "ü.example",
         "with blank", "127.1", "0x7f.1", "UPPER.example", "very.long." + "a" * 60 + ".example", "mylocal",
         "xlocal.", "notlocalhost", "box", "box.corp.example", "Box.Corp.Example", "box.", ".", "a)b = dns"]
HOSTNAMES = ["box", "box.corp.example", "BOX", "machine", "a.b.c.d", "trailing.", "local", "x"]
RESOLV_LINES = ["nameserver 192.0.2.1", "nameserver 192.0.2.2", "nameserver fe80::1%eth0", "nameserver not-an-address",
                "nameserver", "search corp.example lab.example", "search .", "search", "domain corp.example", "domain",
                "options ndots:2", "options ndots:-1 timeout:0", "options timeout:1 attempts:3 rotate",
                "options single-request", "options single-request-reopen use-vc", "options usevc tcp trust-ad edns0",
                "options no-reload", "options inet6", "options ndots:2 # x", "options debug", "options", "options no-aaaa",
                "options ndots", "options ndots:", "options RoTate", "sortlist 10.0.0.0", "lookup file bind", "lookup bind file",
                "lookup bind", "lookup file", "lookup", "lookup file bind yp", "lookup file foo", "lookup yp", "lookup bind bind",
                "# comment", "; comment", " # indented", "\t; indented", "#", "", "   ", "\t", "family inet6", "Nameserver 1.1.1.1",
                "nameserver\t192.0.2.3", "\ufeffnameserver 192.0.2.1", "nameserver 192.0.2.1\r", "options\tedns0\r", "options\rinet6",
                "search a b c d e f g h", "nameserver 192.0.2.4 # x", LONG, "options ndots:99999999999999999999"]
SOURCES = ["files", "dns", "myhostname", "mdns", "mdns4", "mdns4_minimal", "mdns6_minimal", "mymachines", "resolve", "nis",
           "files\tdns", "dns\tfiles", "Files", "DNS", "wins", "db", "compat", "[x", "mdnsx", "files,dns"]
CRITERIA = ["[NOTFOUND=return]", "[notfound=continue]", "[success=return]", "[SUCCESS=continue]", "[!UNAVAIL=return]",
            "[UNAVAIL=return]", "[tryagain=continue]", "[success=return notfound=return]", "[notfound=return success=return]",
            "[ success=return  notfound=continue unavail=continue tryagain=continue ]", "[]", "[ ]", "[NOTFOUND=return",
            "[ab]", "[abc]", "[a=]", "[=ab]", "[!]", "[!=return]", "[foo=return]", "[notfound=merge]", "[notfound=\treturn]",
            "[success=return]x", "[NOTFOUND=RETURN]", "[notfound=continue\tsuccess=return]", "[!success=return notfound=continue]"]
NETDNS = [None, None, None, "", "netdns=go", "netdns=cgo", "netdns=go+1", "netdns=1+cgo", "netdns=Go", "netdns=cgo+go", "netdns=2+3",
          "netdns=go,netdns=cgo", "netdns=cgo,netdns=go", "netdns=", "http2client=0", "netdns=foo+go", "netdns", "netdns=go+cgo+1",
          "xnetdns=go", " netdns=go", "netdns=go ", "netdns==go", "netdns=cgo,netdns="]
# With level 2, so that Go prints the order.
NETDNS_2 = ["netdns=2"] * 6 + ["netdns=go+2", "netdns=cgo+2", "netdns=2+cgo", "netdns=2+go", "netdns=Go+2", "netdns=cgo+2+go", "netdns=2+go+cgo",
            "netdns=foo+2", "netdns=go,netdns=2", "netdns=cgo,netdns=2+", "http2client=0,netdns=2", "netdns=2,http2client=0", "netdns=2x",
            "netdns=1+2", "netdns=go+1,netdns=cgo+2", "xnetdns=go,netdns=2", " netdns=go,netdns=2", "netdns=go ,netdns=go +2", "netdns=002",
            "netdns=+2", "netdns,netdns=2", "netdns=2,netdns", "netdns=99999999999"]
VARIABLES = [("LOCALDOMAIN", ""), ("LOCALDOMAIN", "corp.example"), ("RES_OPTIONS", ""), ("RES_OPTIONS", "ndots:3"),
             ("HOSTALIASES", ""), ("HOSTALIASES", "/etc/aliases"), ("ASR_CONFIG", ""), ("ASR_CONFIG", "/x")]


@dataclass
class Case:
    number: int
    files: dict = field(default_factory=dict)  # "resolv.conf" -> bytes, or a state
    environment: dict = field(default_factory=dict)
    godebug: str | None = None
    hostname: str = "box"
    names: list = field(default_factory=list)
    goos: str = "linux"
    cgo: bool = True
    tags: str = ""
    prefer_go: bool = False
    dial: bool = False
    mode: str = "cgo"
    unprivileged: bool = False


STATES = ["absent", "folder", "loop", "dangling", "through-file", "unreadable"]


def resolv_text(r):
    lines = [r.choice(RESOLV_LINES) for _ in range(r.choice([0, 1, 1, 2, 3, 4]))]
    # Most machines have nothing odd: else nearly all is cgo.
    if r.random() < 0.6:
        lines = [line for line in lines if line.split()[:1] in (["nameserver"], ["search"], ["lookup"], ["domain"])
                 and "\r" not in line and "\ufeff" not in line]
    return ("\n".join(lines) + r.choice(["\n", ""])).encode()


def hosts_line(r):
    parts = []
    for _ in range(r.choice([0, 1, 2, 2, 3, 3, 4])):
        parts.append(r.choice(SOURCES[:2] if r.random() < 0.55 else SOURCES))
        if r.random() < 0.2:
            parts.append(r.choice(CRITERIA))
    gap = r.choice([" "] * 8 + ["  ", "\t"])
    return r.choice(["hosts:", "hosts:", "hosts:", " hosts :", "\thosts:\t", "Hosts:", "hosts:"]) + r.choice([" ", "", "\t", "  "]) + gap.join(parts)


def nsswitch_text(r):
    lines = [hosts_line(r)]
    if r.random() < 0.15:
        lines.append(hosts_line(r))
    extra = ["passwd: files", "group: files [foo", "# hosts: cgo", "no colon here", "", "  ", "networks: files dns # x",
             "netgroup: nis", ":", "hosts", LONG, "shadow: files [NOTFOUND=return]", "x: [ab]", "\r", "passwd: files\r"]
    for _ in range(r.choice([0, 0, 1, 2])):
        lines.insert(r.randrange(len(lines) + 1), r.choice(extra[:9] if r.random() < 0.8 else extra))
    if r.random() < 0.15:
        lines = [line + r.choice([" # comment", "#", "\r", " "]) for line in lines]
    return ("\n".join(lines) + r.choice(["\n", ""])).encode()


def one_case(seed, number, overlay):
    r = random.Random(f"{seed}/{number}")
    case = Case(number)
    for name, make in (("resolv.conf", resolv_text), ("nsswitch.conf", nsswitch_text)):
        case.files[name] = make(r) if r.random() < 0.86 else r.choice(STATES)
    case.files["mdns.allow"] = "absent" if r.random() < 0.8 else r.choice([b"", b".x\n", "folder", "loop", "unreadable", "dangling"])
    case.godebug = r.choice(NETDNS)
    if r.random() < 0.12:
        case.environment = dict(r.sample(VARIABLES, r.choice([1, 1, 2])))
    case.hostname = r.choice(HOSTNAMES)
    case.names = r.sample(NAMES, 8)
    if r.random() < 0.3:
        case.names = list(dict.fromkeys([case.hostname.swapcase(), *case.names[1:]]))
    if overlay:
        case.goos = r.choice(GOOS) if r.random() < 0.8 else "linux"
        case.cgo = r.random() < 0.7
        case.tags = r.choice(["", "", "", "netgo", "netcgo"])
        case.prefer_go = r.random() < 0.12
        case.dial = r.random() < 0.12
    else:
        case.godebug = r.choice(NETDNS_2)
        case.mode = r.choice(["cgo", "cgo", "cgo", "nocgo", "netgo", "netcgo", "debug-go", "debug-cgo"])
        case.unprivileged = r.random() < 0.5
    return case


def clear(folder):
    for path in list(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def write_files(case, etc):
    """The case's files, in an empty folder that stands for /etc."""
    for name, content in case.files.items():
        path = etc / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content == "folder":
            path.mkdir()
        elif content == "loop":
            path.symlink_to(name)
        elif content == "dangling":
            path.symlink_to("not-there")
        elif content == "through-file":
            (etc / "plain").write_bytes(b"")
            path.symlink_to("plain/x")
        elif content == "unreadable":
            path.write_bytes(b"hosts: files\n" if name == "nsswitch.conf" else b"options inet6\n")
            os.chmod(path, 0)
    os.chmod(etc, 0o755)


def libc_compiled_in(case):
    """The build tags of src/net/cgo_stub.go, lookup_windows.go and lookup_plan9.go, as the overlay needs them."""
    if case.goos in ("windows", "plan9"):
        return True
    if case.goos in ("js", "wasip1") or case.tags == "netgo":
        return False
    return case.cgo or case.goos in ("darwin", "ios")
