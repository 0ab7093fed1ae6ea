#!/usr/bin/env python3
"""Builds as a team keeps them: the matrix of a project in its repository, Make, vendor, workspaces,
private modules, and tests for other platforms.

TENON names the program. Nothing here needs a network.
"""
import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from test_core import TENON, Project, codes
from test_shapes import TINY, output_of

MATRIX = """[build]
targets = ["linux/amd64"]
packages = ["./cmd/tool"]
output = "bin/{name}_{os}_{arch}{ext}"
ldflags = "-X main.note=from-the-file"

[[build.target]]
name = "linux/arm64"
tags = ["special"]
"""
TOOL = {"cmd/tool/main.go": 'package main\n\n// static int one(void) { return 1; }\nimport "C"\n\n'
                            'var note, special = "none", "no"\n\n'
                            'func main() { println(note, special, C.one()) }\n',
        "cmd/tool/special.go": '//go:build special\n\npackage main\n\nfunc init() { special = "yes" }\n',
        "empty/.keep": ""}


def settings(document):
    return {(one.get("target", ""), one["name"]): (one["value"], one["origin"])
            for one in document["data"]["settings"]}


def run_arm64(path):
    qemu = shutil.which("qemu-aarch64-static")
    done = subprocess.run([qemu, path], capture_output=True, text=True)
    return done.stdout + done.stderr


class Matrix(unittest.TestCase):
    def test_the_repository_holds_the_matrix(self):
        with Project({**TOOL, ".tenon.toml": MATRIX}) as project:
            done = project.run("build", "--json")
            document = json.loads(done.stdout)
            self.assertEqual(done.returncode, 0, document["findings"])
            made = sorted(p.name for p in (project.path / "bin").iterdir())
            self.assertEqual(made, ["tool_linux_amd64", "tool_linux_arm64"])
            about = output_of("go", "version", "-m", project.path / "bin/tool_linux_arm64")
            self.assertIn("-tags=special", about)
            self.assertNotIn("-tags", output_of("go", "version", "-m", project.path / "bin/tool_linux_amd64"))
            if shutil.which("qemu-aarch64-static"):
                self.assertEqual(run_arm64(project.path / "bin/tool_linux_arm64"), "from-the-file yes 1\n")

    def test_a_target_has_its_own_output_and_kind(self):
        text = MATRIX + ('packages = ["./cmd/lib"]\nbuildmode = "c-archive"\noutput = "lib/{name}-arm64{ext}"\n'
                         'check-reproducible = false\n')
        library = ('package main\n\nimport "C"\n\n//export Answer\nfunc Answer() C.int { return 42 }\n\n'
                   'func main() {}\n')
        with Project({**TOOL, "cmd/lib/main.go": library, ".tenon.toml": text}) as project:
            done = project.run("build", "--json")
            document = json.loads(done.stdout)
            self.assertEqual(done.returncode, 0, document["findings"])
            self.assertEqual([p.name for p in (project.path / "bin").iterdir()], ["tool_linux_amd64"])
            made = sorted(p.name for p in (project.path / "lib").iterdir())
            self.assertEqual(made, ["lib-arm64.a", "lib-arm64.h"])
            told = settings(json.loads(project.run("build", "--dry-run", "--json").stdout))
            self.assertEqual(told["linux/arm64:musl", "buildmode"], ("c-archive", ".tenon.toml:11"))
            self.assertEqual(told["linux/arm64:musl", "output"], ("lib/{name}-arm64{ext}", ".tenon.toml:12"))
            (project.path / ".tenon.toml").write_text(text.replace("lib/{name}-arm64{ext}", "bin/{name}_linux_amd64"))
            done = project.run("build", "--json")
            self.assertEqual((done.returncode, codes(json.loads(done.stdout))), (3, ["TN0101"]))

    def test_origins(self):
        with Project({**TOOL, ".tenon.toml": MATRIX}) as project:
            where = {"cwd": project.path / "empty"}
            done = subprocess.run([TENON, "build", "--dry-run", "--json", "-ldflags=-s"], capture_output=True,
                                  text=True, env={**os.environ, "GOFLAGS": "-mod=mod -tags=env"}, **where)
            document = json.loads(done.stdout)
            self.assertEqual(done.returncode, 0, document["findings"])
            told = settings(document)
            self.assertEqual(told["", "targets"], ("linux/amd64,linux/arm64", ".tenon.toml:2"))
            self.assertEqual(told["", "packages"], ("./cmd/tool", ".tenon.toml:3"))
            self.assertEqual(told["", "ldflags"], ("-s", "flag"))
            self.assertEqual(told["", "tags"], ("env", "GOFLAGS"))
            self.assertEqual(told["", "timeout"], ("1h", "default"))
            step = document["data"]["plan"][0]["steps"][-1]
            self.assertEqual(step["folder"], str(project.path.resolve()), "packages are those of the module")
            text = subprocess.run([TENON, "build", "--dry-run"], capture_output=True, text=True, **where).stdout
            self.assertIn("# linux/arm64:musl tags = special  (.tenon.toml:9)", text)
            self.assertIn("# engine = auto  (default)", text)

    def test_another_file(self):
        with Project({**TOOL, ".tenon.toml": "[build]\nbroken", "ci/nightly.toml": MATRIX}) as project:
            done = project.run("build", "--targets-file", "ci/nightly.toml", "--target", "darwin/arm64",
                               "--dry-run", "--json")
            document = json.loads(done.stdout)
            self.assertEqual(done.returncode, 0, document["findings"])
            self.assertEqual([one["target"] for one in document["data"]["plan"]], ["darwin/arm64"])
            done = project.run("build", "--targets-file", "none.toml", "--json")
            self.assertEqual((done.returncode, codes(json.loads(done.stdout))), (3, ["TN0108"]))

    def test_errors_have_a_place(self):
        with Project({"main.go": TINY}) as project:
            for text, place in (("[build]\ntarget = 1\n", ".tenon.toml:2:10"),
                                ("[build]\n  tragets = []\n", ".tenon.toml:2:3"),
                                ("[build\n", ".tenon.toml:1:"),
                                ("[build]\nout = \"\xff\"\n", ".tenon.toml:2:"),
                                ("[build]\ntoolexec = \"x\"\n", ".tenon.toml:2:1"),
                                ("[[" * 100000, ".tenon.toml:"),
                                ("#" * 300000, ".tenon.toml: ")):
                (project.path / ".tenon.toml").write_text(text, encoding="latin-1")
                done = project.run("build", "--json")
                document = json.loads(done.stdout)
                self.assertEqual((done.returncode, codes(document)), (3, ["TN0108"]), text[:40])
                self.assertTrue(document["findings"][0]["message"].startswith(place), document["findings"])
            (project.path / ".tenon.toml").unlink()
            os.mkfifo(project.path / ".tenon.toml")
            done = project.run("build", "--json")
            self.assertEqual((done.returncode, codes(json.loads(done.stdout))), (3, ["TN0108"]))

    def test_outputs_stay_in_the_module(self):
        with Project({"main.go": TINY}) as project:
            outside = project.root / "outside"
            outside.mkdir()
            for link, output in (("way", "way/app"), ("app", "app"), ("dist", None)):
                text = "[build]\ntargets = [\"linux/amd64\"]\n" + (f'output = "{output}"\n' if output else "")
                (project.path / ".tenon.toml").write_text(text)
                target = outside / "file" if link == "app" else outside
                (project.path / link).symlink_to(target)
                done = project.run("build", "--json")
                document = json.loads(done.stdout)
                self.assertEqual((done.returncode, codes(document)), (1, ["TN0108"]), link)
                self.assertEqual(list(outside.iterdir()), [], link)
                (project.path / link).unlink()
            # A flag is the user's own choice.
            done = project.run("build", "--out", str(outside), "--json")
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertEqual(len(list(outside.iterdir())), 1)


