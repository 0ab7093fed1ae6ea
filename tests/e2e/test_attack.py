#!/usr/bin/env python3
"""Every command that writes, attacked at every call: the Nth call of the C library fails (full disk,
failing disk, half of a write, no descriptor left), or the process is killed there.

After each attack the files are the old ones or the new ones, never a mix; exit code 0 means the new
ones; the next run succeeds and nothing is left beside them. TENON_ATTACKS says how many attacks of
either sort a command gets (100; a quarter for those that start compilers). TENON_FAULT_LIBRARY is tests/attack/fault.c.
"""
import hashlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import containers  # noqa: E402
from small_macho import program  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
LIBRARY = os.environ.get("TENON_FAULT_LIBRARY", "")
ATTACKS = int(os.environ.get("TENON_ATTACKS", "100"))
ENOSPC, EIO, EMFILE = "28", "5", "24"
FAULTS = (ENOSPC, EIO, "short", EMFILE)
KILLS = ("kill", "killed")
CALM = {0, 1, 2, 3}  # every exit code but that of a defect
INFO = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>app</string>
<key>CFBundleIdentifier</key><string>com.example.app</string></dict></plist>
"""


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def tree(top):
    """Every name below a directory, with the contents of files and the targets of links."""
    out = {}
    for path in sorted(top.rglob("*")):
        name = str(path.relative_to(top))
        out[name] = os.readlink(path) if path.is_symlink() else digest(path) or "directory"
    return out


class Attack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not LIBRARY or not Path(LIBRARY).is_file():
            print("no TENON_FAULT_LIBRARY")
            sys.exit(77)
        loaded = subprocess.run([TENON, "--version"], env={**os.environ, "LD_PRELOAD": LIBRARY}, capture_output=True,
                                check=False)
        if loaded.returncode != 0:
            print("this tenon cannot be loaded with the library: a sanitizer, or static")
            sys.exit(77)

    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-attack-")).resolve()
        self.addCleanup(shutil.rmtree, self.top, True)
        self.place, self.log = self.top / "place", self.top / "calls"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.top), "TENON_CACHE": str(self.place / "cache"),
                    "XDG_STATE_HOME": str(self.place / "state"), "GOENV": str(self.place / "goenv"),
                    "TMPDIR": str(self.place), "NO_COLOR": "1", "TENON_TOOLS": os.environ.get("TENON_TOOLS", "")}

    def tenon(self, *args, at=None, kind=None, **env):
        more = {}
        if kind is not None:
            self.log.unlink(missing_ok=True)
            more = {"LD_PRELOAD": LIBRARY, "TENON_FAULT_PROGRAM": "tenon", "TENON_FAULT_LOG": str(self.log),
                    "TENON_FAULT_AT": str(at), "TENON_FAULT_KIND": kind}
        return subprocess.run([TENON, *map(str, args)], env={**self.env, **env, **more}, cwd=self.top, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def calls(self):
        return self.log.read_text().splitlines() if self.log.is_file() else []

    def attacks(self, total, kinds, number):
        """Which call, and how: all pairs when there is room, else a sample that is the same each time."""
        pairs = list(itertools.product(range(1, total + 1), kinds))
        if len(pairs) <= number:
            return list(itertools.islice(itertools.cycle(pairs), number))
        return random.Random(len(pairs)).sample(pairs, number)

    def campaign(self, command, prepare, judge, again, env=None, share=1, last_looks=0, may_stay=()):
        """`prepare` makes the old state in self.place; `judge` is "old", "new", or says what it found; `again` runs
        the next commands and is False when they do not end well. Commands that start compilers get a `share` of the
        attacks. Every look at a name among the `last_looks` calls finds no descriptor left. `may_stay`: beginnings of names that
        the next run need not clear away."""
        env = env or {}
        figures, problems, number = {}, [], ATTACKS // share

        def fresh():
            shutil.rmtree(self.place, ignore_errors=True)
            self.place.mkdir()
            prepare()

        fresh()
        done = self.tenon(*command, at=0, kind="kill", **env)
        self.assertEqual((done.returncode, judge()), (0, "new"), done.stdout.decode() + done.stderr.decode())
        calls = self.calls()
        total = len(calls)
        self.assertGreater(total, 5)
        # What a kill can leave is decided where names change: these calls are in every sample.
        names = [(at, kind) for at, call in enumerate(calls, 1) for kind in KILLS
                 if any(word in call for word in ("linkat", "rename", "unlink"))][:20]
        self.assertTrue(again())
        clean = self.names()
        looks = [(at, EMFILE) for at, call in enumerate(calls, 1) if "stat" in call and at > total - last_looks]
        for kinds in (FAULTS, KILLS):
            always = looks if kinds is FAULTS else names
            for at, kind in always + self.attacks(total, kinds, number):
                fresh()
                done = self.tenon(*command, at=at, kind=kind, **env)
                hit = next((line for line in self.calls() if line.endswith(" hit")), "not reached")
                found, code = judge(), done.returncode
                figures[found] = figures.get(found, 0) + 1
                said = f"{kind} at {hit}: exit {code}, {found}: {done.stdout.decode()[-300:]}{done.stderr.decode()[-200:]}"
                right = found in ("old", "new")
                if kinds is FAULTS:
                    right = right and code in CALM and (code != 0 or found == "new")
                else:
                    right = right and (code == -9 or "hit" not in hit)
                if not right:
                    problems.append(said)
                elif not again():
                    problems.append("the next run: " + said)
                else:
                    left = [name for name in set(self.names()) ^ set(clean) if not name.startswith(may_stay)]
                    if left:
                        problems.append(f"left {sorted(left)}: {said}")
        attacks = 2 * number + len(looks) + len(names)
        print(f"{' '.join(map(str, command[:2]))}: {total} calls, {attacks} attacks, {figures}")
        self.assertEqual(problems, [], "\n".join(problems[:20]) + f"\n{len(problems)} in all")

    def names(self):
        return sorted(str(path.relative_to(self.place)) for path in self.place.rglob("*"))

    # ---- sign

    def test_sign_file(self):
        file, old = self.place / "tool", program()

        def judge():
            if file.read_bytes() == old:
                return "old"
            return "new" if self.tenon("verify", file).returncode == 0 else "a mix"

        self.campaign(("sign", file), lambda: file.write_bytes(old), judge,
                      lambda: self.tenon("sign", file).returncode == 0 and judge() == "new")

    def test_sign_bundle(self):
        """Signed before, and signed again after a resource changed: of the main file and CodeResources each is old
        or new, and between the two renames the seal says so; the next run is valid."""
        self.bundle_campaign(changed=True)

    def test_sign_bundle_that_was_valid(self):
        self.bundle_campaign(changed=False)

    def bundle_campaign(self, changed):
        root = self.top / "made/X.app"
        (root / "Contents/MacOS").mkdir(parents=True)
        (root / "Contents/Resources").mkdir()
        (root / "Contents/Resources/a.txt").write_text("a\n")
        (root / "Contents/Info.plist").write_text(INFO)
        (root / "Contents/MacOS/app").write_bytes(program())
        self.assertEqual(self.tenon("sign", root).returncode, 0)
        if changed:
            (root / "Contents/Resources/a.txt").write_text("b\n")
        here = self.place / "X.app"
        parts = [Path("Contents/MacOS/app"), Path("Contents/_CodeSignature/CodeResources")]
        old = [digest(root / part) for part in parts]

        def judge():
            now = [digest(here / part) for part in parts]
            if self.tenon("verify", "--strict", here).returncode == 0:
                return "new" if now != old or not changed else "old is valid"
            if not changed:
                return "invalid"
            return "old" if now[0] == old[0] else "a mix"

        self.campaign(("sign", here), lambda: shutil.copytree(root, here, symlinks=True), judge,
                      lambda: self.tenon("sign", here).returncode == 0 and judge() == "new")

    # ---- staple

    def staple_campaign(self, name, prepare, ticket):
        """The whole of self.place is what it was, or what a run without an attack makes of it. `prepare` ends with an older
        ticket attached, so that there is something to lose."""
        given = self.top / "ticket"
        given.write_bytes(ticket)
        command = ("staple", self.place / name, "--ticket", given)
        self.place.mkdir()
        prepare()
        old = tree(self.place)
        self.assertEqual(self.tenon(*command).returncode, 0)
        new = tree(self.place)
        self.assertNotEqual(new, old)

        def judge():  # what a killed one leaves beside the file is the matter of `again`
            now = {each: what for each, what in tree(self.place).items() if ".tenon-replacement-" not in each}
            return "old" if now == old else "new" if now == new else "a mix"

        self.campaign(command, prepare, judge,
                      lambda: self.tenon(*command).returncode == 0 and tree(self.place) == new)

    def test_staple_bundle(self):
        app = self.top / "My.app"
        (app / "Contents/MacOS").mkdir(parents=True)
        (app / "Contents/Info.plist").write_text(INFO)
        (app / "Contents/MacOS/app").write_bytes(program())
        self.assertEqual(self.tenon("sign", app, "--runtime").returncode, 0)
        verdict = json.loads(self.tenon("verify", app, "--json").stdout)
        cdhash = bytes.fromhex(verdict["data"]["slices"][0]["cdhash"])
        (app / "Contents/CodeResources").write_bytes(b"older" + cdhash)
        self.staple_campaign("My.app", lambda: shutil.copytree(app, self.place / "My.app"), b"ticket" + cdhash)

    def test_staple_image(self):
        self.staple_file("x.dmg", containers.disk_image(b"file system" * 5000, "org.example.image"),
                         containers.image_cdhash)

    def test_staple_package(self):
        self.needs("openssl")

        def openssl(*args, data=None):
            return subprocess.run(["openssl", *args], cwd=self.top, input=data, check=True, capture_output=True).stdout

        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-days", "30", "-subj",
                "/CN=Developer ID Installer: Example/OU=TEAM123456", "-addext",
                "extendedKeyUsage=1.2.840.113635.100.4.13")
        der = openssl("x509", "-in", "c.pem", "-outform", "DER")
        members = [("Payload", containers.payload([("bin/tool", program())]))]
        digest = containers.toc_digest(containers.xar(members, bytes(256), [der]))
        made = openssl("pkeyutl", "-sign", "-inkey", "k.pem", "-pkeyopt", "digest:sha1", data=digest)
        self.staple_file("x.pkg", containers.xar(members, made, [der]), lambda _: digest.hex())

    def staple_file(self, name, data, cdhash_of):
        made = self.top / name
        made.write_bytes(data)
        cdhash = bytes.fromhex(cdhash_of(data))
        older = self.top / "older"
        older.write_bytes(b"an older ticket" + cdhash)
        self.assertEqual(self.tenon("staple", made, "--ticket", older).returncode, 0)
        self.staple_campaign(name, lambda: shutil.copy(made, self.place / name), b"ticket" + cdhash)

    # ---- doctor

    FIXED = "GOPROXY=https://example.com\n"
    BROKEN = "GOFLAGS=-tags=netgo\n" + FIXED
    RC = "alias x=y\nif true; then\n  export CGO_ENABLED=0\nfi\n"
    FIX = ("doctor", "--fix", "--shell-files", "--no-probe")
    DOCTOR = {"CGO_ENABLED": "0", "PATH": "/usr/bin:/bin"}

    def doctor_files(self):
        self.env["HOME"] = str(self.place)
        (self.place / "goenv").write_text(self.BROKEN)
        (self.place / ".bashrc").write_text(self.RC)

    def doctor_state(self):
        rc = self.RC.replace("  export", "  : # export")
        states = {(self.BROKEN, self.RC): "old", (self.FIXED, rc): "new", (self.FIXED, self.RC): "first",
                  (self.BROKEN, rc): "second"}
        return states.get(((self.place / "goenv").read_text(), (self.place / ".bashrc").read_text()), "a mix")

    def test_doctor_fix(self):
        """Two files, each old or new; undo restores both, whatever happened."""
        def judge():
            state = self.doctor_state()
            return "old" if state in ("first", "second") else state

        def again():
            back = self.tenon("doctor", "--undo", **self.DOCTOR).returncode == 0 and self.doctor_state() == "old"
            fixed = self.tenon(*self.FIX, **self.DOCTOR).returncode in (0, 2) and self.doctor_state() == "new"
            return back and fixed

        self.campaign(self.FIX, self.doctor_files, judge, again, self.DOCTOR)

    def test_doctor_undo(self):
        self.place.mkdir()
        self.doctor_files()
        done = self.tenon(*self.FIX, **self.DOCTOR)
        self.assertEqual(self.doctor_state(), "new", done.stdout)
        made = self.top / "made"
        shutil.copytree(self.place, made)

        def prepare():
            self.place.rmdir()
            shutil.copytree(made, self.place)

        def judge():  # here the file before the fix is the new one
            return {"old": "new", "a mix": "a mix"}.get(self.doctor_state(), "old")

        def again():
            return self.tenon("doctor", "--undo", **self.DOCTOR).returncode == 0 and self.doctor_state() == "old"

        self.campaign(("doctor", "--undo"), prepare, judge, again, self.DOCTOR)

    # ---- rewrite

    JAVA = "import org.apache.log4j.Logger;\nclass {0} {{ Logger l = Logger.getLogger(\"{0}\"); }}\n"
    NAMES = ("A", "B", "C")

    def rewrite_state(self):
        texts = [(self.place / f"{name}.java").read_text() for name in self.NAMES]
        old = [text == self.JAVA.format(name) for name, text in zip(self.NAMES, texts)]
        new = [text.startswith("import org.slf4j.Logger;\nimport org.slf4j.LoggerFactory;\nclass ") and "log4j" not in text
               for text in texts]
        if not all(a or b for a, b in zip(old, new)):
            return "a mix"
        return "old" if all(old) else "new" if all(new) else "some"

    def test_rewrite_apply(self):
        """Each of three files is old or new, and whatever happened, undo restores all of them."""
        def prepare():
            shutil.rmtree(self.top / "state", ignore_errors=True)
            for name in self.NAMES:
                (self.place / f"{name}.java").write_text(self.JAVA.format(name))

        def judge():
            return {"some": "old"}.get(self.rewrite_state(), self.rewrite_state())

        def again():
            back = self.tenon("rewrite", "--undo", **more).returncode == 0 and self.rewrite_state() == "old"
            return back and self.tenon(*call, **more).returncode == 0 and self.rewrite_state() == "new"

        more = {"XDG_STATE_HOME": str(self.top / "state")}
        call = ("rewrite", "--rules", "log4j-slf4j", "--apply", str(self.place))
        self.campaign(call, prepare, judge, again, more)

    # ---- what needs compilers

    def needs(self, *tools):
        for tool in tools:
            if shutil.which(tool) is None:
                self.skipTest(f"no {tool}")

    def test_caches_of_cc(self):
        """Stubs: whatever an attack leaves in the cache, the next link gives the same program. The engine is named: one
        that cannot be looked at counts as absent, and tenon would link with another."""
        self.needs("zig")
        source, out = self.top / "x.c", self.place / "x"
        source.write_text("int main(void) { return 0; }\n")
        self.env["ZIG_GLOBAL_CACHE_DIR"] = self.env["ZIG_LOCAL_CACHE_DIR"] = str(self.top / "zig")
        link = ("cc", "--target", "darwin/arm64", "--engine", "zig", "--zig", shutil.which("zig"), source, "-o", out)
        self.place.mkdir()
        self.assertEqual(self.tenon(*link).returncode, 0)

        def judge():  # zig writes the output and tenon signs it; what is in it differs by temporary names
            return "new" if out.is_file() and self.tenon("verify", out).returncode == 0 else "old"

        def again():
            return self.tenon(*link).returncode == 0 and judge() == "new"

        self.campaign(link, lambda: None, judge, again, share=4)

    def test_cached_compile(self):
        """An object was kept; since then a header has appeared that goes before. Whatever cannot be looked at or read,
        the object is that of the files as they are, or there is none."""
        self.needs("gcc")
        source = self.top / "src"
        for name, text in (("go.mod", "module example.com/m\n"), ("x.c", "#include <b.h>\nint f(void) { return B; }\n"),
                           ("two/b.h", '#include "c.h"\n'), ("two/c.h", "#define B 2\n")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text)
        (source / "one").mkdir()
        out = self.place / "x.o"
        call = ("cc", "--native", "-I", source / "one", "-I", source / "two", "-g", "-c", source / "x.c", "-o", out)
        for path in source.rglob("*"):
            os.utime(path, (1, 1))
        made = self.top / "made"
        self.place.mkdir()
        self.assertEqual(self.tenon(*call).returncode, 0)
        shutil.copytree(self.place, made)
        old = out.read_bytes()
        (source / "one/b.h").write_text("#define B 1\n")
        os.utime(source / "one/b.h", (1, 1))
        self.assertEqual(self.tenon(call[0], "--no-cache", *call[1:]).returncode, 0)
        right = out.read_bytes()
        self.assertNotEqual(right, old)

        def prepare():
            shutil.rmtree(self.place)
            shutil.copytree(made, self.place)
            out.unlink()

        def judge():
            if not out.exists():
                return "old"
            return "new" if out.read_bytes() == right else "a mix"

        def again():
            found = self.tenon(*call).returncode == 0 and judge() == "new"
            # The next one that starts a compiler clears away what a killed one left.
            return found and self.tenon(call[0], "--no-cache", *call[1:]).returncode == 0 and judge() == "new"

        # What was searched with a call that failed has an entry of its own; what a kill leaves in a directory of records
        # goes with the next write there.
        # A file on its way into the store that a kill left goes with a later sweep, when it is old.
        self.campaign(call, prepare, judge, again,
                      may_stay=("cache/compile/search/", "cache/compile/record/", "cache/compile/new/"))

    def test_wrappers_of_cc(self):
        """The tools are named: one that cannot be looked at counts as absent, as in Go, and the next one of PATH would
        give another wrapper."""
        self.needs("zig")
        tools = [f"--{name}=/usr/bin/true" for name in ("strip", "dsymutil", "ar")]
        wrap = ("cc", "--target", "linux/arm64", *tools, "--print-wrapper")
        self.place.mkdir()
        self.assertEqual(self.tenon(*wrap).returncode, 0)
        right = tree(self.place)

        def judge():
            return "new" if tree(self.place) == right else "old"

        self.campaign(wrap, lambda: None, judge, lambda: self.tenon(*wrap).returncode == 0 and judge() == "new")

    def test_build(self):
        self.needs("zig", "go")
        project = self.top / "p"
        project.mkdir()
        (project / "go.mod").write_text("module example.com/p\n\ngo 1.20\n")
        (project / "main.go").write_text("package main\n\n// int three(void) { return 3; }\nimport \"C\"\n\n"
                                         "func main() { println(C.three()) }\n")
        cache = Path(os.environ.get("GOCACHE") or Path.home() / ".cache/go-build")
        self.env |= {"GOCACHE": str(cache), "HOME": os.environ["HOME"], "TENON_CACHE": str(self.top / "cache"),
                     "GOFLAGS": "-mod=mod", "GOENV": "off"}
        out = self.place / "out"
        build = ("build", "-C", project, "--target", "darwin/arm64", "-o", out, ".")
        self.place.mkdir()
        done = self.tenon(*build)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())

        def judge():  # the build ID depends on the caches: a whole program with a valid signature is a new one
            if out.read_bytes() == b"old":
                return "old"
            return "new" if self.tenon("verify", out).returncode == 0 else "a mix"

        self.campaign(build, lambda: out.write_text("old"), judge,
                      lambda: self.tenon(*build).returncode == 0 and judge() == "new", share=4, last_looks=100)


if __name__ == "__main__":
    unittest.main()
