"""The pages of contracts: the list, one of them, and its verbs."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Contract, ContractStatus, Task
from crm.services import contracts
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_contract
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
LIST = {"HX-Request": "true", "HX-Target": "list"}


@pytest.fixture
def company(cast: Cast):
    return make_company(cast.manager)


@pytest.fixture
def browser(cast: Cast, sign_in):
    return sign_in(cast.manager)


def listed(browser, **query: str) -> list[str]:
    page = browser.get(reverse("crm:contract-list"), query)
    return [row["title"] for row in page.context["list"].rows]


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def test_the_list_costs_two_statements_however_long(cast: Cast, company, browser) -> None:
    make_contract(company, days(-300), days(20))
    url = reverse("crm:contract-list")
    for asked in ("", f"?company={company.pk}&ends=90&q=acme"):
        assert_budget(
            browser,
            url + asked,
            2,
            lambda: [make_contract(company, days(-n), days(n)) for n in range(1, 60)],
            headers=LIST,
        )


def test_it_is_narrowed_by_what_ends_and_what_lapsed(cast: Cast, company, browser) -> None:
    other = make_company(cast.manager, "Brukmar")
    for title, ends_on, fields in (
        ("Soon", days(20), {}),
        ("Later", days(80), {"company": other}),
        ("Lapsed", days(-3), {}),
        ("Endless", None, {}),
        ("Over", days(-30), {"status": ContractStatus.ENDED}),
    ):
        make_contract(fields.pop("company", company), days(-400), ends_on, title=title, **fields)
    assert listed(browser, ends="30") == ["Soon"]
    assert set(listed(browser, ends="90")) == {"Soon", "Later"}
    assert listed(browser, lapsed="1") == ["Lapsed"]
    assert listed(browser, status="ended") == ["Over"]
    assert listed(browser, company=str(other.pk)) == ["Later"]
    assert listed(browser, q="brukm") == ["Later"]
    assert listed(browser, q="endl") == ["Endless"]


def test_a_foreign_client_is_not_named_by_a_filter(cast: Cast, sign_in, company) -> None:
    page = sign_in(cast.stranger).get(reverse("crm:contract-list"), {"company": company.pk})
    assert "Acme" not in page.content.decode()


def test_a_new_one_is_about_the_card_it_was_opened_over(cast: Cast, company, browser) -> None:
    page = browser.get(reverse("crm:contract-new"), {"company": company.pk}, **HTMX)
    assert f'<option value="{company.pk}" selected>' in page.content.decode()


def test_it_is_added_once_however_often_it_is_sent(cast: Cast, company, browser) -> None:
    sent = {
        "company": company.pk, "title": "Maintenance", "starts_on": "2026-01-01", "ends_on": days(90).isoformat(),
        "amount_minor": "12 000,50", "currency": "PLN", "remind_days": "30", "key": "0b6f3b1e-98a1-4b43-9d2a-1a2b3c4d5e6f",
    }  # fmt: skip
    answers = [browser.post(reverse("crm:contract-new"), sent, **HTMX) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    added = Contract.objects.get()
    assert (added.amount_minor, added.currency, added.owner) == (1_200_050, "PLN", cast.manager)
    assert "business-changed" in answers[0]["HX-Trigger"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"starts_on": "31.31.2026"}, "starts_on"),
        ({"ends_on": "2025-01-01"}, "ends_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"amount_minor": "twelve"}, "amount_minor"),
        ({"remind_days": "99999"}, "remind_days"),
        ({"company": "999999"}, "company"),
    ],
)
def test_a_mistake_is_told_at_its_field(cast: Cast, company, browser, wrong: dict[str, str], field: str) -> None:
    sent = {"company": company.pk, "title": "A", "starts_on": "2026-01-01", "currency": "EUR", "remind_days": "30"}
    answer = browser.post(reverse("crm:contract-new"), {**sent, **wrong}, **HTMX)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Contract.objects.exists()


def test_only_what_was_changed_is_sent_and_two_people_are_told(cast: Cast, company, browser, clock: Clock) -> None:
    contract = contracts.add(
        by=cast.manager, at=clock.now, company=company, title="A", starts_on=date(2026, 1, 1), amount_minor=100
    )
    url = reverse("crm:contract-edit", args=[contract.pk])
    form = browser.get(url, **HTMX).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    clock.set("2026-10-20 10:10")
    contracts.edit(contract=contract, by=cast.head, at=clock.now, note="Paid each month", title="By the head")
    assert browser.post(url, {**typed, "number": "7/26"}, **HTMX).status_code == 204
    contract.refresh_from_db()
    assert (contract.number, contract.note, contract.title) == ("7/26", "Paid each month", "By the head")
    clash = browser.post(url, {**typed, "title": "By me"}, **HTMX)
    assert clash.status_code == 422
    assert "By the head" in clash.content.decode()


def test_renewing_asks_only_what_differs(cast: Cast, company, browser, clock: Clock) -> None:
    contract = contracts.add(
        by=cast.manager, at=clock.now, company=company, title="A", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        amount_minor=100_000,
    )  # fmt: skip
    url = reverse("crm:contract-renew", args=[contract.pk])
    form = browser.get(url, **HTMX).context["form"]
    assert form["ends_on"].value() == date(2027, 12, 31)
    sent = {"ends_on": "2027-12-31", "amount_minor": "1 100", "currency": "EUR", "seen_at": form["seen_at"].value()}
    assert browser.post(url, sent, **HTMX).status_code == 204
    following = Contract.objects.get(status=ContractStatus.RUNNING)
    assert (following.amount_minor, following.starts_on) == (110_000, date(2027, 1, 1))


def test_one_without_an_end_says_what_to_do_first(cast: Cast, company, browser) -> None:
    contract = make_contract(company, days(-10))
    url = reverse("crm:contract-renew", args=[contract.pk])
    answer = browser.post(url, {"ends_on": days(400).isoformat(), "currency": "EUR"}, **HTMX)
    assert answer.status_code == 422
    assert "Set its last day first." in answer.content.decode()


def test_ending_closes_its_task(cast: Cast, company, browser, clock: Clock) -> None:
    contract = contracts.add(
        by=cast.manager,
        at=clock.now,
        company=company,
        title="A",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    answer = browser.post(
        reverse("crm:contract-end", args=[contract.pk]), {"on": "2026-12-31", "reason": "Too dear"}, **HTMX
    )
    assert answer.status_code == 204
    assert not Task.objects.open().exists()
    assert Contract.objects.get().note == "Too dear"


def test_what_people_type_is_shown_as_text(cast: Cast, company, browser) -> None:
    contract = make_contract(company, days(-10), title="<script>x</script>", note="<b>א 🙂</b>")
    for url in (reverse("crm:contract", args=[contract.pk]), reverse("crm:contract-list")):
        text = browser.get(url).content.decode()
        assert "<script>x" not in text
        assert "&lt;script&gt;x" in text


def test_a_reader_is_offered_nothing_to_change(cast: Cast, company, sign_in) -> None:
    contract = make_contract(company, days(-10), days(10))
    text = sign_in(cast.owner).get(reverse("crm:contract", args=[contract.pk]), **HTMX).content.decode()
    assert "renew" not in text.lower().replace("renewed", "")
    assert "hx-get" not in text