TESTED = {"sum.go": "package app\n\n// static int sum(int a, int b) { return a + b; }\nimport \"C\"\n\n"
                    "func Sum(a, b int) int { return int(C.sum(C.int(a), C.int(b))) }\n",
          "sum_test.go": 'package app\n\nimport (\n\t"os"\n\t"runtime"\n\t"testing"\n)\n\n'
                         'func TestSum(t *testing.T) {\n\tt.Log("on", runtime.GOOS, runtime.GOARCH)\n'
                         '\tif Sum(40, 2) != 42 { t.Fatal("wrong") }\n'
                         '\tif _, err := os.ReadFile("testdata/x"); err != nil { t.Fatal(err) }\n}\n\n'
                         'func TestWrong(t *testing.T) {\n\tif os.Getenv("FAIL") != "" { t.Fatal("as asked") }\n}\n',
          "testdata/x": "x"}


class Tests(unittest.TestCase):
    @unittest.skipUnless(shutil.which("qemu-aarch64-static"), "needs qemu-user-static")
    def test_under_qemu(self):
        with Project(TESTED) as project:
            done = project.run("test", "--target", "linux/arm64", "-v", "-count=1", "./...")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("on linux arm64", done.stdout)
            self.assertIn("ok  \texample.com/app", done.stdout)
            done = project.run("test", "--target=linux/arm64", "-json", "-run", "TestWrong", env={"FAIL": "1"})
            self.assertEqual(done.returncode, 1, done.stderr)
            events = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertIn(("fail", "TestWrong"), [(e["Action"], e.get("Test")) for e in events])

    def test_dry_run(self):
        with Project(TESTED) as project:
            done = project.run("test", "--target", "darwin/arm64", "-c", "-o", "x.test", "-ldflags", "-s", "--dry-run",
                               "-args", "--target", "y")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(done.stdout.rstrip().endswith("go test -ldflags=-s -c -o x.test -args --target y"),
                            done.stdout)
            self.assertIn("GOOS=darwin", done.stdout)
            self.assertNotIn("-trimpath", done.stdout, "tests open files beside their sources")

    def test_what_cannot_run_is_refused(self):
        with Project(TESTED) as project:
            done = project.run("test", "--target", "darwin/arm64")
            self.assertEqual(done.returncode, 1)
            self.assertIn("TN0623", done.stderr)
            self.assertIn("-c", done.stderr)
            empty = project.root / "bin"
            empty.mkdir()
            for name in ("go", "zig", "llvm-ar-19"):
                if shutil.which(name):
                    (empty / name).symlink_to(shutil.which(name))
            if os.uname().machine != "aarch64":
                done = project.run("test", "--target", "linux/arm64", env={"PATH": str(empty)})
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn("apt-get install qemu-user-static", done.stderr)
                if shutil.which("qemu-aarch64-static"):
                    done = project.run("test", "--target", "linux/arm64", "-race")
                    self.assertEqual(done.returncode, 1, done.stdout)
                    self.assertIn("race detector", done.stderr)
            done = project.run("test", "--target", "linux/arm64,linux/amd64")
            self.assertEqual(done.returncode, 3)
            self.assertIn("TN0101", done.stderr)


