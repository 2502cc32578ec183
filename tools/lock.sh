#!/bin/sh
# Renew the lock files: every platform, hashes, no addresses. Needs `uv` (pip install uv). UPGRADE=--upgrade renews versions.
set -eu
cd "$(dirname "$0")/../requirements"
for f in run dev; do
  uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q ${UPGRADE:-} $f.in -o $f.lock
done
