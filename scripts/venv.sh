#!/usr/bin/env bash
# Make a virtual environment once: venv.sh PYTHON FOLDER
set -euo pipefail
python=$1
folder=$2

if [ -x "$folder/bin/python" ]; then
  exit 0
fi
if [ -z "$python" ]; then
  echo "Kaogong needs Python 3.11 or later, and none was found. Name one: make setup PYTHON=/path/to/python3" >&2
  exit 1
fi
if command -v uv >/dev/null; then
  exec uv venv --quiet --python "$(command -v "$python")" "$folder"
fi
# Debian and Ubuntu ship Python without the part that makes environments.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv"
  else
    echo "This Python cannot make environments. Install the package python$version-venv, or uv, and try again." >&2
    exit 1
  fi
fi
exec "$python" -m venv "$folder"
