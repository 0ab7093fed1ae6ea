#!/usr/bin/env python3
"""The HTML pages: one file each that fetches nothing, with the data of --json, and with names of others as mere text.

TENON names the program. What needs a browser is skipped without one (chromium, or the program in BROWSER).
"""
import base64
import hashlib
import html.parser
import json
import os
import plistlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(SOURCE / "tests/support"))
from small_macho import program  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
BROWSER = os.environ.get("BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
HOSTILE = "</script><img src=x onerror=document.title='hacked'>"
VOID = {"meta", "br", "input", "img"}
FIRST = """
static __attribute__((noinline)) int first_a(int x) { return x * 3; }
int between(int x) { return x + 1; }
static __attribute__((noinline)) int first_b(int x) { return x * 7 + 2; }
int shared_one(int x) { return first_a(x) + first_b(x) + between(x); }
"""
SECOND = """
static __attribute__((noinline)) int second_a(int x) { return x / 3; }
int shared_two(int x) { return second_a(x); }
int evil(int x) { return x; }
"""
GO = """package main

import "fmt"

func main() { fmt.Println("one") }
"""


def run(*argv, **kwargs):
    return subprocess.run([str(word) for word in argv], capture_output=True, text=True, timeout=120, **kwargs)


class Page(html.parser.HTMLParser):
    """Tags in balance, attributes, and the text of each kind of element."""

    def __init__(self, text):
        super().__init__()
        self.raw, self.open, self.tags, self.attributes, self.texts, self.scripts = text, [], [], [], [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        else:
            self.texts.append(data)

    def data(self, name):
        return json.loads(next(text for attrs, text in self.scripts if attrs.get("id") == name))


def walk(node):
    yield node
    for child in node.get("children", ()):
        yield from walk(child)


def sizes(tree, kind):
    out = {}
    for node in walk(tree):
        if node["kind"] == kind:
            out[node["name"]] = out.get(node["name"], 0) + node["bytes"]
    return out


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.work = Path(tempfile.mkdtemp(prefix="tenon-pages-"))
        for name, text in (("first.c", FIRST), ("second.c", SECOND)):
            (cls.work / name).write_text(text)
        for name, flags in (("lib.so", ("-O1",)), ("other.so", ("-O0",))):
            subprocess.run(["gcc", "-shared", "-fPIC", "-fno-toplevel-reorder", *flags, "-o", name, "first.c", "second.c"],
                           cwd=cls.work, check=True)
            subprocess.run(["objcopy", "--redefine-sym", "evil=" + HOSTILE, name], cwd=cls.work, check=True)
        (cls.work / "go.mod").write_text("module example.com/pages\n\ngo 1.21\n")
        (cls.work / "main.go").write_text(GO)
        subprocess.run(["go", "build", "-o", "program", "."], cwd=cls.work, check=True,
                       env={**os.environ, "CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": "arm64", "GOPROXY": "off"})

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    def page(self, *argv, code=0, name="page.html"):
        place = self.work / name
        place.unlink(missing_ok=True)
        done = run(TENON, "inspect", "--html", place, "--json", *argv, cwd=self.work)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(json.loads(done.stdout)["data"]["html"], str(place))
        return Page(place.read_text())

    def rows(self, path):
        done = run(TENON, "inspect", "--size", "--json", path, cwd=self.work)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def check_frame(self, page):
        """Nothing is fetched, and nothing runs but the script that the policy names."""
        self.assertTrue(page.raw.startswith("<!doctype html>"))
        names = {name for name, _ in page.attributes}
        self.assertFalse([name for name in names if name.startswith("on") or name in ("src", "href", "srcset")])
        self.assertEqual(set(page.tags) & {"link", "img", "iframe", "object", "base", "form"}, set())
        policy = next(value for name, value in page.attributes if name == "content" and "default-src" in value)
        self.assertTrue(policy.startswith("default-src 'none'"))
        programs = [text for attrs, text in page.scripts if attrs.get("type") != "application/json"]
        digests = ["'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'" for text in programs]
        self.assertEqual(re.findall(r"'sha256-[^']+'", policy), digests)
        self.assertNotIn("https://", page.raw)
        self.assertIn("prefers-color-scheme", page.raw)

    def check_tree(self, tree):
        for node in walk(tree):
            if node.get("children"):
                self.assertEqual(node["bytes"], sum(child["bytes"] for child in node["children"]), node["name"])


class Pages(Case):
    def test_treemap_has_the_sizes_of_json(self):
        page = self.page("program")
        self.check_frame(page)
        tree = page.data("tree")["root"]
        self.check_tree(tree)
        self.assertEqual(tree["bytes"], (self.work / "program").stat().st_size)
        rows = self.rows("program")
        packages = {row["package"]: row["bytes"] for row in rows if "package" in row and row["package"][0:3] != "(C "}
        self.assertEqual(sizes(tree, "package"), packages)
        modules = {node["name"]: node for node in walk(tree) if node["kind"] == "module"}
        self.assertEqual({child["name"] for child in modules["example.com/pages"]["children"]}, {"main"})
        self.assertIn("runtime", {child["name"] for child in modules["standard library"]["children"]})
        shown = sizes(tree, "section")
        sections = {row["section"]: row["bytes"] for row in rows if "section" in row}
        self.assertEqual(shown, {name: sections[name] for name in shown})
        self.assertNotIn(".text", shown)

    def test_functions_of_c_stand_below_their_source(self):
        page = self.page("lib.so")
        tree = page.data("tree")["root"]
        self.check_tree(tree)
        sources = {node["name"]: {child["name"] for child in node["children"]} for node in walk(tree) if node["kind"] == "source"}
        # A global function between two static ones of one file is of that file; readelf says which are static.
        self.assertLessEqual({"first_a", "between", "first_b"}, sources["first.c"])
        self.assertIn("second_a", sources["second.c"])
        self.assertNotIn("second_a", sources["first.c"])
        rows = {row["function"]: row for row in self.rows("lib.so") if "function" in row}
        self.assertEqual(rows["first_a"]["source"], "first.c")
        functions = sizes(tree, "function")
        self.assertEqual(functions, {name: rows[name]["bytes"] for name in functions})
        text = run(TENON, "inspect", "--size", self.work / "lib.so").stdout
        self.assertRegex(text, r"(?s)code by source.*%.*first\.c")

    def test_cards_and_graph_say_what_the_summary_says(self):
        page = self.page("lib.so")
        facts = json.loads(run(TENON, "inspect", "--json", self.work / "lib.so").stdout)["data"]["files"][0]["slices"][0]
        for library in facts["needed"]:
            self.assertTrue(any(text.startswith(library["name"]) for text in page.texts), library)
        if facts["glibc_floor"]:
            self.assertIn(facts["glibc_floor"], page.texts)
        self.assertIn(facts["uuid"], page.texts)
        self.assertEqual("svg" in page.tags, bool(facts["needed"]))
        settings = self.page("program")
        go = json.loads(run(TENON, "inspect", "--json", self.work / "program").stdout)["data"]["files"][0]["slices"][0]["go"]
        for name, value in go["settings"].items():
            self.assertIn(name, settings.texts)
            self.assertIn(value, settings.texts)

    def test_several_files_are_one_tree_and_one_graph(self):
        user = self.work / "user.so"
        (self.work / "user.c").write_text("int shared_one(int); int use(int x) { return shared_one(x); }\n")
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", user, "user.c", "./lib.so"], cwd=self.work, check=True)
        tree = self.page("user.so", "lib.so").data("tree")["root"]
        self.assertEqual([child["name"] for child in tree["children"]][-1] in ("user.so", "lib.so"), True)
        self.check_tree(tree)

    def test_difference_has_both_sizes(self):
        page = self.page("--diff", "lib.so", "other.so", code=1)
        self.check_frame(page)
        data = page.data("tree")
        self.assertIs(data["difference"], True)
        self.assertEqual(data["root"]["before"], (self.work / "lib.so").stat().st_size)
        self.assertEqual(data["root"]["bytes"], (self.work / "other.so").stat().st_size)
        before, after = ({row["function"]: row["bytes"] for row in self.rows(name) if "function" in row} for name in ("lib.so", "other.so"))
        shown = {node["name"]: (node["before"], node["bytes"]) for node in walk(data["root"]) if node["kind"] == "function"}
        self.assertIn("shared_two", shown)
        self.assertEqual(shown, {name: (before.get(name, 0), after.get(name, 0)) for name in shown})
        done = run(TENON, "inspect", "--diff", "lib.so", "other.so", "--json", cwd=self.work)
        for row in json.loads(done.stdout)["data"]["differences"][:5]:
            self.assertIn(row["text"], page.texts)

    def test_names_of_others_are_text(self):
        odd = self.work / ("x" + HOSTILE.replace("/", "") + ".so")
        shutil.copy(self.work / "lib.so", odd)
        for argv, code in (((odd.name,), 0), (("--diff", odd.name, "other.so"), 1)):
            page = self.page(*argv, code=code)
            self.check_frame(page)
            self.assertEqual(page.tags.count("script"), 2)
            self.assertIn(HOSTILE, sizes(page.data("tree")["root"], "function"))

    def test_pages_replace_pages_only(self):
        program = self.work / "lib.so"
        before = program.read_bytes()
        link = self.work / "link.html"
        link.symlink_to(self.page("lib.so") and "page.html")
        for place in (program, link, self.work / "lib.so" / "x.html"):
            done = run(TENON, "inspect", "--html", place, program)
            self.assertEqual(done.returncode, 3, done.stdout)
        self.assertEqual(program.read_bytes(), before)
        self.assertTrue(link.is_symlink())
        self.assertEqual(run(TENON, "inspect", "--html", self.work / "page.html", program).returncode, 0)
        self.assertEqual(run(TENON, "inspect", "--size", "--html", self.work / "page.html", program).returncode, 3)


class Signatures(Case):
    """The page of verify: the states are those of --json, in words beside the colors."""

    def bundle(self):
        root = self.work / "My.app"
        shutil.rmtree(root, ignore_errors=True)
        (root / "Contents/MacOS").mkdir(parents=True)
        (root / "Contents/Resources").mkdir()
        (root / "Contents/Resources/data").write_text("data")
        (root / "Contents/Info.plist").write_bytes(plistlib.dumps(
            {"CFBundleExecutable": "My", "CFBundleIdentifier": "com.example.my", "CFBundlePackageType": "APPL"}))
        (root / "Contents/MacOS/My").write_bytes(program())
        (root / "Contents/MacOS/My").chmod(0o755)
        done = run(TENON, "sign", root)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return root

    def verify(self, path):
        place = self.work / "verify.html"
        done = run(TENON, "verify", "--json", "--html", place, path)
        document = json.loads(done.stdout)
        self.assertEqual(document["data"]["html"], str(place))
        page = Page(place.read_text())
        self.check_frame(page)
        self.assertNotIn("script", page.tags)
        # "slot 1: Info.plist" stands behind its state.
        shown = re.findall(r'<span class="state">[^ ]+ (\w+)</span> slot (\d+): ([^<]*)', page.raw)
        slots = [slot for one in document["data"]["slices"] for cd in one["directories"] for slot in cd["slots"]]
        self.assertEqual(shown, [(slot["state"], str(slot["slot"]), slot["name"]) for slot in slots])
        return done.returncode, {slot["slot"]: slot["state"] for slot in slots}, page

    def test_slots_of_a_bundle(self):
        root = self.bundle()
        code, slots, page = self.verify(root)
        self.assertEqual(code, 0)
        self.assertEqual({slots[number] for number in (1, 2, 3)}, {"valid"})
        self.assertNotIn("invalid", [value for name, value in page.attributes if name == "class"])
        info = root / "Contents/Info.plist"
        info.write_bytes(info.read_bytes() + b"\n")
        code, slots, page = self.verify(root)
        self.assertEqual((code, slots[1], slots[2]), (1, "invalid", "valid"))
        self.assertTrue(any("do not match their hash" in text for text in page.texts))

    def test_pages_of_code(self):
        root = self.bundle()
        file = root / "Contents/MacOS/My"
        file.write_bytes(file.read_bytes().replace(b"\x1f\x20\x03\xd5", b"\x1f\x20\x03\xd6", 1))
        code, slots, page = self.verify(root)
        self.assertEqual((code, set(slots.values())), (1, {"valid"}))
        self.assertRegex(page.raw, r"invalid</span> \d+ pages of \d+ bytes, 1 do not match")

    def test_what_is_alone_has_no_contents_for_its_slots(self):
        alone = self.work / ("alone" + HOSTILE.replace("/", ""))
        shutil.copy(self.bundle() / "Contents/MacOS/My", alone)
        code, slots, page = self.verify(alone)
        self.assertEqual((code, slots[1], slots[3]), (1, "invalid", "invalid"))
        self.assertNotIn("img", page.tags)
        self.assertEqual(run(TENON, "verify", "--print", "cms", "--html", self.work / "verify.html", alone).returncode, 3)


class Timings(Case):
    def test_page_of_a_build(self):
        (self.work / "cgo").mkdir()
        (self.work / "cgo/go.mod").write_text("module example.com/cgo\n\ngo 1.21\n")
        (self.work / "cgo/main.go").write_text("package main\n\n// int twice(int);\nimport \"C\"\n\nfunc main() { println(C.twice(2)) }\n")
        # New each time: what go's cache has is not compiled.
        (self.work / "cgo/twice.c").write_text(f"int twice(int x) {{ return 2 * x; }}\n// {uuid.uuid4()}\n")
        argv = (TENON, "build", ".", "--target", "linux/amd64", "--timings", "html", "--json")
        done = run(*argv, cwd=self.work / "cgo")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        data = json.loads(done.stdout)["data"]
        place = Path(data["html"])
        self.assertEqual(place, self.work / "cgo/dist/tenon-timings.html")
        page = Page(place.read_text())
        self.check_frame(page)
        work = data["timings"]
        self.assertIn(("package", "example.com/cgo"), {(one["kind"], one["name"]) for one in work})
        self.assertTrue([one for one in work if one["name"].endswith("twice.c") and one["kind"] in ("compile", "cached")], work)
        self.assertTrue([one for one in work if one["kind"] == "ld"], work)
        self.assertGreaterEqual(min(one["start_ms"] for one in work), 0)
        # Two clocks that have to agree: C is compiled by the wrapper before go is done with the package.
        package = next(one for one in work if one["name"] == "example.com/cgo" and one["kind"] == "package")
        link = next(one for one in work if one["name"] == "example.com/cgo" and one["kind"] == "link")
        for one in work:
            end = one["start_ms"] + one["duration_ms"]
            if one["name"].endswith("twice.c"):
                self.assertLess(end, package["start_ms"] + package["duration_ms"] + 1)
            if one["kind"] == "ld":
                self.assertGreaterEqual(one["start_ms"], link["start_ms"])
        rows = re.findall(r'<th scope="row">([^<]*)</th><td class="kind">(\w+)</td>', page.raw)
        shown = [(one["name"], one["kind"]) for one in work if one["duration_ms"] >= 1 and not (
            one["kind"] == "compile" and re.match(r"(.*/)?(-|cgo-gcc-input-.*)$", one["name"]))]
        self.assertEqual(sorted(rows), sorted(shown)[:400])
        self.assertEqual(run(*argv[:-3], "--timings", "text", cwd=self.work / "cgo").returncode, 3)


class Browser(Case):
    """What the script makes of the data."""

    @classmethod
    def setUpClass(cls):
        if not BROWSER:
            raise unittest.SkipTest("no browser")
        super().setUpClass()

    def dom(self, path):
        done = run(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000",
                   f"--user-data-dir={self.work}/profile", "--dump-dom", f"file://{path}")
        self.assertEqual(done.returncode, 0, done.stderr)
        return Page(done.stdout)

    def test_script_runs_under_the_policy_and_names_stay_text(self):
        page = self.page("lib.so")
        title = page.texts[page.texts.index("lib.so")]
        dom = self.dom(self.work / "page.html")
        self.assertNotIn("img", dom.tags)
        self.assertIn(title, dom.texts)
        self.assertNotIn("hacked", dom.raw.split("<body>")[0])
        # The table has the parts of the root, the map a tile for each that is large enough to see.
        parts = [child["name"] for child in page.data("tree")["root"]["children"]]
        for part in parts:
            self.assertIn(part, dom.texts)
        labels = [value for name, value in dom.attributes if name == "aria-label"]
        self.assertTrue(any(re.match(r".*, (c|data), \d+ (bytes|kB), ", label) for label in labels), labels)

    def test_a_file_of_200000_symbols_makes_a_page_that_opens(self):
        source = self.work / "many.s"
        count = 200_000
        with source.open("w") as out:
            out.write(".text\n")
            for number in range(count):
                out.write(f".type f{number}, @function\nf{number}: .skip {1 + number % 61}, 0x90\n.size f{number}, .-f{number}\n")
        subprocess.run(["as", "-o", "many.o", "many.s"], cwd=self.work, check=True)
        page = self.page("many.o")
        self.assertLess(len(page.raw), 3_000_000)
        tree = page.data("tree")["root"]
        self.check_tree(tree)
        rest = [node for node in walk(tree) if node["kind"] == "rest"]
        left_out = int(re.search(r"Left out of this page: (\d+) small parts", page.raw)[1])
        self.assertEqual(left_out, sum(int(re.match(r"\((\d+) smaller\)", node["name"])[1]) for node in rest))
        code = next(node for node in walk(tree) if node["kind"] == "c")
        joined = sum(int(re.match(r"\((\d+) smaller\)", node["name"])[1]) for node in code["children"] if node["kind"] == "rest")
        self.assertEqual(joined + len(sizes(code, "function")), count)
        self.assertIn("tr", self.dom(self.work / "page.html").tags)


if __name__ == "__main__":
    unittest.main()
