"""Readers of all formats: llvm-nm, go version -m, LIEF in a venv of its own, llvm-lipo, llvm-ar."""
import json
import os
import re
import subprocess
import sys
from collections import Counter

import corpus
from shell import output

LIEF = "1.0.0"
# One process reads all files: LIEF takes half a second to start.
LIEF_PROGRAM = r'''
import json, sys
import lief
lief.logging.disable()

def text(value):
    return value if isinstance(value, str) else bytes(value).decode("latin-1")

def version(parts):
    parts = list(parts)
    while len(parts) > 2 and parts[-1] == 0:
        parts.pop()
    return ".".join(map(str, parts))

def macho(one):
    H, B = lief.MachO.Header, one
    out = {"needed_set": sorted(text(x.name) for x in B.libraries if x.command != lief.MachO.LoadCommand.TYPE.ID_DYLIB)}
    out["rpaths"] = [["LC_RPATH", x.path] for x in B.rpaths]
    out["section_sizes"] = [[f"{x.segment_name},{x.name}", x.size, x.offset] for x in B.sections]
    if B.has_build_version:
        out["minos"], out["sdk"] = version(B.build_version.minos), version(B.build_version.sdk)
        if out["sdk"] == "0.0":
            out["sdk"] = None
    if B.has_uuid:
        u = bytes(B.uuid.uuid).hex().upper()
        out["uuid"] = "-".join((u[:8], u[8:12], u[12:16], u[16:20], u[20:]))
    if B.header.file_type in (H.FILE_TYPE.EXECUTE, H.FILE_TYPE.DYLIB, H.FILE_TYPE.BUNDLE):
        out["signed"] = B.has_code_signature
        rows = [(x.symbol.name, x.library.name if x.has_library else "", x.weak_import) for x in B.bindings if x.has_symbol]
        out["import_names"] = sorted({x[0] for x in rows})
        out["export_list"] = sorted(x.symbol.name for x in B.dyld_exports_trie.exports if x.has_symbol) if B.has_dyld_exports_trie \
            else sorted(x.symbol.name for x in B.dyld_info.exports if x.has_symbol) if B.has_dyld_info else []
    return out

def elf(one):
    E = lief.ELF.DynamicEntry.TAG
    out = {"needed": [x.name for x in one.dynamic_entries if x.tag == E.NEEDED]}
    out["interpreter"] = one.interpreter if one.has_interpreter else None
    names = [x.name for x in one.dynamic_entries if x.tag == E.SONAME]
    out["name"] = names[0] if names else None
    out["rpaths"] = [["DT_RPATH", x.rpath] for x in one.dynamic_entries if x.tag == E.RPATH] + \
                    [["DT_RUNPATH", x.runpath] for x in one.dynamic_entries if x.tag == E.RUNPATH]
    out["section_sizes"] = [[x.name, x.size, x.offset] for x in one.sections][1:]
    out["import_names"] = sorted({text(x.name) for x in one.dynamic_symbols if x.shndx == 0 and x.name})
    return out

def pe(one):
    out = {"needed": [x.name for x in one.imports] + [x.name for x in one.delay_imports]}
    out["import_libraries"] = sorted({(x.name, y.name if not y.is_ordinal else f"#{y.ordinal}")
                               for x in list(one.imports) + list(one.delay_imports) for y in x.entries})
    if one.has_exports:
        out["export_list"] = sorted(x.name for x in one.get_export().entries if x.name)
    out["section_sizes"] = [[text(x.name), x.sizeof_raw_data, x.pointerto_raw_data] for x in one.sections]
    return out

for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        if lief.is_macho(path):
            file = lief.MachO.parse(path)
            rows = [macho(file.at(i)) for i in range(len(file))]
        elif lief.is_elf(path):
            file = lief.ELF.parse(path)
            rows = [elf(file)]
        elif lief.is_pe(path):
            file = lief.PE.parse(path)
            rows = [pe(file)]
        else:
            rows = []
        print(json.dumps({"path": path, "slices": rows}), flush=True)
    except Exception as error:
        print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"}), flush=True)
'''


