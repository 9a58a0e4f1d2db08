"""Documents for searching, made of the records' values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.search import Document, Kind, Label, Number
from qingbao.clock import shanghai_day
from qingbao.model import SITE_WORDS, STAGE_WORDS, Amount, CompanyStatus, Place, Prospect, Site, Tier
from qingbao.wording import plan_stage
from records.values import ArticleDocument, CompanyDocument

STATUS_WORDS = {
    CompanyStatus.OPEN: "未接触", CompanyStatus.IN_TALKS: "在谈", CompanyStatus.RESIDENT: "已入园", CompanyStatus.EXCLUDED: "已排除",
    CompanyStatus.HIDDEN: "暂不合适",
}

_TIERS = tuple(Tier)  # best first


def make_document(value: ArticleDocument | CompanyDocument | Prospect, version: int) -> Document:
    """The document of an article, a company or a prospect."""
    if isinstance(value, ArticleDocument):
        return _article(value, version)
    if isinstance(value, CompanyDocument):
        return _company(value, version)
    return _prospect(value, version)


def _article(value: ArticleDocument, version: int) -> Document:
    article, signals, adverse = value.reading.article, value.reading.signals, value.reading.adverse
    moment = article.published_at or article.fetched_at
    return Document(
        kind=Kind.ARTICLE, key=article.url, version=version, title=article.title, url=article.url, day=moment and shanghai_day(moment),
        text="\n".join([article.text, *(a.text for a in article.attachments if a.text)]),
        labels=_labels({
            Label.COMPANY: value.companies,
            Label.COMPANY_NAME: value.companies.values(),
            Label.PLACE: _levels(place for s in signals for place in (s.place, s.place_from)),
            Label.EVENT: (s.event_type.value for s in signals),
            Label.ADVERSE: (a.kind.value for a in adverse),
            Label.STAGE: (STAGE_WORDS[s.stage] for s in signals if s.stage),
            Label.SITE: (SITE_WORDS[s.site] for s in signals if s.site is not Site.NONE),
            Label.SOURCE: (article.slug,),
        }),
        numbers=_numbers({Number.AMOUNT: _largest(s.amount for s in signals)}),
    )


def _company(value: CompanyDocument, version: int) -> Document:
    company, invested = value.company, value.investments
    days = [i.last_day for i in invested if i.last_day]
    return Document(
        kind=Kind.COMPANY, key=company.id, version=version, title=company.name, names=_other_names(company.name, (n.text for n in company.names)),
        text=value.text.text if value.text else "", day=max(days, default=None),
        labels=_labels({
            Label.COMPANY: (company.id,),
            Label.COMPANY_NAME: (company.name,),
            Label.PLACE: _levels([company.seat, *(i.place for i in invested)]),
            Label.EVENT: (i.event_type.value for i in invested),
            Label.STAGE: (STAGE_WORDS[i.stage] for i in invested if i.stage),
            Label.SITE: (SITE_WORDS[i.site] for i in invested if i.site is not Site.NONE),
            Label.STATUS: (STATUS_WORDS[company.status],),
            Label.TAG: (tag.list for tag in company.tags),
        }),
        numbers=_numbers({Number.AMOUNT: _largest(i.amount for i in invested)}),
    )


def _prospect(value: Prospect, version: int) -> Document:
    numbers = {
        Number.AMOUNT: _largest(i.amount for i in value.investments), Number.PRIORITY: value.priority, Number.FIT: value.fit,
        Number.INTENT: value.intent, Number.EVIDENCE: value.evidence, Number.RANK: float(value.rank) if value.rank else None,
    }
    return Document(
        kind=Kind.PROSPECT, key=f"{value.park}/{value.company_id}", version=version, title=value.company,
        names=_other_names(value.company, value.names), text=_told(value), url=value.quote_url, day=value.last_day,
        listed=value.first_listed, headline=value.headline or None, quote=value.best_quote,
        labels=_labels({
            Label.PARK: (value.park,),
            Label.INDUSTRY: (value.industry,),
            Label.LINK: (value.link,),
            Label.COMPANY: (value.company_id,),
            Label.COMPANY_NAME: (value.company,),
            Label.PLACE: _levels([value.destination, value.origin, value.seat]),
            Label.EVENT: (i.event_type.value for i in value.investments),
            Label.ADVERSE: (news.kind.value for news in value.bad_news),
            Label.STAGE: (STAGE_WORDS[stage] for i in value.investments if (stage := plan_stage(i))),
            Label.TIER: (value.tier.value,),
            Label.SITE: (SITE_WORDS[value.site],),
            Label.SHEET: (value.sheet.value,),
            Label.UNIT: value.units,
            Label.TAG: (*value.tags, *value.marks),
            Label.ORIGIN: (_city(value.origin),),
            Label.DESTINATION: (_city(value.destination) or ("未定" if value.site in (Site.OPEN, Site.LEAVING) else None),),
            Label.ACTION: (value.chain_action and value.chain_action.value,),
            Label.GRADE: (value.evidence_grade,),
            Label.CHANGE: (_change(value),),
        }),
        numbers=_numbers(numbers),
    )


def _told(value: Prospect) -> str:
    """What the table tells of a prospect: the headline, plans, the best quote, the reasons."""
    plans = (text for i in value.investments for text in (i.plan_words, i.product, i.capacity))
    told = (value.headline, value.best_quote, *plans, value.note, *(reason.text for reason in value.reasons))
    return "\n".join(dict.fromkeys(text for text in told if text))


def _change(value: Prospect) -> str | None:
    """Where it stands beside the run before: by tier, then by rank; None where nothing moved or nothing was before."""
    if value.rank_before is None or value.tier_before is None:
        return "新上榜" if value.rank else None
    before, now = _TIERS.index(value.tier_before), _TIERS.index(value.tier)
    if before != now:
        return "升" if now < before else "降"
    if not value.rank or value.rank == value.rank_before:
        return None
    return "升" if value.rank < value.rank_before else "降"


def _city(place: Place | None) -> str | None:
    """The city of a place, or what is known of it."""
    return None if place is None else place.city or place.province or (place.country if place.country != "中国" else None)


def _other_names(name: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(names) if text and text != name)


def _levels(places: Iterable[Place | None]) -> list[str | None]:
    return [level for place in places if place for level in (place.province, place.city, place.district, place.zone)]


def _largest(amounts: Iterable[Amount | None]) -> float | None:
    return max((a.value_wan for a in amounts if a and a.value_wan is not None), default=None)


def _labels(found: Mapping[Label, Iterable[str | None]]) -> dict[Label, tuple[str, ...]]:
    """Each value once, in order; labels without a value left out."""
    kept = {label: tuple(dict.fromkeys(value for value in values if value)) for label, values in found.items()}
    return {label: values for label, values in kept.items() if values}


def _numbers(found: Mapping[Number, float | None]) -> dict[Number, float]:
    return {number: float(value) for number, value in found.items() if value is not None}
