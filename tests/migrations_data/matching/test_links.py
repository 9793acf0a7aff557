"""What the import links by itself: the source's own key, a valid tax number under an alike name, and nothing else."""

import pytest

from crm import tax
from crm.models import Company, Contact
from migrations_data.models import ImportRow, Outcome
from tests.factories.crm import make_company
from tests.migrations_data.tables import run

pytestmark = pytest.mark.django_db

HEAD = "id,company,nip,phone,email,city,employees\n"
VALID, OTHER = "525-000-77-38", "634-638-47-94"


def load(cast, clock, *lines):
    return run(cast.admin, clock.now, {"companies.csv": HEAD + "\n".join(lines) + "\n"})


def here_is(cast, name, number):
    return make_company(cast.manager, name=name, tax_number=number, tax_key=tax.key(number))


def reasons(of):
    return dict(ImportRow.objects.filter(sheet__file__of_import=of, number__gt=1).values_list("number", "code"))


def test_a_valid_tax_number_under_an_alike_name_links(cast, clock):
    here = here_is(cast, "Alfa Sp. z o.o.", VALID)
    load(cast, clock, "1,ALFA,5250007738,,,Kraków,70")
    here.refresh_from_db()
    assert (Company.objects.count(), here.employees) == (1, 70)


@pytest.mark.parametrize(
    ("name", "number"),
    [("Alfa S.A.", VALID), ("Omega Foods", VALID), ("Alfa Sp. z o.o.", "525-000-77-39")],
    ids=["another legal form", "another name", "check digits are wrong"],
)
def test_a_tax_number_that_is_contradicted_does_not_link(cast, clock, name, number):
    here = here_is(cast, "Alfa Sp. z o.o.", number)
    load(cast, clock, f"1,{name},{number},,,Kraków,70")
    here.refresh_from_db()
    assert here.employees is None


def test_an_exact_name_with_the_same_mailbox_does_not_link(cast, clock):
    here = make_company(cast.manager, name="Alfa", email="office@alfa.example", city="Kraków")
    of = load(cast, clock, "1,Alfa,,,office@alfa.example,Kraków,70")
    here.refresh_from_db()
    assert here.employees is None
    assert ImportRow.objects.get(sheet__file__of_import=of, number=2).outcome == Outcome.ASKED


def test_one_key_with_two_tax_numbers_is_an_error_of_the_row(cast, clock):
    load(cast, clock, f"1,Alfa,{VALID},,,Kraków,70")
    again = load(cast, clock, f"1,Alfa,{OTHER},,,Kraków,70")
    assert reasons(again) == {2: "two_tax_numbers"}
    assert Company.objects.get().tax_key == "5250007738"


def test_a_key_of_somebody_who_shares_nothing_does_not_link(cast, clock):
    load(cast, clock, "1,Alfa Logistyka,,600100200,,Kraków,70")
    again = load(cast, clock, "1,Omega Foods,,604999111,,Gdynia,12")
    assert reasons(again) == {2: "key_of_another"}
    assert Company.objects.get().employees == 70


def test_a_company_that_deals_had_only_named_is_found_by_its_name(cast, clock):
    deals = "deal_id,account,deal_stage,close_value,close_date\nA1,Alfa,Won,100,2017-03-01\n"
    run(cast.admin, clock.now, {"pipeline.csv": deals})
    load(cast, clock, "1,Alfa,,600100200,,Kraków,70")
    assert Company.objects.get().employees == 70


def test_a_table_without_keys_is_known_again(cast, clock):
    table = {
        "people.csv": "first name,last name,e-mail,city\nAnna,Nowak,anna@nowak.example,Kraków\nJan,Kos,jan@kos.example,Gdynia\n"
    }
    run(cast.admin, clock.now, table)
    again = run(cast.admin, clock.now, table)
    assert set(
        ImportRow.objects.filter(sheet__file__of_import=again, number__gt=1).values_list("outcome", flat=True)
    ) == {Outcome.SKIPPED}
    assert Contact.objects.count() == 2
