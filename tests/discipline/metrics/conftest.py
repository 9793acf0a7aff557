"""Metrics with parameters, and records that belong to a segment, a product group or a pipeline."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from crm.models import Deal, DealProduct, File, Pipeline, Product, Tag
from discipline.metrics import METRICS, Measure, measure
from tests.factories.crm import make_company, make_deal, make_stage
from tests.factories.discipline import window_of


@pytest.fixture
def asked(scored) -> Callable[..., Measure]:
    """The measure of a metric with parameters, checked as a rule's would be."""

    def ask(metric: str, user: User, day: str = "2026-10-20", **given: Any) -> Measure:
        one = METRICS[metric].bound(METRICS[metric].check(given))
        return measure([one], [window_of(user, day)], whole=True)[one.figure][0]

    return ask


@pytest.fixture
def told(asked) -> Callable[..., list[tuple[int, str]]]:
    """Which records stand behind a figure, and why they count or not."""

    def ask(metric: str, user: User, day: str = "2026-10-20", **given: Any) -> list[tuple[int, str]]:
        return [(record[1], record[3]) for record in asked(metric, user, day, **given).evidence]

    return ask


@pytest.fixture
def renewals(db) -> Pipeline:
    return Pipeline.objects.create(name="Renewals")


@pytest.fixture
def school(db) -> Tag:
    return Tag.objects.create(name="School")


@pytest.fixture
def special(clock, cast, renewals, school) -> Deal:
    """A deal of the pipeline "Renewals" with a tagged company and a product of the group "O'Hare's"."""
    company = make_company(cast.manager)
    company.tags.add(school)
    deal = make_deal(cast.manager, stage=make_stage(pipeline=renewals), company=company)
    DealProduct.objects.create(deal=deal, product=Product.objects.create(name="Printer", group="O'Hare's"))
    return deal


def attach(by: User, **record: Any) -> File:
    return File.objects.create(name="offer.pdf", size=3, sha256="0" * 64, uploaded_by=by, **record)
