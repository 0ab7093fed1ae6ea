#!/usr/bin/env bash
# Builds the documentation as a site into build/site. Strict: a page without a place in the navigation, a link or a heading
# that does not exist fails. mkdocs and its theme are put into build/site-venv, nothing else is changed.
#
#   scripts/site.sh           build/site/index.html
#   scripts/site.sh --serve   the same on 127.0.0.1:8000, built again at each change
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

versions=(mkdocs==1.6.1 mkdocs-material==9.8.1)
venv=build/site-venv

if [ "$(cat "$venv/versions" 2>&1 || true)" != "${versions[*]}" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  env -u PIP_FIND_LINKS PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip install --quiet --progress-bar off "${versions[@]}"
  printf '%s\n' "${versions[*]}" >"$venv/versions"
fi
export NO_MKDOCS_2_WARNING=1
case ${1:-} in
  "") "$venv/bin/mkdocs" build --strict --quiet && echo "site: $(find build/site -name '*.html' | wc -l) pages in build/site" ;;
  --serve) exec "$venv/bin/mkdocs" serve --strict ;;
  *)
    echo "site: unknown argument $1" >&2
    exit 3
    ;;
esac
