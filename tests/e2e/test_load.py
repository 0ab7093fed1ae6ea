#!/usr/bin/env python3
"""`tenon load` from outside: exit codes, JSON, and each command that it offers as a fix: run on the files, after which
the program has to load."""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests/loader"))
import cases  # noqa: E402
from worlds import World  # noqa: E402

TENON = os.environ.get("TENON", "tenon")


def run(*arguments):
    done = subprocess.run([TENON, *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


class Page(html.parser.HTMLParser):
    """Tags in balance, texts, and what each element is called."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts, self.ids, self.links = [], [], [], [], [], []
        self.deepest = 0
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.deepest = max(self.deepest, self.open.count("details"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data)


class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = Path(tempfile.mkdtemp(prefix="tenon-load-"))
        cls.kit = cases.Kit(World(cls.work))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    def root(self, layout, **replaced):
        root = cases.Root(self.kit, self.work / "root")
        cases.lay_out(root, layout, **replaced)
        return root

    def load(self, root, *more):
        code, out, err = run("load", root.at(cases.APP), "--root", root.path, "--json", *more)
        self.assertIn(code, (0, 1, 2), out + err)
        return code, json.loads(out)

    def fixed(self, root, label):
        """Runs the first complete command that is offered, until the program loads."""
        for _ in range(4):
            code, report = self.load(root)
            if code == 0:
                return
            commands = [one["argv"] if isinstance(one, dict) else one for finding in report["findings"]
                        for fix in finding["fixes"] for one in fix.get("commands", [])]
            self.assertTrue(commands, f"{label}: no command in {report['findings']}")
            command = commands[0] if isinstance(commands[0], list) else ["sh", "-c", commands[0]]
            subprocess.run(command, check=True, capture_output=True)
        self.fail(f"{label}: {report['data']['text']}")

    def test_fixes_that_are_offered_fix(self):
        with self.subTest("run path that is not inherited"):
            self.fixed(self.root("runpath", liba="liba-bare", libb="libb-bare"), "not inherited")
        with self.subTest("library beside the program"):
            root = self.root("runpath")
            shutil.move(root.lib("liba.so.1"), root.at("/app/bin/liba.so.1"))
            self.fixed(root, "beside")
        with self.subTest("library in /usr/local/lib"):
            root = self.root("runpath")
            root.at("/usr/local/lib").mkdir(parents=True)
            shutil.move(root.lib("libsub.so.1"), root.at("/usr/local/lib/libsub.so.1"))
            self.fixed(root, "local")
        with self.subTest("run path removed"):
            root = self.root("runpath")
            subprocess.run(["patchelf", "--remove-rpath", root.at(cases.APP)], check=True)
            self.fixed(root, "removed")
        with self.subTest("path of the build machine"):
            root = self.root("runpath")
            subprocess.run(["patchelf", "--replace-needed", "liba.so.1", "/build/lib/liba.so.1", root.at(cases.APP)],
                           check=True)
            self.fixed(root, "absolute")
        with self.subTest("loader of the build machine"):
            root = self.root("runpath")
            subprocess.run(["patchelf", "--set-interpreter", "/nix/store/x/ld-linux.so.2", root.at(cases.APP)],
                           check=True)
            self.fixed(root, "interpreter")

    def test_exit_codes_and_shape(self):
        root = self.root("runpath")
        code, report = self.load(root)
        data = report["data"]
        self.assertEqual((code, data["loads"], data["failure"]), (0, True, None))
        self.assertEqual({"path", "real_path", "name", "by", "found", "soname"}, set(data["images"][0]))
        self.assertEqual(data["glibc"]["have"], data["glibc"]["have"] and data["glibc"]["have"])
        root.lib("liba.so.1").unlink()
        code, report = self.load(root)
        self.assertEqual((code, report["data"]["loads"]), (1, False))
        self.assertEqual(report["data"]["failure"]["cause"], "missing-library")
        self.assertEqual(run("load", root.at("/etc/none"), "--root", root.path)[0], 3)
        self.assertEqual(run("load", root.at(cases.APP), "--root", root.at("/none"))[0], 3)
        self.assertEqual(run("load", root.at(cases.APP), "--target", "linux/vax", "--root", root.path)[0], 3)
        code, report = self.load(root, "--env", "LD_AUDIT=/x.so", "--env", "LD_LIBRARY_PATH=/none")
        self.assertEqual(code, 1)

    def test_another_processor(self):
        root = self.root("runpath")
        shutil.copy(self.kit.foreign, root.lib("liba.so.1"))
        code, report = self.load(root)
        failure = report["data"]["failure"]
        self.assertEqual((code, failure["cause"], failure["why"]), (1, "wrong-architecture", "is for aarch64"))
        code, report = self.load(root, "--target", "linux/arm64")
        self.assertEqual(report["data"]["failure"]["cause"], "cannot-execute")

    def test_glibc_of_another_system(self):
        root = self.root("runpath")
        code, report = self.load(root, "--glibc", "2.3")
        self.assertEqual(code, 1)
        self.assertIn("load/glibc-floor", [one["cause"] for one in report["findings"]])
        self.assertEqual(self.load(root, "--glibc", "debian:13")[0], 0)

    def page(self, root, *more):
        place = self.work / "page.html"
        code, report = self.load(root, "--tree", "--html", place, *more)
        self.assertEqual(report["data"]["html"], str(place))
        text = place.read_text()
        self.assertTrue(text.startswith("<!doctype html>"))
        return code, report, text, Page(text)

    def test_html_page_of_the_graph(self):
        root = self.root("runpath")
        for name in ("liba.so.1", "libb.so.1", "libsub.so.1"):  # whoever needs them, the program does as well
            if root.lib(name).exists():
                subprocess.run(["patchelf", "--add-needed", name, root.at(cases.APP)], check=True)
        code, report, text, page = self.page(root)
        self.assertEqual(code, 0)
        for image in report["data"]["images"]:
            self.assertIn(image["path"], " ".join(page.texts).replace("\N{RIGHTWARDS ARROW}", ""))
        # One page: it fetches nothing and runs nothing.
        self.assertEqual(set(page.tags) & {"script", "link", "img", "iframe", "object"}, set())
        self.assertFalse([name for name, _ in page.attributes if name.startswith("on") or name == "src"])
        self.assertNotIn("http:", text.replace("http-equiv", ""))
        self.assertIn("default-src 'none'", text)
        # What is shown twice leads to where it is.
        self.assertTrue(page.links)
        self.assertEqual({link[1:] for link in page.links} - set(page.ids), set())
        self.assertEqual(len(page.ids), len(set(page.ids)))
        self.assertGreaterEqual(page.deepest, 2)

    def test_html_page_of_a_failure(self):
        root = self.root("runpath")
        root.lib("liba.so.1").unlink()
        code, report, text, page = self.page(root)
        self.assertEqual(code, 1)
        shown = [one.strip() for one in page.texts]
        for tried in report["data"]["tried"]:
            if tried["name"] == "liba.so.1":
                self.assertIn(tried["path"], shown)
        self.assertIn("will not load", text)

    def test_html_page_escapes_names(self):
        root = self.root("runpath")
        evil = "<img src=x onerror=alert(1)>'\"&amp;.so"
        subprocess.run(["patchelf", "--add-needed", evil, root.at(cases.APP)], check=True)
        code, _, text, page = self.page(root)
        self.assertEqual(code, 1)
        self.assertNotIn("img", page.tags)
        self.assertIn("Search for " + evil, [one.strip() for one in page.texts])

    def test_html_page_is_not_written_over_other_files(self):
        root = self.root("runpath")
        before = root.at(cases.APP).read_bytes()
        code, out, err = run("load", root.at(cases.APP), "--root", root.path, "--html", root.at(cases.APP))
        self.assertEqual(code, 3, out + err)
        self.assertEqual(root.at(cases.APP).read_bytes(), before)
        self.assertEqual(run("load", root.at(cases.APP), "--root", root.path, "--html", root.at(cases.APP + "/y.html"))[0], 3)

    def static(self, name, source, *flags, compiler="gcc"):
        path = self.work / f"{name}.c"
        path.write_text(source)
        done = subprocess.run([compiler, "-static", "-O1", "-o", self.work / name, path, *flags], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        # The linker says the same of each of these functions.
        return self.work / name, "requires at runtime the shared libraries" in done.stderr

    def test_static_programs_that_load_libraries(self):
        root = self.work / "empty"
        (root / "etc").mkdir(parents=True)
        (root / "etc/nsswitch.conf").write_text("passwd: files\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n")
        sources = {
            "plain": "#include <stdio.h>\nint main(void) { return printf(\"x\"); }\n",
            "dlopen": "#include <dlfcn.h>\nint main(int c, char **v) { return !dlopen(v[c - 1], 2); }\n",
            "name-services": "#include <netdb.h>\nint main(int c, char **v) { return !gethostbyname(v[c - 1]); }\n",
        }
        for name, source in sources.items():
            for compiler, target in (("gcc", "linux/amd64"), ("aarch64-linux-gnu-gcc", "linux/arm64")):
                with self.subTest(f"{name} {target}"):
                    program, warned = self.static(f"s-{name}", source, compiler=compiler)
                    self.assertEqual(warned, name != "plain")
                    code, out, err = run("load", program, "--root", root, "--target", target, "--json")
                    self.assertEqual(code, 0, out + err)
                    report = json.loads(out)
                    needs = [one["kind"] for one in report["data"]["static_needs"]]
                    self.assertEqual(needs, [] if name == "plain" else [name])
                    codes = [one["code"] for one in report["findings"]]
                    self.assertEqual("TN1415" in codes, name != "plain")
        # A stripped program still has glibc's own words, and the root says which services are missing.
        program, _ = self.static("s-bare", sources["name-services"], "-s")
        found = json.loads(run("load", program, "--root", root, "--json")[1])["data"]["static_needs"][0]
        rows = [(one["where"], one["text"]) for one in found["evidence"]]
        self.assertIn(("/etc/nsswitch.conf", "hosts: files mdns4_minimal [NOTFOUND=return] dns"), rows)
        self.assertEqual([where for where, _ in rows if where.startswith("libnss")], ["libnss_mdns4_minimal.so.2"])

    def test_levels_of_the_processor(self):
        loader = subprocess.run(["/lib64/ld-linux-x86-64.so.2", "--help"], capture_output=True, text=True).stdout
        levels = re.findall(r"^  (x86-64-v\d) \(supported", loader, re.M)
        program = self.work / "here"
        subprocess.run(["gcc", "-x", "c", "-o", program, "-"], input="int main(void) { return 0; }\n", text=True, check=True)
        self.assertEqual(json.loads(run("load", program, "--json")[1])["data"]["hwcaps"], levels)
        root = self.root("runpath")
        better = root.at("/app/lib/glibc-hwcaps/x86-64-v3/liba.so.1")
        better.parent.mkdir(parents=True)
        shutil.copy(root.lib("liba.so.1"), better)
        place = "/app/lib/glibc-hwcaps/x86-64-v3/liba.so.1"
        loaded = [one["path"] for one in self.load(root, "--cpu", "x86-64-v4")[1]["data"]["images"]]
        self.assertIn(place, [os.path.normpath(path) for path in loaded])
        for words in (("--cpu", "x86-64-v2"), ()):
            data = self.load(root, *words)[1]["data"]
            self.assertNotIn(place, [os.path.normpath(one["path"]) for one in data["images"]])
            others = [os.path.normpath(path) for path in data["for_other_processors"]]
            self.assertEqual(others, [] if words else [place])
        self.assertEqual(run("load", program, "--cpu", "x86-64-v9")[0], 3)


if __name__ == "__main__":
    if not all(map(shutil.which, ("gcc", "patchelf", "aarch64-linux-gnu-gcc", "ldconfig"))) or os.uname().machine != "x86_64":
        print("gcc, aarch64-linux-gnu-gcc and patchelf are needed")
        sys.exit(77)
    unittest.main()
