#!/usr/bin/env python3
"""tenon link on small libraries for linux/arm64 that zig makes here: which libraries, in which order and
why; states of damaged and foreign files; links with the printed flags. Nothing is fetched."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
ZIG = shutil.which("zig")
QEMU = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
TRIPLE = "aarch64-linux-gnu"


def zig_of_tenon():
    """zig beside Python's packages, where it is not in PATH."""
    if ZIG:
        return [ZIG]
    try:
        import ziglang  # noqa: F401
    except ImportError:
        return None
    return [sys.executable, "-m", "ziglang"]


ZIG_COMMAND = zig_of_tenon()
if ZIG_COMMAND is None:
    print("no zig")
    sys.exit(77)


def zig(*arguments, cwd=None):
    done = subprocess.run([*ZIG_COMMAND, *map(str, arguments)], capture_output=True, text=True, cwd=cwd)
    if done.returncode:
        raise AssertionError(f"zig {arguments}\n{done.stderr}")


class Sysroot:
    """Libraries: top -> mid -> (base, only.so); loop1 <-> loop2; sql needs what nobody has."""

    def __init__(self, root):
        self.root = root
        self.lib = root / "sys/usr/lib" / TRIPLE
        self.pc = self.lib / "pkgconfig"
        self.pc.mkdir(parents=True)
        self.work = root / "work"
        self.work.mkdir()
        self.archive("base", {"base": "int base(void) { return 1; }",
                              "unused": "int nowhere(void); int unused(void) { return nowhere(); }"})
        self.archive("mid", {"mid": "int base(void); int only(void);"
                                    "int mid(void) { return base() + only(); }"})
        self.archive("top", {"top": "int mid(void); int top(void) { return mid(); }"})
        self.archive("loop1", {"l1": "int l2(void); int l1(void) { return l2(); }",
                               "end": "int lend(void) { return 5; }"})
        self.archive("loop2", {"l2": "int lend(void); int l2(void) { return lend(); }"})
        self.archive("sql", {"sql": "int no_database(void); int sql(void) { return no_database(); }"})
        self.shared("sql", "int sql(void) { return 7; }")
        self.shared("only", "int only(void) { return 2; }", version=".3")
        # So that tenon knows what a C library has; zig links its own.
        self.shared("c", "void *malloc(unsigned long n) { (void)n; return 0; } int puts(const char *s)"
                         "{ (void)s; return 0; } int printf(const char *s, ...) { (void)s; return 0; }",
                    version=".6", plain=False)
        self.module("top", "-ltop", private="-lmid", version="1.2")
        self.module("loop", "-lloop1", private="-lloop2")
        self.module("sql", "-lsql")
        self.module("lost", "-lbase", private="-lnot_there")

    def compile(self, name, text, target=f"{TRIPLE}.2.36", language="c"):
        source = self.work / f"{name}.{language}"
        source.write_text(text)
        out = self.work / f"{name}.o"
        zig("cc", "-target", target, "-O1", "-fPIC", "-c", source, "-o", out)
        return out

    def archive(self, name, objects, target=f"{TRIPLE}.2.36", flags="rcs"):
        out = self.lib / f"lib{name}.a"
        files = [self.compile(f"{name}_{one}", text, target) for one, text in objects.items()]
        zig("ar", flags, out, *files)
        return out

    def shared(self, name, text, version=".1", plain=True):
        source = self.work / f"{name}_so.c"
        source.write_text(text)
        real = self.lib / f"lib{name}.so{version}"
        zig("cc", "-target", f"{TRIPLE}.2.36", "-shared", "-fPIC", "-nostdlib", "-fno-builtin",
            f"-Wl,-soname,lib{name}.so{version}", source, "-o", real)
        if plain:
            (self.lib / f"lib{name}.so").symlink_to(real.name)

    def module(self, name, libs, private="", version="1"):
        (self.pc / f"{name}.pc").write_text(
            f"Name: {name}\nDescription: x\nVersion: {version}\nLibs: -L/usr/lib/{TRIPLE} {libs}\n"
            f"Libs.private: {private}\n")


