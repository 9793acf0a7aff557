from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import Role
from accounts.refusals import NotAllowed
from discipline.models import Adjustment, AdjustmentKind, AdjustmentStatus, ControlSettings, LedgerEntry, Scorecard
from discipline.services import adjustments, days, ledger
from notifications.models import Message
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def card(scored, clock, cast):
    """The manager's Tuesday on which nothing was done: five rules missed, ten points below zero."""
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    clock.set("2026-10-21 10:00")
    return Scorecard.objects.get(user=cast.manager)


@pytest.fixture
def propose(card, clock):
    """The program proposes a correction of the card, or somebody when given."""

    def do(delta: int = 3, key: str = "a", **words):
        facts = {"kind": AdjustmentKind.LATE_CALLS, "text": "", "at": clock.now, **words}
        return adjustments.propose(card=card, delta=delta, key=key, **facts)

    return do


def line(card, code: str):
    return card.lines.get(code=code)


def test_an_approved_proposal_is_posted_and_the_card_stays(propose, card, cast, clock):
    adjustment = propose(line=line(card, "CV"))
    assert (adjustment.status, adjustment.proposed_by) == (AdjustmentStatus.PROPOSED, None)
    assert ledger.balance(cast.manager) == -10
    adjustments.decide(adjustment=adjustment, approve=True, by=cast.head, at=clock.now)
    entry = LedgerEntry.objects.get(adjustment=adjustment)
    assert (entry.key, entry.day, entry.points) == (f"adjustment:{adjustment.pk}", TUESDAY, 3)
    assert ledger.balance(cast.manager) == -7
    assert Scorecard.objects.get(pk=card.pk).points == -10
    assert ledger.unbalanced() == []
    assert ledger.verify() is None


def test_the_same_key_is_proposed_once(propose):
    assert propose() is not None
    assert propose() is None
    assert Adjustment.objects.count() == 1


def test_a_refusal_needs_words_and_posts_nothing(propose, cast, clock):
    adjustment = propose()
    with pytest.raises(adjustments.DecisionMissing):
        adjustments.decide(adjustment=adjustment, approve=False, by=cast.head, at=clock.now)
    adjustments.decide(adjustment=adjustment, approve=False, decision="Was private.", by=cast.head, at=clock.now)
    adjustment.refresh_from_db()
    assert (adjustment.status, adjustment.decision, adjustment.decided_by) == ("refused", "Was private.", cast.head)
    assert not LedgerEntry.objects.filter(kind="adjustment").exists()


def test_a_double_click_posts_once_and_another_word_is_refused(propose, cast, clock):
    adjustment = propose()
    for _click in range(2):
        adjustments.decide(adjustment=adjustment, approve=True, by=cast.head, at=clock.now)
    assert LedgerEntry.objects.filter(adjustment=adjustment).count() == 1
    with pytest.raises(adjustments.AlreadyDecided):
        adjustments.decide(adjustment=adjustment, approve=False, decision="No.", by=cast.head, at=clock.now)
    with pytest.raises(adjustments.AlreadyDecided):
        adjustments.decide(adjustment=adjustment, approve=True, by=cast.owner, at=clock.now)


@pytest.mark.parametrize("who", ["manager", "teammate", "stranger", "other_head", "admin"])
def test_only_who_leads_the_person_decides(propose, cast, clock, who):
    with pytest.raises(NotAllowed):
        adjustments.decide(adjustment=propose(), approve=True, by=getattr(cast, who), at=clock.now)


