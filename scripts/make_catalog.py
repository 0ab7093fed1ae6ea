#!/usr/bin/env python3
"""Makes C++ of the catalogue: every code that the program can print, from the TOML files.

An AREA.toml of src/diag/catalog holds [[code]] tables: what commands find. A TOPIC.toml of
src/diagnose/causes holds [[cause]] tables: what a log betrays. A code that is both is one entry.
The order of the files, and of the tables in them, is the order of lists and pages.

usage: make_catalog.py OUT FILE...

Writes OUT/codes.inc (the enumerators of Code) and OUT/catalog.inc (the table behind diag/code.h),
each only when it changes. A mistake is named with file and line, and nothing is written.
"""
import re
import sys
import tomllib
from pathlib import Path

SEVERITIES = ("error", "warning", "note")
SAFETIES = ("safe", "review", "manual")
GROUPS = ("system", "go", "compiler", "apple", "identities", "packages", "cross", "storage",
          "network", "project")
EXPLAINS = ("note", "warning", "error", "never")
TITLE_LIMIT = 60

# field -> (type, required)
BOTH = {"code": (str, True), "slug": (str, True), "title": (str, True), "group": (str, False),
        "explains_c": (str, False), "retired": (str, False)}
CODE = {**BOTH, "severity": (str, True), "message": (str, True), "page": (str, True),
        "fixes": (list, False), "inspect_keeps_severity": (bool, False)}
FIX = {"safety": (str, True), "text": (str, True), "argv": (list, False)}
CAUSE = {**BOTH, "happens": (str, True), "tell": (str, True), "fix": (str, True),
         "prevent": (str, True), "commands": (list, False), "rivals": (list, False),
         "decide": (list, False), "harmless": (bool, False), "general": (bool, False),
         "installs": (bool, False), "since": (str, False), "versions": (str, False)}
# A cause has rows beside its texts: how a log betrays it. Their reader checks them.
KINDS = {"code": (CODE, True), "cause": (CAUSE, False)}

TYPE_NAMES = {str: "a string", bool: "true or false", list: "a list"}


class Problems:
    def __init__(self):
        self.lines = []

    def add(self, where, text):
        self.lines.append(f"{where}: {text}")


def entry_lines(text):
    """Lines of the headers [[code]] and [[cause]], those inside of multi-line strings left out."""
    out = {kind: [] for kind in KINDS}
    fence = None
    for number, line in enumerate(text.split("\n"), 1):
        if fence is None and (header := re.match(r"\[\[(\w+)\]\]\s*(#.*)?$", line)):
            out.setdefault(header[1], []).append(number)
        for mark in re.findall(r"'''|\"\"\"", line):
            if fence is None:
                fence = mark
            elif fence == mark:
                fence = None
    return out


def check_fields(table, fields, closed, where, problems):
    for key, (kind, required) in fields.items():
        if key not in table:
            if required:
                problems.add(where, f"'{key}' is missing")
        elif not isinstance(table[key], kind):
            problems.add(where, f"'{key}' is not {TYPE_NAMES[kind]}")
        elif kind is str and not table[key].strip():
            problems.add(where, f"'{key}' is empty")
    if closed:
        for key in table:
            if key not in fields:
                problems.add(where, f"'{key}' is no field of it")


def check_word(table, key, known, where, problems):
    if isinstance(table.get(key), str) and table[key] not in known:
        problems.add(where, f"{key} '{table[key]}' is none of {', '.join(known)}")


def check_texts(table, key, where, problems):
    value = table.get(key)
    if isinstance(value, list) and not all(isinstance(one, str) for one in value):
        problems.add(where, f"'{key}' is not a list of strings")


def check_commands(table, where, problems):
    for command in table.get("commands", []):
        if not isinstance(command, list) or not command or not all(isinstance(one, str) for one in command):
            problems.add(where, f"command {command!r} is not a list of words")


def check_since(table, where, problems):
    since = table.get("since")
    if since is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", str(since)):
        problems.add(where, f"since '{since}' is not a month such as 2025-09")
    if ("since" in table) != ("versions" in table):
        problems.add(where, "'since' and 'versions' go together")


