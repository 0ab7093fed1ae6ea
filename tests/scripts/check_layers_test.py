"""scripts/check_layers.py finds what it is for: a wrong include, a forbidden header, a cycle."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/check_layers.py"


def check(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, "src", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, str(SCRIPT), folder], capture_output=True, text=True)
    return done.returncode, done.stdout


class Layers(unittest.TestCase):
    def test_clean(self):
        code, _ = check({"base/a.h": "#include <vector>\n", "diag/b.h": '#include "base/a.h"\n'})
        self.assertEqual(code, 0)

    def test_upward(self):
        code, out = check({"base/a.h": '\n#include "diag/b.h"\n', "diag/b.h": ""})
        self.assertEqual(code, 1)
        self.assertIn("src/base/a.h:2: includes diag/b.h", out)

    def test_missing(self):
        self.assertEqual(check({"base/a.h": '#include "base/none.h"\n'})[0], 1)

    def test_outside(self):
        for folder, header, code in [
            ("inspect", "regex", 1),
            ("inspect", "nlohmann/json.hpp", 1),
            ("diag/render", "nlohmann/json.hpp", 0),
            ("diag", "CLI/CLI.hpp", 1),
            ("cli", "CLI/CLI.hpp", 0),
            ("host", "openssl/sha.h", 1),
        ]:
            with self.subTest(folder=folder, header=header):
                self.assertEqual(check({f"{folder}/a.cpp": f"#include <{header}>\n"})[0], code)

    def test_effects(self):
        for name, target, code in [
            ("watch/a.h", "host/b.h", 1),
            ("watch/run/a.h", "host/b.h", 0),
            ("machine/probe/a.h", "host/b.h", 0),
            ("machine/doctor/a.h", "machine/probe/b.h", 1),
            ("watch/a.h", "watch/run/b.h", 1),
            ("cli/a.h", "watch/run/b.h", 0),
            ("machine/run/a.h", "watch/run/b.h", 1),
        ]:
            with self.subTest(name=name, target=target):
                self.assertEqual(check({name: f'#include "{target}"\n', target: ""})[0], code)

    def test_doors(self):
        for name, header, code in [
            ("inspect/a.cpp", "unistd.h", 1),
            ("watch/run/a.cpp", "sys/stat.h", 1),
            ("host/a.cpp", "sys/stat.h", 0),
            ("cli/term.cpp", "sys/ioctl.h", 0),
            ("cli/a.cpp", "fstream", 1),
            ("cli/a.cpp", "iostream", 1),
        ]:
            with self.subTest(name=name, header=header):
                self.assertEqual(check({name: f"#include <{header}>\n"})[0], code)

    def test_writing(self):
        for name, text, code in [
            ("host/a.cpp", 'void f() { rename("a", "b"); }\n', 1),
            ("host/a.cpp", "int f(char* a) { return mkstemp(a); }\n", 1),
            ("host/a.cpp", 'int f() { return open("a", O_WRONLY | O_TRUNC); }\n', 1),
            ("cli/a.cpp", 'void* f() { return std::fopen("a", "wb"); }\n', 1),
            ("cli/a.cpp", 'void* f() { return std::fopen("a", "rb"); }\n', 0),
            ("cli/a.cpp", '// fopen("a", "w"), rename(a)\nint rename_all;\n', 0),
            ("host/replacement.cpp", 'void f() { renameat(1, "a", 2, "b"); }\n', 0),
            ("host/replacement.cpp", 'void f() { rename("a", "b"); }\n', 1),
        ]:
            with self.subTest(name=name, text=text):
                self.assertEqual(check({name: text})[0], code)

    def test_searching(self):
        text = "void f() { search_folder(a); }\n"
        self.assertEqual(check({"codesign/run/a.cpp": text})[0], 1)
        self.assertEqual(check({"crossbuild/run/a.cpp": text})[0], 0)

    def test_printing(self):
        text = 'void f() { std::printf("x"); }\n'
        code, out = check({"watch/run/a.cpp": text})
        self.assertEqual(code, 1)
        self.assertIn("src/watch/run/a.cpp:1: cli prints", out)
        self.assertEqual(check({"cli/a.cpp": text})[0], 0)
        for harmless in ['// puts("x")\n', 'const char* a = "puts(1)";\n',
                         "int f(char* b) { return snprintf(b, 1, b); }\n"]:
            self.assertEqual(check({"watch/a.cpp": harmless})[0], 0)

    def test_condition_in_function(self):
        for text, code in [
            ("int f() {\n#if X\n  return 1;\n#endif\n}\n", 1),
            ("namespace a {\nint f(int b) const {\n  if (b) {\n#ifdef X\n  }\n#endif\n}\n}\n", 1),
            ("namespace a {\n#ifdef X\nint b;\n#endif\n}\n", 0),
            ("constexpr int a[] = {\n#ifdef X\n  1,\n#endif\n  2};\n", 0),
            ("// {\nint f() { return 0; }\n#if X\n#endif\n", 0),
        ]:
            with self.subTest(text=text):
                self.assertEqual(check({"base/a.cpp": text})[0], code)

    def test_public_headers(self):
        text = '#include "tenon/verify.h"\n'
        self.assertEqual(check({"codesign/verify/api.cpp": text})[0], 0)
        self.assertEqual(check({"codesign/verify/slice.cpp": text})[0], 1)

    def test_cycle(self):
        code, out = check({"base/a.h": '#include "base/b.h"\n', "base/b.h": '#include "base/a.h"\n'})
        self.assertEqual(code, 1)
        self.assertIn("cycle: base/a.h -> base/b.h -> base/a.h", out)

    def test_depth(self):
        self.assertEqual(check({"base/x/y/a.h": ""})[0], 1)


if __name__ == "__main__":
    unittest.main()
