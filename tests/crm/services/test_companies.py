"""Companies: entered once, found by their keys, changed by those who may."""

from decimal import Decimal

import pytest

from accounts.refusals import NotAllowed, Refused
from crm.models import Company, CompanySettings, CompanyTimeline, Source
from crm.services import companies, shares
from crm.services.base import KeyTaken, Missing, OwnerGone, StaleRecord
from crm.services.text import OutOfRange, TooLong
from tests.factories.crm import make_company, make_contact, make_deal, make_task

pytestmark = pytest.mark.django_db

WHOLE = {
    "tax_number": "525-000-77-38",
    "domain": "https://www.zolw.pl/kontakt",
    "phone": "600 100 200",
    "email": "biuro@zolw.pl",
    "city": "Łódź",
    "country": "Polska",
    "industry": "Transport",
}


@pytest.fixture
def add(cast, clock):
    def one(name="Żółw Sp. z o.o.", by=None, **words):
        return companies.add(by=by or cast.manager, at=clock.now, name=name, **words)

    return one


def told(refusal):
    return str(refusal.value.message)


def test_a_new_company_belongs_to_who_entered_it_and_has_its_keys(add, cast, clock):
    company = add("  Żółw   Sp. z o.o. ", **WHOLE)
    assert (company.owner, company.created_by, company.recorded_at) == (cast.manager, cast.manager, clock.now)
    assert company.name == "Żółw Sp. z o.o."
    assert company.name_key == "zolw sp z o o"
    assert (company.tax_key, company.domain_key, company.phone_reversed) == ("5250007738", "zolw.pl", "00200100684")


def test_a_whole_card_is_complete_and_valid(add):
    company = add(**WHOLE)
    assert (company.completeness, company.validity) == (1, 1)


def test_a_card_with_a_wrong_tax_number_and_little_else_is_neither(add):
    company = add(tax_number="525-000-77-39", country="Polska", phone="600 100 200")
    assert (company.completeness, company.validity) == (Decimal("0.667"), Decimal("0.5"))


def test_the_quality_follows_an_edit(add, cast, clock):
    company = add(**WHOLE | {"email": ""})
    companies.edit(company=company, by=cast.manager, at=clock.now, tax_number="", domain="")
    assert (company.completeness, company.validity) == (Decimal("0.833"), 1)


