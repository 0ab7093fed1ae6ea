#!/usr/bin/env python3
"""tenon load for macOS: trees that are made here, and what dyld says of each.

The texts are those of dyld-1378 (dyld/Loader.cpp, JustInTimeLoader.cpp, common/MachOFile.cpp) with the names
filled in, and those that public reports show; none is taken from tenon. Nothing here ran on a Mac."""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import dyld_corpus  # noqa: E402

TENON = os.environ["TENON"]
CRYPTEX = "/System/Volumes/Preboot/Cryptexes/OS"
PROGRAM = "opt/app/bin/tool"
SOURCES = {
    "a.c": "int afun(void) { return 1; }",
    "b.c": "int afun(void); int bfun(void) { return afun(); }",
    "data_a.c": "int avalue = 1;",
    "data_b.c": "extern int avalue; int *bfun(void) { return &avalue; }",
    "main.c": "int bfun(void); int main(void) { return bfun(); }",
    "none.c": "int other(void) { return 2; }",
}


def tool(name):
    for suffix in ("-19", "-20", "-18", ""):
        if path := shutil.which(name + suffix):
            return path
    return None


ZIG = os.environ.get("TENON_ZIG") or shutil.which("zig")
CHANGE = tool("llvm-install-name-tool")
NOT_HERE = None if ZIG and CHANGE else "needs zig and llvm-install-name-tool"


def cc(folder, target, output, source, *words):
    subprocess.run([ZIG, "cc", "-target", f"{target}-macos.13.0", "-o", output, source,
                    "-Wl,-headerpad_max_install_names", *words],
                   cwd=folder, check=True, capture_output=True, text=True)


def build(folder):
    """Files of two processors: a <- b <- tool by @rpath, and the same with data symbols, which are bound at start."""
    for name, text in SOURCES.items():
        (folder / name).write_text(text)
    for target in ("aarch64", "x86_64"):
        there = folder / target
        there.mkdir()
        out = f"{target}/"
        for name, source in (("liba", "a.c"), ("liba_data", "data_a.c"), ("liba_none", "none.c")):
            cc(folder, target, f"{out}{name}.dylib", source, "-shared",
               "-Wl,-install_name,@rpath/" + ("liba_data" if name == "liba_data" else "liba") + ".dylib")
        cc(folder, target, f"{out}libb.dylib", "b.c", f"{out}liba.dylib", "-shared",
           "-Wl,-install_name,@rpath/libb.dylib", "-Wl,-rpath,@loader_path")
        cc(folder, target, f"{out}liba_cycle.dylib", "a.c", f"{out}libb.dylib", "-shared",
           "-Wl,-install_name,@rpath/liba.dylib")
        cc(folder, target, f"{out}libb_data.dylib", "data_b.c", f"{out}liba_data.dylib", "-shared",
           "-Wl,-install_name,@rpath/libb.dylib", "-Wl,-rpath,@loader_path")
        cc(folder, target, f"{out}tool", "main.c", f"{out}libb.dylib", "-Wl,-rpath,@executable_path/../lib")


