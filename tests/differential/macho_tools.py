"""Facts of one slice of a Mach-O file from LLVM's tools; universal files are taken apart by llvm-lipo."""
import re
from collections import Counter

from shell import output

PLATFORMS = {"macos": "macOS", "ios": "iOS", "1": "macOS", "2": "iOS"}
TYPES = {"EXECUTE": "executable", "DYLIB": "dynamic library", "BUNDLE": "bundle", "OBJECT": "object",
         "DYLIB_STUB": "dynamic library stub", "DSYM": "debug symbols", "DYLINKER": "dynamic linker"}
LOADS = {"LC_LOAD_DYLIB": "", "LC_LOAD_WEAK_DYLIB": "weak", "LC_REEXPORT_DYLIB": "reexport",
         "LC_LOAD_UPWARD_DYLIB": "upward", "LC_LAZY_LOAD_DYLIB": "lazy"}
KNOWN_TOOLS = {"1": "clang", "2": "swift", "3": "ld64", "4": "lld"}


def version(text):
    """5.0.0 and 5.0 are one version."""
    parts = text.split(".")
    while len(parts) > 2 and parts[-1] == "0":
        parts.pop()
    return ".".join(parts if len(parts) > 1 else [*parts, "0"])


def commands(text):
    """[(name, {key: first value}, text)] of each load command."""
    for part in re.split(r"^Load command \d+\n", text, flags=re.M)[1:]:
        head = part.split("\nSection\n")[0]
        yield re.search(r"cmd (\S+)", head).group(1), dict(re.findall(r"^ *([a-z]+(?: [a-z]+)?) (\S.*)$", head, re.M)), part


def sections_of(part):
    for text in part.split("\nSection\n")[1:]:
        row = dict(re.findall(r"^ *([a-z]+) (\S+)", text, re.M))
        name = re.search(r"sectname (.*)\n +segname (.*)\n", text)
        yield f"{name.group(2)},{name.group(1)}", int(row["addr"], 16), int(row["size"], 16), int(row["offset"])


def string(value):
    """"/usr/lib/x.dylib (offset 24)"."""
    return re.sub(r" \(offset \d+\)$", "", value)


def load_facts(text):
    out = {"needed": [], "rpaths": [], "name": None, "interpreter": None, "uuid": None, "platform": None, "minos": None,
           "sdk": None, "sections": [], "dylib_versions": [], **{"needed_" + kind: [] for kind in LOADS.values() if kind}}
    tools, platforms, names = [], [], set()
    for name, values, part in commands(text):
        names.add(name)
        out["sections"] += sections_of(part)
        if name in LOADS:
            out["needed"].append(string(values["name"]))
            if LOADS[name]:
                out["needed_" + LOADS[name]].append(string(values["name"]))
            out["dylib_versions"].append((version(values["current version"]), version(values["compatibility version"])))
        elif name == "LC_ID_DYLIB":
            out["name"] = string(values["name"])
        elif name == "LC_RPATH":
            out["rpaths"].append(("LC_RPATH", string(values["path"])))
        elif name == "LC_LOAD_DYLINKER":
            out["interpreter"] = string(values["name"])
        elif name == "LC_UUID":
            out["uuid"] = values["uuid"]
        elif name == "LC_BUILD_VERSION":
            platforms.append(PLATFORMS.get(values["platform"], values["platform"]))
            tools += re.findall(r"tool (\S+)\n +version (\S+)", part)
            if len(platforms) == 1:
                out["minos"] = version(values["minos"])
                out["sdk"] = None if values["sdk"] == "n/a" else version(values["sdk"])
        elif name == "LC_VERSION_MIN_MACOSX":
            platforms.append("macOS")
            out["minos"] = version(values["version"])
            out["sdk"] = None if values["sdk"] == "n/a" else version(values["sdk"])
    out["platform"] = " and ".join(platforms) or None
    out["signed"] = "LC_CODE_SIGNATURE" in names
    out["fixups"] = ("chained" if "LC_DYLD_CHAINED_FIXUPS" in names else
                     "opcodes" if names & {"LC_DYLD_INFO_ONLY", "LC_DYLD_INFO"} else "none")
    out["dwarf"] = "yes" if any(re.search(r",__z?debug_", row[0]) for row in out["sections"]) else None
    return out


def binds(path):
    text = output("llvm-objdump-19", "--macho", "--bind", "--lazy-bind", "--weak-bind", path)
    rows, lazy, weak, eager = set(), set(), set(), set()
    for table in re.split(r"^(?=Bind table|Lazy bind table|Weak bind table)", text, flags=re.M):
        lines = [line for line in table.splitlines()[2:] if line.startswith("__")]
        for line in lines:
            # A name stands last, behind the columns; "(weak_import)" may follow it.
            name = re.sub(r" \(weak_import\)$", "", line)
            if table.startswith("Bind table"):
                name = re.match(r"\S+ +\S+ +0x[0-9A-F]+ \S+ +-?\d+ \S+ +(.*)", name).group(1)
                rows.add(name)
                eager.add(name)
            elif table.startswith("Lazy bind table"):
                name = re.match(r"\S+ +\S+ +0x[0-9A-F]+ \S+ +(.*)", name).group(1)
                rows.add(name)
                lazy.add(name)
            else:
                name = re.match(r"\S+ +\S+ +0x[0-9A-F]+ \S+ +-?\d+ +(.*)", name).group(1)
                rows.add(name)
            if line.endswith("(weak_import)"):
                weak.add(name)
    # What is bound at the start too is not bound at the first call.
    return {"import_names": rows, "import_lazy": lazy - eager, "import_weak": weak}


