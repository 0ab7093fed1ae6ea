#!/usr/bin/env python3
"""`tenon load` from outside: exit codes, JSON, and each command that it offers as a fix: run on the files, after which
the program has to load."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests/loader"))
import cases  # noqa: E402
from worlds import World  # noqa: E402

TENON = os.environ.get("TENON", "tenon")


def run(*arguments):
    done = subprocess.run([TENON, *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = Path(tempfile.mkdtemp(prefix="tenon-load-"))
        cls.kit = cases.Kit(World(cls.work))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    def root(self, layout, **replaced):
        root = cases.Root(self.kit, self.work / "root")
        cases.lay_out(root, layout, **replaced)
        return root

    def load(self, root, *more):
        code, out, err = run("load", root.at(cases.APP), "--root", root.path, "--json", *more)
        self.assertIn(code, (0, 1, 2), out + err)
        return code, json.loads(out)

    def fixed(self, root, label):
        """Runs the first complete command that is offered, until the program loads."""
        for _ in range(4):
            code, report = self.load(root)
            if code == 0:
                return
            commands = [one["argv"] if isinstance(one, dict) else one for finding in report["findings"]
                        for fix in finding["fixes"] for one in fix.get("commands", [])]
            self.assertTrue(commands, f"{label}: no command in {report['findings']}")
            command = commands[0] if isinstance(commands[0], list) else ["sh", "-c", commands[0]]
            subprocess.run(command, check=True, capture_output=True)
        self.fail(f"{label}: {report['data']['text']}")

    def test_fixes_that_are_offered_fix(self):
        with self.subTest("run path that is not inherited"):
            self.fixed(self.root("runpath", liba="liba-bare", libb="libb-bare"), "not inherited")
        with self.subTest("library beside the program"):
            root = self.root("runpath")
            shutil.move(root.lib("liba.so.1"), root.at("/app/bin/liba.so.1"))
            self.fixed(root, "beside")
        with self.subTest("library in /usr/local/lib"):
            root = self.root("runpath")
            root.at("/usr/local/lib").mkdir(parents=True)
            shutil.move(root.lib("libsub.so.1"), root.at("/usr/local/lib/libsub.so.1"))
            self.fixed(root, "local")
        with self.subTest("run path removed"):
            root = self.root("runpath")
            subprocess.run(["patchelf", "--remove-rpath", root.at(cases.APP)], check=True)
            self.fixed(root, "removed")
        with self.subTest("path of the build machine"):
            root = self.root("runpath")
            subprocess.run(["patchelf", "--replace-needed", "liba.so.1", "/build/lib/liba.so.1", root.at(cases.APP)],
                           check=True)
            self.fixed(root, "absolute")
        with self.subTest("loader of the build machine"):
            root = self.root("runpath")
            subprocess.run(["patchelf", "--set-interpreter", "/nix/store/x/ld-linux.so.2", root.at(cases.APP)],
                           check=True)
            self.fixed(root, "interpreter")

    def test_exit_codes_and_shape(self):
        root = self.root("runpath")
        code, report = self.load(root)
        data = report["data"]
        self.assertEqual((code, data["loads"], data["failure"]), (0, True, None))
        self.assertEqual({"path", "real_path", "name", "by", "found", "soname"}, set(data["images"][0]))
        self.assertEqual(data["glibc"]["have"], data["glibc"]["have"] and data["glibc"]["have"])
        root.lib("liba.so.1").unlink()
        code, report = self.load(root)
        self.assertEqual((code, report["data"]["loads"]), (1, False))
        self.assertEqual(report["data"]["failure"]["cause"], "missing-library")
        self.assertEqual(run("load", root.at("/etc/none"), "--root", root.path)[0], 3)
        self.assertEqual(run("load", root.at(cases.APP), "--root", root.at("/none"))[0], 3)
        self.assertEqual(run("load", root.at(cases.APP), "--target", "linux/vax", "--root", root.path)[0], 3)
        code, report = self.load(root, "--env", "LD_AUDIT=/x.so", "--env", "LD_LIBRARY_PATH=/none")
        self.assertEqual(code, 1)

    def test_another_processor(self):
        root = self.root("runpath")
        shutil.copy(self.kit.foreign, root.lib("liba.so.1"))
        code, report = self.load(root)
        failure = report["data"]["failure"]
        self.assertEqual((code, failure["cause"], failure["why"]), (1, "wrong-architecture", "is for aarch64"))
        code, report = self.load(root, "--target", "linux/arm64")
        self.assertEqual(report["data"]["failure"]["cause"], "cannot-execute")

    def test_glibc_of_another_system(self):
        root = self.root("runpath")
        code, report = self.load(root, "--glibc", "2.3")
        self.assertEqual(code, 1)
        self.assertIn("load/glibc-floor", [one["cause"] for one in report["findings"]])
        self.assertEqual(self.load(root, "--glibc", "debian:13")[0], 0)


if __name__ == "__main__":
    if not all(map(shutil.which, ("gcc", "patchelf", "aarch64-linux-gnu-gcc", "ldconfig"))) or os.uname().machine != "x86_64":
        print("gcc, aarch64-linux-gnu-gcc and patchelf are needed")
        sys.exit(77)
    unittest.main()
