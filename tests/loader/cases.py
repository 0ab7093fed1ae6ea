"""The cases: each makes a root directory with one thing wrong, or nothing."""
import os
import random
import shutil
import struct
import subprocess
from pathlib import Path

from worlds import run

APP = "/app/bin/app"

SUB = "int s1(void){return 1;} int sdata=7; int s2(void){return 2;}"
LIBA = """
extern int s1(void); extern int sdata;
int a1(void){return s1();} int a2(void){return 2;} int adata=5; int *aref(void){return &sdata;}
"""
APP_SOURCE = """
extern long write(int,const void*,unsigned long); extern char*getenv(const char*);
extern int a1(void); extern int a2(void); extern int adata; extern int b1(void);
extern int optional(void) __attribute__((weak));
int main(void){ write(1,"started\\n",8);
 int r = a1()+a2()+b1()+adata + (optional?1:0);
 write(1,"called\\n",7); return r==0; }
"""
LIBB = "extern int s2(void); int b1(void){return s2();}"


class Kit:
    """What is compiled once for a world."""

    def __init__(self, world):
        self.world = world
        self.folder = world.work / "kit"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        make = self.make
        make("libsub.so.1", SUB, versions="S_1 { s1; sdata; s2; };")
        make("libsub-nos1", "int sdata=7; int s2(void){return 2;}", "libsub.so.1",
             versions="S_1 { sdata; s2; };")
        make("libsub-nos2", "int sdata=7; int s1(void){return 2;}", "libsub.so.1",
             versions="S_1 { sdata; s1; };")
        make("libsub-nodata", "int s1(void){return 7;} int s2(void){return 2;}", "libsub.so.1",
             versions="S_1 { s1; s2; };")
        make("libsub-plain", SUB, "libsub.so.1")
        make("libsub-plain-nos1", "int sdata=7; int s2(void){return 2;}", "libsub.so.1")
        make("libsub-v2", SUB, "libsub.so.1", versions="S_2 { s1; sdata; s2; };")
        make("libsub-both", SUB, "libsub.so.1", versions="S_1 { s1; sdata; };\nS_2 { s2; } S_1;")
        sub = self.folder / "libsub.so.1"
        origin = "-Wl,--enable-new-dtags,-rpath,$ORIGIN"
        a_versions = "V_1 { a1; adata; aref; };\nV_2 { a2; } V_1;"
        make("liba.so.1", LIBA, sub, origin, versions=a_versions)
        make("liba-bare", LIBA, sub, soname="liba.so.1", versions=a_versions)
        make("liba-now", LIBA, sub, origin, "-Wl,-z,now", soname="liba.so.1", versions=a_versions)
        make("liba-nov2", LIBA, sub, origin, soname="liba.so.1", versions="V_1 { a1; adata; aref; a2; };")
        make("liba-plain", LIBA, sub, origin, soname="liba.so.1")
        make("liba-noa2", LIBA.replace("int a2(void){return 2;}", "int a9(void){return 2;}"), sub, origin,
             soname="liba.so.1", versions="V_1 { a1; adata; aref; };\nV_2 { a9; } V_1;")
        make("liba-nodata", LIBA.replace("int adata=5;", ""), sub, origin, soname="liba.so.1",
             versions="V_1 { a1; aref; };\nV_2 { a2; } V_1;")
        make("liba-moved", LIBA, sub, origin, soname="liba.so.1",
             versions="V_1 { a1; adata; aref; a2; };\nV_2 { } V_1;")
        make("liba-soname", LIBA, sub, origin, soname="libother.so.9", versions=a_versions)
        make("liba-symbolic", LIBA, sub, origin, "-Wl,-Bsymbolic", soname="liba.so.1", versions=a_versions)
        make("liba-rpath", LIBA, sub, "-Wl,--disable-new-dtags,-rpath,/app/sub", soname="liba.so.1",
             versions=a_versions)
        make("libb.so.1", LIBB, sub, origin, soname="libb.so.1")
        make("libb-now", LIBB, sub, origin, "-Wl,-z,now", soname="libb.so.1")
        make("libb-bare", LIBB, sub, soname="libb.so.1")
        make("preload.so", "int a2(void){return 5;} int optional(void){return 1;}")
        make("preload-needs.so", "extern int s1(void); int zz(void){return s1();}", sub)
        make("preload-bad.so", "extern int nowhere(void); int *zz = (int*)&nowhere; ")
        self.foreign = self.folder / "foreign.so"
        subprocess.run([world.other[0], "-shared", "-fPIC", "-nostdlib", "-x", "c", "-", "-o", self.foreign],
                       input=SUB.encode(), check=True, capture_output=True)
        self.apps = {}

    def make(self, name, source, *flags, soname=None, versions=None):
        strings = [one for one in flags if isinstance(one, str) and not one.startswith("-")]
        flags = [one for one in flags if one not in strings]
        soname = soname or (strings[0] if strings else name)
        path = self.folder / name
        flags = [*flags, f"-Wl,-soname,{soname}"]
        if versions:
            script = self.folder / "versions.map"
            script.write_text(versions.replace("};\nV_2 {", "};\nV_2 {"))
            flags.append(f"-Wl,--version-script={script}")
        self.world.library(source, path, *flags)

    def app(self, *flags, now=False, pie=True):
        key = (flags, now, pie)
        if key not in self.apps:
            path = self.folder / f"app{len(self.apps)}"
            self.world.compile(APP_SOURCE, path, self.folder / "liba.so.1", self.folder / "libb.so.1",
                               f"-Wl,-rpath-link,{self.folder}", "-Wl,-z,now" if now else "-Wl,-z,lazy",
                               *(["-pie", "-fPIE"] if pie else ["-no-pie"]), *flags)
            self.apps[key] = path
        return self.apps[key]


