from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.refusals import NotAllowed
from discipline.models import Appeal, ControlSettings, LedgerEntry, Scorecard
from discipline.services import adjustments, appeals, days, ledger
from notifications.models import Message
from tests.factories.crm import make_activity
from tests.factories.discipline import make_scored

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)
TEXT = "I called from my own phone."


@pytest.fixture
def card(scored, clock, cast):
    """The manager's Tuesday on which he only held a meeting."""
    clock.set("2026-10-20 11:00")
    make_activity(cast.manager, clock.now, kind="meeting", result="agreed")
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    clock.set("2026-10-21 10:00")
    return Scorecard.objects.get(user=cast.manager)


@pytest.fixture
def appeal(card, cast, clock):
    return appeals.open(line=card.lines.get(code="CV"), text=TEXT, by=cast.manager, at=clock.now)


def test_an_appeal_waits_for_the_head_who_is_told(appeal, cast):
    assert (appeal.status, appeal.user, appeal.text) == ("open", cast.manager, TEXT)
    assert Message.objects.get(kind="appeal_opened").recipient == cast.head


def test_accepted_it_gives_back_what_the_line_could_give(appeal, cast, clock):
    before = ledger.balance(cast.manager)
    for _click in range(2):
        appeals.decide(appeal=appeal, accept=True, answer="Seen in the phone.", by=cast.head, at=clock.now)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.decided_by, appeal.adjustment.delta) == ("accepted", cast.head, 3)
    assert ledger.balance(cast.manager) == before + 3
    assert LedgerEntry.objects.filter(kind="adjustment").count() == 1
    assert Message.objects.get(kind="appeal_decided").context["delta"] == 3
    assert not Message.objects.filter(kind="adjustment_decided").exists(), "told once"


def test_a_line_that_did_not_apply_gives_what_keeping_it_gives(card, cast, clock):
    appeal = appeals.open(line=card.lines.get(code="OD"), text=TEXT, by=cast.manager, at=clock.now)
    appeals.decide(appeal=appeal, accept=True, answer="Yes.", by=cast.head, at=clock.now)
    assert Appeal.objects.get().adjustment.delta == 1


def test_the_head_may_give_less_or_nothing_but_takes_nothing(appeal, card, cast, clock):
    with pytest.raises(appeals.OnlyGives):
        appeals.decide(appeal=appeal, accept=True, answer="Hm.", delta=-1, by=cast.head, at=clock.now)
    with pytest.raises(adjustments.OutOfBounds):
        appeals.decide(appeal=appeal, accept=True, answer="Much.", delta=4, by=cast.head, at=clock.now)
    appeals.decide(appeal=appeal, accept=True, answer="Half.", delta=2, by=cast.head, at=clock.now)
    assert Appeal.objects.get().adjustment.delta == 2
    words = appeals.open(line=card.lines.get(code="CO"), text=TEXT, by=cast.manager, at=clock.now)
    appeals.decide(appeal=words, accept=True, answer="True, but no points.", delta=0, by=cast.head, at=clock.now)
    assert Appeal.objects.get(pk=words.pk).adjustment is None


def test_refused_with_an_answer_nothing_is_posted(appeal, cast, clock):
    with pytest.raises(appeals.AnswerMissing):
        appeals.decide(appeal=appeal, accept=False, answer=" ", by=cast.head, at=clock.now)
    appeals.decide(appeal=appeal, accept=False, answer="No call to be seen.", by=cast.head, at=clock.now)
    assert not LedgerEntry.objects.filter(kind="adjustment").exists()
    with pytest.raises(appeals.AlreadyDecided):
        appeals.decide(appeal=appeal, accept=True, answer="After all.", by=cast.head, at=clock.now)


@pytest.mark.parametrize("who", ["manager", "teammate", "stranger", "other_head", "admin"])
def test_only_who_leads_the_person_answers(appeal, cast, clock, who):
    with pytest.raises(NotAllowed):
        appeals.decide(appeal=appeal, accept=True, answer="Yes.", by=getattr(cast, who), at=clock.now)


