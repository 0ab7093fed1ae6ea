#!/usr/bin/env python3
"""tenon sysroot from package files that this test makes: what is unpacked, where links lead, hostile
packages, and a Go program that is built with the result. Nothing is fetched."""
import hashlib
import io
import json
import os
import platform
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
TRIPLE = "aarch64-linux-gnu"
HARD, LINK = "1", "2"  # types of tar entries


def tar(entries, compression="xz"):
    """entries: (path, contents) for a file, (path, type of tar, target) for anything else."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{compression}", format=tarfile.GNU_FORMAT) as archive:
        for path, kind, *rest in entries:
            info = tarfile.TarInfo(path)
            if isinstance(kind, bytes):
                info.size = len(kind)
                info.mode = rest[0] if rest else 0o644
                archive.addfile(info, io.BytesIO(kind))
                continue
            info.type = kind.encode()
            info.linkname = rest[0] if rest else ""
            info.mode = 0o755
            archive.addfile(info)
    return out.getvalue()


def packed(tarred, compression):
    """Python has no zstd; Ubuntu's packages use it."""
    if compression != "zst":
        return tarred
    return subprocess.run(["zstd", "-q", "-c"], input=tarred, capture_output=True, check=True).stdout


def ar(members):
    out = b"!<arch>\n"
    for name, data in members:
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode() + data
        out += b"\n" * (len(data) % 2)
    return out


def deb(name, entries, arch="arm64", version="1.0-1", compression="xz"):
    control = f"Package: {name}\nVersion: {version}\nArchitecture: {arch}\n".encode()
    return ar([("debian-binary", b"2.0\n"), ("control.tar.gz", tar([("./control", control)], "gz")),
               (f"data.tar.{compression}", packed(tar(entries, "" if compression == "zst" else compression),
                                                  compression))])


def apk(name, entries, arch="aarch64"):
    info = f"pkgname = {name}\npkgver = 1.0-r0\narch = {arch}\n".encode()
    # As abuild does: two gzip streams, and the first has no end-of-archive blocks.
    first = tar([(".PKGINFO", info)], "")[:1024]
    import gzip
    return gzip.compress(first) + tar(entries, "gz")


def own_release():
    """Whose packages apt has here."""
    values = platform.freedesktop_os_release()
    if values["ID"] not in ("debian", "ubuntu") or "VERSION_ID" not in values:
        return "debian:12"
    return f"{values['ID']}:{values['VERSION_ID']}"