class Root:
    """One root directory under work."""

    def __init__(self, kit, path):
        self.kit, self.path, self.world = kit, Path(path), kit.world
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        self.world.fill(self.path)
        (self.path / "proc").mkdir()
        self.environment = {}
        self.program = APP
        self.options = []
        self.user = 0
        self.directory = "/app/lib"

    def at(self, path):
        return self.path / path.lstrip("/")

    def put(self, name, path):
        target = self.at(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink() or target.exists():
            target.unlink()
        shutil.copy(self.kit.folder / name if isinstance(name, str) else name, target)

    def lib(self, name):
        return self.at(f"{self.directory}/{name}")

    def ldconfig(self):
        run("ldconfig", "-r", self.path)


LAYOUTS = {
    "rpath": (("-Wl,--disable-new-dtags,-rpath,/app/lib",), "/app/lib"),
    "runpath": (("-Wl,--enable-new-dtags,-rpath,/app/lib",), "/app/lib"),
    "rpath-origin": (("-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib",), "/app/lib"),
    "runpath-braces": (("-Wl,--enable-new-dtags,-rpath,${ORIGIN}/../lib/",), "/app/lib"),
    "environment": ((), "/app/lib"),
    "cache": ((), "/opt/x"),
    "default": ((), "/usr/lib"),
    "lib-token": (("-Wl,--enable-new-dtags,-rpath,/app/$LIB",), "/app/LIB"),
    "list": (("-Wl,--enable-new-dtags,-rpath,/nope:/app/bin/app:/app//lib//:/app/lib",), "/app/lib"),
}


def lay_out(root, layout, now=False, pie=True, **replaced):
    """Program and libraries; `replaced` gives another file of the kit for a name."""
    flags, folder = LAYOUTS[layout]
    world = root.world
    if layout == "lib-token":
        folder = "/app" + (world.folder if not world.musl else "/lib")
    root.directory = folder
    root.put(root.kit.app(*flags, now=now, pie=pie), APP)
    for name in ("liba.so.1", "libb.so.1", "libsub.so.1"):
        root.put(replaced.get(name.split(".")[0], name), f"{folder}/{name}")
    if layout == "environment":
        root.environment["LD_LIBRARY_PATH"] = folder
    if layout == "cache":
        if world.musl:
            root.at(root.world.path_file).write_text("/opt/x\n/lib")
        else:
            root.at("/etc/ld.so.conf").write_text("/opt/x\n")
            root.ldconfig()


def patch(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def is_small(path):
    """A file of 32 bits."""
    return Path(path).read_bytes()[4] == 1


def segments(path):
    data = Path(path).read_bytes()
    small = is_small(path)
    start, = struct.unpack_from("<I", data, 28) if small else struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 42 if small else 54)
    for i in range(count):
        at = start + i * size
        yield at, struct.unpack_from("<IIIIIIII" if small else "<IIQQQQQQ", data, at)


def drop_segment(path, kind):
    for at, one in segments(path):
        if one[0] == kind:
            patch(path, at, struct.pack("<I", 0))


def file_operations(kit):
    """name -> what it does to one library"""
    def replace(name):
        return lambda root, path: shutil.copy(name, path)

    def cut(size):
        def work(root, path):
            data = path.read_bytes()
            path.write_bytes(data[:size if size >= 1 else int(len(data) * size)])
        return work

    def write(data):
        return lambda root, path: path.write_bytes(data)

    def byte(offset, value):
        return lambda root, path: patch(path, offset, bytes([value]))

    def header(wide, small, value):
        """A number behind the first 20 bytes: `wide` and `small` are its place in both sizes."""
        return lambda root, path: patch(path, small if is_small(path) else wide, bytes([value]))

    def other_class(root, path):
        patch(path, 4, b"\x02" if is_small(path) else b"\x01")

    def far_headers(root, path):
        small = is_small(path)
        patch(path, 28 if small else 32, struct.pack("<I", 0x7fffff00) if small else struct.pack("<Q", 1 << 40))

    def link(target):
        def work(root, path):
            path.unlink()
            os.symlink(target, path)
        return work

    def folder(root, path):
        path.unlink()
        path.mkdir()

    def moved_behind(target):
        def work(root, path):
            place = root.at(target)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, place)
            os.symlink(target if target.startswith("/") else target, path)
        return work

    def fifo(root, path):
        path.unlink()
        os.symlink("/dev/null-that-is-not-there", path)

    out = {
        "none": lambda root, path: None,
        "missing": lambda root, path: path.unlink(),
        "empty": write(b""),
        "six": cut(6),
        "63": cut(63),
        "64": cut(64),
        "200": cut(200),
        "half": cut(0.5),
        "third": cut(0.34),
        "folder": folder,
        "foreign": replace(kit.foreign),
        "other-class": other_class,
        "class-9": byte(4, 9),
        "big-endian": byte(5, 2),
        "ident-version": byte(6, 2),
        "osabi-linux": byte(7, 3),
        "osabi-9": byte(7, 9),
        "abiversion": byte(8, 1),
        "padding": byte(12, 1),
        "type-rel": byte(16, 1),
        "type-exec": byte(16, 2),
        "type-core": byte(16, 4),
        "machine": byte(18, 8),
        "version": byte(20, 0),
        "phentsize": header(54, 42, 57),
        "phnum-0": header(56, 44, 0),
        "phoff": far_headers,
        "no-dynamic": lambda root, path: drop_segment(path, 2),
        "no-load": lambda root, path: drop_segment(path, 1),
        "script": write(b"/* GNU ld script */ GROUP ( /usr/lib/liba.so.1 AS_NEEDED ( libx.so ) )  \n" * 2),
        "text": write(b"../../x"),
        "magic": byte(0, 0),
        "loop": link("x/../liba-loop"),
        "self": lambda root, path: (path.unlink(), os.symlink(path.name, path)),
        "dangling": link("/nowhere/at/all"),
        "link-absolute": moved_behind("/srv/real/lib.so"),
        "program": lambda root, path: shutil.copy(root.at(APP), path),
    }
    if kit.world.qemu and kit.world.musl:
        del out["no-load"]  # the emulator takes the address that a kernel refuses
    return out


