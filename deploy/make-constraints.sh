#!/bin/sh
# Prints pins for all packages that the product and its development tools need, resolved on the oldest Python that is supported.
# soupsieve 2.7 and later need more than the Python 3.11.2 of Debian 12, hence the bound.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --upgrade pip >&2
"$work/venv/bin/python" -m pip install --quiet "$root[dev]" 'soupsieve<2.7' >&2
echo "# Made by: make constraints"
"$work/venv/bin/python" -m pip freeze --all --exclude qingbao --exclude pip