class Tree:
    """A directory that stands for a Mac."""

    def __init__(self, made, folder, target="aarch64"):
        self.made, self.root, self.target = made, folder, target
        self.put("tool", PROGRAM)
        self.put("liba.dylib", "opt/app/lib/liba.dylib")
        self.put("libb.dylib", "opt/app/lib/libb.dylib")

    def put(self, name, place, target=None):
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.made / (target or self.target) / name, path)
        return path

    def file(self, place):
        return self.root / place

    def remove(self, place):
        self.file(place).unlink()

    def change(self, place, *words, sign=True):
        path = self.file(place)
        subprocess.run([CHANGE, *words, str(path)], check=True, capture_output=True, text=True)
        if sign:
            self.sign(place)

    def damage(self, place):
        """Changes a byte of the code: its page no longer matches the signature."""
        path = self.file(place)
        data = bytearray(path.read_bytes())
        at = data.find(b"\xc0\x03\x5f\xd6")  # ret
        data[at - 4] ^= 1
        path.write_bytes(data)

    def sign(self, place, *words):
        subprocess.run([TENON, "sign", *words, str(self.file(place))], check=True, capture_output=True, text=True)

    def uuid(self, place):
        shown = subprocess.run([TENON, "inspect", "--json", str(self.file(place))], capture_output=True, text=True)
        data = json.loads(shown.stdout)["data"]
        found = re.search(r'"uuid": ?"([0-9A-Fa-f-]{36})"', json.dumps(data))
        return found.group(1).upper()

    def load(self, *words, place=PROGRAM):
        done = subprocess.run([TENON, "load", "--json", str(self.file(place)), "--root", str(self.root), *words],
                              capture_output=True, text=True)
        answer = json.loads(done.stdout)
        return done.returncode, answer["data"], answer

    def text(self, *words):
        code, data, _ = self.load(*words)
        return code, data["failure"]["text"] if data["failure"] else None


