#!/usr/bin/env bash
# Succeed when a free office suite is there, after asking apt for it where root may; else say what is left out.
set -euo pipefail

suite_is_there() {
  command -v soffice >/dev/null || command -v libreoffice >/dev/null
}

if suite_is_there; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "No office suite is there; asking apt for the part of LibreOffice that counts workbooks ..."
  apt-get update -qq || true
  for package in libreoffice-calc-nogui libreoffice-calc; do
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null &&
      suite_is_there; then
      exit 0
    fi
  done
fi
cat >&2 <<'SAY'
################################################################################
#  LEFT OUT: exported workbooks counted anew by a free office suite. There is  #
#  none on this machine, and it cannot be installed from here. Install         #
#  LibreOffice Calc (libreoffice-calc-nogui) and run again.                    #
################################################################################
SAY
exit 1
