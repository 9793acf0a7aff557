"""Each class of fault: what it finds in a table with that fault, and that a clean row is left alone."""

import pytest

from crm.models import Company, Contact, Deal
from migrations_data.audit import FAULTS
from migrations_data.models import AuditLine, Import
from migrations_data.services import audit
from tests.factories.crm import make_activity, make_company, make_contact, make_task
from tests.factories.people import make_user
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db


def imported(cast, clock, **files):
    """The import of these tables, audited; names of files without their ending."""
    texts = {f"{name}.csv": "\n".join(lines) + "\n" for name, lines in files.items()}
    made = tables.run(cast.admin, clock.now, texts)
    assert made.status == "done", made.error
    return made


def names(of, code):
    """The names of the records with a fault of this class."""
    models = {"company": (Company, "name"), "contact": (Contact, "name"), "deal": (Deal, "title")}
    found = []
    for line in AuditLine.objects.filter(of_import=of, code=code).order_by("pk"):
        model, field = models[line.record_type]
        found.append(getattr(model.objects.get(pk=line.record_id), field))
    return sorted(found)


def line(of, code):
    """The one line of a class, in words."""
    one = AuditLine.objects.get(of_import=of, code=code)
    return FAULTS[code].line(one.detail)


def contacts(*rows):
    return ["full name,e-mail,phone,company", *rows]


def test_numbers_that_were_made_up_or_cannot_exist(cast, clock):
    of = imported(
        cast, clock,
        contacts=contacts(
            "Olga Bak,olga@elbe.pl,+48 601 555 198,Elbe", "Igor Rys,igor@elbe.pl,123-456-789,Elbe", "Ewa Dab,ewa@elbe.pl,00000000,Elbe",
            "Jan Sum,jan@elbe.pl,+48 12 34,Elbe",
        ),
    )  # fmt: skip
    assert names(of, "fake_phones") == ["Ewa Dab", "Igor Rys"]
    assert names(of, "dead_phones") == ["Jan Sum"]
    assert line(of, "dead_phones") == "phone: +48 12 34"


def test_mails_that_were_made_up_or_are_none(cast, clock):
    of = imported(
        cast, clock,
        contacts=contacts(
            "Olga Bak,olga@elbe.pl,,Elbe", "Igor Rys,test@test.com,,Elbe", "Ewa Dab,ewa.elbe.pl,,Elbe", "Jan Sum,NULL,,Elbe",
        ),
    )  # fmt: skip
    assert names(of, "fake_mails") == ["Igor Rys"]
    assert names(of, "dead_mails") == ["Ewa Dab"]
    assert names(of, "unreachable") == ["Ewa Dab", "Jan Sum"]


def test_one_number_or_mailbox_of_many(cast, clock):
    of = imported(
        cast, clock,
        contacts=contacts(
            *(f"{name},office@elbe.pl,+48 601 555 198,Elbe" for name in ("Olga Bak", "Igor Rysz", "Ewa Wolna")), "Jan Sum,jan@elbe.pl,,Elbe"
        ),
    )  # fmt: skip
    assert names(of, "shared_phones") == names(of, "shared_mails") == ["Ewa Wolna", "Igor Rysz", "Olga Bak"]
    assert AuditLine.objects.filter(code="shared_phones").first().detail["n"] == 3


def test_names_that_are_none(cast, clock):
    of = imported(
        cast, clock,
        contacts=contacts("abc,a@elbe.pl,,Elbe", "Test 2,b@elbe.pl,,Elbe", "Xxxx,c@elbe.pl,,Elbe", "Abcher Olga,d@elbe.pl,,Elbe"),
    )  # fmt: skip
    assert [name.lower() for name in names(of, "filler_names")] == ["abc", "test 2", "xxxx"]


def test_companies_that_nobody_knows_anybody_at_and_that_nobody_works_on(cast, clock):
    of = imported(
        cast, clock,
        companies=["company name,industry,phone", "Elbe,Ships,+48 22 555 01 97", "Oder,Ships,"],
        contacts=contacts("Olga Bak,olga@elbe.pl,,Elbe"),
    )  # fmt: skip
    assert names(of, "no_person") == ["Oder"]
    assert names(of, "unreachable") == ["Oder"]
    assert names(of, "no_next_step") == ["Elbe", "Oder"]
    make_task(cast.manager, clock.now, company=Company.objects.get(name="Elbe"))
    make_contact(cast.manager, company=Company.objects.get(name="Oder"))
    audit.take(of=of, at=clock.now)
    assert names(of, "no_next_step") == ["Oder"]
    assert names(of, "no_person") == []


def test_deals_that_stand_still_are_late_or_have_made_up_amounts(cast, clock):
    of = imported(
        cast, clock,
        deals=[
            "deal id,title,company,stage,amount,expected close", "D1,Hull,Elbe,Offer,1200,2026-12-01", "D2,Mast,Elbe,Offer,999999,2026-01-31",
            "D3,Keel,Oder,Won,0,", "D4,Rope,Oder,Offer,1.00,2026-12-02",
        ],
    )  # fmt: skip
    assert names(of, "late_close") == ["Mast"]
    assert line(of, "late_close") == "was expected to close on 2026-01-31"
    assert names(of, "filler_amounts") == ["Keel", "Mast", "Rope"]
    assert names(of, "no_activity") == ["Hull", "Mast", "Rope"]
    make_activity(cast.manager, clock.now, deal=Deal.objects.get(title="Mast"))
    audit.take(of=of, at=clock.now)
    assert names(of, "no_activity") == ["Hull", "Rope"]


