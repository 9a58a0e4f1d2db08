from collections.abc import Callable

import pytest

from pipelines.read.signals import NameLists, SignalReading, read_signals

Read = Callable[..., SignalReading]


@pytest.fixture(scope="session")
def lists() -> NameLists:
    return NameLists.load([])


@pytest.fixture(scope="session")
def read(lists: NameLists) -> Read:
    def run(text: str, title: str = "") -> SignalReading:
        return read_signals(url="http://x.example/1", title=title, text=text, published_at=None, lists=lists)

    return run
