#!/usr/bin/env python3
"""#cgo lines, .pc files and archives as an attacker writes them: nothing in them runs, nothing is
taken for something else, and a small file stays small in memory.

TENON names the program. TENON_BOMB sets how many members the largest archives have (20,000).
"""
import os
import shutil
import struct
import subprocess
import tempfile
import time
import unittest
import zlib
from pathlib import Path

from test_core import TENON, Project, codes

MEMBERS = int(os.environ.get("TENON_BOMB", "20000"))
SOURCE = "package main\n\n{}\n// static int one(void) {{ return 1; }}\nimport \"C\"\n\nfunc main() {{ println(C.one()) }}\n"
TARGET = "linux/arm64:musl"


def hostile(project):
    """Files that a flag might lead to, each of which leaves a trace when it is used."""
    evil = project.path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch '{project.root}/PWN'\n")
    evil.chmod(0o755)
    (project.path / "evil.rsp").write_text("-DEVIL\n")


class Attacked(unittest.TestCase):
    def no_trace(self, project, about):
        self.assertEqual(list(project.root.rglob("*PWN*")), [], about)

    def refused(self, project, about, named, *args):
        code, document = project.build("--target", TARGET, *args)
        self.no_trace(project, about)
        self.assertEqual((code, document["ok"]), (1, False), about)
        text = str(document["findings"])
        for name in named:
            self.assertIn(name, text, about)
        return document


class CgoLines(Attacked):
    # The line, and what the message must name.
    REFUSED = {
        "CFLAGS: -DX=$(touch${IFS}PWN)": "main.go",
        "CFLAGS: -DX=`touch${IFS}PWN`": "main.go",
        "LDFLAGS: -lm;touch PWN": "main.go",
        "LDFLAGS: -lm|./evil": "main.go",
        'CFLAGS: -DX="unterminated': "main.go",
        "CFLAGS: -DX=a\x01b": "main.go",
        "CFLAGS: --config=/etc/passwd": "--config=/etc/passwd",
        "CFLAGS: -fplugin=./evil": "-fplugin=./evil",
        "CFLAGS: -wrapper ./evil": "-wrapper",
        "CFLAGS: @evil.rsp": "@evil.rsp",
        "LDFLAGS: @evil.rsp": "@evil.rsp",
        "LDFLAGS: -Wl,@evil.rsp": "-Wl,@evil.rsp",
        "LDFLAGS: -B./evil": "-B./evil",
        "LDFLAGS: -fuse-ld=./evil": "-fuse-ld=./evil",
        "LDFLAGS: -Wl,-plugin,./evil": "-Wl,-plugin,./evil",
        "pkg-config: foo;./evil": "main.go",
    }

    def test_refused(self):
        for line, named in self.REFUSED.items():
            with Project({"main.go": SOURCE.format("// #cgo " + line)}) as project:
                hostile(project)
                self.refused(project, line, [named])

    def test_folders_of_this_machine_are_left_out_and_named(self):
        # A word that no build had before: what go has in its cache it does not compile again.
        flags = f"CFLAGS: -I/usr/include -DU{os.getpid()}_{time.time_ns()}"
        libraries = "LDFLAGS: -L/usr/lib/x86_64-linux-gnu"
        with Project({"main.go": SOURCE.format(f"// #cgo {flags}\n// #cgo {libraries}")}) as project:
            code, document = project.build("--target", TARGET)
            self.assertEqual((code, set(codes(document))), (0, {"TN0611"}), document["findings"])
            text = str(document["findings"])
            self.assertIn("-I/usr/include", text)
            self.assertIn("-L/usr/lib/x86_64-linux-gnu", text)

    def test_a_very_long_line_reaches_the_compiler_whole(self):
        many = " ".join(f"-DA{i}={i}" for i in range(8000))
        text = SOURCE.format(f"// #cgo CFLAGS: {many}").replace("return 1", "return A0 + A7999")
        with Project({"main.go": text}) as project:
            code, document = project.build("--target", TARGET)
            self.assertEqual(code, 0, document["findings"])

    def test_a_word_that_no_command_line_holds_is_an_error(self):
        with Project({"main.go": SOURCE.format("// #cgo CFLAGS: -DA=" + "x" * 200_000)}) as project:
            self.refused(project, "a word of 200 kB", ["too long"])


