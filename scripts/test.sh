#!/usr/bin/env bash
# Everything that has to hold: builds with gcc, clang and zig, unit and end-to-end tests, sanitizers,
# short fuzzing, format, lint. Stops at the first part that fails; the last line counts the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
results=$root/build/results
lint_seconds=${TENON_LINT_SECONDS:-300}

rm -rf "$results"
mkdir -p "$results"
export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$(nproc)}
part=start
checks_passed=0
checks_failed=0
started=$SECONDS

section() {
  part=$1
  printf '\n== %s (%d s)\n' "$1" "$((SECONDS - started))"
}

# Adds up what ctest wrote down, and the parts that are no ctest.
finish() {
  local code=$?
  [ "$code" -eq 0 ] || printf '\n== stopped in: %s (%d s)\n' "$part" "$((SECONDS - started))"
  [ "$code" -eq 0 ] || checks_failed=1
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
  cmake --preset "$1" >/dev/null
  cmake --build --preset "$1" -- --quiet
}

tests() {
  ctest --preset "$1" --no-tests=error --output-junit "$results/$1.xml" --progress "${@:2}"
}

quiet_zig_build() {
  local log=$results/zig.log
  cmake --preset darwin-arm64 >/dev/null
  cmake --build --preset darwin-arm64 2>&1 | tee "$log" | tail -n 3
  ! grep -n 'warning:' "$log"
}

sources() { find src tests $(ls -d bench 2>/dev/null) -name "*.cpp" -o -name "*.h" | sort; }

formatted() { sources | xargs clang-format-19 --dry-run --Werror; }

# clang-tidy takes seconds a file: first what changed, then the rest in an order that moves on from
# commit to commit, until the time is over.
tidy() {
  local files changed
  changed=$(git diff --name-only HEAD~1 -- 'src/*.cpp' 2>/dev/null || true)
  files=$(python3 - "$(git rev-list --count HEAD 2>/dev/null || echo 0)" $changed <<'PY'
import sys
from pathlib import Path

every = sorted(str(p) for p in Path("src").rglob("*.cpp") if not p.stem.startswith("digest_")
               and not p.stem.endswith("_darwin"))
first = [name for name in sys.argv[2:] if name in every]
start = int(sys.argv[1]) * 17 % max(1, len(every))
print("\n".join(dict.fromkeys(first + every[start:] + every[:start])))
PY
  )
  printf '%s\n' "$files" | SECONDS_LEFT=$lint_seconds python3 -c '
import os, subprocess, sys, time
from concurrent.futures import ThreadPoolExecutor
end = time.monotonic() + int(os.environ["SECONDS_LEFT"])
def lint(name):
    if time.monotonic() > end:
        return None
    done = subprocess.run(["clang-tidy-19", "-p", "build/clang", "--quiet", name],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0
names = sys.stdin.read().split()
with ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(lint, names))
seen = [r for r in results if r is not None]
print(f"clang-tidy: {len(seen)} of {len(names)} files looked at, {seen.count(False)} with findings")
sys.exit(False in seen)'
}

# No network and no machine-wide Go setting may decide whether the tests pass.
unset GOFLAGS GOROOT CC CXX CFLAGS CXXFLAGS LDFLAGS
trap finish EXIT

section "set-up"
check scripts/setup.sh --all
. .tools/env.sh

section "format"
check formatted

section "gcc: build"
check build gcc

section "gcc: unit tests, end to end, layers, sizes, help and manual page"
tests gcc

section "clang 19 with address and undefined behaviour sanitizers: build and unit tests"
check build asan
tests asan

section "clang-tidy, at most $lint_seconds s"
cmake --preset clang >/dev/null
check tidy

section "fuzz targets, a short run each"
check build fuzz
tests fuzz

section "zig: tenon itself for macOS on arm64, without a warning"
check quiet_zig_build

section "done"
