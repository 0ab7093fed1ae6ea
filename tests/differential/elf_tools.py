"""Facts of ELF files from GNU readelf and llvm-readobj, two readers that share no code."""
import json
import re
from collections import Counter

from shell import output

MACHINES = {"AArch64": "aarch64", "Advanced Micro Devices X86-64": "x86_64", "Intel 80386": "i386", "ARM": "arm",
            "IBM S/390": "s390x", "PowerPC64": "ppc64", "MIPS R3000": "mips", "RISC-V": "riscv64"}
NUMBERS = {183: "aarch64", 62: "x86_64", 3: "i386", 40: "arm", 22: "s390x", 21: "ppc64", 8: "mips", 243: "riscv64"}
GLIBC_FILES = re.compile(r"(libc|libm|libpthread|libdl|librt|libresolv|libutil|libanl|libnsl|libcrypt|libmvec"
                         r"|libc_malloc_debug|libthread_db|ld-linux[-a-z0-9_]*|ld64|ld)\.so\.\d+$")
HEADER = re.compile(r"^  ([A-Za-z/ ]+?): +(.*)$", re.M)
SECTION = re.compile(r"^ +\[ *(\d+)\] (.*?) +([A-Z_0-9a-z.:<>+ ]+?) +([0-9a-f]{8,16}) ([0-9a-f]{6,}) ([0-9a-f]{6,}) ([0-9a-f]{2}) *([A-Za-z]*) ", re.M)
SEGMENT = re.compile(r"^  ([A-Z_0-9a-z<>:+]+) +0x[0-9a-f]+ 0x[0-9a-f]+ 0x[0-9a-f]+ 0x[0-9a-f]+ 0x[0-9a-f]+ ([R ][W ][E ])", re.M)
SYMBOL = re.compile(r"^ *\d+: ([0-9a-f]+) +(0x[0-9a-f]+|\d+) (\S+) +(\S+) +(\S+)(?: +\[.*?\])? +(UND|ABS|COM|\d+|[A-Z_]+\S*) (.*)$", re.M)


def arch_of(name, wide, big):
    if name in ("mips",):
        name += "64" if wide else ""
    if name in ("ppc64", "mips", "mips64"):
        name += "" if big else "le"
    if name == "x86_64" and not wide:
        name = "x32"
    return name


def floor(needs):
    """The newest GLIBC_ version that a file of glibc is asked for."""
    best = ()
    for file, names in needs.items():
        if not GLIBC_FILES.match(file):
            continue
        for name in names:
            # The mark of packed relocations, which 2.36 was the first to apply.
            name = "GLIBC_2.36" if name == "GLIBC_ABI_DT_RELR" else name
            found = re.fullmatch(r"GLIBC_(\d+(?:\.\d+)+)", name)
            if found:
                best = max(best, tuple(map(int, found.group(1).split("."))))
    return ".".join(map(str, best)) if best else None


def kind(e_type, interpreter, needed, has_dynamic, soname, flags_pie):
    if e_type == "REL":
        return "object", None
    if e_type == "EXEC":
        return "executable", "dynamic" if needed else "interpreter only" if interpreter else "static"
    if e_type != "DYN":
        return None, None
    # libc.so.6 has a loader and a name: a library that can be run.
    if interpreter and (soname is None or flags_pie):
        return "executable", "dynamic" if needed else "interpreter only"
    if not interpreter and flags_pie:
        return "executable", "static PIE"
    return "shared library", "dynamic"


def hardening(e_type, type_, segments, now, textrel):
    """`segments`: [(name, "RWE")]."""
    if type_ not in ("executable", "shared library"):
        return {}
    out = {}
    stack = [flags for name, flags in segments if name == "GNU_STACK"]
    out["hardening.exec-stack"] = "decided by the kernel" if not stack else "yes" if "E" in stack[-1] else "no"
    relro = any(name == "GNU_RELRO" for name, _ in segments)
    out["hardening.relro"] = "none" if not relro else "full" if now else "partial"
    out["hardening.text-relocations"] = "yes" if textrel else "no"
    wx = any(name == "LOAD" and "W" in flags and "E" in flags for name, flags in segments)
    out["hardening.writable-code"] = "yes" if wx else "no"
    if type_ == "executable":
        out["hardening.pie"] = "yes" if e_type == "DYN" else "no"
    return out


