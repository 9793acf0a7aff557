from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import NotAllowed
from discipline import regulation, signing
from discipline.models import SignOff
from discipline.services import schemes, sign_offs
from discipline.services.schemes import RuleSpec
from notifications.models import Message
from tests.factories.discipline import score_day
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(scored, clock, cast):
    """The second version, published on Tuesday at 10:00 and in force from Wednesday."""
    return schemes.change(scheme=scored, code="CV", threshold=8, by=cast.admin, at=clock.now)


def test_a_signature_keeps_name_text_hash_and_the_databases_moment(second, clock, cast):
    at = clock.set("2026-10-20 17:00")
    signed = sign_offs.sign(version=second, by=cast.manager, at=at)
    assert (signed.full_name, signed.signed_at) == (cast.manager.full_name, at)
    assert signed.text_hash == sign_offs.hash_of(signed.text)
    assert "Each day: at least 8." in signed.text


def test_the_first_signature_stays(second, clock, cast):
    first = sign_offs.sign(version=second, by=cast.manager, at=clock.now)
    clock.set("2026-10-20 17:00")
    assert sign_offs.sign(version=second, by=cast.manager, at=clock.now) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOff.objects.filter(pk=first.pk).update(full_name="Somebody else")


def test_signed_before_the_window_opens_a_day_posts_and_signed_after_it_does_not(second, clock, cast):
    clock.set("2026-10-20 18:00")
    sign_offs.sign(version=second, by=cast.manager, at=clock.now)
    clock.set("2026-10-20 18:00:01")
    sign_offs.sign(version=second, by=cast.teammate, at=clock.now)
    (in_time,), (late,) = score_day(cast.manager, "2026-10-21"), score_day(cast.teammate, "2026-10-21")
    assert (in_time.signed, late.signed) == (True, False)
    assert late.posted == 0
    assert score_day(cast.teammate, "2026-10-22")[0].signed


def test_a_draft_cannot_be_signed(scored, clock, cast):
    draft = schemes.draft(scheme=scored, by=cast.admin, at=clock.now)
    with pytest.raises(sign_offs.NotPublished):
        sign_offs.sign(version=draft, by=cast.manager, at=clock.now)


def test_what_was_not_read_is_not_signed(second, clock, cast):
    with pytest.raises(sign_offs.TextChanged):
        sign_offs.sign(version=second, by=cast.manager, at=clock.now, text_hash="0" * 64)


def test_who_is_not_scored_signs_nothing(second, clock, cast):
    for by in (cast.owner, cast.admin):
        with pytest.raises(NotAllowed):
            sign_offs.sign(version=second, by=by, at=clock.now)


def test_what_waits_is_what_the_next_windows_open_under(second, scored, clock, cast):
    later = schemes.change(scheme=scored, code="CV", threshold=9, on=date(2026, 11, 2), by=cast.admin, at=clock.now)
    assert signing.to_sign(cast.manager, clock.now) == [second, later]
    sign_offs.sign(version=second, by=cast.manager, at=clock.now)
    assert signing.to_sign(cast.manager, clock.now) == [later]
    assert signing.to_sign(cast.head, clock.now) == []


def test_a_version_that_another_replaced_before_it_began_need_not_be_signed(second, scored, clock, cast):
    third = schemes.change(scheme=scored, code="CV", threshold=9, by=cast.admin, at=clock.now)
    assert signing.to_sign(cast.manager, clock.now) == [third]


def test_a_head_sees_who_of_his_people_has_signed_and_the_coordinator_everybody(second, clock, cast):
    sign_offs.sign(version=second, by=cast.manager, at=clock.now)
    day = date(2026, 10, 20)
    of_head = signing.signers(second, cast.head, day)
    assert [one.user for one in of_head.signed] == [cast.manager]
    assert of_head.waiting == [cast.teammate]
    assert set(signing.signers(second, cast.admin, day).waiting) == {cast.teammate, cast.stranger}


@pytest.mark.parametrize("language", ["en", "pl", "es", "ru"])
def test_the_same_version_always_gives_the_same_text(second, clock, language):
    text = regulation.text(second, language=language)
    assert text == regulation.text(second, language=language)
    assert len(text.split("\n\n")) == 1 + 3 + second.rules.count() + 2


def test_the_text_says_what_each_rule_asks_and_gives(clock, cast):
    rules = [
        RuleSpec(code="A", metric="conversations", threshold=8, points_met=3, points_missed=5),
        RuleSpec(code="B", metric="overdue_tasks", comparison="le", threshold=0, when_nothing="met"),
        RuleSpec(code="C", metric="sum_won", period="week", by_plan=True),
        RuleSpec(code="D", metric="meetings_held", threshold=1, trial=True, label="Visits"),
        RuleSpec(code="E", metric="deals_in_progress", scored=False),
    ]
    version = schemes.publish(name="Field", rules=rules, by=cast.admin, at=clock.now)
    said = {article.code: article for article in regulation.articles(version) if article.code}
    assert said["A"].sentences[1:] == ["Each day: at least 8.", "Kept +3, missed −5."]
    assert said["B"].sentences[-1] == "With nothing to judge it counts as kept."
    assert said["C"].title == "Sum won (week)"
    assert said["C"].sentences[1] == "Each week: at least what your personal plan sets for that week."
    assert said["D"].title == "Visits"
    assert "without points" in said["D"].sentences[2]
    assert said["E"].sentences[1:] == ["It is shown on your card and gives no points."]
    points = next(one for one in regulation.articles(version) if one.title == "What points mean")
    assert points.sentences[1] == (
        "A day gives at most +4 and takes at most −7. The rules of the week add at most +1 and take at most −2."
    )


def test_everybody_is_told_once_of_a_version(second, clock, cast):
    make_user("Nina New", team=cast.team)
    assert sign_offs.ask_to_sign(version=second, at=clock.now) == 3
    assert Message.objects.filter(kind="rules_published").count() == 3
