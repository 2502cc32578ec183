"""Loaded by pytest before Django's settings (`-p tests.support.bootstrap`): a data folder and a real PostgreSQL for
this run.

The embedded PostgreSQL is made for the run and gone afterwards; with ALLMENDE_TEST_DATABASE_URL the caller's server
is used
(the smoke part runs on Debian's PostgreSQL 15).
"""

import atexit
import os
import shutil
import signal

from tests.support.cluster import make_folder, start_test_cluster

# A shell that starts a run in the background lets it ignore Ctrl-C, and every program it starts: the tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

SCRATCH = make_folder("alm-test-")
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

os.environ["ALLMENDE_DATA"] = str(SCRATCH / "data")
os.environ["ALLMENDE_LOG_LEVEL"] = "CRITICAL"
os.environ["DATABASE_URL"] = os.environ.get("ALLMENDE_TEST_DATABASE_URL") or start_test_cluster(SCRATCH)
(SCRATCH / "data" / "static").mkdir(parents=True)