@unittest.skipUnless(shutil.which("pkg-config"), "no pkg-config")
class PcFiles(Attacked):
    HEAD = "Name: foo\nDescription: foo\nVersion: 1\n"

    def project(self, **files):
        project = Project({"main.go": SOURCE.format("// #cgo pkg-config: foo")})
        hostile(project)
        folder = project.root / "root/usr/lib/pkgconfig"
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / f"{name}.pc").write_bytes(text.encode("latin-1"))
        return project

    def test_refused(self):
        for flags, named in {
                "Cflags: -DX=$(touch${IFS}PWN)": "$",
                "Cflags: -fplugin=./evil": "-fplugin=./evil",
                "Cflags: -DX=a\\\n-wrapper ./evil": "-wrapper",
                "Libs: ;./evil": ";",
                "Libs: -B./evil": "-B./evil",
                "Libs: @evil.rsp": "@evil.rsp",
                "Cflags: @evil.rsp": "@evil.rsp"}.items():
            with self.project(foo=self.HEAD + flags + "\n") as project:
                document = self.refused(project, flags, [named], "--sysroot", str(project.root / "root"))
                if "@" in flags or ";" in flags or "$" in flags:
                    self.assertNotIn("blank", str(document["findings"]), flags)

    def test_quoted_words_stay_one_word(self):
        """pkg-config quotes a backquote itself: the compiler gets the character."""
        for flags in ("-DX=\\;./evil\\ PWN", "-DX=`./evil`"):
            with self.project(foo=self.HEAD + f"Cflags: {flags}\n") as project:
                code, document = project.build("--target", TARGET, "--sysroot", str(project.root / "root"))
                self.assertEqual(code, 0, document["findings"])
                self.no_trace(project, flags)

    def test_files_that_no_one_reads_to_the_end(self):
        """pkg-config decides what it makes of them; it ends, and so does the build."""
        doubled = "".join(f"v{i + 1}=${{v{i}}}${{v{i}}}${{v{i}}}${{v{i}}}\n" for i in range(16))
        for about, files in {
                "requires itself": {"foo": self.HEAD + "Requires: bar\n", "bar": self.HEAD + "Requires: foo\n"},
                "variables of themselves": {"foo": "a=${b}${b}\nb=${a}${a}\n" + self.HEAD + "Cflags: ${a}\n"},
                "variables that double": {"foo": "v0=xxxx\n" + doubled + self.HEAD + "Cflags: -D${v16}\n"},
                "a line of 5 MB": {"foo": self.HEAD + "Cflags: -DA=" + "x" * 5_000_000 + "\n"},
                "no text": {"foo": "\xff\xfe\0\1" * 1000}}.items():
            with self.project(**files) as project:
                started = time.monotonic()
                code, _ = project.build("--target", TARGET, "--sysroot", str(project.root / "root"))
                self.assertIn(code, (0, 1), about)
                self.assertLess(time.monotonic() - started, 60, about)
                self.no_trace(project, about)


def member(name, data=b"", size=None):
    size = len(data) if size is None else size
    head = b"%-16s%-12s%-6s%-6s%-8s%-10s`\n" % (name, b"0", b"0", b"0", b"644", str(size).encode())
    return head + data + b"\n" * (len(data) & 1)


def elf_object(*sections):
    """An object for x86-64 with (name, flags, data): the gABI's figure 4-8."""
    sections = [*sections, (b".shstrtab", 0, b"")]
    names, at = b"\0", []
    for name, _, _ in sections:
        at.append(len(names))
        names += name + b"\0"
    body, table = b"", [b"\0" * 64]
    for where, (name, flags, data) in zip(at, sections):
        data = names if name == b".shstrtab" else data
        kind = 3 if name == b".shstrtab" else 1
        table.append(struct.pack("<IIQQQQIIQQ", where, kind, flags, 0, 64 + len(body), len(data), 0, 0, 1, 0))
        body += data
    head = b"\x7fELF\2\1\1" + b"\0" * 9 + struct.pack("<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0,
                                                     64, len(table), len(table) - 1)
    return head + body + b"".join(table)


def compressed(size):
    packer = zlib.compressobj(9)
    block = b"\0" * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


