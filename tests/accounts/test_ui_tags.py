"""The tags that pages are drawn with."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from accounts import drawing
from accounts.templatetags import ui


def draw(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_icon_is_silent_unless_it_says_something() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "phone" %}')
    assert 'role="img" aria-label="Overdue"' in draw('{% icon "hourglass" 16 label="Overdue" %}')
    assert "#i-phone" in draw('{% icon "phone" %}')


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Anna Keller", "AK"),
        ("Łukasz", "Ł"),
        ("Quarry & Sons", "QS"),
        ("Jean-Luc Picard", "JL"),
        ("", "?"),
        ("иван петров", "ИП"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def test_an_avatar_keeps_its_colour_and_escapes_its_name() -> None:
    assert draw("{% avatar name %}", name="Anna Keller") == draw("{% avatar name %}", name="Anna Keller")
    hostile = draw("{% avatar name label=True %}", name='"><script>alert(1)</script>')
    assert "<script>" not in hostile


@pytest.mark.parametrize("state", sorted(ui.STATES))
def test_a_state_is_never_colour_alone(state: str) -> None:
    shown = draw("{% status state %}", state=state)
    assert "<use" in shown
    assert str(ui.STATES[state][1]) in shown
    assert draw("{{ state|state_word }}", state=state) == str(ui.STATES[state][1])


def test_a_loss_of_points_is_marked() -> None:
    assert "c-points--bad" in draw("{% points -2 %}")
    assert "c-points--bad" not in draw("{% points 0 %}")


def test_a_moment_carries_its_exact_time() -> None:
    moment = timezone.now() - timedelta(minutes=5)
    assert "5 min ago" in draw('{% when moment "ago" %}', moment=moment)
    assert f'datetime="{timezone.localtime(moment).isoformat()}"' in draw("{% when moment %}", moment=moment)
    assert draw("{% when moment %}", moment=None) == "\u2014"


def test_a_ring_and_a_bar_stay_within_their_bounds() -> None:
    assert [drawing.share(value, 10) for value in (-3, None, 5, 25)] == [0.0, 0.0, 0.5, 1.0]
    assert "--v:100%" in draw("{% bar 25 10 %}")
    assert "--v:0%" in draw("{% bar 0 0 %}")
    assert "c-ring__value" not in draw("{% ring 0 7 %}")


def test_a_spark_says_its_numbers_and_bears_gaps_and_flat_lines() -> None:
    assert 'aria-label="Calls: 3, \u2014, 5"' in draw('{% spark trend label="Calls" %}', trend=[3, None, 5])
    assert drawing.spark_points([4, 4, 4]) == [(0.0, 14.0), (50.0, 14.0), (100.0, 14.0)]
    assert drawing.spark_points([None, None]) == []
    assert "no days yet" in draw("{% spark trend %}", trend=[])


@pytest.mark.parametrize(
    ("minutes", "css", "text"),
    [
        (200, "", "3 h 20 min left"),
        (59, "is-soon", "59 min left"),
        (14, "is-now", "14 min left"),
        (-1, "", "The day is closed"),
    ],
)
def test_the_clock_warns_an_hour_and_a_quarter_before(minutes: int, css: str, text: str) -> None:
    now = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    assert ui.countdown_state(now + timedelta(minutes=minutes), now) == {"css": css, "text": text}
