#!/usr/bin/env python3
"""Runs the tutorials to the letter: their shell blocks in order, in an empty directory, and compares what they print.

    run.py [--tenon PATH] [--keep] [--fill] [PAGE...]

Of a page in docs/tutorials (without PAGE: all of them)

- a block "```sh" is run by one bash for the page, so that cd and export hold; a last line "# exit code N" says how it
  ends, without it 0;
- a block "```text" right after it is what it prints, on both outputs: "..." stands for any text, in a line of its own for
  any lines;
- a paragraph "*Not run by us: REASON.*" right before a block says that it is not run.

--fill prints the page with what was printed now, for an author to look through. Exit code 77: a tool is missing.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.S | re.M)
NOT_RUN = re.compile(r"\*Not run by us: [^*\n]+\*\s*\Z")
# What a page needs beside tenon, bash and coreutils.
NEEDS = {"go-build-hangs": ["go", "python3"], "linux-ci-to-macos": ["go", "zig", "openssl", "zip"],
         "static-arm64-sqlite": ["go", "zig", "qemu-aarch64-static"]}


class Block:
    def __init__(self, match, text):
        self.code, self.at = match[2], match.start()
        self.line = text.count("\n", 0, match.start()) + 1
        before = text[:match.start()]
        self.run = match[1] == "sh" and not NOT_RUN.search(before)
        ending = re.search(r"# exit code (\d+)\s*\Z", self.code)
        self.exit_code = int(ending[1]) if ending else 0
        self.wanted = self.wanted_span = None


def blocks_of(text):
    out = []
    for match in FENCE.finditer(text):
        previous = out[-1] if out else None
        if match[1] == "text":
            gap = text[previous.end:match.start()] if previous else "x"
            if previous is not None and previous.run and not gap.strip() and previous.wanted is None:
                previous.wanted, previous.wanted_span = match[2], match.span(2)
            continue
        block = Block(match, text)
        block.end = match.end()
        out.append(block)
    return out


def pattern(wanted):
    out = []
    for line in wanted.rstrip("\n").split("\n"):
        if line.strip() == "...":
            out.append(r"(?:[^\n]*\n)*?")
        else:
            out.append(r"[^\n]*".join(re.escape(part) for part in line.rstrip().split("...")) + r"[ \t]*\n")
    return re.compile("".join(out) + r"\Z")


def script_of(blocks, place):
    """One shell for the page; each block's output and exit code in files."""
    rows = ["set -u"]
    for number, block in enumerate(blocks):
        rows += ["{", block.code.rstrip("\n"), f"}} >{place}/out.{number} 2>&1 </dev/null", f"echo $? >{place}/code.{number}"]
    return "\n".join(rows) + "\n"


def environment(tenon, home):
    keep = ("PATH", "TERM", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GOFLAGS", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE")
    out = {name: os.environ[name] for name in keep if name in os.environ}
    # The caches of the machine: a C library is made once, a module fetched once.
    real = Path.home()
    tools = home / "tools"
    tools.mkdir()
    (tools / "tenon").symlink_to(Path(tenon).resolve())
    return out | {"HOME": str(home), "PATH": f"{tools}:{out['PATH']}", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "CI": "true",
                  "GOTOOLCHAIN": "local", "GOCACHE": os.environ.get("GOCACHE", str(real / ".cache/go-build")),
                  "GOMODCACHE": os.environ.get("GOMODCACHE", str(real / "go/pkg/mod")),
                  "TENON_CACHE": os.environ.get("TENON_CACHE", str(real / ".cache/tenon")),
                  "XDG_STATE_HOME": str(home / "state"), "COLUMNS": "100"}


def run_page(path, tenon, keep, fill):
    text = path.read_text(encoding="utf-8")
    missing = [tool for tool in NEEDS.get(path.stem, []) if not shutil.which(tool)]
    if missing:
        print(f"{path.stem}: skipped, without {', '.join(missing)}")
        return 77
    top = Path(tempfile.mkdtemp(prefix="tenon-tutorial-"))
    for folder in ("home", "work", "said"):
        (top / folder).mkdir()
    blocks = [block for block in blocks_of(text) if block.run]
    environ = environment(tenon, top / "home")
    subprocess.run(["bash", "--noprofile", "--norc", "-c", script_of(blocks, top / "said")], cwd=top / "work", env=environ,
                   check=False, timeout=3600, stdin=subprocess.DEVNULL)
    failed, filled = 0, text
    for number, block in reversed(list(enumerate(blocks))):
        out, code = top / f"said/out.{number}", top / f"said/code.{number}"
        said = out.read_text(errors="replace").replace(str(top / "work"), "/home/me/work") if out.exists() else ""
        said = said.replace(str(top / "home"), "/home/me")
        ended = code.read_text().strip() if code.exists() else "not reached"
        told = said if said.endswith("\n") or not said else said + "\n"
        right = block.wanted is None or pattern(block.wanted).match(told)
        if fill and block.wanted_span:
            filled = filled[:block.wanted_span[0]] + told + filled[block.wanted_span[1]:]
        if ended != str(block.exit_code) or not right:
            failed += 1
            print(f"{path.name}:{block.line}: exit code {ended}, wanted {block.exit_code}" +
                  ("" if right else "; it prints something else") + f"\n{told}---")
    if fill:
        print(filled)
    else:
        print(f"{path.stem}: {len(blocks) - failed} of {len(blocks)} blocks as written")
    if keep:
        print(f"kept: {top}")
    else:
        subprocess.run(["chmod", "-R", "u+w", str(top)], check=False)
        shutil.rmtree(top, True)
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenon", default=os.environ.get("TENON") or shutil.which("tenon"))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("pages", nargs="*")
    options = parser.parse_args()
    folder = ROOT / "docs/tutorials"
    pages = [folder / f"{name}.md" for name in options.pages] or [path for path in sorted(folder.glob("*.md")) if ".zh." not in path.name]
    codes = [run_page(path, options.tenon, options.keep, options.fill) for path in pages]
    if 1 in codes:
        return 1
    return 77 if codes and all(code == 77 for code in codes) else 0


if __name__ == "__main__":
    sys.exit(main())
