"""Waiting for what another process or the system does."""

import time

# Seconds; a quiet machine needs a few.
PATIENCE = 600


def wait_for(condition):
    """Until it holds; a test that waits in vain fails."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