def test_the_database_lets_nobody_answer_his_own(appeal):
    with pytest.raises(IntegrityError, match="nobody_his_own"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE discipline_appeal SET decided_by_id = user_id")


@pytest.mark.parametrize("who", ["teammate", "head", "stranger", "owner"])
def test_appeals_are_against_ones_own_lines(card, cast, clock, who):
    with pytest.raises(NotAllowed):
        appeals.open(line=card.lines.get(code="CV"), text=TEXT, by=getattr(cast, who), at=clock.now)


def test_one_appeal_a_line_with_words_against_something_to_win(appeal, card, cast, clock):
    with pytest.raises(appeals.AlreadyAppealed):
        appeals.open(line=appeal.line, text="Again.", by=cast.manager, at=clock.now)
    with pytest.raises(appeals.TextMissing):
        appeals.open(line=card.lines.get(code="CO"), text="  ", by=cast.manager, at=clock.now)
    with pytest.raises(appeals.NothingToAppeal):
        appeals.open(line=card.lines.get(code="MT"), text=TEXT, by=cast.manager, at=clock.now)


@pytest.mark.parametrize(
    ("at", "in_time"), [("2026-10-27 23:59", True), ("2026-10-28 00:00", False), ("2026-11-20 10:00", False)]
)
def test_after_five_workdays_it_is_too_late(card, cast, clock, at, in_time):
    """Tuesday's card: Wednesday, Thursday, Friday, Monday, Tuesday."""
    clock.set(at)
    if in_time:
        assert appeals.open(line=card.lines.get(code="CV"), text=TEXT, by=cast.manager, at=clock.now)
    else:
        with pytest.raises(appeals.TooLate, match="27 October 2026"):
            appeals.open(line=card.lines.get(code="CV"), text=TEXT, by=cast.manager, at=clock.now)


def test_the_number_of_days_is_the_companys(card):
    ControlSettings.objects.create(pk=1, appeal_days=1)
    assert appeals.last_day(card) == date(2026, 10, 21)


def test_above_the_limit_an_accepted_appeal_waits_for_the_owner(appeal, cast, clock):
    ControlSettings.objects.create(pk=1, cosign_points=2)
    before = ledger.balance(cast.manager)
    appeals.decide(appeal=appeal, accept=True, answer="Seen.", by=cast.head, at=clock.now)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.adjustment.status) == ("accepted", "signing")
    assert ledger.balance(cast.manager) == before
    adjustments.sign(adjustment=appeal.adjustment, approve=True, by=cast.owner, at=clock.now)
    assert ledger.balance(cast.manager) == before + 3


def test_an_owner_who_does_not_sign_ends_the_appeal(appeal, cast, clock):
    ControlSettings.objects.create(pk=1, cosign_points=2)
    appeals.decide(appeal=appeal, accept=True, answer="Seen.", by=cast.head, at=clock.now)
    appeal.refresh_from_db()
    adjustments.sign(adjustment=appeal.adjustment, approve=False, decision="No proof.", by=cast.owner, at=clock.now)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.answer) == ("refused", "Seen.")
    with pytest.raises(DatabaseError, match="final"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE discipline_appeal SET status = 'accepted'")


def test_on_trial_an_appeal_is_answered_without_points(clock, cast):
    make_scored(cast, mode="trial")
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    line = Scorecard.objects.get(user=cast.manager).lines.get(code="CV")
    appeal = appeals.open(line=line, text=TEXT, by=cast.manager, at=clock.now)
    appeals.decide(appeal=appeal, accept=True, answer="You are right.", by=cast.head, at=clock.now)
    assert Appeal.objects.get().adjustment is None


def test_in_the_soft_start_a_missed_line_gives_only_what_keeping_it_gives(clock, cast):
    make_scored(cast, mode="soft")
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    assert appeals.worth(Scorecard.objects.get(user=cast.manager).lines.get(code="CV")) == 1