LIB = {"../lib/go.mod": "module example.com/lib\n\ngo 1.21\n",
       "../lib/lib.go": "package lib\n\n// static int two(void) { return 2; }\nimport \"C\"\n\n"
                        "func Two() int { return int(C.two()) }\n",
       "main.go": "package main\n\nimport \"example.com/lib\"\n\nfunc main() { println(lib.Two()) }\n"}
REPLACED = {**LIB, "go.mod": "module example.com/app\n\ngo 1.21\n\nrequire example.com/lib v0.0.0\n\n"
                             "replace example.com/lib => ../lib\n"}


def said(path):
    return subprocess.run([path], capture_output=True, text=True).stderr


class SetUps(unittest.TestCase):
    def check_build(self, project, *args, **kwargs):
        done = project.run("build", ".", "--target", "linux/amd64", "-q", "-o", "made", *args, **kwargs)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        if os.uname().machine == "x86_64":
            self.assertEqual(said(project.path / "made"), "2\n")

    def test_private_replace_and_vendor(self):
        with Project(REPLACED) as project:
            self.check_build(project, env={"GOFLAGS": ""})
            env = {**os.environ, "GOFLAGS": "", "GOPROXY": "off"}
            subprocess.run(["go", "mod", "vendor"], cwd=project.path, env=env, check=True, capture_output=True)
            shutil.rmtree(project.root / "lib")
            self.check_build(project, env={"GOFLAGS": "-mod=vendor"})

    def test_workspace(self):
        with Project({**LIB, "../go.work": "go 1.21\n\nuse ./app\nuse ./lib\n"}) as project:
            self.check_build(project, env={"GOFLAGS": ""})

    @unittest.skipUnless(shutil.which("make"), "needs make")
    def test_make(self):
        rule = "made: main.go\n\t$(TENON) build . --target linux/amd64 -o $@ -q\n"
        with Project({"main.go": TINY, "Makefile": rule}) as project:
            env = {**os.environ, "TENON": TENON, "GOFLAGS": ""}
            for _ in range(2):
                done = subprocess.run(["make"], cwd=project.path, env=env, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("up to date", done.stdout)
            self.assertTrue((project.path / "made").exists())

    @unittest.skipUnless(shutil.which("git"), "needs git")
    def test_revision_and_flags_of_the_environment(self):
        with Project({"main.go": TINY}) as project:
            for words in (["init", "-q"], ["add", "-A"],
                          ["-c", "user.email=a@example.com", "-c", "user.name=a", "commit", "-q", "-m", "x"]):
                subprocess.run(["git", *words], cwd=project.path, check=True, capture_output=True)
            done = project.run("build", ".", "--target", "linux/amd64", "-q", "-o", "../made", "-buildvcs=true",
                               env={"GOFLAGS": "-tags=foo"})
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            about = output_of("go", "version", "-m", project.root / "made")
            head = output_of("git", "-C", project.path, "rev-parse", "HEAD").strip()
            self.assertIn(f"vcs.revision={head}", about)
            self.assertIn("-tags=foo", about)


if __name__ == "__main__":
    unittest.main(verbosity=2)
