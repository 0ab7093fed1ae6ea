"""tenon pkg-config: pkgconf's own tests, the origin of flags, a sysroot, and cgo with the go command itself."""
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TENON = os.environ["TENON"]
SOURCE = Path(os.environ.get("TENON_SOURCE") or Path(__file__).resolve().parents[2])
CASES = SOURCE / "tests" / "link"
GO = shutil.which("go")
CC = shutil.which("gcc") or shutil.which("cc")
HEAD = "Name: {0}\nDescription: d\nVersion: 1.0\n"


class Case(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-pc-")).resolve()
        self.addCleanup(shutil.rmtree, self.top, True)
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(("PKG_CONFIG", "CGO_", "GOFLAGS"))}
        self.env |= {"LC_ALL": "C", "TENON_CACHE": str(self.top / "cache")}

    def write(self, path, text):
        path = self.top / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def module(self, name, text, folder="pc"):
        return self.write(f"{folder}/{name}.pc", HEAD.format(name) + text)

    def ask(self, *args, code=0, **env):
        done = subprocess.run([TENON, "pkg-config", *map(str, args)], env={**self.env, **env}, capture_output=True,
                              text=True, timeout=60, check=False, cwd=self.top)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class OwnTestsOfPkgconf(unittest.TestCase):
    def suite(self, name):
        done = subprocess.run([sys.executable, str(CASES / name), f"{shlex.quote(TENON)} pkg-config"], capture_output=True,
                              text=True, timeout=1200, check=False)
        if done.returncode == 77:
            self.skipTest(done.stderr.strip() or "the tests cannot be fetched")
        print(f"{name}: {done.stdout.strip().splitlines()[-1]}")
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-2000:])

    def test_version_3(self):
        self.suite("pkgconf_cases.py")

    def test_version_1_8(self):
        self.suite("pkgconf_shell.py")


class Origins(Case):
    def test_why_names_file_line_field_and_way(self):
        top = self.module("top", "Requires.private: low\nLibs: -ltop\n")
        low = self.module("low", "Libs: -llow\nLibs.private: -lm\n")
        said = self.ask("--static", "--why=-lm", "top", PKG_CONFIG_LIBDIR=str(self.top / "pc")).stdout
        self.assertEqual(said, f"-lm: {low}:5 Libs.private, because top requires low ({top}:4 Requires.private)\n")
        self.ask("--why=-lnothing", "top", code=1, PKG_CONFIG_LIBDIR=str(self.top / "pc"))

    def test_json_has_the_same(self):
        low = self.module("low", "Libs: -llow -Wl,--start-group -la -lb -Wl,--end-group\n")
        answer = json.loads(self.ask("--json", "--libs", low).stdout)
        self.assertTrue(answer["ok"])
        group = answer["data"]["libs"][1]
        self.assertEqual(group["words"], ["-Wl,--start-group", "-la", "-lb", "-Wl,--end-group"])
        self.assertEqual(group["origins"][0]["line"], 4)
        self.assertEqual(answer["data"]["output"], "-llow -Wl,--start-group -la -lb -Wl,--end-group\n")

    def test_json_of_a_failure_is_a_document(self):
        answer = json.loads(self.ask("--json", "--libs", "no-such-module-at-all", code=1).stdout)
        self.assertEqual([one["code"] for one in answer["findings"]], ["TN1501"])

    def test_hostile_bytes_reach_standard_output_only(self):
        file = self.top / "x.pc"
        file.write_bytes(HEAD.format("x").encode() + b"Requires: \x1b[31mred\nv=\xff\x1b[2J\n")
        done = subprocess.run([TENON, "pkg-config", "--libs", str(file)], env=self.env, capture_output=True, timeout=60,
                              check=False)
        self.assertNotIn(b"\x1b", done.stderr)