class Link(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = Path(cls.folder.name).resolve()
        cls.sys = Sysroot(cls.root)
        cls.env = {**os.environ, "TENON_CACHE": str(cls.root / "cache"), "HOME": str(cls.root)}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def link(self, *arguments, code=0, linker="zig"):
        done = subprocess.run([TENON, "link", "--target", "linux/arm64:gnu2.36", "--sysroot",
                               str(self.root / "sys"), f"--linker={linker}", "--json", *map(str, arguments)],
                              capture_output=True, text=True, env=self.env)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def program(self, name, text):
        return self.sys.compile(name, text)

    def build(self, object_file, words):
        out = self.root / "program"
        zig("cc", "-target", f"{TRIPLE}.2.36", object_file, *words, "-o", out)
        return out

    def files(self, data, key):
        return [one["file"] for one in data[key]]

    def codes(self, report):
        return [one["code"] for one in report["findings"]]

    def test_hybrid_takes_archives_and_leaves_what_has_none(self):
        main = self.program("main1", "#include <stdio.h>\nint top(void);"
                                     "int main(void) { printf(\"%d\\n\", top()); return 0; }")
        data = self.link("top", "--object", main)["data"]
        self.assertEqual(self.files(data, "static"), ["libtop.a", "libmid.a", "libbase.a"])
        self.assertIn("libonly.so.3", self.files(data, "shared"))
        self.assertNotIn("unused", json.dumps(data))
        words = [w for flag in data["flags"] for w in flag["words"]]
        self.assertEqual([Path(w).name for w in words if w.endswith(".a")], ["libtop.a", "libmid.a", "libbase.a"])
        self.assertIn("-lonly", words)
        gnu = self.link("top", "--object", main, linker="/nonexistent/gcc")["data"]
        self.assertIn(["-l:libonly.so.3"], [flag["words"] for flag in gnu["flags"]])
        program = self.build(main, words)
        if QEMU:
            done = subprocess.run([QEMU, "-E", f"LD_LIBRARY_PATH={self.sys.lib}", program], capture_output=True)
            if b"ld-linux" not in done.stderr:  # no C library to run with
                self.assertEqual(done.stdout, b"3\n")
        [absent] = [one for one in data["absent"] if one["name"] == "only"]
        self.assertEqual(absent["needed_by"], [{"object": "libmid.a(mid_mid.o)", "symbol": "only"}])
        self.assertIsNone(absent["package"])

    def test_each_flag_has_an_origin(self):
        data = self.link("top", "loop")["data"]
        self.assertTrue(data["flags"])
        for flag in data["flags"]:
            self.assertTrue(flag["origin"], flag)
        by_name = {one["name"]: one for one in data["libraries"]}
        self.assertEqual(by_name["mid"]["origin"], "top.pc:5 Libs.private")
        self.assertEqual(by_name["mid"]["state"], "found-static")

    def test_static_says_what_is_in_the_way(self):
        report = self.link("top", "--mode", "static", code=1)
        [finding] = [one for one in report["findings"] if one["code"] == "TN1601"]
        self.assertIn("only", finding["message"])
        self.assertTrue(any(e["where"] == "libmid.a(mid_mid.o)" for e in finding["evidence"]), finding)
        self.assertEqual(self.link("loop", "--mode", "static")["data"]["absent"], [])

    def test_a_cycle_is_a_group_that_links(self):
        main = self.program("main2", "int l1(void); int main(void) { return l1() != 5; }")
        data = self.link("loop", "--object", main)["data"]
        [group] = [f["words"] for f in data["flags"] if "-Wl,--start-group" in f["words"]]
        self.assertEqual(group[-1], "-Wl,--end-group")
        self.assertEqual(len(group), 4)
        self.build(main, group)

    def test_an_archive_that_needs_what_nobody_has_is_set_aside(self):
        main = self.program("main3", "int sql(void); int main(void) { return sql() != 7; }")
        report = self.link("sql", "--object", main)
        self.assertEqual(self.files(report["data"], "shared")[0], "libsql.so.1")
        self.assertEqual(report["data"]["set_aside"][0]["symbol"], "no_database")
        self.assertIn("TN1604", self.codes(report))
        failed = self.link("sql", "--object", main, "--mode", "static", code=1)
        self.assertEqual(failed["data"]["missing"],
                         [{"object": "libsql.a(sql_sql.o)", "symbol": "no_database"}])
        self.assertIn("TN1603", self.codes(failed))

    def test_states_of_files(self):
        wrong = self.sys.archive("wrong", {"w": "int w(void) { return 1; }"}, target="x86_64-linux-gnu.2.36")
        thin = self.sys.archive("thin", {"t": "int t(void) { return 1; }"}, flags="rcsT")
        (self.sys.lib / "libempty.a").write_bytes(b"!<arch>\n")
        (self.sys.lib / "libcut.a").write_bytes(thin.read_bytes()[:20].replace(b"<thin>", b"<arch>") + b"x" * 70)
        (self.sys.lib / "libscript.so").write_text(f"/* GNU ld script */\nINPUT(/usr/lib/{TRIPLE}/libonly.so.3)\n")
        try:
            flags = [f"--flag=-l{n}" for n in ("wrong", "thin", "empty", "cut", "script", "absent", "only", "base")]
            report = self.link(*flags, "--whole", "base", code=1)
            state = {one["name"]: one["state"] for one in report["data"]["libraries"]}
            self.assertEqual(state, {"wrong": "found-wrong-arch", "thin": "found-static", "empty": "found-static",
                                     "cut": "unreadable", "script": "found-shared", "absent": "absent",
                                     "only": "found-shared", "base": "found-static"})
            message = [f["message"] for f in report["findings"] if f["code"] == "TN1606"]
            self.assertEqual(len(message), 1)
            self.assertIn(f"{wrong}: its member wrong_w.o is for amd64", message[0])
            self.assertIn("TN1607", self.codes(report))
        finally:
            for name in ("libwrong.a", "libthin.a", "libempty.a", "libcut.a", "libscript.so"):
                (self.sys.lib / name).unlink()

    def test_a_changed_library_is_read_again(self):
        extra = self.sys.archive("extra", {"e": "int extra(void) { return 1; }"})
        os.utime(extra, (1, 1))
        main = self.program("main4", "int extra(void); int two(void); int main(void) { return extra(); }")
        first = self.link("--flag=-lextra", "--object", main)["data"]
        self.assertEqual(self.files(first, "static"), ["libextra.a"])
        second = self.link("--flag=-lextra", "--object", main)["data"]
        self.assertEqual(second["flags"], first["flags"])
        extra.unlink()
        report = self.link("--flag=-lextra", "--object", main, code=1)
        self.assertEqual(report["data"]["missing"], [{"object": "the program", "symbol": "extra"}])

    def test_a_damaged_cache_is_read_as_none(self):
        before = self.link("top")["data"]
        self.assertGreater(before["index"]["files"], 5)
        caches = list((self.root / "cache/link-index").glob("*")) if (self.root / "cache/link-index").is_dir() else []
        for one in caches:
            data = bytearray(one.read_bytes())
            data[len(data) // 2] ^= 255
            one.write_bytes(data)
        after = self.link("top")["data"]
        self.assertEqual(after["line"], before["line"])

    def test_forms(self):
        def text(*arguments):
            done = subprocess.run([TENON, "link", "loop", "--target", "linux/arm64:gnu2.36", "--sysroot",
                                   str(self.root / "sys"), "--linker=zig", *arguments],
                                  capture_output=True, text=True, env=self.env)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout
        self.assertTrue(text("--format", "cgo").startswith("#cgo LDFLAGS: "))
        env = text("--format", "env").splitlines()[0]
        shell = subprocess.run(["sh", "-c", f"{env}; printf %s \"$CGO_LDFLAGS\""], capture_output=True, text=True)
        self.assertIn("libloop1.a", shell.stdout)
        why = text("--why", "-lloop2")
        self.assertIn("named by loop.pc:5 Libs.private", why)
        self.assertIn("libloop1.a(loop1_l1.o) needs l2", why)

    def test_usage_errors(self):
        for arguments in ([], ["top", "--mode", "half"], ["top", "--format", "xml"],
                          ["top", "--whole", "nothing"], ["top", "--object", "/nonexistent.o"]):
            self.link(*arguments, code=3)
        report = self.link("no_such_module", code=1)
        self.assertEqual(self.codes(report), ["TN1609"])
        self.assertIn("no_such_module", report["findings"][0]["message"])


if __name__ == "__main__":
    unittest.main(verbosity=1)
