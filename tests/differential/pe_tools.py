"""Facts of PE files and COFF objects from llvm-readobj."""
import re
from collections import Counter

from shell import output

MACHINES = {"0x8664": "x86_64", "0xAA64": "arm64", "0x14C": "i386", "0x1C4": "arm"}


def readobj(path):
    text = output("llvm-readobj-19", "--file-headers", "--sections", "--coff-imports", "--coff-exports",
                  "--coff-debug-directory", path)
    number = lambda key: int((re.search(rf"\b{key}: (0x[0-9A-F]+|\d+)", text) or [0, "0"])[1], 0)
    machine = re.search(r"Machine: \S+ \((0x[0-9A-F]+)\)", text).group(1)
    out = {"arch": MACHINES.get(machine, machine)}
    base = number("ImageBase")
    sections = re.findall(r"    Name: (.*?) \([0-9A-F ]+\)\n    VirtualSize: (\S+)\n    VirtualAddress: (\S+)\n"
                          r"    RawDataSize: (\d+)\n    PointerToRawData: (\S+)\n", text)
    out["sections"] = [(name, base + int(at, 16) if base else int(at, 16), int(raw), int(pointer, 16))
                       for name, _, at, raw, pointer in sections]
    out["dwarf"] = "yes" if any(re.match(r"\.z?debug_", name) for name, *_ in sections) else None
    if "ImageOptionalHeader {" not in text:
        return {**out, "format": "COFF", "type": "object"}
    out["format"] = "PE32+" if "Magic: 0x20B" in text else "PE32"
    out["type"] = "dynamic library" if "IMAGE_FILE_DLL" in text else "executable"
    out["minos"] = f"{number('MajorSubsystemVersion')}.{number('MinorSubsystemVersion')}"
    for key, bit in (("aslr", "DYNAMIC_BASE"), ("nx", "NX_COMPAT"), ("high-entropy-va", "HIGH_ENTROPY_VA")):
        out["hardening." + key] = "yes" if f"IMAGE_DLL_CHARACTERISTICS_{bit}" in text else "no"
    out["needed"], out["imports"], out["needed_lazy"] = [], Counter(), []
    for delayed, block in re.findall(r"^(DelayImport|Import) \{\n(.*?)^\}", text, re.M | re.S):
        dll = re.search(r"  Name: (.*)", block).group(1)
        out["needed"].append(dll)
        if delayed == "DelayImport":
            out["needed_lazy"].append(dll)
        for name, ordinal in re.findall(r"Symbol: (.*?) ?\((\d+)\)", block):
            out["imports"][(dll, name or f"#{ordinal}")] += 1
    out["import_libraries"] = set(out.pop("imports"))
    exports = re.findall(r"Export \{\n +Ordinal: (\d+)\n(?: +Name: (.*)\n)?(?: +RVA: (\S+)\n)?(?: +ForwardedTo: (.*)\n)?", text)
    out["export_names"] = Counter(name or f"#{ordinal}" for ordinal, name, *_ in exports)
    out["export_addresses"] = Counter((name or f"#{ordinal}", base + int(rva, 16) if rva else None)
                                      for ordinal, name, rva, forwarded in exports)
    out["export_count"] = len(exports)
    guid = re.search(r"PDBGUID: \{(\S+)\}", text)
    out["uuid"] = guid.group(1) if guid else None
    return out