def check_entry(entry, problems):
    table, where = entry["table"], entry["where"]
    fields, closed = KINDS[entry["kind"]]
    check_fields(table, fields, closed, where, problems)
    check_word(table, "severity", SEVERITIES, where, problems)
    check_word(table, "group", GROUPS, where, problems)
    check_word(table, "explains_c", EXPLAINS, where, problems)
    for key in ("decide", "rivals"):
        check_texts(table, key, where, problems)
    check_commands(table, where, problems)
    check_since(table, where, problems)
    if not re.fullmatch(r"TN\d{4}", str(table.get("code"))):
        problems.add(where, f"code '{table.get('code')}' is not TN and four digits")
    if not re.fullmatch(r"[a-z][a-z0-9-]*/[a-z0-9-]+", str(table.get("slug"))):
        problems.add(where, f"slug '{table.get('slug')}' is not TOPIC/NAME in small letters")
    if len(str(table.get("title", ""))) > TITLE_LIMIT:
        problems.add(where, f"the title has more than {TITLE_LIMIT} characters")
    fixes = table.get("fixes", [])
    for fix in fixes if isinstance(fixes, list) else []:
        check_fields(fix, FIX, True, where + ": fixes", problems)
        check_word(fix, "safety", SAFETIES, where + ": fixes", problems)
        check_texts(fix, "argv", where + ": fixes", problems)


def read(path, problems):
    """The file's name, prefix of codes, and entries."""
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        problems.add(f"{path}:{line[1] if line else 1}", str(error))
        return None
    lines = entry_lines(text)
    entries = []
    for kind in KINDS:
        for at, table in enumerate(data.get(kind, [])):
            where = f"{path}:{lines[kind][at]}"
            entries.append({"kind": kind, "table": table, "where": where, "area": path.stem})
    for key in data:
        if key not in KINDS and key != "prefix":
            problems.add(f"{path}:{lines.get(key, [1])[0]}", f"'{key}' is neither code nor cause")
    prefix = data.get("prefix", "")
    for entry in entries:
        check_entry(entry, problems)
        code = str(entry["table"].get("code", ""))
        if entry["kind"] == "code" and not code.startswith(prefix or "?"):
            problems.add(entry["where"], f"{code} has not the prefix of its file, '{prefix}'")
    return {"name": path.stem, "prefix": prefix, "entries": entries}


def enumerator(slug):
    return re.sub(r"[/-]", "_", slug)


def join_entries(files, problems):
    """One record for each code, by code: its [[code]] table, its [[cause]] table, or both."""
    by_code, by_name = {}, {}
    for file in files:
        for entry in file["entries"]:
            where, code, slug = entry["where"], entry["table"]["code"], entry["table"]["slug"]
            record = by_code.setdefault(code, {"text": code, "slug": slug, "where": where})
            same = by_name.setdefault(enumerator(slug), record)
            if entry["kind"] in record:
                problems.add(where, f"code {code} is taken by {record['where']}")
            elif record["slug"] != slug:
                problems.add(where, f"code {code} is {record['slug']} at {record['where']}")
            elif same is not record:
                problems.add(where, f"slug {slug} is taken by {same['text']} at {same['where']}")
            record[entry["kind"]] = entry
    for record in by_code.values():
        shared = [entry["table"] for kind in KINDS if (entry := record.get(kind))]
        for key in ("group", "explains_c", "retired"):
            if sum(key in table for table in shared) > 1:
                problems.add(record["where"], f"'{key}' belongs to [[code]] when there is one")
    return [by_code[code] for code in sorted(by_code)]


def check_rivals(records, problems):
    slugs = {record["slug"] for record in records if "cause" in record}
    for record in records:
        cause = record.get("cause")
        for rival in cause["table"].get("rivals", []) if cause else []:
            if rival not in slugs:
                problems.add(cause["where"], f"rival '{rival}' is no cause")


def quoted(text):
    if "\n" in text:
        return f'R"page({text})page"'
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def bool_word(value):
    return "true" if value else "false"


def code_of(slug):
    return f"Code::{enumerator(slug)}"


