"""How well settling finds companies, investments and stories on the written nights.

    .venv/bin/python -m benchmarks.settle_quality [--held-out] [--wrong]

``--wrong`` lists the pairs joined wrongly (+) and the missing ones (-).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from pipelines.settle.settle import Known, settle
from qingbao.model import Site
from records.values import Reading, Settlement
from tests.settle.written import (
    agreement,
    differences,
    list_rows,
    partitions,
    reading,
    records,
    truth_lines,
    truth_of,
)


def at_once(readings: Sequence[Reading]) -> Settlement:
    """All nights settled at once."""
    return settle(readings, Known(), list_rows())


def sites_wrong(done: Settlement, part: str, truth_of_signal: Mapping[str, str]) -> list[str]:
    """Investments whose ``site`` differs from the truth after the last night."""
    lines = truth_lines("investment", part)
    wrong = []
    for one in done.investments:
        meant = {truth_of_signal[stated.signal_key] for stated in one.stated}
        for name in sorted(meant & set(lines)):
            if one.site is not Site(lines[name]["site"]):
                wrong.append(f"{name}: site {one.site.value}, {lines[name]['site']} wanted")
    return wrong


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    part = "held_out" if options.held_out else "open"
    written = records(part)
    readings = [reading(record) for record in written]
    truth = truth_of(written)
    done = at_once(readings)
    shown = {s.key: f"{s.article_url[-9:-5]} {s.mention} {s.event_type.value} {s.amount.text if s.amount else ''}" for r in readings for s in r.signals}
    shown |= {a.key: f"{a.article_url[-9:-5]} {a.mention} {a.kind.value}" for r in readings for a in r.adverse}
    shown |= {record["url"]: f"{record['url'][-9:-5]} {record['title'] or record['text'][:25]}" for record in written}
    print("| | P | R | F1 | B³ P | B³ R | B³ F1 | groups | true groups |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, found, right in zip(("companies", "investments", "stories"), partitions(done), (truth.companies, truth.investments, truth.stories)):
        a = agreement(found, right)
        print(f"| {name} | {a.precision:.4f} | {a.recall:.4f} | {a.f1:.4f} | {a.b3_precision:.4f} | {a.b3_recall:.4f} | {a.b3_f1:.4f} | "
              f"{a.groups} | {a.true_groups} |")
        if options.wrong:
            for mark, some in zip("+-", differences(found, right)):
                for one, other in sorted(some):
                    print(f"   {mark} {shown[one]} [{right[one]}]  |  {shown[other]} [{right[other]}]")
    wrong = sites_wrong(done, part, truth.investments)
    print(f"sites of investments: {len(wrong)} wrong")
    if options.wrong:
        print(*wrong, sep="\n")


if __name__ == "__main__":
    main()
