"""What tenon says about a file, in the words that the comparison uses: one dictionary a slice."""
import json
import subprocess
from collections import Counter

LISTS = ("symbols", "imports", "exports", "sections")


def run(tenon, *argv):
    return subprocess.run([tenon, "inspect", *map(str, argv)], capture_output=True, timeout=600)


def lines(done):
    """Each line's object once; names are bytes, one character each, whether raw UTF-8 or escaped."""
    return [json.loads(line) for line in done.stdout.decode("latin-1").split("\n") if line]


def fact(slice_, key):
    """A value, None for absent, "unknown"."""
    return "unknown" if key in slice_.get("unknown", {}) else slice_[key]


def plain(slice_):
    out = {key: fact(slice_, key) for key in
           ("format", "arch", "goarch", "type", "platform", "minos", "sdk", "uuid", "name", "interpreter", "linkage",
            "libc", "glibc_floor", "link_mode", "fixups")}
    out["offset"], out["slice_size"] = slice_["offset"], slice_["size"]
    for flag in ("weak", "reexport", "upward", "lazy"):
        out["needed_" + flag] = [one["name"] for one in slice_["needed"] if one[flag]]
    out["needed"] = [one["name"] for one in slice_["needed"]]
    out["needed_versions"] = {one["name"]: sorted(one["versions"]) for one in slice_["needed"] if "versions" in one}
    out["dylib_versions"] = [(one["current_version"], one["compatibility_version"]) for one in slice_["needed"]
                             if "current_version" in one]
    out["rpaths"] = list(zip(slice_["rpath_kinds"], slice_["rpaths"]))
    out["dwarf"] = slice_["dwarf"]
    out["linker"] = None if fact(slice_, "linker") in ("unknown", None) else slice_["linker"]
    out["import_count"], out["export_count"] = fact(slice_, "imports"), fact(slice_, "exports")
    out.update({"hardening." + key: value for key, value in slice_["hardening"].items()})
    out["signed"] = bool(slice_["signature"]) and slice_["signature"]["kind"] != "unsigned"
    return out


def go(slice_):
    facts = slice_["go"]
    if facts is None:
        return {"go": False}
    out = {"go": True}
    for key in ("version", "path", "cgo_allowed", "cgo_used"):
        out["go." + key] = fact(facts, key)
    out["go.cgo_packages"] = facts["cgo_packages"]
    out["go.settings"] = facts["settings"]
    out["go.module"] = facts["module"] and (facts["module"]["path"], facts["module"]["version"])
    out["go.dependencies"] = [(one["path"], one["version"]) for one in facts["dependencies"]]
    return out


def slices(tenon, path):
    """[(arch, fields)] of a file; lists are Counters of tuples, by slice and member."""
    done = run(tenon, "--json", path)
    document = json.loads(done.stdout.decode())
    if not document["data"].get("files"):
        raise ValueError(f"{path}: not read: {document['findings']}")
    file = document["data"]["files"][0]
    lists = {name: lines(run(tenon, "--" + name, "--json", path)) for name in LISTS}
    abi = lines(run(tenon, "--abi", "--json", path)) if any(one["goarch"] == "arm64" for one in file["slices"]) else []
    out = []
    for slice_ in file["slices"]:
        fields = {"kind": file["kind"], **plain(slice_), **go(slice_)}
        rows = {name: [row for row in lists[name] if row["slice"] == slice_["arch"]] for name in LISTS}
        # The slices of an archive share the names of their members.
        fields["members"] = [one["name"] for one in file.get("members", [])
                             if one["arch"] == slice_["arch"] or len(file["slices"]) == 1]
        fields.update(tables(rows))
        fields["x18"] = [one["name"] for row in abi if row["check"] == "x18" and row["slice"] == slice_["arch"]
                         for one in row.get("functions", [])]
        out.append((slice_["arch"], fields))
    return out


def tables(rows):
    symbols, imports, exports = rows["symbols"], rows["imports"], rows["exports"]
    return {
        "symbols": Counter((row.get("member", ""), row["name"], row.get("address")) for row in symbols),
        "sizes": Counter((row["name"], row.get("address"), row.get("size", 0)) for row in symbols),
        "letters": Counter((row.get("member", ""), row["name"], row.get("address"), row.get("type")) for row in symbols),
        "imports": Counter((row["name"], row.get("version", "")) for row in imports),
        "import_names": set(row["name"] for row in imports),
        "import_libraries": set((row.get("library", ""), row["name"]) for row in imports),
        "import_weak": set(row["name"] for row in imports if row["weak"]),
        "import_lazy": set(row["name"] for row in imports if row.get("lazy")),
        "exports": Counter((row["name"], row.get("version", "")) for row in exports),
        "export_names": Counter(row["name"] for row in exports),
        "export_addresses": Counter((row["name"], row.get("address")) for row in exports),
        "sections": [(row["name"], row["address"], row["size"], row["offset"]) for row in rows["sections"]
                     if "member" not in row],
    }
