# Sourced by install.sh and run.sh. bash 3.2, which macOS has.
# shellcheck shell=bash

# escaped TEXT: as the message of a workflow command.
escaped() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

fail() {
  printf '::error title=tenon action::%s\n' "$(escaped "$*")"
  exit 3
}

# A word that no output can contain by chance or by intent.
unguessable() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# output NAME VALUE
output() {
  local mark
  mark=tenon-$(unguessable)
  printf '%s<<%s\n%s\n%s\n' "$1" "$mark" "$2" "$mark" >>"$GITHUB_OUTPUT"
}
