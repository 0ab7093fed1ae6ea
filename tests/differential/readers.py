"""What other tools say of a file, in the words of `tenon inspect --json`."""
import json
import re
import shutil
import struct

from public_files import run

READOBJ, NM, OBJDUMP = "llvm-readobj-19", "llvm-nm-19", "llvm-objdump-19"
KINDS = {"0x2": "executable", "0x6": "dynamic library", "0x8": "bundle", "0x1": "object"}


def lines(*args):
    done = run(*args)
    return done.stdout.splitlines() if done.returncode == 0 else []


def version(text):
    """"13.0.0" and "13.0" are one."""
    parts = text.split(".")
    while len(parts) > 2 and parts[-1] == "0":
        parts.pop()
    return ".".join(parts)


# Mach-O ---------------------------------------------------------------------------------------

def macho_slices(path):
    """Architectures by llvm-objdump: -arch NAME selects one."""
    text = run(OBJDUMP, "--macho", "--universal-headers", path).stdout
    found = re.findall(r"^architecture (\S+)", text, re.M)
    if found:
        return found
    arch = re.search(r"^arch: ?(\S+)|Arch: (\S+)", run(READOBJ, "--file-headers", path).stdout, re.M)
    if not arch:
        return []
    return [{"aarch64": "arm64", "x86_64": "x86_64"}.get(arch[1] or arch[2], arch[1] or arch[2])]


def macho_facts(path, arch):
    text = run(OBJDUMP, "--macho", "--private-headers", f"--arch={arch}", path).stdout
    commands = re.split(r"^Load command \d+$", text, flags=re.M)[1:]
    facts = {"needed": [], "rpaths": [], "uuid": None, "minos": None, "sdk": None, "name": None,
             "sections": [], "interpreter": None}
    for command in commands:
        cmd = re.search(r"cmd (\S+)", command)[1]
        name = re.search(r"^\s+(?:name|path) (.*) \(offset \d+\)$", command, re.M)
        if cmd in ("LC_LOAD_DYLIB", "LC_LOAD_WEAK_DYLIB", "LC_REEXPORT_DYLIB",
                   "LC_LAZY_LOAD_DYLIB", "LC_LOAD_UPWARD_DYLIB"):
            facts["needed"].append((name[1], "WEAK" in cmd, "REEXPORT" in cmd))
        elif cmd == "LC_ID_DYLIB":
            facts["name"] = name[1]
        elif cmd == "LC_RPATH":
            facts["rpaths"].append(name[1])
        elif cmd == "LC_LOAD_DYLINKER":
            facts["interpreter"] = name[1]
        elif cmd == "LC_UUID":
            facts["uuid"] = re.search(r"uuid (\S+)", command)[1].upper()
        elif cmd in ("LC_BUILD_VERSION", "LC_VERSION_MIN_MACOSX") and facts["minos"] is None:
            facts["minos"] = version(re.search(r"(?:minos|version) (\S+)", command)[1])
            sdk = re.search(r"sdk (\S+)", command)[1]
            facts["sdk"] = None if sdk in ("n/a", "0.0") else version(sdk)
        elif cmd == "LC_SEGMENT_64":
            for part in command.split("Section\n")[1:]:
                value = dict(re.findall(r"^\s+(\S+) (\S+)", part, re.M))
                facts["sections"].append((f"{value['segname']},{value['sectname']}",
                                          int(value["addr"], 16), int(value["size"], 16)))
    facts["symbols"] = macho_symbols(path, arch)
    facts["exports"] = macho_exports(path, arch)
    return facts


def macho_symbols(path, arch):
    """(name, address) of defined symbols, the names of undefined ones with None."""
    out = []
    for line in lines(NM, "--no-sort", "--format=posix", f"--arch={arch}", path):
        match = re.match(r"(.*) ([A-Za-z?-]) ([0-9a-fA-F]*) ?[0-9a-fA-F]*$", line)
        if match:
            out.append((match[1], None if match[2] in "Uu" else int(match[3] or "0", 16)))
    return sorted(out, key=str)


def macho_exports(path, arch):
    out = set()
    for line in lines(OBJDUMP, "--macho", "--exports-trie", f"--arch={arch}", path):
        match = re.match(r"(?:0x[0-9A-F]+|\[re-export\])\s+(\S+)", line)
        if match:
            out.add(match[1])
    return sorted(out)


# ELF ------------------------------------------------------------------------------------------