def chained(path, needed):
    text = output("llvm-objdump-19", "--macho", "--chained-fixups", path)
    rows, weak = [], set()
    found = re.findall(r"lib_ordinal = (-?\d+) \((.*)\)\n  weak_import = (\d)\n(?:  addend.*\n)?  name_offset = \d+ \((.*)\)\n?", text)
    special = {0: "this image", -1: "main executable", -2: "flat lookup", -3: "weak lookup"}
    for ordinal, _, is_weak, name in found:
        ordinal = int(ordinal)
        # A byte or a half word, by the format of the imports.
        ordinal = ordinal - 256 if 253 <= ordinal <= 255 else ordinal - 65536 if ordinal > 65500 else ordinal
        rows.append((special.get(ordinal) or needed[ordinal - 1], name))
        if is_weak == "1":
            weak.add(name)
    return {"import_names": {name for _, name in rows}, "import_libraries": set(rows), "import_weak": weak,
            "import_count": len(rows), "import_lazy": set()}


def objdump(path):
    text = output("llvm-objdump-19", "--macho", "--private-headers", path)
    magic, cpu, subtype, _, filetype, _, _, flags = re.search(
        r"^(MH_\S+) +(\S+) +(\S+) +(\S+) +(\S+) +(\d+) +(\d+) *(.*)$", text, re.M).groups()
    flags = flags.split()
    names = {("ARM64", "ALL"): "arm64", ("ARM64", "E"): "arm64e", ("X86_64", "ALL"): "x86_64", ("X86_64", "H"): "x86_64h"}
    out = {"format": f"Mach-O {64 if magic.endswith('_64') else 32}-bit", "arch": names.get((cpu, subtype), cpu),
           "type": TYPES.get(filetype, filetype), **load_facts(text)}
    if out["type"] in ("object", "debug symbols"):
        return out
    out["hardening.exec-stack"] = "yes" if "ALLOW_STACK_EXECUTION" in flags else "no"
    if out["type"] == "executable":
        out["hardening.pie"] = "yes" if "PIE" in flags else "no"
    if out["fixups"] == "none":
        return {**out, **classic(path)}
    out.update(chained(path, out["needed"]) if out["fixups"] == "chained" else binds(path))
    out.update(trie(path, text))
    return out


def classic(path):
    """Programs for systems before 10.6 are bound by their symbol table."""
    names = set(output("llvm-nm-19", "-j", "--undefined-only", path, check=False).splitlines())
    return {"import_names": names, "import_count": len(names), "export_names":
            Counter(output("llvm-nm-19", "-j", "--defined-only", "--extern-only", path, check=False).splitlines())}


def trie(path, headers):
    base = re.search(r"segname __TEXT\n +vmaddr (0x[0-9a-f]+)", headers)
    base = int(base.group(1), 16) if base else 0
    rows = []
    for line in output("llvm-objdump-19", "--macho", "--exports-trie", path).splitlines():
        found = re.match(r"(0x[0-9A-F]+|\[re-export\])  (.*?)(?: \[(?:weak_def|per-thread|absolute|resolver=0x[0-9a-f]+"
                         r"|weak_def, per-thread)\])*(?: \(from .*\))?$", line)
        if found:
            rows.append((found.group(2), None if found.group(1).startswith("[") else int(found.group(1), 16)))
    return {"export_names": Counter(name for name, _ in rows), "export_addresses": Counter(rows), "export_count": len(rows)}


def readobj(path):
    text = output("llvm-readobj-19", "--file-headers", "--sections", "--needed-libs", path)
    rows = re.findall(r"    Name: (.*?) \([0-9A-F ]+\)\n    Segment: (.*?) \([0-9A-F ]+\)\n    Address: (0x[0-9A-F]+)\n"
                      r"    Size: (0x[0-9A-F]+)\n    Offset: (\d+)\n", text)
    libraries = re.search(r"NeededLibraries \[\n((?:  .*\n)*)\]", text)
    types = {"Executable": "executable", "DynamicLibrary": "dynamic library", "Bundle": "bundle", "Relocatable": "object"}
    word = re.search(r"FileType: (\S+)", text).group(1)
    # The library's own name is listed too.
    own = output("llvm-objdump-19", "--macho", "--dylib-id", path).splitlines()[1:]
    names = [line.strip() for line in libraries.group(1).splitlines()] if libraries else []
    return {"type": types.get(word, word),
            "needed_set": sorted(name for name in names if name not in own),
            "sections": [(f"{segment},{name}", int(at, 16), int(size, 16), int(offset)) for name, segment, at, size, offset in rows]}
