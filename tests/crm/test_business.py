"""What happens after the sale, on the card of a client: one statement, and nobody sees more than he may."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm import business
from crm.models import ContractStatus, PurchaseKind
from crm.standing import standing, state
from tests.factories.crm import make_company, make_complaint, make_contract, make_purchase
from tests.factories.people import Cast
from tests.fixtures import Clock

AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
TODAY = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _zone() -> None:
    timezone.deactivate()


def test_it_costs_one_statement_however_much_there_is(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            business.of_company(company.pk, cast.manager, AT)
        return len(captured)

    assert asked() == 1
    for n in range(12):
        make_contract(company, date(2026, 1, 1), TODAY + timedelta(days=n))
        make_complaint(company, AT + timedelta(days=n))
        make_purchase(company, TODAY - timedelta(days=50 * n))
    assert asked() == 1
    with CaptureQueriesContext(connection) as captured:
        assert business.of_company(None, cast.manager, AT).empty
    assert not captured.captured_queries


def test_nothing_to_show_is_said(cast: Cast, clock: Clock) -> None:
    shown = business.of_company(make_company(cast.manager).pk, cast.manager, AT)
    assert shown.empty
    assert (shown.may_contract, shown.may_complain) == (True, True)


def test_a_stranger_sees_nothing_and_an_owner_may_not_add(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    make_contract(company, date(2026, 1, 1))
    make_complaint(company, AT)
    make_purchase(company, TODAY)
    for person in (cast.stranger, cast.teammate, cast.other_head, cast.admin):
        assert business.of_company(company.pk, person, AT).empty
    for person in (cast.manager, cast.head, cast.owner):
        shown = business.of_company(company.pk, person, AT)
        assert (len(shown.contracts), len(shown.complaints), len(shown.bought)) == (1, 1, 1)
    assert not business.of_company(company.pk, cast.owner, AT).may_contract


def test_contracts_in_force_the_next_to_end_first(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    make_contract(company, date(2026, 1, 1), title="Endless")
    make_contract(company, date(2026, 1, 1), date(2026, 12, 31), title="Year", amount_minor=100_000)
    make_contract(company, date(2025, 1, 1), date(2026, 10, 1), title="Lapsed")
    make_contract(company, date(2025, 1, 1), date(2026, 11, 10), title="Renewed", status=ContractStatus.RENEWED)
    make_contract(company, date(2024, 1, 1), date(2025, 1, 1), title="Past", status=ContractStatus.RENEWED)
    make_contract(company, date(2024, 1, 1), date(2025, 1, 1), title="Left", status=ContractStatus.ENDED)
    shown = business.of_company(company.pk, cast.manager, AT).contracts
    assert [one["title"] for one in shown] == ["Lapsed", "Renewed", "Year", "Endless"]
    assert [one["asks"] for one in shown] == [True, False, False, False]
    assert shown[2]["amount"] == "€1\u202f000"


@pytest.mark.parametrize(
    ("ends_on", "tone", "word"),
    [
        (date(2026, 10, 19), "bad", "Lapsed 1 day ago"),
        (date(2026, 10, 20), "watch", "Ends today"),
        (date(2026, 11, 19), "watch", "30 days left"),
        (date(2026, 11, 20), "none", "31 days left"),
        (None, "good", "Running"),
    ],
)
def test_a_running_contract_says_how_long_it_runs(ends_on: date | None, tone: str, word: str) -> None:
    shown = state({"status": "running", "starts_on": date(2026, 1, 1), "ends_on": ends_on}, TODAY)
    assert (shown["tone"], shown["word"]) == (tone, word)


def test_one_that_has_not_begun_says_when_it_does() -> None:
    shown = state({"status": "running", "starts_on": date(2026, 11, 2), "ends_on": None}, TODAY)
    assert shown["word"] == "Starts 2 Nov 2026"


def test_complaints_are_late_after_their_time() -> None:
    late = standing({"status": "open", "due_at": AT - timedelta(days=3)}, AT)
    today = standing({"status": "open", "due_at": AT + timedelta(hours=2)}, AT)
    later = standing({"status": "open", "due_at": AT + timedelta(days=3)}, AT)
    assert [one["tone"] for one in (late, today, later)] == ["bad", "watch", "none"]
    assert late["word"] == "3 days late"
    assert standing({"status": "settled", "due_at": AT}, AT)["word"] == "Settled"
    assert standing({"status": "refused", "due_at": AT}, AT)["word"] == "Refused"


def test_a_year_is_set_against_the_one_before(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    make_purchase(company, date(2026, 10, 20), 40_000)
    make_purchase(company, date(2025, 10, 21), 30_000)
    make_purchase(company, date(2025, 10, 20), 150_000)
    make_purchase(company, date(2024, 10, 21), 50_000)
    make_purchase(company, date(2024, 10, 20), 999_000)
    (figure,) = business.of_company(company.pk, cast.manager, AT).bought
    assert (figure["sum"], figure["before"]) == ("€700", "€2\u202f000")
    assert (figure["trend"]["tone"], figure["trend"]["word"]) == ("bad", "Falling, 65\u202f% less")
    assert len(figure["bars"]) == 12
    assert (figure["bars"][-1]["height"], figure["bars"][0]["height"], figure["bars"][5]["height"]) == (28, 21, 1)


def test_what_went_back_counts_against_it_and_payments_do_not_count_twice(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    make_purchase(company, TODAY, 100_000)
    make_purchase(company, TODAY, -20_000)
    make_purchase(company, TODAY, 80_000, kind=PurchaseKind.PAYMENT)
    make_purchase(company, TODAY, 50_000, currency="PLN")
    make_purchase(company, TODAY, 70_000, deleted_at=AT)
    shown = business.of_company(company.pk, cast.manager, AT)
    assert [figure["sum"] for figure in shown.bought] == ["€800", "500\u202fzł"]
    assert shown.bought[0]["trend"] == {}


def test_where_only_payments_are_known_they_count(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    make_purchase(company, TODAY - timedelta(days=3), 80_000, kind=PurchaseKind.PAYMENT)
    shown = business.of_company(company.pk, cast.manager, AT)
    assert [figure["sum"] for figure in shown.bought] == ["€800"]
    assert shown.last == "Last one Sat 17 Oct, €800"