def test_nobody_decides_or_signs_his_own(propose, card, cast, clock):
    """A manager who has become head of his own team meets the policy, and below it the database."""
    adjustment = propose()
    cast.manager.role = Role.HEAD
    cast.manager.save()
    cast.team.head = cast.manager
    cast.team.save()
    with pytest.raises(NotAllowed):
        adjustments.decide(adjustment=adjustment, approve=True, by=cast.manager, at=clock.now)
    with pytest.raises(NotAllowed):
        propose(key="own", by=cast.manager, text="I was there.")
    for column, name in (("decided_by_id", "nobody_his_own"), ("signed_by_id", "signed_by_another")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE discipline_adjustment SET {column} = user_id")


def test_above_the_limit_the_owner_signs_before_it_is_posted(propose, cast, clock):
    adjustment = adjustments.decide(adjustment=propose(6), approve=True, by=cast.head, at=clock.now)
    assert adjustment.status == AdjustmentStatus.SIGNING
    assert ledger.balance(cast.manager) == -10
    assert Message.objects.filter(recipient=cast.owner, kind="adjustment_signing").count() == 1
    for who in (cast.head, cast.manager, cast.admin):
        with pytest.raises(NotAllowed):
            adjustments.sign(adjustment=adjustment, approve=True, by=who, at=clock.now)
    for _click in range(2):
        adjustments.sign(adjustment=adjustment, approve=True, by=cast.owner, at=clock.now)
    adjustment.refresh_from_db()
    assert (adjustment.status, adjustment.decided_by, adjustment.signed_by) == ("approved", cast.head, cast.owner)
    assert ledger.balance(cast.manager) == -4


def test_the_limit_is_the_companys(propose, cast, clock):
    ControlSettings.objects.create(pk=1, cosign_points=2)
    assert adjustments.decide(adjustment=propose(3), approve=True, by=cast.head, at=clock.now).status == "signing"


def test_the_owner_refuses_to_sign_and_both_reasons_stay(propose, cast, clock):
    adjustment = adjustments.decide(
        adjustment=propose(6), approve=True, decision="He was ill.", by=cast.head, at=clock.now
    )
    adjustments.sign(adjustment=adjustment, approve=False, decision="Where is the note?", by=cast.owner, at=clock.now)
    adjustment.refresh_from_db()
    assert (adjustment.status, adjustment.decision) == ("refused", "He was ill.\nWhere is the note?")
    assert ledger.balance(cast.manager) == -10


def test_an_owners_own_decision_is_his_signature_too(propose, cast, clock):
    adjustment = adjustments.decide(adjustment=propose(6), approve=True, by=cast.owner, at=clock.now)
    assert (adjustment.status, adjustment.signed_by) == (AdjustmentStatus.APPROVED, cast.owner)


def test_what_a_head_enters_himself_waits_for_the_owner_however_small(propose, cast, clock):
    manual = {"kind": AdjustmentKind.MANUAL, "by": cast.head}
    with pytest.raises(adjustments.ReasonMissing):
        propose(2, text=" ", **manual)
    adjustment = propose(2, text="Helped out at the fair.", **manual)
    assert (adjustment.status, adjustment.proposed_by, adjustment.decided_by) == ("signing", cast.head, cast.head)
    adjustments.sign(adjustment=adjustment, approve=True, by=cast.owner, at=clock.now)
    assert ledger.balance(cast.manager) == -8
    told = set(Message.objects.filter(kind="adjustment_decided").values_list("recipient", flat=True))
    assert told == {cast.manager.pk, cast.head.pk}


@pytest.mark.parametrize(("delta", "allowed"), [(17, True), (18, False), (-4, True), (-5, False), (0, False)])
def test_a_day_can_come_out_only_as_its_rules_could_have_made_it(propose, cast, delta, allowed):
    """Seven rules of +1 / -2, now at -10: from -14 to +7."""
    manual = {"kind": AdjustmentKind.MANUAL, "by": cast.head, "text": "So it was."}
    if allowed:
        assert propose(delta, **manual).delta == delta
    else:
        with pytest.raises((adjustments.OutOfBounds, adjustments.NoPoints)):
            propose(delta, **manual)


def test_corrections_of_one_line_together_stay_within_the_line(propose, card, cast, clock):
    calls = line(card, "CV")
    first, second = propose(3, line=calls), propose(2, key="b", line=calls)
    adjustments.decide(adjustment=first, approve=True, by=cast.head, at=clock.now)
    with pytest.raises(adjustments.OutOfBounds) as refused:
        adjustments.decide(adjustment=second, approve=True, by=cast.head, at=clock.now)
    assert "from −3 to 0" in str(refused.value.message)
    assert Adjustment.objects.get(pk=second.pk).status == AdjustmentStatus.PROPOSED


def test_a_day_on_trial_has_nothing_to_correct(clock, cast):
    from tests.factories.discipline import make_scored

    make_scored(cast, mode="trial")
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    card = Scorecard.objects.get(user=cast.manager)
    with pytest.raises(adjustments.NothingCounts):
        adjustments.propose(card=card, delta=1, kind="manual", text="Good.", key="x", by=cast.head, at=clock.now)


def test_whoever_is_concerned_is_told(propose, cast, clock):
    adjustment = propose()
    told = Message.objects.filter(kind="adjustment_proposed").values_list("recipient", "context__own")
    assert set(told) == {(cast.head.pk, False), (cast.manager.pk, True)}
    adjustments.decide(adjustment=adjustment, approve=True, by=cast.head, at=clock.now)
    message = Message.objects.get(kind="adjustment_decided")
    assert (message.recipient, message.context["delta"]) == (cast.manager, 3)


def test_a_head_without_a_team_above_is_decided_about_by_the_owner(clock, cast):
    from discipline.services.correction_news import leads

    lonely = make_user("Lena Lonely")
    assert leads(lonely, at=clock.now) == [cast.owner]
    assert leads(cast.manager, at=clock.now) == [cast.head]


@pytest.mark.parametrize(
    "statement", ["UPDATE discipline_adjustment SET delta = 9", "DELETE FROM discipline_adjustment"]
)
def test_the_database_keeps_what_was_proposed(propose, statement):
    propose()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_decided_is_final_for_the_database(propose, cast, clock):
    adjustments.decide(adjustment=propose(), approve=True, by=cast.head, at=clock.now)
    with pytest.raises(DatabaseError, match="final"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE discipline_adjustment SET status = 'refused'")
