#!/usr/bin/env bash
# The first step of action.yml: a tenon that is there, or the file of a release, held against its sum.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/common.sh
. "$here/common.sh"

path=${TENON_ACTION_PATH:-}
version=${TENON_ACTION_VERSION:-}
from=${TENON_ACTION_FROM:-}
sha256=${TENON_ACTION_SHA256:-}
repository=${TENON_ACTION_REPOSITORY:-}

# Of this action's own checkout: the action and the program are one release.
own_version() { sed -n 's/^project(tenon VERSION \([0-9.]*\).*/\1/p' "$here/../CMakeLists.txt"; }

install_release() {
  local words
  version=${version#v}
  [ -n "$version" ] || version=$(own_version)
  case $version in
    "" | *[!0-9.]*) fail "version is a release such as 0.2.0, and not: $version" ;;
  esac
  case $sha256 in
    *[!0-9a-f]*) fail "sha256 is 64 digits and small letters a to f" ;;
  esac
  if [ -z "$from" ]; then
    [ -n "$repository" ] ||
      fail "this runner does not say which repository the action is of; name a place of releases: from"
    from=${GITHUB_SERVER_URL:-https://github.com}/$repository/releases/download/v$version
  fi
  path=${RUNNER_TEMP:?}/tenon/bin/tenon
  words=(--to "${path%/tenon}" --from "$from")
  [ -z "$sha256" ] || words+=(--sha256 "$sha256")
  sh "$here/../install.sh" "${words[@]}" || fail "tenon $version was not installed from $from"
  printf '%s\n' "${path%/tenon}" >>"$GITHUB_PATH"
}

if [ -n "$path" ]; then
  case $path in
    *$'\n'*) fail "path has several lines" ;;
    /*) ;;
    *) path=$PWD/$path ;;
  esac
  if [ ! -x "$path" ] || [ -d "$path" ]; then fail "$path is not a program"; fi
else
  install_release
fi
said=$("$path" --version) || fail "$path does not start: $said"
output tenon "$path"
output version "$said"