def grid(kit, quick):
    """Every layout with every operation on two libraries."""
    operations = file_operations(kit)
    layouts = ["runpath", "cache"] if quick else list(LAYOUTS)
    for layout in layouts:
        for name, work in operations.items():
            targets = ["liba.so.1"] if quick else ["liba.so.1", "libsub.so.1"]
            if not quick and layout not in ("rpath", "cache", "environment"):
                targets = [random.Random(layout + name).choice(targets)]
            for target in targets:
                def make(root, layout=layout, work=work, target=target):
                    lay_out(root, layout)
                    work(root, root.lib(target))
                yield f"{layout}/{name}/{target}", make


def bindings(kit, quick):
    """Symbols and versions."""
    changes = [{}] + [{"libsub": one} for one in ("libsub-nos1", "libsub-nos2", "libsub-nodata", "libsub-plain",
                                                   "libsub-plain-nos1", "libsub-v2", "libsub-both")] + \
        [{"liba": one} for one in ("liba-bare", "liba-now", "liba-nov2", "liba-plain", "liba-noa2", "liba-nodata",
                                   "liba-moved", "liba-soname", "liba-symbolic", "liba-rpath")] + \
        [{"libb": "libb-now"}, {"libb": "libb-bare"}, {"liba": "liba-bare", "libb": "libb-bare"},
         {"liba": "liba-noa2", "libsub": "libsub-nos2"}, {"liba": "liba-nodata", "libsub": "libsub-nos1"},
         {"liba": "liba-nov2", "libsub": "libsub-v2"}, {"liba": "liba-plain", "libsub": "libsub-v2"},
         {"liba": "liba-now", "libsub": "libsub-nos1"}, {"libb": "libb-now", "libsub": "libsub-nos2"},
         {"liba": "liba-symbolic", "libsub": "libsub-nodata"}]
    for number, change in enumerate(changes):
        for layout in ["rpath", "runpath"] if not quick else ["runpath"]:
            for now in (False, True):
                for extra in ({}, {"LD_BIND_NOW": "1"}) if not quick and not now else ({},):
                    def make(root, change=change, layout=layout, now=now, extra=extra):
                        lay_out(root, layout, now=now, pie=number % 2 == 0, **change)
                        root.environment.update(extra)
                    label = ",".join(change.values()) or "good"
                    yield f"bind/{layout}/{label}/{'now' if now else 'lazy'}{'/env' if extra else ''}", make


