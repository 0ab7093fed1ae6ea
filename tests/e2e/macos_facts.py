"""Facts that crates state about macOS, as C: constants, structures and functions of `libc` and `mach2`.

Rust is read with a few patterns only. What they do not understand is counted by the caller, never
taken for equal.
"""
import re
import shutil
import subprocess
from pathlib import Path

CRATES = {"libc": "0.2.177", "mach2": "0.6.0"}
PRIMITIVES = {
    "c_char": "char", "c_schar": "signed char", "c_uchar": "unsigned char", "c_short": "short",
    "c_ushort": "unsigned short", "c_int": "int", "c_uint": "unsigned int", "c_long": "long",
    "c_ulong": "unsigned long", "c_longlong": "long long", "c_ulonglong": "unsigned long long",
    "c_float": "float", "c_double": "double", "c_void": "void", "bool": "_Bool", "usize": "__SIZE_TYPE__",
    "isize": "__PTRDIFF_TYPE__", "i8": "signed char", "u8": "unsigned char", "i16": "short",
    "u16": "unsigned short", "i32": "int", "u32": "unsigned int", "i64": "long long",
    "u64": "unsigned long long", "f32": "float", "f64": "double",
}


def crates(folder):
    """The sources of the crates, fetched once; None without cargo or a network."""
    vendor = folder / "vendor"
    wanted = "".join(f'{name} = "={version}"\n' for name, version in CRATES.items())
    manifest = ('[package]\nname = "facts"\nversion = "0.1.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n'
                f"[dependencies]\n{wanted}")
    if (folder / "done").is_file() and (folder / "done").read_text() == wanted:
        return vendor
    cargo = shutil.which("cargo") or shutil.which("cargo-web")
    if cargo is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(manifest)
    (folder / "lib.rs").write_text("")
    done = subprocess.run([cargo, "vendor", "--quiet", str(vendor)], cwd=folder, capture_output=True, text=True,
                          timeout=600)
    if done.returncode != 0:
        return None
    (folder / "done").write_text(wanted)
    return vendor


def sources(vendor, goarch):
    """(crate, text) of the files that describe macOS on a processor."""
    apple = vendor / "libc/src/unix/bsd/apple"
    arch = {"arm64": "aarch64", "amd64": "x86_64"}[goarch]
    for path in (vendor / "libc/src/unix/mod.rs", vendor / "libc/src/unix/bsd/mod.rs", apple / "mod.rs", apple / "b64/mod.rs",
                 apple / f"b64/{arch}/mod.rs"):
        yield "libc", path.read_text()
    for path in sorted((vendor / "mach2/src").glob("*.rs")):
        yield "mach2", path.read_text()



def go_constants(goarch):
    """What Go's syscall package states, in the form of Rust."""
    root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip()
    text = (Path(root) / f"src/syscall/zerrors_darwin_{goarch}.go").read_text()
    return "".join(f"pub const {name}: u64 = {value};\n"
                   for name, value in re.findall(r"^\t(\w+) +(?:Signal|Errno)?= (-?(?:0x)?[0-9a-f]+)$", text, re.M))


def strip_comments(text):
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.S))


def path_end(name):
    return name.strip().rsplit("::", 1)[-1]


def c_type(rust, known):
    """A declaration of `rust` around a declarator, as a function of it; None where it is not understood."""
    rust = rust.strip()
    array = re.fullmatch(r"\[(.+);\s*(.+)\]", rust, re.S)
    if array:
        inner, size = c_type(array[1], known), c_value(array[2])
        return None if inner is None or size is None else lambda d: inner(f"{d}[{size}]")
    pointer = re.fullmatch(r"\*\s*(const|mut)\s+(.+)", rust, re.S)
    if pointer:
        inner = c_type(pointer[2], known)
        if inner is None:
            return None
        const = "const " if pointer[1] == "const" else ""
        target = pointer[2].strip()
        if target.startswith(("*", "[")):
            return lambda d: inner(f"*{const}{d}")
        return lambda d: const + inner(f"*{d}")
    if not re.fullmatch(r"[\w:]+", rust):
        return None
    name = path_end(rust)
    base = PRIMITIVES.get(name) or known(name)
    return None if base is None else lambda d: f"{base} {d}"


def c_value(rust):
    """A constant expression; None where it is not understood."""
    rust = re.sub(r"\s+", " ", rust.strip())
    rust = re.sub(r"\bas ([\w:]+)", "", rust)
    rust = re.sub(r"\b(0x[0-9a-fA-F_]+|\d[\d_]*)(?:_?[iu](?:8|16|32|64|size))?\b",
                  lambda m: m[1].replace("_", ""), rust)
    rust = re.sub(r"(?:\w+::)+(\w+)", r"\1", rust).replace("!", "~")
    if not re.fullmatch(r"[\w\s()|&<>+*~^-]+", rust) or re.search(r"\b(size_of|mem)\b", rust):
        return None
    return rust


def constants(text):
    for name, value in re.findall(r"pub const (\w+)\s*:[^=;]+=([^;]+);", text):
        yield name, c_value(value)


def enumerators(text):
    """`pub enum X { A = 1, }` of libc's e! and c_enum! blocks."""
    for body in re.findall(r"pub (?:enum|#?anon) ?\w* ?\{([^}]*)\}", text):
        for name, value in re.findall(r"(\w+)\s*=\s*([^,]+),", body):
            yield name, c_value(value)


def structures(text):
    """(name, packing or None, [(field, type)])."""
    for attributes, name, body in re.findall(r"((?:#\[[^\]]*\]\s*)*)pub struct (\w+)\s*\{(.*?)\n\s*\}", text, re.S):
        body = re.sub(r"#\[[^\]]*\]", "", body)
        fields = re.findall(r"(?:pub )?(\w+)\s*:\s*(\[[^\]]*(?:\[[^\]]*\][^\]]*)*\]|[^,]+),", body)
        packing = re.search(r"packed\(?(\d*)", attributes)
        yield name, (packing[1] or "1") if packing else None, fields


def functions(text):
    """(name, [types], type of the result)."""
    for name, arguments, result in re.findall(r"pub fn (\w+)\s*\(([^)]*)\)\s*(?:->\s*([^;{]+))?;", text):
        parts = [part.strip() for part in arguments.split(",") if part.strip()]
        variadic = bool(parts) and parts[-1] == "..."
        types = [part.split(":", 1)[1] for part in parts if ":" in part]
        yield name, types, variadic, (result or "").strip()
