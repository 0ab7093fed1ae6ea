#!/usr/bin/env bash
# The campaigns that are too long for each change. Each part is recorded, whatever the others say.
#
#   scripts/nightly.sh             all parts
#   scripts/nightly.sh lint fuzz   these
#
# Parts: lint (clang-tidy over every file), fuzz (TENON_FUZZ_INPUTS inputs a target, default one
# million), darwin (every file compiled for macOS by zig, and linked), targets (a program with C for every target), units (unit tests of the build with gcc), tsan (the same under the thread sanitizer), differential (every package, every
# reader), modules (the module matrix), attack (TENON_ATTACKS failing calls and as many kills for each
# command that writes, default 1,000; crowds of compilers, hostile flags and archives),
# staged (broken machines and projects, which `explain --fix` has to fix; as root), states (machines
# with one thing wrong, which doctor has to name; as root), watch (every stall and normal run that
# tenon watch has to tell apart), trace (counts against the kernel's, planted causes, the forecast, what it costs; as root), resolve (TENON_RESOLVE_CASES random machines of each kind, default 10,000, with
# each Go release from 1.21 on), loader (`tenon load` against ld.so of two processors and musl; as root), bench (TENON_BENCH_SIMULATIONS simulated
# measurements of each shape, default 2,000), prog (std and cmd built through the cache program, with every Go that
# scripts/setup.sh has), rewrite (`tenon rewrite` on public sources, judged by javac and by go), fleet (`tenon fleet` with workers
# that are killed, 24 cells against local builds, TENON_FLEET_ACTIONS actions under faults, default 1,000), wheel (pip's package, built, installed and used),
# release (the static file of a release against Debian's build: bytes and JSON, and end to end tests with it; that for arm64 under
# qemu-user), tutorials (docs/tutorials to the letter), examples (make, CMake, goreleaser, pre-commit, actionlint, the steps of the
# Dockerfile), site (the documentation, strict). Results:
# build/nightly/PART.log and build/nightly/result.md, whose table docs/nightly.md keeps.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/setup.sh --all || exit 2
. "${TENON_TOOLS:-.tools}/env.sh"
unset GOFLAGS GOROOT CC CXX CFLAGS CXXFLAGS LDFLAGS

out=build/nightly
mkdir -p "$out"
inputs=${TENON_FUZZ_INPUTS:-1000000}

part_lint() {
  cmake --preset clang >/dev/null && cmake --build build/clang --target generated -- --quiet &&
    scripts/lint.py --all --record "$out/lint.md"
}

part_darwin() {
  cmake --preset darwin-check >/dev/null && cmake --build --preset darwin-check -- --quiet 2>&1 | tee "$out/darwin.txt" &&
    ! grep -n 'warning:' "$out/darwin.txt"
}

part_targets() { built && TENON="$PWD/build/release/tenon" TENON_SOURCE="$PWD" python3 tests/e2e/test_targets.py; }

part_fuzz() { scripts/fuzz.sh "$inputs"; }

part_units() {
  cmake --preset gcc -DTENON_UNIT_TESTS=ON >/dev/null && cmake --build --preset gcc -- --quiet &&
    ctest --preset gcc -L '^unit$' --no-tests=error
}

part_tsan() { cmake --workflow --preset tsan; }

built() {
  cmake --preset release >/dev/null && cmake --build --preset release -- --quiet
}

part_differential() {
  built && python3 tests/differential/run.py --all --tenon build/release/tenon
}

part_modules() {
  built && python3 tests/modules/run.py --tenon build/release/tenon --results "$out/modules.json"
}

part_attack() {
  cmake --preset gcc >/dev/null && cmake --build --preset gcc -- --quiet &&
    TENON_ATTACKS=${TENON_ATTACKS:-1000} TENON_CROWD=200 TENON_BOMB=100000 \
      ctest --preset gcc -R '^e2e\.(attack|crowd|hostile)' --no-tests=error
}

part_staged() { built && python3 tests/staged/run.py --tenon build/release/tenon --record "$out/staged.md"; }

part_states() { built && python3 tests/states/run.py --tenon build/release/tenon --results "$out/states.json"; }

part_watch() { built && TENON="$PWD/build/release/tenon" python3 tests/e2e/watch_stalls.py; }

part_trace() { built && python3 tests/trace/run.py --tenon build/release/tenon; }

