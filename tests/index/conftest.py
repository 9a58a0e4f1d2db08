"""Every engine that is there: the embedded one always, Elasticsearch where ``make test-elastic`` started a server."""

import os
from pathlib import Path

import pytest

from index.embedded import EmbeddedSearch

SERVER = os.environ.get("QINGBAO_TEST_ELASTIC")
ENGINES = ["embedded", "elasticsearch"] if SERVER else ["embedded"]


def open_engine(name, folder, prefix="qingbao-one"):
    """An empty engine that wants nothing."""
    if name == "embedded":
        opened = EmbeddedSearch(Path(folder) / "search.db")
    else:
        from tests.elastic.engines import Shown, settings

        opened = Shown(settings(SERVER, prefix))
    opened.rebuild([])
    return opened


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path):
    opened = open_engine(request.param, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(params=ENGINES, scope="module")
def module_engine(request, tmp_path_factory):
    """One for all tests of a module, which only read it."""
    opened = open_engine(request.param, tmp_path_factory.mktemp("engine"), "qingbao-module")
    yield opened
    opened.close()
