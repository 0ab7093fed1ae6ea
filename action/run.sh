#!/usr/bin/env bash
# The second step of action.yml: one command of tenon, once. Its answer goes to the log and the summary, its
# findings become annotations and SARIF. Ends with 0 whatever the command says; the next step fails with its code.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/common.sh
. "$here/common.sh"

command=$TENON_ACTION_COMMAND
case $command in
  build | verify | doctor | explain) ;;
  *) fail "command is build, verify, doctor, explain or none, and not: $command" ;;
esac

args=()
while IFS= read -r line || [ -n "$line" ]; do
  line=${line%$'\r'}
  [ -z "$line" ] || args+=("$line")
done <<<"${TENON_ACTION_ARGS:-}"

scratch=$(mktemp -d "${RUNNER_TEMP:?}/tenon.XXXXXX")
sarif=${TENON_ACTION_SARIF:-}
case $sarif in
  "") sarif=$scratch/tenon.sarif ;;
  *$'\n'*) fail "sarif has several lines" ;;
  /*) ;;
  *) sarif=$PWD/$sarif ;;
esac
# One of an earlier step would pass for this one's.
rm -f "$sarif"
if [ -n "${TENON_ACTION_DIRECTORY:-}" ]; then
  cd -- "$TENON_ACTION_DIRECTORY" || fail "working-directory is not a directory: $TENON_ACTION_DIRECTORY"
fi

# What the command prints quotes files and logs: nothing in it is a command to the runner.
token=$(unguessable)
printf '::stop-commands::%s\n' "$token"
code=0
"$TENON_ACTION_PROGRAM" "$command" --save "sarif=$sarif" --save "github=$scratch/annotations" ${args[@]+"${args[@]}"} \
  2>&1 </dev/null | tee "$scratch/answer" || code=${PIPESTATUS[0]}
# Its last line may have no end.
printf '\n::%s::\n' "$token"

if [ "${TENON_ACTION_ANNOTATIONS:-true}" = true ] && [ -f "$scratch/annotations" ]; then
  cat "$scratch/annotations"
fi

# As text: no Markdown and no HTML of a log.
summary() {
  printf '### tenon %s: exit code %d\n\n<pre>' "$command" "$code"
  head -c 65536 "$scratch/answer" | tr -d '\000' | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
  printf '</pre>\n\n'
}
if [ "${TENON_ACTION_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  summary >>"$GITHUB_STEP_SUMMARY"
fi

output exit-code "$code"
if [ -f "$sarif" ]; then output sarif "$sarif"; else output sarif ""; fi