def environments(kit, quick):
    world = kit.world
    values = [
        ("LD_LIBRARY_PATH", "/app/lib"), ("LD_LIBRARY_PATH", "/nope;/app/lib"), ("LD_LIBRARY_PATH", ":/app/lib:"),
        ("LD_LIBRARY_PATH", "app/lib"), ("LD_LIBRARY_PATH", "/app/bin/../lib"), ("LD_LIBRARY_PATH", ""),
        ("LD_LIBRARY_PATH", "$ORIGIN/../lib"), ("LD_LIBRARY_PATH", "${ORIGIN}/../lib"),
        ("LD_LIBRARY_PATH", "$ORIGINAL/../lib"), ("LD_LIBRARY_PATH", "/app/bin/app:/app/lib"),
        ("LD_LIBRARY_PATH", "//app///lib//"), ("LD_LIBRARY_PATH", ":"), ("LD_LIBRARY_PATH", "/nope"),
        ("LD_LIBRARY_PATH", "/app/" + "x" * 300 + ":/app/lib"), ("LD_LIBRARY_PATH", "/app/link"),
        ("LD_LIBRARY_PATH", "/app/loop:/app/lib"), ("LD_LIBRARY_PATH", "/app/lib\n:/nope"),
    ]
    for name, value in values[:6] if quick else values:
        def make(root, name=name, value=value):
            lay_out(root, "environment")
            os.symlink("lib", root.at("/app/link"))
            os.symlink("loop", root.at("/app/loop"))
            root.environment[name] = value
        yield f"env/{name}={value[:30]}", make
    preloads = ["/app/pre/preload.so", "preload.so", "/app/pre/none.so", "none.so", "/app/pre/preload-needs.so",
                "/app/pre/preload-bad.so", "/app/pre/preload.so:/app/pre/none.so", "/app/pre/foreign.so",
                "/app/pre/none.so /app/pre/preload.so", "/app/pre/empty.so", "/app/pre", "liba.so.1", ":",
                "/app/lib/libsub.so.1", world.libc_name]
    for value in preloads[:5] if quick else preloads:
        for layout in ("rpath", "runpath", "default") if not quick else ("runpath",):
            def make(root, value=value, layout=layout):
                lay_out(root, layout)
                for one in ("preload.so", "preload-needs.so", "preload-bad.so"):
                    root.put(one, f"/app/pre/{one}")
                root.put(root.kit.foreign, "/app/pre/foreign.so")
                root.at("/app/pre/empty.so").write_bytes(b"")
                root.environment["LD_PRELOAD"] = value
            yield f"preload/{layout}/{value}", make
    if world.musl:
        return
    for text in ("/app/pre/preload.so\n", "/app/pre/none.so /app/pre/preload.so", "# comment\n/app/pre/none.so\n", ""):
        def make(root, text=text):
            lay_out(root, "runpath")
            root.put("preload.so", "/app/pre/preload.so")
            root.at("/etc/ld.so.preload").write_text(text)
        yield f"ld.so.preload/{text[:20]!r}", make


