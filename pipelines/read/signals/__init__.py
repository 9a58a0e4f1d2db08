"""A text becomes signals, bad news and relations, each with the sentence that proves it."""

from __future__ import annotations

from pipelines.read.signals.choose import CUT_OFF, LEADS_CUT_OFF
from pipelines.read.signals.lists import NameLists
from pipelines.read.signals.read import SignalReading, read_signals

__all__ = ["CUT_OFF", "LEADS_CUT_OFF", "NameLists", "SignalReading", "read_signals"]
