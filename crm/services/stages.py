"""What a stage asks of a deal before it may stand there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.refusals import Refused
from crm import custom
from crm.models import Deal, Noun, Stage

MANY = frozenset({"contacts", "lines", "tags"})
LABELS = {"lines": gettext_lazy("products")}


class OtherPipeline(Refused):
    """A deal stays in its funnel."""

    code = "other_pipeline"
    field = "stage"
    message = gettext_lazy("This stage belongs to another pipeline. Choose a stage of the deal's own pipeline.")


class NoStages(Refused):
    """There is nothing yet that a deal could stand on."""

    code = "no_stages"
    field = "stage"
    message = gettext_lazy("There is no pipeline with stages yet. Ask your CRM coordinator to add one.")


class RequiredFieldsMissing(Refused):
    """The stage asks for fields that the deal has not; `fields` are their names."""

    code = "required_fields_missing"

    def __init__(self, fields: Sequence[str], stage: Stage) -> None:
        self.fields = list(fields)
        labels = [_label(name) for name in self.fields]
        said = {"fields": get_text_list(labels, _("and")), "stage": stage.name}
        super().__init__(_("Fill in %(fields)s first, then move the deal to %(stage)s.") % said, field=self.fields[0])


def _label(name: str) -> str:
    own = _own_fields().get(name)
    if own is not None:
        return own
    field: Any = Deal._meta.get_field(name)
    return str(LABELS.get(name) or field.verbose_name)


def _own_fields() -> dict[str, str]:
    """The deal's own fields in use, by the names under which a stage asks for them, with their labels."""
    return {custom.name_of(field): field.label for field in custom.fields_of(Noun.DEAL)}


def first() -> Stage:
    """Where a deal begins when nobody says: the first stage of the first pipeline."""
    stage = Stage.objects.first()
    if stage is None:
        raise NoStages
    return stage


def check_same_pipeline(deal: Deal, to: Stage) -> None:
    if to.pipeline_id != deal.stage.pipeline_id:
        raise OtherPipeline


def check_required(deal: Deal, stage: Stage, given: Collection[str] = ()) -> None:
    """Raise RequiredFieldsMissing unless the deal has every field that the stage asks for.

    `given` names relations that are about to be written with something in them. An own field that is no longer in use is not asked.
    """
    missing = [name for name in stage.required_fields if name not in given and not _filled(deal, name)]
    if missing:
        raise RequiredFieldsMissing(missing, stage)


def _filled(deal: Deal, name: str) -> bool:
    if key := custom.key_of(name):
        return key in deal.custom or name not in _own_fields()
    if name in MANY:
        return deal.pk is not None and getattr(deal, name).exists()
    value: Any = getattr(deal, name)
    return value is not None and value != ""