def dwarf(sections):
    """`sections`: [(name, compressed)]."""
    for name, compressed in sections:
        if name == ".debug_info":
            return "compressed" if compressed else "yes"
    return "compressed" if any(name == ".zdebug_info" for name, _ in sections) else None


def dynamic_of(text):
    out = {"needed": [], "rpaths": [], "name": None, "now": False, "textrel": False, "pie": False}
    for tag, value in re.findall(r"^ 0x[0-9a-f]+ \(([A-Z_0-9]+)\) +(.*)$", text, re.M):
        name = re.search(r"\[(.*)\]", value)
        if tag == "NEEDED":
            out["needed"].append(name.group(1))
        elif tag == "SONAME":
            out["name"] = name.group(1)
        elif tag in ("RPATH", "RUNPATH"):
            out["rpaths"].append(("DT_" + tag, name.group(1)))
        elif tag == "TEXTREL" or tag == "FLAGS" and "TEXTREL" in value:
            out["textrel"] = True
        if tag == "BIND_NOW" or tag in ("FLAGS", "FLAGS_1") and re.search(r"\b(BIND_NOW|NOW)\b", value):
            out["now"] = True
        if tag == "FLAGS_1" and re.search(r"\bPIE\b", value):
            out["pie"] = True
    return out


def needs_of(text):
    needs, current = {}, None
    for file, name in re.findall(r"Version: \d+ +File: (\S+)|Name: (\S+)  Flags", text.split("needs section")[-1]
                                 if "needs section" in text else ""):
        if file:
            current = needs.setdefault(file, set())
        else:
            current.add(name)
    return needs


def versioned(name):
    found = re.fullmatch(r"(.+?)@@?([^@ ]+)(?: \(\d+\))?", name)
    return (found.group(1), found.group(2)) if found else (name, "")


def symbols_of(text):
    """(value, size, type, binding, index, name) of each row; sizes of readelf are hexadecimal or not."""
    for value, size, type_, binding, _, index, name in SYMBOL.findall(text):
        yield int(value, 16), int(size, 0), type_, binding, index, name


def readelf(path):
    head = dict(HEADER.findall(output("readelf", "-hW", path)))
    wide, big = head["Class"] == "ELF64", "big endian" in head["Data"]
    sections_text = output("readelf", "-SW", path)
    segments_text = output("readelf", "-lW", path)
    dynamic = dynamic_of(output("readelf", "-dW", path))
    versions = needs_of(output("readelf", "-VW", path))
    e_type = head["Type"].split()[0]
    interpreter = re.search(r"\[Requesting program interpreter: (.*)\]", segments_text)
    interpreter = interpreter.group(1) if interpreter else None
    type_, linkage = kind(e_type, interpreter, dynamic["needed"], "Dynamic section" in segments_text, dynamic["name"],
                          dynamic["pie"])
    rows = [(name, int(at, 16), int(size, 16), int(offset, 16), "C" in flags)
            for number, name, _, at, offset, size, _, flags in SECTION.findall(sections_text) if number != "0"]
    segments = SEGMENT.findall(segments_text)
    build_id = re.search(r"Build ID: ([0-9a-f]+)", output("readelf", "-nW", path))
    out = {"format": f"ELF {64 if wide else 32}-bit {'MSB' if big else 'LSB'}",
           "arch": arch_of(MACHINES.get(head["Machine"], head["Machine"]), wide, big), "type": type_,
           "linkage": linkage, "needed": dynamic["needed"], "rpaths": dynamic["rpaths"], "name": dynamic["name"],
           "interpreter": interpreter, "uuid": build_id and build_id.group(1),
           "glibc_floor": floor(versions),
           "needed_versions": {file: sorted(names) for file, names in versions.items() if file in dynamic["needed"]},
           "sections": [row[:4] for row in rows], "dwarf": dwarf([(row[0], row[4]) for row in rows]),
           **hardening(e_type, type_, segments, dynamic["now"], dynamic["textrel"])}
    out.update(readelf_symbols(path))
    return out


MAPPING = re.compile(r"\$[xdat](\..*)?$")


