"""Clients of every sort: people who buy themselves, important ones, amounts in several currencies, keys of people and products."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from crm.models import Company, Contact, Deal, Purchase
from tests.factories.crm import make_contact
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, sheet_of

pytestmark = pytest.mark.django_db
PEOPLE = "contact_id,first_name,last_name,city\n17,Maria,Silva,Porto\n18,Jan,Kos,Radom\n"


def test_a_deal_of_a_person_reaches_the_person(clock, cast):
    deals = (
        "deal_id,title,customer,owner,stage,amount\nD1,Kitchen,17,Anna Manager,New,500\nD2,Bath,99,Anna Manager,New,5\n"
    )
    done = tables.run(cast.admin, clock.now, {"contacts.csv": PEOPLE, "deals.csv": deals})
    deal = Deal.objects.get()
    assert (list(deal.contacts.all()), deal.company) == ([Contact.objects.get(name="Maria Silva")], None)
    assert sheet_of(done, "deals").rows.get(outcome="rejected").code == "company_unknown"
    again = tables.run(cast.admin, clock.now, {"contacts.csv": PEOPLE, "deals.csv": deals})
    assert counts(again)["deals"] == (2, 0, 0, 1, 1)


def test_sheets_that_both_number_from_one_keep_their_clients_apart(clock, cast):
    suppliers = [
        ["id supplier", "company", "industry", "city"],
        [1, "Green Thumb", "Seeds", "Radom"],
        [2, "Herb House", "Seeds", "Opole"],
    ]
    carriers = [
        ["id carrier", "company", "industry", "city"],
        [1, "Zippy Freight", "Carriage", "Gdynia"],
        [2, "EZ Does It", "Carriage", "Lublin"],
    ]
    orders = [["deal id", "id carrier", "title", "stage", "amount"], [7, 2, "Shipping in May", "New", 50]]
    book = tables.workbook({"supplier companies": suppliers, "carrier companies": carriers, "deals": orders})
    done = tables.run(cast.admin, clock.now, {"book.xlsx": book})
    assert Company.objects.count() == 4
    assert Deal.objects.get().company == Company.objects.get(name="EZ Does It")
    again = tables.run(cast.admin, clock.now, {"book.xlsx": book})
    assert {kind: figures[1:3] for kind, figures in counts(again).items()} == {"companies": (0, 0), "deals": (0, 0)}
    assert done.pk != again.pk


def test_what_a_person_bought_hangs_on_a_company_of_the_name(clock, cast):
    bought = "invoice_no,client_id,invoice_date,amount,currency\nF1,17,2025-03-01,100.50,USD\nF2,17,2025-03-02,7,zł\nF3,18,2025-03-02,8,\n"
    done = tables.run(cast.admin, clock.now, {"contacts.csv": PEOPLE, "invoices.csv": bought})
    assert counts(done)["purchases"] == (3, 3, 0, 0, 0)
    assert set(Purchase.objects.values_list("number", "company__name", "amount_minor", "currency")) == {
        ("F1", "Maria Silva", 10050, "USD"),
        ("F2", "Maria Silva", 700, "PLN"),
        ("F3", "Jan Kos", 800, "EUR"),
    }
    assert Contact.objects.get(name="Maria Silva").company.name == "Maria Silva"
    again = tables.run(cast.admin, clock.now, {"contacts.csv": PEOPLE, "invoices.csv": bought})
    assert counts(again)["purchases"] == (3, 0, 0, 3, 0)
    assert Company.objects.count() == 2


def test_important_clients_get_the_tag_that_alerts(clock, cast):
    table = "id,company,vip client,phone,industry\n1,Birch,1.0,+48 600 100 200; +48 600 100 201,Retail\n2,Cedar,0,,IT\n"
    tables.run(cast.admin, clock.now, {"companies.csv": table})
    birch, cedar = Company.objects.order_by("name")
    assert [tag.name for tag in birch.tags.all()] == ["VIP"]
    assert not cedar.tags.exists()
    assert birch.phone == "+48 600 100 200"
    assert birch.note == "phone: +48 600 100 201"


def test_people_and_products_are_known_by_the_keys_of_their_lists(clock, cast):
    files = {
        "employees.csv": "employee id,first name,last name,department\n7,Karen,Berg,Sales West\n8,Michael,Emanuel,Sales West\n",
        "products.csv": "product id,product name,price\n138,Lawn fertilizer,12\n93,Edger,17\n",
        "deals.csv": "deal_id,title,account,owner,product,stage,amount\nD1,Spring,Birch,7,138,New,5\nD2,Fall,Birch,8,93,New,6\n",
    }
    done = tables.run(cast.admin, clock.now, files)
    assert counts(done)["deals"] == (2, 2, 0, 0, 0), list(sheet_of(done, "deals").rows.values_list("code", "detail"))
    spring = Deal.objects.get(title="Spring")
    assert (spring.owner.full_name, spring.lines.get().product.name) == ("Karen Berg", "Lawn fertilizer")
    later = {"deals.csv": "deal_id,title,account,owner,product,stage,amount\nD3,Winter,Birch,8,138,New,5\n"}
    tables.run(cast.admin, clock.now, later)
    winter = Deal.objects.get(title="Winter")
    assert (winter.owner, winter.lines.get().product.name) == (
        User.objects.get(full_name="Michael Emanuel"), "Lawn fertilizer",
    )  # fmt: skip


def test_many_companies_and_deals_cost_as_many_statements_as_one(clock, cast):
    head = "deal_id,title,account,contact person,owner,stage,amount\n"

    def spent(rows):
        with CaptureQueriesContext(connection) as captured:
            tables.run(cast.admin, clock.now, {"deals.csv": head + "\n".join(rows) + "\n"})
        return len(captured)

    spent(["A0,Warm,Firm,Per,Anna Manager,New,1"])
    one = spent(["B1,Deal,Firm B,Per B,Anna Manager,New,1"])
    many = spent([f"C{n},Deal {n},Firm C{n},Per C{n},Anna Manager,New,1" for n in range(40)])
    assert many <= one + 2, (one, many)


def test_deals_of_a_person_about_whom_somebody_is_asked_wait(clock, cast):
    known = make_contact(cast.manager, "Maria Silva")
    known.emails.create(address="maria@example.com")
    people = "contact_id,first_name,last_name,email\n17,Maria,Silva,maria@example.com\n"
    deals = "deal_id,title,contact,owner,stage,amount\nD1,Kitchen,17,Anna Manager,New,500\nD2,Bath,Maria Silva,Anna Manager,New,5\n"
    done = tables.run(cast.admin, clock.now, {"contacts.csv": people, "deals.csv": deals})
    assert sheet_of(done, "contacts").asked == 1
    assert sheet_of(done, "deals").asked == 2
    assert Contact.objects.count() == 1