def orders(kit, quick):
    """Two copies of a library, one of them bad: which of them counts."""
    bad_files = {"nosym": "libsub-nos1", "plain": "libsub-plain", "v2": "libsub-v2", "foreign": "foreign.so"}
    places = {"environment": "/e/lib", "cache": "/opt/x", "default": "/usr/lib", "hwcaps": None}
    for bad, name in bad_files.items():
        for place, folder in places.items():
            if quick and (bad != "v2"):
                continue
            for layout in ("rpath", "runpath"):
                def make(root, name=name, place=place, folder=folder, layout=layout):
                    lay_out(root, layout, now=True, liba="liba-bare", libb="libb-bare")
                    if place == "hwcaps":
                        folder = "/app/lib/glibc-hwcaps/x86-64-v2"
                        root.put("libsub.so.1", "/app/lib/tls/libsub.so.1")
                        root.put("liba-now", "/app/lib/x86_64/liba.so.1")
                    root.put(name, f"{folder}/libsub.so.1")
                    if place == "environment":
                        root.environment["LD_LIBRARY_PATH"] = folder
                    if place == "cache" and not root.world.musl:
                        root.at("/etc/ld.so.conf").write_text("/opt/x\n")
                        root.ldconfig()
                yield f"order/{bad}/{place}/{layout}", make


