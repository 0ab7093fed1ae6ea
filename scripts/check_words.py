#!/usr/bin/env python3
"""Fails on retired words (docs/glossary.md) in pages, messages and help, and on links to nowhere.

usage: check_words.py [ROOT]

Looked at: README, CHANGELOG, docs, the string literals of src and the texts of its .toml files.
docs/glossary.md and docs/style.md may name what is retired. What a pattern of a log quotes is other
people's text: src/diagnose/events is left out.
"""
import re
import sys
from pathlib import Path

RETIRED = {  # pattern, what to write instead
    r"(?<!there\s)\bis no (?!longer\b|such\b)[a-z]\w*": "is not a ...",
    r"\b(?:an?|the|this|that|another|other|its|own|no|of|in|which) folders?\b": "directory",
    r"\b(?:bytes|data|arguments?|nothing|lines?) behind\b": "after",
    r"\b(?-i:Nothing)[;:,] ": "No action needed; ",
    r"\bgoes? on\b": "continue",
    r"\bstands? (?:behind|against|beside)\b": "the verb of the field",
    r"\b(?:as|the way) (?:the )?\w+ ha(?:s|ve) it\b": "by the standard, as NAME does",
    r"\b(?:by its own|without a) word\b": "according to it, silently",
    r"\b(?:is|was|were) (?:not told|asked for)\b(?! by)": "is unknown, was requested",
    r"\b(?:somebody|nobody (?:answers|reads|writes|vouches|defines))\b": "name the actor",
    r"\bvouch(?:es|ed)?\b": "confirm",
    r"\bat hand\b": "available",
    r"\bbad use\b": "usage error",
    r"\bname servers?\b": "DNS server",
    r"\bknows? (?:no|nothing)\b": "does not know, does not support",
    r"\bmakes? (?:code|programs) for\b": "compiles for",
    r"\bgave no answer\b": "did not respond",
    r"\b(?:licence|colour|behaviour|honour|recognis|optimis)\w*": "US spelling",
    r"\bthree lines (?:with|of) C\b": "cgo check",
    r"\bhomes? of (?:a|the) symbols?\b": "the library that exports it",
    r"\bfor a person to do\b": "to be applied by hand",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bbetray(?:s|ed)?\b": "show",
    r"\bspeaks? (?:for|against)\b": "supports, contradicts",
    r"\bwords? of (?:trouble|a messenger)\b": "message",
    r"\bdefect in tenon\b": "bug in tenon",
}
MAY_QUOTE = {"docs/glossary.md", "docs/style.md"}
COMMENT = re.compile(r"^\s*//.*$|\s//\s.*$", re.M)
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
RAW = re.compile(r'R"([^(\s]*)\((.*?)\)\1"', re.S)
FENCE = re.compile(r"^```.*?^```", re.S | re.M)
# What logs print is not ours: samples, and the templates that look for them.
QUOTED = re.compile(r"^(?:log|line|none|any|all|where|needs|event|also) = "
                    r"(?:'''.*?'''|\"\"\".*?\"\"\"|\[.*?\]$|.*?$)", re.S | re.M)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def blank(match):
    """Nothing but the line ends, so that line numbers stay."""
    return "\n" * match.group(0).count("\n")


def literals(text):
    """The source with all but its string literals blanked; neighbors are joined as compilers do."""
    out = []
    for i, part in enumerate(RAW.split(text)):
        if i % 3 == 2:
            out.append(part)
        elif i % 3 == 0:
            for line in COMMENT.sub("", part).split("\n"):
                out.append(" ".join(each[1:-1] for each in LITERAL.findall(line)) + "\n")
            out[-1] = out[-1][:-1]
    return "".join(out)


def ours(text):
    """The text of a .toml file without comments and without what it quotes from logs."""
    return re.sub(r"^#.*$", "", FENCE.sub(blank, QUOTED.sub(blank, text)), flags=re.M)


def find_words(name, text):
    joined = re.sub(r"\s", " ", text)
    for pattern, better in RETIRED.items():
        for match in re.finditer(pattern.replace(" ", r"\s+"), joined, re.I):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: '{match.group(0)}' is retired; write {better}"


def find_links(root, path, text):
    for match in LINK.finditer(FENCE.sub(blank, text)):
        target = match.group(1).split("#")[0]
        if re.match(r"[a-z]+:", match.group(1)) or not target:
            continue
        if not (path.parent / target).exists():
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(root)}:{line}: {target} does not exist"


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    problems, count = [], 0
    pages = [root / "README.md", root / "README.zh.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]
    for path in [page for page in pages if page.exists()]:
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(root))
        problems += find_links(root, path, text)
        if name not in MAY_QUOTE:
            problems += find_words(name, FENCE.sub(blank, text))
        count += 1
    for path in sorted((root / "src").rglob("*")):
        name = str(path.relative_to(root))
        if path.suffix not in (".cpp", ".h", ".toml") or name.startswith("src/diagnose/events/"):
            continue
        text = path.read_text(encoding="utf-8")
        problems += find_words(name, ours(text) if path.suffix == ".toml" else literals(text))
        count += 1
    print("\n".join([*problems, f"{count} files, {len(problems)} problems with words or links"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
