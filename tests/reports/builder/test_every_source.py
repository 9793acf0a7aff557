"""Every source answers by each of its dimensions and figures, and what is behind a cell is as much as the cell says."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from crm.models import DealProduct, DealStatus, LossReason, Product, PurchaseKind, Tag
from reports.builder import SOURCES, Definition, Place, Question, answer, behind
from tests.factories.crm import (
    make_activity,
    make_company,
    make_complaint,
    make_contact,
    make_deal,
    make_field,
    make_purchase,
    make_stage,
    make_task,
)
from tests.factories.discipline import make_scored
from tests.factories.money import close_days
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
ALL = {"kind": "all"}
CASES = [(source, figure.key) for source, one in SOURCES.items() for figure in one.figures]


@pytest.fixture
def company(cast: Cast, clock: Clock) -> Cast:
    """Something of everything, of two teams."""
    for field in ("choice", "choices", "text", "user", "number", "money"):
        make_field("deal", field, f"Own {field}", options=["Red", "Blue"])
    tags = [Tag.objects.create(name=name) for name in ("Fair", "VIP")]
    products = [Product.objects.create(name=name, name_key=name, group=group) for name, group in (("Oil", "Wet"), ("Gas", ""))]
    for n, owner in enumerate((cast.manager, cast.teammate, cast.stranger)):
        _work_of(owner, n, clock, tags, products)
    make_scored(cast)
    close_days(cast.team, date(2026, 10, 5), date(2026, 10, 7))
    close_days(cast.other_team, date(2026, 10, 5), date(2026, 10, 6))
    return cast


def _work_of(owner: User, n: int, clock: Clock, tags: list[Tag], products: list[Product]) -> None:
    own = {"own_choice": "Red", "own_choices": ["Red", "Blue"], "own_text": "So", "own_user": owner.pk, "own_number": "2.5", "own_money": [100, "PLN"]}
    client = make_company(owner, f"Client {n}", city="Gdynia" if n else "", employees=n or None, revenue_minor=5_00, currency="PLN")
    person = make_contact(owner, f"Person {n}", company=client)
    won = make_deal(owner, company=client, amount_minor=100_01 * (n + 1), stage=make_stage("Offer", position=2, probability=33), custom=own)
    won.tags.add(*tags)
    for product in products:
        DealProduct.objects.create(deal=won, product=product)
    won.status = DealStatus.WON
    won.save()
    make_deal(owner, amount_minor=7_00, currency="PLN", stage=make_stage("New", position=1, probability=10))
    make_activity(owner, clock.now, company=client, result="reached", seconds=90)
    make_activity(owner, clock.now - timedelta(days=3), kind="meeting", contact=person)
    make_task(owner, clock.now - timedelta(days=n), company=client)
    make_complaint(client, clock.now, amount_minor=3_00)
    make_purchase(client, date(2026, 9, 10 + n), product=products[0])
    make_purchase(client, date(2026, 8, 10), -5_00, kind=PurchaseKind.PAYMENT, currency="PLN")


def by_each(source: str, user: User, clock: Clock) -> Iterator[str]:
    for one in Question(Definition(source=source, figure="", period=PERIOD), user, clock.now).offered:
        yield one.key


PERIOD = Definition.of({"period": ALL}).period


@pytest.mark.parametrize(("source", "figure"), CASES)
def test_a_cell_is_what_lies_behind_it(source: str, figure: str, company: Cast, clock: Clock) -> None:
    for dimension in by_each(source, company.head, clock):
        found = answer(Definition(source=source, figure=figure, rows=(dimension,), period=PERIOD), company.head, clock.now)
        for path in [(), *(row.path for row in found.rows)]:
            cell = found.cell(path)
            opened = behind(found.definition, cell.place, company.head, clock.now)
            assert (opened.count, opened.cell.values) == (cell.count, cell.values), (dimension, path)
            assert opened.records.count() == cell.count == len(opened.rows)
            assert len(opened.about) == len(path)
