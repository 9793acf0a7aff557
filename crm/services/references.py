"""What deals choose from, as an import brings it: products, stages, reasons of a loss. By hand they are kept in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from crm.folding import fold
from crm.models import CompanySettings, LossReason, Pipeline, Product, Stage, StageColour
from crm.services.base import allow, check_filled
from crm.services.text import cleaned

NAMELESS = _("Give the product a name.")
COLOURS = (StageColour.GREY, StageColour.BLUE, StageColour.VIOLET, StageColour.ORANGE)


def product(*, home: CompanySettings, name: str, **facts: Any) -> Product:
    """A product to be added. Raises Refused with the field that it belongs to."""
    words = cleaned(Product, {"currency": home.currency, "name": name, **facts})
    check_filled(words["name"], NAMELESS, field="name")
    return Product(name_key=fold(words["name"]), **words)


@transaction.atomic
def add_products(*, by: User, at: datetime, drafts: Sequence[Product]) -> None:
    allow(by, Permission.IMPORT_RUN)
    Product.objects.bulk_create(drafts, batch_size=1000)


@transaction.atomic
def pipeline(*, by: User, at: datetime) -> Pipeline:
    """The pipeline that deals go into when nothing says which: the first, made when there is none."""
    allow(by, Permission.IMPORT_RUN)
    return Pipeline.objects.first() or Pipeline.objects.create(name=gettext("Sales"))


@transaction.atomic
def add_stages(*, to: Pipeline, names: Sequence[str], by: User, at: datetime) -> list[Stage]:
    """Put stages behind those of a pipeline, in order; their probability is left at nothing, for the coordinator to set."""
    allow(by, Permission.IMPORT_RUN)
    locked = Pipeline.objects.select_for_update().get(pk=to.pk)
    last = locked.stages.aggregate(last=Max("position"))["last"]
    begin = 0 if last is None else last + 1
    return Stage.objects.bulk_create(
        Stage(
            pipeline=locked,
            position=begin + place,
            colour=COLOURS[(begin + place) % len(COLOURS)],
            **cleaned(Stage, {"name": name}),
        )
        for place, name in enumerate(names)
    )


@transaction.atomic
def loss_reason(*, name: str, by: User, at: datetime) -> LossReason:
    """The reason of that name, added behind the others when it is not there yet."""
    allow(by, Permission.IMPORT_RUN)
    there = next((reason for reason in LossReason.objects.all() if fold(reason.name) == fold(name)), None)
    last = LossReason.objects.aggregate(last=Max("position"))["last"] or 0
    return there or LossReason.objects.create(position=last + 1, **cleaned(LossReason, {"name": name}))
