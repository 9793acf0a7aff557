"""A scored day keeps what it saw, whoever becomes part of whom later; and no company counts as new twice."""

from datetime import date

import pytest

from crm.models import Activity, Task
from crm.services import activities, companies, contacts, merges, tasks
from discipline.evidence import described
from discipline.models import Finding, Scorecard, ScoreLine
from discipline.services import planner, verification
from tests.factories.discipline import score_day

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)
FULL = {
    "domain": "acme.example", "phone": "+48 22 555 01 97", "email": "info@acme.example", "address": "Długa 1",
    "city": "Łódź", "country": "Poland", "industry": "Food",
}  # fmt: skip


def merge(kept, gone, clock, by):
    noun = type(kept).__name__.lower()
    return merges.merge(noun=noun, survivor=kept.pk, merged=gone.pk, choices={}, by=by, at=clock.now)


def counted(card_or_user, day="2026-10-20"):
    """How many companies count on the day as it would be closed now."""
    (card,) = score_day(card_or_user, day)
    return next(int(line.value) for line in card.lines if line.rule.code == "CO")


@pytest.fixture
def worked(scored, clock, cast):
    """On Tuesday the manager adds a company, calls there, and lets a task of it lapse; then the day is closed."""
    by = cast.manager
    clock.set("2026-06-01 10:00")
    old = companies.add(by=by, at=clock.now, name="Acme", city="Łódź")
    clock.set("2026-10-20 09:00")
    new = companies.add(by=by, at=clock.now, name="Acme sp. z o.o.", overridden=True, **FULL)
    person = contacts.add(by=by, at=clock.now, name="Nadia Bauer", company=new)
    tasks.add(by=by, at=clock.now, title="Send the offer", due=clock.now.replace(hour=12), company=new)
    clock.set("2026-10-20 10:30")
    activities.log(
        by=by, at=clock.now, kind="call", occurred_at=clock.now, contact=person, result="reached", note="Talked."
    )
    planner.run(now=clock.set("2026-10-20 18:30"), since=TUESDAY)
    return old, new, person


def test_a_closed_day_comes_out_the_same_after_a_merge_and_after_its_undoing(worked, clock, cast):
    old, new, _person = worked
    card = Scorecard.objects.get(user=cast.manager, day=TUESDAY)
    figures = list(
        ScoreLine.objects.filter(card=card).order_by("position").values_list("code", "value", "points", "evidence")
    )
    clock.set("2026-10-21 09:00")
    done = merge(old, new, clock, cast.manager)
    assert Activity.objects.get().company == old
    assert Task.objects.get().company == old
    assert verification.run(now=clock.set("2026-10-21 09:30"), days_back=[TUESDAY]).cards == 3
    merges.undo(merge=done, by=cast.manager, at=clock.set("2026-10-21 10:00"))
    verification.run(now=clock.set("2026-10-21 10:30"), days_back=[TUESDAY])
    assert not Finding.objects.exists()
    again = ScoreLine.objects.filter(card=card).order_by("position")
    assert list(again.values_list("code", "value", "points", "evidence")) == figures


def test_the_evidence_of_a_closed_day_is_read_by_the_names_of_that_day(worked, clock, cast):
    old, new, person = worked
    clock.set("2026-10-21 09:00")
    twin = contacts.add(by=cast.manager, at=clock.now, name="N. Bauer", company=new, overridden=True)
    merge(old, new, clock, cast.manager)
    merge(twin, person, clock, cast.manager)
    card = Scorecard.objects.get(user=cast.manager, day=TUESDAY)
    labels = {}
    for line in ScoreLine.objects.filter(card=card, code__in=["CO", "CV", "OD"]):
        labels[line.code] = [item.label for item in described(line.evidence, as_of=card.horizon, reader=cast.manager)]
    assert labels["CO"] == ["Acme sp. z o.o."]
    assert labels["CV"] == ["Call: Nadia Bauer, Acme sp. z o.o."]
    assert "Send the offer" in labels["OD"]


def test_in_the_running_day_a_company_that_was_there_before_does_not_count(scored, clock, cast):
    by = cast.manager
    clock.set("2026-06-01 10:00")
    old = companies.add(by=by, at=clock.now, name="Acme", city="Łódź")
    clock.set("2026-10-20 09:00")
    new = companies.add(by=by, at=clock.now, name="Acme sp. z o.o.", overridden=True, **FULL)
    contacts.add(by=by, at=clock.now, name="Nadia Bauer", company=new)
    activities.log(by=by, at=clock.now, kind="call", occurred_at=clock.now, company=new, note="Talked.")
    assert counted(by) == 1
    clock.set("2026-10-20 11:00")
    done = merge(old, new, clock, by)
    assert counted(by) == 0, "it was credited when it first came in"
    merges.undo(merge=done, by=by, at=clock.set("2026-10-20 12:00"))
    assert counted(by) == 1


def test_in_the_running_day_two_of_the_same_count_once_and_the_first_one_keeps_its_credit(scored, clock, cast):
    clock.set("2026-10-20 09:00")
    first = companies.add(by=cast.manager, at=clock.now, name="Acme", **FULL)
    activities.log(by=cast.manager, at=clock.now, kind="call", occurred_at=clock.now, company=first, note="Talked.")
    clock.set("2026-10-20 09:30")
    second = companies.add(
        by=cast.teammate,
        at=clock.now,
        name="Acme Polska",
        overridden=True,
        **FULL | {"domain": "", "phone": "", "email": "x@other.example"},
    )
    activities.log(by=cast.teammate, at=clock.now, kind="call", occurred_at=clock.now, company=second, note="Talked.")
    before = counted(cast.manager), counted(cast.teammate)
    assert before == (1, 1)
    merge(first, second, clock, cast.head)
    assert (counted(cast.manager), counted(cast.teammate)) == (1, 0)