class Names(Case):
    """Links to tenon under names of pkg-config."""

    def link(self, name, *args):
        link = self.top / name
        link.symlink_to(TENON)
        done = subprocess.run([link, *args], env=self.env, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_pkg_config_and_pkgconf(self):
        file = self.module("x", "Libs: -lx\n")
        for name in ("pkg-config", "pkgconf"):
            self.assertEqual(self.link(name, "--libs", str(file)), "-lx\n")

    def test_a_triplet_chooses_its_personality(self):
        self.write("data/pkgconfig/personality.d/arm-none-eabi.personality", "Triplet: arm-none-eabi\nSysrootDir: /s\n"
                   f"DefaultSearchPaths: {self.top}/pc\n")
        self.module("x", "Cflags: -I/usr/include/x\nLibs: -lx\n")
        self.env["XDG_DATA_HOME"] = str(self.top / "data")
        self.assertEqual(self.link("arm-none-eabi-pkg-config", "--cflags", "--libs", "x"), "-I/s/usr/include/x -lx\n")


class Sysroot(Case):
    def setUp(self):
        super().setUp()
        self.root = self.top / "root"
        self.folder = "root/usr/lib/aarch64-linux-gnu/pkgconfig"

    def cross(self, *args, code=0, **env):
        return self.ask("--sysroot", self.root, "--target", "linux/arm64", *args, code=code, **env)

    def test_flags_of_the_sysroot(self):
        self.module("z", "prefix=/usr\nCflags: -I${prefix}/include/z\nLibs: -L${prefix}/lib/aarch64-linux-gnu -L/opt/z -lz\n",
                    self.folder)
        self.assertEqual(self.cross("--cflags", "--libs", "z").stdout, f"-I{self.root}/usr/include/z -L{self.root}/opt/z -lz\n")

    def test_pkg_config_path_of_the_machine_is_told(self):
        self.module("z", "Libs: -lz\n", self.folder)
        host = self.module("host", "Libs: -lhost\n", "host")
        done = self.cross("--libs", "z", PKG_CONFIG_PATH=str(host.parent))
        self.assertEqual(done.stdout, "-lz\n")
        self.assertIn("TN1508", done.stderr)
        done = self.cross("--libs", "host", code=1, PKG_CONFIG_PATH=str(host.parent))
        self.assertEqual(done.stdout, "")
        self.assertIn("TN1506", done.stderr)
        self.assertIn(str(host), done.stderr)

    def test_a_path_of_the_machine_is_an_error(self):
        host = self.write("host/include/x.h", "").parent
        file = self.module("x", f"Cflags: -I{host}\nLibs: -lx\n", self.folder)
        done = self.cross("--cflags", "--libs", "x", code=1)
        self.assertEqual(done.stdout, "")
        self.assertIn("TN1507", done.stderr)
        self.assertIn(f"{file}:4", done.stderr)

    def test_links_out_of_the_sysroot(self):
        """A .pc file or directory that lies in the sysroot by its path, and on this machine by its links."""
        host = self.module("out", "Libs: -lout\n", "host")
        self.module("in", "Libs: -lin\n", self.folder)
        (self.top / self.folder / "out.pc").symlink_to(host)
        (self.top / self.folder / "stays.pc").symlink_to("in.pc")
        self.assertEqual(self.cross("--libs", "stays").stdout, "-lin\n")
        done = self.cross("--libs", "out", code=1)
        self.assertEqual(done.stdout, "")
        self.assertIn("TN1506", done.stderr)
        self.assertIn(str(host), done.stderr)
        # A directory of a flag.
        self.write("host/include/x.h", "")
        (self.root / "opt").mkdir()
        (self.root / "opt/inc").symlink_to(self.top / "host/include")
        (self.root / "opt/real").mkdir()
        (self.root / "opt/same").symlink_to("real")
        file = self.module("flag", "Cflags: -I/opt/inc\n", self.folder)
        done = self.cross("--cflags", "flag", code=1)
        self.assertIn("TN1507", done.stderr)
        self.assertIn(f"{file}:4", done.stderr)
        self.module("fine", "Cflags: -I/opt/same\nLibs: -L/opt/real -lx\n", self.folder)
        self.assertEqual(self.cross("--cflags", "--libs", "fine").stdout,
                         f"-I{self.root}/opt/same -L{self.root}/opt/real -lx\n")

    def test_a_sysroot_behind_a_link(self):
        """The sysroot itself may be one: what it leads to is the sysroot."""
        self.module("in", "Libs: -L/opt/x -lin\n", self.folder)
        (self.root / "opt/x").mkdir(parents=True)
        link = self.top / "link"
        link.symlink_to("root")
        done = self.ask("--sysroot", link, "--target", "linux/arm64", "--libs", "in")
        self.assertIn("/opt/x -lin", done.stdout)

    def test_target_and_sysroot_go_together(self):
        self.root.mkdir()
        self.assertIn("needs --sysroot", self.ask("--target", "linux/arm64", "--libs", "z", code=3).stderr)
        self.assertIn("needs --target", self.ask("--sysroot", self.root, "--libs", "z", code=3).stderr)


@unittest.skipUnless(GO and CC, "needs go and a C compiler")
class Cgo(Case):
    """cmd/go asks a pkg-config, checks what it prints, and links."""

    def setUp(self):
        super().setUp()
        self.write("m/go.mod", "module example.com/m\n\ngo 1.20\n")
        self.program("#cgo pkg-config: answer")
        self.write("lib/answer.c", "int answer(void) { return 42; }\n")
        subprocess.run([CC, "-c", "answer.c", "-o", "answer.o"], cwd=self.top / "lib", check=True)
        subprocess.run(["ar", "rcs", "libanswer.a", "answer.o"], cwd=self.top / "lib", check=True)
        self.module("answer", f"Libs: -L{self.top}/lib\nLibs.private: -lanswer\nCflags: -DANSWER=answer\n")
        self.env |= {"CGO_ENABLED": "1", "GOFLAGS": "-mod=mod", "GOCACHE": str(self.top / "gocache"), "CC": CC,
                     "GOTOOLCHAIN": "local", "PKG_CONFIG_LIBDIR": str(self.top / "pc")}

    def program(self, line):
        self.write("m/main.go", f"package main\n\n/*\n{line}\nint ANSWER(void);\nstatic int call(void) {{ return ANSWER(); }}\n"
                   "*/\nimport \"C\"\nimport \"fmt\"\n\nfunc main() { fmt.Println(C.call()) }\n")

    def build(self, **env):
        return subprocess.run([GO, "build", "-o", "prog", "."], cwd=self.top / "m", env={**self.env, **env},
                              capture_output=True, text=True, timeout=600, check=False)

    def runs(self):
        done = subprocess.run([self.top / "m" / "prog"], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(done.stdout, "42\n")

    def test_a_wrapper_of_one_word(self):
        wrapper = self.ask("--static", "--print-wrapper").stdout.strip()
        self.assertEqual(Path(wrapper).name, "pkg-config")
        done = self.build(PKG_CONFIG=wrapper)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.runs()

    def test_settings_that_go_tells_apart(self):
        def settings(*words):
            lines = self.ask(*words, "--print-env").stdout.splitlines()
            return {name: value.strip("'") for name, _, value in
                    (line.removeprefix("export ").partition("=") for line in lines)}

        # What go linked first stays in its cache: the module then names another archive.
        self.assertEqual(self.build(**settings("--static")).returncode, 0)
        self.runs()
        before = settings("--static")
        self.assertEqual(settings("--static"), before)
        self.write("pc/answer.pc", "Name: answer\nDescription: a\nVersion: 1\nLibs: -lnot_there\n"
                                   "Cflags: -DANSWER=answer\n")
        self.assertEqual(self.build(**before).returncode, 0, "go asks again: this test is of no use")
        self.assertNotEqual(self.build(**settings("--static")).returncode, 0)

    def test_words_in_pkg_config(self):
        # cmd/go starts the first word only; tenon finds the others in the environment.
        done = self.build(PKG_CONFIG=f"{TENON} pkg-config --static")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.runs()

    def test_options_of_the_cgo_line(self):
        self.program("#cgo pkg-config: --static answer")
        wrapper = self.ask("--print-wrapper").stdout.strip()
        done = self.build(PKG_CONFIG=wrapper)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.runs()

    def test_a_rejected_flag_and_its_remedies(self):
        """What --go-check offers, the go command takes."""
        module = self.module("answer", f"Libs: -L{self.top}/lib -lanswer -Wl,--whole-archive -Wl,-z,defs\n"
                             "Cflags: -DANSWER=answer\n")
        wrapper = self.ask("--print-wrapper").stdout.strip()
        done = self.build(PKG_CONFIG=wrapper)
        self.assertIn("invalid flag in pkg-config --libs: -Wl,--whole-archive", done.stderr)
        said = self.ask("--go-check", "answer", code=1).stdout
        self.assertIn(f"{module}:4", said)
        self.assertIn("write -Wl,--no-undefined instead", said)
        pattern = re.search(r"CGO_LDFLAGS_ALLOW='([^']*)'", said)[1]
        self.assertEqual(pattern, "^-Wl,--whole-archive$")
        module.write_text(module.read_text().replace("-Wl,-z,defs", "-Wl,--no-whole-archive"))
        allowed = pattern.replace("--whole", "--(no-)?whole")
        done = self.build(PKG_CONFIG=wrapper, CGO_LDFLAGS_ALLOW=pattern)
        self.assertIn("invalid flag in pkg-config --libs: -Wl,--no-whole-archive", done.stderr)
        done = self.build(PKG_CONFIG=wrapper, CGO_LDFLAGS_ALLOW=allowed)
        self.assertNotIn("invalid flag", done.stderr)

    def test_lines_for_cgo(self):
        """--format cgo prints what the go command takes in a Go file, and names what it refuses."""
        module = self.module("answer", f"Libs: -L{self.top}/lib -lanswer -Wl,-z,defs\nCflags: -DANSWER=answer\n")
        lines = self.ask("--format", "cgo", "--cflags", "--libs", "answer").stdout
        self.assertEqual(lines, f"#cgo CFLAGS: -DANSWER=answer\n#cgo LDFLAGS: -L{self.top}/lib -lanswer -Wl,--no-undefined\n")
        self.program(lines.rstrip())
        done = self.build()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.runs()
        module.write_text(module.read_text().replace("-Wl,-z,defs", "-Wl,--whole-archive"))
        done = self.ask("--format", "cgo", "--libs", "answer", code=1)
        self.assertIn("TN1510", done.stderr)
        self.assertIn("CGO_LDFLAGS_ALLOW", done.stderr)
        self.assertIn("-Wl,--whole-archive", done.stdout)
        self.program(done.stdout.rstrip())
        self.assertIn("invalid flag in #cgo LDFLAGS: -Wl,--whole-archive", self.build().stderr)


LINKER = """-lX -l:libz.a -L/opt/openssl@3/lib /usr/lib/libz.a ./x.o libz.so x.dylib x.tbd x.dll x.obj /y.obj ../x.a
 libX.so.2 /l/libX.so.2 -L@x -I/x -Ix @rsp -Wl,-Bstatic -Wl,-Bdynamic -Wl,--start-group -Wl,--end-group -Wl,--pop-state
 -Wl,--push-state -Wl,--push-state,--as-needed -Wl,--push-state,--whole-archive -Wl,--as-needed -Wl,--no-as-needed
 -Wl,--whole-archive -Wl,-force_load,x.a -framework -Wl,-framework,X -Wl,-framework -weak_framework -Wl,-rpath,/x
 -Wl,-rpath=/x -Wl,-rpath,@loader_path -Wl,-rpath-link,/x -Wl,-rpath,\\$ORIGIN -Wl,-z,relro -Wl,-z,now -Wl,-z,defs
 -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,-z,relro,-z,defs -pthread -static -static-libgcc --static -lc++ -stdlib=libc++
 -ObjC -O -O2 -Wl,-undefined,dynamic_lookup -Wl,-undefined -nostdlib -T -Xlinker -fuse-ld=lld -flto -Wl,--gc-sections
 -Wl,-dead_strip -Wl,-ld_classic -Wl,-Bsymbolic -Wl,-Bsymbolic-functions -Wl,--version-script=x -Wl,--exclude-libs,ALL
 -Wl,-u,sym -Wl,-soname,x -lto_library -l- -L-x -g -g3 -g-x -v -w -shared -rdynamic -pie -PIE -no-pie -fPIC -fpic -fno-pie
 -fopenmp -fno-openmp-simd -fsanitize=address -fsanitize= -march=x -mtune=-x -mthreads -mwindows -Wl,-e,main -Wl,-e=main
 -Wl,-O1 -Wl,-O -Wl,-dn -Wl,-dx -Wl,-E -Wl,-s -Wl,-S -Wl,-R,/x -Wl,-R/x -Wl,-R -Wl,-R,a,b -Wl,--just-symbols=x
 -Wl,--hash-style=gnu -Wl,--hash-style=none -Wl,--no-undefined -Wl,--undefined=x -Wl,--warn-common -Wl,--no-warn-mismatch
 -Wl,--warn-x,y -Wl,-wrap,x -Wl,--wrap=x -Wl,--unresolved-symbols=ignore-all -Wl,-sectcreate,a,b,c -Wl,-sectcreate,a,b
 -Wl,--subsystem,windows -Wl,-subsystem,other -Wl,-syslibroot,/x -Wl,--export-dynamic -Wl,--no-export-dynamic
 -Wl,--enable-new-dtags -Wl,-search_paths_first -Wl,-headerpad_max_install_names -headerpad_max_install_names -arch
 -isysroot --sysroot --sysroot=/x -target -mmacosx-version-min=11 -miphoneos-version-min=1 -mcmodel=large -flat_namespace
 foo -x x.a.b .a /a.so x,y.a ü.a -lü -Wl,--sort-common,--as-needed,-z,relro -Wl,-O1,--sort-common""".split()
COMPILER = """-DX -DX=1 -DX=a@b -DX=-1 -D_x=y -D1 -UX -U1 -I/x -I@x -I-x -F/x -O -O3 -O@x -W -Wall -Wa,-x -Wa,-mbig-obj -Wl,-x
 -Wp,-DX=1 -Wp,-DX=1,-x -Wp,-UX -ansi -fblocks -fno-blocks -fbuiltin-x -fno-builtin-x -fno-builtin- -fno-builtin -fcommon
 -fdebug-prefix-map=a=b -ffile-prefix-map=a=b -fdebug-prefix-map=a -fexceptions -fno-exceptions -ffast-math -flto
 -fno-lto -flto=auto -fmodules -fobjc-arc -fopenmp -fopenmp-simd -fPIC -fno-PIC -fpie -frtti -fstack-protector
 -fno-stack-protector -fstack- -fstrict-aliasing -fno-strict-aliasing -funsigned-char -fsigned-char -fsanitize=x
 -ftemplate-depth-9 -ftls-model=initial-exec -ftls-model=x -fvisibility=hidden -g -g3 -g@ -m32 -m64 -m16 -march=x
 -mabi=x -maes -mno-vaes -marm -mcmodel=small -mcmodel=Small -mfloat-abi=hard -msoft-float -mfpmath=sse,387 -mavx2
 -mno-avx512f -mavx-x -mms-bitfields -mmacosx-version-min=11 -mtvos-version-min=1 -mwatchos-simulator-version-min=1
 -msse4.2 -mssse3 -mthumb -mthumb-interwork -mthreads -mwindows -no-canonical-prefixes --param=ssp-buffer-size=4
 --param=x=4 -pedantic -pedantic-errors -pipe -pthread --static -static -std=c11 --std=c11 -stdlib=libc++ -std= --sysroot=/x
 --sysroot=@x -w -xc -x@ -v -fplugin=x -B/x -wrapper -include -isystem -D -U -I -F -framework -target -arch -x --sysroot
 -isysroot -fuse-ld=lld -Xclang -E -o -c x.c -fno-canonical-system-headers -finput-charset=utf8 -fmessage-length=0
 -fdiagnostics-show-note-include-stack -fsanitize-undefined-strip-path-components=-1 -mlarge-data-threshold=9
 -mnop-fun-dllimport -mno-lsx -mld-seq-sa -mstrict-align -mrelax -fsplit-stack -fplt -fno-plt -fpermissive""".split()
# What may stand behind a flag that takes the next word.
NEXT = ["X", "/x", "-x", "@x", "=/x", "$SYSROOT/x", "-Wl,X", "-Wl,-x", "-Wl,a,b"]
# Those of one letter are left out: pkgconf joins them with the next word.
PAIRS = ["-framework", "-arch", "-Wl,-framework", "-Wl,-rpath", "-Wl,-R", "-Wl,-undefined"]
COMPILER_PAIRS = ["-include", "-isystem", "-x", "-framework", "--sysroot"]


@unittest.skipUnless(GO and CC, "needs go and a C compiler")
class FlagsOfGo(Case):
    """The table of cmd/go's flags, against cmd/go."""

    def question(self, option, words):
        """One package for each list of words; what go says of it."""
        names = {}
        for number, one in enumerate(words):
            names[f"p{number}"] = one
            self.write(f"m/p{number}/x.go", f'package p\n\n// #cgo pkg-config: p{number}\nimport "C"\n')
        self.write("m/go.mod", "module m\n\ngo 1.20\n")
        # A shell starts ten times as fast as another Python, and go asks twice for each package.
        for name, one in names.items():
            self.write(f"answers/{name}", " ".join("".join("\\" + c if c in " $\\'\"&|;<>()`" else c for c in word)
                                                   for word in one) + "\n")
        stand_in = self.write("stand-in", f"""#!/bin/sh
for module; do :; done
[ "$1" != {option} ] || cat {shlex.quote(str(self.top / "answers"))}/"$module"
""")
        stand_in.chmod(0o755)
        # Flags are checked before the compiler runs, so it fails at once in these packages.
        compiler = self.write("compiler", f"""#!/bin/sh
case $PWD in {shlex.quote(str(self.top / "m"))}/*) exit 1 ;; esac
exec {shlex.quote(CC)} "$@"
""")
        compiler.chmod(0o755)
        done = subprocess.run([GO, "build", "./..."], cwd=self.top / "m", capture_output=True, text=True, timeout=900,
                              check=False, env={**self.env, "PKG_CONFIG": str(stand_in), "CGO_ENABLED": "1",
                                                "CC": str(compiler), "GOTOOLCHAIN": "local", "GOCACHE": str(self.top / "gocache"), "GOFLAGS": ""})
        rejected = re.findall(r"m/(p\d+): invalid flag in pkg-config " + option, done.stderr)
        return {name: name not in rejected for name in names}, done.stderr

    def ours(self, option, words):
        """The same from --go-check of a module with these words."""
        field = "Libs" if option == "--libs" else "Cflags"
        text = " ".join("".join("\\" + c if c in " \\'\"" else c for c in word) for word in words)
        module = self.module("x", f"{field}: {text.replace('$', '$$')}\n")
        done = subprocess.run([TENON, "pkg-config", "--go-check", "--keep-system-cflags", option, str(module)],
                              env=self.env, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode == 0

    def compare(self, option, words):
        wanted, said = self.question(option, words)
        self.assertIn("invalid flag", said)
        wrong = []
        for number, one in enumerate(words):
            # cmd/go reads the words of the program; pkgconf joins and prints them in its own way.
            if self.ours(option, one) != wanted[f"p{number}"]:
                wrong.append((one, "accepted" if wanted[f"p{number}"] else "rejected"))
        print(f"{option}: {len(words)} lists of flags, {sum(wanted.values())} accepted by go, {len(wrong)} judged otherwise")
        self.assertEqual(wrong, [])

    def test_flags_of_the_linker(self):
        # A "$" that is not escaped is not a flag but an output that go does not read.
        pairs = [list(pair) for pair in itertools.product(PAIRS, NEXT) if "$" not in pair[1]]
        self.compare("--libs", [["-L/a b"]] + [[one] for one in LINKER if "$" not in one] + pairs)

    def test_flags_of_the_compiler(self):
        pairs = [list(pair) for pair in itertools.product(COMPILER_PAIRS, NEXT) if "$" not in pair[1]]
        self.compare("--cflags", [[one] for one in COMPILER] + pairs)


if __name__ == "__main__":
    unittest.main(verbosity=1)
