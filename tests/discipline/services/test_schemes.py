from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts.refusals import NotAllowed, Refused
from crm.models import Pipeline
from discipline import differences, ruleset
from discipline.metrics.parameters import BadParameter
from discipline.models import Period, Scheme, SchemeVersion
from discipline.ruleset import RuleSpec
from discipline.services import rules, schemes
from notifications.models import Message
from tests.factories.discipline import make_scheme, score_day

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2026, 10, 21)
CALLS = RuleSpec(code="CV", metric="conversations", threshold=8)


@pytest.fixture
def draft(scored, clock, cast):
    """The draft of the second version of the rules that everybody is scored by."""
    return schemes.draft(scheme=scored, by=cast.admin, at=clock.now)


@pytest.fixture
def write(clock, cast):
    """Do something as the coordinator, now."""
    return lambda verb, **facts: verb(by=cast.admin, at=clock.now, **facts)


def codes(version):
    return [rule.code for rule in version.rules.all()]


def test_a_draft_begins_as_a_copy_of_what_was_published_last_and_there_is_one(draft, scored, write):
    assert (draft.number, draft.published_at) == (2, None)
    assert codes(draft) == ["CO", "MT", "CV", "WN", "OD", "NT", "TE"]
    assert write(schemes.draft, scheme=scored) == draft


def test_a_draft_holds_nowhere_until_it_is_published(draft, cast, write):
    write(rules.edit, version=draft, code="CV", rule=CALLS)
    (card,) = score_day(cast.manager, "2026-10-21")
    assert card.version.number == 1


def test_a_published_draft_begins_tomorrow_and_asks_everybody_it_scores_to_sign(draft, cast, write):
    write(rules.edit, version=draft, code="CV", rule=CALLS)
    version = write(schemes.publish_draft, version=draft)
    assert (version.number, version.effective_from, version.published_by) == (2, WEDNESDAY, cast.admin)
    (card,) = score_day(cast.manager, "2026-10-21")
    assert card.version == version
    told = Message.objects.filter(kind="rules_published")
    assert set(told.values_list("recipient", flat=True)) == {cast.manager.pk, cast.teammate.pk, cast.stranger.pk}
    assert told[0].url == f"/rules/?version={version.pk}"


def test_who_has_not_signed_the_new_version_before_the_window_opens_is_shown_his_points_and_posts_none(
    draft, cast, write
):
    write(schemes.publish_draft, version=draft)
    (card,) = score_day(cast.manager, "2026-10-21")
    assert not card.signed
    assert card.points != 0
    assert card.posted == 0


def test_rules_can_be_added_moved_and_taken_out(draft, write):
    write(rules.add, version=draft, rule=RuleSpec(code="LO", metric="deals_lost", comparison="le", threshold=1))
    write(rules.move, version=draft, code="LO", down=-3)
    write(rules.move, version=draft, code="CO", down=-1)
    write(rules.remove, version=draft, code="MT")
    assert codes(draft) == ["CO", "CV", "WN", "LO", "OD", "NT", "TE"]


def test_a_rule_that_somebody_took_out_meanwhile_is_not_changed(draft, write):
    write(rules.remove, version=draft, code="CV")
    for attempt in (
        lambda: write(rules.edit, version=draft, code="CV", rule=CALLS),
        lambda: write(rules.remove, version=draft, code="CV"),
        lambda: write(rules.move, version=draft, code="CV", down=1),
    ):
        with pytest.raises(rules.RuleGone):
            attempt()


def test_a_published_version_is_neither_changed_nor_published_again(draft, write):
    write(schemes.publish_draft, version=draft)
    for attempt in (
        lambda: write(rules.add, version=draft, rule=CALLS),
        lambda: write(schemes.put_rules, version=draft, rules=[CALLS]),
        lambda: write(schemes.publish_draft, version=draft),
        lambda: write(schemes.discard, version=draft),
    ):
        with pytest.raises(schemes.Published):
            attempt()


def test_versions_follow_each_other(draft, scored, write):
    write(schemes.publish_draft, version=draft, on=date(2026, 11, 2))
    following = write(schemes.draft, scheme=scored)
    for on, refusal in ((date(2026, 10, 20), schemes.TooEarly), (date(2026, 10, 30), schemes.Overlaps)):
        with pytest.raises(refusal) as refused:
            write(schemes.publish_draft, version=following, on=on)
        assert refused.value.field == "on"
    following.refresh_from_db()
    assert following.published_at is None
    assert write(schemes.publish_draft, version=following).effective_from == date(2026, 11, 2)


def test_a_draft_that_was_overtaken_takes_the_next_number(draft, scored, cast, write):
    overtaking = write(schemes.change, scheme=scored, code="CV", threshold=Decimal(9))
    published = write(schemes.publish_draft, version=draft)
    assert published.number > overtaking.number
    (card,) = score_day(cast.manager, "2026-10-21")
    assert card.version == published


def test_a_version_in_which_nothing_is_scored_is_not_published(draft, write):
    write(schemes.put_rules, version=draft, rules=[replace(CALLS, scored=False)])
    with pytest.raises(schemes.NoRules):
        write(schemes.publish_draft, version=draft)


def test_a_discarded_draft_leaves_what_was_published(draft, scored, write):
    write(schemes.discard, version=draft)
    assert list(scored.versions.values_list("number", flat=True)) == [1]
    fresh = write(schemes.start, name="Field sales")
    write(schemes.discard, version=fresh)
    assert not Scheme.objects.filter(name="Field sales").exists()


