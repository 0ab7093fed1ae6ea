#!/usr/bin/env bash
# Makes the files of a release in dist/: the program for each target, complete in one file, a list of what is in it
# (SBOM, CycloneDX), and SHA256SUMS. Debian 12 and the registries of crates and Python packages are all it takes.
#
#   scripts/release.sh                     linux-amd64 linux-arm64 darwin-arm64 darwin-amd64 darwin-universal
#   scripts/release.sh TARGET...           these
#   scripts/release.sh --check TARGET...   builds a clone of the commit in another folder too, with nothing that was compiled
#                                          before, and fails when one byte of a file differs
#
# Linux files are static (musl); files for macOS are signed ad-hoc by tenon. TENON_RELEASES_URL is written into install.sh.
# What is compiled lies in build/dist/ (TENON_RELEASE_WORK moves it, TENON_RELEASE_OUT moves dist/); TENON_JOBS bounds the
# compilers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
all=(linux-amd64 linux-arm64 darwin-arm64 darwin-amd64 darwin-universal)
most_bytes=15728640

check=no
targets=()
for argument in "$@"; do
  case $argument in
    --check) check=yes ;;
    -h | --help) sed -n '2,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 0 ;;
    -*) echo "release: unknown option $argument" >&2 && exit 3 ;;
    *) targets+=("$argument") ;;
  esac
done
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")

triple_of() {
  case $1 in
    linux-amd64) echo x86_64-linux-musl ;;
    linux-arm64) echo aarch64-linux-musl ;;
    darwin-arm64) echo aarch64-macos.12.0 ;;
    darwin-amd64) echo x86_64-macos.12.0 ;;
    *) echo "release: unknown target $1; one of ${all[*]}" >&2 && exit 3 ;;
  esac
}

say() { printf 'release: %s (%d s)\n' "$*" "$SECONDS"; }

# quiet LOG COMMAND...: its output only when it fails.
quiet() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    echo "release: failed: $*; all of it: $log" >&2
    exit 1
  }
}

# Headers for macOS as the program carries them: no time, owner or order of this machine.
make_headers() {
  headers=$work/host/share/tenon/macos-headers
  if [ ! -f "$work/host/build.ninja" ]; then
    quiet "$work/host.log" cmake --preset release -B "$work/host" -DTENON_DOCS=OFF -DTENON_PCH=OFF
  fi
  quiet "$work/headers.log" cmake --build "$work/host" --target macos_headers -j "$jobs"
  [ -d "$headers/include/Cocoa" ] || {
    echo "release: no headers of the frameworks: the bindings are missing in $tools/crates" >&2
    exit 1
  }
  tar --directory "${headers%/*}" --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --format=ustar --exclude='*.stamp' --transform='s,^macos-headers/,,' macos-headers |
    xz -9e --threads=1 --check=crc32 >"$work/headers.tar.xz.new"
  # The same bytes keep their time, so that nothing is linked again.
  if cmp -s "$work/headers.tar.xz.new" "$work/headers.tar.xz"; then
    rm "$work/headers.tar.xz.new"
  else
    mv "$work/headers.tar.xz.new" "$work/headers.tar.xz"
  fi
}

make_target() {
  local target=$1 triple flags unused
  triple=$(triple_of "$target")
  scripts/release/libraries.sh "$triple" "$crates" "$work/libraries/$target"
  say "tenon for $target"
  # Small before fast.
  flags="-Oz -g0 -ffunction-sections -fdata-sections"
  case $target in
    darwin-*) unused=-Wl,-dead_strip ;;
    *) unused=-Wl,--gc-sections ;;
  esac
  quiet "$work/$target.configure.log" cmake -S . -B "$work/$target" -G Ninja -DTENON_ZIG_TARGET="$triple" \
    -DCMAKE_TOOLCHAIN_FILE="$root/cmake/zig-toolchain.cmake" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="$flags" \
    -DCMAKE_C_FLAGS_RELEASE="$flags" -DCMAKE_EXE_LINKER_FLAGS="$unused" -DTENON_TESTS=OFF -DTENON_DOCS=OFF -DTENON_BUNDLED="$work/libraries/$target/prefix" \
    -DTENON_HEADERS_ARCHIVE="$work/headers.tar.xz" -DTENON_PCH=ON
  quiet "$work/$target.log" cmake --build "$work/$target" --target tenon -j "$jobs"
  put "$target" "$work/$target/tenon"
}

