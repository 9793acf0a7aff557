"""Marking a card as reviewed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.refusals import NotAllowed
from discipline.models import CardReview, Scheme, Scorecard
from discipline.services import days, reviews
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def card(scored: Scheme, clock: Clock, cast: Cast) -> Scorecard:
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    clock.set("2026-10-21 08:00")
    return Scorecard.objects.get(user=cast.manager)


def test_a_review_keeps_when_it_began_and_the_database_stamps_when_it_ended(
    card: Scorecard, clock: Clock, cast: Cast
) -> None:
    opened = clock.now - timedelta(seconds=40)
    made = reviews.review(card=card, by=cast.head, at=clock.now, opened_at=opened, note=" Talk about it. ")
    assert (made.opened_at, made.reviewed_at, made.note) == (opened, clock.now, "Talk about it.")


def test_reviewing_again_changes_nothing(card: Scorecard, clock: Clock, cast: Cast) -> None:
    first = reviews.review(card=card, by=cast.head, at=clock.now, opened_at=clock.now, note="Once")
    clock.set("2026-10-21 09:00")
    assert reviews.review(card=card, by=cast.head, at=clock.now, opened_at=clock.now) == first
    assert reviews.review(card=card, by=cast.head, at=clock.now, opened_at=clock.now, note="Once") == first
    with pytest.raises(reviews.AlreadyReviewed):
        reviews.review(card=card, by=cast.head, at=clock.now, opened_at=clock.now, note="Another word")
    assert CardReview.objects.get().reviewed_at == first.reviewed_at


@pytest.mark.parametrize("ago", [timedelta(hours=13), timedelta(seconds=-1)])
def test_what_was_not_looked_at_is_not_reviewed(card: Scorecard, clock: Clock, cast: Cast, ago: timedelta) -> None:
    with pytest.raises(reviews.NotOpened):
        reviews.review(card=card, by=cast.head, at=clock.now, opened_at=clock.now - ago)
    assert not CardReview.objects.exists()


@pytest.mark.parametrize("who", ["manager", "teammate", "stranger", "other_head", "owner", "admin"])
def test_only_a_head_of_the_person_reviews(card: Scorecard, clock: Clock, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        reviews.review(card=card, by=getattr(cast, who), at=clock.now, opened_at=clock.now)
    assert not CardReview.objects.exists()


def test_a_review_is_never_changed_or_deleted(card: Scorecard, clock: Clock, cast: Cast) -> None:
    reviews.review(card=card, by=cast.head, at=clock.now, opened_at=clock.now)
    for change in (lambda rows: rows.update(note="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(CardReview.objects.all())