def caches(kit, quick):
    if kit.world.musl:
        for text in ("", "/opt/x", "/nope\n/opt/x\n", ":/opt/x:/lib", "/opt/x\0/lib"):
            def make(root, text=text):
                lay_out(root, "cache")
                root.at(root.world.path_file).write_text(text)
            yield f"path-file/{text!r}", make
        return

    def garbage(data):
        return lambda root: root.at("/etc/ld.so.cache").write_bytes(data)

    def cut(part):
        def work(root):
            path = root.at("/etc/ld.so.cache")
            data = path.read_bytes()
            path.write_bytes(data[:int(len(data) * part)])
        return work

    def stale(root):
        root.lib("liba.so.1").rename(root.at("/opt/liba.so.1"))

    def hwcaps(root):
        root.put("liba-nov2", "/opt/x/glibc-hwcaps/x86-64-v3/liba.so.1")
        root.put("liba-plain", "/opt/x/glibc-hwcaps/x86-64-v2/liba.so.1")
        root.ldconfig()

    def other_processor(root):
        root.put(root.kit.foreign, "/opt/x/liba.so.1")
        root.ldconfig()

    def old_format(kind):
        return lambda root: run("ldconfig", "-c", kind, "-r", root.path)
    works = {
        "stale": stale, "hwcaps": hwcaps, "other-processor": other_processor, "gone":
        lambda root: root.at("/etc/ld.so.cache").unlink(),
        "empty": garbage(b""), "text": garbage(b"hello\n" * 40), "half": cut(0.5), "tail": cut(0.9),
        "head": cut(0.01), "magic": garbage(b"glibc-ld.so.cache1.1" + b"\xff" * 100),
        "compat": old_format("compat"), "old": old_format("old"),
        "folder": lambda root: (root.at("/etc/ld.so.cache").unlink(), root.at("/etc/ld.so.cache").mkdir()),
        "moved-libc": lambda root: (shutil.move(root.at(f"{root.world.folder}/libc.so.6"), root.at("/opt/x/libc.so.6")),
                                    root.ldconfig()),
    }
    for name, work in works.items():
        def make(root, work=work):
            lay_out(root, "cache")
            work(root)
        yield f"cache/{name}", make


def edits(kit, quick):
    """Changes that people make with patchelf."""
    def patchelf(*arguments, lib=None):
        return lambda root: run("patchelf", *arguments, root.lib(lib) if lib else root.at(APP))
    works = {
        "needed-absolute": patchelf("--replace-needed", "liba.so.1", "/app/lib/liba.so.1"),
        "needed-absolute-missing": patchelf("--replace-needed", "liba.so.1", "/app/none/liba.so.1"),
        "needed-relative": patchelf("--replace-needed", "liba.so.1", "app/lib/liba.so.1"),
        "needed-relative-missing": patchelf("--replace-needed", "liba.so.1", "lib/liba.so.1"),
        "needed-origin": patchelf("--replace-needed", "liba.so.1", "$ORIGIN/../lib/liba.so.1"),
        "needed-origin-braces": patchelf("--replace-needed", "liba.so.1", "${ORIGIN}/../none/liba.so.1"),
        "added-missing": patchelf("--add-needed", "libmissing.so.9"),
        "added-absolute-foreign": patchelf("--add-needed", "/app/pre/foreign.so"),
        "added-folder": patchelf("--add-needed", "/app"),
        "removed": patchelf("--remove-needed", "libb.so.1"),
        "removed-versioned": patchelf("--remove-needed", "liba.so.1"),
        "rpath-removed": patchelf("--remove-rpath"),
        "rpath-empty": patchelf("--set-rpath", ""),
        "rpath-colon": patchelf("--set-rpath", ":/app/lib"),
        "rpath-relative": patchelf("--set-rpath", "app/lib"),
        "rpath-forced": patchelf("--force-rpath", "--set-rpath", "/app/lib"),
        "rpath-platform": patchelf("--set-rpath", "/app/$PLATFORM:/app/lib"),
        "rpath-unknown": patchelf("--set-rpath", "/app/$FOO:$ORIGINX/lib"),
        "rpath-two": patchelf("--set-rpath", "/app/none:/app/lib"),
        "rpath-long": patchelf("--set-rpath", ":".join(f"/none/{i}" for i in range(500)) + ":/app/lib"),
        "rpath-toolong": patchelf("--set-rpath", "/app/" + "y" * 5000 + ":/app/lib"),
        "nodeflib": patchelf("--no-default-lib"),
        "sub-added": patchelf("--add-needed", "libmissing.so.9", lib="liba.so.1"),
        "sub-rpath": patchelf("--remove-rpath", lib="liba.so.1"),
        "sub-soname": patchelf("--set-soname", "libother.so.5", lib="libsub.so.1"),
        "sub-cycle": patchelf("--add-needed", "liba.so.1", lib="libsub.so.1"),
        "sub-self": patchelf("--add-needed", "libsub.so.1", lib="libsub.so.1"),
        "loader-needed": patchelf("--add-needed", Path(kit.world.interpreter).name),
    }
    for name, work in list(works.items())[:8] if quick else works.items():
        for layout in ("runpath", "cache", "rpath") if not quick else ("runpath",):
            def make(root, work=work, layout=layout):
                lay_out(root, layout)
                root.put(root.kit.foreign, "/app/pre/foreign.so")
                work(root)
            yield f"patchelf/{layout}/{name}", make


