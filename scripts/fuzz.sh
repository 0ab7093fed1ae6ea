#!/usr/bin/env bash
# A long fuzz campaign: each target gets RUNS inputs (default one million), on all cores.
#
#   scripts/fuzz.sh [RUNS] [NAME...]
#
# Public collections of hostile files join the seeds (tests/fuzz/public_seeds.py). New inputs are kept in
# build/asan/found/NAME, crashes in build/asan/crashes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -f "${TENON_TOOLS:-.tools}/env.sh" ] && . "${TENON_TOOLS:-.tools}/env.sh"

runs=1000000
if [ $# -gt 0 ] && [[ $1 =~ ^[0-9]+$ ]]; then
  runs=$1
  shift
fi

cmake --preset asan >/dev/null
cmake --build --preset asan
build=$PWD/build/asan
mkdir -p "$build/crashes"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzz.cpp; do
    name=$(basename "$source" _fuzz.cpp)
    names+=("$name")
  done
fi

python3 tests/fuzz/public_seeds.py "$build/public" "${names[@]}"

failed=0
for name in "${names[@]}"; do
  program=$(find "$build" -maxdepth 3 -type f -name "tenon_fuzz_$name" | head -n 1)
  echo "== fuzz $name, $runs inputs"
  mkdir -p "$build/found/$name"
  # -fork keeps going behind a crash and uses every core.
  "$program" -fork="$(nproc)" -runs="$runs" -timeout=25 -rss_limit_mb=2048 -max_len=1048576 \
    -ignore_crashes=0 -artifact_prefix="$build/crashes/$name-" \
    "$build/found/$name" "$build/seeds/$name" "$build/public/$name" 2>&1 | tail -n 3 || failed=$((failed + 1))
done
echo "$((${#names[@]} - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
