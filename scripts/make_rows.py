#!/usr/bin/env python3
"""Makes the text of the built-in rows of causes: what the program needs to judge a log, and no more.

usage: make_rows.py OUT FILE...

The texts of a cause are in the catalogue already (scripts/make_catalog.py), and samples are for tests:
without both the program reads its rows in a third of the time. OUT is a string literal of C++ with
the same TOML form, one [[cause]] after the other in the order of the files.
"""
import json
import sys
import tomllib
from pathlib import Path

KEPT = ("slug", "needs", "hides", "confidence")


def value_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(value_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}={value_text(one)}" for key, one in value.items()) + "}"
    return str(value)


def cause_text(cause):
    lines = ["[[cause]]"]
    lines += [f"{key}={value_text(cause[key])}" for key in KEPT if key in cause]
    for when in cause.get("when", []):
        lines.append("[[cause.when]]")
        lines += [f"{key}={value_text(value)}" for key, value in when.items()]
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) < 3 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    out = Path(sys.argv[1])
    parts = []
    for path in sys.argv[2:]:
        with open(path, "rb") as file:
            causes = tomllib.load(file).get("cause", [])
        parts.append("".join(map(cause_text, causes)))
    out.parent.mkdir(parents=True, exist_ok=True)
    literals = "\n".join(f'R"rows({part})rows"' for part in parts)
    out.write_text(f"// Made by scripts/make_rows.py.\n{literals}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