part_prog() {
  built && TENON="$PWD/build/release/tenon" python3 tests/e2e/cache_prog_std.py go \
    "${TENON_TOOLS:-$PWD/.tools}"/go-*/bin/go
}

part_resolve() {
  built || return
  local code=0 release seed
  seed=$(date -u +%F)
  for release in '' go1.21.13 go1.22.12 go1.23.12 go1.24.11 go1.25.5 go1.26.0 go1.27.0; do
    python3 tests/resolve/run.py --tenon build/release/tenon --seed "$seed" --linux "${TENON_RESOLVE_CASES:-10000}" \
      --overlay "${TENON_RESOLVE_CASES:-10000}" ${release:+--go "$release"} || code=1
    python3 tests/resolve/both.py --tenon build/release/tenon ${release:+--go "$release"} || code=1
  done
  return $code
}

part_loader() { built && TENON="$PWD/build/release/tenon" python3 tests/loader/run.py --sysroot; }

part_bench() {
  cmake --preset gcc -DCMAKE_CXX_FLAGS_DEBUG=-O2 -B build/bench >/dev/null &&
    cmake --build build/bench --target tenon_bench_simulate -- --quiet || return
  local code=0 what
  for what in level looks plan; do
    build/bench/tests/tenon_bench_simulate "$what" "${TENON_BENCH_SIMULATIONS:-2000}" || code=1
  done
  return $code
}

part_rewrite() {
  built || return
  local code=0
  python3 tests/rewrite/run.py --tenon build/release/tenon || code=1
  python3 tests/rewrite/cgo.py --tenon build/release/tenon || code=1
  return $code
}

part_wheel() {
  local place=$PWD/$out/wheel code=0
  rm -rf "$place"
  python3 -m venv "$place" && "$place/bin/pip" install --quiet . &&
    TENON="$place/bin/tenon" python3 tests/e2e/wheel_program.py || code=$?
  rm -rf "$place"
  return $code
}

part_release() {
  built && scripts/release.sh linux-amd64 linux-arm64 || return
  local code=0 test
  python3 tests/release/compare.py --ours build/release/tenon --release dist/tenon-linux-amd64 || code=1
  python3 tests/release/compare.py --ours build/release/tenon --release dist/tenon-linux-arm64 --prefix qemu-aarch64-static ||
    code=1
  for test in sign verify bundles staple notarize sysroot inspect; do
    TENON="$PWD/dist/tenon-linux-amd64" python3 "tests/e2e/test_$test.py" || code=1
  done
  return $code
}

part_fleet() {
  built || return
  local code=0
  TENON=build/release/tenon TENON_SOURCE=$PWD TENON_FLEET_FAULTS=1 \
    PYTHONPATH=tests/support/json_schemas python3 tests/e2e/test_fleet.py || code=1
  python3 tests/fleet/matrix.py --tenon build/release/tenon --go "${TENON_TOOLS:-$PWD/.tools}/go-1.24/bin/go" || code=1
  python3 tests/fleet/faults.py --tenon build/release/tenon --actions "${TENON_FLEET_ACTIONS:-1000}" || code=1
  return $code
}

part_tutorials() { built && python3 tests/tutorials/run.py --tenon build/release/tenon; }

part_examples() { built && python3 tests/examples/run.py --tenon build/release/tenon; }

part_site() { scripts/site.sh; }

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(lint fuzz darwin targets units tsan differential modules attack staged states watch trace resolve loader bench prog rewrite wheel fleet release tutorials examples site)
failed=0
{
  printf 'Commit %s, %s, %d cores.\n\n' "$(git rev-parse --short=12 HEAD)" "$(date -u +%F)" "$(nproc)"
  printf '| part | result | minutes | last line |\n|---|---|---|---|\n'
} >"$out/result.md"
for part in "${parts[@]}"; do
  declare -F "part_$part" >/dev/null || {
    echo "nightly: unknown part $part" >&2
    exit 3
  }
  printf '== %s\n' "$part"
  started=$SECONDS
  result=passed
  "part_$part" >"$out/$part.log" 2>&1 || result=failed
  [ "$result" = passed ] || failed=$((failed + 1))
  last=$(tail -n 1 "$out/$part.log" | tr -d '|`' | cut -c1-120)
  printf '| %s | %s | %d | %s |\n' "$part" "$result" "$(((SECONDS - started) / 60))" "$last" |
    tee -a "$out/result.md"
done
echo "$((${#parts[@]} - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