@pytest.mark.parametrize("name", ["", "  ", "classic", "x" * 81])
def test_a_scheme_needs_a_name_of_its_own(clock, cast, write, name):
    make_scheme(cast.admin)
    with pytest.raises(schemes.BadName) as refused:
        write(schemes.start, name=name)
    assert refused.value.field == "name"
    assert Scheme.objects.count() == 1


BAD = [
    ({"metric": "steps_walked"}, "metric"),
    ({"threshold": None}, "threshold"),
    ({"threshold": -1}, "threshold"),
    ({"threshold": Decimal("NaN")}, "threshold"),
    ({"threshold": Decimal("1.005")}, "threshold"),
    ({"threshold": Decimal(10) ** 13}, "threshold"),
    ({"comparison": "about"}, "comparison"),
    ({"period": "year"}, "period"),
    ({"when_nothing": "perhaps"}, "when_nothing"),
    ({"severity": "deadly"}, "severity"),
    ({"points_met": -1}, "points_met"),
    ({"points_missed": 1001}, "points_missed"),
    ({"code": ""}, "code"),
    ({"code": "two words"}, "code"),
    ({"code": "x" * 21}, "code"),
    ({"label": "x" * 81}, "label"),
    ({"by_plan": True}, "by_plan"),
    ({"by_plan": True, "period": Period.WEEK, "comparison": "le"}, "by_plan"),
    ({"metric": "overdue_tasks", "period": Period.WEEK}, "period"),
    ({"metric": "data_in_time", "period": Period.WEEK}, "period"),
    ({"parameters": {"speed": 3}}, "speed"),
    ({"metric": "deals_won", "parameters": {"pipeline": "the first"}}, "pipeline"),
    ({"metric": "deals_won", "parameters": {"pipeline": 999}}, "pipeline"),
    ({"metric": "deals_won", "parameters": {"pipeline": [1]}}, "pipeline"),
    ({"parameters": "pipeline"}, "parameters"),
]


@pytest.mark.parametrize(("facts", "field"), BAD)
def test_a_bad_rule_is_refused_with_its_field_and_nothing_is_saved(draft, write, facts, field):
    before = list(draft.rules.values())
    with pytest.raises(Refused) as refused:
        write(rules.edit, version=draft, code="CV", rule=replace(CALLS, **facts))
    assert refused.value.field == field
    assert str(refused.value.message).endswith(".")
    assert list(draft.rules.values()) == before


def test_one_figure_is_asked_for_once_in_a_period(draft, write):
    with pytest.raises(ruleset.FigureTwice):
        write(rules.add, version=draft, rule=replace(CALLS, code="CV2"))
    write(rules.add, version=draft, rule=replace(CALLS, code="CV2", period=Period.WEEK))
    assert codes(draft)[-1] == "CV2"


def test_the_same_figure_with_other_parameters_is_another_one(draft, write):
    pipeline = Pipeline.objects.create(name="Renewals")
    won = RuleSpec(code="RN", metric="deals_won", threshold=1, parameters={"pipeline": str(pipeline.pk)})
    write(rules.add, version=draft, rule=won)
    assert draft.rules.get(code="RN").parameters == {"pipeline": pipeline.pk}
    with pytest.raises(ruleset.FigureTwice):
        write(rules.add, version=draft, rule=replace(won, code="RN2", parameters={"pipeline": pipeline.pk}))


def test_all_rules_together_stay_within_what_a_card_can_picture(draft, write):
    metrics = ("companies_added", "meetings_held", "conversations", "deals_won", "deals_lost", "sum_won")
    many = [
        RuleSpec(code=f"{metric[:12]}_{period}", metric=metric, threshold=1, points_met=900, period=period)
        for metric in metrics
        for period in (Period.DAY, Period.WEEK)
    ]
    with pytest.raises(ruleset.TooManyPoints):
        write(schemes.put_rules, version=draft, rules=many)
    write(schemes.put_rules, version=draft, rules=many[:11])


def test_a_parameter_that_is_gone_is_refused_when_the_draft_is_published(draft, write):
    pipeline = Pipeline.objects.create(name="Renewals")
    won = RuleSpec(code="RN", metric="deals_won", threshold=1, parameters={"pipeline": pipeline.pk})
    write(rules.add, version=draft, rule=won)
    pipeline.delete()
    with pytest.raises(BadParameter):
        write(schemes.publish_draft, version=draft)


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_writes_drafts(draft, scored, clock, cast, who):
    by = getattr(cast, who)
    for attempt in (
        lambda: schemes.draft(scheme=scored, by=by, at=clock.now),
        lambda: schemes.start(name="Own", by=by, at=clock.now),
        lambda: schemes.publish_draft(version=draft, by=by, at=clock.now),
        lambda: schemes.discard(version=draft, by=by, at=clock.now),
        lambda: rules.add(version=draft, rule=CALLS, by=by, at=clock.now),
        lambda: rules.move(version=draft, code="CV", down=1, by=by, at=clock.now),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert SchemeVersion.objects.filter(published_at__isnull=False).count() == 1


def test_what_a_version_changed_is_said_in_plain_words(draft, scored, write):
    write(rules.edit, version=draft, code="CV", rule=replace(CALLS, points_missed=1, trial=True))
    write(rules.remove, version=draft, code="MT")
    write(rules.add, version=draft, rule=RuleSpec(code="WW", metric="deals_won", period=Period.WEEK, by_plan=True))
    found = differences.between(scored.versions.get(number=1), draft)
    assert [(one.state, one.name) for one in found] == [
        ("changed", "Conversations"), ("new", "Deals won (week)"), ("gone", "Meetings held"),
    ]  # fmt: skip
    assert found[0].parts[0] == "Each day: at least 5 → Each day: at least 8"
    assert "on trial" in found[0].parts[1]