def starts(kit, quick):
    """What the kernel refuses, and programs without needs."""
    if kit.world.qemu:
        return
    world = kit.world

    def interpreter(path):
        return lambda root: run("patchelf", "--set-interpreter", path, root.at(APP))

    def loader(work):
        def apply(root):
            path = root.at(world.interpreter)
            if path.is_symlink():
                path.unlink()
            work(path)
        return apply
    works = {
        "no-interpreter": interpreter("/lib/ld-none.so.1"),
        "interpreter-folder": interpreter("/etc"),
        "interpreter-gone": loader(lambda path: path.unlink(missing_ok=True)),
        "interpreter-text": loader(lambda path: (path.write_bytes(b"x" * 4000), path.chmod(0o755))),
        "interpreter-short": loader(lambda path: (path.write_bytes(b"x"), path.chmod(0o755))),
        "interpreter-mode": loader(lambda path: path.write_bytes(b"x" * 4000)),
        "interpreter-foreign": loader(lambda path: shutil.copy(kit.foreign, path)),
        "foreign": lambda root: shutil.copy(kit.foreign, root.at(APP)),
        "text": lambda root: root.at(APP).write_bytes(b"hello there\n" * 30),
        "empty": lambda root: root.at(APP).write_bytes(b""),
        "type-rel": lambda root: patch(root.at(APP), 16, b"\1"),
        "mode": lambda root: root.at(APP).chmod(0o644),
    }
    for name, work in works.items():
        def make(root, work=work):
            lay_out(root, "runpath")
            run("chmod", "755", root.at(world.interpreter)) if root.at(world.interpreter).exists() else None
            work(root)
        yield f"start/{name}", make


def graphs(kit, quick):
    """Random graphs with things missing: the order in which failures are met."""
    world = kit.world
    for seed in range(10 if quick else 200):
        def make(root, seed=seed):
            random_graph(root, random.Random(seed))
        yield f"graph/{seed}", make


def random_graph(root, dice):
    folder = root.kit.folder / "graph"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    count = dice.randint(3, 9)
    needs = {}
    for i in reversed(range(count)):
        rest = list(range(i + 1, count))
        needs[i] = dice.sample(rest, min(len(rest), dice.randint(0, 3)))
    broken = {i for i in range(count) if dice.random() < 0.12}
    gone = {i for i in range(count) if dice.random() < 0.06}
    now = dice.random() < 0.7

    def source(i, complete):
        body = "".join(f"extern int f{k}(void); extern int g{k}; int *p{i}_{k}=&g{k};\n" for k in needs.get(i, []))
        calls = "+".join(f"f{k}()" for k in needs.get(i, [])) or "1"
        function = f"int f{i}(void){{return {calls};}}" if complete or dice.random() < 0.5 else ""
        data = f"int g{i}={i};" if complete or function == "" and dice.random() < 0.5 else ""
        return body + function + data

    def link(i, complete, where):
        libs = [folder / f"libn{k}.so" for k in needs[i]]
        root.world.library(source(i, complete), where, *libs, f"-Wl,-soname,libn{i}.so", "-Wl,--no-as-needed",
                           "-Wl,-z,now" if now else "-Wl,-z,lazy", f"-Wl,-rpath-link,{folder}",
                           "-Wl,--allow-shlib-undefined")
    for i in reversed(range(count)):
        link(i, True, folder / f"libn{i}.so")
    first = sorted(dice.sample(range(count), dice.randint(1, min(3, count))))
    dice.shuffle(first)
    app = "extern long write(int,const void*,unsigned long);\n" + \
        "".join(f"extern int f{k}(void); extern int g{k}; int *q{k}=&g{k};\n" for k in first) + \
        "int main(void){write(1,\"started\\n\",8); int r=" + "+".join(f"f{k}()" for k in first) + \
        "; write(1,\"called\\n\",7); return r==-1;}"
    style = "--disable-new-dtags" if dice.random() < 0.7 else "--enable-new-dtags"
    root.world.compile(app, root.kit.folder / "graph-app", *[folder / f"libn{k}.so" for k in first],
                       f"-Wl,{style},-rpath,/app/lib", f"-Wl,-rpath-link,{folder}",
                       "-Wl,-z,now" if now else "-Wl,-z,lazy")
    root.put("graph-app", APP)
    for i in range(count):
        if i in broken:
            link(i, False, folder / "broken.so")
            root.put(folder / "broken.so", f"/app/lib/libn{i}.so")
        elif i not in gone:
            root.put(folder / f"libn{i}.so", f"/app/lib/libn{i}.so")