def test_numbers_without_a_prefix_are_read_in_the_country_of_the_installation(add):
    CompanySettings.objects.create(pk=1, country="ES", currency="PLN")
    company = add("Sol", phone="612 34 56 78")
    assert (company.phone_reversed, company.validity, company.currency) == ("87654321643", 1, "PLN")


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"name": "   "}, Missing, "name"),
        ({"name": "x" * 201}, TooLong, "name"),
        ({"name": "A", "founded": 99_999}, OutOfRange, "founded"),
        ({"name": "A", "revenue_minor": -1}, OutOfRange, "revenue_minor"),
        ({"name": "A", "currency": "EURO"}, Refused, "currency"),
    ],
)
def test_what_its_column_cannot_keep_is_refused_with_the_field(add, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        add(**facts)
    assert refused.value.field == field
    assert told(refused)


def test_a_float_is_no_amount(add):
    with pytest.raises(TypeError, match="revenue_minor"):
        add(revenue_minor=10.5)


def test_a_field_that_services_keep_themselves_cannot_be_sent(add):
    with pytest.raises(TypeError, match="name_key"):
        add(name_key="x")


@pytest.mark.parametrize(
    ("facts", "field", "why"),
    [
        ({"name": "Quite another", "tax_number": "5250007738"}, "tax_number", "tax number"),
        ({"name": "Quite another", "tax_number": "PL 525-000-77-38"}, "tax_number", "tax number"),
        ({"name": "Quite another", "domain": "zolw.pl"}, "domain", "site"),
        ({"name": "Quite another", "email": "kowalski@ZOLW.pl"}, "domain", "site"),
        ({"name": "Quite another", "phone": "+48 600-100-200"}, "phone", "phone"),
        ({"name": "ŻÓŁW S.A."}, "name", "similar name"),
        ({"name": "Zolww"}, "name", "similar name"),
    ],
)
def test_a_company_that_may_be_there_is_told_before_it_is_entered_twice(add, facts, field, why):
    there = add(**WHOLE)
    with pytest.raises(companies.Duplicate) as warned:
        add(**facts)
    assert warned.value.field == field
    assert there.name in told(warned)
    assert why in told(warned)
    assert [alike.company for alike in warned.value.alike] == [there]
    assert Company.objects.count() == 1
    assert add(**facts, overridden=True).pk != there.pk


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Quite another", "tax_number": "5250007738"},
        {"name": "Quite another", "domain": "zolw.pl"},
        {"name": "Quite another", "phone": "600100200"},
        {"name": "Zolw Ltd"},
    ],
)
def test_of_a_company_out_of_reach_one_learns_only_that_it_is_there(add, cast, facts):
    hidden = add(**WHOLE)
    with pytest.raises(companies.Duplicate) as warned:
        add(**facts, by=cast.stranger)
    assert "is already in the CRM. Ask your head about it." in told(warned)
    assert hidden.name not in told(warned)
    assert [alike.company for alike in warned.value.alike] == [None]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GTXPro", "GTX Pro"),
        ("ООО «Ромашка»", "Ромашка"),
        ("Kowalski i Synowie Sp. z o.o.", "Kowalski i Synowie"),
        ("Acme Trading Ltd", "Acme Tradng"),
    ],
)
def test_names_that_mean_one_company_are_alike(add, one, other):
    add(one)
    with pytest.raises(companies.Duplicate):
        add(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme", "Acme Logistics"), ("Depot 1", "Depot 2"), ("Anna Nowak", "Anna Zielińska"), ("AS Roma", "AS Monaco")],
)
def test_names_that_only_begin_alike_are_not(add, one, other):
    add(one)
    assert add(other).pk


def test_an_address_at_a_mail_provider_says_nothing(add):
    add("Jan Kowalski", email="jan@gmail.com")
    assert add("Ewa Nowak", email="ewa@gmail.com").domain_key == ""


def test_a_deleted_company_is_nobodys_duplicate(add, cast, clock):
    companies.delete(company=add(**WHOLE), by=cast.manager, at=clock.now)
    assert add(**WHOLE).pk


def test_a_company_is_not_its_own_duplicate(add, cast):
    company = add(**WHOLE)
    assert companies.alike(by=cast.manager, name=company.name, tax_number="5250007738", leave_out=company) == []


def test_the_same_key_of_the_same_source_brings_back_the_company(add):
    first = add("Acme", source=Source.API, external_id="c-1")
    assert add("Acme again", source=Source.API, external_id="c-1") == first
    assert add("Acme too", source=Source.IMPORT, external_id="c-1", overridden=True) != first


def test_a_key_that_stands_for_a_record_out_of_reach_is_refused(add, cast):
    add("Acme", source=Source.API, external_id="c-1")
    with pytest.raises(KeyTaken):
        add("Other", by=cast.stranger, source=Source.API, external_id="c-1")


def test_a_colleague_who_left_gets_no_company(add, cast, clock):
    cast.teammate.is_active = False
    with pytest.raises(OwnerGone):
        add(owner=cast.teammate)
    with pytest.raises(OwnerGone):
        companies.give(company=add(), to=cast.teammate, by=cast.manager, at=clock.now)


@pytest.mark.parametrize("who", ["teammate", "stranger", "other_head", "owner", "admin"])
@pytest.mark.parametrize("verb", ["edit", "give", "delete"])
def test_who_does_not_reach_a_company_changes_nothing(add, cast, clock, who, verb):
    company = add()
    words = {"edit": {"name": "Taken"}, "give": {"to": cast.stranger}, "delete": {}}[verb]
    with pytest.raises(NotAllowed):
        getattr(companies, verb)(company=company, by=getattr(cast, who), at=clock.now, **words)
    company.refresh_from_db()
    assert (company.name, company.owner, company.deleted_at) == ("Żółw Sp. z o.o.", cast.manager, None)


