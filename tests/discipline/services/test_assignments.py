"""Rules and hours from a day on: for a team, a grade or one person, without disturbing what is planned for later."""

from datetime import date, time

import pytest

from accounts.refusals import NotAllowed
from discipline.models import Assignment
from discipline.services import assignments, days
from tests.factories.discipline import make_assignment, make_scheme

pytestmark = pytest.mark.django_db
LONG_AGO, WEDNESDAY, NOVEMBER = date(2026, 1, 5), date(2026, 10, 21), date(2026, 11, 2)


def rows(person):
    return [
        (row.scheme.name, row.team.name, row.starts_on, row.ends_on)
        for row in Assignment.objects.filter(user=person).select_related("scheme", "team")
    ]


@pytest.fixture
def use(scored, clock, cast):
    other = make_scheme(cast.admin, name="Seniors")

    def using(**facts):
        return assignments.use_scheme(**({"scheme": other, "on": WEDNESDAY, "by": cast.admin, "at": clock.now} | facts))

    return using


def test_a_team_gets_another_scheme_from_a_day_on(use, cast):
    assert use(team=cast.team) == 2
    for person in (cast.manager, cast.teammate):
        assert rows(person) == [
            ("Classic", "Sales", LONG_AGO, WEDNESDAY),
            ("Seniors", "Sales", WEDNESDAY, None),
        ]
    assert rows(cast.stranger) == [("Classic", "Service", LONG_AGO, None)]


def test_a_grade_gets_it_wherever_its_people_are(use, scored, cast):
    for person, team in ((cast.manager, cast.team), (cast.stranger, cast.other_team)):
        make_assignment(person, team, scored, cast.admin, grade="senior")
    assert use(grade="senior") == 2
    assert use(grade="senior", team=cast.team, on=NOVEMBER) == 1
    assert [row[0] for row in rows(cast.teammate)] == ["Classic"]


def test_one_person_gets_it_also_in_the_team_he_will_move_to(use, scored, cast):
    make_assignment(cast.manager, cast.other_team, scored, cast.admin, on=NOVEMBER, shift_end=time(15))
    assert use(user=cast.manager) == 1
    assert rows(cast.manager) == [
        ("Classic", "Sales", LONG_AGO, WEDNESDAY),
        ("Seniors", "Sales", WEDNESDAY, NOVEMBER),
        ("Seniors", "Service", NOVEMBER, None),
    ]
    assert Assignment.objects.get(user=cast.manager, ends_on=None).shift_end == time(15)


def test_a_team_does_not_change_what_somebody_will_have_elsewhere(use, scored, cast):
    make_assignment(cast.manager, cast.other_team, scored, cast.admin, on=NOVEMBER)
    use(team=cast.team)
    assert rows(cast.manager)[-1] == ("Classic", "Service", NOVEMBER, None)


def test_saying_it_again_cuts_no_further_rows(use, cast):
    assert use(team=cast.team) == use(team=cast.team) == 2
    assert Assignment.objects.filter(user=cast.manager).count() == 2


def test_statements_do_not_grow_with_people(use, cast, django_assert_num_queries):
    with django_assert_num_queries(9):
        use(team=cast.other_team)
    with django_assert_num_queries(9):
        use(team=cast.team)


@pytest.mark.parametrize(
    ("on", "refusal"),
    [
        (date(2026, 10, 20), assignments.FromTomorrow),
        (date(2026, 10, 19), assignments.DayClosed),
    ],
)
def test_a_day_that_has_begun_or_is_closed_keeps_its_rules(use, clock, cast, on, refusal):
    days.close(team=cast.team, day=date(2026, 10, 19), at=clock.now)
    with pytest.raises(refusal) as refused:
        use(team=cast.team, on=on)
    assert (refused.value.field, Assignment.objects.filter(user=cast.manager).count()) == ("on", 1)


def test_nobody_of_a_grade_is_said_so(use):
    with pytest.raises(assignments.NotScored):
        use(grade="astronaut")


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_only_the_coordinator_assigns(use, cast, who):
    with pytest.raises(NotAllowed):
        use(team=cast.team, by=getattr(cast, who))


@pytest.fixture
def change(scored, clock, cast):
    def changing(**facts):
        asked = {
            "user": cast.manager, "on": WEDNESDAY, "scheme": scored, "workdays": [1, 2, 3], "shift_start": time(8), "shift_end": time(14),
        }  # fmt: skip
        return assignments.change(by=cast.admin, at=clock.now, **(asked | facts))

    return changing


def test_a_person_gets_other_days_hours_and_grade(change, cast):
    change(grade=" junior ", hired_on=date(2026, 10, 1))
    row = Assignment.objects.get(user=cast.manager, starts_on=WEDNESDAY)
    assert (row.workdays, row.shift_start, row.shift_end, row.grade, row.hired_on) == (
        [1, 2, 3], time(8), time(14), "junior", date(2026, 10, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"shift_end": time(8)}, assignments.BadHours, "shift_end"),
        ({"workdays": []}, assignments.NoWorkdays, "workdays"),
        ({"workdays": [8]}, assignments.NoWorkdays, "workdays"),
        ({"hired_on": date(2026, 12, 1)}, assignments.HiredLater, "hired_on"),
        ({"on": date(2026, 10, 20)}, assignments.FromTomorrow, "on"),
        ({"on": date(2025, 10, 20)}, assignments.FromTomorrow, "on"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_saved(change, cast, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        change(**facts)
    assert (refused.value.field, Assignment.objects.filter(user=cast.manager).count()) == (field, 1)
