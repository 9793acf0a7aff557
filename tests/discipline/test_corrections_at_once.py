"""Deciding with real connections at the same time."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.refusals import Refused
from discipline import proposals
from discipline.models import Adjustment, AdjustmentKind, Appeal, LedgerEntry, Scorecard
from discipline.services import adjustments, appeals, days, ledger
from tests.discipline.test_concurrency import show
from tests.factories.crm import make_activity, make_contact
from tests.factories.discipline import make_assignment, make_policy, make_scheme
from tests.factories.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = date(2026, 10, 20)
MORNING = datetime(2026, 10, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def cast(real_commits):
    """Everybody, the day after a Tuesday on which nothing was done."""
    show("2026-01-04 10:00+02")
    cast = make_cast()
    scheme = make_scheme(cast.admin)
    make_policy(cast.team, cast.admin)
    make_assignment(cast.manager, cast.team, scheme, cast.admin)
    show("2026-10-20 18:30+02")
    days.close(team=cast.team, day=TUESDAY, at=datetime(2026, 10, 20, 16, 30, tzinfo=UTC))
    show("2026-10-21 10:00+02")
    return cast


@pytest.fixture
def card(cast) -> Scorecard:
    return Scorecard.objects.get()


def at_once(*works: Callable[[], object]) -> list[object]:
    """Let all begin together, each on a connection of its own; what each gave, or was refused with."""
    together, results = Barrier(len(works)), [None] * len(works)

    def one(place: int, work: Callable[[], object]) -> None:
        try:
            together.wait()
            results[place] = work()
        except Refused as refusal:
            results[place] = type(refusal)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def propose(card, key: str, delta: int = 3) -> Adjustment:
    line = card.lines.get(code="CV")
    made = adjustments.propose(
        card=card, delta=delta, kind=AdjustmentKind.LATE_CALLS, text="", key=key, line=line, at=MORNING
    )
    assert made is not None
    return made


def test_two_deciders_at_once_one_wins_and_it_is_posted_once(cast, card):
    made = propose(card, "a")

    def decide(by, approve: bool) -> Callable[[], object]:
        return lambda: adjustments.decide(adjustment=made, approve=approve, decision="No.", by=by, at=MORNING)

    results = at_once(decide(cast.head, True), decide(cast.owner, False))
    assert results.count(adjustments.AlreadyDecided) == 1
    made.refresh_from_db()
    posted = LedgerEntry.objects.filter(adjustment=made).count()
    assert posted == (1 if made.status == "approved" else 0)
    assert ledger.unbalanced() == []


def test_a_button_pressed_ten_times_posts_once(cast, card):
    made = propose(card, "a")
    press = [lambda: adjustments.decide(adjustment=made, approve=True, by=cast.head, at=MORNING)] * 10
    assert adjustments.AlreadyDecided not in at_once(*press)
    assert LedgerEntry.objects.filter(adjustment=made).count() == 1
    assert ledger.verify() is None


def test_two_corrections_of_one_line_approved_at_once_do_not_both_go_through(cast, card):
    made = [propose(card, key) for key in "ab"]
    works = [
        lambda one=one, by=by: adjustments.decide(adjustment=one, approve=True, by=by, at=MORNING)
        for one, by in zip(made, (cast.head, cast.owner), strict=True)
    ]
    assert at_once(*works).count(adjustments.OutOfBounds) == 1
    assert ledger.balance(cast.manager) == -7


def test_an_appeal_sent_twice_at_once_is_there_once(cast, card):
    line = card.lines.get(code="CV")
    works = [lambda: appeals.open(line=line, text="I called.", by=cast.manager, at=MORNING)] * 2
    assert at_once(*works).count(appeals.AlreadyAppealed) == 1
    assert Appeal.objects.count() == 1


def test_two_runs_of_the_proposals_at_once_propose_once(cast, card):
    for minute in range(5):
        contact = make_contact(cast.manager, str(minute))
        ended = datetime(2026, 10, 20, 9, minute + 5, tzinfo=UTC)
        make_activity(cast.manager, ended, contact=contact, source="telephony", seconds=60)
    at_once(*[lambda: proposals.run(now=MORNING)] * 2)
    assert list(Adjustment.objects.values_list("kind", "delta")) == [("late_calls", 3)]
