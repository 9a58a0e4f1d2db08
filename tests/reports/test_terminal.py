"""The ten best in a terminal of any width."""

from __future__ import annotations

import io

import pytest
from prospect_samples import many, prospect, standing
from rich.console import Console

from reports.terminal import best_table


def _print(width: int, prospects: list[object]) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(best_table(prospects))  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120, 200])
def test_fits(width: int) -> None:
    from rich.cells import cell_len

    text = _print(width, list(standing()))
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "甲 82" in text
    assert "+52·" in text


def test_only_ten() -> None:
    assert _print(200, list(many(30))).count("├") == 9


def test_markup_in_a_name_is_text() -> None:
    assert "[red]甲[/red]" in _print(200, [prospect(company="[red]甲[/red]"), prospect(company="[/x]")])
