"""Short documents for the tests of searching."""

from datetime import date

from index.search import Document, Kind, Query, Removal


def doc(key, title="标题", text="", *, kind=Kind.ARTICLE, version=1, **more):
    return Document(kind=kind, key=key, version=version, title=title, text=text, **more)


def gone(key, version, kind=Kind.ARTICLE):
    return Removal(kind=kind, key=key, version=version)


def keys(engine, words="", **more):
    """The keys of what is found, in order."""
    return [hit.key for hit in engine.search(Query(words=words, **more)).hits]


def day(number):
    return date(2026, 5, number)
