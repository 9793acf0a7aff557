"""The owner's morning: seven figures, at most five exceptions, and the ledger's head."""

import pytest
from django.core import mail

from discipline.models import ClosingAttempt, LedgerEntry, LedgerHead, Scorecard, Verification
from discipline.services import ledger, planner
from tests.factories.crm import make_activity, make_contact

pytestmark = pytest.mark.django_db
KIND = "owner_morning"


@pytest.fixture
def closed(scored, cast, clock):
    """Monday and Tuesday are closed; the manager held a meeting on Tuesday."""
    make_activity(cast.manager, clock.now, kind="meeting", result="agreed", contact=make_contact(cast.manager))
    clock.set("2026-10-20 18:40")
    planner.run(now=clock.now, since=clock.set("2026-10-19 18:00").date())
    clock.set("2026-10-20 18:40")


@pytest.mark.parametrize(
    ("at", "number"),
    [
        ("2026-10-21 07:59", 0),
        ("2026-10-21 08:00", 1),
        ("2026-10-21 11:59", 1),
        ("2026-10-21 12:00", 0),
        ("2026-10-24 08:00", 0),
    ],
)
def test_it_comes_at_eight_on_working_days(closed, cast, run_at, told, at, number):
    run_at(at)
    assert len(told(cast.owner, KIND)) == number
    assert told(cast.admin, KIND) == []


def test_there_are_seven_figures_beside_those_of_the_day_before(closed, cast, run_at, told):
    run_at("2026-10-21 08:00")
    (message,) = told(cast.owner, KIND)
    figures = {one["label"]: (one["value"], one["before"]) for one in message.context["figures"]}
    assert len(figures) == 7
    assert figures["People scored"] == ("3", "3")
    assert figures["Meetings held"] == ("1", "0")
    points = sum(Scorecard.objects.filter(day="2026-10-20").values_list("points", flat=True))
    assert figures["Points"][0] == f"−{-points}"
    assert figures["Sum won"] == ("€0", "€0")


def test_the_plain_text_has_the_figures_and_the_seal(closed, cast, mail_at, settings):
    settings.LINKS_URL = "https://crm.example.com"
    mail_at("2026-10-21 08:00")
    letter = next(letter for letter in mail.outbox if letter.to == [cast.owner.email])
    head = LedgerHead.objects.get()
    assert "Tuesday 20 October:" in letter.body
    assert "Meetings held: 1 (the day before: 0)" in letter.body
    assert (
        f"The ledger of points as 20 October 2026 ended: {head.entries} entries, sealed with\n{head.hash}"
        in letter.body
    )
    assert head.hash in letter.alternatives[0][0]
    assert "2 people entered nothing: https://crm.example.com/team-day/" in letter.body


def test_the_head_is_that_of_the_days_end_and_fits_the_chain(closed, cast, run_at, told):
    run_at("2026-10-21 08:00")
    head = LedgerHead.objects.get()
    last = LedgerEntry.objects.order_by("-pk").first()
    assert (str(head.day), head.entry, head.entries, head.hash) == (
        "2026-10-20", last, LedgerEntry.objects.count(), last.hash,
    )  # fmt: skip
    assert told(cast.owner, KIND)[0].context["ledger"]["hash"] == last.hash
    assert ledger.verify() is None


def test_with_a_ledger_that_is_empty_the_morning_still_comes(cast, clock, mail_at):
    assert mail_at("2026-10-21 08:00") == 1
    assert "0 entries" in mail.outbox[0].body


def test_it_says_so_when_all_is_well(cast, mail_at):
    mail_at("2026-10-21 08:00")
    assert "No exceptions: everything goes as it should." in mail.outbox[0].body


def test_at_most_five_exceptions_stand_in_it_the_gravest_first(closed, cast, clock, run_at, told):
    Verification.objects.create(
        ran_at=clock.now, first="2026-10-01", last="2026-10-20", cards=3, entries=3, chain_whole=False
    )
    ClosingAttempt.objects.create(
        team=cast.team, day="2026-10-16", attempts=3, last_at=clock.now, dead_at=clock.now, error="x"
    )
    run_at("2026-10-20 10:00")
    run_at("2026-10-21 08:00")
    listed = [one["text"] for one in told(cast.owner, KIND)[-1].context["exceptions"]]
    assert listed[:2] == ["The chain of the ledger is broken", "1 day could not be closed"]
    assert "2 people entered nothing" in listed
    assert len(listed) <= 5


def test_heads_who_did_not_review_though_told_are_named(closed, cast, run_at, told):
    run_at("2026-10-21 08:00")
    assert not [one for one in told(cast.owner, KIND)[0].context["exceptions"] if "Hanna" in one["text"]]
    run_at("2026-10-21 10:00")
    run_at("2026-10-22 08:00")
    listed = [one["text"] for one in told(cast.owner, KIND)[-1].context["exceptions"]]
    assert "Hanna Head was told of 4 cards and has not reviewed them" in listed


def test_nobodys_points_are_in_it_by_name(closed, cast, mail_at):
    mail_at("2026-10-21 08:00")
    letter = next(letter for letter in mail.outbox if letter.to == [cast.owner.email])
    for person in (cast.manager, cast.teammate, cast.stranger):
        assert person.full_name not in letter.body + letter.alternatives[0][0]


def test_its_links_open_for_the_owner(closed, cast, clock, run_at, told, sign_in):
    ClosingAttempt.objects.create(team=cast.team, day="2026-10-16", attempts=3, last_at=clock.now, dead_at=clock.now)
    run_at("2026-10-21 08:00")
    (message,) = told(cast.owner, KIND)
    for path in [message.url, *(one["url"] for one in message.context["exceptions"])]:
        assert sign_in(cast.owner).get(path).status_code == 200, path