# put TARGET FILE: into dist, stripped; a file for macOS signed.
put() {
  local target=$1 file=$out/tenon-$1
  cp "$2" "$file.new"
  case $target in
    linux-*) llvm-strip-19 --strip-all "$file.new" ;;
    darwin-universal) ;;
    darwin-*) llvm-strip-19 -x "$file.new" ;;
  esac
  chmod 755 "$file.new"
  case $target in
    darwin-*)
      "$signer" sign --identifier tenon "$file.new"
      "$signer" verify "$file.new"
      ;;
  esac
  mv "$file.new" "$file"
  local size
  size=$(stat -c %s "$file")
  say "tenon-$target: $size bytes"
  if [ "$target" != darwin-universal ] && [ "$size" -gt "$most_bytes" ]; then
    echo "release: tenon-$target is larger than $most_bytes bytes" >&2
    exit 1
  fi
  python3 scripts/release/sbom.py "$target" "$file" "$crates" "$headers" "$SOURCE_DATE_EPOCH" \
    >"$out/tenon-$target.cdx.json"
}

# The program that signs and checks: the one of this release for this machine.
need_signer() {
  case $(uname -m) in
    aarch64) signer=$out/tenon-linux-arm64 ;;
    *) signer=$out/tenon-linux-amd64 ;;
  esac
  [ -x "$signer" ] && [ -n "${made[${signer##*/tenon-}]:-}" ] || make_once "${signer##*/tenon-}"
}

declare -A made
make_once() {
  [ -z "${made[$1]:-}" ] || return 0
  case $1 in
    darwin-universal)
      make_once darwin-arm64
      make_once darwin-amd64
      llvm-lipo-19 -create "$out/tenon-darwin-arm64" "$out/tenon-darwin-amd64" -output "$work/universal"
      put darwin-universal "$work/universal"
      ;;
    darwin-*)
      need_signer
      make_target "$1"
      ;;
    *) make_target "$1" ;;
  esac
  made[$1]=yes
}

# The same commit from another folder, with an empty compiler cache. What is not committed is not in it.
check_again() {
  local place
  git diff --quiet HEAD || {
    echo "release: --check builds the commit, and there are changes that are not committed" >&2
    exit 1
  }
  place=$(mktemp -d "${TMPDIR:-/tmp}/tenon-release-check-XXXXXX")
  say "the same again in $place"
  git clone --quiet --shared . "$place/elsewhere/tenon"
  # Not the scratch folder of the first build, and not its compiled files.
  env -u TENON_RELEASE_OUT TENON_RELEASE_WORK="$place/w" ZIG_GLOBAL_CACHE_DIR="$place/zig" TENON_CRATES_CACHE="$crates" \
    TENON_TOOLS="$tools" "$place/elsewhere/tenon/scripts/release.sh" "${targets[@]}"
  local code=0 file
  for file in "$place"/elsewhere/tenon/dist/*; do
    cmp "$file" "$out/${file##*/}" || code=1
  done
  rm -rf "$place"
  [ $code -eq 0 ] || {
    echo "release: not reproducible" >&2
    exit 1
  }
  say "reproducible: ${targets[*]}"
}

main() {
  for target in "${targets[@]}"; do [ "$target" = darwin-universal ] || triple_of "$target" >/dev/null; done
  scripts/setup.sh >&2
  tools=${TENON_TOOLS:-$root/.tools}
  . "$tools/env.sh"
  unset CC CXX CFLAGS CXXFLAGS LDFLAGS
  jobs=${TENON_JOBS:-$(nproc)}
  work=${TENON_RELEASE_WORK:-$root/build/dist}
  out=${TENON_RELEASE_OUT:-$root/dist}
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
  export SOURCE_DATE_EPOCH
  mkdir -p "$work" "$out"
  work=$(realpath "$work") out=$(realpath "$out")
  crates=${TENON_CRATES_CACHE:-$tools/release-crates}
  python3 scripts/fetch_crates.py scripts/release/crates.list "$crates"
  make_headers
  say "headers for macOS: $(stat -c %s "$work/headers.tar.xz") bytes"
  for target in "${targets[@]}"; do make_once "$target"; done
  # With the address of the releases in it, where one is given.
  sed "s|@RELEASES@|${TENON_RELEASES_URL:-@RELEASES@}|" install.sh >"$out/install.sh"
  python3 scripts/release/licenses.py "$crates" "$(dirname "$(readlink -f "$(command -v zig)")")" "$headers" "$tools/grammars" \
    >"$out/THIRD-PARTY.txt"
  python3 scripts/release/packages.py "$out" "$SOURCE_DATE_EPOCH" "${TENON_RELEASES_URL:-}"
  (cd "$out" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\0' | xargs -0 sha256sum | LC_ALL=C sort -k 2 >SHA256SUMS)
  say "done: $out"
  [ "$check" = no ] || check_again
}

main
