#!/usr/bin/env python3
"""tenon explain with the files available: the search of a loader that failed, made again.

Programs are built and started here, so that each message is the real loader's; where a message is of another system
(dyld, a root directory of another machine) it is written out. What the search must show is known from how the files
were made."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
CC = shutil.which("gcc") or shutil.which("cc")
ZIG = os.environ.get("TENON_ZIG") or shutil.which("zig")
NOT_HERE = None if CC and sys.platform == "linux" else "needs Linux and a C compiler"


def cc(folder, *words):
    subprocess.run([CC, *words], cwd=folder, check=True, capture_output=True, text=True)


def explain(*words, cwd=None, **kwargs):
    done = subprocess.run([TENON, "explain", "--json", *map(str, words)], cwd=cwd, text=True,
                          capture_output=True, timeout=120, **kwargs)
    return json.loads(done.stdout)["data"]


@unittest.skipIf(NOT_HERE, NOT_HERE)
class Loader(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory(prefix="tenon-searches-")
        made = cls.made = Path(cls.keep.name) / "made"
        (made / "lib").mkdir(parents=True)
        for name, text in (("a", "int a(void) { return 0; }"), ("b", "int a(void); int b(void) { return a(); }"),
                           ("none", "int none(void) { return 0; }"),
                           ("main", "int b(void); int main(void) { return b(); }")):
            (made / f"{name}.c").write_text(text + "\n")
        cc(made, "-shared", "-fPIC", "-o", "lib/liba.so", "a.c")
        cc(made, "-shared", "-fPIC", "-o", "lib/libnone.so", "none.c")
        cc(made, "-shared", "-fPIC", "-o", "lib/libb.so", "b.c", "-Llib", "-la", "-Wl,-rpath,$ORIGIN")
        cc(made, "-o", "app", "main.c", "-Llib", "-lb", "-Wl,-rpath,$ORIGIN/lib")

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def tree(self):
        folder = Path(tempfile.mkdtemp(dir=self.keep.name)) / "t"
        shutil.copytree(self.made, folder)
        return folder

    def search(self, data):
        self.assertEqual(len(data.get("searches", [])), 1, data.get("searches"))
        return data["searches"][0]

    def test_missing_library_of_a_command(self):
        tree = self.tree()
        (tree / "lib" / "libb.so").unlink()
        found = self.search(explain("--", "./app", cwd=tree))
        self.assertTrue(found["agrees"])
        self.assertEqual(found["looked"][0], {"where": str(tree / "lib/libb.so"), "text": "No such file or directory"})
        self.assertEqual(found["code"], "TN1401")
        # The real loader's own trace names the same paths in the same order.
        trace = subprocess.run(["./app"], cwd=tree, capture_output=True, text=True,
                               env={**os.environ, "LD_DEBUG": "libs"}).stderr
        tried = [Path(path) for path in re.findall(r"trying file=(\S+)", trace)]
        looked = [Path(one["where"]) for one in found["looked"]]
        folders = {path.parent for path in looked}
        self.assertEqual(looked, [path for path in tried if path.parent in folders])
        # What is left out are subdirectories for this machine's processor.
        self.assertEqual([path for path in tried if not folders & set(path.parents)], [])

    def test_saved_log_and_a_shell(self):
        tree = self.tree()
        (tree / "lib" / "liba.so").unlink()
        done = subprocess.run(["./app"], cwd=tree, capture_output=True, text=True)
        (tree / "log").write_text(done.stderr)
        for words in (("log",), ("--", "sh", "-c", "./app; exit 1")):
            found = self.search(explain(*words, cwd=tree))
            self.assertEqual((found["subject"], found["agrees"]), ("./app", True))
            self.assertEqual(found["looked"][0]["where"], str(tree / "lib/liba.so"))

    def test_variable_of_the_command(self):
        tree = self.tree()
        (tree / "lib").rename(tree / "other")
        (tree / "other" / "libb.so").unlink()
        found = self.search(explain("--", "env", f"LD_LIBRARY_PATH={tree}/other", "./app", cwd=tree))
        self.assertIn(f"{tree}/other/libb.so", [one["where"] for one in found["looked"]])

    def test_missing_symbol_names_the_libraries_without_it(self):
        tree = self.tree()
        shutil.copy(tree / "lib/libnone.so", tree / "lib/liba.so")
        for more in ((), ("LD_BIND_NOW=1",)):
            found = self.search(explain("--", "env", *more, "./app", cwd=tree))
            self.assertTrue(found["agrees"], found)
            self.assertIn({"where": str(tree / "lib/liba.so"), "text": "does not define a"}, found["looked"])

    def test_loader_that_is_missing(self):
        tree = self.tree()
        data = (tree / "app").read_bytes()
        interpreter = re.search(rb"/lib[^\0]*/ld-linux[^\0]*", data).group(0)
        (tree / "app").write_bytes(data.replace(interpreter, interpreter[:-1] + b"9"))
        found = self.search(explain("-", cwd=tree, input="bash: line 1: ./app: cannot execute: required file not found\n"))
        self.assertEqual(found["looked"][0]["where"], interpreter[:-1].decode() + "9")
        self.assertEqual(found["looked"][1]["where"], interpreter.decode())
        self.assertEqual(found["code"], "TN1406")

    def test_root_of_another_machine(self):
        tree = self.tree()
        root = tree / "root"
        (root / "app/lib").mkdir(parents=True)
        shutil.copy(tree / "app", root / "app/app")
        found = self.search(explain("--root", root, "-", input="/app/app: error while loading shared libraries: "
                                    "libb.so: cannot open shared object file: No such file or directory\n"))
        # The root has no loader: that comes first, and is not what the log says.
        self.assertFalse(found["agrees"])
        self.assertEqual(found["code"], "TN1406")

    def test_what_is_repaired_and_what_is_not_here(self):
        tree = self.tree()
        log = "./app: error while loading shared libraries: libb.so: cannot open shared object file: No such file\n"
        found = self.search(explain("-", cwd=tree, input=log))
        self.assertIn("loads with the files that are here now", found["message"])
        self.assertNotIn("searches", explain("-", cwd=tree, input=log.replace("./app", "./gone")))
        (tree / "app").write_text("#!/bin/sh\n")
        self.assertNotIn("searches", explain("-", cwd=tree, input=log))

    def test_text_shows_it(self):
        tree = self.tree()
        (tree / "lib" / "liba.so").unlink()
        done = subprocess.run([TENON, "explain", "--", "./app"], cwd=tree, capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 127)
        self.assertIn(f"looked: {tree}/lib/liba.so (No such file or directory)", done.stderr)
        self.assertIn("(tenon load ./app)", done.stderr)


@unittest.skipIf(not ZIG, "needs zig")
class Dyld(unittest.TestCase):
    """A program that was copied to a Mac: the log has its path there and its LC_UUID."""

    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory(prefix="tenon-searches-")
        cls.folder = Path(cls.keep.name)
        (cls.folder / "dist").mkdir()
        (cls.folder / "b.c").write_text("int b(void) { return 0; }\n")
        (cls.folder / "m.c").write_text("int b(void); int main(void) { return b(); }\n")
        for words in (["-shared", "-o", "libb.dylib", "b.c", "-Wl,-install_name,@rpath/libb.dylib"],
                      ["-o", "dist/tool", "m.c", "libb.dylib", "-Wl,-rpath,@executable_path/lib"]):
            subprocess.run([ZIG, "cc", "-target", "aarch64-macos.13.0", *words], cwd=cls.folder, check=True,
                           capture_output=True, text=True)
        shown = subprocess.run([TENON, "inspect", "--json", "dist/tool"], cwd=cls.folder, capture_output=True,
                               text=True).stdout
        cls.uuid = re.search(r'"uuid": ?"([0-9A-Fa-f-]{36})"', json.dumps(json.loads(shown)["data"])).group(1).upper()

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def log(self, uuid):
        return (f"dyld[811]: Library not loaded: @rpath/libb.dylib\n  Referenced from: <{uuid}> /Users/u/dist/tool\n"
                "  Reason: tried: '/Users/u/dist/lib/libb.dylib' (no such file)\n")

    def test_found_by_its_uuid(self):
        found = explain("-", cwd=self.folder, input=self.log(self.uuid))["searches"][0]
        self.assertEqual((found["subject"], found["agrees"], found["code"]), ("dist/tool", True, "TN1431"))
        self.assertTrue(found["looked"][0]["where"].endswith("/lib/libb.dylib"))
        self.assertEqual(found["looked"][0]["text"], "no such file")

    def test_another_uuid_is_another_program(self):
        other = "00000000-0000-0000-0000-000000000000"
        self.assertNotIn("searches", explain("-", cwd=self.folder, input=self.log(other)))


@unittest.skipUnless(ZIG, "needs zig")
class Linker(unittest.TestCase):
    """Links for linux/arm64 with a sysroot that is made here. zig and lld say what fails; the sysroot has the answer."""

    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory(prefix="tenon-link-searches-")
        top = Path(cls.keep.name).resolve()
        cls.work, cls.root = top / "work", top / "sys"
        cls.lib = cls.root / "usr/lib/aarch64-linux-gnu"
        cls.odd = cls.root / "usr/lib/odd"
        cls.work.mkdir()
        cls.lib.mkdir(parents=True)
        cls.odd.mkdir()
        arm, intel = "aarch64-linux-gnu", "x86_64-linux-gnu"
        deflate = cls.object("deflate", "int deflate(void) { return 1; } int deflate_end(void) { return 1; }", arm)
        other = cls.object("other", "int other(void) { return 1; }", arm)
        cls.zig("ar", "rcs", cls.lib / "libpress.a", deflate, other)
        cls.zig("ar", "rcs", cls.lib / "libwide.a", cls.object("wide", "int deflate(void) { return 2; }", arm))
        cls.zig("ar", "rcs", cls.odd / "libodd.a", cls.object("odd", "int odd(void) { return 1; }", arm))
        cls.zig("ar", "rcs", cls.lib / "libforeign.a", cls.object("foreign", "int foreign(void) { return 1; }", intel))
        cls.zig("cc", "-target", arm, "-shared", "-o", cls.lib / "libcosine.so.1", "-Wl,-soname,libcosine.so.1",
                cls.object("cosine", "int cosine(void) { return 1; }", arm))

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    @classmethod
    def zig(cls, *words):
        subprocess.run([ZIG, *map(str, words)], check=True, capture_output=True, text=True)

    @classmethod
    def object(cls, name, text, target):
        (cls.work / f"{name}.c").write_text(text + "\n")
        cls.zig("cc", "-target", target, "-fPIC", "-c", cls.work / f"{name}.c", "-o", cls.work / f"{name}.o")
        return cls.work / f"{name}.o"

    def link(self, calls, *words):
        """The searches for a program that calls these functions."""
        text = "".join(f"int {name}(void);\n" for name in calls)
        (self.work / "main.c").write_text(f"{text}int main(void) {{ return {' + '.join(f'{name}()' for name in calls)}; }}\n")
        data = explain("--no-project", "--", ZIG, "cc", "-target", "aarch64-linux-gnu", "--sysroot", self.root, "main.c",
                       *words, "-o", "main", cwd=self.work)
        return data.get("searches", [])

    def log(self, text, *words):
        file = self.work / "log"
        file.write_text(text)
        return explain(*words, file, cwd=self.work).get("searches", [])

    def test_undefined_symbols_and_their_libraries(self):
        found = self.link(["deflate", "deflate_end", "cosine", "nowhere"])
        self.assertEqual([one["subject"] for one in found], ["-lpress", "-lcosine", "nowhere"])
        press = str(self.lib / "libpress.a")
        self.assertEqual(found[0]["looked"], [{"where": press, "text": "member deflate.o defines deflate"},
                                              {"where": press, "text": "member deflate.o defines deflate_end"},
                                              {"where": str(self.lib / "libwide.a"), "text": "member wide.o defines deflate"}])
        self.assertEqual(found[0]["message"], "-lpress defines deflate, deflate_end, and the log names no -lpress")
        self.assertEqual(found[1]["looked"], [{"where": str(self.lib / "libcosine.so.1"), "text": "exports cosine"}])
        self.assertIn("no library of", found[2]["message"])
        self.assertIn("defines nowhere", found[2]["message"])
        # The command that is named, and the library that it links.
        self.assertRegex(found[0]["by"], f"tenon link --flag -lpress --target linux/arm64:gnu[0-9.]* --sysroot {self.root}$")
        self.link(["deflate"], f"-L{self.lib}", "-lpress")

    def test_a_library_that_no_linker_searches(self):
        found = self.link(["odd"])
        self.assertEqual(found[0]["message"],
                         f"-lodd defines odd; no linker searches its directory without -L{self.odd}")

    def test_gnu_ld_in_a_saved_log(self):
        said = ("# example.com/m\n/usr/bin/ld: /tmp/x.o: in function `f':\nx.c:(.text+0x8): undefined reference to `deflate'\n"
                "collect2: error: ld returned 1 exit status\n")
        self.assertEqual(self.log(said), [])
        found = self.log(said, "--root", self.root, "--host", "here")
        # The triple's directory says for which processor the sysroot is.
        self.assertEqual([one["subject"] for one in found], ["-lpress"])
        shown = f"aarch64-linux-gnu-gcc --sysroot={self.root} -o x x.o -lpress y.o\n"
        found = self.log(shown + said.replace("/usr/bin/ld", "/usr/bin/aarch64-linux-gnu-ld"))
        self.assertEqual(found[0]["message"],
                         "-lpress defines deflate; it is in the link already, and has to come after what needs it")
        self.assertEqual(self.log(shown + said, "--no-project"), [])

    def test_library_that_is_not_found(self):
        # Without -L, zig with a sysroot of its own looks elsewhere.
        for name, wanted in (("foreign", "is for another processor"), ("cosine", "is in the package for development"),
                             ("odd", f"no linker searches its directory without -L{self.odd}"),
                             ("nobody", "has no libnobody")):
            with self.subTest(name):
                said = f"/usr/bin/aarch64-linux-gnu-ld: cannot find -l{name}: No such file or directory\n"
                found = self.log(f"aarch64-linux-gnu-gcc --sysroot={self.root} x.o -l{name}\n" + said)
                self.assertEqual([one["subject"] for one in found], [f"-l{name}"])
                self.assertIn(wanted, found[0]["message"])
        self.assertIn({"where": str(self.lib), "text": "has no libnobody.so and no libnobody.a"}, found[0]["looked"])
        found = self.link(["deflate"], f"-L{self.lib}", "-lnobody")
        self.assertIn("has no libnobody", found[0]["message"])


if __name__ == "__main__":
    if NOT_HERE:
        sys.exit(77)
    unittest.main(verbosity=2)
