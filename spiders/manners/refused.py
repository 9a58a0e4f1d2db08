"""Why a request was not sent, or its answer not taken: each reason a class of its own, so that its outcome can be told."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class ForeignHost(IgnoreRequest):
    """The address is not one of the source's, or inside a private network."""


class RobotsForbid(IgnoreRequest):
    """A rule of robots.txt forbids this address."""


class RobotsClosed(IgnoreRequest):
    """robots.txt refuses us or cannot be had: the host is closed as a whole for this run."""


class HostResting(IgnoreRequest):
    """The host asked us to come back later than this run can wait."""


class DayIsFull(IgnoreRequest):
    """The day's requests to this host are used up."""
