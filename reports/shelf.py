"""The page of reports: one's own, those that were shared with one, and those that come with the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.policy import holds
from reports.asking import words
from reports.asking.draft import ICONS
from reports.builder import Definition, DefinitionWrong
from reports.models import Pin, Report, ReportShare
from reports.ready_made import READY, Ready


@dataclass(frozen=True)
class Kept:
    """A report on the shelf: what it asks in a line, and the picture of how it is shown."""

    report: Report
    says: str
    icon: str


class Shelf:
    """What somebody may open: one statement, however much there is."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def _kept(self) -> Sequence[Kept]:
        pinned = Exists(Pin.objects.filter(user=self.user.pk, report=OuterRef("pk")))
        shared = Exists(ReportShare.objects.filter(report=OuterRef("pk")))
        reports = (
            Report.objects.visible_to(self.user).select_related("user").annotate(is_pinned=pinned, is_shared=shared)
        )
        return [self._line(one) for one in reports]

    def _line(self, report: Report) -> Kept:
        try:
            definition = Definition.of(report.definition)
        except DefinitionWrong as wrong:
            return Kept(report, str(wrong.message), "alert-triangle")
        return Kept(report, words.in_short(definition, self.user), ICONS[definition.show])

    @property
    def own(self) -> list[Kept]:
        return [one for one in self._kept if one.report.user_id == self.user.pk]

    @property
    def shared(self) -> list[Kept]:
        return [one for one in self._kept if one.report.user_id != self.user.pk]

    @property
    def ready(self) -> list[Ready]:
        return [one for one in READY if holds(self.user, one.permission)]
