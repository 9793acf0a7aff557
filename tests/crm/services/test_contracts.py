"""Contracts: entered, changed, renewed, ended, with the task that reminds of each."""

from datetime import UTC, date, datetime

import pytest

from accounts.refusals import NotAllowed
from crm.models import CompanySettings, Contract, ContractStatus, NextStep, Source, Task, TaskStatus
from crm.services import contracts, tasks
from crm.services.base import NotASeller, StaleRecord
from crm.services.contracts import ContractOver, EndsBeforeStart, NoEnd, YearWrong
from tests.factories.crm import make_company, make_contract, make_deal
from tests.factories.people import Cast
from tests.fixtures import Clock

START, END = date(2026, 1, 1), date(2026, 12, 31)
DUE = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # 9:00 in Warsaw, thirty days before the end


@pytest.fixture
def company(cast: Cast):
    return make_company(cast.manager)


@pytest.fixture
def contract(company, cast: Cast, clock: Clock) -> Contract:
    return contracts.add(
        by=cast.manager,
        at=clock.now,
        company=company,
        title="Maintenance",
        starts_on=START,
        ends_on=END,
        amount_minor=120_000,
    )


def test_a_contract_with_an_end_keeps_a_task_to_renew_it(contract: Contract, cast: Cast) -> None:
    task = contract.reminder
    assert (task.owner, task.company, task.due_at) == (cast.manager, contract.company, DUE)
    assert task.title == "Renew the contract: Maintenance"
    assert contract.currency == "EUR"


def test_one_until_further_notice_needs_no_task(company, cast: Cast, clock: Clock) -> None:
    added = contracts.add(by=cast.manager, at=clock.now, company=company, title="Frame", starts_on=START)
    assert added.reminder is None


def test_one_that_was_over_when_it_was_entered_reminds_nobody(company, cast: Cast, clock: Clock) -> None:
    added = contracts.add(
        by=cast.manager,
        at=clock.now,
        company=company,
        title="Old",
        starts_on=date(2024, 1, 1),
        ends_on=date(2025, 1, 1),
    )
    assert added.reminder is None


def test_a_notice_that_has_passed_is_due_next_morning(company, cast: Cast, clock: Clock) -> None:
    added = contracts.add(
        by=cast.manager, at=clock.now, company=company, title="Soon", starts_on=START, ends_on=date(2026, 10, 30)
    )
    assert added.reminder.due_at == datetime(2026, 10, 21, 7, 0, tzinfo=UTC)


def test_a_notice_on_a_weekend_comes_on_the_friday_before(company, cast: Cast, clock: Clock) -> None:
    added = contracts.add(
        by=cast.manager, at=clock.now, company=company, title="Soon", starts_on=START, ends_on=date(2026, 12, 20),
        remind_days=14,
    )  # fmt: skip
    assert added.reminder.due_at == datetime(2026, 12, 4, 8, 0, tzinfo=UTC)


def test_its_owner_is_the_clients_unless_somebody_is_named(company, cast: Cast, clock: Clock) -> None:
    by_head = contracts.add(by=cast.head, at=clock.now, company=company, title="A", starts_on=START)
    given = contracts.add(by=cast.head, at=clock.now, company=company, title="B", starts_on=START, owner=cast.teammate)
    assert (by_head.owner, given.owner) == (cast.manager, cast.teammate)


def test_the_task_is_written_in_the_language_of_who_does_it(company, cast: Cast, clock: Clock) -> None:
    cast.manager.language = "xx"
    cast.manager.save(update_fields=["language"])
    company.refresh_from_db()
    added = contracts.add(by=cast.head, at=clock.now, company=company, title="A", starts_on=START, ends_on=END)
    assert added.reminder.title.endswith("A")


def test_the_same_key_brings_back_the_same_contract(company, cast: Cast, clock: Clock) -> None:
    words = {"by": cast.manager, "at": clock.now, "company": company, "title": "A", "starts_on": START, "ends_on": END}
    first = contracts.add(**words, source=Source.API, external_id="c-1")
    assert contracts.add(**words, source=Source.API, external_id="c-1") == first
    assert Task.objects.count() == 1


def test_moved_dates_move_the_task(contract: Contract, cast: Cast, clock: Clock) -> None:
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, ends_on=date(2027, 1, 31))
    task = Task.objects.get()
    assert (task.due_at, task.pushes) == (datetime(2027, 1, 1, 8, 0, tzinfo=UTC), 1)
    assert task.push_reason == "The dates of the contract changed"


