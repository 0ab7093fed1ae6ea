#!/usr/bin/env python3
"""What `tenon` writes, walks and trusts when somebody works against it: links in bundles, files of
other users, directories that cannot be read, files that change meanwhile, foreign cache folders.

TENON names the program. Permissions hold against other users only, so as root the program is
started as one of them. Programs are built here with `tenon cc`, which needs zig.
"""
import collections
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

TENON = os.environ.get("TENON", "tenon")
INFO = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>app</string>
<key>CFBundleIdentifier</key><string>com.example.app</string></dict></plist>
"""
ROOT = os.geteuid() == 0
OTHER = pwd.getpwnam("nobody").pw_uid if ROOT else os.geteuid()


def as_other():
    if ROOT:
        os.setgroups([])
        os.setgid(pwd.getpwuid(OTHER).pw_gid)
        os.setuid(OTHER)


class Doors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = Path(tempfile.mkdtemp(prefix="tenon-doors-"))
        cls.top.chmod(0o755)
        cls.program = cls.top / "tenon"
        shutil.copy(shutil.which(TENON) or TENON, cls.program)
        cls.program.chmod(0o755)
        source = cls.top / "main.c"
        source.write_text("const char blob[8000000] = {1};\nint main(void) { return blob[5]; }\n")
        cls.macho = cls.top / "macho"
        built = subprocess.run([TENON, "cc", "--target", "darwin/arm64", source, "-o", cls.macho],
                               capture_output=True, text=True)
        if built.returncode != 0:
            print(built.stderr)
            sys.exit(77)
        subprocess.run([TENON, "sign", "--remove", cls.macho], check=True, capture_output=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.top, ignore_errors=True)

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(dir=self.top))
        self.work.chmod(0o777)

    def tenon(self, *args, other=False, **kwargs):
        return subprocess.run([self.program, *args], capture_output=True, text=True,
                              preexec_fn=as_other if other else None, timeout=120, **kwargs)

    def copy(self, name, signed=False):
        to = self.work / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.macho, to)
        if signed:
            self.assertEqual(self.tenon("sign", to).returncode, 0)
        return to

    def bundle(self):
        root = self.work / "X.app"
        self.copy("X.app/Contents/MacOS/app")
        (root / "Contents/Info.plist").write_text(INFO)
        (root / "Contents/Resources").mkdir()
        (root / "Contents/Resources/a.txt").write_text("a\n")
        return root

    def names(self):
        return sorted(str(p.relative_to(self.work)) for p in self.work.rglob("*"))

    # Writing.

    def test_no_link_inside_a_bundle_is_written_through(self):
        victim = self.work / "outside/CodeResources"
        victim.parent.mkdir()
        for link, target in [("CodeResources", victim), ("", victim.parent)]:
            with self.subTest(link=link):
                victim.write_text("precious")
                root = self.bundle()
                seal = root / "Contents/_CodeSignature"
                if link:
                    seal.mkdir()
                (seal / link if link else seal).symlink_to(target)
                before = (root / "Contents/MacOS/app").read_bytes()
                self.assertEqual(self.tenon("sign", root).returncode, 1)
                self.assertEqual(victim.read_text(), "precious")
                self.assertEqual((root / "Contents/MacOS/app").read_bytes(), before)
                shutil.rmtree(root)

    def test_set_user_id_stays_with_its_owner(self):
        if not ROOT:
            self.skipTest("only root can give files away")
        file = self.copy("tool")
        os.chown(file, OTHER, -1)
        file.chmod(0o4755)
        self.assertEqual(self.tenon("sign", file).returncode, 0)
        info = file.stat()
        self.assertEqual((info.st_uid, stat.S_IMODE(info.st_mode)), (OTHER, 0o4755))
        # Who is not root cannot keep root as the owner, and says so.
        os.chown(file, 0, -1)
        file.chmod(0o4755)
        done = self.tenon("sign", "--json", file, other=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        info = file.stat()
        self.assertEqual((info.st_uid, stat.S_IMODE(info.st_mode)), (OTHER, 0o755))
        lost = [row["code"] for row in json.loads(done.stdout)["data"]["files"][0]["not_kept"]]
        self.assertEqual(lost, ["file.owner", "file.set-id"])

    def test_two_signers_at_once_lose_nothing(self):
        for _ in range(10):
            file = self.copy("tool")
            started = [subprocess.Popen([self.program, "sign", file, *more], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL) for more in ([], ["--runtime"])]
            codes = [each.wait() for each in started]
            self.assertTrue(set(codes) <= {0, 2} and 0 in codes, codes)
            flags = json.loads(self.tenon("verify", "--json", file).stdout)["data"]["slices"][0]["flags"]
            # The flag stays when its signer said that it signed, in whichever order.
            self.assertEqual("runtime" in flags, codes[1] == 0, (codes, flags))
        self.assertEqual(self.names(), ["tool"])

    def test_a_program_put_in_place_meanwhile_is_not_lost(self):
        results = collections.Counter()
        for i in range(15):
            file = self.copy("tool")
            new = self.copy("new")
            with new.open("r+b") as out:
                out.seek(20000)
                out.write(b"new")
            running = subprocess.Popen([self.program, "sign", file], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(0.004 * i)
            new.rename(file)
            code = running.wait()
            results[code] += 1
            self.assertIn(b"new", file.read_bytes()[20000:20003], f"exit {code}")
        self.assertTrue(set(results) <= {0, 2}, results)

    def test_killed_signers_leave_old_or_new_and_the_next_one_cleans_up(self):
        file = self.copy("tool")
        old = file.read_bytes()
        for i in range(30):
            running = subprocess.Popen([self.program, "sign", file], stdout=subprocess.DEVNULL)
            time.sleep(0.003 * i)
            running.kill()
            running.wait()
            if file.read_bytes() != old:
                self.assertEqual(self.tenon("verify", file).returncode, 0)
                file.write_bytes(old)
        self.assertEqual(self.tenon("sign", file).returncode, 0)
        self.assertEqual(self.names(), ["tool"])

    def test_a_killed_signer_leaves_a_valid_bundle_valid(self):
        root = self.bundle()
        self.assertEqual(self.tenon("sign", root).returncode, 0)
        for i in range(30):
            running = subprocess.Popen([self.program, "sign", root], stdout=subprocess.DEVNULL)
            time.sleep(0.003 * i)
            running.kill()
            running.wait()
            done = self.tenon("verify", "--strict", root)
            self.assertEqual(done.returncode, 0, done.stdout + str(self.names()))

    def test_a_file_size_limit_leaves_the_old_file(self):
        file = self.copy("tool")
        before = file.read_bytes()
        done = subprocess.run(["sh", "-c", 'ulimit -f 100; exec "$0" sign "$1"', self.program, file],
                              capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(file.read_bytes(), before)
        self.assertEqual(self.names(), ["tool"])

    # Reading.

    def test_a_file_cut_short_while_it_is_read_is_an_error(self):
        for command in (["verify"], ["sign"], ["inspect"], ["inspect", "--symbols"]):
            codes = collections.Counter()
            for i in range(12):
                file = self.copy("tool")
                running = subprocess.Popen([self.program, *command, file], stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                time.sleep(0.003 * i)
                os.truncate(file, 0)
                codes[running.wait()] += 1
            with self.subTest(command=command):
                self.assertNotIn(-signal.SIGBUS, codes)
                self.assertTrue(set(codes) <= {0, 1, 2, 3}, codes)

    def unread(self, *args, named):
        """The command is not ok, with exit code 2, and text and JSON name the path."""
        text, data = self.tenon(*args, other=True), self.tenon(*args, "--json", other=True)
        self.assertEqual((text.returncode, data.returncode), (2, 2), text.stdout + text.stderr)
        self.assertIn(str(named), text.stdout + text.stderr)
        document = json.loads(data.stdout)
        self.assertFalse(document["ok"])
        self.assertIn(str(named), [row["path"] for row in document["data"]["unread"]])

    def test_what_a_walk_cannot_read_is_named(self):
        self.copy("d/ok", signed=True)
        hidden = self.copy("d/hidden")
        closed = self.work / "d/closed"
        closed.mkdir()
        os.chown(self.work / "d", OTHER, -1)
        for path in (hidden, closed):
            mode = path.stat().st_mode
            path.chmod(0)
            if path == closed:
                hidden.unlink()
            for command in ("verify", "inspect"):
                with self.subTest(path=path, command=command):
                    self.unread(command, self.work / "d", named=path)
            path.chmod(mode)
        closed.chmod(0)
        for command in ("verify", "inspect"):
            self.unread(command, closed, named=closed)
        closed.rmdir()
        self.assertEqual(self.tenon("verify", self.work / "d", other=True).returncode, 0)

    def test_a_program_below_the_longest_path_is_named(self):
        self.copy("d/ok", signed=True)
        here = os.getcwd()
        os.chdir(self.work / "d")
        try:
            for _ in range(25):
                os.mkdir("x" * 200)
                os.chdir("x" * 200)
            shutil.copy(self.macho, "program")
        finally:
            os.chdir(here)
        for command in ("verify", "inspect"):
            done = self.tenon(command, "--json", self.work / "d")
            self.assertEqual(done.returncode, 2)
            self.assertFalse(json.loads(done.stdout)["ok"])
            self.assertEqual(len(json.loads(done.stdout)["data"]["unread"]), 1)

    def test_links_in_a_circle_are_passed_over(self):
        self.copy("d/ok", signed=True)
        (self.work / "d/around").symlink_to(".")
        (self.work / "d/self").symlink_to("self")
        for command in ("verify", "inspect"):
            self.assertEqual(self.tenon(command, self.work / "d").returncode, 0)

    def test_what_a_bundle_hides_is_not_valid_and_not_signed(self):
        root = self.bundle()
        self.assertEqual(self.tenon("sign", root).returncode, 0)
        subprocess.run(["chown", "-R", str(OTHER), root], check=True)
        resource = root / "Contents/Resources/a.txt"
        resource.chmod(0)
        self.unread("verify", root, named=resource)
        before = (root / "Contents/MacOS/app").read_bytes()
        self.assertEqual(self.tenon("sign", root, other=True).returncode, 2)
        resource.chmod(0o644)
        (root / "Contents/Info.plist").chmod(0)
        self.assertEqual(self.tenon("sign", root, other=True).returncode, 2)
        self.unread("verify", root, named=root / "Contents/Info.plist")
        self.assertEqual((root / "Contents/MacOS/app").read_bytes(), before)

    def test_a_log_that_cannot_be_read_has_its_line(self):
        logs = self.work / "logs"
        logs.mkdir()
        (logs / "a.log").write_text("ld: library not found for -lfoo\n")
        (logs / "b.log").write_text("x\n")
        (logs / "loop").symlink_to("loop")
        (logs / "b.log").chmod(0)
        done = self.tenon("explain", "--batch", logs, other=ROOT)
        rows = {row["file"]: row for row in map(json.loads, done.stdout.splitlines())}
        self.assertEqual(done.returncode, 2)
        self.assertEqual(sorted(rows), ["a.log", "b.log", "loop"])
        self.assertNotIn("error", rows["a.log"])
        self.assertIn("Permission denied", rows["b.log"]["error"])
        logs.chmod(0)
        done = self.tenon("explain", "--batch", logs, other=ROOT)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot open the directory", done.stdout)
        logs.chmod(0o755)

    # Trusting.

    def test_no_cache_without_a_home(self):
        done = subprocess.run([self.program, "cc", "--target", "linux/arm64", "--print-wrapper"],
                              env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("TENON_CACHE", done.stderr)

    @unittest.skipUnless(ROOT, "gives a directory away")
    def test_a_home_of_another_user_is_not_the_cache(self):
        """As in containers whose HOME is a mounted directory of the runner."""
        home = self.work / "home"
        home.mkdir()
        os.chown(home, OTHER, -1)
        own = {name: value for name, value in os.environ.items() if name not in ("TENON_CACHE", "XDG_CACHE_HOME")}
        done = subprocess.run([self.program, "cc", "--target", "linux/arm64", "--print-wrapper"],
                              env={**own, "HOME": str(home)}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(pwd.getpwuid(0).pw_dir), done.stdout)
        self.assertEqual(list(home.iterdir()), [])

    def wrapper(self, cache):
        return subprocess.run([self.program, "cc", "--target", "linux/arm64", "--print-wrapper"],
                              env={**os.environ, "TENON_CACHE": str(cache)}, capture_output=True, text=True)

    def test_a_wrapper_in_a_folder_of_others_is_refused(self):
        cache = self.work / "cache"
        self.work.chmod(0o755)
        made = self.wrapper(cache)
        self.assertEqual(made.returncode, 0, made.stderr)
        program = made.stdout.strip()
        self.assertEqual(stat.S_IMODE(cache.stat().st_mode), 0o700)
        self.assertEqual(subprocess.run([program, "--version"], capture_output=True).returncode, 0)
        folder = Path(program).parent
        folder.chmod(0o777)
        refused = subprocess.run([program, "--version"], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("can be written by other users", refused.stderr)
        folder.chmod(0o755)
        if ROOT:
            os.chown(cache, OTHER, -1)
            self.assertEqual(self.wrapper(cache).returncode, 1)
            self.assertIn("belongs to another user", self.wrapper(cache).stderr)
        (self.work / "linked").symlink_to(self.work / "elsewhere")
        self.assertEqual(self.wrapper(self.work / "linked").returncode, 1)


if __name__ == "__main__":
    unittest.main()
