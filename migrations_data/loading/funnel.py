"""The steps of a sale, and what the words of old tables mean in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.folding import fold
from crm.models import DealStatus, LossReason, Stage
from crm.services import references
from migrations_data.loading.context import Context
from migrations_data.loading.resolvers import Matches, of, squeezed
from migrations_data.meanings.lists import IS_LOST, IS_WON
from migrations_data.models import Decision, What
from migrations_data.understanding.words import FUNNEL, LOST, WON


class Funnel:
    """The stages of the first pipeline, and what the words of the old table mean in it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.pipeline = references.pipeline(by=context.by, at=context.at)
        self.stages: list[Stage] = list(self.pipeline.stages.order_by("position", "pk"))
        self.elsewhere = {stage.pk: stage for stage in Stage.objects.all()}
        self.reasons: dict[str, LossReason] = {}

    def make_room(self, texts: Iterable[str]) -> None:
        """Add the stages that the table names and the pipeline does not have, in the usual order of a funnel."""
        there = {squeezed(stage.name) for stage in self.stages}
        wanted: dict[str, str] = {}
        for text in texts:
            if text and self._is_new(text) and squeezed(text) not in there:
                wanted.setdefault(squeezed(text), text)
        names = sorted(wanted.values(), key=_place_in_funnel)
        if not names and not self.stages:
            names = [_("New")]
        made = references.add_stages(to=self.pipeline, names=names, by=self.context.by, at=self.context.at)
        self.stages += made
        for stage in made:
            self.context.note("stage_made", "stage", was=stage.name)
            self.context.made("stage", stage.pk)

    def _is_new(self, text: str) -> bool:
        """Whether a word means an open stage that nobody has matched with one of ours."""
        match = of(self.context, Matches).find(What.STAGE, text)
        if match is not None and match.decision == Decision.USE:
            return match.target_id not in (*self.elsewhere, IS_WON, IS_LOST)
        return status_of(text) == DealStatus.OPEN or match is not None

    def place(self, text: str) -> tuple[DealStatus, Stage]:
        """What a word of the stage column says: open at a stage, or won or lost (at the last stage)."""
        if not text:
            return DealStatus.OPEN, self.stages[0]
        match = of(self.context, Matches).find(What.STAGE, text)
        target = match.target_id if match is not None and match.decision == Decision.USE else None
        if target in (IS_WON, IS_LOST):
            return DealStatus.WON if target == IS_WON else DealStatus.LOST, self.stages[-1]
        if target in self.elsewhere:
            return DealStatus.OPEN, self.elsewhere[target]
        status = status_of(text) if match is None else DealStatus.OPEN
        if status != DealStatus.OPEN:
            return status, self.stages[-1]
        found = next((stage for stage in self.stages if squeezed(stage.name) == squeezed(text)), None)
        if found is None:  # a cell corrected after the stages were made
            self.make_room([text])
            return self.place(text)
        return status, found

    def reason(self, text: str) -> LossReason:
        """The reason of a loss; deals lost without one, or with a text instead, share one that says where they come from."""
        match = of(self.context, Matches).find(What.LOSS_REASON, text) if text else None
        if match is not None and match.decision == Decision.USE:
            return self._known(match.target_id or 0)
        if match is not None and match.decision == Decision.MINE:
            text = ""
        elif not text:
            self.context.note("no_reason", "loss_reason", now=_("Imported"))
        name = text or _("Imported")
        if name not in self.reasons:
            self.reasons[name] = self._found_or_made(name)
        return self.reasons[name]

    def is_text(self, text: str) -> bool:
        """Whether the coordinator said that this reason is no reason of a list, to be kept as words."""
        match = of(self.context, Matches).find(What.LOSS_REASON, text) if text else None
        return match is not None and match.decision == Decision.MINE

    def _known(self, pk: int) -> LossReason:
        key = f"#{pk}"
        if key not in self.reasons:
            self.reasons[key] = LossReason.objects.get(pk=pk)
        return self.reasons[key]

    def _found_or_made(self, name: str) -> LossReason:
        last = LossReason.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        reason = references.loss_reason(name=name, by=self.context.by, at=self.context.at)
        if reason.pk > last:
            self.context.made("reason", reason.pk)
        return reason


def status_of(text: str) -> DealStatus:
    """What a word says about how a deal ended, by itself."""
    said = fold(text)
    return DealStatus.WON if said in WON else DealStatus.LOST if said in LOST else DealStatus.OPEN


def _place_in_funnel(name: str) -> int:
    said = fold(name)
    return next((place for place, word in enumerate(FUNNEL) if word in said), len(FUNNEL))