def test_an_earlier_end_is_no_push(contract: Contract, cast: Cast, clock: Clock) -> None:
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, ends_on=date(2026, 12, 17))
    assert (Task.objects.get().due_at.date(), Task.objects.get().pushes) == (date(2026, 11, 17), 0)


def test_facts_that_do_not_shape_it_leave_the_task_alone(contract: Contract, cast: Cast, clock: Clock) -> None:
    before = Task.objects.get().changed_at
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, note="Paid each month", amount_minor=5)
    assert Task.objects.get().changed_at == before


def test_a_new_owner_gets_the_task(contract: Contract, cast: Cast, clock: Clock) -> None:
    contracts.edit(contract=contract, by=cast.head, at=clock.now, owner=cast.teammate)
    assert Task.objects.get().owner == cast.teammate
    with pytest.raises(NotASeller):
        contracts.edit(contract=contract, by=cast.head, at=clock.now, owner=cast.admin)


def test_without_an_end_any_more_the_task_is_dropped(contract: Contract, cast: Cast, clock: Clock) -> None:
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, ends_on=None)
    assert Task.objects.get().status == TaskStatus.DROPPED


def test_a_task_that_somebody_closed_comes_again_with_new_dates(contract: Contract, cast: Cast, clock: Clock) -> None:
    tasks.done(task=contract.reminder, by=cast.manager, at=clock.now, result="They think about it")
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, note="x")
    assert not Task.objects.open().exists()
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, ends_on=date(2027, 3, 31))
    assert Task.objects.open().get() == Contract.objects.get().reminder


def test_renewing_makes_the_next_one_and_finishes_the_task(contract: Contract, cast: Cast, clock: Clock) -> None:
    following = contracts.renew(contract=contract, by=cast.manager, at=clock.now, amount_minor=130_000)
    contract.refresh_from_db()
    assert (following.starts_on, following.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (following.title, following.amount_minor, following.owner) == ("Maintenance", 130_000, cast.manager)
    assert (contract.status, contract.renewal) == (ContractStatus.RENEWED, following)
    assert contract.reminder.status == TaskStatus.DONE
    assert following.reminder.due_at == datetime(2027, 12, 1, 8, 0, tzinfo=UTC)


def test_renewing_twice_makes_one(contract: Contract, cast: Cast, clock: Clock) -> None:
    first = contracts.renew(contract=contract, by=cast.manager, at=clock.now)
    assert contracts.renew(contract=contract, by=cast.manager, at=clock.now) == first
    assert Contract.objects.count() == 2


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "following"),
    [
        (date(2026, 3, 15), date(2026, 9, 14), date(2027, 3, 14)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2026, 3, 1)),
        (date(2026, 1, 31), date(2026, 2, 27), date(2026, 3, 27)),
        (date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 20)),
        (date(2025, 7, 1), date(2025, 12, 31), date(2026, 6, 30)),
    ],
)
def test_the_next_one_is_as_long(company, starts_on: date, ends_on: date, following: date) -> None:
    assert contracts.following_end(make_contract(company, starts_on, ends_on)) == following


def test_nothing_renews_what_has_no_end_or_is_over(company, cast: Cast, clock: Clock) -> None:
    endless = make_contract(company, START)
    with pytest.raises(NoEnd):
        contracts.renew(contract=endless, by=cast.manager, at=clock.now)
    contracts.end(contract=endless, by=cast.manager, at=clock.now)
    with pytest.raises(ContractOver):
        contracts.renew(contract=endless, by=cast.manager, at=clock.now)


def test_ending_says_why_and_closes_the_task(contract: Contract, cast: Cast, clock: Clock) -> None:
    contracts.end(
        contract=contract, by=cast.manager, at=clock.now, on=date(2026, 11, 30), reason="Went to a cheaper one"
    )
    contract.refresh_from_db()
    assert (contract.status, contract.ends_on, contract.note) == (
        ContractStatus.ENDED,
        date(2026, 11, 30),
        "Went to a cheaper one",
    )
    assert (contract.reminder.status, contract.reminder.result) == (TaskStatus.DONE, "Went to a cheaper one")


def test_one_without_an_end_ends_today(company, cast: Cast, clock: Clock) -> None:
    endless = make_contract(company, START)
    contracts.end(contract=endless, by=cast.manager, at=clock.now)
    assert endless.ends_on == date(2026, 10, 20)


def test_a_renewed_one_does_not_end(contract: Contract, cast: Cast, clock: Clock) -> None:
    contracts.renew(contract=contract, by=cast.manager, at=clock.now)
    with pytest.raises(ContractOver):
        contracts.end(contract=contract, by=cast.manager, at=clock.now)


