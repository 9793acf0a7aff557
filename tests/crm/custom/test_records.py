"""Values of own fields on records: set, changed, cleared, kept in history, asked for by stages, found by lists."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import policy
from accounts.policy import Use
from accounts.refusals import NotAllowed
from crm.custom import BadValue
from crm.models import Company, CompanySettings, CompanyTimeline, CustomEntry
from crm.services import companies, contacts, deals, many
from crm.services.stages import RequiredFieldsMissing
from tests.factories.crm import make_company, make_contact, make_deal, make_field, make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields(db):
    """A field of each kind for companies, those by which lists are filtered."""
    options = {"options": ["Gold", "Silver", "Łódź"], "in_list": True}
    return {
        "text": make_field(key="text", label="Text", in_list=True),
        "number": make_field(key="number", kind="number", label="Number", in_list=True),
        "money": make_field(key="money", kind="money", label="Money", in_list=True),
        "date": make_field(key="date", kind="date", label="Date", in_list=True),
        "choice": make_field(key="choice", kind="choice", label="Choice", **options),
        "choices": make_field(key="choices", kind="choices", label="Choices", **options),
        "user": make_field(key="user", kind="user", label="User", in_list=True),
        "plain": make_field(key="plain", label="Not in lists"),
    }


def rows(record, field):
    """What lists find a record by."""
    found = CustomEntry.objects.filter(record=record.pk, field=field).order_by("text")
    return [(row.text, row.number, row.day) for row in found]


def test_every_record_takes_values_by_their_keys(cast, clock):
    for noun in ("company", "contact", "deal"):
        make_field(noun=noun, key="fleet", kind="number", label="Fleet")
    make_stage()
    given = {"by": cast.manager, "at": clock.now, "custom": {"fleet": "12"}}
    company, contact = companies.add(name="Acme", **given), contacts.add(name="Nadia", **given)
    deal = deals.add(title="Trucks", **given)
    for record in (company, contact, deal):
        record.refresh_from_db()
        assert record.custom == {"fleet": "12"}
    companies.edit(company=company, by=cast.manager, at=clock.now, custom={"fleet": "13"})
    contacts.edit(contact=contact, by=cast.manager, at=clock.now, custom={"fleet": 14})
    deals.edit(deal=deal, by=cast.manager, at=clock.now, custom={"fleet": None})
    assert [record.custom for record in (company, contact, deal)] == [{"fleet": "13"}, {"fleet": "14"}, {}]


def test_only_the_given_keys_change_in_one_version(cast, clock, fields):
    company = companies.add(by=cast.manager, at=clock.now, name="Acme", custom={"text": "one", "number": 5})
    clock.set("2026-10-20 11:00")
    companies.edit(
        company=company, by=cast.manager, at=clock.now, name="Acme Ltd", custom={"text": "two", "date": "2026-12-01"}
    )
    versions = CompanyTimeline.objects.filter(id=company.pk).order_by("from_at")
    assert [(one.name, one.custom) for one in versions] == [
        ("Acme", {"text": "one", "number": "5"}),
        ("Acme Ltd", {"text": "two", "number": "5", "date": "2026-12-01"}),
    ]
    companies.edit(company=company, by=cast.manager, at=clock.now, custom={"text": "two"})
    assert versions.count() == 2, "the same value again is no version"


def test_what_is_refused_changes_nothing(cast, clock, fields):
    company = companies.add(by=cast.manager, at=clock.now, name="Acme", custom={"text": "one"})
    with pytest.raises(BadValue):
        companies.edit(company=company, by=cast.manager, at=clock.now, name="Other", custom={"number": "a lot"})
    company.refresh_from_db()
    assert (company.name, company.custom) == ("Acme", {"text": "one"})


def test_who_may_not_write_own_fields_does_not(cast, clock, fields, monkeypatch):
    rule = policy._by_model[Company]
    hidden = {cast.manager.role: frozenset({"custom"})}
    monkeypatch.setitem(policy._by_model, Company, policy.Rule(Company, rule.reach, rule.fields, hidden))
    with pytest.raises(NotAllowed):
        companies.add(by=cast.manager, at=clock.now, name="Acme", custom={"text": "one"})
    assert "custom" not in policy.fields(cast.manager, Company, Use.READ)


def test_a_retired_field_keeps_its_values_through_an_edit(cast, clock, fields):
    company = make_company(cast.manager, custom={"text": "kept", "gone": "old"})
    companies.edit(company=company, by=cast.manager, at=clock.now, custom={"number": 1})
    assert company.custom == {"text": "kept", "gone": "old", "number": "1"}


def test_a_stage_may_ask_for_an_own_field(cast, clock):
    make_field(noun="deal", key="site", label="Delivery site")
    first = make_stage("New", position=0)
    offer = make_stage("Offer", position=1, required_fields=["custom.site", "custom.retired"])
    deal = make_deal(cast.manager, stage=first)
    with pytest.raises(RequiredFieldsMissing) as refused:
        deals.move(deal=deal, to=offer, by=cast.manager, at=clock.now)
    assert refused.value.fields == ["custom.site"]
    assert "Delivery site" in str(refused.value.message)
    deals.edit(deal=deal, by=cast.manager, at=clock.now, custom={"site": "Gdynia"})
    assert deals.move(deal=deal, to=offer, by=cast.manager, at=clock.now).stage == offer


def test_an_import_brings_values_and_changes_the_given_ones(cast, clock, fields):
    home = CompanySettings.current()
    draft = many.company(
        by=cast.admin, home=home, owner=cast.manager, external_id="k1", name="Acme", custom={"text": "one", "user": cast.teammate}
    )  # fmt: skip
    many.add_companies(by=cast.admin, at=clock.now, drafts=[draft])
    company = Company.objects.get(external_id="k1")
    assert company.custom == {"text": "one", "user": cast.teammate.pk}
    changed = many.amend(company, by=cast.admin, home=home, changes={"custom": {"number": Decimal("2.50")}})
    many.save(by=cast.admin, at=clock.now, records=[company], names=changed)
    company.refresh_from_db()
    assert company.custom == {"text": "one", "user": cast.teammate.pk, "number": "2.5"}
    assert many.amend(company, by=cast.admin, home=home, changes={"custom": {"number": "2.5"}}) == set()


def test_lists_find_a_record_by_each_kind(cast, clock, fields):
    values = {
        "text": "ŁÓDŹ " + "x" * 300, "number": "-2.5", "money": [1_200_050, "EUR"], "date": "2026-12-01", "choice": "Gold",
        "choices": ["Łódź", "Silver"], "user": cast.teammate.pk, "plain": "not kept",
    }  # fmt: skip
    company = companies.add(by=cast.manager, at=clock.now, name="Acme", custom=values)
    assert rows(company, fields["text"]) == [(("łódź " + "x" * 300)[:200], None, None)]
    assert rows(company, fields["number"]) == [("", Decimal("-2.5"), None)]
    assert rows(company, fields["money"]) == [("eur", Decimal(1_200_050), None)]
    assert rows(company, fields["date"]) == [("", None, date(2026, 12, 1))]
    assert rows(company, fields["choice"]) == [("gold", None, None)]
    assert rows(company, fields["choices"]) == [("silver", None, None), ("łódź", None, None)]
    assert rows(company, fields["user"]) == [("", Decimal(cast.teammate.pk), None)]
    assert rows(company, fields["plain"]) == []


def test_what_lists_find_follows_every_change(cast, clock, fields):
    company = companies.add(
        by=cast.manager, at=clock.now, name="Acme", custom={"text": "one", "choices": ["Gold", "Silver"]}
    )
    companies.edit(company=company, by=cast.manager, at=clock.now, custom={"choices": ["Silver"], "number": 3})
    assert rows(company, fields["choices"]) == [("silver", None, None)]
    assert rows(company, fields["number"]) == [("", Decimal(3), None)]
    assert rows(company, fields["text"]) == [("one", None, None)]
    companies.edit(company=company, by=cast.manager, at=clock.now, custom={"text": "", "choices": [], "number": None})
    assert not CustomEntry.objects.filter(record=company.pk).exists()


def test_records_of_another_noun_with_the_same_id_are_left_alone(cast, clock):
    fields = {noun: make_field(noun=noun, key="same", label="Same", in_list=True) for noun in ("company", "contact")}
    company = make_company(cast.manager, custom={"same": "a"})
    contact = make_contact(cast.manager, pk=company.pk, custom={"same": "b"})
    companies.edit(company=company, by=cast.manager, at=clock.now, custom={"same": ""})
    assert rows(contact, fields["contact"]) == [("b", None, None)]
    assert rows(company, fields["company"]) == []


def test_a_record_without_own_values_costs_no_more(cast, clock, fields):
    with CaptureQueriesContext(connection) as captured:
        make_company(cast.manager)
    assert len(captured) == 1
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) UPDATE crm_company SET city = 'Gdynia'")
        [plan] = cursor.fetchone()[0]
    assert "custom_changed" not in [trigger["Trigger Name"] for trigger in plan["Triggers"]]
