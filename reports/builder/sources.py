"""What reports can be about. A new source is a file beside its siblings and a line here."""

from __future__ import annotations

from reports.builder.activities import ACTIVITIES
from reports.builder.business import COMPLAINTS, PURCHASES
from reports.builder.clients import COMPANIES, CONTACTS
from reports.builder.deals import DEALS
from reports.builder.parts import Source
from reports.builder.scores import CARDS, DAILY, LINES
from reports.builder.tasks import TASKS

SOURCES: dict[str, Source] = {
    source.key: source
    for source in (DEALS, ACTIVITIES, TASKS, COMPANIES, CONTACTS, PURCHASES, COMPLAINTS, CARDS, LINES, DAILY)
}
"""By key, in the order in which they are offered. Keys are stored in reports for ever."""
