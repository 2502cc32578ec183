#!/bin/sh
# The smoke part of the suite on the PostgreSQL that Debian ships: a cluster of its own, socket only, gone afterwards.
set -eu
cd "$(dirname "$0")/.."
tools=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | head -n 1 || true)
if [ -z "$tools" ]; then
    echo "skipped: the smoke part on Debian's PostgreSQL (install postgresql to run it)"
    exit 0
fi
folder=$(mktemp -d /tmp/alm-pg-XXXXXX)
as=""
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as="setpriv --reuid=postgres --regid=postgres --init-groups"
fi
trap 'cd /; $as "$tools/pg_ctl" -D "$folder/d" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
( cd "$folder"
  $as "$tools/initdb" -D "$folder/d" -U allmende -A trust -E UTF8 --locale=C --no-sync >/dev/null
  $as "$tools/pg_ctl" -D "$folder/d" -w -l "$folder/log" -o "-c listen_addresses= -c fsync=off -k $folder" start >/dev/null
  $as "$tools/createdb" -h "$folder" -U allmende allmende )
echo "On $("$tools/postgres" --version):"
ALLMENDE_TEST_DATABASE_URL="postgresql://allmende@$(printf %s "$folder" | sed 's,/,%2F,g')/allmende" \
    .venv/bin/python -m pytest tests/facts tests/programme tests/places/test_geo_queries.py tests/places/test_search.py tests/search tests/portal -m "not browser and not slow"
