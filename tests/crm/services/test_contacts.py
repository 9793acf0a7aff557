"""Contacts: their phones, e-mails and employers, and who may be there already."""

from datetime import date

import pytest

from accounts.refusals import NotAllowed
from crm.models import Contact, Source
from crm.services import contacts, shares
from crm.services.base import Missing, OwnerGone, StaleRecord
from crm.services.channels import NotAnEmail, NotAPhone
from crm.services.employments import NotYet
from tests.factories.crm import make_company, make_contact, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(cast, clock):
    return make_company(cast.manager, "Acme")


@pytest.fixture
def add(cast, clock):
    def one(name="Łucja Nowak", by=None, **words):
        return contacts.add(by=by or cast.manager, at=clock.now, name=name, **words)

    return one


def employments(contact):
    return [(row.company.name, row.title, row.starts_on, row.ends_on) for row in contact.employments.all()]


def test_a_new_contact_has_its_phones_and_mails_once_and_in_order(add):
    contact = add(
        phones=["600 100 200", ("+48 22 123 45 67", "office"), "+48600100200", " "],
        emails=["L@Acme.pl", "l@acme.pl", ""],
    )
    assert [(row.number, row.label) for row in contact.phones.all()] == [
        ("600 100 200", ""),
        ("+48 22 123 45 67", "office"),
    ]
    assert [row.address for row in contact.emails.all()] == ["l@acme.pl"]


def test_a_new_contact_works_for_its_company_since_an_unknown_day(add, acme):
    contact = add(company=acme, title="Buyer")
    assert employments(contact) == [("Acme", "Buyer", None, None)]
    assert contact.folded == "lucja nowak buyer acme"


@pytest.mark.parametrize(
    ("words", "refusal", "field"),
    [
        ({"name": " "}, Missing, "name"),
        ({"phones": ["no digits"]}, NotAPhone, "phones"),
        ({"emails": ["no address"]}, NotAnEmail, "emails"),
    ],
)
def test_what_is_no_name_phone_or_mail_is_refused_with_the_field(add, words, refusal, field):
    with pytest.raises(refusal) as refused:
        add(**words)
    assert refused.value.field == field
    assert not Contact.objects.exists()


def test_nobody_is_put_into_a_company_out_of_reach(add, cast, acme):
    with pytest.raises(NotAllowed):
        add(by=cast.stranger, company=acme)


def test_a_reader_enters_no_contact(add, cast):
    with pytest.raises(NotAllowed):
        add(by=cast.owner)


@pytest.mark.parametrize(
    ("words", "field", "why"),
    [
        ({"name": "Other", "emails": ["X@x.pl", "LUCJA@acme.pl"]}, "emails", "e-mail"),
        ({"name": "Other", "phones": ["22 123 45 67", "+48 600-100-200"]}, "phones", "phone"),
        ({"name": "lucja NOWAK", "company": "acme"}, "name", "same name at the same company"),
    ],
)
def test_a_person_who_may_be_there_is_told_before_being_entered_twice(add, acme, words, field, why):
    there = add(company=acme, phones=["600 100 200"], emails=["lucja@acme.pl"])
    words = words | ({"company": acme} if "company" in words else {})
    with pytest.raises(contacts.Duplicate) as warned:
        add(**words)
    assert warned.value.field == field
    assert why in str(warned.value.message)
    assert [alike.contact for alike in warned.value.alike] == [there]
    assert add(**words, overridden=True).pk


def test_the_same_name_elsewhere_is_another_person(add, acme, cast):
    add(company=acme)
    assert add(company=make_company(cast.manager, "Beta")).pk
    assert add().pk


def test_of_a_person_out_of_reach_one_learns_only_that_he_is_there(add, cast):
    add("Secret Name", emails=["lucja@acme.pl"])
    with pytest.raises(contacts.Duplicate) as warned:
        add("Other", by=cast.stranger, emails=["lucja@acme.pl"])
    assert str(warned.value.message) == "A contact with this e-mail is already in the CRM. Ask your head about it."
    assert warned.value.alike[0].contact is None


def test_an_edit_replaces_the_phones_and_mails_it_brings_and_leaves_the_others(add, cast, clock):
    contact = add(phones=["600 100 200"], emails=["l@acme.pl"])
    contacts.edit(contact=contact, by=cast.manager, at=clock.now, phones=["601 100 200"])
    assert [row.number for row in contact.phones.all()] == ["601 100 200"]
    assert [row.address for row in contact.emails.all()] == ["l@acme.pl"]
    contacts.edit(contact=contact, by=cast.manager, at=clock.now, emails=["new@acme.pl"])
    assert "new" in contact.folded.split()


def test_an_edit_of_the_position_corrects_the_present_employment(add, cast, clock, acme):
    contact = add(company=acme, title="Buyer")
    contacts.edit(contact=contact, by=cast.manager, at=clock.now, title="Head buyer")
    assert employments(contact) == [("Acme", "Head buyer", None, None)]


