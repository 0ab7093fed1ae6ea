"""The cache of compiles. The judge of every object is the same call made again with --no-cache: whatever changed in
between, the two have the same bytes. Whether it was found is in `tenon cache stats --json`."""
import concurrent.futures
import json
import mmap
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
GCC = shutil.which("gcc")
ZIG = shutil.which("zig")


class Cache(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-cache-")).resolve()
        self.addCleanup(shutil.rmtree, self.top, True)
        self.m = self.top / "m"
        self.m.mkdir()
        self.env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.env |= {"TENON_CACHE": str(self.top / "cache"), "LC_ALL": "C",
                     "TENON_TOOLS": os.environ.get("TENON_TOOLS", "")}
        self.write("go.mod", "module example.com/m\n")

    def write(self, name, text, root=None):
        path = (root or self.m) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        # A file that is as new as the compile is not kept.
        old = time.time() - 5
        os.utime(path, (old, old))
        return path

    def cc(self, *args, way=("--native",), cwd=None, code=0, **env):
        done = subprocess.run([TENON, "cc", *way, *map(str, args)], cwd=cwd or self.m, env={**self.env, **env},
                              capture_output=True, timeout=300, stdin=subprocess.DEVNULL, check=False)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stderr.decode())
        return done

    def stats(self):
        done = subprocess.run([TENON, "cache", "stats", "--json"], env=self.env, capture_output=True, timeout=60,
                              check=True)
        return json.loads(done.stdout)["data"]

    def object(self, *args, way=("--native",), cwd=None, out="x.o", **env):
        """The bytes that a call gives."""
        path = (cwd or self.m) / out
        path.unlink(missing_ok=True)
        self.cc(*args, "-o", path, way=way, cwd=cwd, **env)
        return path.read_bytes()

    def fresh(self, *args, way=("--native",), **more):
        return self.object(*args, way=(*way, "--no-cache"), **more)

    def hits(self):
        return self.stats()["hits"]