def elf_facts(path):
    header = run("readelf", "-W", "-h", path).stdout
    dynamic = run("readelf", "-W", "-d", path).stdout
    segments = run("readelf", "-W", "-l", path).stdout
    versions = run("readelf", "-W", "-V", path).stdout
    notes = run("readelf", "-W", "-n", path).stdout
    facts = {
        "needed": [(n, False, False) for n in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)],
        "rpaths": [p for _, text in re.findall(r"\((RPATH|RUNPATH)\).*\[(.*)\]", dynamic)
                   for p in text.split(":")],
        "interpreter": (re.search(r"interpreter: (.*)\]", segments) or [None, None])[1],
        "name": (re.search(r"\(SONAME\).*\[(.*)\]", dynamic) or [None, None])[1],
        "uuid": (re.search(r"Build ID: (\S+)", notes) or [None, None])[1],
        "type": re.search(r"Type:\s+(\S+)", header)[1],
        "glibc_floor": glibc_floor(versions),
        "relro": relro(segments, dynamic),
        "sections": elf_sections(path),
    }
    tables = elf_symbols(path)
    facts["symbols"] = sorted(tables[".symtab"], key=str)
    facts["imports"] = sorted(name for name, at in tables[".dynsym"] if at is None)
    facts["exports"] = sorted(name for name, at in tables[".dynsym"] if at is not None)
    return facts


def relro(segments, dynamic):
    if "GNU_RELRO" not in segments:
        return "none"
    now = re.search(r"\(BIND_NOW\)|\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW", dynamic)
    return "full" if now else "partial"


def glibc_floor(text):
    """The newest GLIBC_ version asked of libraries of glibc."""
    found, library = [], ""
    for line in text.splitlines():
        file = re.search(r"File: (\S+)", line)
        if file:
            library = file[1]
        name = re.search(r"Name: GLIBC_([0-9.]+)\b", line)
        if name and re.match(r"lib(c|m|dl|pthread|rt|util|resolv|anl|mvec|nsl|crypt)\.so|ld-linux",
                             library):
            found.append(tuple(int(n) for n in name[1].split(".")))
    return ".".join(str(n) for n in max(found)) if found else None


def elf_sections(path):
    out = []
    for line in lines("readelf", "-W", "-S", path):
        match = re.match(r"\s+\[\s*\d+\] (\S+)\s+(\S+)\s+([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+)", line)
        if match and match[2] != "NULL":
            out.append((match[1], int(match[3], 16), int(match[4], 16)))
    return out


def elf_symbols(path):
    table = {".symtab": [], ".dynsym": []}
    name = None
    for line in lines("readelf", "-W", "-s", path):
        head = re.match(r"Symbol table '(\.\w+)'", line)
        if head:
            name = head[1]
            continue
        match = re.match(r"\s+\d+: ([0-9a-f]+)\s+\S+ (\S+)\s+\S+\s+\S+\s+(.*?)(\S+) (\S.*)$", line)
        if match and name in table:
            symbol = re.sub(r" \(\d+\)$", "", match[5])
            if match[2] not in ("FILE", "SECTION"):
                table[name].append((re.sub(r"@.*", "", symbol),
                                    None if match[4] == "UND" else int(match[1], 16)))
    return table


# PE, archives, Go -----------------------------------------------------------------------------

def pe_facts(path):
    text = run(READOBJ, "--file-headers", "--sections", "--coff-imports", "--coff-exports",
               path).stdout
    facts = {"needed": [(n, False, False) for n in
                        re.findall(r"^(?:Import|DelayImport) \{\n\s+Name: (.*)$", text, re.M)]}
    facts["sections"] = [(n, int(size, 16) if size.startswith("0x") else int(size))
                         for n, size in re.findall(
                             r"Section \{\n\s+Number: \d+\n\s+Name: (\S+) .*\n\s+VirtualSize: (\S+)",
                             text)]
    facts["imports"] = sorted(re.findall(r"^  Symbol: (\S+) \(\d+\)$", text, re.M))
    facts["exports"] = sorted(re.findall(r"^  Name: (\S+)\n  (?:RVA|ForwardedTo)", text, re.M))
    facts["symbols"] = sorted(
        match[1] for line in lines(NM, "--no-sort", "--format=posix", path)
        if (match := re.match(r"(.*) [A-Za-z?-] [0-9a-fA-F]* ?[0-9a-fA-F]*$", line)))
    return facts


def archive_members(path):
    return lines("llvm-ar-19", "t", path)


def go_facts(path):
    done = run(shutil.which("go") or "/usr/local/go/bin/go", "version", "-m", path)
    match = re.match(r".*: (go\S+|devel.*)\n", done.stdout)
    if not match:
        return None
    settings = dict(line.split("\t", 2)[2].partition("=")[::2] for line in done.stdout.splitlines()
                    if line.startswith("\tbuild\t"))
    paths = re.search(r"^\tpath\t(.*)$", done.stdout, re.M)
    return {"version": match[1].split(" ")[0], "path": paths[1] if paths else None,
            "settings": {k: v.strip('"') for k, v in settings.items()},
            "modules": re.findall(r"^\tdep\t(\S+)", done.stdout, re.M)}


def kind_of(path):
    with open(path, "rb") as file:
        head = file.read(64)
    if head[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"):
        return "mach-o"
    if head[:4] == b"\xca\xfe\xba\xbe" and struct.unpack(">I", head[4:8])[0] < 20:
        return "mach-o"
    if head[:4] == b"\x7fELF":
        return "elf"
    if head[:2] == b"MZ":
        return "pe"
    if head[:8] == b"!<arch>\n":
        return "archive"
    return None


def loads(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
