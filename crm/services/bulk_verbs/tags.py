"""Tags put on many records, or taken off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.policy import scope
from accounts.refusals import Refused
from crm.models import BulkChange, Tag
from crm.services.bulk_verbs.base import MODELS, NOT_YOURS, SAME, Hand, Left, Rows, Verb, before_of, locked
from crm.services.bulk_verbs.edits import NEEDS

ADD, REMOVE = "add", "remove"


class TagsMissing(Refused):
    code = "tags_missing"
    field = "tags"
    message = _("Choose at least one tag.")


def prepare(hand: Hand) -> None:
    """`facts` hold the keys of the tags, and whether to "add" or to "remove" them."""
    tags = set(Tag.objects.filter(pk__in=hand.facts["tags"]).values_list("pk", flat=True))
    if not tags:
        raise TagsMissing
    hand.known["tags"] = tags


def rows(found: Rows, hand: Hand) -> Rows:
    links = _links(hand.noun).filter(**{f"{hand.noun}_id": OuterRef("pk"), "tag__in": hand.known["tags"]})
    return found.annotate(tagged=ArraySubquery(links.order_by().values("tag_id")))


def _links(noun: str) -> Any:
    model: Any = MODELS[noun]
    return model.tags.through._base_manager


def _moves(record: Any, hand: Hand) -> set[int]:
    """The tags that this record gets or loses."""
    there = set(record.tagged)
    return set(hand.known["tags"] - there if hand.facts["how"] == ADD else there)


def stays(record: Any, hand: Hand) -> Any:
    return None if _moves(record, hand) else SAME


def change(records: Sequence[Any], hand: Hand) -> dict[str, Any]:
    moves = {record.pk: _moves(record, hand) for record in records}
    _move(moves, hand, add=hand.facts["how"] == ADD)
    return {"was": {str(key): sorted(tags) for key, tags in moves.items()}}


def _move(moves: dict[int, set[int]], hand: Hand, *, add: bool) -> None:
    links = _links(hand.noun)
    pairs = [(key, tag) for key, tags in moves.items() for tag in tags]
    if add:
        made = [links.model(**{f"{hand.noun}_id": key, "tag_id": tag}) for key, tag in pairs]
        links.bulk_create(made, ignore_conflicts=True)
    else:
        gone = links.filter(**{f"{hand.noun}__in": moves}).values_list("pk", f"{hand.noun}_id", "tag_id")
        links.filter(pk__in=[pk for pk, key, tag in gone if tag in moves[key]]).delete()
    touched = MODELS[hand.noun]._base_manager.filter(pk__in=moves)
    touched.update(revision=F("revision") + 1, changed_by=hand.by)


def undo(change: BulkChange, keys: Sequence[int], hand: Hand) -> tuple[int, Left]:
    """Take off what was put on and put back what was taken off, on records still within reach."""
    was, left = before_of(change, keys), Left()
    prepare(hand)
    reach = scope(hand.by, NEEDS[hand.noun])
    found = locked(rows(MODELS[hand.noun]._base_manager.filter(reach, pk__in=was, deleted_at__isnull=True), hand))
    added = hand.facts["how"] == ADD
    moves = {}
    for record in found:
        there, kept = set(record.tagged), set(was[record.pk])
        moves[record.pk] = (kept & there) if added else (kept & hand.known["tags"]) - there
    left[NOT_YOURS] += len(was) - len(found)
    left[SAME] += sum(not tags for tags in moves.values())
    moves = {key: tags for key, tags in moves.items() if tags}
    _move(moves, hand, add=not added)
    return len(moves), left


TAG = Verb(key="tag", needs=NEEDS, prepare=prepare, rows=rows, stays=stays, change=change, undo=undo)
