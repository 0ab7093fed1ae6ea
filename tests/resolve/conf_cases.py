"""The table of Go's own TestConfHostLookupOrder, read from the conf_test.go of the installed Go."""
import re

ORDERS = {"Cgo": "cgo", "FilesDNS": "files,dns", "DNSFiles": "dns,files", "Files": "files", "DNS": "dns"}


def unquoted(text):
    return text.encode().decode("unicode_escape")


def blocks(text):
    """The elements of the table: each begins with its name and goes to the next one."""
    table = text[text.index("tests := []struct"):text.index("origGetHostname :=")]
    starts = [match.start() for match in re.finditer(r'^\t\t\tname: +"', table, re.M)]
    return [table[start:end] for start, end in zip(starts, starts[1:] + [len(table)])]


def field(block, name):
    found = re.search(rf"^\t\t\t{name}: +(.*(?:\n\t\t\t\t.*)*)", block, re.M)
    return found[1] if found else ""


def resolv_file(block):
    text = field(block, "resolv")
    if "lookup: []string{" in text:
        return "lookup " + " ".join(re.findall(r'"(\w+)"', text)) + "\n"
    if "unknownOpt: true" in text:
        return "options unknown-word\n"
    return None if "defaultResolvConf" in text or not text else ""


def nsswitch_file(block):
    found = re.search(r'nssStr\(t, "((?:[^"\\]|\\.)*)"\)', field(block, "nss"))
    return unquoted(found[1]) if found else None


def case_of(block):
    conf = field(block, "c")
    goos = re.search(r'goos: +"(\w+)"', conf)
    flags = ["--goos", goos[1] if goos else "linux", "--cgo", "1"]
    if "preferCgo: " in conf:
        flags += ["--env", "LOCALDOMAIN="]
    modes = [mode for mode, name in (("cgo", "netCgo: "), ("go", "netGo: ")) if name in conf]
    if modes:
        flags += ["--godebug", f"netdns={modes[0]}"]
    if "PreferGo: true" in field(block, "resolver"):
        flags.append("--prefer-go")
    checks = [(unquoted(name), unquoted(own), ORDERS[order])
              for name, own, order in re.findall(r'\{"((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)", hostLookup(\w+)\}', block)]
    return {"name": re.search(r'name: +"([^"]+)"', block)[1], "flags": flags, "checks": checks,
            "files": {"resolv.conf": resolv_file(block), "nsswitch.conf": nsswitch_file(block),
                      "mdns.allow": "" if "mdnsAssumeExists" in conf else None}}


def cases(source):
    return [case_of(block) for block in blocks(source)]
