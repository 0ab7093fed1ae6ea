#!/usr/bin/env python3
"""Fails when a translated page (NAME.zh.md) and its original (NAME.md) drift apart.

usage: check_translations.py [ROOT]

Compared are the levels of headings in their order, code blocks (but for comments after "#"), words in `code`, where links
lead, and how many rows tables have. What the sentences say is for readers. A page of PAGES without its translation fails too.
"""
import re
import sys
from collections import Counter
from pathlib import Path

PAGES = ("README", "docs/index", "docs/install", "docs/commands", "docs/tutorials/go-build-hangs",
         "docs/tutorials/linux-ci-to-macos", "docs/tutorials/static-arm64-sqlite")
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.S | re.M)
# A link between the two languages is in one of them only.
LANGUAGES = re.compile(r"^\[(?:English|简体中文)\]\([^)]*\)$", re.M)


def link_target(target):
    """Of either language; a heading of a translated page has another name."""
    path, _, heading = target.partition("#")
    return re.sub(r"\.zh\.md$", ".md", path) + (f"#{heading}" if path and heading else "")


def code_of(block):
    """The lines of a block without comments and what stands before them."""
    return [re.sub(r"(^|\s+)# .*$", "", line).rstrip() for line in block.split("\n")]


class Page:
    def __init__(self, text):
        text = LANGUAGES.sub("", text)
        self.blocks = [(match[1], match[2]) for match in FENCE.finditer(text)]
        prose = FENCE.sub("", text)
        self.headings = [(len(match[1]), sorted(re.findall(r"`([^`]+)`", match[2]))) for match in
                         re.finditer(r"^(#+) (.*)$", prose, re.M)]
        self.words = set(re.findall(r"`([^`\n]+)`", prose))
        self.links = Counter(link_target(re.sub(r"\s", "", target)) for target in re.findall(r"\]\(([^)]+)\)", prose))
        self.rows = [len(table.strip().split("\n")) for table in re.findall(r"(?:^\|.*\n)+", prose, re.M)]
        self.not_run = len(re.findall(r"^\*(?:Not run by us: |我们没有运行过：)", prose, re.M))


def differences(ours, theirs):
    if [level for level, _ in ours.headings] != [level for level, _ in theirs.headings]:
        yield f"headings: {len(ours.headings)} and {len(theirs.headings)}, or of other levels"
    for number, (one, other) in enumerate(zip(ours.headings, theirs.headings), 1):
        if one[1] != other[1]:
            yield f"heading {number} names {one[1]}, and the translation {other[1]}"
    if len(ours.blocks) != len(theirs.blocks):
        yield f"code blocks: {len(ours.blocks)} and {len(theirs.blocks)}"
    for number, ((kind, one), (other_kind, other)) in enumerate(zip(ours.blocks, theirs.blocks), 1):
        if kind != other_kind:
            yield f"code block {number} is {kind!r}, and in the translation {other_kind!r}"
        for line, (row, other_row) in enumerate(zip(code_of(one), code_of(other)), 1):
            if row != other_row:
                yield f"code block {number}, line {line}: {row!r}, and in the translation {other_row!r}"
                break
        else:
            if len(code_of(one)) != len(code_of(other)):
                yield f"code block {number}: {len(code_of(one))} and {len(code_of(other))} lines"
    for word in sorted(ours.words ^ theirs.words):
        yield f"`{word}` is only in the {'original' if word in ours.words else 'translation'}"
    for link in sorted((ours.links - theirs.links) | (theirs.links - ours.links)):
        yield f"a link to {link}: {ours.links[link]} times, and {theirs.links[link]} in the translation"
    if ours.rows != theirs.rows:
        yield f"tables with {ours.rows} rows, and with {theirs.rows} in the translation"
    if ours.not_run != theirs.not_run:
        yield f"{ours.not_run} blocks are said not to be run, and {theirs.not_run} in the translation"


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    pairs = {root / f"{name}.md" for name in PAGES}
    pairs |= {path.with_name(path.name.replace(".zh.md", ".md")) for path in [*root.glob("*.zh.md"), *(root / "docs").rglob("*.zh.md")]}
    problems = []
    for original in sorted(pairs):
        translated = original.with_name(original.stem + ".zh.md")
        name = translated.relative_to(root)
        absent = [path for path in (original, translated) if not path.exists()]
        if absent:
            problems += [f"{path.relative_to(root)} does not exist" for path in absent]
            continue
        texts = [path.read_text(encoding="utf-8") for path in (original, translated)]
        problems += [f"{name}: {one}" for one in differences(*map(Page, texts))]
    print("\n".join([*problems, f"{len(pairs)} pages, {len(problems)} differences between languages"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
