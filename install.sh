#!/bin/sh
# Installs tenon, one file, for this user: no root, no compiler, nothing outside of one folder.
#
#   sh install.sh                      the newest release into ~/.local/bin
#   sh install.sh --version 0.2.0      this one
#   sh install.sh --to DIR             into another folder
#   sh install.sh --from PLACE         from a folder, a file:// URL or a web address that has SHA256SUMS and the files
#   sh install.sh --sha256 SUM         only the file that has this sum, whatever SHA256SUMS says
#   sh install.sh --target TARGET      for another machine: linux-amd64, linux-arm64, darwin-arm64, darwin-amd64
#
# TENON_INSTALL_DIR, TENON_INSTALL_FROM and TENON_VERSION say the same as options. The file is held against SHA256SUMS of the
# same place, and started once, before it replaces an older one. To remove tenon: delete the file.
set -eu

# Everything is a function, and called in the last line: half of a script that was cut off does nothing.
say() { printf 'install: %s\n' "$*"; }
fail() {
  printf 'install: %s\n' "$*" >&2
  exit 1
}
# No /dev/null: a bare root directory has none.
has() { [ -n "$(command -v "$1" 2>&1)" ]; }

usage() {
  cat <<'TEXT'
usage: install.sh [--version VERSION] [--to DIR] [--from PLACE] [--target TARGET] [--sha256 SUM]
  --version VERSION  a release, such as 0.2.0; without it the newest
  --to DIR           the folder of the program; without it ~/.local/bin
  --from PLACE       a folder, a file:// URL or a web address with SHA256SUMS and the files of a release
  --target TARGET    linux-amd64, linux-arm64, darwin-arm64, darwin-amd64; without it this machine's
  --sha256 SUM       the sum that the program must have, for those who keep it in a repository of their own
TEXT
}

# A shell under Rosetta is told that the processor is Intel's.
this_machine() {
  system=$(uname -s)
  processor=$(uname -m)
  case $system in
    Linux) system=linux ;;
    Darwin)
      system=darwin
      if [ "$processor" = x86_64 ] && [ "$(sysctl -n hw.optional.arm64 2>&1 || true)" = 1 ]; then
        processor=arm64
      fi
      ;;
    *) fail "no release for $system; build tenon from its sources" ;;
  esac
  case $processor in
    x86_64 | amd64) processor=amd64 ;;
    aarch64 | arm64) processor=arm64 ;;
    *) fail "no release for the processor $processor; build tenon from its sources" ;;
  esac
  printf '%s-%s\n' "$system" "$processor"
}

# get PLACE NAME FILE
get() {
  case $1 in
    file://*) get "${1#file://}" "$2" "$3" ;;
    http://* | https://*)
      if has curl; then
        curl -fsSL --retry 3 -o "$3" "$1/$2"
      elif has wget; then
        wget -q -O "$3" "$1/$2"
      else
        fail "neither curl nor wget is here; fetch $1/$2 and SHA256SUMS by hand, then: sh install.sh --from FOLDER"
      fi
      ;;
    *) [ -f "$1/$2" ] && cp "$1/$2" "$3" ;;
  esac
}

sum_of() {
  if has sha256sum; then
    sha256sum "$1" | cut -d' ' -f1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d' ' -f1
  elif has openssl; then
    openssl dgst -sha256 "$1" | sed 's/.*= *//'
  else
    fail "nothing here computes SHA-256 (sha256sum, shasum, openssl)"
  fi
}

main() {
  folder=${TENON_INSTALL_DIR:-}
  place=${TENON_INSTALL_FROM:-}
  version=${TENON_VERSION:-}
  pinned=
  target=
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help)
        usage
        exit 0
        ;;
      --version | --to | --from | --target | --sha256)
        [ $# -gt 1 ] || fail "$1 needs a value"
        case $1 in
          --version) version=$2 ;;
          --to) folder=$2 ;;
          --from) place=$2 ;;
          --target) target=$2 ;;
          --sha256) pinned=$2 ;;
        esac
        shift 2
        ;;
      *)
        usage >&2
        exit 3
        ;;
    esac
  done
  if [ -z "$folder" ]; then
    [ -n "${HOME:-}" ] || fail "HOME is not set; name a folder: --to DIR"
    folder=$HOME/.local/bin
  fi
  here=$(this_machine)
  [ -n "$target" ] || target=$here
  if [ -z "$place" ]; then
    place=$(default_place "$version")
    [ -n "$place" ] || fail "no place to fetch from: this copy was not made by a release; name one: --from PLACE"
  fi
  install_file "tenon-$target"
}

# Where a release puts its files; scripts/release.sh writes the address in.
default_place() {
  base='@RELEASES@'
  case $base in
    @*) return 0 ;;
  esac
  if [ -n "$1" ]; then
    printf '%s/download/v%s\n' "$base" "${1#v}"
  else
    printf '%s/latest/download\n' "$base"
  fi
}

install_file() {
  name=$1
  mkdir -p "$folder" || fail "cannot make $folder"
  # In the folder of the program, so that the last step is a rename.
  scratch=$folder/.tenon-install-$$
  mkdir "$scratch" || fail "cannot write in $folder"
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 130' INT TERM HUP
  get "$place" SHA256SUMS "$scratch/SHA256SUMS" || fail "no SHA256SUMS in $place"
  wanted=$(sed -n "s/^\([0-9a-f]\{64\}\)  *\*\{0,1\}$name\$/\1/p" "$scratch/SHA256SUMS")
  [ -n "$wanted" ] || fail "SHA256SUMS of $place has no $name"
  if [ -n "$pinned" ] && [ "$pinned" != "$wanted" ]; then
    fail "SHA256SUMS of $place says $wanted for $name, and --sha256 $pinned"
  fi
  get "$place" "$name" "$scratch/tenon" || fail "no $name in $place"
  found=$(sum_of "$scratch/tenon")
  [ "$found" = "$wanted" ] || fail "$name is damaged or another file: SHA-256 $found, and SHA256SUMS says $wanted"
  chmod 755 "$scratch/tenon"
  if [ "$target" = "$here" ]; then
    said=$("$scratch/tenon" --version 2>&1) || fail "$name does not start here: $said"
  else
    said="for $target"
  fi
  mv -f "$scratch/tenon" "$folder/tenon"
  say "$folder/tenon ($said)"
  case ":${PATH:-}:" in
    *":$folder:"*) ;;
    *) say "$folder is not on PATH; add to your shell's start file: export PATH=\"$folder:\$PATH\"" ;;
  esac
}

main "$@"
