#!/usr/bin/env bash
# From a fresh Debian 12 to five checked programs: set-up, release build of tenon, and examples/ledger
# built for macOS and Linux. What can run here, under qemu too, is run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh
. "${TENON_TOOLS:-.tools}/env.sh"

echo "== build tenon"
cmake --preset release >/dev/null
cmake --build --preset release -- --quiet
tenon=$PWD/build/release/tenon
"$tenon" --version

echo "== build examples/ledger"
out=$PWD/build/demo
cd examples/ledger
"$tenon" build . -tags sqlite_fts5 --out "$out" --smoke \
  --target darwin/arm64,darwin/amd64,linux/arm64:musl,linux/arm64:gnu2.17,linux/amd64:musl
find "$out" -type f -exec ls -l {} +
