"""Reports of one's own: kept, copied, opened to others, put on a board; and what happens when they are closed again."""

import pytest

from accounts.models import Role
from accounts.refusals import NotAllowed
from reports.models import Pin, Report
from reports.services import pins, saved
from tests.factories.people import Cast
from tests.fixtures import Clock
from tests.reports.saved.asking import WON

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast: Cast, clock: Clock) -> Report:
    return saved.add(name="Won by month", definition=WON, by=cast.owner, at=clock.now)


def board(user: object) -> list[str]:
    return list(Pin.objects.visible_to(user).values_list("report__name", flat=True))  # type: ignore[arg-type]


def test_a_report_is_its_makers_alone_until_it_is_shared(cast: Cast, clock: Clock, report: Report) -> None:
    everybody = (cast.manager, cast.head, cast.admin)
    assert Report.objects.visible_to(cast.owner).get() == report
    assert not any(Report.objects.visible_to(one).exists() for one in everybody)
    saved.share(report=report, roles=[Role.HEAD], people=[cast.manager], by=cast.owner, at=clock.now)
    assert [Report.objects.visible_to(one).exists() for one in everybody] == [True, True, False]
    assert Report.objects.visible_to(cast.other_head).exists()
    assert not Report.objects.visible_to(cast.teammate).exists()


def test_sharing_says_all_who_may_open_it(cast: Cast, clock: Clock, report: Report) -> None:
    saved.share(report=report, roles=[Role.HEAD], people=[cast.manager], by=cast.owner, at=clock.now)
    saved.share(report=report, roles=[Role.HEAD], people=[cast.teammate], by=cast.owner, at=clock.now)
    assert set(report.shares.values_list("role", "person")) == {("head", None), ("", cast.teammate.pk)}


def test_a_manager_shares_nothing_and_changes_nothing_of_others(cast: Cast, clock: Clock, report: Report) -> None:
    own = saved.add(name="Mine", definition=WON, by=cast.manager, at=clock.now)
    with pytest.raises(NotAllowed):
        saved.share(report=own, roles=[Role.HEAD], people=[], by=cast.manager, at=clock.now)
    saved.share(report=report, roles=[], people=[cast.manager], by=cast.owner, at=clock.now)
    for verb in (
        lambda: saved.edit(report=report, name="Stolen", definition=WON, by=cast.manager, at=clock.now),
        lambda: saved.delete(report=report, by=cast.manager, at=clock.now),
        lambda: saved.share(report=report, roles=[Role.ADMIN], people=[], by=cast.head, at=clock.now),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_a_name_is_given_once(cast: Cast, clock: Clock, report: Report) -> None:
    with pytest.raises(saved.NameTaken):
        saved.add(name="  Won by  month ", definition=WON, by=cast.owner, at=clock.now)
    with pytest.raises(saved.Refused, match="Give the report a name"):
        saved.add(name=" ", definition=WON, by=cast.owner, at=clock.now)
    assert saved.add(name="Won by month", definition=WON, by=cast.head, at=clock.now).user == cast.head


def test_a_copy_belongs_to_whoever_made_it(cast: Cast, clock: Clock, report: Report) -> None:
    assert saved.copy(report=report, by=cast.owner, at=clock.now).name == "Won by month 2"
    with pytest.raises(NotAllowed):
        saved.copy(report=report, by=cast.head, at=clock.now)
    saved.share(report=report, roles=[Role.HEAD], people=[], by=cast.owner, at=clock.now)
    copied = saved.copy(report=report, by=cast.head, at=clock.now)
    assert (copied.name, copied.user, copied.definition) == ("Won by month", cast.head, report.definition)
    assert not copied.shares.exists()


def test_whoever_may_no_longer_open_a_report_loses_its_pin(cast: Cast, clock: Clock, report: Report) -> None:
    saved.share(report=report, roles=[Role.HEAD], people=[cast.manager], by=cast.owner, at=clock.now)
    for one in (cast.owner, cast.head, cast.manager):
        pins.pin(report=report, by=one, at=clock.now)
    saved.share(report=report, roles=[], people=[cast.manager], by=cast.owner, at=clock.now)
    assert set(Pin.objects.values_list("user", flat=True)) == {cast.owner.pk, cast.manager.pk}
    with pytest.raises(NotAllowed):
        pins.pin(report=report, by=cast.head, at=clock.now)


def test_the_board_keeps_the_order_that_one_gives_it(cast: Cast, clock: Clock) -> None:
    names = ("A", "B", "C")
    made = [
        pins.pin(report=saved.add(name=name, definition=WON, by=cast.owner, at=clock.now), by=cast.owner, at=clock.now)
        for name in names
    ]
    a, b, c = (one.pk for one in made)
    pins.arrange(pins=[c, a], by=cast.owner, at=clock.now)
    assert board(cast.owner) == ["C", "A", "B"]
    pins.arrange(pins=[b, b, 10**12], by=cast.owner, at=clock.now)
    assert board(cast.owner) == ["B", "C", "A"]
    again = pins.pin(report=made[2].report, by=cast.owner, at=clock.now)
    assert (again.pk, board(cast.owner)) == (c, ["B", "C", "A"])
    pins.arrange(pins=[a, b, c], by=cast.head, at=clock.now)
    assert board(cast.owner) == ["B", "C", "A"]


def test_pins_are_ones_own(cast: Cast, clock: Clock, report: Report) -> None:
    pin = pins.pin(report=report, by=cast.owner, at=clock.now)
    assert pins.widen(pin=pin, wide=True, by=cast.owner, at=clock.now).wide
    with pytest.raises(NotAllowed):
        pins.widen(pin=pin, wide=False, by=cast.head, at=clock.now)
    pins.unpin(report=report, by=cast.head, at=clock.now)
    assert board(cast.owner) == ["Won by month"]
    pins.unpin(report=report, by=cast.owner, at=clock.now)
    assert board(cast.owner) == []


def test_a_board_has_an_end(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "MOST", 1)
    first, second = (saved.add(name=name, definition=WON, by=cast.owner, at=clock.now) for name in ("A", "B"))
    pins.pin(report=first, by=cast.owner, at=clock.now)
    with pytest.raises(pins.BoardFull):
        pins.pin(report=second, by=cast.owner, at=clock.now)


def test_reports_have_an_end_too(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    with pytest.raises(saved.TooManyReports):
        saved.add(name="One more", definition=WON, by=cast.owner, at=clock.now)