@unittest.skipIf(NOT_HERE, NOT_HERE)
class Dyld(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keep = tempfile.TemporaryDirectory(prefix="tenon-dyld-")
        cls.made = Path(cls.keep.name) / "made"
        cls.made.mkdir()
        build(cls.made)

    @classmethod
    def tearDownClass(cls):
        cls.keep.cleanup()

    def tree(self, target="aarch64"):
        return Tree(self.made, Path(tempfile.mkdtemp(dir=self.keep.name)), target)

    def missing(self, tree, name, by, tried, note=""):
        return (f"Library not loaded: {name}\n  Referenced from: <{tree.uuid(by)}> /{by}{note}\n"
                f"  Reason: tried: " + ", ".join(f"'{path}' ({why})" for path, why in tried))

    def test_loads(self):
        for target in ("aarch64", "x86_64"):
            code, data, _ = self.tree(target).load()
            self.assertEqual((code, data["loads"], data["failure"]), (0, True, None))
            self.assertEqual([image["path"] for image in data["images"]],
                             ["/opt/app/bin/tool", "/opt/app/lib/libb.dylib", "/usr/lib/libSystem.B.dylib",
                              "/opt/app/lib/liba.dylib"])
            self.assertEqual(data["images"][1]["by"], "/opt/app/bin/tool")

    def test_missing_through_two_rpaths(self):
        # The asking library's LC_RPATH first, then the program's: both lead to one directory here.
        tree = self.tree()
        tree.remove("opt/app/lib/liba.dylib")
        gone = ("/opt/app/lib/liba.dylib", "no such file")
        code, text = tree.text()
        self.assertEqual(code, 1)
        self.assertEqual(text, self.missing(tree, "@rpath/liba.dylib", "opt/app/lib/libb.dylib", [gone, gone]))

    def test_first_missing_is_reported_first(self):
        tree = self.tree()
        tree.remove("opt/app/lib/libb.dylib")
        code, data, _ = tree.load()
        self.assertEqual(code, 1)
        self.assertEqual(data["failure"]["library"], "@rpath/libb.dylib")
        self.assertEqual(data["failure"]["cause"], "missing-library")

    def test_absolute_name_is_tried_three_times(self):
        tree = self.tree()
        tree.change(PROGRAM, "-change", "@rpath/libb.dylib", "/opt/gone/libb.dylib")
        gone = "/opt/gone/libb.dylib"
        want = [(gone, "no such file"), (CRYPTEX + gone, "no such file"), (gone, "no such file")]
        self.assertEqual(tree.text()[1], self.missing(tree, gone, PROGRAM, want))

    def test_macos_12_has_no_cryptex_and_no_uuid(self):
        tree = self.tree()
        tree.change(PROGRAM, "-change", "@rpath/libb.dylib", "/opt/gone/libb.dylib")
        listed = tree.root / "list"
        listed.write_text("/usr/lib/libSystem.B.dylib\n")
        tried = ("tried: '/opt/gone/libb.dylib' (no such file), '/usr/local/lib/libb.dylib' (no such file), "
                 "'/usr/lib/libb.dylib' (no such file)")
        # dyld-957 and dyld-960 differ in their quotes; both have the old directories for every file.
        for macos, quote in (("12.3", ""), ("12.6", "'")):
            self.assertEqual(tree.text("--macos", macos, "--cache-list", str(listed))[1],
                             f"Library not loaded: {quote}/opt/gone/libb.dylib{quote}\n"
                             f"  Referenced from: {quote}/opt/app/bin/tool{quote}\n  Reason: {tried}")

    def test_no_rpath(self):
        tree = self.tree()
        tree.change(PROGRAM, "-delete_rpath", "@executable_path/../lib")
        code, text = tree.text()
        self.assertEqual(text, f"Library not loaded: @rpath/libb.dylib\n  Referenced from: <{tree.uuid(PROGRAM)}> "
                               "/opt/app/bin/tool\n  Reason: no LC_RPATH's found")

    def test_absolute_rpath_gets_the_cryptex(self):
        tree = self.tree()
        tree.change(PROGRAM, "-rpath", "@executable_path/../lib", "/opt/none")
        want = [("/opt/none/libb.dylib", "no such file"), (CRYPTEX + "/opt/none/libb.dylib", "no such file")]
        self.assertEqual(tree.text()[1], self.missing(tree, "@rpath/libb.dylib", PROGRAM, want))

    def test_wrong_architecture(self):
        tree = self.tree()
        tree.put("libb.dylib", "opt/app/lib/libb.dylib", "x86_64")
        why = "mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64e' or 'arm64')"
        code, data, _ = tree.load()
        self.assertEqual(data["failure"]["text"], self.missing(
            tree, "@rpath/libb.dylib", PROGRAM, [("/opt/app/lib/libb.dylib", why)]))
        self.assertEqual(data["failure"]["cause"], "wrong-architecture")
        # golang threads of macOS 13 show this form.
        self.assertIn("(have 'x86_64', need 'arm64')", tree.text("--macos", "13.4")[1])

    def test_wrong_architecture_of_an_intel_program(self):
        tree = self.tree("x86_64")
        tree.put("libb.dylib", "opt/app/lib/libb.dylib", "aarch64")
        self.assertIn("(have 'arm64', need 'x86_64')", tree.text()[1])

    def test_later_rpath_wins_after_a_wrong_file(self):
        tree = self.tree()
        tree.put("libb.dylib", "opt/old/libb.dylib", "x86_64")
        tree.change(PROGRAM, "-rpath", "@executable_path/../lib", "/opt/old", "-add_rpath", "/opt/app/lib")
        code, data, _ = tree.load()
        self.assertEqual((code, data["loads"]), (0, True))

    def test_empty_directory_and_text(self):
        tree = self.tree()
        for make, why in ((lambda p: p.write_bytes(b""), ""), (lambda p: p.mkdir(), "not a file"),
                          (lambda p: p.write_text("oid sha256:0\n" * 100), None)):
            path = tree.file("opt/app/lib/libb.dylib")
            path.unlink() if path.is_file() else None
            make(path)
            code, data, _ = tree.load()
            self.assertEqual(code, 1)
            if why is not None:
                self.assertIn(f"'/opt/app/lib/libb.dylib' ({why})", data["failure"]["text"])
            else:
                self.assertEqual(data["failure"]["cause"], "damaged-library")
            path.unlink() if path.is_file() else path.rmdir()

    def test_program_in_the_place_of_a_library(self):
        tree = self.tree()
        tree.put("tool", "opt/app/lib/libb.dylib")
        self.assertIn("(cannot link against a main executable '/opt/app/lib/libb.dylib')", tree.text()[1])

    def test_missing_data_symbol(self):
        tree = self.tree()
        tree.put("libb_data.dylib", "opt/app/lib/libb.dylib")
        tree.put("liba_none.dylib", "opt/app/lib/liba_data.dylib")
        code, data, _ = tree.load()
        a, b = tree.uuid("opt/app/lib/liba_data.dylib"), tree.uuid("opt/app/lib/libb.dylib")
        self.assertEqual(data["failure"]["text"],
                         f"Symbol not found: _avalue\n  Referenced from: <{b}> /opt/app/lib/libb.dylib\n"
                         f"  Expected in:     <{a}> /opt/app/lib/liba_data.dylib")
        self.assertEqual(data["failure"]["cause"], "missing-symbol")

    def test_another_library_with_the_symbol_does_not_count(self):
        tree = self.tree()
        tree.put("libb_data.dylib", "opt/app/lib/libb.dylib")
        tree.put("liba_none.dylib", "opt/app/lib/liba_data.dylib")
        tree.put("liba_data.dylib", "opt/app/lib/libc.dylib")
        tree.change("opt/app/lib/libc.dylib", "-id", "@rpath/libc.dylib")
        tree.change(PROGRAM, "-add_rpath", "/opt/app/lib")
        self.assertEqual(tree.load()[1]["failure"]["cause"], "missing-symbol")

    def test_lazy_symbol_fails_when_called(self):
        tree = self.tree()
        tree.put("liba_none.dylib", "opt/app/lib/liba.dylib")
        code, data, _ = tree.load()
        late = [one["symbol"] for one in data["fails_when_called"]]
        failed = data["failure"]["text"] if data["failure"] else ""
        self.assertTrue(late == ["_afun"] or "Symbol not found: _afun" in failed, data)

    def test_environment(self):
        tree = self.tree()
        tree.file("opt/app/lib/libb.dylib").rename(tree.file("opt/libb.dylib"))
        self.assertEqual(tree.load("--env", "DYLD_LIBRARY_PATH=/opt")[0], 0)
        self.assertEqual(tree.load("--env", "DYLD_FALLBACK_LIBRARY_PATH=/x:/opt")[0], 0)
        self.assertEqual(tree.load("--env", "LD_LIBRARY_PATH=/opt")[0], 1)

    def test_hardened_runtime_ignores_the_environment(self):
        tree = self.tree()
        tree.file("opt/app/lib/libb.dylib").rename(tree.file("opt/libb.dylib"))
        tree.sign(PROGRAM, "--runtime")
        code, data, answer = tree.load("--env", "DYLD_LIBRARY_PATH=/opt")
        self.assertEqual(code, 1)
        self.assertIn("TN1411", [one["code"] for one in answer["findings"]])

    def test_library_validation(self):
        tree = self.tree()
        tree.sign(PROGRAM, "--runtime")
        code, data, _ = tree.load()
        self.assertEqual((code, data["failure"]["cause"]), (1, "library-validation"))
        self.assertIn("not valid for use in process: mapping process and mapped file (non-platform) have different "
                      "Team IDs", data["failure"]["text"])
        self.assertNotIn("SIP", data["failure"]["text"])

    def test_disabled_library_validation(self):
        tree = self.tree()
        rights = tree.root / "rights.plist"
        rights.write_text('<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>'
                          "com.apple.security.cs.disable-library-validation</key><true/></dict></plist>")
        tree.sign(PROGRAM, "--runtime", "--entitlements", str(rights))
        self.assertEqual(tree.load()[0], 0)

    def test_changed_library_and_program(self):
        tree = self.tree()
        tree.damage("opt/app/lib/libb.dylib")
        code, data, _ = tree.load()
        self.assertEqual((code, data["failure"]["cause"]), (1, "bad-signature"))
        tree = self.tree()
        tree.damage(PROGRAM)
        code, data, _ = tree.load()
        self.assertEqual((code, data["failure"]["cause"]), (1, "killed"))

    def test_links_are_followed_in_the_root(self):
        tree = self.tree()
        shutil.move(tree.file("opt/app/lib"), tree.file("opt/real"))
        tree.file("opt/app/lib").symlink_to("/opt/real")
        code, data, _ = tree.load()
        self.assertEqual(code, 0)
        self.assertIn("/opt/real/libb.dylib", [image["path"] for image in data["images"]])
        tree.file("opt/app/lib").unlink()
        tree.file("opt/app/lib").symlink_to("lib")
        self.assertEqual(tree.load()[0], 1)

    def test_system_libraries(self):
        tree = self.tree()
        tree.change(PROGRAM, "-change", "@rpath/libb.dylib", "/usr/lib/libunheardof.9.dylib")
        code, data, _ = tree.load()
        self.assertEqual((code, data["loads"]), (2, None))  # what a Mac's cache has is not known here
        listed = tree.root / "list"
        listed.write_text("/usr/lib/libSystem.B.dylib\n")
        code, text = tree.text("--cache-list", str(listed))
        name = "/usr/lib/libunheardof.9.dylib"
        want = [(name, "no such file"), (CRYPTEX + name, "no such file"), (name, "no such file, not in dyld cache")]
        self.assertEqual(text, self.missing(tree, name, PROGRAM, want))

    def test_fixes_close_the_loop(self):
        for name, change in (
                ("library beside", lambda t: t.change(PROGRAM, "-delete_rpath", "@executable_path/../lib")),
                ("wrong name", lambda t: t.change(PROGRAM, "-change", "@rpath/libb.dylib", "/gone/libb.dylib")),
                ("broken signature", lambda t: t.damage("opt/app/lib/libb.dylib")),
                ("killed", lambda t: t.damage(PROGRAM))):
            with self.subTest(name):
                tree = self.tree()
                change(tree)
                code, _, answer = tree.load()
                self.assertEqual(code, 1)
                commands = [c for one in answer["findings"] for fix in one["fixes"] for c in fix.get("commands", [])]
                self.assertTrue(commands, answer["findings"])
                for words in commands:
                    words = [CHANGE if words[0] == "install_name_tool" else
                             TENON if words[0] == "tenon" else words[0], *words[1:]]
                    subprocess.run(words, check=True, capture_output=True, text=True)
                self.assertEqual(tree.load()[0], 0)

    def test_cycle(self):
        tree = self.tree()
        tree.put("liba_cycle.dylib", "opt/app/lib/liba.dylib")
        code, data, _ = tree.load()
        self.assertEqual((code, data["loads"]), (0, True), data["failure"])


class Corpus(unittest.TestCase):
    """Public reports, rebuilt: the prediction is what dyld printed."""

    def test_reports(self):
        cases = list(dyld_corpus.cases())
        self.assertGreaterEqual(len({case.source for case in cases}), 40)
        with tempfile.TemporaryDirectory(prefix="tenon-dyld-") as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
            listed = Path(folder) / "cache"
            listed.write_text("/usr/lib/libSystem.B.dylib\n/usr/lib/libobjc.A.dylib\n")
            for number, case in enumerate(cases):
                case.build(Path(folder) / str(number))

            def load(number, case):
                root = Path(folder) / str(number)
                return subprocess.run([TENON, "load", "--json", str(root) + case.program, "--root", str(root), "--macos",
                                       case.macos, "--cache-list", str(listed), *case.words], capture_output=True,
                                      text=True)

            for case, done in zip(cases, pool.map(load, range(len(cases)), cases)):
                with self.subTest(case.source):
                    self.check(case, done)

    def check(self, case, done):
        answer = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1, (case.message, answer["data"]))
        text = answer["data"]["failure"]["text"]
        if case.message.startswith("tried:"):
            text = text.partition("Reason: ")[2]
        parts = case.parts()
        if len(parts) == 1:
            return self.assertEqual(text, parts[0])
        at = 0
        for index, part in enumerate(parts):
            found = text.find(part, at)
            self.assertTrue(found == 0 if index == 0 else found >= 0, f"{part!r} is not in its place in {text!r}")
            at = found + len(part)


if __name__ == "__main__":
    if NOT_HERE:
        sys.exit(77)
    unittest.main(verbosity=2)
