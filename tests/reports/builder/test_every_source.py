"""Every source answers by each of its dimensions and figures, and what is behind a cell is as much as the cell says."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from accounts.models import User
from crm.models import ComplaintStatus, DealProduct, DealStatus, LossReason, Product, PurchaseKind, Tag, TaskStatus
from reports.builder import SOURCES, Definition, Question, answer, behind
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


@pytest.fixture
def company(cast: Cast, clock: Clock) -> Cast:
    """Something of everything, of two teams."""
    for field in ("choice", "choices", "text", "user", "number", "money"):
        make_field("deal", field, f"Own {field}", options=["Red", "Blue"])
    tags = [Tag.objects.create(name=name) for name in ("Fair", "VIP")]
    products = [
        Product.objects.create(name=name, name_key=name, group=group) for name, group in (("Oil", "Wet"), ("Gas", ""))
    ]
    for n, owner in enumerate((cast.manager, cast.teammate, cast.stranger)):
        _work_of(owner, n, clock, tags, products)
    make_scored(cast)
    close_days(cast.team, date(2026, 10, 5), date(2026, 10, 7))
    close_days(cast.other_team, date(2026, 10, 5), date(2026, 10, 6))
    return cast


def _work_of(owner: User, n: int, clock: Clock, tags: list[Tag], products: list[Product]) -> None:
    own = {
        "own_choice": "Red",
        "own_choices": ["Red", "Blue"],
        "own_text": "So",
        "own_user": owner.pk,
        "own_number": "2.5",
        "own_money": [100, "PLN"],
    }
    client = make_company(
        owner, f"Client {n}", city="Gdynia" if n else "", employees=n or None, revenue_minor=5_00, currency="PLN"
    )
    person = make_contact(owner, f"Person {n}", company=client)
    won = make_deal(
        owner,
        company=client,
        amount_minor=100_01 * (n + 1),
        stage=make_stage("Offer", position=2, probability=33),
        custom=own,
    )
    won.tags.add(*tags)
    for product in products:
        DealProduct.objects.create(deal=won, product=product)
    won.status = DealStatus.WON
    won.save()
    make_deal(owner, amount_minor=7_00, currency="PLN", stage=make_stage("New", position=1, probability=10))
    make_activity(owner, clock.now, company=client, result="reached", seconds=90)
    make_activity(owner, clock.now - timedelta(days=3), kind="meeting", contact=person)
    make_task(owner, clock.now - timedelta(days=n), company=client)
    done = make_task(owner, clock.now + timedelta(days=1), company=client)
    done.status = TaskStatus.DONE
    done.save()
    make_complaint(client, clock.now, amount_minor=3_00)
    answered = make_complaint(client, clock.now, kind="return", product=products[1])
    answered.status, answered.closed_at = ComplaintStatus.SETTLED, clock.now
    answered.save()
    lost = make_deal(
        owner, amount_minor=1_00, competitor="Rival", loss_reason=LossReason.objects.get_or_create(name="Price")[0]
    )
    lost.status = DealStatus.LOST
    lost.save()
    make_purchase(client, date(2026, 9, 10 + n), product=products[0])
    make_purchase(client, date(2026, 8, 10), -5_00, kind=PurchaseKind.PAYMENT, currency="PLN")


def asked(source: str, user: User, clock: Clock) -> Iterator[Definition]:
    """The first figure by each dimension, and each figure by the first one."""
    usual = Definition(source=source, figure="", period=Definition.of({"period": {"kind": "all"}}).period)
    question = Question(usual, user, clock.now)
    for dimension in question.offered:
        yield usual.but(rows=(dimension.key,))
    for figure in question.source.figures_for(user):
        yield usual.but(figure=figure.key, rows=(question.offered[0].key,), columns=("month",))


@pytest.mark.parametrize("source", SOURCES)
def test_a_cell_is_what_lies_behind_it(source: str, company: Cast, clock: Clock) -> None:
    for definition in asked(source, company.head, clock):
        found = answer(definition, company.head, clock.now)
        assert found.rows or source == "metrics", definition
        for row, column in [
            ((), ()),
            *((one.path, ()) for one in found.rows),
            *((found.rows[0].path, one.path) for one in found.columns),
        ]:
            cell = found.cell(row, column)
            opened = behind(definition, cell.place, company.head, clock.now)
            assert (opened.count, opened.cell.values) == (cell.count, cell.values), (definition, row, column)
            assert opened.records.count() == cell.count == len(opened.rows), (definition, row, column)
            assert len(opened.about) == len(row) + len(column)
