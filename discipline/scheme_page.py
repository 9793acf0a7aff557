"""Schemes as the coordinator's pages show them: all of them, one with its versions, a draft beside what was published last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from accounts import formats
from discipline import differences, regulation, signing
from discipline.differences import Difference
from discipline.metrics import METRICS
from discipline.models import Assignment, Rule, Scheme, SchemeVersion
from discipline.regulation import Article, Names


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A scheme of the list: what holds, what is coming, its draft, and how many people it scores."""

    scheme: Scheme
    current: SchemeVersion | None
    coming: SchemeVersion | None
    draft: SchemeVersion | None
    people: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """A published version and how it differs from the one before."""

    version: SchemeVersion
    differences: list[Difference]
    first: bool


def listed(day: date) -> list[Listed]:
    """All schemes by name: three statements."""
    people = _people(day)
    return [_listed(scheme, day, people.get(scheme.pk, 0)) for scheme in _schemes()]


def _listed(scheme: Scheme, day: date, people: int) -> Listed:
    versions = list(scheme.versions.all())
    return Listed(
        scheme=scheme,
        current=signing.in_force(versions, day),
        coming=next((one for one in versions if one.effective_from and one.effective_from > day), None),
        draft=next((one for one in versions if one.published_at is None), None),
        people=people,
    )


def one(scheme: Scheme, day: date) -> dict[str, Any]:
    """What the page of a scheme shows: its rules now, its history in plain words, who is scored by it."""
    versions = list(scheme.versions.prefetch_related("rules").select_related("published_by", "scheme"))
    published = sorted((version for version in versions if version.published_at), key=lambda version: version.number)
    current = signing.in_force(published, day) or next(iter(published), None)
    return {
        "scheme": scheme,
        "current": current,
        "begun": bool(current and current.effective_from and current.effective_from <= day),
        "rules": rows(current) if current else [],
        "history": _history(published),
        "draft": next((version for version in versions if version.published_at is None), None),
        "teams": _teams(scheme, day),
    }


def draft(version: SchemeVersion) -> dict[str, Any]:
    """What the editor shows: the rules as rows, the text that people will read, and what is new against the last version."""
    published = version.scheme.versions.filter(published_at__isnull=False).prefetch_related("rules")
    latest = published.order_by("-number").first()
    articles: list[Article] = regulation.articles(version)
    return {
        "version": version,
        "latest": latest,
        "rules": rows(version),
        "articles": articles,
        "heading": regulation.heading(version),
        "differences": differences.between(latest, version) if latest else [],
    }


def rows(version: SchemeVersion) -> list[dict[str, Any]]:
    """The rules of a version as a table draws them."""
    names = Names()
    return [_row(rule, names) for rule in version.rules.all() if rule.metric in METRICS]


def _row(rule: Rule, names: Names) -> dict[str, Any]:
    state = "shown" if not rule.scored else "trial" if rule.trial else "scored"
    return {
        "code": rule.code,
        "icon": METRICS[rule.metric].icon,
        "name": names(rule),
        "asked": regulation.asked(rule).removesuffix(".") if rule.scored else "",
        "state": state,
        "met": formats.points(rule.points_met),
        "missed": formats.points(-rule.points_missed),
    }


def _history(published: list[SchemeVersion]) -> list[Step]:
    """The published versions, the latest first, each against the one before."""
    before = [None, *published]
    steps = [
        Step(version=version, differences=differences.between(earlier, version) if earlier else [], first=not earlier)
        for earlier, version in zip(before, published, strict=False)
    ]
    return steps[::-1]


def _schemes() -> list[Scheme]:
    return list(Scheme.objects.prefetch_related("versions").order_by("name"))


def _people(day: date) -> dict[int, int]:
    """How many people are scored by each scheme on a day."""
    rows = Assignment.objects.on(day).filter(user__is_active=True).order_by()
    return dict(rows.values_list("scheme").annotate(n=Count("user", distinct=True)))


def _teams(scheme: Scheme, day: date) -> list[Any]:
    rows = Assignment.objects.on(day).filter(scheme=scheme, user__is_active=True)
    counted = rows.order_by("team__path").values("team", name=F("team__name"))
    return list(counted.annotate(n=Count("user", filter=Q(user__is_active=True))))
