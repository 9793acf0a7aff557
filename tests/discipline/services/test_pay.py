from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from accounts.refusals import NotAllowed
from crm.models import CompanySettings
from discipline.models import PayRule
from discipline.pay_book import PayBook
from discipline.services import pay
from tests.factories.money import close_days, give_points, make_rate, make_settlement
from tests.factories.people import make_team

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def test_a_rate_is_kept_in_the_companys_currency_rounded_to_the_cent(cast):
    CompanySettings.objects.create(pk=1, currency="PLN")
    rule = make_rate(cast.owner, rate="1.505", pool=Decimal("1000"))
    assert (rule.rate_minor, rule.pool_minor, rule.currency, rule.set_by) == (151, 1_000_00, "PLN", cast.owner)


def test_a_currency_without_cents_has_none(cast):
    CompanySettings.objects.create(pk=1, currency="JPY")
    assert make_rate(cast.owner, rate="150", pool=Decimal(0)).rate_minor == 150


def test_a_team_has_its_own_rate_else_the_companys(cast):
    make_rate(cast.owner, rate="1")
    make_rate(cast.owner, rate="2", team=cast.team, on=OCTOBER)
    book = PayBook.read()
    assert book.on(cast.team.pk, date(2026, 9, 30)).rate_minor == 100
    assert book.on(cast.team.pk, OCTOBER).rate_minor == 200
    assert book.on(cast.other_team.pk, OCTOBER).rate_minor == 100
    assert book.on(cast.team.pk, date(2025, 1, 1)) is None
    assert book.changes(cast.team.pk, date(2026, 9, 1), OCTOBER) == OCTOBER
    assert book.changes(cast.team.pk, OCTOBER, date(2026, 10, 31)) is None


def test_of_one_first_day_the_last_one_said_holds_and_both_are_kept(cast):
    make_rate(cast.owner, rate="10", on=OCTOBER)
    make_rate(cast.owner, rate="1", on=OCTOBER)
    assert PayBook.read().on(None, OCTOBER).rate_minor == 100
    assert PayRule.objects.count() == 2


def test_what_held_on_a_settled_day_stays(scored, cast):
    make_rate(cast.owner)
    give_points(cast.manager, 5, date(2026, 10, 20))
    close_days(cast.team, date(2026, 10, 20), date(2026, 10, 20))
    make_settlement(cast, date(2026, 10, 20), date(2026, 10, 20))
    below = make_team("Below", parent=cast.team)
    for team in (None, cast.team, below):
        with pytest.raises(pay.DaysSettled, match="up to 20 Oct 2026") as refused:
            make_rate(cast.owner, team=team, on=date(2026, 10, 20))
        assert refused.value.field == "starts_on"
    assert make_rate(cast.owner, team=cast.other_team, on=date(2026, 10, 20))
    assert make_rate(cast.owner, on=date(2026, 10, 21))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"rate": "-1"}, "rate"),
        ({"rate": "99999999"}, "rate"),
        ({"pool": Decimal(-1)}, "pool"),
        ({"cap_percent": 101}, "cap_percent"),
        ({"cap_percent": -1}, "cap_percent"),
        ({"negative": "wages"}, "negative"),
    ],
)
def test_a_wrong_figure_is_named_and_nothing_is_saved(cast, facts, field):
    with pytest.raises(pay.OutOfRange) as refused:
        make_rate(cast.owner, **facts)
    assert refused.value.field == field
    assert not PayRule.objects.exists()


@pytest.mark.parametrize("who", ["manager", "head", "admin"])
def test_only_the_owner_sets_rates(cast, who):
    with pytest.raises(NotAllowed):
        make_rate(getattr(cast, who))


@pytest.mark.parametrize(
    "statement", ["UPDATE discipline_payrule SET rate_minor = 1", "DELETE FROM discipline_payrule"]
)
def test_the_database_refuses_to_change_a_rate(cast, statement):
    make_rate(cast.owner)
    with pytest.raises(Error, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
