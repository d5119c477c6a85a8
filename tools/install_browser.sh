#!/usr/bin/env bash
# Chromium for the browser tests: Debian's package as root, Playwright's own build elsewhere.
set -euo pipefail
if command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium and a Chinese font ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
else
  echo "Installing Playwright's Chromium ..."
  "$(dirname "$0")/../.venv/bin/playwright" install chromium
fi