class Sysroot(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tenon-sysroot-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.packages = self.folder / "packages"
        self.packages.mkdir()
        self.home = self.folder / "state"
        self.root = self.folder / "out" / "root"
        self.environment = dict(os.environ, XDG_STATE_HOME=str(self.home), NO_COLOR="1")

    def put(self, name, data):
        (self.packages / name).write_bytes(data)

    def run_tenon(self, *arguments, code=0):
        done = subprocess.run([TENON, *arguments], capture_output=True, text=True, timeout=120,
                              env=self.environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def make(self, *arguments, code=0, name="debian:12/arm64"):
        text = self.run_tenon("sysroot", name, *arguments, "--from", str(self.packages), "--output",
                              str(self.root), "--json", code=code)
        return json.loads(text)

    def refused(self, expected, *arguments, **options):
        document = self.make(*arguments, code=1, **options)
        self.assertEqual([one["code"] for one in document["findings"]], [expected])
        return document

    def leftovers(self):
        return sorted(path.name for path in self.root.parent.glob(".*")) if self.root.parent.exists() else []

    def test_unpacks_what_compiles_and_links(self):
        self.put("a.deb", deb("liba-dev", [
            ("./", "5"), ("./usr/include/a.h", b"int a(void);\n"),
            (f"./lib/{TRIPLE}/liba.so.1", b"library", 0o4755),
            (f"./usr/lib/{TRIPLE}/liba.so", LINK, f"/lib/{TRIPLE}/liba.so.1"),
            (f"./usr/lib/{TRIPLE}/same.h", HARD, "./usr/include/a.h"),
            (f"./usr/lib/{TRIPLE}/device", "3"), (f"./usr/lib/{TRIPLE}/pipe", "6"),
            ("./usr/share/doc/a/copyright", b"text"), ("./usr/bin/a", b"program", 0o755)]))
        data = self.make()["data"]
        self.assertTrue(data["changed"])
        self.assertEqual(data["packages"][0]["sha256"],
                         hashlib.sha256((self.packages / "a.deb").read_bytes()).hexdigest())
        found = sorted(str(path.relative_to(self.root)) for path in (self.root / "usr").rglob("*")
                       if not path.is_dir())
        self.assertEqual(found, ["usr/include/a.h", f"usr/lib/{TRIPLE}/liba.so",
                                 f"usr/lib/{TRIPLE}/liba.so.1", f"usr/lib/{TRIPLE}/same.h"])
        self.assertEqual(os.readlink(self.root / "lib"), "usr/lib")
        self.assertEqual(os.readlink(self.root / f"usr/lib/{TRIPLE}/liba.so"), "liba.so.1")
        self.assertEqual((self.root / f"lib/{TRIPLE}/liba.so").read_bytes(), b"library")
        self.assertEqual((self.root / f"usr/lib/{TRIPLE}/same.h").read_bytes(), b"int a(void);\n")
        self.assertEqual((self.root / f"usr/lib/{TRIPLE}/liba.so.1").stat().st_mode & 0o7777, 0o755)
        self.assertEqual(self.leftovers(), [])

    def test_each_compression_and_apk(self):
        compressions = ["gz", "xz", "bz2"] + (["zst"] if shutil.which("zstd") else [])
        for name in compressions:
            self.put(f"{name}.deb", deb(f"lib{name}", [(f"./usr/include/{name}.h", b"x")], compression=name))
        self.put("m.apk", apk("musl-dev", [("usr/include/m.h", b"m"), ("lib/ld.so", b"l")]))
        self.assertEqual(len(self.make(name="alpine:3.20/arm64")["data"]["packages"]), len(compressions) + 1)
        for name in compressions:
            self.assertEqual((self.root / f"usr/include/{name}.h").read_bytes(), b"x")
        self.assertEqual((self.root / "usr/include/m.h").read_bytes(), b"m")
        self.assertEqual((self.root / "lib/ld.so").read_bytes(), b"l")

    def test_the_same_files_again_change_nothing(self):
        self.put("a.deb", deb("liba", [("./usr/include/a.h", b"1")]))
        self.make()
        inode = self.root.stat().st_ino
        self.assertFalse(self.make()["data"]["changed"])
        self.assertEqual(self.root.stat().st_ino, inode)
        self.put("a.deb", deb("liba", [("./usr/include/b.h", b"2")], version="2"))
        self.assertTrue(self.make()["data"]["changed"])
        self.assertFalse((self.root / "usr/include/a.h").exists(), "a file of the old version stayed")

    def test_hostile_packages_write_nothing_outside(self):
        outside = self.folder / "outside"
        outside.mkdir()
        (outside / "kept").write_bytes(b"kept")
        up = "../" * 12
        cases = {
            "a path with ..": [(f"./usr/lib/{up}{outside.name}/x", b"x")],
            "an absolute path": [(f"{outside}/x", b"x")],
            "a hard link to a path with ..": [("./usr/lib/x", HARD, f"../{outside}/kept")],
            "a hard link to an absolute path": [("./usr/lib/x", HARD, str(outside / "kept"))],
            "a hard link to nothing": [("./usr/lib/x", HARD, "./usr/lib/none")],
        }
        for why, entries in cases.items():
            with self.subTest(why):
                self.put("x.deb", deb("libx", [("./usr/include/fine.h", b"1"), *entries]))
                self.refused("TN1204")
                self.assertFalse(self.root.exists())
                self.assertEqual(self.leftovers(), [])
        self.assertEqual(sorted(path.name for path in outside.iterdir()), ["kept"])

    def test_links_are_not_followed_while_unpacking(self):
        outside = self.folder / "outside"
        outside.mkdir()
        self.put("x.deb", deb("libx", [
            ("./usr/lib/door", LINK, str(outside)), ("./usr/lib/door/planted", b"x"),
            ("./usr/lib/up", LINK, "../" * 20 + str(outside)[1:]), ("./usr/lib/up/planted", b"x"),
            ("./usr/lib/f", LINK, str(outside / "f")), ("./usr/lib/f", b"file"),
            ("./usr/lib/loop", LINK, "loop")]))
        self.make()
        self.assertEqual(list(outside.iterdir()), [])
        self.assertEqual((self.root / "usr/lib/door/planted").read_bytes(), b"x")
        self.assertEqual((self.root / "usr/lib/f").read_bytes(), b"file")
        for path in self.root.rglob("*"):
            if path.is_symlink():
                self.assertTrue(os.path.normpath(path.parent / os.readlink(path)).startswith(str(self.root)))

    def test_every_link_stays_inside(self):
        outside = self.folder / "secret"
        outside.write_bytes(b"secret")
        self.put("x.deb", deb("libx", [
            ("./usr/lib/a", LINK, str(outside)), ("./usr/lib/b", LINK, "../" * 30 + str(outside)[1:]),
            ("./usr/lib/c", LINK, "a/../../../.."), ("./usr/lib/c/d", LINK, "/")]))
        self.make()
        for name in ("a", "b"):
            self.assertFalse((self.root / "usr/lib" / name).exists(), f"{name} leads out of the sysroot")
        real = os.path.realpath(self.root / "usr/lib/c")
        self.assertTrue(real.startswith(os.path.realpath(self.root)), real)

    def test_damaged_files_leave_the_old_sysroot(self):
        self.put("a.deb", deb("liba", [("./usr/include/a.h", b"1")]))
        self.make()
        good = deb("libb", [("./usr/include/b.h", os.urandom(40_000))])
        for why, data in {"cut": good[:len(good) // 2], "empty": b"", "text": b"no archive\n" * 50,
                          "thin": b"!<thin>\n" + good[8:], "no data": ar([("debian-binary", b"2.0\n")]),
                          "flipped": good[:-20_000] + bytes(100) + good[-19_900:]}.items():
            with self.subTest(why):
                self.put("b.deb", data)
                self.refused("TN1204")
                self.assertEqual((self.root / "usr/include/a.h").read_bytes(), b"1")
                self.assertEqual(self.leftovers(), [])

    def test_sizes_have_limits(self):
        info = tarfile.TarInfo("./usr/lib/large")
        info.size = 33 << 30  # and only its header is there
        control = b"Package: x\nVersion: 1\nArchitecture: arm64\n"
        members = [("debian-binary", b"2.0\n"), ("control.tar.gz", tar([("./control", control)], "gz")),
                   ("data.tar", info.tobuf(tarfile.GNU_FORMAT))]
        self.put("x.deb", ar(members))
        self.assertIn("32 GiB", self.refused("TN1204")["findings"][0]["message"])
        members[1] = ("control.tar.gz", tar([("./control", control + b"X: " + b"x" * (1 << 20))], "gz"))
        self.put("x.deb", ar(members))
        self.assertIn("1 MiB", self.refused("TN1204")["findings"][0]["message"])

    def test_another_processor_is_refused(self):
        self.put("a.deb", deb("liba", [("./usr/include/a.h", b"1")], arch="amd64"))
        document = self.refused("TN1205")
        self.assertIn("amd64", document["findings"][0]["message"])

    def test_named_packages_of_a_folder(self):
        for name in ("liba", "libb"):
            self.put(f"{name}.deb", deb(name, [(f"./usr/include/{name}.h", b"1")]))
        self.put("foreign.deb", deb("foreign", [("./usr/include/f.h", b"1")], arch="s390x"))
        self.make("libb")
        self.assertEqual(os.listdir(self.root / "usr/include"), ["libb.h"])
        self.refused("TN1208", "libc")

    def test_a_directory_of_somebody_else_is_left_alone(self):
        self.put("a.deb", deb("liba", [("./usr/include/a.h", b"1")]))
        self.root.mkdir(parents=True)
        (self.root / "thesis.txt").write_text("years")
        self.refused("TN1206")
        self.assertEqual((self.root / "thesis.txt").read_text(), "years")

    def test_a_run_that_ended_between_two_renames_loses_nothing(self):
        self.put("a.deb", deb("liba", [("./usr/include/a.h", b"1")]))
        self.make()
        previous = self.root.with_name(f".{self.root.name}.tenon-previous")
        self.root.rename(previous)
        self.assertFalse(self.make()["data"]["changed"], "the old directory is put back")
        self.assertEqual(self.leftovers(), [])
        self.root.rename(previous)
        previous.chmod(0o777)
        self.assertTrue(self.make()["data"]["changed"], "one that others can write is not trusted")
        self.assertEqual(self.root.stat().st_mode & 0o022, 0)
        self.assertEqual(self.leftovers(), [])

    def test_an_empty_folder_is_named(self):
        self.refused("TN1207")

    def test_usage(self):
        for arguments in ([], ["debian"], ["debian:12/z80", "x"], ["debian:12/arm64"],
                          ["debian:12/arm64", "--", "-o"], ["alpine:3.20/arm64", "musl-dev"]):
            with self.subTest(arguments):
                self.assertIn("TN0101", self.run_tenon("sysroot", "--json", *arguments, code=3))

    def test_build_names_what_is_missing(self):
        text = self.run_tenon("build", ".", "--target", "linux/arm64:gnu", "--sysroot", "debian:12/arm64",
                              "--json", code=3)
        self.assertIn("tenon sysroot debian:12/arm64", text)

    @unittest.skipUnless(shutil.which("go"), "no Go")
    def test_a_missing_header_or_pc_file_names_the_package_and_the_command(self):
        for line in ("#include <pcap.h>", "#cgo pkg-config: libpcap"):
            project = self.project(f"package main\n\n// {line}\nimport \"C\"\n\n"
                                   "func main() { println(C.int(1)) }\n")
            document = json.loads(self.run_tenon("build", "-C", str(project), ".", "--target",
                                                 "linux/arm64:gnu", "--json", code=1))
            fixes = [command for finding in document["findings"] for fix in finding["fixes"]
                     for command in fix.get("commands", [])]
            # The package with the file, where an index has it, or the one that stands for all releases.
            packages = [command[3:] for command in fixes if command[:3] == ["tenon", "sysroot", f"{own_release()}/arm64"]]
            self.assertIn(packages, ([["libpcap-dev"]], [["libpcap0.8-dev"]]), document)

    @unittest.skipUnless(shutil.which("go") and os.access("/usr/lib/apt/apt-helper", os.X_OK), "no Go or no apt")
    def test_apts_index_names_a_package_that_no_table_has(self):
        lists = self.folder / "lists"
        lists.mkdir()
        (lists / "x.invalid_d_dists_s_main_Contents-amd64").write_text(
            "usr/include/zebra/zebra.h   libdevel/libzebra-dev\n"
            "usr/lib/x86_64-linux-gnu/pkgconfig/zebra.pc   universe/libdevel/libzebra-dev\n")
        (self.folder / "sources.list").write_text("deb [arch=amd64] http://x.invalid/d s main\n")
        (self.folder / "apt.conf").write_text(
            f'Dir::State::lists "{lists}";\nDir::Etc::sourcelist "{self.folder}/sources.list";\n'
            'Dir::Etc::sourceparts "/dev/null";\nAPT::Architecture "amd64";\nAPT::Architectures "amd64";\n'
            'Acquire::IndexTargets::deb::Contents-deb { MetaKey "$(COMPONENT)/Contents-$(ARCHITECTURE)"; '
            'ShortDescription "x"; Description "x"; KeepCompressed "true"; };\n')
        self.environment["APT_CONFIG"] = str(self.folder / "apt.conf")
        for line, package in (("#include <zebra/zebra.h>", "libzebra-dev"), ("#cgo pkg-config: zebra", "libzebra-dev"),
                              ("#include <okapi.h>", "PACKAGE")):
            project = self.project(f'package main\n\n// {line}\nimport "C"\n\nfunc main() {{ println(C.int(1)) }}\n')
            document = json.loads(self.run_tenon("build", "-C", str(project), ".", "--target", "linux/arm64:gnu",
                                                 "--json", code=1))
            text = json.dumps(document["findings"])
            self.assertIn(json.dumps(["tenon", "sysroot", f"{own_release()}/arm64", package]), text)
            self.assertIn("unknown package" if package == "PACKAGE" else "libzebra-dev has /usr/", text)

    @unittest.skipUnless(shutil.which("go"), "no Go")
    def test_the_command_names_the_distribution_of_the_sysroot_or_of_the_machine(self):
        project = self.project('package main\n\n// #include <pcap.h>\nimport "C"\n\nfunc main() { println(C.int(1)) }\n')
        self.put("a.deb", deb("liba", [("./usr/include/a.h", b"1")]))
        self.run_tenon("sysroot", "debian:13/arm64", "--from", str(self.packages))
        for given, expected in ((["--sysroot", "debian:13/arm64"], "debian:13/arm64"), ([], f"{own_release()}/arm64")):
            document = json.loads(self.run_tenon("build", "-C", str(project), ".", "--target", "linux/arm64:gnu",
                                                 "--json", *given, code=1))
            self.assertIn(f'"{expected}"', json.dumps(document["findings"]))

    def project(self, source):
        project = Path(tempfile.mkdtemp(dir=self.folder))
        (project / "go.mod").write_text("module example.com/p\n\ngo 1.21\n")
        (project / "main.go").write_text(source)
        return project

    def test_interrupted_runs_leave_nothing(self):
        self.put("a.deb", deb("liba", [(f"./usr/include/{i}.h", b"x" * 2000) for i in range(30_000)],
                              compression="gz"))
        process = subprocess.Popen([TENON, "sysroot", "debian:12/arm64", "--from", str(self.packages),
                                    "--output", str(self.root)], env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        partial = self.root.parent / ".root.tenon-partial"
        limit = time.monotonic() + 60
        while not partial.exists() and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertFalse(self.root.exists())
        self.assertEqual(self.leftovers(), [])

    @unittest.skipUnless(shutil.which("go"), "no Go")
    def test_a_program_is_built_with_it(self):
        (self.folder / "answer.c").write_text("int answer(void) { return 42; }\n")
        library = self.folder / "libanswer.a"
        subprocess.run([TENON, "cc", "--target", "linux/arm64:gnu", "-g0", "-c", "answer.c", "-o",
                        "answer.o"], check=True, timeout=300, env=self.environment, cwd=self.folder)
        zig = shutil.which("zig")
        if zig is None:
            self.skipTest("no zig")
        subprocess.run([zig, "ar", "rc", str(library), str(self.folder / "answer.o")], check=True, timeout=60)
        pc = (b"prefix=/usr\nName: answer\nDescription: x\nVersion: 1\n"
              b"Libs: -L${prefix}/lib/aarch64-linux-gnu -lanswer\nCflags: -I${prefix}/include/answer\n")
        self.put("a.deb", deb("libanswer-dev", [
            ("./usr/include/answer/answer.h", b"int answer(void);\n"),
            (f"./usr/lib/{TRIPLE}/libanswer.a", library.read_bytes()),
            (f"./usr/lib/{TRIPLE}/pkgconfig/answer.pc", pc)]))
        self.run_tenon("sysroot", "debian:12/arm64", "--from", str(self.packages))
        project = self.project(
            "package main\n\n// #cgo pkg-config: answer\n// #include <answer.h>\nimport \"C\"\n\n"
            "func main() { println(int(C.answer())) }\n")
        done = subprocess.run([TENON, "build", "-C", str(project), ".", "--target", "linux/arm64:gnu",
                               "--sysroot", "debian:12/arm64", "-o", str(self.folder / "p"), "--json"],
                              capture_output=True, text=True, timeout=600, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue((self.folder / "p").exists())
        # The compiler alone takes the name too.
        (self.folder / "use.c").write_text("#include <answer/answer.h>\nint main(void) { return answer() - 42; }\n")
        for name, code in (("debian:12/arm64", 0), ("debian:11/arm64", 3)):
            done = subprocess.run([TENON, "cc", "--target", "linux/arm64:gnu", "--sysroot", name, "use.c", "-lanswer",
                                   "-o", "use"], cwd=self.folder, capture_output=True, text=True, timeout=300,
                                  env=self.environment)
            self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn("tenon sysroot debian:11/arm64", done.stderr)

    @unittest.skipUnless(shutil.which("go") and shutil.which("qemu-aarch64-static"), "no Go or no qemu")
    @unittest.skipUnless(Path(f"/usr/{TRIPLE}/lib/libc.so.6").exists(), "no glibc for arm64")
    def test_a_library_that_needs_a_newer_glibc_links_and_runs(self):
        # dlsym is in libc since glibc 2.34; the program itself is for 2.28.
        (self.folder / "answer.c").write_text(
            "#include <dlfcn.h>\nint answer(void) { return dlsym(0, \"\") ? 0 : 42; }\n")
        subprocess.run([TENON, "cc", "--target", "linux/arm64:gnu2.34", "-shared", "-g0",
                        "-Wl,-soname,libanswer.so", "answer.c", "-o",
                        "libanswer.so"], check=True, timeout=300, env=self.environment, cwd=self.folder)
        glibc = Path(f"/usr/{TRIPLE}/lib")
        self.put("a.deb", deb("libanswer-dev", [
            (f"./usr/lib/{TRIPLE}/libanswer.so", (self.folder / "libanswer.so").read_bytes()),
            ("./lib/ld-linux-aarch64.so.1", (glibc / "ld-linux-aarch64.so.1").read_bytes(), 0o755),
            *((f"./lib/{TRIPLE}/{name}", (glibc / name).read_bytes())
              for name in ("libc.so.6", "libpthread.so.0", "libdl.so.2"))]))
        self.run_tenon("sysroot", "debian:12/arm64", "--from", str(self.packages))
        project = self.project("package main\n\n// #cgo LDFLAGS: -lanswer\n// int answer(void);\n"
                               "import \"C\"\n\nfunc main() { println(int(C.answer())) }\n")
        done = subprocess.run([TENON, "build", "-C", str(project), ".", "--target", "linux/arm64:gnu2.28",
                               "--sysroot", "debian:12/arm64", "-o", str(self.folder / "p"), "--smoke", "--json"],
                              capture_output=True, text=True, timeout=600, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        output = json.loads(done.stdout)["data"]["outputs"][0]
        self.assertEqual(output["smoke"]["state"], "ok", output)
        self.assertIn("42", output["smoke"]["output"])


if __name__ == "__main__":
    unittest.main()