def test_a_reader_enters_no_company(add, cast):
    with pytest.raises(NotAllowed):
        add(by=cast.owner)


def test_a_colleague_with_a_shared_company_edits_it_but_neither_gives_nor_deletes_it(add, cast, clock):
    company = add()
    shares.share(record=company, with_=cast.stranger, by=cast.manager, at=clock.now)
    companies.edit(company=company, by=cast.stranger, at=clock.now, city="Kraków")
    assert company.changed_by == cast.stranger
    with pytest.raises(NotAllowed):
        companies.give(company=company, to=cast.stranger, by=cast.stranger, at=clock.now)
    with pytest.raises(NotAllowed):
        companies.delete(company=company, by=cast.stranger, at=clock.now)


def test_an_edit_leaves_the_old_version_and_says_who(add, cast, clock):
    company, before = add(), clock.now
    later = clock.set("2026-10-20 11:00")
    companies.edit(company=company, by=cast.head, at=later, city="Kraków")
    assert (company.city, company.changed_by, company.changed_at) == ("Kraków", cast.head, later)
    assert CompanyTimeline.objects.as_of(before).get(pk=company.pk).city == ""


def test_an_edit_that_changes_nothing_makes_no_version(add, cast, clock):
    company = add(**WHOLE)
    clock.set("2026-10-20 11:00")
    companies.edit(company=company, by=cast.head, at=clock.now, city=" Łódź ")
    assert CompanyTimeline.objects.filter(pk=company.pk).count() == 1
    assert company.changed_by == cast.manager


def test_an_edit_on_top_of_somebody_elses_is_refused(add, cast, clock):
    company = add()
    seen_at = company.changed_at
    clock.set("2026-10-20 11:00")
    companies.edit(company=company, by=cast.head, at=clock.now, city="Kraków")
    with pytest.raises(StaleRecord):
        companies.edit(company=company, by=cast.manager, at=clock.now, seen_at=seen_at, city="Gdańsk")
    companies.edit(company=company, by=cast.manager, at=clock.now, seen_at=company.changed_at, city="Gdańsk")
    assert company.city == "Gdańsk"


def test_a_company_cannot_be_a_part_of_itself(add, cast, clock):
    top, middle = add("Top"), add("Middle")
    companies.edit(company=middle, by=cast.manager, at=clock.now, parent=top)
    for parent in (top, middle):
        with pytest.raises(companies.PartOfItself):
            companies.edit(company=top, by=cast.manager, at=clock.now, parent=parent)


def test_a_company_is_not_hung_under_one_out_of_reach(add, cast):
    with pytest.raises(NotAllowed):
        add("Mine", parent=make_company(cast.stranger, "Theirs"))


def test_a_company_given_away_is_out_of_reach(add, cast, clock):
    company = add()
    companies.give(company=company, to=cast.stranger, by=cast.manager, at=clock.now)
    assert company.owner == cast.stranger
    assert not Company.objects.visible_to(cast.manager).exists()


@pytest.mark.parametrize("holds", ["contact", "deal", "task"])
def test_a_company_is_not_deleted_under_what_stands_on_it(add, cast, clock, holds):
    company = add()
    match holds:
        case "contact":
            make_contact(cast.manager, company=company)
        case "deal":
            make_deal(cast.manager, company=company)
        case "task":
            make_task(cast.manager, clock.now, company=company)
    with pytest.raises(companies.CompanyInUse):
        companies.delete(company=company, by=cast.manager, at=clock.now)


def test_a_deleted_company_is_gone_from_the_lists_and_stays_in_history(add, cast, clock):
    company, before = add(), clock.now
    companies.delete(company=company, by=cast.manager, at=clock.set("2026-10-20 11:00"))
    assert not Company.objects.visible_to(cast.manager).exists()
    assert CompanyTimeline.objects.as_of(before).get(pk=company.pk).deleted_at is None
    with pytest.raises(NotAllowed):
        companies.delete(company=company, by=cast.manager, at=clock.now)
