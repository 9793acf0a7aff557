"""The quality that a card shows is the one that scoring computes."""

from datetime import timedelta
from decimal import Decimal

import pytest

from crm import client, inline
from crm.models import Company
from tests.factories.crm import make_activity, make_company, make_task

pytestmark = pytest.mark.django_db


def shown(company: Company, cast, clock):
    return client.read(noun="company", pk=company.pk, user=cast.manager, at=clock.now).quality


@pytest.fixture
def kept(clock, cast):
    """A company entered in January, looked at on 20 October; scoring looks at the end of that day."""

    def make(**fields) -> Company:
        clock.set("2026-01-05 08:00")
        company = make_company(cast.manager, **fields)
        clock.set("2026-10-20 18:00")
        return company

    return make


def scored(asked, cast) -> Decimal:
    return asked("base_quality", cast.manager).value


@pytest.mark.parametrize("days", [0, 90, 91, 200, 364, 400])
def test_freshness_agrees_with_scoring(days, kept, asked, cast, clock):
    company = kept(completeness=1, validity=1)
    make_activity(cast.manager, clock.now - timedelta(days=days) + timedelta(minutes=5), company=company)
    assert shown(company, cast, clock).value.quantize(Decimal("0.01")) == scored(asked, cast).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"completeness": Decimal("0.5"), "validity": Decimal("0.333")},
        {"completeness": Decimal("0.167"), "validity": 0, "tax_key": "PL1"},
        {"completeness": 1, "validity": 1, "domain_key": "acme.example"},
        {"completeness": 1, "validity": 1, "phone_reversed": "002001006"},
    ],
)
def test_facts_and_twins_agree_with_scoring(facts, kept, asked, cast, clock):
    clock.set("2026-01-04 08:00")
    make_company(cast.stranger, "Before", tax_key="PL1", domain_key="acme.example", phone_reversed="002001006")
    company = kept(**facts)
    assert shown(company, cast, clock).value == scored(asked, cast)


def test_calls_that_reached_nobody_notes_and_tasks_count_as_scoring_counts_them(kept, asked, cast, clock):
    company = kept(completeness=1, validity=1)
    make_activity(cast.manager, clock.now, company=company, result="no_answer")
    make_activity(cast.manager, clock.now, "note", company=company)
    assert shown(company, cast, clock).value == scored(asked, cast) == 75
    make_task(cast.stranger, clock.now, company=company)
    assert shown(company, cast, clock).value == scored(asked, cast) == 85


def test_it_says_what_is_missing_and_how_to_mend_it(kept, cast, clock):
    company = kept(name="Acme", phone="123", city="Lodz")
    lacks = {(lack.mend, lack.name): lack.points for lack in shown(company, cast, clock).lacks}
    assert set(lacks) == {
        ("fact", "tax_number"), ("fact", "country"), ("fact", "industry"), ("fact", "phone"), ("log", ""), ("task", ""),
    }  # fmt: skip
    assert lacks[("log", "")] == 15
    assert lacks[("fact", "phone")] == 25
    assert {name for mend, name in lacks if mend == "fact"} <= set(inline.NAMES["company"])


def test_a_full_card_lacks_nothing(kept, cast, clock):
    company = kept(
        tax_number="5260250274", phone="+48 22 555 01 97", city="Lodz", country="Poland", industry="Steel",
        completeness=1, validity=1,
    )  # fmt: skip
    make_activity(cast.manager, clock.now, company=company)
    make_task(cast.manager, clock.now, company=company)
    quality = shown(company, cast, clock)
    assert (quality.value, quality.lacks, quality.tone) == (100, [], "good")
