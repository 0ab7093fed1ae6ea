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


if __name__ == "__main__":
    if NOT_HERE:
        sys.exit(77)
    unittest.main(verbosity=2)