@unittest.skipIf("asan" in TENON, "sanitizers need memory of their own")
class Bombs(unittest.TestCase):
    MAGIC = b"!<arch>\n"
    COMMANDS = (["inspect"], ["inspect", "--json"], ["inspect", "--symbols"], ["inspect", "--size"],
                ["inspect", "--exports"], ["verify"], ["sign", "--dry-run"])

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.file = Path(place.name) / "lib.a"
        (Path(place.name) / "secret").write_text("SECRET\n")

    def measured(self, command):
        with open(self.file.parent / "said", "w+b") as said:
            started = time.monotonic()
            with subprocess.Popen([TENON, *command, self.file], stdout=said, stderr=said) as child:
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            return child.returncode, time.monotonic() - started, usage.ru_maxrss >> 10, said.read(1 << 20)

    def harmless(self, about, data, refused=False):
        self.file.write_bytes(data)
        for command in self.COMMANDS:
            code, seconds, megabytes, said = self.measured(command)
            about_this = f"{about}: {command} {said[:300]}"
            self.assertIn(code, (0, 1, 2, 3), about_this)
            self.assertLess(megabytes, 256, about_this)
            self.assertLess(seconds, 15, about_this)
            self.assertNotIn(b"SECRET", said)
            if refused and command[0] == "inspect":
                self.assertEqual(code, 3, about_this)
                self.assertIn(b"lib.a", said)
        self.assertEqual(self.file.read_bytes(), data)

    def test_sizes_that_are_not_there(self):
        for size in (9_999_999_999, 1 << 31, 2):
            self.harmless("size", self.MAGIC + member(b"a.o/", b"x", size)[:61], refused=True)
        self.harmless("negative", self.MAGIC + member(b"a.o/", size=-1), refused=True)
        self.harmless("name length", self.MAGIC + member(b"#1/4294967295", b"a" * 64), refused=True)

    def test_indexes_that_are_not_there(self):
        self.harmless("index", self.MAGIC + member(b"/", b"\xff" * 4 + b"\0" * 64))
        self.harmless("index 64", self.MAGIC + member(b"/SYM64/", b"\xff" * 8 + b"\0" * 64))
        count = 500_000
        index = struct.pack(">I", count) + struct.pack(">I", 8) * count + b"a\0" * count
        self.harmless("many symbols", self.MAGIC + member(b"/", index))

    def test_thin_archives_lead_nowhere(self):
        names = f"../../../../../{self.file.parent}/secret/\n{self.file.parent}/secret/\nsecret/\n".encode()
        second, third = names.index(b"\n") + 1, names.rindex(b"secret/")
        self.harmless("thin", b"!<thin>\n" + member(b"//", names) + member(b"/0", size=7) +
                      member(b"/%d" % second, size=7) + member(b"/%d" % third, size=7))

    def test_archives_in_archives(self):
        nested = self.MAGIC + member(b"a.o/", b"x")
        for _ in range(2000):
            nested = self.MAGIC + member(b"a.a/", nested)
        self.harmless("deep", nested)
        wide = self.MAGIC
        for _ in range(14):
            wide = self.MAGIC + member(b"a.a/", wide) * 2
        self.harmless("wide", wide)

    def test_many_members(self):
        self.harmless("many", self.MAGIC + member(b"a.o/") * MEMBERS)

    def test_a_long_name_that_all_members_share(self):
        """16 KiB a name would make gigabytes of a few megabytes."""
        self.harmless("one name", self.MAGIC + member(b"//", b"n" * 1_000_000 + b"/\n") + member(b"/0") * MEMBERS,
                      refused=True)
        self.harmless("its ends", self.MAGIC + member(b"//", b"n" * 200_000 + b"/\n") +
                      b"".join(member(b"/%d" % i) for i in range(MEMBERS)), refused=True)

    def test_debug_sections_that_unfold_to_gigabytes(self):
        packed = compressed(1 << 30)
        head = struct.pack("<IIQQ", 1, 0, 1 << 30, 1)
        names = (b".debug_info", b".debug_line", b".debug_abbrev", b".debug_str")
        self.harmless("SHF_COMPRESSED", elf_object(*((name, 0x800, head + packed) for name in names)))
        self.harmless("zdebug", elf_object((b".zdebug_info", 0, b"ZLIB" + struct.pack(">Q", 1 << 30) + packed)))
        lie = struct.pack("<IIQQ", 1, 0, 1 << 62, 1) + packed[:100]
        self.harmless("a size that is not there", elf_object((b".debug_info", 0x800, lie)))


if __name__ == "__main__":
    unittest.main()
