#!/usr/bin/env python3
"""Many compilers at once, very long command lines, and response files as strangers write them.

TENON names the program. TENON_CROWD sets how many compilers run at once (50).
"""
import os
import resource
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
CROWD = int(os.environ.get("TENON_CROWD", "50"))
TARGET = "linux/arm64:musl"


class Crowd(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        self.environment = {**os.environ, "TENON_CACHE": str(self.folder / "cache")}

    def cc(self, *args, **kwargs):
        return subprocess.run([TENON, "cc", "--target", TARGET, *map(str, args)], timeout=300,
                              capture_output=True, text=True, check=False, cwd=self.folder,
                              env=self.environment, **kwargs)

    def source(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def test_many_compilers_share_one_cache(self):
        self.source("a.c", "#include <stdio.h>\nint f(void) { return puts(\"a\"); }\n")

        def one(i):
            return self.cc("-c", "a.c", "-o", f"a{i}.o")

        with ThreadPoolExecutor(CROWD) as pool:
            done = list(pool.map(one, range(CROWD)))
        self.assertEqual([d.stderr for d in done if d.returncode != 0], [])
        objects = {(self.folder / f"a{i}.o").read_bytes() for i in range(CROWD)}
        self.assertEqual(len(objects), 1)
        left = [p for p in (self.folder / "cache").rglob("*") if p.name.startswith(".tenon-")]
        self.assertEqual(left, [])

    def test_links_share_one_cache_of_stubs(self):
        """For macOS: every third link needs the same stub libraries, and none of them is there yet."""
        needs = (["-framework", "CoreFoundation", "-lresolv"], ["-framework", "Security"], ["-lz", "-lresolv"])
        self.source("m.c", "int main(void) { return 0; }\n")

        def mac(*args):
            return subprocess.run([TENON, "cc", "--target", "darwin/arm64", *args], timeout=300,
                                  capture_output=True, text=True, check=False, cwd=self.folder,
                                  env=self.environment)

        self.assertEqual(mac("-c", "m.c", "-o", "m.o").returncode, 0)

        def one(i):
            (self.folder / str(i)).mkdir()
            return mac("m.o", "-o", f"{i}/m", *needs[i % 3])

        with ThreadPoolExecutor(CROWD) as pool:
            done = list(pool.map(one, range(CROWD // 2)))
        self.assertEqual([d.stderr for d in done if d.returncode != 0], [])
        for kind in range(3):
            made = {(self.folder / f"{i}/m").read_bytes() for i in range(kind, CROWD // 2, 3)}
            self.assertEqual(len(made), 1)
        left = [p for p in (self.folder / "cache").rglob("*") if p.name.startswith(".tenon-")]
        self.assertEqual(left, [])

    def test_wrappers_are_made_at_once(self):
        def one(_):
            return subprocess.run([TENON, "cc", "--target", TARGET, "--print-wrapper"], timeout=60,
                                  capture_output=True, text=True, check=False, env=self.environment)

        with ThreadPoolExecutor(CROWD) as pool:
            done = list(pool.map(one, range(CROWD)))
        self.assertEqual([d.stderr for d in done if d.returncode != 0], [])
        self.assertEqual({d.stdout for d in done}, {done[0].stdout})
        version = subprocess.run([done[0].stdout.strip(), "--version"], capture_output=True,
                                 text=True, timeout=60, check=False, env=self.environment)
        self.assertEqual(version.returncode, 0, version.stderr)

    def test_ten_thousand_objects(self):
        count = 10_000
        self.source("main.c", "int f0(void);\nint main(void) { return f0(); }\n")
        self.source("f.c", "int f0(void) { return 0; }\n")
        self.source("n.c", "static int n;\n")
        for name in ("main", "f", "n"):
            self.assertEqual(self.cc("-c", f"{name}.c", "-o", f"{name}.o").returncode, 0)
        many = self.folder / "many of them"
        many.mkdir()
        data = (self.folder / "n.o").read_bytes()
        for i in range(count):
            (many / f"{i}.o").write_bytes(data)
        (self.folder / "list").write_text(
            "main.o f.o\n" + "".join(f"'many of them/{i}.o'\n" for i in range(count)))
        done = self.cc("-o", "big", "@list")
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        self.assertTrue((self.folder / "big").read_bytes().startswith(b"\x7fELF"))

    def test_response_files_in_response_files(self):
        self.source("a.c", "int main(void) { return A + B; }\n")
        (self.folder / "outer").write_text("-DA=1 @inner\n")
        (self.folder / "inner").write_text('"-DB=2"\n-c a.c\n')
        done = self.cc("@outer", "-o", "a.o")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_response_file_that_includes_itself_is_an_error(self):
        self.source("a.c", "int main(void) { return 0; }\n")
        (self.folder / "self").write_text("-DA @self @self\n")

        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

        done = self.cc("@self", "-c", "a.c", "-o", "a.o", preexec_fn=limit)
        self.assertGreater(done.returncode, 0, done.stderr)
        self.assertTrue(done.stderr)
        self.assertFalse((self.folder / "a.o").exists())

    def test_a_response_file_that_is_not_there_is_named(self):
        self.source("a.c", "int main(void) { return 0; }\n")
        done = self.cc("@missing", "-c", "a.c", "-o", "a.o")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("missing", done.stderr)


if __name__ == "__main__":
    unittest.main()
