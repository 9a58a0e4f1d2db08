"""Every engine that is there: the embedded one always."""

import pytest

from index.embedded import EmbeddedSearch


@pytest.fixture(params=["embedded"])
def engine(request, tmp_path):
    """An empty engine that wants nothing."""
    opened = EmbeddedSearch(tmp_path / "search.db")
    opened.rebuild([])
    yield opened
    opened.close()
