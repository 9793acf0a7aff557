"""Questions that odd patterns raise. A new one is a file beside its siblings and a line here."""

from __future__ import annotations

from discipline.signals import (
    bursts,
    emptied_funnel,
    far_tasks,
    flips,
    given_away,
    junk_companies,
    late_entries,
    moved_dates,
    split_calls,
    unmatched_calls,
)
from discipline.signals.base import Found, Signal, run, run_all

SIGNALS: tuple[Signal, ...] = tuple(
    module.SIGNAL
    for module in (
        bursts, late_entries, split_calls, unmatched_calls, moved_dates, given_away, far_tasks, flips, junk_companies,
        emptied_funnel,
    )
)  # fmt: skip
"""In the order in which they are shown."""

__all__ = ["SIGNALS", "Found", "Signal", "run", "run_all"]
