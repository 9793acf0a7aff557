from datetime import timedelta

import pytest

from crm.models import CompanySettings, Deal, LossReason, Task
from tests.factories.crm import make_deal, make_task

pytestmark = pytest.mark.django_db


def change(clock, at: str, deal: Deal, **fields) -> None:
    clock.set(at)
    Deal.objects.filter(pk=deal.pk).update(**fields)


def test_a_win_counts_for_whoever_won_it(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="won", changed_by=cast.teammate)
    assert (figure("deals_won", cast.manager).value, figure("deals_won", cast.teammate).value) == (0, 1)


def test_a_win_counts_once_ever_though_it_is_won_again(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="won")
    change(clock, "2026-10-21 12:00", deal, status="open")
    change(clock, "2026-10-21 13:00", deal, status="won")
    assert figure("deals_won", cast.manager, "2026-10-20").value == 1
    assert figure("deals_won", cast.manager, "2026-10-21").value == 0


@pytest.mark.parametrize(
    ("change_to", "reason"),
    [({"status": "open"}, "reopened"), ({"status": "lost"}, "reopened"), ({"deleted_at": "now"}, "deleted")],
)
def test_a_win_counts_only_while_it_stands_at_the_cut_off(clock, reasons, cast, change_to, reason):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="won")
    clock.set("2026-10-20 18:00")
    fields = {name: clock.now if value == "now" else value for name, value in change_to.items()}
    Deal.objects.filter(pk=deal.pk).update(**fields)
    assert reasons("deals_won", cast.manager) == [("excluded", reason)]


def test_a_win_reopened_after_the_cut_off_stays_counted(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="won")
    change(clock, "2026-10-20 18:00:01", deal, status="open")
    assert figure("deals_won", cast.manager).value == 1


def test_a_deal_that_an_import_brought_won_was_won_by_nobody_but_an_imported_open_one_can_be_won(clock, figure, cast):
    make_deal(cast.manager, "Old", source="import", status="won")
    deal = make_deal(cast.manager, "Brought open", source="import")
    change(clock, "2026-10-20 12:00", deal, status="won")
    assert [record[1] for record in figure("deals_won", cast.manager).evidence] == [deal.pk]


def test_the_sum_won_is_of_the_amounts_as_of_the_cut_off(clock, figure, cast):
    deal = make_deal(cast.manager, amount_minor=100_000)
    change(clock, "2026-10-20 12:00", deal, status="won", amount_minor=123_450)
    change(clock, "2026-10-21 12:00", deal, amount_minor=1)
    assert figure("sum_won", cast.manager).value == 1234.50


def test_amounts_in_another_currency_or_none_are_named_and_not_summed(clock, figure, reasons, cast):
    CompanySettings.objects.create(pk=1, currency="PLN")
    for title, fields in {
        "a": {"amount_minor": 5000, "currency": "PLN"},
        "b": {"amount_minor": 5000, "currency": "EUR"},
        "c": {"currency": "PLN"},
    }.items():
        make_deal(cast.manager, title, status="won", **fields)
    assert figure("sum_won", cast.manager).value == 50
    assert sorted(reasons("sum_won", cast.manager)) == [
        ("counted", ""),
        ("excluded", "no_amount"),
        ("excluded", "other_currency"),
    ]


def test_a_lost_deal_counts_for_whoever_closed_it(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="lost", changed_by=cast.head)
    clock.set("2026-10-20 13:00")
    Deal.objects.filter(pk=deal.pk).update(note="By the manager", changed_by=cast.manager)
    assert figure("deals_lost", cast.manager).value == 0


def test_a_deal_lost_twice_in_a_day_is_one_loss(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="lost")
    change(clock, "2026-10-20 13:00", deal, status="open")
    change(clock, "2026-10-20 14:00", deal, status="lost")
    assert figure("deals_lost", cast.manager).value == 1


def test_a_deal_opened_again_by_the_cut_off_is_not_lost(clock, figure, reasons, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="lost")
    change(clock, "2026-10-20 13:00", deal, status="open")
    assert reasons("deals_lost", cast.manager) == [("excluded", "reopened")]
    assert figure("lost_without_reason", cast.manager).held == 0


