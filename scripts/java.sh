#!/usr/bin/env bash
# Succeed when Java 17 or later is there, after asking apt for it where root may; else say what is left out.
set -euo pipefail

java_is_new_enough() {
  local major
  major=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1) || return 1
  [ "${major:-0}" -ge 17 ]
}

if java_is_new_enough; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Java 17 or later is missing; asking apt for it ..."
  apt-get update -qq || true
  for package in default-jre-headless openjdk-21-jre-headless openjdk-17-jre-headless; do
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null &&
      java_is_new_enough; then
      exit 0
    fi
  done
fi
cat >&2 <<'SAY'
################################################################################
#  LEFT OUT: every test marked "spark". Java 17 or later is not on this        #
#  machine, and it cannot be installed from here. Results on Spark are NOT     #
#  checked by this run. Install a JRE (openjdk-17-jre-headless) and run again. #
################################################################################
SAY
exit 1
