"""Companies that staff name as good for an industry: kept in the instance, they move its order in every match from then on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from qingbao.errors import UsageError
from schedules.instance import Instance

# By park and industry the ids of companies.
Named = dict[tuple[str, str], tuple[str, ...]]
FILE = "examples.json"


def kept_examples(instance: Instance) -> Named:
    """What staff named; of parks and industries that are still asked for."""
    path = instance.config.data_dir / FILE
    if not path.exists():
        return {}
    asked = {(park.slug, industry.name) for park in instance.parks for industry in park.industries}
    rows = json.loads(path.read_text("utf-8"))
    return {(row["park"], row["industry"]): tuple(row["companies"]) for row in rows if (row["park"], row["industry"]) in asked}


def take_examples(instance: Instance, lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Keep the companies of ``{"query_id", "company_id"}`` lines instead of those kept so far; what to tell staff, an industry a sentence.

    ``query_id`` is a park's slug, with ``/产业`` behind it where the park asks for several; ``company_id`` may be the company's name. No line: none
    are kept. UsageError, with nothing changed, names the park, industry or company that is unknown.
    """
    asked = {f"{park.slug}/{industry.name}": (park.slug, industry.name) for park in instance.parks for industry in park.industries}
    asked |= {park.slug: (park.slug, park.industries[0].name) for park in instance.parks if len(park.industries) == 1}
    companies = list(instance.records.companies())
    ids = {name.text: company.id for company in companies for name in company.names}
    ids |= {company.name: company.id for company in companies} | {company.id: company.id for company in companies}
    named: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        query, company = str(line["query_id"]), str(line["company_id"]).strip()
        if query not in asked:
            raise UsageError(f"示范企业：没有“{query}”，可写 {'、'.join(sorted(asked))}")
        if company not in ids:
            raise UsageError(f"示范企业：没有企业“{company}”，请写名单中的全称或编号")
        named.setdefault(asked[query], set()).add(ids[company])
    rows = [{"park": park, "industry": industry, "companies": sorted(own)} for (park, industry), own in sorted(named.items())]
    path = instance.config.data_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    beside.replace(path)
    return [f"示范企业：“{row['industry']}”{len(row['companies'])} 家" for row in rows] or ["示范企业：已全部取消"]
