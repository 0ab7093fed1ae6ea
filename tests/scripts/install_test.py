"""install.sh puts a file of a release in place, and nothing else: sums, machines, PATH, an older file that stays."""
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "install.sh"
SHELLS = [shell for shell in (["dash"], ["bash", "--posix"], ["busybox", "sh"]) if shutil.which(shell[0])]
# What the script may use; an environment that has only these is a small container.
TOOLS = ["uname", "mkdir", "mv", "cp", "rm", "chmod", "sed", "cut", "sha256sum", "cat", "sh"]
HERE = "linux-" + {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]


class Install(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-install-"))
        self.addCleanup(shutil.rmtree, self.top, True)
        self.dist, self.home, self.bin = self.top / "a release", self.top / "home", self.top / "bin"
        for folder in (self.dist, self.home, self.bin):
            folder.mkdir()
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name))
        self.release("tenon 9.9.9")

    def release(self, version, code=0, target=HERE):
        file = self.dist / f"tenon-{target}"
        file.write_text(f"#!/bin/sh\necho '{version}'\nexit {code}\n")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        # A longer name that ends alike and the SBOM's name stand around the right line.
        (self.dist / "SHA256SUMS").write_text(
            f"{'0' * 64}  x-tenon-{target}\n{digest}  tenon-{target}\n{'1' * 64}  tenon-{target}.cdx.json\n")

    def run_script(self, *arguments, shell=("dash",), code=0, **environment):
        done = subprocess.run([shutil.which(shell[0]), *shell[1:], str(SCRIPT), *map(str, arguments)], capture_output=True, text=True,
                              check=False, timeout=60, cwd="/", env={"HOME": str(self.home), "PATH": str(self.bin), **environment})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    @property
    def program(self):
        return self.home / ".local/bin/tenon"

    def test_every_shell_and_place(self):
        for shell in SHELLS:
            for place in (self.dist, f"file://{self.dist}"):
                said = self.run_script("--from", place, shell=shell)
                self.assertIn("tenon 9.9.9", said)
                self.assertIn("not on PATH", said)
                self.assertTrue(os.access(self.program, os.X_OK))
                self.assertEqual([one.name for one in self.program.parent.iterdir()], ["tenon"])
                shutil.rmtree(self.home / ".local")

    def test_a_sum_that_the_caller_keeps(self):
        right = hashlib.sha256((self.dist / f"tenon-{HERE}").read_bytes()).hexdigest()
        said = self.run_script("--from", self.dist, "--sha256", "0" * 64, code=1)
        self.assertIn("--sha256 " + "0" * 64, said)
        self.assertFalse(self.program.exists())
        self.run_script("--from", self.dist, "--sha256", right)
        self.assertTrue(self.program.exists())

    def test_environment_and_folder(self):
        folder = self.top / "else where"
        said = self.run_script(TENON_INSTALL_FROM=str(self.dist), TENON_INSTALL_DIR=str(folder), PATH=f"{self.bin}:{folder}")
        self.assertTrue((folder / "tenon").exists())
        self.assertNotIn("PATH", said)
        self.assertFalse(self.program.exists())

    def test_an_older_file_stays(self):
        self.run_script("--from", self.dist)
        before = self.program.read_bytes()
        file = self.dist / f"tenon-{HERE}"
        file.write_bytes(file.read_bytes() + b"\n")
        self.assertIn("SHA256SUMS says", self.run_script("--from", self.dist, code=1))
        self.release("cannot run here", code=1)
        self.assertIn("does not start here: cannot run here", self.run_script("--from", self.dist, code=1))
        (self.dist / "SHA256SUMS").unlink()
        self.assertIn("no SHA256SUMS", self.run_script("--from", self.dist, code=1))
        self.assertEqual(self.program.read_bytes(), before)
        self.assertEqual([one.name for one in self.program.parent.iterdir()], ["tenon"])

    def test_another_machine(self):
        self.release("never started", code=1, target="darwin-arm64")
        self.assertIn("for darwin-arm64", self.run_script("--from", self.dist, "--target", "darwin-arm64"))
        self.assertIn("has no tenon-linux-mips", self.run_script("--from", self.dist, "--target", "linux-mips", code=1))

    def test_machines(self):
        for system, processor, rosetta, name in (
                ("Darwin", "arm64", "1", "darwin-arm64"), ("Darwin", "x86_64", "1", "darwin-arm64"),
                ("Darwin", "x86_64", "0", "darwin-amd64"), ("Linux", "x86_64", "0", "linux-amd64"),
                ("Linux", "aarch64", "0", "linux-arm64")):
            (self.bin / "uname").unlink()
            (self.bin / "uname").write_text(f"#!/bin/sh\n[ \"$1\" = -s ] && echo {system} || echo {processor}\n")
            (self.bin / "sysctl").write_text(f"#!/bin/sh\necho {rosetta}\n")
            for tool in ("uname", "sysctl"):
                (self.bin / tool).chmod(0o755)
            self.release(f"made for {name}", target=name)
            self.assertIn(f"made for {name}", self.run_script("--from", self.dist))
        (self.bin / "uname").write_text("#!/bin/sh\necho SunOS\n")
        self.assertIn("no release for SunOS", self.run_script("--from", self.dist, code=1))

    def test_without_a_place_or_with_wrong_options(self):
        self.assertIn("--from PLACE", self.run_script(code=1))
        self.assertIn("usage:", self.run_script("--nothing", code=3))
        self.assertIn("neither curl nor wget", self.run_script("--from", "https://127.0.0.1:1/x", code=1))

    def test_half_of_it_does_nothing(self):
        text = SCRIPT.read_text()
        half = self.top / "half.sh"
        half.write_text(text[:text.rindex("main ")])
        subprocess.run([shutil.which("dash"), half, "--from", str(self.dist)], check=True, env={"HOME": str(self.home), "PATH": str(self.bin)})
        self.assertFalse(self.program.exists())


if __name__ == "__main__":
    unittest.main()