@unittest.skipUnless(GCC, "no gcc")
class Native(Cache):
    CALL = ("-I", "inc1", "-I", "inc2", "-g", "-O1", "-frandom-seed=abc", "-c", "x.c")

    def ready(self):
        self.write("x.c", '#include "a.h"\n#include <b.h>\n#if __has_include("later.h")\n#include "later.h"\n#endif\n'
                          '#ifndef LATER\n#define LATER 0\n#endif\n#ifdef EXTRA\n#include "extra.h"\n#endif\n'
                          'const char* file = __FILE__;\nint f(void) { return A + B + LATER; }\n')
        self.write("a.h", "#define A 1\n")
        self.write("inc2/b.h", '#include "c.h"\n#define B C\n')
        self.write("inc2/c.h", "#define C 2\n")
        (self.m / "inc1").mkdir(exist_ok=True)

    def check(self, *call, hit, **more):
        before = self.hits()
        kept = self.object(*call, **more)
        found = self.hits() - before
        self.assertEqual(kept, self.fresh(*call, **more))
        self.assertEqual(found, 1 if hit else 0)

    def test_a_second_call_is_found_whatever_go_makes_new(self):
        self.ready()
        self.check(*self.CALL, hit=False)
        self.check(*self.CALL, hit=True)
        self.check(*self.CALL[:6], "-frandom-seed=other", "-c", "x.c", hit=True)

    def test_another_checkout_and_another_work_directory(self):
        self.ready()
        other = self.top / "elsewhere/deep/m"
        shutil.copytree(self.m, other)
        objects = []
        for root, work in ((self.m, "/tmp/go-build11/b001"), (other, "/tmp/go-build22/b042")):
            call = ("-I", root, "-I", root / "inc2", f"-ffile-prefix-map={work}=/tmp/go-build", "-I", work, "-g", "-c",
                    "x.c")
            objects.append(self.object(*call, cwd=root))
            self.assertEqual(objects[-1], self.fresh(*call, cwd=root))
        self.assertEqual(objects[0], objects[1])
        self.assertEqual(self.hits(), 1)
        self.assertNotIn(str(self.top).encode(), objects[0])

    def test_trimpath_and_plain_are_one(self):
        self.ready()
        plain = ("-I", self.m, "-I", "inc2", "-g", "-c", "x.c")
        trimmed = (f"-ffile-prefix-map={self.m}=/_/example.com/m", *plain)
        self.assertEqual(self.object(*plain), self.object(*trimmed))
        self.assertEqual(self.hits(), 1)

    def test_keep_paths(self):
        self.ready()
        self.assertIn(str(self.m).encode(), self.object("-I", "inc2", "-g", "-c", "x.c", way=("--native", "--keep-paths")))

    def test_what_go_generates_differs_in_line_directives_alone(self):
        objects = []
        for user in ("one", "two"):
            root, work = self.top / user / "m", self.top / f"go-build-{user}/b001"
            self.write("go.mod", "module example.com/m\n", root)
            self.write("x.cgo2.c", f'#line 3 "{root}/main.go"\nint f(void) {{ return 3; }}\n', work)
            call = ("-I", root, f"-ffile-prefix-map={work}=/tmp/go-build", "-I", work, "-g", "-c", "x.cgo2.c")
            objects.append(self.object(*call, cwd=work))
            self.assertEqual(objects[-1], self.fresh(*call, cwd=work))
        self.assertEqual(objects[0], objects[1])
        self.assertEqual(self.hits(), 1)

    def test_a_path_in_the_text_is_text(self):
        for user in ("one", "two"):
            root, work = self.top / user / "m", self.top / f"go-build-{user}/b001"
            self.write("go.mod", "module example.com/m\n", root)
            self.write("x.c", f'const char* place = "{root}/data";\n', work)
            call = ("-I", root, f"-ffile-prefix-map={work}=/tmp/go-build", "-c", "x.c")
            self.assertIn(str(root).encode(), self.object(*call, cwd=work))
        self.assertEqual(self.hits(), 0)

    def changes(self):
        """Each changes one thing between two calls: a name, what is done, and arguments of the second call."""
        write, m = self.write, self.m
        yield "header text", lambda: write("a.h", "#define A 5\n"), ()
        yield "header of a header", lambda: write("inc2/c.h", "#define C 9\n"), ()
        yield "header earlier in the search", lambda: write("inc1/b.h", "#define B 7\n"), ()
        yield "header beside the source", lambda: write("b.h", "#define B 70\n"), ()
        yield "header of a header, earlier", lambda: write("inc1/c.h", "#define C 8\n"), ()
        yield "__has_include comes true", lambda: write("later.h", "#define LATER 30\n"), ()
        yield "the same, in another directory", lambda: write("inc1/later.h", "#define LATER 31\n"), ()
        yield "header with a definition", lambda: write("extra.h", "int extra;\n"), ("-DEXTRA",)
        yield "source", lambda: write("x.c", '#include "a.h"\nint f(void) { return A; }\n'), ()
        yield "source, same size and time", lambda: (m / "x.c").write_text((m / "x.c").read_text().replace("A + B", "A - B")), ()
        yield "optimization", lambda: None, ("-O2",)
        yield "definition", lambda: None, ("-DB2",)
        yield "search order", lambda: write("inc3/b.h", "#define B 6\n"), ("-iquoteinc3",)
        yield "system directory", lambda: write("inc4/stdarg.h", "#define S 6\n"), ("-isysteminc4",)
        yield "forced header", lambda: write("f.h", "#undef LATER\n#define LATER 4\n"), ("-include", "f.h")
        yield "debug information", lambda: None, ("-g3",)
        yield "language", lambda: None, ("-xc++",)
        yield "standard", lambda: None, ("-std=c89",)
        yield "position", lambda: None, ("-fPIC",)
        yield "machine", lambda: None, ("-mavx",)
        yield "header becomes a link", lambda: ((m / "a.h").unlink(), write("a2.h", "#define A 44\n"),
                                                (m / "a.h").symlink_to("a2.h")), ()
        yield "header touched only", lambda: os.utime(m / "a.h"), ()
        yield "header with CRLF", lambda: (m / "a.h").write_bytes(b"#define A 1\r\n"), ()
        yield "pragma once", lambda: write("a.h", "#pragma once\n#define A 1\n"), ()
        yield "line directive", lambda: write("a.h", '#line 7 "q.h"\n#define A 1\n'), ()
        yield "comment", lambda: write("a.h", "#define A 1 /* x */\n"), ()
        yield "time appears", lambda: write("a.h", '#define A 1\nstatic const char* t = __TIME__;\n'), ()
        yield "embedded file", lambda: (write("d.bin", "abc"), write("a.h", '#define A 1\n__asm__(".data\\n.incbin \\"d.bin\\"\\n.text");\n')), ()
        yield "embedded file, other content", lambda: (write("d.bin", "xyz"), write("a.h", '#define A 1\n__asm__(".data\\n.incbin \\"d.bin\\"\\n.text");\n')), ()
        yield "computed include", lambda: (write("n.h", "#define N 3\n"), write("a.h", '#define NAME "n.h"\n#include NAME\n#define A N\n')), ()
        yield "include_next", lambda: (write("inc1/b.h", "#include_next <b.h>\n#undef B\n#define B 12\n")), ()
        yield "computed include, a header earlier", lambda: (write("x.c", '#define N <b.h>\n#include "a.h"\n#include N\nint f(void) { return B; }\n')), ()
        yield "time in a definition", lambda: write("x.c", "const char* t = T;\n"), ("-DT=__TIME__",)
        yield "macro from the environment", lambda: None, ("-DTEXT=\"x y\"",)
        yield "response file", lambda: write("r", "-DR=1 -O2"), ("@r",)
        yield "response file, other content", lambda: write("r", "-DR=2 -O0"), ("@r",)
        yield "precompiled header appears", lambda: subprocess.run([GCC, "-g", "-O1", "-c", "a.h", "-o", "a.h.gch"], cwd=m, check=True), ()
        yield "directory in place of a header", lambda: (m / "inc1/b.h").mkdir(), ()
        yield "search directory goes", lambda: shutil.move(m / "inc1", m / "inc9"), ()
        yield "dependencies wanted", lambda: None, ("-MMD", "-MF", "x.d")
        yield "another directory name in -I", lambda: shutil.copytree(m / "inc2", m / "inc5"), ("-Iinc5",)
        yield "seed and coverage", lambda: None, ("--coverage",)
        yield "warnings", lambda: write("a.h", "#define A 1\n#warning text\n"), ()

    def test_staged_changes(self):
        number = len(list(self.changes()))
        self.assertGreaterEqual(number, 40)
        for index in range(number):
            shutil.rmtree(self.m)
            self.m.mkdir()
            self.write("go.mod", "module example.com/m\n")
            self.ready()
            name, change, more = list(self.changes())[index]
            with self.subTest(name):
                self.object(*self.CALL)
                change()
                call = (*more, *self.CALL)
                for _ in range(2):  # the second finds what the first kept
                    self.assertEqual(self.object(*call), self.fresh(*call), name)
                # What was there before comes back as it was.
                for file in ("later.h", "inc1/b.h"):
                    path = self.m / file
                    if path.is_file():
                        path.unlink()
                        self.assertEqual(self.object(*call), self.fresh(*call), name)

    def test_a_header_named_by_a_macro_appears_earlier(self):
        self.ready()
        self.write("x.c", "#define N <b.h>\n#include N\nint f(void) { return B; }\n")
        call = ("-I", "inc1", "-I", "inc2", "-c", "x.c")
        self.object(*call)
        self.write("inc1/b.h", "#define B 77\n")
        self.check(*call, hit=False)

    def test_a_directory_that_the_compiler_would_search_appears(self):
        self.ready()
        call = ("-I", "inc1", "-c", "x.c")
        search = {"C_INCLUDE_PATH": f"{self.m}/none:{self.m}/inc2"}
        self.object(*call, **search)
        self.check(*call, hit=True, **search)
        self.write("none/b.h", "#define B 78\n")
        self.check(*call, hit=False, **search)
        self.write("none/c.h", "#define C 79\n")
        (self.m / "none/b.h").unlink()
        self.check(*call, hit=False, **search)

    def test_a_c_and_a_cxx_driver_are_two(self):
        self.ready()
        for words in (("cc",), ("c++",)):
            for _ in range(2):
                kept, fresh = self.m / "k.o", self.m / "f.o"
                for out, more in ((kept, ()), (fresh, ("--no-cache",))):
                    subprocess.run([TENON, *words, "--native", *more, "-Iinc2", "-c", "x.c", "-o", out], cwd=self.m,
                                   env=self.env, check=True, timeout=120)
                self.assertEqual(kept.read_bytes(), fresh.read_bytes())

    def test_dots_behind_a_link(self):
        self.write("real/deep/c.h", "#define C 1\n")
        self.write("real/d.h", "#define D 2\n")
        self.write("d.h", "#define D 3\n")
        (self.m / "link").symlink_to("real/deep")
        self.write("y.c", '#include "link/../d.h"\nint f(void) { return D; }\n')
        self.check("-c", "y.c", hit=False)
        self.write("real/d.h", "#define D 4\n")
        self.check("-c", "y.c", hit=False)

    def test_digests_that_are_remembered_by_the_state_of_a_file(self):
        # Those of large sources that nobody may write to. Each attack brings another text of the same size; the judge is
        # a compile without the cache.
        def text(answer):
            return f"int answer(void) {{ return {answer}; }}\n/*" + "x" * (2 << 20) + "*/\n"

        def fresh(answer, like, name="fresh.c"):
            """Another file, with the times and the mode of the one that it is to replace."""
            path = self.write(name, text(answer))
            os.utime(path, ns=times[like])
            path.chmod(0o444)
            return path

        def in_place(path, answer):
            path.chmod(0o644)
            path.write_text(text(answer))
            os.utime(path, ns=times[path])
            path.chmod(0o444)

        def linked(path, answer):
            os.link(fresh(answer, path), self.m / "twin.c")
            (self.m / "twin.c").rename(path)

        def exchanged_directory(path, answer):
            fresh(answer, path, f"other/{path.name}")
            path.parent.rename(self.m / "aside")
            (self.m / "other").rename(path.parent)

        def mapped(path, answer):
            at = text(1).index("1;")
            views[path][at:at + 1] = str(answer).encode()

        attacks = (in_place, lambda path, answer: fresh(answer, path).rename(path), linked, exchanged_directory, mapped)
        paths = [self.write(f"d{number}/x.c", text(1)) for number in range(len(attacks) + 1)]
        attacks = dict(zip(paths, (*attacks, in_place)))
        views = {}
        for path, attack in attacks.items():
            if attack is mapped:
                # A program that has the file open: its writes move no time until the page was on the disk.
                with path.open("r+b") as file:
                    views[path] = mmap.mmap(file.fileno(), 0)
                views[path][0:1] = b"i"
            path.chmod(0o444)
        os.utime(paths[-1], (10 ** 8, 10 ** 8))  # as a clock that is wrong writes
        times = {path: (path.stat().st_atime_ns, path.stat().st_mtime_ns) for path in paths}
        time.sleep(3.5)  # until the time of change counts as settled
        for path in paths:
            self.check("-c", path, hit=False)
            self.check("-c", path, hit=True)
        digests = [path for path in (self.top / "cache/compile/record").rglob("*")
                   if path.is_file() and path.read_text().startswith("digest ")]
        self.assertEqual(len(digests), len(paths) - 1 if sys.platform == "linux" else 0)
        for number, path in enumerate(paths):
            attacks[path](path, number + 2)
            with self.subTest(path.parent.name):
                self.check("-c", path, hit=False)

    def test_an_object_has_the_mode_of_a_new_file(self):
        self.ready()
        for _ in range(2):
            (self.m / "x.o").unlink(missing_ok=True)
            subprocess.run(["sh", "-c", 'umask 027; exec "$@"', "sh", TENON, "cc", "--native", *self.CALL, "-o", "x.o"],
                           cwd=self.m, env=self.env, check=True)
            self.assertEqual((self.m / "x.o").stat().st_mode & 0o777, 0o640)
        self.assertEqual(self.hits(), 1)

    def test_variables_of_the_search(self):
        self.ready()
        call = ("-I", "inc2", "-c", "x.c")
        self.object(*call)
        self.write("env/later.h", "#define LATER 50\n")
        self.assertEqual(self.object(*call, CPATH="env"), self.fresh(*call, CPATH="env"))
        self.assertNotEqual(self.object(*call, CPATH="env"), self.object(*call))

    def test_warnings_are_said_again_with_paths_of_this_checkout(self):
        for root in (self.m, self.top / "other/m"):
            self.write("go.mod", "module example.com/m\n", root)
            self.write("w.c", "int f(void) { int unused = 1; return 2; }\n", root)
        for root in (self.m, self.m, self.top / "other/m"):
            done = self.cc("-Wall", "-c", root / "w.c", "-I", root, "-o", "w.o", cwd=root)
            self.assertIn(f"{root}/w.c:1:", done.stderr.decode())
            self.assertIn("unused", done.stderr.decode())
        self.assertEqual(self.hits(), 2)

    def test_a_failed_compile_is_not_kept(self):
        self.write("bad.c", "int f( {\n")
        for _ in range(2):
            self.assertIn(b"bad.c", self.cc("-c", "bad.c", "-o", "b.o", code=1).stderr)
        self.assertFalse((self.m / "b.o").exists())

    def test_reasons(self):
        self.ready()
        for flags, reason in ((("-march=native",), "flag of this machine"), (("-MD",), "dependency file"),
                              (("-save-temps",), "flag"), (("-fprofile-arcs",), "flag")):
            self.cc(*flags, "-Iinc2", "-c", "x.c", "-o", "x.o")
            self.assertGreaterEqual(self.stats()["uncacheable"].get(reason, 0), 1, reason)
        self.write("t.c", "const char* t = __DATE__;\n")
        self.cc("-c", "t.c", "-o", "t.o")
        self.assertEqual(self.stats()["uncacheable"]["date or time"], 1)

    def test_a_broken_or_cut_store_is_a_miss(self):
        self.ready()
        right = self.object(*self.CALL)
        for kind in ("blob", "record"):
            for damage in (lambda p: p.write_bytes(p.read_bytes()[:-1]), lambda p: p.write_bytes(b""),
                           lambda p: p.write_bytes(p.read_bytes().replace(b"x", b"y")), Path.unlink,
                           lambda p: (p.unlink(), p.mkdir())):
                for path in (self.top / "cache/compile" / kind).rglob("*"):
                    if path.is_file():
                        damage(path)
                self.assertEqual(self.object(*self.CALL), right)
                shutil.rmtree(self.top / "cache/compile")
                self.assertEqual(self.object(*self.CALL), right)

    def test_a_cache_that_cannot_be_written(self):
        self.ready()
        right = self.fresh(*self.CALL)
        (self.top / "cache").mkdir(mode=0o700, exist_ok=True)
        shutil.rmtree(self.top / "cache/compile", True)
        (self.top / "cache/compile").write_text("in the way")
        self.assertEqual(self.object(*self.CALL), right)

    def test_many_at_once_and_kills(self):
        self.ready()
        right = self.fresh(*self.CALL)
        shutil.rmtree(self.top / "cache/compile", True)

        def one(number):
            out = self.m / f"o{number}.o"
            call = [TENON, "cc", "--native", *self.CALL, "-o", str(out)]
            process = subprocess.Popen(call, cwd=self.m, env=self.env, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, start_new_session=True)
            if number % 3 == 0:
                time.sleep(random.Random(number).random() * 0.06)
                process.kill()
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            return process.wait(timeout=120), out

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            for code, out in pool.map(one, range(60)):
                if code == 0:
                    self.assertEqual(out.read_bytes(), right)
        self.assertEqual(self.object(*self.CALL), right)

    def why(self, name, code=0):
        done = subprocess.run([TENON, "cache", "why", name, "--json"], env=self.env, capture_output=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout)
        return json.loads(done.stdout)["data"]["sources"]

    def test_why_names_what_changed(self):
        text = "#include <b.h>\nint f(void) { return B; }\n"
        base = ("-I", ".", "-I", "inc1", "-I", "inc2", "-g", "-O1")

        def written(name, content):
            return lambda: self.write(name, content) and base

        def compiler():
            # Beside what gcc looks for from its own place.
            other = self.top / "other/bin"
            other.mkdir(parents=True)
            (self.top / "other/lib").symlink_to("/usr/lib")
            (self.top / "other/libexec").symlink_to("/usr/libexec")
            (other / "gcc").write_bytes(Path(GCC).resolve().read_bytes() + b"another build")
            (other / "gcc").chmod(0o755)
            return base, {"PATH": f"{other}:{self.env['PATH']}"}

        changes = [
            (lambda: (*base, "-DNEW"), "flag: now -DNEW"),
            (lambda: base[:-1] + ("-O2",), "flag: now -O2"),
            (lambda: base[:-1] + ("-O2",), "flag: no longer -O1"),
            (lambda: base[:-2] + ("-O1",), "flag: no longer -g"),
            (lambda: (*base, "-std=c99"), "flag: now -std=c99"),
            (lambda: (*base, "-fPIC"), "flag: now -fPIC"),
            (lambda: (*base, "-mno-red-zone"), "flag: now -mno-red-zone"),
            (lambda: (*base, "-UOLD"), "flag: now -UOLD"),
            (lambda: (*base, "-I", "inc3"), "flag: now -I inc3"),
            (lambda: (*base, "-isystem", "inc3"), "flag: now -isystem inc3"),
            (lambda: base[:2] + base[4:], "flag: no longer -I inc1"),
            (lambda: (*base, "-include", "forced.h"), "flag: now -include forced.h"),
            (lambda: (*base, "-include", "forced.h"), "file: {m}/forced.h is read now"),
            (written("x.c", text + "int g;\n"), "source: its text"),
            (written("inc2/b.h", '#include "c.h"\n#define B (C + 1)\n'), "file: the text of {m}/inc2/b.h"),
            (written("inc2/c.h", "#define C 90\n"), "file: the text of {m}/inc2/c.h"),
            (written("inc1/b.h", "#define B 7\n"), "file: {m}/inc1/b.h is read now"),
            (written("inc1/b.h", "#define B 7\n"), "file: {m}/inc2/b.h is not read any more"),
            (lambda: (base, {"CPATH": "inc3"}), "environment: now CPATH=inc3"),
            (lambda: (base, {"C_INCLUDE_PATH": "inc3"}), "environment: now C_INCLUDE_PATH=inc3"),
            (compiler, "compiler: another program"),
            (lambda: ((*base, "-DNEW"), {"GOVERSION": "go1.99"}), "go: now go1.99, before go1.26"),
        ]
        for change, expected in changes:
            with self.subTest(expected):
                shutil.rmtree(self.m)
                self.m.mkdir()
                subprocess.run([TENON, "cache", "clean", "--all"], env=self.env, capture_output=True, check=True)
                for name, content in (("go.mod", "module example.com/m\n"), ("x.c", text), ("forced.h", "int forced;\n"),
                                      ("inc2/b.h", '#include "c.h"\n#define B C\n'), ("inc2/c.h", "#define C 2\n"),
                                      ("inc1/none.h", ""), ("inc3/none.h", "")):
                    self.write(name, content)
                self.object(*base, "-c", "x.c", GOVERSION="go1.26")
                changed = change()
                flags, env = changed if isinstance(changed[0], tuple) else (changed, {})
                self.cc(*flags, "-c", "x.c", "-o", "x.o", code=None, **env)
                lines = self.why("x.c")[0]["changes"]
                named = expected.format(m=self.m)
                self.assertTrue(any(line == named or line.endswith(named.replace(f"{self.m}/", "/")) or
                                    line == named.replace(f"{self.m}/", "/_/example.com/m/") for line in lines), lines)
                # Not much else: -O1 and -O2 are one change, as a file in front of another is.
                self.assertLessEqual(len(lines), 3, lines)

    def test_why_names_what_was_not_kept(self):
        self.write("x.c", "const char* when = __TIME__;\n")
        self.cc("-c", "x.c", "-o", "x.o")
        self.cc("-c", "x.c", "-o", "x.o", "-march=native")
        self.cc("-c", "x.c", "-o", "x.o", "-march=native")
        source = self.why("x.c")[0]
        self.assertFalse(source["kept"])
        self.assertEqual([(row["reason"], row["count"]) for row in source["not_kept"]],
                         [("date or time", 1), ("flag of this machine", 2)])
        self.assertEqual(source["not_kept"][1]["what"], "-march=native")
        self.assertEqual(self.why("nothing.c", code=2), [])

    def test_audit_finds_another_object(self):
        self.ready()
        self.object(*self.CALL)
        audit = [TENON, "cache", "audit", "--json"]
        self.assertEqual(json.loads(subprocess.run(audit, env=self.env, capture_output=True, check=True).stdout)
                         ["data"]["compiled"], 1)
        for record in (self.top / "cache/compile/record").rglob("*"):
            if record.is_file() and record.read_text().startswith("compiler "):
                text = record.read_text()
                record.write_text(text[:text.index("object ") + 7] + "0" * 64 + "\n")
        done = subprocess.run(audit, env=self.env, capture_output=True, check=False)
        self.assertEqual((done.returncode, json.loads(done.stdout)["data"]["wrong"]), (1, ["x.c"]))

    def test_clean(self):
        self.ready()
        self.object(*self.CALL)
        subprocess.run([TENON, "cache", "clean", "--all"], env=self.env, capture_output=True, check=True)
        self.assertEqual(self.stats()["entries"], 0)
        self.check(*self.CALL, hit=False)


