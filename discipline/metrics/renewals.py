"""What both metrics of renewals share: their pipeline must be named, and a date is over when that day ends where the person is."""

from __future__ import annotations

from dataclasses import replace

from discipline.metrics.parameters import PIPELINE, PRODUCT_GROUP, SEGMENT

CHOICE = (replace(PIPELINE, required=True), SEGMENT, PRODUCT_GROUP)


def end_of(day: str, zone: str) -> str:
    """SQL of the instant at which a date is over in a zone."""
    return f"(({day} + 1)::timestamp AT TIME ZONE {zone})"
