"""Records in a fresh SQLite file, with a clock that stands until it is moved."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from records import open_records


class StandingClock:
    def __init__(self):
        self.moment = datetime(2026, 5, 6, 18, 30, tzinfo=UTC)

    def __call__(self):
        return self.moment

    def forward(self, **how_much):
        self.moment += timedelta(**how_much)


@pytest.fixture
def clock():
    return StandingClock()


@pytest.fixture
def records(tmp_path, clock):
    """On the database of ``QINGBAO_TEST_RECORDS`` (make test-postgres), emptied before, or on a SQLite file."""
    url = os.environ.get("QINGBAO_TEST_RECORDS")
    with open_records(url or tmp_path / "records.db", clock=clock) as opened:
        if url:
            from sqlalchemy import text

            from records.tables import metadata

            with opened._writing() as connection:
                connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))
        yield opened
