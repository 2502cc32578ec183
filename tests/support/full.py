"""What the ordinary run leaves to `make check-full`."""

import os

import pytest

FULL = os.environ.get("ALLMENDE_TEST_FULL") == "1"
# The journeys look at every page in turn, a variant a run.
whole_matrix = pytest.mark.skipif(not FULL, reason="every page in every variant: make check-full")
