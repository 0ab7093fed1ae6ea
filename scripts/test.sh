#!/usr/bin/env bash
# Everything that has to hold: builds with gcc, clang and zig, unit and end-to-end tests, sanitizers,
# short fuzzing, format, lint. Stops at the first part that fails; the last lines say how long each
# part took and count the tests. Longer campaigns: scripts/nightly.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
results=$root/build/results
lint_seconds=${TENON_LINT_SECONDS:-100}

rm -rf "$results"
mkdir -p "$results"
export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$(nproc)}
part=start
part_started=0
times=""
checks_passed=0
checks_failed=0
started=$SECONDS

end_part() {
  times+=$(printf '%6d s  %s' "$((SECONDS - started - part_started))" "$part")$'\n'
  part_started=$((SECONDS - started))
}

section() {
  [ "$part" = start ] || end_part
  part=$1
  printf '\n== %s (%d s)\n' "$1" "$((SECONDS - started))"
}

# Adds up what ctest wrote down, and the parts that are no ctest.
finish() {
  local code=$?
  [ "$code" -eq 0 ] || printf '\n== stopped in: %s (%d s)\n' "$part" "$((SECONDS - started))"
  [ "$code" -eq 0 ] || checks_failed=1
  [ "$part" = "done" ] || end_part
  printf '%s%6d s  in all\n' "$times" "$((SECONDS - started))"
  python3 - "$results" "$checks_passed" "$checks_failed" <<'PY' || code=1
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

passed, other_failed, failed, skipped = int(sys.argv[2]), int(sys.argv[3]), 0, 0
for path in sorted(Path(sys.argv[1]).glob("*.xml")):
    for case in xml.parse(path).getroot().iter("testcase"):
        status = case.get("status")
        if status == "run":
            passed += 1
        elif status == "fail":
            failed += 1
            print(f"failed: {path.stem} {case.get('name')}")
        else:
            skipped += 1
            print(f"skipped: {path.stem} {case.get('name')}")
# A part that failed because of its tests is counted once.
failed = failed or other_failed
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(passed == 0)
PY
  exit "$code"
}

check() {
  "$@"
  checks_passed=$((checks_passed + 1))
}

build() {
  cmake --preset "$1" "${@:2}" >/dev/null
  cmake --build --preset "$1" -- --quiet
}

tests() {
  ctest --preset "$1" --no-tests=error --output-junit "$results/$1.xml" --progress "${@:2}"
}

sources() { find src include tests bench tools -name "*.cpp" -o -name "*.h" 2>/dev/null | sort; }

formatted() { sources | xargs clang-format-19 --dry-run --Werror; }

# No network and no machine-wide Go setting may decide whether the tests pass.
unset GOFLAGS GOROOT CC CXX CFLAGS CXXFLAGS LDFLAGS
trap finish EXIT

section "set-up"
check scripts/setup.sh --all
. "${TENON_TOOLS:-.tools}/env.sh"

section "format"
check formatted

section "gcc: build"
# Unit tests run once, with the sanitizers; scripts/nightly.sh runs those of gcc.
check build gcc -DTENON_UNIT_TESTS=OFF

section "gcc: end to end, layers, sizes, help and manual page"
tests gcc

section "clang 19 with address and undefined behaviour sanitizers: build"
check build asan

section "sanitizers: unit tests"
tests asan

section "fuzz targets, a short run each"
tests fuzz

section "clang-tidy, at most $lint_seconds s, changed files first"
cmake --preset clang >/dev/null
cmake --build build/clang --target generated -- --quiet
check scripts/lint.py --seconds "$lint_seconds"

section "zig: tenon itself for macOS on arm64, without a warning, at most $lint_seconds s, changed files first"
cmake --preset darwin-check >/dev/null
cmake --build build/darwin-check --target generated -- --quiet
check scripts/lint.py --compiler --build build/darwin-check --seconds "$lint_seconds"

section "done"
