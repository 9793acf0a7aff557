"""One field of many records gets one value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import Use, fields, scope
from accounts.refusals import NotAllowed, Refused
from crm import custom
from crm.models import BulkChange, CompanySettings, Deal, DealStatus, Employment, Stage
from crm.services import many
from crm.services.bulk_verbs.base import (
    GONE,
    MODELS,
    NOT_YOURS,
    SAME,
    TOUCHED,
    Hand,
    Left,
    Rows,
    Verb,
    before_of,
    locked,
    written,
)
from crm.services.stages import MANY, RequiredFieldsMissing, check_required
from crm.services.text import cleaned

FIELDS: dict[str, tuple[str, ...]] = {
    "company": ("industry", "city", "country"),
    "contact": ("title", "city"),
    "deal": ("stage", "expected_close"),
}
CLOSED = _("already won or lost")
OTHER_PIPELINE = _("in another pipeline")
NEEDS = {"company": Permission.COMPANY_EDIT, "contact": Permission.CONTACT_EDIT, "deal": Permission.DEAL_EDIT}


class NoSuchField(Refused):
    code = "no_such_field"
    field = "field"
    message = _("This field cannot be changed for many at once. Choose another one.")


class StageGone(Refused):
    """Somebody took the stage out of the settings since."""

    code = "stage_gone"
    field = "value"
    message = _("This stage is there no more. Choose another one.")


def prepare(hand: Hand) -> None:
    """Fit the value for its column; `facts` are the field's name and the value in plain form (a date in ISO form, a stage by its key)."""
    name, value = hand.facts["field"], hand.facts["value"]
    own = custom.key_of(name)
    if not own and name not in FIELDS[hand.noun]:
        raise NoSuchField
    if ("custom" if own else name) not in fields(hand.by, MODELS[hand.noun], Use.WRITE):
        raise NotAllowed
    hand.known.update(
        {"name": name, "own": own, "home": CompanySettings.current(), "value": _fit(hand, name, own, value)}
    )


def _fit(hand: Hand, name: str, own: str, value: Any) -> Any:
    if own:
        return custom.clean(hand.noun, {own: value}, hand.by)[own]
    if name == "stage":
        stage = Stage.objects.select_related("pipeline").filter(pk=value).first()
        if stage is None:
            raise StageGone
        return stage
    if name == "expected_close":
        return date.fromisoformat(value) if value else None
    return cleaned(MODELS[hand.noun], {name: value or ""})[name]


def rows(found: Rows, hand: Hand) -> Rows:
    if hand.noun == "contact":
        return found.select_related("company").prefetch_related("emails")
    if hand.noun != "deal":
        return found
    there = {f"has_{name}": Exists(_related(name).filter(deal=OuterRef("pk"))) for name in sorted(MANY)}
    return found.select_related("company", "stage").annotate(**there)


def _related(name: str) -> Any:
    relation: Any = getattr(Deal, name)
    return (relation.rel.related_model if name == "lines" else relation.through)._base_manager


def stays(record: Any, hand: Hand) -> Any:
    if _now(record, hand) == hand.known["value"]:
        return SAME
    if hand.known["name"] != "stage":
        return None
    stage: Stage = hand.known["value"]
    if record.status != DealStatus.OPEN:
        return CLOSED
    if record.stage.pipeline_id != stage.pipeline_id:
        return OTHER_PIPELINE
    try:
        check_required(record, stage, {name for name in MANY if getattr(record, f"has_{name}")} or ())
    except RequiredFieldsMissing as missing:
        return missing.message
    return None


def _now(record: Any, hand: Hand) -> Any:
    own = hand.known["own"]
    return record.custom.get(own) if own else getattr(record, hand.known["name"])


def change(records: Sequence[Any], hand: Hand) -> dict[str, Any]:
    was = {str(record.pk): _plain(_now(record, hand)) for record in records}
    _set(records, [hand.known["value"]] * len(records), hand)
    return {"was": was}


def _set(records: Sequence[Any], values: Sequence[Any], hand: Hand) -> None:
    """Give each record its value, with the columns that follow from it."""
    name, own = hand.known["name"], hand.known["own"]
    names = {"custom"} if own else set()
    for record, value in zip(records, values, strict=True):
        if own:
            record.custom = custom.merged(record.custom, {own: value})
        else:
            names |= many.amend(record, by=hand.by, home=hand.known["home"], changes={name: value})
    written(records, names, hand.by)
    if hand.noun == "contact" and name == "title":
        _rename(records)


def _rename(contacts: Sequence[Any]) -> None:
    """The position stands in the present employment as well."""
    titles = {contact.pk: contact.title for contact in contacts}
    present = list(Employment.objects.filter(contact__in=titles, ends_on__isnull=True))
    for one in present:
        one.title = titles[one.contact_id]
    Employment.objects.bulk_update(present, ["title"], batch_size=1000)


def _plain(value: Any) -> Any:
    if isinstance(value, Stage):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def undo(change: BulkChange, keys: Sequence[int], hand: Hand) -> tuple[int, Left]:
    """Put the old value back where the one that was set still stands and the record is still within reach."""
    prepare(hand)
    was, left = before_of(change, keys), Left()
    reach = scope(hand.by, NEEDS[hand.noun])
    manager = MODELS[hand.noun]._base_manager
    found = locked(rows(manager.filter(reach, pk__in=was, deleted_at__isnull=True), hand))
    there = set(manager.filter(pk__in=was, deleted_at__isnull=True).values_list("pk", flat=True))
    left[GONE] += len(was) - len(there)
    left[NOT_YOURS] += len(there) - len(found)
    old = {stage.pk: stage for stage in Stage.objects.all()} if hand.known["name"] == "stage" else {}
    same = [record for record in found if _now(record, hand) == hand.known["value"]]
    back = [record for record in same if _may_return(record, was[record.pk], hand, old)]
    left[TOUCHED] += len(found) - len(back)
    _set(back, [_revived(was[record.pk], hand, old) for record in back], hand)
    return len(back), left


def _may_return(record: Any, value: Any, hand: Hand, stages: dict[int, Stage]) -> bool:
    """A deal goes back while it is open, to a stage that is still there."""
    return hand.known["name"] != "stage" or (record.status == DealStatus.OPEN and value in stages)


def _revived(value: Any, hand: Hand, stages: dict[int, Stage]) -> Any:
    if hand.known["name"] == "stage":
        return stages[value]
    return date.fromisoformat(value) if hand.known["name"] == "expected_close" and value else value


EDIT = Verb(key="edit", needs=NEEDS, prepare=prepare, rows=rows, stays=stays, change=change, undo=undo)
