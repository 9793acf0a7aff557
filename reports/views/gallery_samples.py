"""What the gallery shows: one value for every state of every component. Invented, and never stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.urls import reverse

from accounts import formats

Sample = dict[str, Any]


class SampleForm(forms.Form):
    """Every kind of field."""

    title = forms.CharField(label="Title", help_text="What the customer would call it.")
    company = forms.ChoiceField(label="Company", choices=[("1", "Elbe Pharma"), ("2", "Fjord Optik")])
    amount = forms.DecimalField(label="Amount, €", required=False)
    close_on = forms.DateField(label="Expected close", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    shared = forms.BooleanField(label="Share it with my team", required=False)

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount is not None and amount < 0:
            raise forms.ValidationError("An amount cannot be below zero. Leave it empty if you do not know it yet.")
        return amount


def option(value: str, label: str, **more: Any) -> Sample:
    return {"value": value, "label": label, **more}


OUTCOMES = [
    option("reached", "Reached", icon="circle-check", tone="good", key="1", checked=True),
    option("no-answer", "No answer", icon="phone-off", tone="watch", key="2"),
    option("busy", "Busy", icon="hourglass", tone="watch", key="3"),
    option("wrong", "Wrong number", icon="circle-x", tone="bad", key="4"),
]
NEXT_STEPS = [
    option("none", "No next step"),
    option("tomorrow", "Tomorrow 10:00", checked=True),
    option("two", "In 2 days"),
    option("week", "Next week"),
]
STAGES = [
    ("1", "New", "grey"),
    ("2", "Qualified", "blue"),
    ("3", "Proposal", "violet"),
    ("4", "Negotiation", "orange"),
    ("5", "Won", "green"),
]
STEPS = {
    "late": {"kind": "late", "label": "Demo on site", "when": "3 days late"},
    "today": {"kind": "today", "label": "Check budget", "when": "Today 16:00"},
    "later": {"kind": "later", "label": "Send offer", "when": "Fri 27 Nov"},
    "none": {"kind": "none", "label": "", "when": ""},
    "won": {"kind": "won", "label": "Won 9 Nov", "when": ""},
    "lost": {"kind": "lost", "label": "Lost: price", "when": ""},
}


def deal(pk: int, title: str, who: str, minor: int | None, step: str, **more: Any) -> Sample:
    """A card of the board, as `components/deal_card.html` wants it."""
    movable = step not in ("won", "lost")
    moves = {"move_url": reverse("reports:gallery-move", args=[pk])}
    return {
        "id": pk, "title": title, "href": "#board", "who": who, "amount": formats.money(minor), "days": 5, "owner": "Anna Keller",
        "step": STEPS[step], **(moves if movable else {}), **more,
    }  # fmt: skip


def deals() -> list[Sample]:
    """One deal for every kind of next step."""
    return [
        deal(1, "Fleet renewal", "Elbe Pharma · Elena Bauer", None, "later", days=3),
        deal(2, "Training package", "Horizon Textil · Ingrid Dietrich", 24_000_00, "none"),
        deal(
            3,
            "Licence extension",
            "Horizon Optik · Lea Richter",
            21_000_00,
            "late",
            days=22,
            cold=True,
            owner="Marco Rossi",
        ),
        deal(
            4,
            "Annual supply contract for three sites",
            "Garda Optik · Ivan Conti",
            10_000_50,
            "today",
            owner="Ewa Nowak",
        ),
        deal(5, "Warehouse upgrade", "Fjord Optik · Robert Novák", 61_000_00, "won", owner="Sofia Lind"),
        deal(6, "Spare parts programme", "Baltic Foods · Greta Weiss", 33_000_00, "lost", owner="Jonas Weber"),
    ]


CLASH = {
    "field": "note", "label": "Note", "mine_text": "Calls on Tuesdays", "theirs_text": "Calls on Mondays, not before ten",
    "by": "Marta Ruiz", "at": None, "joins": True,
}  # fmt: skip


def lanes() -> list[Sample]:
    """A board of five lanes, one of them empty."""
    cards = deals()
    placed = {"1": cards[:2], "2": cards[2:4], "3": [], "4": cards[5:], "5": cards[4:5]}
    sums = {"1": 24_000_00, "2": 31_000_50, "3": 0, "4": 33_000_00, "5": 61_000_00}
    return [
        {
            "stage_id": key,
            "name": name,
            "colour": colour,
            "count": len(placed[key]),
            "sum": formats.money_short(sums[key]),
            "cards": placed[key],
        }
        for key, name, colour in STAGES
    ]


def line(
    icon: str, label: str, state: str, value: str, target: str, part: float, points: int, trend: list[float | None]
) -> Sample:
    return {
        "icon": icon, "label": label, "state": state, "value": value, "target": target, "part": part, "points": points,
        "trend": trend, "href": "#scorecard", "note": "+1 met, −2 missed",
    }  # fmt: skip


LINES = [
    line("phone", "Conversations", "met", "12", "10", 1.0, 1, [8, 11, 9, 12, 10, 10, 13, 9, 12, 12]),
    line("building", "Companies added", "watch", "1", "2", 0.5, 0, [2, 2, 1, 2, 3, 2, 2, 0, 2, 1]),
    line("hourglass", "Overdue tasks", "missed", "3", "0", 1.0, -2, [0, 0, 1, 0, 2, 3, 1, 0, 2, 3]),
    line("currency-euro", "Deals without a task", "na", "—", "0", 0.0, 0, [None, 0, 0, 1, 0]),
    line("clock", "Data in by the deadline", "pending", "—", "18:00", 0.0, 0, [1, 1, 0, 1, 1, 1]),
]


def cell(state: str, value: str) -> Sample:
    return {"state": state, "value": value, "href": "#heat"}


HEAT = {
    "columns": ["Conversations", "Companies added", "Overdue tasks", "Deals without a task", "Data in by the deadline"],
    "rows": [
        {"person": "Ewa Nowak", "href": "#heat", "total": 5, "cells": [cell("met", "14"), cell("met", "3"), cell("met", "0"), cell("met", "0"), cell("met", "in time")]},
        {"person": "Marco Rossi", "href": "#heat", "total": -3, "cells": [cell("missed", "4"), cell("watch", "1"), cell("missed", "3"), cell("met", "0"), cell("pending", "open")]},
        {"person": "Иван Петров", "href": "#heat", "total": 0, "cells": [cell("na", "n/a"), cell("na", "n/a"), cell("na", "n/a"), cell("na", "n/a"), cell("na", "n/a")]},
    ],
}  # fmt: skip


def timeline(now: datetime) -> list[Sample]:
    """What happened, one entry for every tone."""
    return [
        {"icon": "calendar-event", "planned": True, "title": "Demo on site", "at": now + timedelta(hours=3), "who": "Anna Keller"},
        {"icon": "phone", "tone": "good", "title": "Call · 10 min", "text": "Asked for a revised quote with two delivery dates.", "at": now, "who": "Anna Keller", "next_step": "Tomorrow 10:00"},
        {"icon": "phone-off", "tone": "watch", "title": "Call · no answer", "at": now - timedelta(hours=1), "who": "Anna Keller"},
        {"icon": "mail", "tone": "info", "title": "E-mail", "text": "Offer 2026-114, valid until the end of the month.", "at": now - timedelta(hours=5), "who": "Marco Rossi"},
        {"icon": "circle-x", "tone": "bad", "title": "Deal lost: price", "at": now - timedelta(days=1), "who": "Marco Rossi"},
    ]  # fmt: skip


def clocks(now: datetime) -> list[datetime]:
    """Cut-offs far away, soon, now and past."""
    return [
        now + timedelta(hours=3, minutes=14),
        now + timedelta(minutes=42),
        now + timedelta(minutes=9),
        now - timedelta(minutes=5),
    ]


PAGES = {
    "views": [
        {"label": "Mine", "href": "#table", "current": True, "count": "128"},
        {"label": "Cold for a month", "href": "#table", "count": "1,000+"},
        {"label": "Won this year", "href": "#table"},
    ],
    "segments": [
        {"label": "Board", "href": "#nav", "icon": "layout-kanban", "current": True},
        {"label": "Table", "href": "#nav", "icon": "list"},
    ],
    "crumbs": [("Contacts", "#nav"), ("Quarry & Sons", "#nav"), ("Nadia Bauer", "")],
    "menu": [
        {"label": "Open", "href": "#nav", "icon": "arrow-right"},
        {"label": "Edit", "get": "", "icon": "pencil"},
        {"label": "Delete", "href": "#nav", "icon": "trash", "danger": True},
    ],
    "steps": [
        {"label": "Upload", "state": "done"},
        {"label": "Columns", "state": "current"},
        {"label": "Preview", "state": ""},
        {"label": "Report", "state": ""},
    ],
}
ROWS = [
    {"name": "Nadia Bauer", "company": "Quarry & Sons", "phone": "+49 40 555 9689", "state": "late", "word": "3 days late", "minor": 12_000_00},
    {"name": "Łukasz Wójcik", "company": "Zephyr Cycles", "phone": "+48 22 555 0117", "state": "met", "word": "Fri 27 Nov", "minor": 1_250_000_00},
    {"name": "José Núñez", "company": "Garda Optik", "phone": "+34 91 555 2200", "state": "watch", "word": "No next step", "minor": None},
]  # fmt: skip
RANK = [("Sofia Lind", 106), ("Anna Keller", 84), ("Marco Rossi", 78), ("Jonas Weber", 69)]
HITS = [
    {"id": "1", "href": "#palette", "title": "Greta Vogel", "sub": "Procurement · Vektor Robotics", "end": "+49 40 555 5509", "person": "Greta Vogel"},
    {"id": "2", "href": "#palette", "title": "Vogel GmbH", "sub": "vogel.example", "person": "Vogel GmbH", "square": True},
]  # fmt: skip
