"""Weak links: flagged by the rule alone, with the handbook's numbers; the deals behind each share; notes that become tasks."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from accounts.refusals import NotAllowed
from crm.models import Stage, Task
from reports import weak_links
from reports.models.visits import StageVisit
from reports.services import coaching
from reports.weak_links import Share, Verdict, below, verdict
from tests.budgets import assert_budget
from tests.factories.crm import make_deal, make_stage
from tests.factories.people import Cast, make_user
from tests.fixtures import Clock

REST = Share(40, 100)
SignIn = Callable[[User], Client]
SHELL = 2


@pytest.mark.parametrize(
    ("own", "rest", "said"),
    [
        ([Share(6, 25), Share(6, 25)], [REST, REST], Verdict.FEW),
        ([Share(12, 60), Share(12, 60)], [REST, REST], Verdict.WEAK),
        ([Share(12, 60), Share(24, 60)], [REST, REST], Verdict.ONCE),
        ([Share(12, 60), Share(2, 12)], [REST, REST], Verdict.ONCE),
        ([Share(24, 60), Share(12, 60)], [REST, REST], Verdict.FINE),
        ([Share(0, 19), Share(0, 19)], [REST, REST], Verdict.FEW),
        ([Share(0, 20), Share(0, 20)], [REST, REST], Verdict.WEAK),
        ([Share(0, 60), Share(0, 60)], [Share(8, 19), Share(8, 19)], Verdict.FEW),
        ([Share(), Share()], [Share(), Share()], Verdict.FEW),
        ([Share(30, 60), Share(30, 60)], [REST, REST], Verdict.FINE),
    ],
)
def test_only_what_is_sure_is_called_weak(own: list[Share], rest: list[Share], said: Verdict) -> None:
    assert verdict(own, rest) == said


def test_the_upper_bound_decides_and_not_the_share() -> None:
    near, far = Share(6, 25).bounds, Share(12, 60).bounds
    assert near is not None
    assert far is not None
    assert REST.rate is not None
    assert far.upper < REST.rate < near.upper
    assert not below(Share(6, 25), REST)
    assert below(Share(12, 60), REST)


def make_visits(
    person: User, stage: Stage, at: datetime, *, passed: int, tried: int, days: int = 10, ago: int = 30, **facts: object
) -> None:
    """So many stays of `days`, begun `ago` days before, of which the first ones moved on."""
    deal = make_deal(person, f"Deal of {person}", stage=stage)
    begun = at - timedelta(days=ago)
    place = StageVisit.objects.filter(deal=deal).count()
    StageVisit.objects.bulk_create(
        StageVisit(
            deal=deal, place=place + n, stage=stage, person=person, entered_at=begun, left_at=begun + timedelta(days=days),
            outcome="on" if n < passed else "lost", **facts,
        )
        for n in range(tried)
    )  # fmt: skip


@pytest.fixture
def stage(db: None) -> Stage:
    return make_stage("Offer")


def test_everybody_stands_beside_the_team_without_him(cast: Cast, stage: Stage, clock: Clock) -> None:
    for ago in (30, 120):
        make_visits(cast.manager, stage, clock.now, passed=12, tried=60, ago=ago)
        make_visits(cast.teammate, stage, clock.now, passed=40, tried=100, ago=ago)
        make_visits(cast.stranger, stage, clock.now, passed=100, tried=100, ago=ago)
    funnel = weak_links.read([cast.manager.pk, cast.teammate.pk], [stage.pk], clock.now)
    his, hers = (funnel.links[stage.pk, one.pk] for one in (cast.manager, cast.teammate))
    assert his.own == (Share(12, 60), Share(12, 60))
    assert his.rest == (REST, REST)
    assert his.verdict == Verdict.WEAK
    assert hers.rest == (Share(12, 60), Share(12, 60))
    assert hers.verdict == Verdict.FINE
    assert funnel.team[stage.pk] == Share(52, 160)


def test_deals_that_did_not_have_their_time_are_not_counted(cast: Cast, stage: Stage, clock: Clock) -> None:
    """Four of five deals leave after ten days at most: who came in five days ago may still move on."""
    make_visits(cast.manager, stage, clock.now, passed=8, tried=8, days=10, ago=50)
    make_visits(cast.manager, stage, clock.now, passed=0, tried=2, days=40, ago=50)
    still = {"left_at": None, "outcome": ""}
    for ago, counted in ((5, 10), (9, 10), (11, 11)):
        deal = make_deal(cast.manager, f"Still there {ago}", stage=stage)
        begun = clock.now - timedelta(days=ago)
        StageVisit.objects.create(deal=deal, place=0, stage=stage, person=cast.manager, entered_at=begun, **still)
        funnel = weak_links.read([cast.manager.pk], [stage.pk], clock.now)
        assert funnel.patience[stage.pk] == timedelta(days=10)
        assert funnel.team[stage.pk].tried == counted


def test_what_nobody_knows_the_beginning_of_and_what_was_deleted_does_not_count(
    cast: Cast, stage: Stage, clock: Clock
) -> None:
    make_visits(cast.manager, stage, clock.now, passed=5, tried=5)
    make_visits(cast.manager, stage, clock.now, passed=0, tried=5, known=False)
    StageVisit.objects.filter(known=True, place__lt=2).update(outcome="gone")
    assert weak_links.read([cast.manager.pk], [stage.pk], clock.now).team[stage.pk] == Share(3, 3)


def test_periods_follow_each_other(cast: Cast, stage: Stage, clock: Clock) -> None:
    """Ten days of patience and 90 of the period: the last one ends a hundred days ago."""
    for ago in (11, 99, 101, 189, 191):
        make_visits(cast.manager, stage, clock.now, passed=1, tried=1, days=10, ago=ago)
    link = weak_links.read([cast.manager.pk], [stage.pk], clock.now).links[stage.pk, cast.manager.pk]
    assert link.own == (Share(2, 2), Share(2, 2))


@pytest.mark.parametrize("who", ["head", "owner"])
def test_every_share_opens_the_deals_that_it_counts(
    cast: Cast, stage: Stage, sign_in: SignIn, clock: Clock, who: str
) -> None:
    now = datetime.now(tz=clock.now.tzinfo)
    for ago, passed in ((30, 12), (120, 9)):
        make_visits(cast.manager, stage, now, passed=passed, tried=60, ago=ago)
        make_visits(cast.teammate, stage, now, passed=40, tried=100, ago=ago)
    client = sign_in(getattr(cast, who))
    page = client.get(reverse("reports:weak-links"), {"team": cast.team.pk}).content.decode()
    shares = re.findall(r'href="(/weak-links/\d+/\d+/\?[^"]*)"[^>]*>(?:<b>[^<]*</b>|before) (\d+)/(\d+)<', page)
    assert len(shares) == 4
    assert ("12", "60") in {(passed, tried) for _url, passed, tried in shares}
    for url, passed, tried in shares:
        body = client.get(url.replace("&amp;", "&")).content.decode()
        assert f'data-count="{tried}"' in body
        assert body.count("is-good") == int(passed)
    assert "Worth a talk" in page
    assert ("Write a coaching note" in page) == (who == "head")


def test_nobody_reads_it_but_who_leads(cast: Cast, stage: Stage, sign_in: SignIn) -> None:
    url = reverse("reports:weak-links")
    assert sign_in(cast.manager).get(url).status_code == 404
    assert sign_in(cast.admin).get(url).status_code == 404
    client = sign_in(cast.other_head)
    assert client.get(url, {"team": cast.team.pk}).status_code == 404
    assert client.get(reverse("reports:weak-link", args=[cast.manager.pk, stage.pk])).status_code == 404


def test_a_team_without_deals_is_told_so(cast: Cast, stage: Stage, sign_in: SignIn) -> None:
    assert "There is not enough data yet" in sign_in(cast.head).get(reverse("reports:weak-links")).content.decode()
    lonely = make_user("Lena Lonely", Role.HEAD)
    assert "You lead no team yet." in sign_in(lonely).get(reverse("reports:weak-links")).content.decode()


@pytest.mark.parametrize(("whose", "owner"), [("mine", "head"), ("theirs", "manager")])
def test_a_note_becomes_a_task_with_the_figures(
    cast: Cast, stage: Stage, sign_in: SignIn, clock: Clock, whose: str, owner: str
) -> None:
    now = datetime.now(tz=clock.now.tzinfo)
    for ago in (30, 120):
        make_visits(cast.manager, stage, now, passed=12, tried=60, ago=ago)
        make_visits(cast.teammate, stage, now, passed=40, tried=100, ago=ago)
    client = sign_in(cast.head)
    url = reverse("reports:weak-link-note", args=[cast.manager.pk, stage.pk])
    asked = client.get(url).content.decode()
    assert "12/60 moved on, 20\u202f%" in asked
    note = "Offer: 12/60. What do we try?"
    sent = {"whose": whose, "title": "A talk about offers", "note": note, "due_when": "tomorrow_10"}
    assert client.post(url, sent).status_code == 302
    task = Task.objects.get()
    assert (task.owner, task.created_by, task.note) == (getattr(cast, owner), cast.head, note)
    assert not Task.objects.visible_to(cast.teammate).exists()
    assert not Task.objects.visible_to(cast.stranger).exists()


def test_a_note_is_about_ones_own_people_only(cast: Cast, clock: Clock) -> None:
    facts: dict[str, Any] = {
        "whose": "mine",
        "title": "A talk",
        "note": "Why",
        "due": clock.now + timedelta(days=1),
        "at": clock.now,
    }
    for person, by in ((cast.stranger, cast.head), (cast.head, cast.head), (cast.teammate, cast.manager)):
        with pytest.raises(NotAllowed):
            coaching.write(person=person, by=by, **facts)


def test_the_page_costs_few_statements_whatever_there_is(
    cast: Cast, stage: Stage, sign_in: SignIn, clock: Clock
) -> None:
    now = datetime.now(tz=clock.now.tzinfo)

    def fill(count: int) -> None:
        for n in range(count):
            make_visits(make_user(f"Person {n}", team=cast.team), stage, now, passed=2, tried=4)

    fill(1)
    assert_budget(sign_in(cast.head), reverse("reports:weak-links"), 3 + SHELL, lambda: fill(10))
