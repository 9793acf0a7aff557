"""What reports can be about. A new source is a file beside its siblings and a line here."""

from __future__ import annotations

from reports.builder.deals import DEALS
from reports.builder.parts import Source

SOURCES: dict[str, Source] = {source.key: source for source in (DEALS,)}
"""By key, in the order in which they are offered. Keys are stored in reports for ever."""