def test_figures_that_only_a_note_keeps_are_looked_at_too(cast, clock):
    spent = [("Elbe", "120"), ("Oder", "999999"), ("Nysa", "abc"), ("Bug", "0"), ("Vistula", "77"), ("San", "410")]
    spent += [(f"Client {letter}", "12") for letter in "QWERTYUIOP"]
    of = imported(
        cast, clock, companies=["id,company name,industry,points", *(f"{n},{name},Ships,{much}" for n, (name, much) in enumerate(spent))],
    )  # fmt: skip
    assert names(of, "filler_amounts") == ["Nysa", "Oder"]


@pytest.fixture
def colleagues(cast):
    return [make_user(name, team=cast.team) for name in ("Anna Kos", "Jan Lis")]


def test_rows_that_contradict_each_other(cast, clock, colleagues):
    of = imported(
        cast, clock,
        companies=[
            "id,company name,industry,city,owner", "1,Elbe,Ships,Gdynia,Anna Kos", "1,Elbe,Ships,Gdynia,Jan Lis", "2,Oder,Ships,Sopot,Anna Kos",
            "2,Oder,Ships,Sopot,Anna Kos", "3,Vistula,Ships,Hel,Jan Lis", "3,Bug,Ships,Hel,Jan Lis", "4,Nysa,Ships,Ustka,Jan Lis",
            "4,Nysa,Ships,Hel,Jan Lis",
        ],
        deals=["deal id,title,company,stage,amount", "D1,Hull,Elbe,Offer,1200", "D1,Hull,Elbe,Contract,1200"],
    )  # fmt: skip
    assert names(of, "two_owners") == ["Elbe"]
    assert line(of, "two_owners") == "Anna Kos in row 2, Jan Lis here"
    assert names(of, "two_names") == ["Vistula"]
    assert names(of, "other_values") == ["Nysa"]
    assert line(of, "other_values") == "city: Ustka in row 8, Hel here"
    assert names(of, "two_stages") == ["Hull"]
    assert names(of, "copies") == ["Elbe", "Hull", "Nysa", "Oder", "Vistula"]


def test_clients_that_may_be_here_already(cast, clock):
    of = imported(cast, clock, companies=["id,company name,industry,phone", "1,Elbe Ships,Ships,+48 22 555 01 97"])
    assert not AuditLine.objects.filter(code="lookalikes").exists()
    there = Company.objects.get(name="Elbe Ships")
    twin = make_company(cast.manager, "Elbe Ships", phone=there.phone, phone_reversed=there.phone_reversed)
    audit.take(of=of, at=clock.now)
    assert AuditLine.objects.get(code="lookalikes").detail["other"] == twin.pk
    assert line(of, "lookalikes").startswith("another client has the same ")


def test_clients_that_one_person_alone_knows(cast, clock, colleagues):
    of = imported(
        cast, clock,
        companies=["id,company name,industry,owner", "1,Elbe,Ships,Anna Kos", "2,Oder,Ships,Anna Kos", "3,Bug,Ships,Jan Lis"],
        deals=[
            "deal id,title,company,owner,stage,amount", "D1,Hull,Elbe,Anna Kos,Offer,1200", "D2,Keel,Oder,Jan Lis,Offer,1200",
        ],
    )  # fmt: skip
    assert names(of, "one_person") == ["Elbe"]
    assert line(of, "one_person") == "known to Anna Kos alone"


def test_taking_it_again_changes_nothing(cast, clock):
    of = imported(cast, clock, contacts=contacts("abc,test@test.com,123-456-789,Elbe", "Olga Bak,olga@elbe.pl,,Oder"))
    before = list(AuditLine.objects.values_list("code", "record_type", "record_id", "row", "detail"))
    assert before
    audit.take(of=of, at=clock.now)
    assert list(AuditLine.objects.values_list("code", "record_type", "record_id", "row", "detail")) == before


def test_an_audit_that_breaks_off_does_not_stop_the_import(cast, clock, monkeypatch):
    monkeypatch.setattr(audit, "Looking", None)
    of = imported(cast, clock, contacts=contacts("Olga Bak,olga@elbe.pl,,Elbe"))
    assert Import.objects.get(pk=of.pk).status == "done"
    assert not AuditLine.objects.exists()


def test_statements_do_not_grow_with_the_rows(cast, clock, django_assert_max_num_queries):
    rows = [f"Client {n} Bak,test@test.com,123-456-789,Elbe {n}" for n in range(60)]
    of = imported(cast, clock, contacts=contacts(*rows))
    with django_assert_max_num_queries(60):
        audit.take(of=of, at=clock.now)
