#!/usr/bin/env python3
"""tenon explain on files, pipes, folders and commands, in all its formats."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

try:
    import jsonschema
except ImportError:
    jsonschema = None

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
import public_files  # noqa: E402

TENON = os.environ.get("TENON", "tenon")
LOG = """2024-01-31T12:00:00.1234567Z # github.com/mattn/go-sqlite3
2024-01-31T12:00:01.1234567Z cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH
2024-01-31T12:00:02.1234567Z make: *** [Makefile:3: build] Error 1
"""


def run(*args, **kwargs):
    return subprocess.run([TENON, *map(str, args)], capture_output=True, text=True, timeout=300,
                          check=False, **kwargs)


def samples():
    """(slug, log) of every sample in the rows of causes."""
    rows = Path(__file__).resolve().parents[2] / "src" / "diagnose" / "causes"
    return [(cause["slug"], sample["log"])
            for path in sorted(rows.glob("*.toml"))
            for cause in tomllib.loads(path.read_text())["cause"]
            for sample in cause.get("sample", []) if sample.get("first", True)]


class Explain(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.log = Path(self.folder.name) / "build.log"
        self.log.write_text(LOG)

    def test_file_and_pipe(self):
        for done in (run("explain", self.log, "--json"), run("explain", "-", "--json", input=LOG)):
            self.assertEqual(done.returncode, 0)
            data = json.loads(done.stdout)["data"]
            best = data["candidates"][0]
            self.assertEqual((best["cause"], best["code"], best["evidence"]),
                             ("cc/not-installed", "TN2001", [2]))
            self.assertEqual(best["confidence"], "certain")
            self.assertTrue(best["fix"])
        text = run("explain", self.log).stdout
        self.assertIn("cc/not-installed", text)
        self.assertIn("line 2", text)
        self.assertIn("a consequence: make: ***", text)

    def test_the_tab_of_a_log_line_is_a_blank(self):
        self.log.write_text('cgo: C compiler "gcc" not found: exec: "gcc": executable file not '
                            'found in $PATH\nFAIL\texample.com/a [build failed]\n')
        text = run("explain", self.log).stdout
        self.assertIn("a consequence: FAIL example.com/a [build failed]", text)

    def test_unknown(self):
        self.log.write_text("all is well\n")
        done = run("explain", self.log, "--json")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(json.loads(done.stdout)["data"]["candidates"], [])
        self.assertEqual(run("explain", self.folder.name + "/nothing").returncode, 3)
        self.assertEqual(run("explain", self.log, "--format", "x").returncode, 3)

    def test_a_program_that_a_fresh_debian_lacks_says_where_it_is_from(self):
        hint = "apt-file is a package of its own: apt-get install apt-file && apt-file update\n"
        self.log.write_text("/usr/bin/ld: cannot find -lzot: No such file or directory\n")
        said = run("explain", self.log, "--no-project").stdout
        self.assertIn("\n  apt-file search libzot.so\n", said)
        self.assertTrue(said.endswith(hint), said)
        self.log.write_text(LOG)
        self.assertNotIn("apt-file", run("explain", self.log, "--no-project").stdout)

    def test_colors(self):
        with tempfile.TemporaryDirectory() as place:
            log = Path(place) / "log"
            log.write_text("/usr/bin/ld: cannot find -lfoo: No such file or directory\ncollect2: error: ld returned 1 exit status\n")
            colored = subprocess.run([TENON, "explain", "--color", "always", log], capture_output=True, text=True, check=False).stdout
            plain = subprocess.run([TENON, "explain", "--color", "never", log], capture_output=True, text=True, check=False).stdout
        self.assertIn("\x1b[1;32mfix:\x1b[0m", colored)
        self.assertNotIn("\x1b", plain)
        self.assertEqual(re.sub(r"\x1b\[[0-9;]*m", "", colored), plain)

    def test_batch(self):
        (Path(self.folder.name) / "b.log").write_text("collect2: fatal error: ld terminated with signal 9\n")
        done = run("explain", "--batch", self.folder.name)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(r["file"], r["candidates"][0]["cause"]) for r in rows],
                         [("b.log", "resource/oom-linker"), ("build.log", "cc/not-installed")])

    def test_command(self):
        done = run("explain", "--", "sh", "-c", "echo out; cat \"$1\"; exit 7", "sh", self.log)
        self.assertEqual(done.returncode, 7)
        self.assertEqual(done.stdout, "out\n" + LOG)
        self.assertIn("cc/not-installed", done.stderr)
        done = run("explain", "--", "true")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_formats(self):
        sarif = json.loads(run("explain", self.log, "--format", "sarif").stdout)
        self.assertEqual(sarif["version"], "2.1.0")
        driver = sarif["runs"][0]["tool"]["driver"]
        result = sarif["runs"][0]["results"][0]
        self.assertEqual(driver["rules"][result["ruleIndex"]]["id"], result["ruleId"])
        self.assertEqual(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2)
        self.assertIn(result["level"], ("error", "note", "warning", "none"))
        self.assertTrue(result["message"]["text"])
        github = run("explain", self.log, "--format", "github").stdout
        self.assertRegex(github, r"^::error title=TN2001 [^:]*::.+\n$")
        junit = xml.fromstring(run("explain", self.log, "--format", "junit").stdout)
        self.assertEqual(junit.find("testsuite").get("failures"), "1")

    def test_streams_stay_apart(self):
        script = "printf 'a\\nb' ; printf 'err 1\\nerr' >&2; cat; exit 3"
        done = run("explain", "--", "sh", "-c", script, input="from stdin")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stdout, "a\nbfrom stdin")
        self.assertTrue(done.stderr.startswith("err 1\nerr"), done.stderr)
        self.assertIn("unknown", done.stderr)
        self.assertEqual(run("explain", "--", "sh", "-c", "kill -9 $$").returncode, 128 + 9)
        self.assertEqual(run("explain", "--", "/no/such/program").returncode, 127)
        done = run("explain", "--json", "--", "sh", "-c", "echo out; cat \"$1\"; exit 7", "sh", self.log)
        self.assertEqual((done.returncode, done.stderr), (7, "out\n" + LOG))
        self.assertEqual(json.loads(done.stdout)["data"]["candidates"][0]["cause"], "cc/not-installed")
        done = run("explain", "--json", "--", "true")
        self.assertEqual((done.returncode, json.loads(done.stdout)["data"]["candidates"]), (0, []))
        self.assertEqual(run("explain", "--format", "sarif", "--", "true").returncode, 3)

    def test_sarif_schema(self):
        schema = public_files.file_of("npm", "@microsoft/jest-sarif@1.0.0-beta.0", "sarif-2.1.0-rtm.5.json")
        if jsonschema is None or schema is None:
            self.skipTest("no jsonschema, or no network for the schema")
        odd = Path(self.folder.name) / "a b%ü.log"
        odd.write_text(LOG)
        nothing = Path(self.folder.name) / "nothing.log"
        nothing.write_text("all is well\n")
        for log in (self.log, odd, nothing):
            jsonschema.validate(json.loads(run("explain", log, "--format", "sarif").stdout),
                                json.loads(schema.read_text()))

    def test_wordings(self):
        want = {}
        with tempfile.TemporaryDirectory() as folder:
            for number, (slug, log) in enumerate(samples()):
                want[f"{number:03}"] = (slug, log)
                (Path(folder) / f"{number:03}").write_text(log)
            rows = [json.loads(line) for line in run("explain", "--batch", folder).stdout.splitlines()]
        self.assertEqual(len(rows), len(want))
        for row in rows:
            slug, log = want[row["file"]]
            found = [c["cause"] for c in row["candidates"]]
            self.assertEqual(found[:1], [slug], log)

    def test_a_recorded_machine_decides_what_a_log_cannot(self):
        log = "# runtime/cgo\ngcc: error: unrecognized command line option '-marm'\n"
        with tempfile.TemporaryDirectory() as folder:
            host = Path(folder) / "host.json"
            run("doctor", "--no-probe", "--record", str(host))
            (Path(folder) / "log").write_text(log)
            bare = json.loads(run("explain", "--json", "--no-project", f"{folder}/log").stdout)
            self.assertEqual(bare["data"]["candidates"][0]["cause"], "cross/host-cc-used-for-target")
            state = json.loads(host.read_text())
            state["system"]["goos"], state["system"]["goarch"] = "linux", "arm64"
            install = {"program": "/usr/local/go/bin/go", "root": "/usr/local/go", "version": "go1.21.6",
                       "goarch": "arm"}
            state["go"]["installs"] = {"state": "known", "source": "PATH", "value": [install]}
            host.write_text(json.dumps(state))
            told = json.loads(run("explain", "--json", "--no-project", f"{folder}/log",
                                  "--host", str(host)).stdout)
            self.assertEqual(told["data"]["candidates"][0]["cause"], "goroot/go-arch-not-host-arch")
            self.assertIn("arm64", told["data"]["machine"][0]["text"])
            host.write_text("{")
            self.assertEqual(run("explain", f"{folder}/log", "--host", str(host)).returncode, 3)

    def test_logs_that_are_no_plain_files(self):
        fifo = Path(self.folder.name) / "fifo"
        os.mkfifo(fifo)
        with subprocess.Popen(["sh", "-c", 'cat "$0" > "$1"', self.log, fifo]):
            told = run("explain", "--no-project", fifo)
        self.assertIn("cc/not-installed", told.stdout)
        wide = Path(self.folder.name) / "utf16.log"
        for coding in ("utf-16-le", "utf-16-be"):
            wide.write_bytes(("\ufeff" + LOG).encode(coding))
            self.assertIn("cc/not-installed", run("explain", "--no-project", wide).stdout)
        self.assertEqual(run("explain", self.folder.name).returncode, 3)
        self.log.write_text('{"ImportPath":"runtime/cgo","Action":"build-output","Output":"cgo: C compiler '
                            '\\"gcc\\" not found: exec: \\"gcc\\": executable file not found\\n"}\n')
        self.assertIn("cc/not-installed", run("explain", "--no-project", self.log).stdout)

    def test_bytes_of_a_log_do_no_harm(self):
        self.log.write_bytes(b"main.go:3:10: fatal error: \xff\xfe\xed\xa0\x80\xef\xbf\xbe\x01.h: No such file or directory\n")
        told = subprocess.run([TENON, "explain", "--no-project", "--format", "junit", self.log],
                              capture_output=True, check=False)
        xml.fromstring(told.stdout)
        self.log.write_text("/usr/bin/ld: cannot find -lx$(id); echo\n")
        told = json.loads(run("explain", "--no-project", "--json", self.log).stdout)
        for command in told["data"]["candidates"][0]["fix"]:
            self.assertNotIn("$(", re.sub(r"'[^']*'", "", command))  # none outside of quotes

    def test_an_answer_that_cannot_be_written_is_no_success(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([TENON, "explain", "--format", "sarif", self.log], stdout=full, check=False)
        self.assertEqual(done.returncode, 2)

    def test_a_reader_that_goes_away_ends_the_command(self):
        done = subprocess.run(["sh", "-c", '"$0" explain -- yes | head -n 1', TENON], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.stdout, "y\n")

    def test_json_tells_the_events_and_what_follows_from_what(self):
        log = ("# example.com/p\nld: warning: ignoring file '/opt/homebrew/lib/libz.dylib': found architecture "
               "'arm64', required architecture 'x86_64'\nUndefined symbols for architecture x86_64:\n"
               "  \"_inflate\", referenced from:\nclang: error: linker command failed with exit code 1\n")
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "log").write_text(log)
            data = json.loads(run("explain", "--json", "--no-project", f"{folder}/log").stdout)["data"]
        kinds = {event["line"]: event for event in data["events"]}
        self.assertEqual(kinds[2]["kind"], "file_ignored")
        self.assertEqual(kinds[4]["kind"], "symbol_undefined")
        self.assertEqual([kinds[line]["follows"] for line in (2, 4, 5)], [None, 2, 2])
        self.assertEqual(kinds[4]["package"], "example.com/p")

    def test_prefixes_change_nothing(self):
        logs = samples()
        shapes = {
            "crlf": lambda line: line + "\r",
            "colour": lambda line: "\x1b[31m" + line.replace("error", "\x1b[1merror\x1b[0m") + "\x1b[0m",
            "github": lambda line: "2024-01-31T12:34:56.1234567Z ##[error]" + line,
            "buildkit": lambda line: "#12 3.456 " + line,
            "jenkins": lambda line: "[2024-01-31T12:34:56.123Z] " + line,
            "clock": lambda line: "12:34:56 " + line,
            "compose": lambda line: "app_1  | " + line,
            "journal": lambda line: "Feb  7 23:47:21 host app[123]: " + line,
            "kubernetes": lambda line: "2024-01-31T12:34:56.123456789Z stderr F " + line,
            "maven": lambda line: "[ERROR] " + line,
        }
        with tempfile.TemporaryDirectory() as folder:
            for shape, change in shapes.items():
                for number, (slug, log) in enumerate(logs):
                    # A journal is a fact, too: that of a service on Linux, and of no phone or Mac.
                    if shape == "journal" and slug in ("dns/no-resolv-conf-android",
                                                       "darwin/macos-local-network-privacy"):
                        continue
                    text = "\n".join(change(line) for line in log.rstrip("\n").split("\n"))
                    (Path(folder) / f"{number:03}-{shape}").write_text(text, newline="")
            rows = [json.loads(line) for line in run("explain", "--batch", folder).stdout.splitlines()]
        self.assertGreater(len(rows), len(logs) * (len(shapes) - 1))
        wrong = [(row["file"], row["candidates"][:1]) for row in rows
                 if [c["cause"] for c in row["candidates"]][:1] != [logs[int(row["file"][:3])][0]]]
        self.assertEqual(wrong, [])

    def test_causes_of_a_team(self):
        folder = Path(self.folder.name) / "causes"
        folder.mkdir()
        row = ('[[cause]]\ncode = "ACME1"\nslug = "acme/proxy-certificate"\ntitle = "The proxy is not trusted"\n'
               'happens = "{host} is behind our proxy."\nfix = "Install the certificate."\n'
               'commands = [["acme-setup", "--name", "Acme CA"]]\ndecide = ["acme-setup", "--list"]\nhides = ["cc/*"]\n'
               '[[cause.when]]\nline = "certificate of {host}: signed by unknown"\nconfidence = "certain"\n')
        (folder / "acme.toml").write_text(row)
        self.log.write_text(LOG + "certificate of git.acme: signed by unknown authority\n")
        done = run("explain", self.log, "--no-project", "--causes", folder, "--json")
        data = json.loads(done.stdout)
        best = data["data"]["candidates"][0]
        self.assertEqual((best["cause"], best["code"], best["message"], best["evidence"]),
                         ("acme/proxy-certificate", "ACME1", "git.acme is behind our proxy.", [4]))
        self.assertEqual((data["findings"][0]["code"], data["findings"][0]["cause"]),
                         ("ACME1", "acme/proxy-certificate"))
        self.assertEqual(best["fix"], ["acme-setup --name 'Acme CA'"], "a blank within a word splits nothing")
        self.assertIn("What happens", run("explain", "acme/proxy-certificate", "--causes", folder).stdout)
        self.assertIn("What happens", run("explain", "ACME1", "--causes", folder).stdout)
        for broken, said in ((row.replace("line =", "lime ="), "acme.toml:11: there is no key 'lime'; did you mean line?"),
                             (row.replace('[["acme-setup", "--name", "Acme CA"]]', '["acme-setup --name"]'),
                              "a command is a list of words"),
                             (row.replace("ACME1", "TN2001"), "codes that begin with TN"),
                             (row.replace("cc/*", "cc/nothing"), "is not a cause"),
                             (row.replace("acme/proxy-certificate", "cc/not-installed"), "exists already")):
            (folder / "acme.toml").write_text(broken)
            done = run("explain", self.log, "--causes", folder, "--json")
            self.assertEqual(done.returncode, 3, said)
            told = " ".join(f"{one['subject']}: {one['message']}" for one in json.loads(done.stdout)["findings"])
            self.assertIn(said, told)
        self.assertEqual(run("explain", self.log, "--causes", "/nothing").returncode, 3)

    def test_pages(self):
        listing = run("explain", "--list").stdout
        self.assertGreater(len(listing.splitlines()), 150)
        for word in ("cc/not-installed", "TN2001", "tn2001"):
            self.assertIn("What happens", run("explain", word).stdout)


class Project(unittest.TestCase):
    """A module whose names are in files with import "C"; what go says of it comes from go itself."""

    def setUp(self):
        if shutil.which("go") is None:
            self.skipTest("no go")
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = Path(self.folder.name).resolve()
        for name, text in {
                "go.mod": "module example.com/app\n\ngo 1.21\n",
                "main.go": "package main\n\nimport \"example.com/app/db\"\n\nfunc main() { db.Open(db.Extra) }\n",
                "db/db.go": "package db\n\nconst Extra = 1\n",
                "db/open.go": "package db\n\n// #cgo LDFLAGS: -lnothing-has-this\n"
                              "// int one(void);\nimport \"C\"\n\nfunc Open(int) {}\n"}.items():
            path = self.root / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    def explain(self, *args, **changes):
        env = {**os.environ, "GOFLAGS": "", "GOENV": "off", "GOTOOLCHAIN": "local", **changes}
        env.pop("CC", None)
        return run("explain", *args, cwd=self.root, env=env)

    def log_of(self, **changes):
        env = {**os.environ, "GOFLAGS": "", "GOENV": "off", "GOTOOLCHAIN": "local", **changes}
        done = subprocess.run(["go", "build", "-o", os.devnull, "."], cwd=self.root, env=env, timeout=300,
                              capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        (self.root / "build.log").write_text(done.stderr)

    def test_a_name_is_traced_to_the_file_left_out(self):
        self.log_of(CGO_ENABLED="0")
        data = json.loads(self.explain("build.log", "--json").stdout)["data"]
        self.assertEqual([(p["kind"], p["package"], p["where"], p["text"]) for p in data["project"]],
                         [("left-out-without-cgo", "example.com/app/db", f"{self.root}/db/open.go:5",
                           'import "C"')])
        self.assertTrue(data["candidates"][0]["cause"].startswith("cgo/disabled-"))
        alone = json.loads(self.explain("build.log", "--json", "--no-project").stdout)["data"]
        self.assertNotIn("project", alone)
        elsewhere = json.loads(run("explain", self.root / "build.log", "--project", self.root / "db",
                                   "--json", cwd="/").stdout)["data"]
        self.assertEqual(elsewhere["project"], data["project"])
        sarif = json.loads(self.explain("build.log", "--format", "sarif").stdout)
        place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        self.assertEqual((place["artifactLocation"]["uri"], place["region"]["startLine"]), ("db/open.go", 5))
        github = self.explain("build.log", "--format", "github").stdout
        self.assertTrue(github.startswith("::error file=db/open.go,line=5,title="), github)

    def test_a_name_that_nobody_declares_is_no_matter_of_cgo(self):
        (self.root / "main.go").write_text("package main\n\nfunc main() { sqlite3() }\n")
        self.log_of(CGO_ENABLED="0")
        data = json.loads(self.explain("build.log", "--json").stdout)["data"]
        self.assertEqual(data["candidates"][0]["cause"], "not-toolchain/compile-error")
        self.assertEqual(data["project"][0]["kind"], "not-declared")

    def test_the_machine_decides_why_cgo_was_off(self):
        for changes, cause in (({"CGO_ENABLED": "0"}, "cgo/disabled-needs-cgo"),
                               ({"GOOS": "windows", "CGO_ENABLED": ""}, "cgo/disabled-by-cross-compile")):
            done = self.explain("--", "go", "build", "-o", os.devnull, ".", **changes)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(f"({cause}, certain)", done.stderr)
            self.assertIn("on the machine: ", done.stderr)

    def test_a_library_is_traced_to_its_line(self):
        if shutil.which("gcc") is None:
            self.skipTest("no gcc")
        self.log_of(CGO_ENABLED="1")
        done = self.explain("build.log")
        self.assertIn("linux/dev-lib-missing", done.stdout)
        self.assertIn(f"{self.root}/db/open.go:3: // #cgo LDFLAGS: -lnothing-has-this", done.stdout)

    def test_no_module(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("explain", self.root / "go.mod", "--project", folder).returncode, 3)


if __name__ == "__main__":
    unittest.main()
