#!/usr/bin/env python3
"""Copies the files of one directory into another that has files of others, too.

    copy_headers.py FROM TO LIST

LIST remembers what was copied. What it names and FROM has no longer is removed from TO, with the directories that are empty
without it: a header that is gone from the sources must not be found in a build directory that is older.
"""
import os
import shutil
import sys
from pathlib import Path


def copy(source, target, record):
    now = sorted(str(path.relative_to(source)) for path in source.rglob("*") if path.is_file())
    before = record.read_text().splitlines() if record.exists() else []
    for name in sorted(set(before) - set(now)):
        (target / name).unlink(missing_ok=True)
        folder = (target / name).parent
        while folder != target and folder.is_dir() and not os.listdir(folder):
            folder.rmdir()
            folder = folder.parent
    for name in now:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    record.write_text("".join(f"{name}\n" for name in now))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: copy_headers.py FROM TO LIST")
    copy(*map(Path, sys.argv[1:]))
