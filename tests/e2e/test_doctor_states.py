#!/usr/bin/env python3
"""States of this machine in which go fails or works, made of variables and folders alone: what
tenon doctor says of each is held against what go does. tests/states has the others, in chroots."""
import json
import os
import resource
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
C_FILE = ("package main\n\n// static int one(void) { return 1; }\nimport \"C\"\n\n"
          "func main() { println(int(C.one())) }\n")


@unittest.skipUnless(shutil.which("go") and shutil.which("gcc") and os.uname().sysname == "Linux", "no go or gcc")
class States(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.kept.cleanup)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name).resolve()
        self.project = self.home / "p"
        self.project.mkdir()
        (self.project / "a.go").write_text(C_FILE)
        self.module()

    def module(self, go="1.20", more=""):
        (self.project / "go.mod").write_text(f"module example.com/app\n\ngo {go}\n\n{more}")

    def missing(self):
        self.module(more="require example.org/lib v1.0.0\n")
        (self.project / "b.go").write_text("package main\n\nimport _ \"example.org/lib\"\n")

    def programs(self, *without):
        """A PATH of the programs that a build takes, less some."""
        tools = self.home / "bin"
        tools.mkdir()
        names = ["go", "gcc", "g++", "as", "ld", "git", "pkg-config"]
        for name in names:
            found = shutil.which(name)
            if found and name not in without:
                (tools / name).symlink_to(Path(found) if name != "go" else Path(found).resolve())
        return str(tools)

    def state(self, cause="", limits=None, **changes):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("GO", "CGO", "CC", "CXX", "LD_")) and not name.lower().endswith("_proxy")}
        env |= {"HOME": str(self.home), "GOENV": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod -buildvcs=false",
                "GOCACHE": self.kept.name + "/go", "TENON_CACHE": self.kept.name + "/tenon",
                "XDG_STATE_HOME": str(self.home / "state"), **changes}

        def lower():
            for which, value in (limits or {}).items():
                resource.setrlimit(which, (value, value))
        run = {"env": env, "cwd": self.project, "capture_output": True, "text": True, "timeout": 120, "check": False,
               "preexec_fn": lower}
        done = subprocess.run([TENON, "doctor", "--json"], **run)
        built = subprocess.run([shutil.which("go"), "build", "-o", os.devnull, "./..."], **run)
        findings = {f["cause"]: f for f in json.loads(done.stdout)["findings"]}
        self.assertEqual(done.returncode == 0, built.returncode == 0, (done.stdout, built.stderr))
        if cause:
            self.assertEqual(findings.get(cause, {}).get("severity"), "error", findings)
        return findings, done.stdout

    def test_s05_in_order(self):
        self.assertEqual(self.state()[0], {})

    def test_s06_launcher(self):
        launcher = self.home / "ccache"
        launcher.write_text("#!/bin/sh\nexec \"$@\"\n")
        launcher.chmod(0o755)
        self.state(CC=f"{launcher} gcc")

    def test_s11_vendor(self):
        self.module(more="require example.org/lib v1.0.0\n\nreplace example.org/lib => ./lib\n")
        (self.project / "lib").mkdir()
        (self.project / "lib/go.mod").write_text("module example.org/lib\n")
        self.state("project/vendor-inconsistent", GOFLAGS="-mod=vendor")

    def test_s12_local_is_too_old(self):
        self.module("1.99")
        self.state("not-toolchain/go-version-too-old")

    def test_s13_proxy_off(self):
        self.missing()
        self.state("env/modules-cannot-be-downloaded", GOPROXY="off")

    def test_s14_proxy_dead(self):
        self.missing()
        self.state("env/modules-cannot-be-downloaded", GOPROXY="http://127.0.0.1:9")

    def test_s21_few_files(self):
        self.state(limits={resource.RLIMIT_NOFILE: 24})

    def test_s22_little_address_space(self):
        self.state("system/limit", limits={resource.RLIMIT_AS: 400_000 * 1024})

    def test_s29_password(self):
        self.assertNotIn("hunter2", self.state(HTTPS_PROXY="http://anna:hunter2@proxy.example:3128")[1])

    def test_s33_no_mold(self):
        if shutil.which("ld.mold"):
            self.skipTest("mold is here")
        self.assertIn("mold", self.state("cc/tool-missing", CGO_LDFLAGS="-fuse-ld=mold")[1])

    def test_s37_no_such_release(self):
        self.state("go/toolchain-out-of-reach", GOTOOLCHAIN="go1.99.0", GOPROXY="off")

    def test_s40_no_cxx(self):
        (self.project / "x.cpp").write_text("extern \"C\" int two() { return 2; }\n")
        self.state("cc/cxx-missing", PATH=self.programs("g++"))

    def test_s41_offline(self):
        self.module("1.99")
        self.state("go/toolchain-out-of-reach", GOTOOLCHAIN="auto", GOPROXY="off")

    def test_b02_platform_that_is_left_over(self):
        (self.project / "b.go").write_text("package main\n\nvar _ = main\n")
        self.state("env/goos-goarch-persisted", GOARCH="riscv64" if os.uname().machine != "riscv64" else "amd64")

    def needs(self, line):
        (self.project / "a.go").write_text(C_FILE.replace("// static", f"// {line}\n// static", 1))

    def test_b03_library_of_a_package(self):
        self.needs("#cgo LDFLAGS: -lno-such-library -lm")
        findings, _ = self.state("project/c-files-missing")
        self.assertIn("-lno-such-library", findings["project/c-files-missing"]["message"])

    def test_b11_header_of_a_package(self):
        self.needs("#include <no-such-header.h>")
        findings, _ = self.state("project/c-files-missing")
        self.assertIn("no-such-header.h", findings["project/c-files-missing"]["message"])

    def test_header_beside_the_go_files(self):
        (self.project / "inc").mkdir()
        (self.project / "inc/own.h").write_text("#define OWN 1\n")
        self.needs("#cgo CFLAGS: -I${SRCDIR}/inc -DNAME=\"a b\"\n// #include <own.h>")
        self.assertEqual(self.state()[0], {})

    def test_b05_experiment_that_no_release_has(self):
        self.assertIn("GOEXPERIMENT=nosuch", self.state(GOEXPERIMENT="nosuch")[1])

    def test_b08_small_files_only(self):
        self.state("system/limit", limits={resource.RLIMIT_FSIZE: 100 * 1024})

    def test_b09_work_file_that_is_gone(self):
        self.state("env/path-not-there", GOWORK=str(self.home / "gone/go.work"), GOFLAGS="-buildvcs=false")


if __name__ == "__main__":
    unittest.main()