def test_lost_without_a_reason_is_a_breach_until_the_reason_is_given_by_the_cut_off(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="lost")
    assert figure("lost_without_reason", cast.manager)[:2] == (1, 1)
    change(clock, "2026-10-20 18:00", deal, loss_reason=LossReason.objects.create(name="Price"))
    assert figure("lost_without_reason", cast.manager)[:2] == (0, 1)


def test_a_reason_given_after_the_cut_off_is_too_late(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 12:00", deal, status="lost")
    change(clock, "2026-10-20 18:00:01", deal, loss_reason=LossReason.objects.create(name="Price"))
    assert figure("lost_without_reason", cast.manager).value == 1


def test_deals_in_progress_are_those_open_with_their_owner_at_the_cut_off(clock, figure, cast):
    given, won, kept, late = (make_deal(cast.manager, title) for title in ("given", "won", "kept", "late"))
    change(clock, "2026-10-20 12:00", given, owner=cast.teammate)
    change(clock, "2026-10-20 12:00", won, status="won")
    change(clock, "2026-10-20 18:00:01", late, status="won")
    assert sorted(record[1] for record in figure("deals_in_progress", cast.manager).evidence) == [kept.pk, late.pk]
    assert figure("deals_in_progress", cast.teammate).value == 1


def test_an_open_deal_without_a_task_is_a_breach(clock, reasons, cast):
    make_deal(cast.manager)
    assert reasons("deals_without_task", cast.manager) == [("breach", "no_next_step")]


@pytest.mark.parametrize(("day", "breaches"), [("2026-11-20 00:00:00", 0), ("2026-11-20 00:00:01", 1)])
def test_a_next_step_lies_within_thirty_local_days(clock, figure, cast, day, breaches):
    """The 30th local day after 20 October is 19 November; a task of that date falls due when it ends."""
    deal = make_deal(cast.manager)
    before = clock.now
    due = clock.set(day)
    clock.set(before.isoformat())
    make_task(cast.manager, due, deal=deal)
    assert figure("deals_without_task", cast.manager).value == breaches


def test_an_overdue_task_and_a_colleagues_task_are_next_steps(clock, figure, cast):
    first, second = make_deal(cast.manager, "first"), make_deal(cast.manager, "second")
    make_task(cast.manager, clock.now - timedelta(days=9), deal=first)
    make_task(cast.teammate, clock.now + timedelta(days=1), deal=second)
    assert figure("deals_without_task", cast.manager)[:2] == (0, 2)


@pytest.mark.parametrize(("opened", "held"), [("17:00:00", 1), ("17:00:00.000001", 0)])
def test_a_deal_held_for_less_than_an_hour_is_exempt(clock, figure, cast, opened, held):
    clock.set(f"2026-10-20 {opened}")
    make_deal(cast.manager)
    assert figure("deals_without_task", cast.manager)[:2] == (held, held)


def test_a_deal_given_away_in_the_last_hour_is_nobodys_breach(clock, figure, cast):
    deal = make_deal(cast.manager)
    change(clock, "2026-10-20 17:30", deal, owner=cast.teammate)
    assert figure("deals_without_task", cast.manager).held == figure("deals_without_task", cast.teammate).held == 0


def test_a_task_done_by_the_cut_off_is_no_next_step_and_later_it_still_was(clock, figure, cast):
    first, second = make_deal(cast.manager, "first"), make_deal(cast.manager, "second")
    tasks = [make_task(cast.manager, clock.now + timedelta(days=2), deal=deal) for deal in (first, second)]
    clock.set("2026-10-20 18:00")
    Task.objects.filter(pk=tasks[0].pk).update(status="done")
    clock.set("2026-10-20 18:00:01")
    Task.objects.filter(pk=tasks[1].pk).update(status="done")
    assert [record[1] for record in figure("deals_without_task", cast.manager).evidence] == [first.pk]
