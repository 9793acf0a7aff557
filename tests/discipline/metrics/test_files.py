"""Files delivered, and deals won without one."""

import pytest
from django.urls import reverse

from crm.models import Deal, File
from discipline import evidence
from tests.discipline.metrics.conftest import attach
from tests.factories.crm import make_company, make_deal, make_task
from tests.factories.discipline import window_of

pytestmark = pytest.mark.django_db


def win(deal: Deal, by) -> None:
    Deal.objects.filter(pk=deal.pk).update(status="won", changed_by=by)


def test_files_on_deals_and_tasks_count_for_who_attached_them(asked, clock, cast):
    deal = make_deal(cast.manager)
    attach(cast.manager, deal=deal)
    attach(cast.manager, task=make_task(cast.manager, clock.now))
    attach(cast.manager, company=make_company(cast.manager))
    attach(cast.teammate, deal=deal)
    assert asked("files_delivered", cast.manager).value == 2
    assert asked("files_delivered", cast.manager, on="deals").value == 1
    assert asked("files_delivered", cast.manager, on="tasks").value == 1
    assert asked("files_delivered", cast.teammate).value == 1


def test_a_pipeline_may_be_chosen_also_for_files_on_tasks(asked, special, clock, cast, renewals):
    attach(cast.manager, deal=special)
    attach(cast.manager, task=make_task(cast.manager, clock.now, deal=special))
    attach(cast.manager, deal=make_deal(cast.manager))
    assert asked("files_delivered", cast.manager, pipeline=renewals.pk).value == 2
    assert asked("files_delivered", cast.manager, pipeline=renewals.pk, on="tasks").value == 1


@pytest.mark.parametrize(
    ("attached", "day"),
    [("18:00:00", "2026-10-20"), ("18:00:00.000001", "2026-10-21")],
)
def test_a_file_belongs_to_the_window_in_which_the_database_saw_it(asked, clock, cast, attached, day):
    deal = make_deal(cast.manager)
    clock.set(f"2026-10-20 {attached}")
    file = attach(cast.manager, deal=deal)
    File.objects.filter(pk=file.pk).update(uploaded_at="2026-10-01T10:00:00Z")
    found = {on: asked("files_delivered", cast.manager, on).value for on in ("2026-10-20", "2026-10-21")}
    assert found == {"2026-10-20": 0, "2026-10-21": 0} | {day: 1}


def test_a_file_removed_by_the_cut_off_does_not_count_and_later_still_does(told, clock, cast):
    deal = make_deal(cast.manager)
    early, late = attach(cast.manager, deal=deal), attach(cast.manager, deal=deal)
    pks = early.pk, late.pk
    clock.set("2026-10-20 17:00")
    early.delete()
    clock.set("2026-10-20 18:00:01")
    late.delete()
    assert told("files_delivered", cast.manager) == [(pks[0], "deleted"), (pks[1], "")]


def test_a_file_that_moves_to_another_record_is_delivered_once(asked, clock, cast):
    file = attach(cast.manager, deal=make_deal(cast.manager))
    clock.set("2026-10-21 12:00")
    File.objects.filter(pk=file.pk).update(deal=make_deal(cast.manager))
    found = [asked("files_delivered", cast.manager, day).value for day in ("2026-10-20", "2026-10-21")]
    assert found == [1, 0]


def test_a_win_without_a_file_at_the_cut_off_is_a_breach(asked, told, clock, cast):
    bare, filed = make_deal(cast.manager), make_deal(cast.manager)
    attach(cast.manager, deal=filed)
    for deal in (bare, filed):
        win(deal, cast.manager)
    clock.set("2026-10-20 18:00:01")
    attach(cast.manager, deal=bare)
    assert told("won_without_file", cast.manager) == [(bare.pk, "without_file"), (filed.pk, "has_file")]
    assert asked("won_without_file", cast.manager)[:2] == (1, 2)


def test_a_file_removed_before_the_cut_off_is_none(asked, clock, cast):
    deal = make_deal(cast.manager)
    file = attach(cast.manager, deal=deal)
    win(deal, cast.manager)
    clock.set("2026-10-20 12:00")
    file.delete()
    assert asked("won_without_file", cast.manager).value == 1


def test_without_a_win_there_is_nothing_to_judge(asked, cast):
    assert asked("won_without_file", cast.manager)[:2] == (0, 0)


def test_a_file_that_is_gone_is_still_told_by_its_name(asked, clock, cast):
    deal = make_deal(cast.manager)
    file = attach(cast.manager, deal=deal)
    clock.set("2026-10-21 12:00")
    file.delete()
    records = asked("files_delivered", cast.manager).evidence
    [item] = evidence.described(records, as_of=window_of(cast.manager, "2026-10-20").cut_off, reader=cast.manager)
    assert (item.label, item.icon, item.url) == ("offer.pdf", "paperclip", reverse("crm:deal", args=[deal.pk]))
