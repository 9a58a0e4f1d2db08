"""What a source's round has brought so far, and what went wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from records.values import SourceResult, SourceState

# The worse state of two lists is the source's.
GRAVITY = [SourceState.OK, SourceState.INTERRUPTED, SourceState.FEW_LINKS, SourceState.DOWN, SourceState.CLOSED, SourceState.BLOCKED]


class Stop(Exception):
    """Nothing more can be asked of this source in this run."""

    def __init__(self, state: SourceState, why: str) -> None:
        self.state = state
        self.why = why
        super().__init__(why)


@dataclass(slots=True)
class Tally:
    """What a round has brought so far."""

    state: SourceState = SourceState.OK
    first_page_links: int = 0
    new_links: int = 0
    fetched: int = 0
    unchanged: int = 0
    failed: int = 0
    forbidden: int = 0
    blocked: int = 0
    foreign: int = 0
    said: list[str] = field(default_factory=list)

    def worse(self, state: SourceState, why: str) -> None:
        """Take note of what is wrong; the gravest state stays."""
        self.state = max(self.state, state, key=GRAVITY.index)
        self.say(why)

    def say(self, sentence: str) -> None:
        """A sentence for staff, once."""
        if sentence and sentence not in self.said:
            self.said.append(sentence)

    def result(self, *, run_id: str, slug: str, started_at: datetime) -> SourceResult:
        """The round's row. A source that gave nothing but refusals is blocked, few as they were."""
        state = self.state
        if self.blocked and not self.fetched and not self.unchanged:
            state = max(state, SourceState.BLOCKED, key=GRAVITY.index)
        said = [*self.said, *([f"{self.foreign} 条链接指向其他网站，未采集"] if self.foreign else [])]
        return SourceResult(
            run_id=run_id, slug=slug, state=state, first_page_links=self.first_page_links, new_links=self.new_links, fetched=self.fetched,
            unchanged=self.unchanged, failed=self.failed + self.blocked, forbidden=self.forbidden, message="；".join(said)[:500] or None,
            started_at=started_at,
        )