def test_an_edit_of_the_company_is_a_move_as_of_today(add, cast, clock, acme):
    contact = add(company=acme, title="Buyer")
    beta = make_company(cast.manager, "Beta")
    contacts.edit(contact=contact, by=cast.manager, at=clock.now, company=beta)
    assert employments(contact) == [
        ("Beta", "Buyer", date(2026, 10, 20), None),
        ("Acme", "Buyer", None, date(2026, 10, 20)),
    ]
    assert contact.folded.endswith("beta")


def test_a_move_ends_one_employment_and_begins_the_next(add, cast, clock, acme):
    contact = add(company=acme, title="Buyer")
    beta = make_company(cast.manager, "Beta")
    contacts.move(contact=contact, to=beta, title="Director", on=date(2026, 9, 1), by=cast.manager, at=clock.now)
    assert (contact.company, contact.title) == (beta, "Director")
    contacts.move(contact=contact, to=None, title="", on=date(2026, 10, 1), by=cast.manager, at=clock.now)
    assert employments(contact) == [
        ("Beta", "Director", date(2026, 9, 1), date(2026, 10, 1)),
        ("Acme", "Buyer", None, date(2026, 9, 1)),
    ]


def test_a_move_to_where_he_is_does_nothing(add, cast, clock, acme):
    contact = add(company=acme, title="Buyer")
    contacts.move(contact=contact, to=acme, title="Buyer", on=date(2026, 9, 1), by=cast.manager, at=clock.now)
    assert employments(contact) == [("Acme", "Buyer", None, None)]


@pytest.mark.parametrize("on", [date(2026, 10, 21), date(2026, 8, 31)])
def test_a_move_from_tomorrow_or_before_the_present_job_began_is_refused(add, cast, clock, acme, on):
    contact = add()
    contacts.move(contact=contact, to=acme, title="", on=date(2026, 9, 1), by=cast.manager, at=clock.now)
    with pytest.raises(NotYet):
        contacts.move(contact=contact, to=None, title="", on=on, by=cast.manager, at=clock.now)
    contact.refresh_from_db()
    assert contact.company == acme


def test_a_move_to_a_company_out_of_reach_is_refused(add, cast, clock):
    theirs = make_company(cast.stranger, "Theirs")
    with pytest.raises(NotAllowed):
        contacts.move(contact=add(), to=theirs, title="", on=date(2026, 10, 1), by=cast.manager, at=clock.now)


@pytest.mark.parametrize("who", ["teammate", "stranger", "other_head", "owner", "admin"])
@pytest.mark.parametrize("verb", ["edit", "move", "give", "delete"])
def test_who_does_not_reach_a_contact_changes_nothing(add, cast, clock, who, verb):
    contact = add()
    words = {
        "edit": {"name": "Taken"},
        "move": {"to": None, "title": "x", "on": date(2026, 10, 1)},
        "give": {"to": cast.stranger},
        "delete": {},
    }[verb]
    with pytest.raises(NotAllowed):
        getattr(contacts, verb)(contact=contact, by=getattr(cast, who), at=clock.now, **words)
    contact.refresh_from_db()
    assert (contact.name, contact.title, contact.owner, contact.deleted_at) == ("Łucja Nowak", "", cast.manager, None)


def test_a_colleague_with_a_shared_contact_edits_it_but_does_not_give_it_away(add, cast, clock):
    contact = add()
    shares.share(record=contact, with_=cast.stranger, by=cast.manager, at=clock.now)
    contacts.edit(contact=contact, by=cast.stranger, at=clock.now, city="Kraków")
    with pytest.raises(NotAllowed):
        contacts.give(contact=contact, to=cast.stranger, by=cast.stranger, at=clock.now)


def test_an_edit_on_top_of_somebody_elses_is_refused(add, cast, clock):
    contact = add()
    seen_at = contact.changed_at
    clock.set("2026-10-20 11:00")
    contacts.edit(contact=contact, by=cast.head, at=clock.now, city="Kraków")
    with pytest.raises(StaleRecord):
        contacts.edit(contact=contact, by=cast.manager, at=clock.now, seen_at=seen_at, city="Gdańsk")


def test_a_contact_goes_to_an_active_colleague(add, cast, clock):
    contact = add()
    contacts.give(contact=contact, to=cast.teammate, by=cast.head, at=clock.now)
    assert contact.owner == cast.teammate
    cast.stranger.is_active = False
    with pytest.raises(OwnerGone):
        contacts.give(contact=contact, to=cast.stranger, by=cast.head, at=clock.now)


def test_a_contact_with_an_open_task_is_not_deleted(cast, clock):
    contact = make_contact(cast.manager)
    task = make_task(cast.manager, clock.now, contact=contact)
    with pytest.raises(contacts.ContactInUse):
        contacts.delete(contact=contact, by=cast.manager, at=clock.now)
    task.status = "done"
    task.save()
    contacts.delete(contact=contact, by=cast.manager, at=clock.now)
    assert not Contact.objects.visible_to(cast.manager).exists()


def test_the_same_key_of_the_same_source_brings_back_the_contact(add):
    first = add(source=Source.API, external_id="p-1")
    assert add("Somebody", source=Source.API, external_id="p-1") == first