def test_deleting_a_renewal_lets_the_one_before_run_again(contract: Contract, cast: Cast, clock: Clock) -> None:
    following = contracts.renew(contract=contract, by=cast.manager, at=clock.now)
    contracts.delete(contract=following, by=cast.manager, at=clock.now)
    contract.refresh_from_db()
    assert (contract.status, contract.renewal) == (ContractStatus.RUNNING, None)
    assert contract.reminder.status == TaskStatus.OPEN
    assert Task.objects.open().get() == contract.reminder


def test_days_that_cannot_be_are_refused(company, contract: Contract, cast: Cast, clock: Clock) -> None:
    words = {"by": cast.manager, "at": clock.now, "company": company, "title": "A"}
    with pytest.raises(EndsBeforeStart):
        contracts.add(**words, starts_on=END, ends_on=START)
    with pytest.raises(YearWrong):
        contracts.add(**words, starts_on=START, ends_on=date(9999, 12, 31))
    with pytest.raises(EndsBeforeStart):
        contracts.edit(contract=contract, by=cast.manager, at=clock.now, ends_on=date(2025, 1, 1))
    with pytest.raises(EndsBeforeStart):
        contracts.end(contract=contract, by=cast.manager, at=clock.now, on=date(2025, 1, 1))


def test_money_takes_no_float(company, cast: Cast, clock: Clock) -> None:
    with pytest.raises(TypeError):
        contracts.add(by=cast.manager, at=clock.now, company=company, title="A", starts_on=START, amount_minor=1.5)


def test_a_stale_change_is_refused(contract: Contract, cast: Cast, clock: Clock) -> None:
    seen = contract.changed_at
    clock.set("2026-10-20 10:05")
    contracts.edit(contract=contract, by=cast.head, at=clock.now, note="x")
    for verb in (contracts.edit, contracts.renew, contracts.end):
        with pytest.raises(StaleRecord):
            verb(contract=contract, by=cast.manager, at=clock.now, seen_at=seen)


def test_strangers_reach_nothing(company, contract: Contract, cast: Cast, clock: Clock) -> None:
    foreign = make_company(cast.stranger)
    for person in (cast.teammate, cast.stranger, cast.other_head, cast.owner, cast.admin):
        for verb in (contracts.edit, contracts.renew, contracts.end, contracts.delete):
            with pytest.raises(NotAllowed):
                verb(contract=contract, by=person, at=clock.now)
        with pytest.raises(NotAllowed):
            contracts.add(by=person, at=clock.now, company=company, title="A", starts_on=START)
    with pytest.raises(NotAllowed):
        contracts.edit(contract=contract, by=cast.manager, at=clock.now, company=foreign)
    with pytest.raises(NotAllowed):
        contracts.edit(contract=contract, by=cast.manager, at=clock.now, deal=make_deal(cast.stranger))


def test_a_task_that_hangs_on_an_open_deal_is_guarded(contract: Contract, cast: Cast, clock: Clock) -> None:
    CompanySettings.objects.update_or_create(defaults={"next_step": NextStep.MUST})
    tasks.edit(task=contract.reminder, by=cast.manager, at=clock.now, deal=make_deal(cast.manager))
    with pytest.raises(tasks.NextStepMissing):
        contracts.end(contract=contract, by=cast.manager, at=clock.now)


def test_another_title_moves_no_lapsed_date(contract: Contract, cast: Cast, clock: Clock) -> None:
    clock.set("2026-12-02 10:00")
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, title="Maintenance and repair")
    task = Task.objects.get()
    assert (task.title, task.due_at, task.pushes) == ("Renew the contract: Maintenance and repair", DUE, 0)


def test_another_title_leaves_a_finished_task_finished(contract: Contract, cast: Cast, clock: Clock) -> None:
    tasks.done(task=contract.reminder, by=cast.manager, at=clock.now, result="They think about it")
    contracts.edit(contract=contract, by=cast.manager, at=clock.now, title="Maintenance and repair")
    assert not Task.objects.open().exists()


def test_who_looks_after_it_renews_it_for_a_client_of_somebody_else(
    contract: Contract, cast: Cast, clock: Clock
) -> None:
    contracts.edit(contract=contract, by=cast.head, at=clock.now, owner=cast.teammate)
    following = contracts.renew(contract=contract, by=cast.teammate, at=clock.now)
    assert (following.owner, following.company) == (cast.teammate, contract.company)