def readelf_symbols(path):
    # One piece a table; a file without a table of all symbols has no such list.
    pieces = re.split(r"^Symbol table '", output("readelf", "-sW", path), flags=re.M)
    text = "".join(piece for piece in pieces if piece.startswith(".symtab"))
    arm = any(word in output("readelf", "-hW", path) for word in ("AArch64", "ARM"))
    every = [row for row in symbols_of(text) if row[2] not in ("SECTION", "FILE") and row[5]
             and not (arm and row[3] == "LOCAL" and MAPPING.match(row[5]))]
    out = {"symbols": Counter(("", name, None if index == "UND" else value) for value, _, _, _, index, name in every),
           "sizes": Counter((name, None if index == "UND" else value, size)
                            for value, size, _, _, index, name in every)}
    dynamic = [row for row in symbols_of(output("readelf", "--dyn-syms", "-W", path)) if row[5]]
    imports = [row for row in dynamic if row[4] == "UND"]
    exports = [row for row in dynamic if row[4] != "UND" and row[3] != "LOCAL"]
    out["imports"] = Counter(versioned(row[5]) for row in imports)
    out["import_weak"] = set(versioned(row[5])[0] for row in imports if row[3] == "WEAK")
    # A symbol that stands for a version is printed without it.
    own = lambda row: (row[5], row[5]) if row[4] == "ABS" and re.match(r"[A-Z]", row[5]) else versioned(row[5])
    out["exports"] = Counter(own(row) for row in exports)
    out["export_addresses"] = Counter((versioned(row[5])[0], row[0]) for row in exports)
    out["import_count"], out["export_count"] = len(imports), len(exports)
    return out


def llvm(path):
    """llvm-readobj's JSON. Numbers of tags as in <elf.h>."""
    argv = ["llvm-readobj-19", "--elf-output-style=JSON", "--file-headers", "--sections", "--program-headers",
            "--dynamic-table"]
    # With version definitions LLVM 19 prints no valid JSON: those go without versions.
    versions = "SHT_GNU_verdef" not in output("llvm-readobj-19", "--sections", path)
    file = json.loads(output(*argv, *(["--version-info"] if versions else []), path), strict=False)[0]
    head = file["ElfHeader"]
    wide, big = head["Ident"]["Class"]["Value"] == 2, head["Ident"]["DataEncoding"]["Value"] == 2
    tags = [(row["Tag"], row) for row in file.get("DynamicSection", [])]
    named = lambda tag, key: [row.get(key) for number, row in tags if number == tag]
    bits = lambda tag: next((row["Value"] for number, row in tags if number == tag), 0)
    needed = named(1, "Library")
    rpaths = [(kind_, ":".join(path_) if isinstance(path_, list) else path_)
              for kind_, tag in (("DT_RPATH", 15), ("DT_RUNPATH", 29)) for path_ in named(tag, "Path")[:1]]
    names = named(14, "Name")
    needs = {}
    for row in file.get("VersionRequirements", []):
        row = row["Dependency"]
        needs.setdefault(row["FileName"], set()).update(one["Entry"]["Name"] for one in row["Entries"])
    sections = [row["Section"] for row in file["Sections"]][1:]
    segments = [(row["ProgramHeader"]["Type"]["Name"].replace("PT_", ""),
                 "".join(letter for letter, bit in (("R", 4), ("W", 2), ("E", 1))
                         if row["ProgramHeader"]["Flags"]["Value"] & bit)) for row in file["ProgramHeaders"]]
    e_type = {"1": "REL", "2": "EXEC", "3": "DYN"}.get(re.search(r"0x(\d)", head["Type"]).group(1))
    flags_1 = bits(0x6ffffffb)
    type_, linkage = kind(e_type, any(name == "INTERP" for name, _ in segments), needed, bool(tags),
                          names[0] if names else None, flags_1 & 0x8000000)
    now = bool(flags_1 & 1 or bits(30) & 8 or any(number == 24 for number, _ in tags))
    textrel = bool(bits(30) & 4 or any(number == 22 for number, _ in tags))
    out = {"glibc_floor": floor(needs),
           "needed_versions": {name: sorted(set(value)) for name, value in needs.items() if name in needed}}
    return {**(out if versions else {}), "format": f"ELF {64 if wide else 32}-bit {'MSB' if big else 'LSB'}",
            "arch": arch_of(NUMBERS.get(head["Machine"]["Value"], "?"), wide, big), "type": type_, "linkage": linkage,
            "needed": needed, "rpaths": rpaths, "name": names[0] if names else None,
            "sections": [(row["Name"]["Name"], row["Address"], row["Size"], row["Offset"]) for row in sections],
            "dwarf": dwarf([(row["Name"]["Name"], row["Flags"]["Value"] & 0x800) for row in sections]),
            **hardening(e_type, type_, segments, now, textrel)}
