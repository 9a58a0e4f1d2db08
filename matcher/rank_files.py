"""Parks and companies as JSON objects → the lines of ``qingbao rank``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from matcher.fit import FitModel
from matcher.vectors import is_enough
from qingbao.model import ChainLink, Industry, Park
from qingbao.text import cut, fold

# Equal scores are set apart by this much a place, so that who sorts by score alone gets this order.
APART = 1e-9


def with_name(name: str, text: str) -> str:
    """A company's text with the words of its name, which say what it makes more often than not.

    A text too short to judge stays as it is; so do single characters out: of a brand that no dictionary knows nothing else is left.
    """
    said = "、".join(word for word in cut(fold(name)) if len(word) > 1)
    return f"{said}。{text}" if said and is_enough(text) else text


def rank_lines(
    parks: Iterable[Mapping[str, Any]] | Iterable[Park], companies: Iterable[Mapping[str, Any]],
    examples: Iterable[Mapping[str, Any]] | None = None, top: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Lines ``{"query_id", "rank", "company_id", "company", "score", "fit", "reasons"}``, park by park, best first.

    ``parks``: objects ``{"query_id", "park", "industry", "text", "chain_links"}`` or ``Park`` values (one query an
    industry). ``companies``: ``{"id", "name", "text"}``, each other's background. ``examples``: ``{"query_id", "company_id"}``.
    """
    queries = [query for park in parks for query in queries_of(park)]
    names: dict[str, str] = {}
    texts: dict[str, str] = {}
    for company in companies:
        one = str(company["id"])
        names[one] = str(company.get("name") or "")
        texts[one] = with_name(names[one], str(company.get("text") or ""))
    good: dict[tuple[str, str], set[str]] = {}
    industries = {park.slug: park.industries[0].name for park in queries}
    for line in examples or ():
        query = str(line["query_id"])
        if query in industries:
            good.setdefault((query, industries[query]), set()).add(str(line["company_id"]))
    if not queries or not texts:
        return
    model = FitModel.build(texts, queries, good)
    vectors = model.vectors(texts)
    for park in queries:
        table = model.table(park, vectors)
        last = float("inf")
        for place, one in enumerate(table.order(top), 1):
            fit = table[one]
            last = min(round(fit.score, 9), last - APART)
            yield {
                "query_id": park.slug, "rank": place, "company_id": one, "company": names[one], "score": round(last, 9),
                "fit": None if fit.fit is None else round(fit.fit, 2),
                "reasons": [{"points": round(reason.points, 2), "text": reason.text} for reason in fit.reasons],
            }


def queries_of(park: Mapping[str, Any] | Park) -> Iterator[Park]:
    """One park with one industry for each query."""
    if isinstance(park, Park):
        for industry in park.industries:
            slug = park.slug if len(park.industries) == 1 else f"{park.slug}/{industry.name}"
            yield Park(slug=slug, name=park.name, province=park.province, city=park.city, industries=(industry,))
        return
    links = tuple(
        ChainLink(name=str(link["name"])) if isinstance(link, Mapping) else ChainLink(name=str(link)) for link in park.get("chain_links") or ()
    )
    industry = Industry(name=str(park.get("industry") or ""), text=str(park.get("text") or ""), chain_links=links)
    yield Park(slug=str(park["query_id"]), name=str(park.get("park") or ""), province=None, city=None, industries=(industry,))
