"""The whole line on one's own files: documents and parks as JSON objects → the lines of ``qingbao prospects``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from matcher.fit import FitModel
from matcher.rank import Field, rank
from pipelines.read.signals import LEADS_CUT_OFF, NameLists, read_signals
from pipelines.settle.book import NAMES
from pipelines.settle.settle import Known, settle
from qingbao import keys
from qingbao.clock import SHANGHAI
from qingbao.dates import parse_moment
from qingbao.errors import UsageError
from qingbao.list_files import ListRow, read_list
from qingbao.model import Article, ChainLink, Industry, Park, Prospect, Sheet
from qingbao.text import simplified
from records.values import Reading
from schedules.instance import learn_places


def park_of(line: Mapping[str, Any]) -> Park:
    """A park from its JSON object. The park's own places are its city, and the park by its name. Raises ``UsageError`` for an object of another shape."""
    written = line.get("industries") or ()
    if not line.get("park_id") or not isinstance(written, list | tuple) or not all(isinstance(one, Mapping) for one in written):
        raise UsageError("缺少 park_id，或 industries 不是由 {\"industry\",\"text\",\"chain_links\"} 组成的列表")
    industries = tuple(
        Industry(name=str(one.get("industry") or ""), text=str(one.get("text") or ""),
                 chain_links=tuple(ChainLink(name=str(link)) for link in one.get("chain_links") or ()))
        for one in written
    )
    own = tuple(str(place) for place in (line.get("city"), line.get("park")) if place)
    return Park(slug=str(line["park_id"]), name=str(line.get("park") or line["park_id"]), province=line.get("province"), city=line.get("city"),
                industries=industries, own_places=own, focus_cities=tuple(map(str, line.get("focus_cities") or ())))


def _moment(value: object, as_of: date) -> datetime:
    """When a document was published; without a date, the as-of day."""
    found = parse_moment(str(value)) if value else None
    return found.at if found else datetime.combine(as_of, time(), SHANGHAI).astimezone(UTC)


def reading_of(document: Mapping[str, Any], lists: NameLists, as_of: date) -> Reading:
    """A document read as an article of an anonymous source."""
    title, text = str(document.get("title") or ""), simplified(str(document.get("text") or ""))
    url = str(document.get("url") or "") or f"doc:{document.get('id')}"
    # Two documents may come from one page: the id keeps them apart.
    key = f"{url}#{document.get('id')}"
    article = Article(url=key, title=title, text=text, text_hash=keys.text_hash(text), published_at=_moment(document.get("published_at"), as_of))
    read = read_signals(url=key, title=title, text=text, published_at=article.published_at, lists=lists, cut_off=LEADS_CUT_OFF)
    return Reading(article=article, signals=read.signals, adverse=read.adverse, relations=read.relations)


def _line(park: Park, row: Prospect) -> dict[str, Any]:
    return {
        "park_id": park.slug, "rank": row.rank, "company": row.company, "names": [name for name in row.names if name != row.company],
        "tier": row.tier.value, "priority": round(row.priority, 2), "fit": None if row.fit is None else round(row.fit, 2),
        "intent": round(row.intent, 2), "evidence": round(row.evidence, 2), "evidence_grade": row.evidence_grade, "site": row.site.value,
        "industry": row.industry, "link": row.link, "headline": row.headline, "quote": row.best_quote,
        "reasons": [{"number": r.number, "points": round(r.points, 2), "text": r.text, "quote": r.quote, "url": r.url} for r in row.reasons],
    }


def prospect_lines(profiles: Sequence[Park], documents: Iterable[Mapping[str, Any]], companies: Iterable[Mapping[str, Any]],
                   lists: Sequence[Path], as_of: date, top: int | None = None) -> Iterator[dict[str, Any]]:
    """Read, settle, match and rank; one line a prospect of the standing list, best first in each park."""
    learn_places(profiles)
    names = NameLists.load(lists)
    readings = [reading_of(document, names, as_of) for document in documents]
    rows: list[tuple[str, ListRow]] = [(NAMES, row) for path in lists for row in read_list(path).rows]
    rows += [("profiles", ListRow(name=str(one.get("name") or one.get("id")), intro=str(one.get("text") or ""))) for one in companies]
    settled = settle(readings, Known(), rows)
    texts = {text.company_id: text.text for text in settled.texts}
    model = FitModel.build(texts, profiles) if texts else None
    for park in profiles:
        field = Field(companies=settled.companies, investments=settled.investments, bad_news=settled.bad_news, texts=texts, as_of=as_of,
                      model_version=model.version if model else "")
        ranked = rank(park, field, model.table(park, texts) if model else {})
        for row in [one for one in ranked if one.sheet is Sheet.PROSPECTS][:top]:
            yield _line(park, row)