@unittest.skipUnless(ZIG, "no zig")
class Cross(Cache):
    def test_every_format(self):
        self.write("x.c", '#include <stdio.h>\n#include "a.h"\nint f(void) { return puts(__FILE__) + A; }\n')
        self.write("a.h", "#define A 1\n")
        self.write("s.S", '#include "a.h"\n.globl g\ng:\n')
        for target in ("linux/arm64", "darwin/arm64", "windows/amd64"):
            way = ("--target", target, "--engine", "zig")
            for call in (("-I", self.m, "-g", "-O2", "-frandom-seed=a", "-c", "x.c"), ("-I", self.m, "-c", "s.S")):
                with self.subTest(target=target, source=call[-1]):
                    before = self.hits()
                    first = self.object(*call, way=way)
                    self.assertEqual(self.object(*call, way=way), first)
                    self.assertEqual(self.hits() - before, 1)
                    self.assertEqual(self.fresh(*call, way=way), first)


@unittest.skipUnless(GCC and shutil.which("go"), "no gcc or go")
class Go(Cache):
    def build(self, gocache, *args, cc="tenon cc --native", said="", code=0, **env):
        tools = self.top / "bin"
        tools.mkdir(exist_ok=True)
        if not (tools / "tenon").exists():
            (tools / "tenon").symlink_to(TENON)
        out = self.top / "out"
        out.unlink(missing_ok=True)
        done = subprocess.run(["go", "build", *args, "-o", out, "."], cwd=self.m, capture_output=True, text=True,
                              timeout=600, check=False,
                              env={**self.env, "CC": cc, "CXX": "tenon c++ --native", "CGO_ENABLED": "1", "GOFLAGS": "",
                                   "GOENV": "off", "GOCACHE": str(self.top / gocache),
                                   "PATH": f"{tools}:{os.environ['PATH']}", **env})
        if code is None:
            return None
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertRegex(done.stderr, f"^(?:{said})$")
        return out.read_bytes()

    def test_go_build_finds_its_c_again(self):
        self.write("go.mod", "module example.com/m\n\ngo 1.20\n")
        self.write("main.go", 'package main\n\n// int answer(void);\n// static int twice(int x) { return 2 * x; }\n'
                              'import "C"\n\nfunc main() { println(C.twice(C.answer())) }\n')
        self.write("a.c", "int answer(void) { return 21; }\n")
        first = self.build("g1")
        before = self.stats()
        self.assertEqual(before["hits"], 0)
        again = self.build("g2")
        after = self.stats()
        self.assertEqual(again, first)
        self.assertEqual(after["misses"], before["misses"])
        self.assertEqual(after["hits"], before["misses"])
        # Another flag of go's own compiler changes nothing of C.
        self.build("g3", "-gcflags=-N")
        self.assertEqual(self.stats()["misses"], before["misses"])

    def test_gocacheprog(self):
        self.write("go.mod", "module example.com/m\n\ngo 1.20\n")
        self.write("main.go", "package main\n\nfunc main() { println(1) }\n")
        plain = self.build("g1", cc="gcc")
        prog = {"GOCACHEPROG": "tenon cache prog", "CGO_ENABLED": "0"}
        self.assertEqual(self.build("g2", cc="gcc", **prog), self.build("g2b", cc="gcc", CGO_ENABLED="0"))
        puts = self.stats()["compilers"]["go"]["misses"]
        self.build("g3", cc="gcc", **prog)
        after = self.stats()["compilers"]["go"]
        self.assertGreater(after["hits"], puts / 2)
        self.assertLess(after["misses"] - puts, puts / 10)
        # A blob that lies is a miss.
        for path in (self.top / "cache/compile/blob").rglob("*"):
            if path.is_file():
                path.write_bytes(b"x" * path.stat().st_size)
        self.assertEqual(self.build("g4", cc="gcc", **prog), self.build("g4b", cc="gcc", CGO_ENABLED="0"))
        self.assertTrue(plain)

    def test_gocacheprog_goes_on_without_a_store(self):
        # A package without imports: go compiles nothing else for it. The judge is a build without the program.
        self.write("m.go", "package m\n\nfunc F() int { return 1 }\n")
        self.write("go.mod", "module example.com/m\n\ngo 1.20\n")
        plain = self.build("g0", CGO_ENABLED="0")
        prog = {"GOCACHEPROG": "tenon cache prog", "CGO_ENABLED": "0"}
        (self.top / "file").write_text("")
        self.write("compile/new", "", self.top / "stuck").parent.chmod(0o700)
        (self.top / "stuck").chmod(0o700)
        (self.top / "bin/cut").write_text("#!/bin/sh\ndd bs=1 count=300 2>/dev/null | tenon cache prog\n")
        (self.top / "bin/cut").chmod(0o755)
        self.assertEqual(self.build("g1", **prog | {"GOCACHEPROG": "tenon cache prog --read-only"}), plain)
        nowhere = {"TENON_CACHE": str(self.top / "file/cache")}
        self.assertEqual(self.build("g2", said=r"tenon cache prog: .*nothing is kept\n", **prog, **nowhere), plain)
        # Not one file can be written: as on a full disk.
        self.assertEqual(self.build("g3", **prog, TENON_CACHE=str(self.top / "stuck")), plain)
        self.assertEqual(list((self.top / "stuck/compile").glob("blob/*/*")), [])
        # The program goes in the middle of a put: go itself ends then. What is left behind does no harm.
        self.build("g4", code=None, **prog | {"GOCACHEPROG": "cut"})
        for gocache in ("g5", "g6"):
            self.assertEqual(self.build(gocache, **prog), plain)
        # The record of what was put is gone, and the output is broken: go must not get it from its own put.
        for path in (self.top / "cache/compile/record").rglob("*"):
            if path.is_file():
                path.unlink()
        for path in (self.top / "cache/compile/blob").rglob("*"):
            if path.is_file():
                path.write_bytes(b"x" * path.stat().st_size)
        for gocache in ("g7", "g8"):
            self.assertEqual(self.build(gocache, **prog), plain)


if __name__ == "__main__":
    unittest.main()
