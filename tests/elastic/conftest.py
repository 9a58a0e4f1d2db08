"""These tests need the server of ``make test-elastic``; without it they are not even collected, so that none is ever skipped."""

import os
from pathlib import Path

import pytest

SERVER = os.environ.get("QINGBAO_TEST_ELASTIC")

collect_ignore_glob = [] if SERVER else ["test_*.py"]


@pytest.fixture
def engine():
    """An engine with empty indices of its own on the common server; pauses are counted, not waited for."""
    from tests.elastic.engines import Shown, remove, settings

    pauses = []
    opened = Shown(settings(SERVER, "qingbao-fault"), sleep=pauses.append)
    opened.pauses = pauses
    remove(opened)
    opened.rebuild([])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def own_server():
    """A server of this module's own, to be killed and started again."""
    from tests.elastic.server import running

    with running(os.environ["QINGBAO_TEST_ELASTIC_VERSION"], os.environ["QINGBAO_TEST_ELASTIC_JAVA"]) as server:
        yield server


@pytest.fixture(scope="module")
def secure_server():
    """A server with TLS, our three roles and a user of each."""
    from tests.elastic.server import running

    version, java = os.environ["QINGBAO_TEST_ELASTIC_VERSION"], os.environ["QINGBAO_TEST_ELASTIC_JAVA"]
    users = [(f"qb_{role}", f"{role}-password", f"qingbao_{role}") for role in ("setup", "run", "staff")]
    with running(version, java, security=True, users=users) as server:
        yield server


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.service)