class Writer:
    """C++ of the table. Lists stand before the entries that refer to them."""

    def __init__(self):
        self.lines = []

    def array(self, kind, name, values):
        """Writes a constexpr array; gives what initializes a span of it."""
        values = list(values)
        if not values:
            return "{}"
        self.lines += [f"constexpr {kind} {name}[] = {{", *(f"    {one}," for one in values), "};"]
        return name

    def strings(self, name, values):
        return self.array("std::string_view", name, map(quoted, values))

    def commands(self, name, commands):
        words = [self.strings(f"{name}_{at}", command) for at, command in enumerate(commands)]
        return self.array("CommandText", name, (f"{{{one}}}" for one in words))

    def struct(self, head, fields):
        self.lines += [head, *(f"    .{key} = {value}," for key, value in fields.items()), "}"]

    def cause(self, name, table):
        fields = {"code": f"Code::{name}"}
        fields |= {key: quoted(table[key]) for key in ("slug", "title", "happens", "tell", "fix", "prevent")}
        fields["commands"] = self.commands(f"commands_{name}", table.get("commands", []))
        fields["rivals"] = self.array("Code", f"rivals_{name}", map(code_of, table.get("rivals", [])))
        fields["decide"] = f"{{{self.strings(f'decide_{name}', table.get('decide', []))}}}"
        fields |= {key: quoted(table.get(key, "")) for key in ("since", "versions")}
        fields |= {key: bool_word(table.get(key)) for key in ("harmless", "general", "installs")}
        self.struct(f"constexpr Cause cause_{name}{{", fields)
        self.lines[-1] += ";"

    def fixes(self, name, fixes):
        rows = []
        for at, fix in enumerate(fixes):
            argv = self.strings(f"argv_{name}_{at}", fix.get("argv", []))
            rows.append(f"{{Fix::Safety::{fix['safety']}, {quoted(fix['text'])}, {argv}}}")
        return self.array("FixText", f"fixes_{name}", rows)

    def entry(self, record):
        """Writes what an entry refers to; gives its own fields."""
        name = enumerator(record["slug"])
        rule, cause = ((record[kind]["table"] if kind in record else {}) for kind in KINDS)
        if cause:
            self.cause(name, cause)
        common = cause | rule
        severity = rule.get("severity", "note" if cause.get("harmless") else "error")
        return {
            "code": quoted(record["text"]),
            "slug": quoted(record["slug"]),
            "severity": f"Severity::{severity}",
            "group": f"Group::{common.get('group', 'none')}",
            "explains_c": f"ExplainsC::{common.get('explains_c', 'warning')}",
            "inspect_keeps_severity": bool_word(rule.get("inspect_keeps_severity")),
            "title": quoted(common["title"]),
            "message": quoted(rule.get("message", "")),
            "fixes": self.fixes(name, rule.get("fixes", [])),
            "page": quoted(rule.get("page", "")),
            "retired": quoted(common.get("retired", "")),
            "cause": f"&cause_{name}" if cause else "nullptr",
        }

    def area(self, file, kind):
        entries = [one for one in file["entries"] if one["kind"] == kind]
        name = f"{kind}_codes_{file['name']}"
        codes = self.array("Code", name, (code_of(one["table"]["slug"]) for one in entries))
        return f"{{{quoted(file['name'])}, {quoted(file['prefix'])}, {codes}}}", bool(entries)


HEAD = "// Made by scripts/make_catalog.py.\n"


def enumerators(records):
    names = "".join(f"  {enumerator(record['slug'])},  // {record['text']}\n" for record in records)
    return f"{HEAD}namespace tenon {{\nenum class Code : std::uint16_t {{\n  none,\n{names}}};\n}}\n"


def catalogue(files, records):
    out = Writer()
    entries = [out.entry(record) for record in records]
    out.lines += ["constexpr CodeEntry entries[] = {", "{}"]
    for fields in entries:
        out.lines[-1] += ","
        out.struct("{", fields)
    out.lines.append("};")
    for kind in KINDS:
        rows = [row for row, any_entry in (out.area(file, kind) for file in files) if any_entry]
        out.array("CodeArea", f"{kind}_tables", rows)
    text = "\n".join(out.lines)
    return f"{HEAD}namespace tenon {{\nnamespace {{\n{text}\n}}  // namespace\n}}  // namespace tenon\n"


def write_changed(path, text):
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main():
    if len(sys.argv) < 3 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    out, paths = Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]]
    problems = Problems()
    files = [read(path, problems) for path in paths]
    if not problems.lines:
        records = join_entries(files, problems)
        check_rivals(records, problems)
    if problems.lines:
        print("\n".join(problems.lines), file=sys.stderr)
        return 1
    write_changed(out / "codes.inc", enumerators(records))
    write_changed(out / "catalog.inc", catalogue(files, records))
    return 0


if __name__ == "__main__":
    sys.exit(main())
