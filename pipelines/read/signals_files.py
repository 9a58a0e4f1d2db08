"""``qingbao signals``: one document object in, one reading object out, with the field names that scorers read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipelines.read.signals import CUT_OFF, NameLists, read_signals
from qingbao.clock import SHANGHAI
from qingbao.model import Adverse, Amount, Place, Quote, Relation, Signal


def signals_line(obj: dict[str, Any], lists: NameLists, cut_off: float = CUT_OFF) -> dict[str, Any]:
    """Reads ``{"id","title","text","published_at","url"}`` (all but ``text`` may be missing or null) into the output line of ``qingbao signals``.

    ``cut_off``: how sure the reader must be of a firm, 0-1.
    """
    identity = obj.get("id")
    url = str(obj.get("url") or f"id:{identity}")
    reading = read_signals(
        url=url, title=str(obj.get("title") or ""), text=str(obj.get("text") or ""), published_at=_moment(obj.get("published_at")), lists=lists,
        cut_off=cut_off,
    )
    return {
        "id": identity,
        "signals": [_signal(s) for s in reading.signals],
        "adverse": [_adverse(a) for a in reading.adverse],
        "relations": [_relation(r) for r in reading.relations],
    }


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _place(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"province": None, "city": None, "district": None, "zone": None, "country": None}
    return {"province": place.province, "city": place.city, "district": place.district, "zone": place.zone, "country": place.country}


def _amount(amount: Amount | None) -> dict[str, Any]:
    if amount is None:
        return {"amount_cny_wan": None, "amount_text": None, "currency": None, "amount_orig_wan": None, "amount_bound": None, "amount_is_part": None}
    return {
        "amount_cny_wan": amount.value_wan, "amount_text": amount.text, "currency": amount.currency, "amount_orig_wan": amount.original_wan,
        "amount_bound": amount.bound.value, "amount_is_part": amount.part,
    }


def _words(quote: Quote | None) -> str | None:
    return quote.text if quote else None


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "company": signal.mention, "names": list(signal.names), "parent": signal.parent, "event_type": signal.event_type.value,
        "stage": signal.stage.value if signal.stage else None, "site": signal.site.value, "site_quote": _words(signal.site_quote),
        **_amount(signal.amount), "place": _place(signal.place), "place_quote": _words(signal.place_quote),
        "place_from": _place(signal.place_from) if signal.place_from else None, "quote": signal.quote.text, "quote_start": signal.quote.start,
        "quote_end": signal.quote.end, "amount_quote": _words(signal.amount_quote), "land_mu": signal.land_mu, "capacity": signal.capacity, "jobs": signal.jobs,
        "industry_words": list(signal.industry_words), "product": signal.product, "project": signal.project,
        "event_date": signal.event_date.isoformat() if signal.event_date else None, "score": signal.score, "found_by": list(signal.found_by),
    }


def _adverse(adverse: Adverse) -> dict[str, Any]:
    return {
        "company": adverse.mention, "names": list(adverse.names), "kind": adverse.kind.value, "quote": adverse.quote.text, "quote_start": adverse.quote.start,
        "quote_end": adverse.quote.end, "place": _place(adverse.place),
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {"kind": relation.kind.value, "subject": relation.subject, "object": relation.object, "quote": relation.quote.text}
