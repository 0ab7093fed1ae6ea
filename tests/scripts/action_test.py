"""action.yml: its steps, run in their order as a runner runs those of a composite action, with inputs that attack.

Expressions are put in where a runner does it: into env, if and outputs. One inside of `run` would be text of a stranger
that a shell reads, and is refused here.
"""
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import small_yaml  # noqa: E402

TENON = os.environ.get("TENON", "")
ACTION = small_yaml.load((ROOT / "action.yml").read_text())
HERE = "linux-" + {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
HOSTILE = ["'; touch pwned; '", '"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "a && touch pwned", "${{ secrets.X }}", "* ~ $HOME",
           "--", "%0A::error::x", "\\$(touch pwned)\\", "::set-output name=x::y"]
# What the program of a test was called with, as JSON, then what the test wants it to print.
FAKE = """#!/usr/bin/env python3
import json, os, sys
if sys.argv[1:] == ["--version"]:
    print("tenon 9.9.9")
    sys.exit(0)
with open(os.environ["FAKE_CALLS"], "a") as out:
    out.write(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd()}) + "\\n")
for word in sys.argv:
    if word.startswith(("sarif=", "github=")) and os.environ.get("FAKE_SAVES") == "1":
        with open(word.partition("=")[2], "w") as out:
            out.write("::error title=TN0000::found%0Ahere\\n" if word.startswith("github") else "{}")
sys.stdout.write(os.environ.get("FAKE_SAYS", ""))
sys.exit(int(os.environ.get("FAKE_CODE", "0")))
"""
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def outputs_of(path):
    """A file of GITHUB_OUTPUT, as a runner reads it."""
    out, lines = {}, iter(path.read_text().split("\n"))
    for line in lines:
        if not line:
            continue
        name, equals, value = line.partition("=")
        heredoc = re.fullmatch(r"([^=<]+)<<(.+)", line)
        if heredoc:
            rows = []
            for row in lines:
                if row == heredoc[2]:
                    break
                rows.append(row)
            else:
                raise ValueError("no end of " + line)
            out[heredoc[1]] = "\n".join(rows)
        elif equals:
            out[name] = value
        else:
            raise ValueError(line)
    return out


class Runner:
    """A job with one step that uses the action."""

    def __init__(self, top, **inputs):
        self.inputs = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
        for name, value in inputs.items():
            name = name.rstrip("_").replace("_", "-")
            assert name in self.inputs, name
            self.inputs[name] = value
        self.top, self.steps, self.log, self.code = top, {}, "", 0
        self.work, self.temp = top / "the work", top / "temp"
        for folder in (self.work, self.temp):
            folder.mkdir(exist_ok=True)
        self.files = {name: top / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH", "GITHUB_ENV")}
        self.files["GITHUB_STEP_SUMMARY"].write_text("")
        self.files["GITHUB_PATH"].write_text("")
        self.repository = ""

    def value(self, expression):
        if found := re.fullmatch(r"inputs\.([\w-]+)", expression):
            return self.inputs[found[1]]
        if found := re.fullmatch(r"steps\.(\w+)\.outputs\.([\w-]+)", expression):
            return self.steps.get(found[1], {}).get(found[2], "")
        if expression == "github.action_repository":
            return self.repository
        if found := re.fullmatch(r"(inputs\.[\w-]+) != '(\w+)'", expression):
            return "true" if self.value(found[1]) != found[2] else "false"
        raise ValueError(f"an expression that this runner does not know: {expression}")

    def filled(self, text):
        return EXPRESSION.sub(lambda found: self.value(found[1]), str(text))

    def run(self, **environment):
        for step in ACTION["runs"]["steps"]:
            if self.code != 0 or ("if" in step and self.value(step["if"]) != "true"):
                continue
            self.files["GITHUB_OUTPUT"].write_text("")
            self.files["GITHUB_ENV"].write_text("")
            script = self.temp / "step.sh"
            script.write_text(step["run"])
            environ = {"PATH": os.environ["PATH"], "HOME": str(self.top), "RUNNER_TEMP": str(self.temp), "CI": "true",
                       "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.work), "GITHUB_ACTION_PATH": str(ROOT),
                       "FAKE_CALLS": str(self.top / "calls"), **{name: str(path) for name, path in self.files.items()},
                       # A composite action has no INPUT_ variables; that some are there must change nothing.
                       **{"INPUT_" + name.upper(): "$(touch pwned)" for name in self.inputs},
                       **environment, **{name: self.filled(value) for name, value in step.get("env", {}).items()}}
            done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], cwd=self.work, env=environ,
                                  capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
            self.log += done.stdout + done.stderr
            self.code = done.returncode
            if "id" in step:
                self.steps[step["id"]] = outputs_of(self.files["GITHUB_OUTPUT"])
        return self

    @property
    def outputs(self):
        return {name: self.filled(one["value"]) for name, one in ACTION["outputs"].items()}

    @property
    def calls(self):
        path = self.top / "calls"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def summary(self):
        return self.files["GITHUB_STEP_SUMMARY"].read_text()

    def commands(self):
        """The workflow commands that a runner takes from the log: not those between stop-commands and its end."""
        out, stopped = [], None
        for line in self.log.split("\n"):
            line = line.strip()
            if stopped:
                stopped = None if line == f"::{stopped}::" else stopped
            elif line.startswith("::stop-commands::"):
                stopped = line.removeprefix("::stop-commands::")
            elif line.startswith("::"):
                out.append(line)
        assert stopped is None, "commands stay stopped"
        return out


class Action(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp(prefix="tenon-action-"))
        self.addCleanup(shutil.rmtree, self.top, True)
        self.fake = self.top / "a tenon"
        self.fake.write_text(FAKE)
        self.fake.chmod(0o755)

    def runner(self, **inputs):
        return Runner(self.top, **{"path": str(self.fake), **inputs})

    def assert_inert(self):
        self.assertEqual([str(path) for path in self.top.rglob("pwned")], [])
        self.assertFalse(Path("pwned").exists())

    def test_no_expression_is_inside_of_a_script(self):
        for step in ACTION["runs"]["steps"]:
            self.assertNotIn("${{", step["run"])
            self.assertEqual(step["shell"], "bash")
        for script in (ROOT / "action").glob("*.sh"):
            text = script.read_text()
            self.assertNotIn("${{", text)
            self.assertNotRegex(text, r"\beval\b|\bbash -c\b|\bsh -c\b")

    def test_the_small_reader_agrees_with_a_full_one(self):
        try:
            import yaml
        except ImportError:
            self.skipTest("no PyYAML")
        for path in (ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml"):
            self.assertEqual(small_yaml.load(path.read_text()), yaml.safe_load(path.read_text()), path)

    def test_arguments_are_lines(self):
        args = "./cmd/app\n--target\nlinux/arm64,darwin/arm64\n-ldflags\n-s -w\n\n" + "\r\n".join(HOSTILE)
        done = self.runner(command="build", args=args).run()
        self.assertEqual(done.code, 0, done.log)
        argv = done.calls[0]["argv"]
        self.assertEqual(argv[:2], ["build", "--save"])
        self.assertEqual(argv[5:], ["./cmd/app", "--target", "linux/arm64,darwin/arm64", "-ldflags", "-s -w", *HOSTILE])
        self.assert_inert()

    def test_every_input_may_be_hostile(self):
        for name in ACTION["inputs"]:
            for text in [*HOSTILE[:3], "\n".join(HOSTILE), "x\nGITHUB_PATH<<y\n"]:
                with self.subTest(name=name, text=text):
                    done = self.runner(**{"command": "verify", "args": "app", name: text}).run()
                    self.assert_inert()
                    self.assertNotIn("pwned", self.runner().files["GITHUB_PATH"].read_text())
                    if name == "command":
                        self.assertEqual((done.code, done.calls), (3, []))
                    self.assertLessEqual(set(done.steps.get("install", {})), {"tenon", "version"})
                    self.assertLessEqual(set(done.steps.get("run", {})), {"exit-code", "sarif"})
                    for command in done.commands():
                        self.assertRegex(command, "^::(error title=|group::|endgroup::)")
                    (self.top / "calls").unlink(missing_ok=True)

    def test_the_result_is_that_of_the_command_and_outputs_are_there(self):
        for code in (0, 1, 2, 3):
            done = self.runner(command="doctor").run(FAKE_CODE=str(code), FAKE_SAVES="1")
            self.assertEqual(done.code, code)
            self.assertEqual(done.outputs["exit-code"], str(code))
            self.assertEqual(done.outputs["version"], "tenon 9.9.9")
            self.assertEqual(done.outputs["tenon"], str(self.fake))
            self.assertEqual(Path(done.outputs["sarif"]).read_text(), "{}")
            self.assertIn("::error title=TN0000::found%0Ahere", done.commands())

    def test_what_a_command_prints_is_no_command(self):
        says = "::error::not ours\n ::add-mask::a\n::set-env name=PATH::x\n</pre><script>&\n::stop-commands::pause\nno end"
        done = self.runner(command="explain", args="build.log").run(FAKE_SAYS=says)
        self.assertEqual(done.commands(), [])
        self.assertIn("no end\n::", done.log)
        self.assertIn("&lt;/pre&gt;&lt;script&gt;&amp;", done.summary)
        self.assertEqual(done.summary.count("</pre>"), 1)

    def test_what_can_be_turned_off_and_told(self):
        (self.top / "the work/sub dir").mkdir(parents=True)
        done = self.runner(annotations="false", summary="false", sarif="out dir/t.sarif", working_directory="sub dir")
        (done.work / "out dir").mkdir()
        (done.work / "out dir/t.sarif").write_text("of an earlier step")
        done.run(FAKE_SAVES="1")
        self.assertEqual((done.commands(), done.summary), ([], ""))
        self.assertEqual(done.calls[0]["cwd"], str(done.work / "sub dir"))
        self.assertEqual(done.outputs["sarif"], str(done.work / "out dir/t.sarif"))
        self.assertEqual(Path(done.outputs["sarif"]).read_text(), "{}")
        done = self.runner(sarif="out dir/t.sarif").run()
        self.assertEqual(done.outputs["sarif"], "", "that of an earlier step is not this one's")

    def test_a_long_answer(self):
        done = self.runner(command="doctor").run(FAKE_SAYS="<" * 100000)
        self.assertEqual(done.code, 0, done.log[-300:])
        self.assertEqual(done.summary.count("&lt;"), 65536)

    def release(self, name):
        folder = self.top / name
        folder.mkdir()
        program = folder / f"tenon-{HERE}"
        program.write_text(FAKE)
        digest = hashlib.sha256(program.read_bytes()).hexdigest()
        (folder / "SHA256SUMS").write_text(f"{digest}  {program.name}\n")
        return folder, digest

    def test_installs_a_release(self):
        folder, digest = self.release("a release")
        for inputs in ({}, {"sha256": digest}, {"version": "v9.9.9"}):
            runner = self.runner(path="", from_=str(folder), **inputs).run()
            self.assertEqual(runner.code, 0, runner.log)
            self.assertEqual(runner.outputs["tenon"], str(runner.temp / "tenon/bin/tenon"))
            self.assertEqual(runner.files["GITHUB_PATH"].read_text(), f"{runner.temp}/tenon/bin\n")
            shutil.rmtree(runner.temp)
        for inputs in ({"sha256": "0" * 64}, {"sha256": "no sum"}, {"version": "../../x"}):
            runner = self.runner(path="", from_=str(folder), **inputs)
            self.assertNotEqual(runner.run().code, 0)
            self.assertEqual(len(runner.commands()), 1, runner.log)
            self.assertFalse((runner.temp / "tenon/bin/tenon").exists())

    def test_install_only(self):
        done = self.runner(command="none").run()
        self.assertEqual((done.code, done.calls), (0, []))
        self.assertEqual(done.outputs["version"], "tenon 9.9.9")

    def test_where_a_release_comes_from_without_a_place(self):
        runner = self.runner(path="")
        self.assertNotEqual(runner.run().code, 0)
        self.assertIn("name a place of releases", runner.log)
        # A repository's own releases: the address is asked for, on a port where nothing listens.
        version = re.search(r"project\(tenon VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
        runner = self.runner(path="")
        runner.repository = "owner/name"
        self.assertNotEqual(runner.run(GITHUB_SERVER_URL="file:///nowhere").code, 0)
        self.assertIn(f"file:///nowhere/owner/name/releases/download/v{version}", runner.log)

    @unittest.skipUnless(TENON, "no tenon")
    def test_with_tenon_itself(self):
        runner = Runner(self.top, path=TENON, command="explain", args="build <1>.log\n--no-project")
        log = "x.c:3:10: fatal error: zot/zot.h: No such file or directory\n::error::a log\nmake: *** [all] Error 1\n"
        (runner.work / "build <1>.log").write_text(log)
        runner.run()
        self.assertEqual(runner.code, 0, runner.log)
        self.assertEqual([line.split(" ")[0] for line in runner.commands()], ["::error"])
        self.assertIn("zot/zot.h", runner.commands()[0])
        self.assertEqual(json.loads(Path(runner.outputs["sarif"]).read_text())["version"], "2.1.0")
        self.assertIn("zot/zot.h", runner.summary)
        runner = Runner(self.top, path=TENON, command="verify", args="no such file")
        self.assertNotEqual(runner.run().code, 0)
        self.assertEqual([line.split(" ")[0] for line in runner.commands()], ["::error"])


if __name__ == "__main__":
    unittest.main()