def users(kit, quick):
    """Files that a user may not read, and programs that gain rights."""
    if kit.world.qemu:
        return  # the emulator is not started set-user-ID

    def unreadable(layout, path, mode):
        def make(root):
            lay_out(root, layout)
            root.user = 65534
            root.at(path.replace("LIB", root.directory)).chmod(mode)
        return make
    for layout in ("rpath", "cache", "environment", "default", "list"):
        for path in ("LIB/liba.so.1", "LIB/libsub.so.1", "LIB"):
            for mode in (0o000, 0o111):
                yield f"user/{layout}/{path}/{mode:o}", unreadable(layout, path, mode)
    values = ({}, {"LD_LIBRARY_PATH": "/app/lib"}, {"LD_PRELOAD": "/app/pre/preload.so"}, {"LD_PRELOAD": "preload.so"},
              {"LD_PRELOAD": "none.so:/none.so"}, {"LD_BIND_NOW": "1"}, {"LD_AUDIT": "/none.so"})
    for layout in ("rpath", "runpath", "rpath-origin", "runpath-braces", "environment", "cache", "default", "lib-token"):
        for value in values[:3] if layout != "default" else values:
            def make(root, layout=layout, value=value):
                lay_out(root, layout, libsub="libsub-nos2" if "LD_BIND_NOW" in value else "libsub.so.1")
                root.put("preload.so", "/app/pre/preload.so")
                root.put("preload.so", "/usr/lib/preload.so")
                root.environment.update(value)
                root.user = 65534
                root.at(APP).chmod(0o4755)
            yield f"secure/{layout}/{value}", make
    for style, path in (("rpath", "$ORIGIN/../lib"), ("rpath", "$ORIGIN"), ("runpath", "/usr/lib/$ORIGIN")):
        def make(root, style=style, path=path):
            lay_out(root, "default")
            root.directory = "/usr/lib/app/lib"
            for name in ("liba.so.1", "libb.so.1", "libsub.so.1"):
                root.at("/usr/lib/" + name).unlink()
                root.put(name, "/usr/lib/app/lib/" + name)
                root.put(name, "/usr/lib/app/bin/" + name)
            root.put(APP_FILE(root), "/usr/lib/app/bin/app")
            root.program = "/usr/lib/app/bin/app"
            run("patchelf", *(["--force-rpath"] if style == "rpath" else []), "--set-rpath", path, root.at(root.program))
            root.user = 65534
            root.at(root.program).chmod(0o4755)
        yield f"secure/trusted/{style}/{path}", make


def APP_FILE(root):
    return root.at(APP)


ALL = (users, grid, bindings, environments, orders, caches, edits, starts, graphs)
