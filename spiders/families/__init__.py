"""The platforms that sites run on: plain classes that the spider asks, one instance a source."""

from __future__ import annotations

from qingbao.errors import UsageError
from qingbao.model import Source
from spiders.families.base import AttachmentLink, Family, ListPage, ListRequest
from spiders.families.feed import Feed
from spiders.families.generic import Generic
from spiders.families.querylist import QueryList
from spiders.families.trs import Trs

FAMILIES: dict[str, type[Family]] = {family.name: family for family in (Trs, QueryList, Feed, Generic)}


def family_of(source: Source) -> Family:
    """The family that reads a source's lists. Raises ``UsageError`` for an unknown family or option."""
    try:
        return FAMILIES[source.family](source)
    except KeyError:
        raise UsageError(f"来源“{source.slug}”：不认识的平台类型“{source.family}”，应为其中之一：{'、'.join(FAMILIES)}") from None
    except ValueError as error:
        raise UsageError(f"来源“{source.slug}”：{error}") from error


__all__ = ["FAMILIES", "AttachmentLink", "Family", "ListPage", "ListRequest", "family_of"]
