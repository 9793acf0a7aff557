"""Pairs of clients that may be the same: found, decided, and kept true when a client is merged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from crm.models import DuplicatePair, PairStatus
from crm.services.base import allow


@transaction.atomic
def part(*, pair: DuplicatePair, by: User, at: datetime) -> DuplicatePair:
    """Say that the two are not the same: they are not asked about again. One that is decided stays as it is."""
    allow(by, Permission.RECORD_MERGE, pair)
    pair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if pair.status == PairStatus.OPEN:
        pair.status, pair.decided_by, pair.decided_at = PairStatus.DIFFERENT, by, at
        pair.save(update_fields=["status", "decided_by", "decided_at"])
    return pair


@transaction.atomic
def ask_again(*, pair: DuplicatePair, by: User, at: datetime) -> DuplicatePair:
    """Take back that the two are not the same."""
    allow(by, Permission.RECORD_MERGE, pair)
    pair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if pair.status == PairStatus.DIFFERENT:
        _open([pair])
    return pair


def follow_merge(*, noun: str, survivor: int, merged: int, by: User, at: datetime) -> None:
    """The pair of the two is decided; what stood between the merged one and others stands between the survivor and them."""
    first, second = sorted((survivor, merged))
    DuplicatePair.objects.filter(noun=noun, first=first, second=second).update(
        status=PairStatus.MERGED, decided_by=by, decided_at=at
    )
    with_merged = DuplicatePair.objects.filter(Q(first=merged) | Q(second=merged), noun=noun)
    theirs = list(with_merged.exclude(first=first, second=second).exclude(status=PairStatus.MERGED).order_by("pk"))
    DuplicatePair.objects.bulk_create([_at(pair, survivor, merged) for pair in theirs], ignore_conflicts=True)
    apart = [_at(pair, survivor, merged) for pair in theirs if pair.status == PairStatus.DIFFERENT]
    for pair in apart:
        open_ = DuplicatePair.objects.filter(noun=noun, first=pair.first, second=pair.second, status=PairStatus.OPEN)
        open_.update(status=PairStatus.DIFFERENT, decided_by=pair.decided_by, decided_at=pair.decided_at)
    DuplicatePair.objects.filter(pk__in=[pair.pk for pair in theirs if pair.status == PairStatus.OPEN]).delete()


def follow_undo(*, noun: str, one: int, other: int) -> None:
    """Two that were merged and are apart again are asked about again."""
    first, second = sorted((one, other))
    _open(list(DuplicatePair.objects.filter(noun=noun, first=first, second=second, status=PairStatus.MERGED)))


def _open(pairs: list[DuplicatePair]) -> None:
    DuplicatePair.objects.filter(pk__in=[pair.pk for pair in pairs]).update(
        status=PairStatus.OPEN, decided_by=None, decided_at=None
    )
    for pair in pairs:
        pair.status, pair.decided_by, pair.decided_at = PairStatus.OPEN, None, None


def _at(pair: DuplicatePair, survivor: int, merged: int) -> DuplicatePair:
    """The same question about the survivor."""
    first, second = sorted((survivor, pair.second if pair.first == merged else pair.first))
    return DuplicatePair(
        noun=pair.noun, first=first, second=second, reasons=pair.reasons, score=pair.score, status=pair.status,
        found_at=pair.found_at, decided_by=pair.decided_by, decided_at=pair.decided_at,
    )  # fmt: skip