def lief_python(cache):
    """The Python of a venv with LIEF, or None."""
    python = cache / f"lief-{LIEF}/bin/python"
    if not python.exists():
        try:
            corpus.client(sys.executable, "-m", "venv", python.parent.parent, cwd=cache)
            corpus.client(python, "-m", "pip", "install", "-q", "--retries", "1", f"lief=={LIEF}", cwd=cache)
        except corpus.Offline:
            return None
    return python


def lief_facts(python, paths):
    """{path: [fields of each slice]}, and what LIEF could not read."""
    done = subprocess.run([str(python), "-c", LIEF_PROGRAM], input="\n".join(map(str, paths)) + "\n",
                          capture_output=True, text=True, timeout=3600)
    out, failed = {}, {}
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if "error" in row:
            failed[row["path"]] = row["error"]
        else:
            out[row["path"]] = [lief_words(fields) for fields in row["slices"]]
    if done.returncode != 0:
        failed["(the rest)"] = f"LIEF ended with {done.returncode} after {len(out)} files"
    return out, failed


def lief_words(fields):
    if "rpaths" in fields:
        fields["rpaths"] = [tuple(row) for row in fields["rpaths"]]
    if "import_libraries" in fields:
        fields["import_libraries"] = {tuple(row) for row in fields["import_libraries"]}
    if "import_names" in fields:
        fields["import_names"] = set(fields["import_names"])
    if "export_list" in fields:
        fields["export_names"] = Counter(fields.pop("export_list"))
    if "section_sizes" in fields:
        fields["section_sizes"] = [tuple(row) for row in fields["section_sizes"]]
    return fields


def nm(path, archive=False):
    """Letters of llvm-nm: Counter of (member, name, address, letter)."""
    rows, member = Counter(), ""
    for line in output("llvm-nm-19", "--no-sort", path, check=False).splitlines():
        found = re.match(r"^([0-9a-f]{8,16}| {8,16}| +-) +(-|[A-Za-z?]) (.*)$", line)
        if found:
            address, letter, name = found.groups()
            rows[(member, name, int(address, 16) if address.strip(" -") else None, letter)] += 1
        elif archive and line.endswith(":"):
            member = line[:-1]
    return rows


def go_version(path):
    """Facts of `go version -m`, or nothing where it recognises no program of Go."""
    text = output("go", "version", "-m", path, check=False)
    first, _, rest = text.partition("\n")
    found = re.search(r": (go\S+(?: \S+)*|devel .*)$", first)
    if not found:
        return {}
    out = {"go": True, "go.version": found.group(1).split(" X:")[0], "go.path": None, "go.module": None, "go.dependencies": [],
           "go.settings": {}}
    for line in rest.splitlines():
        words = line.split("\t")[1:]
        if words[:1] == ["path"]:
            out["go.path"] = words[1]
        elif words[:1] == ["mod"]:
            out["go.module"] = tuple(words[1:3])
        elif words[:1] == ["dep"]:
            out["go.dependencies"].append(tuple(words[1:3]))
        elif words[:1] == ["build"]:
            key, _, value = words[1].partition("=")
            out["go.settings"][key.strip('"')] = json.loads(value) if value.startswith('"') else value.strip("`")
    return out


def archive_members(path):
    return output("llvm-ar-19", "t", path).splitlines()


def thin(path, folder):
    """[(arch, path of the slice)] of a universal file, by llvm-lipo."""
    names = output("llvm-lipo-19", "-archs", path).split()
    out = []
    for name in names:
        target = os.path.join(folder, f"{os.path.basename(path)}.{name}")
        output("llvm-lipo-19", "-thin", name, path, "-output", target)
        out.append((name, target))
    return out
