"""What records have beside their own columns, taken back: phones, e-mails, own fields, products."""

import pytest

from crm.models import Company, Contact, CustomKind, Deal, Noun, Product
from crm.services import fields
from crm.touched import EDITED
from migrations_data.models import ImportChange, Status
from migrations_data.services import undo, work
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db

FIRST = {
    "companies.csv": "id,name,city,phone,owner\nk1,Birch Labs,Poznan,,Ada North\n",
    "contacts.csv": "id,name,company,phone,email,owner\nc1,Jan Kos,Birch Labs,+48 601 234 567,jan@birch.example,Ada North\n",
}
NEWER = {
    "companies.csv": "id,name,city,phone,Fleet,owner\nk1,Birch Labs,Poznan,+48 22 765 43 21,Volvo,Ada North\n",
    "contacts.csv": "id,name,company,phone,email,owner\nc1,Jan Kos,Birch Labs,+48 22 123 45 67,office@birch.example,Ada North\n",
}


def test_phones_mails_and_own_fields_of_a_newer_table_go_again(clock, cast):
    fields.add(noun=Noun.COMPANY, kind=CustomKind.TEXT, label="Fleet", by=cast.admin, at=clock.now)
    fields.add(noun=Noun.COMPANY, kind=CustomKind.TEXT, label="Yard", by=cast.admin, at=clock.now)
    tables.run(cast.admin, clock.now, FIRST)
    Company.objects.update(custom={"yard": "north"})
    made = tables.run(cast.admin, clock.now, NEWER)
    person, company = Contact.objects.get(), Company.objects.get()
    assert person.phones.count() == 2
    assert person.emails.count() == 2
    assert (company.phone, company.custom) == ("+48 22 765 43 21", {"fleet": "Volvo", "yard": "north"})
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    assert work.carry_on(import_id=made.pk, at=clock.now).status == Status.UNDONE
    assert [one.number for one in person.phones.all()] == ["+48 601 234 567"]
    assert [one.address for one in person.emails.all()] == ["jan@birch.example"]
    company.refresh_from_db()
    assert (company.phone, company.custom) == ("", {"yard": "north"})
    assert not ImportChange.objects.filter(of_import=made, action="changed").exists()


def test_products_return_with_their_quantity_and_price(clock, cast):
    head = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    row = "A1,Ada North,{product},Birch Labs,Engaging,20-10-2016,,\n"
    tables.run(cast.admin, clock.now, {"pipeline.csv": head + row.format(product="RX Basic")})
    deal = Deal.objects.get()
    deal.lines.update(quantity=3, price_minor=1250)
    made = tables.run(cast.admin, clock.now, {"pipeline.csv": head + row.format(product="RX Pro")})
    assert [line.product.name for line in deal.lines.all()] == ["RX Pro"]
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    assert work.carry_on(import_id=made.pk, at=clock.now).status == Status.UNDONE
    assert [(line.product.name, line.quantity, line.price_minor) for line in deal.lines.all()] == [
        ("RX Basic", 3, 1250)
    ]


def test_prices_of_products_return_unless_somebody_set_another(clock, cast):
    tables.run(cast.admin, clock.now, {"products.csv": tables.PRODUCTS})
    newer = tables.PRODUCTS.replace("4821", "5000").replace("550\n", "600\n")
    made = tables.run(cast.admin, clock.now, {"products.csv": newer})
    Product.objects.filter(name="RX Basic").update(price_minor=70000)
    plan = undo.plan(made)
    assert (plan.returns, [(one.kind, one.reason) for one in plan.listed]) == (1, [("product", EDITED)])
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    assert work.carry_on(import_id=made.pk, at=clock.now).status == Status.UNDONE
    prices = dict(Product.objects.values_list("name", "price_minor"))
    assert (prices["RX Pro"], prices["RX Basic"]) == (482100, 70000)
