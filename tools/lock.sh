#!/usr/bin/env bash
# Resolve all dependencies for every platform, with hashes and without a registry's address.
set -euo pipefail
cd "$(dirname "$0")/.."
resolve=(.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11)
"${resolve[@]}" requirements-dev.in -o requirements-dev.lock
"${resolve[@]}" -c requirements-dev.lock requirements.in -o requirements.lock
echo uv | "${resolve[@]}" -c requirements-dev.lock - -o requirements-install.lock
