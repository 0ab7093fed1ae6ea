#!/usr/bin/env python3
"""The published schemas of --json (schemas/*.schema.json), and the check that holds every document against them.

Every script test runs with tests/support/json_schemas in PYTHONPATH, so all documents that tests read are checked. Here
it is shown that the check can fail: for a missing schema, for a key that a schema does not know, for a lost key and for
another type."""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("TENON_SOURCE", Path(__file__).resolve().parents[2]))
SUPPORT = SOURCE / "tests/support/json_schemas"
sys.path.insert(0, str(SUPPORT))
import document_schemas  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("no jsonschema")
    sys.exit(77)

TENON = os.environ.get("TENON", "tenon")
FOLDER = SOURCE / "schemas"
SCHEMAS = {path.name.removesuffix(".schema.json"): json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.schema.json"))}


def document(*argv):
    done = subprocess.run([TENON, *argv], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    return json.loads(done.stdout)


def objects_of(schema, place=""):
    """Every schema of an object with keys of its own, and where it stands."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield place, schema
        for key, value in schema.items():
            yield from objects_of(value, f"{place}/{key}")
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from objects_of(value, f"{place}/{number}")


def elements(value, path=()):
    """The first object of each list in a document: what lists hold are records, with fixed keys."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from elements(one, (*path, key))
    elif isinstance(value, list) and value:
        if isinstance(value[0], dict):
            yield (*path, 0)
        yield from elements(value[0], (*path, 0))


def at(value, path):
    for step in path:
        value = value[step]
    return value


class Schemas(unittest.TestCase):
    def test_they_are_schemas_of_the_draft_that_they_name(self):
        for name, schema in SCHEMAS.items():
            self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
            self.assertEqual(schema["$id"], f"{name}.schema.json")
            jsonschema.Draft202012Validator.check_schema(document_schemas.load(name))

    def test_every_command_with_documents_has_one(self):
        commands = set()
        for path in SOURCE.glob("src/**/*.cpp"):
            commands |= set(re.findall(r'\breport\.command = "([\w-]+)"', path.read_text()))
        self.assertEqual(set(SCHEMAS) - {"envelope"}, commands)

    def test_they_know_all_keys(self):
        for name, schema in SCHEMAS.items():
            for place, one in objects_of(schema):
                if place == "" and name != "envelope" or place.endswith("/properties"):
                    continue  # the envelope beside it is strict; a key with the name "properties"
                self.assertIs(one.get("additionalProperties"), False, f"{name}: {place}")
                self.assertLessEqual(set(one.get("required", ())), set(one["properties"]), f"{name}: {place}")

    def test_the_keys_of_inspect_are_those_of_its_page(self):
        page = (SOURCE / "docs/inspect.md").read_text()
        for table, name in (("Keys of a slice", "slice"), ("Keys of `go`", "go"), ("Keys of `macho`", "macho")):
            rows = page.split(f"### {table}\n\n")[1].split("\n\n")[0].splitlines()[2:]
            keys = {key for row in rows for key in re.findall(r"`(\w+)(?:\[\])?`", row.split("|")[1])}
            self.assertEqual(set(SCHEMAS["inspect"]["$defs"][name]["properties"]), keys)

    def test_mistakes_are_documents_too(self):
        for command in sorted(set(SCHEMAS) - {"envelope", "version"}):
            for argv in ((command, "--json", "--no-such-option"), (command, "--json")):
                if argv[1:] == ("--json",) and command in ("doctor", "watch", "pkg-config", "explain"):
                    continue
                done = subprocess.run([TENON, *argv], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
                if done.stdout.startswith("{"):
                    document_schemas.check(json.loads(done.stdout))


class Check(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.documents = [document("version", "--json"), document("explain", "TN0101", "--json"),
                         document("inspect", "--json", sys.executable), document("load", "--json", sys.executable),
                         document("resolve", "--json", "localhost"), document("cache", "stats", "--json"),
                         document("verify", "--json", sys.executable), document("--json", "no-such-command")]

    def wrong(self, changed):
        with self.assertRaises((document_schemas.WrongDocument, document_schemas.NoSchema)):
            document_schemas.check(changed)

    def test_documents_of_today_pass(self):
        for one in self.documents:
            document_schemas.check(one)

    def test_a_key_that_the_schema_does_not_know(self):
        for one in self.documents:
            places = [(), ("data",), *elements(one)]
            if not one["command"]:
                places.remove(("data",))  # without a command nobody knows its data
            for place in places:
                changed = copy.deepcopy(one)
                at(changed, place)["a key of tomorrow"] = 1
                with self.subTest(f"{one['command']}: {place}"):
                    self.wrong(changed)

    def test_a_lost_key_and_another_type(self):
        for one in self.documents:
            for key in one:
                self.wrong({name: value for name, value in one.items() if name != key})
                self.wrong({**one, key: 1.5})
        changed = copy.deepcopy(self.documents[2])
        del changed["data"]["files"][0]["slices"][0]["needed"]
        self.wrong(changed)
        changed = copy.deepcopy(self.documents[2])
        changed["data"]["files"][0]["slices"][0]["size"] = "12"
        self.wrong(changed)

    def test_a_missing_schema(self):
        with tempfile.TemporaryDirectory() as empty, self.assertRaises(document_schemas.NoSchema):
            document_schemas.check(self.documents[0], Path(empty))
        with self.assertRaises(document_schemas.NoSchema):
            document_schemas.check({**self.documents[0], "command": "of-tomorrow"})

    def test_every_test_checks_what_it_reads(self):
        """A script that reads a document with an unknown key fails, though it asks for nothing."""
        for change, code in ({}, 0), ({"tomorrow": 1}, 1):
            text = json.dumps({**self.documents[0], **change}, indent=2)
            script = ("import subprocess, sys\n"
                      "subprocess.run([sys.executable, '-c', 'print(input())'.replace('input()', 'open(0).read()')],\n"
                      "               input=sys.argv[1], capture_output=True, text=True)\n")
            done = subprocess.run([sys.executable, "-c", script, text], capture_output=True, text=True, timeout=60,
                                  env={**os.environ, "PYTHONPATH": str(SUPPORT), "TENON_SOURCE": str(SOURCE)})
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertEqual("WrongDocument" in done.stderr, bool(code))


if __name__ == "__main__":
    unittest.main()
