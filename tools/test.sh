#!/bin/sh
# Everything that has to be true: style, tiers, types, translations, then the tests, and a smoke part on Debian's PostgreSQL.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

need() { # command, package, what is skipped without it
    command -v "$1" >/dev/null 2>&1 && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing $2 for the tests (once) …"
        if [ ! -e /tmp/.allmende-apt-updated ]; then apt-get update -qq && touch /tmp/.allmende-apt-updated; fi
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null && return 0
    fi
    echo "skipped: $3 (install $2 to run them)"
}

need chromium chromium "browser tests"
# Debian starts what it installs; the tests use the programs, not the services.
PATH="$PATH:/usr/sbin:/usr/lib/postgresql/15/bin:/usr/lib/postgresql/17/bin"
need slapd slapd "tests against a real LDAP server"
need postgres postgresql "the smoke part on Debian's PostgreSQL"
export PATH

$bin/ruff check .
$bin/ruff format --check .
$bin/lint-imports
$bin/mypy
$bin/python tools/messages.py check
# Two at a time: much of the suite waits for browsers and processes. WORKERS=0 runs one after the other.
$bin/python -m pytest -rs -n "${WORKERS:-2}" --dist worksteal "$@"
sh tools/test_debian_postgres.sh
