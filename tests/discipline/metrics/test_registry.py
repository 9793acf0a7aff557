"""What holds for every metric of the registry, whoever adds one."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Product
from discipline import preview, words
from discipline.metrics import METRICS, BadParameter, ParameterKind, Reference, measure
from discipline.timetable import Timetable
from tests.discipline.metrics.test_parameters import HOSTILE
from tests.factories.crm import make_deal

pytestmark = pytest.mark.django_db
BY_KEY = sorted(METRICS)


@pytest.fixture
def everything(special, renewals, school, scored):
    """A value for each parameter that there is."""
    chosen = {
        Reference.PIPELINE: renewals.pk,
        Reference.SEGMENT: school.pk,
        Reference.PRODUCT_GROUP: "O'Hare's",
        Reference.STAGE: special.stage_id,
    }

    def value(one):
        if one.kind == ParameterKind.REFERENCE:
            return chosen[one.reference]
        first = one.choices[0][0] if one.choices else None
        return {"choice": first, "choices": [first], "number": one.least, "yes_no": True}[one.kind]

    return {key: {one.key: value(one) for one in metric.parameters} for key, metric in METRICS.items()}


@pytest.mark.parametrize("key", BY_KEY)
def test_a_metric_is_told_in_words_and_has_somewhere_to_mend_it(key):
    assert words.missing(key, "ge", 0, 3)
    assert reverse(preview.FIXES[key])
    metric = METRICS[key]
    assert metric.key == key
    assert all(str(text) for text in (metric.label, metric.unit, metric.why, metric.icon))
    keys = [one.key for one in metric.parameters]
    assert len(set(keys)) == len(keys)


def test_all_figures_of_everybody_and_several_days_take_one_statement(everything, cast):
    days = [date(2026, 10, day) for day in (19, 20, 21)]
    timetable = Timetable.of_teams(None, first=days[0], until=days[-1])
    windows = [window for day in days for window in timetable.windows(day)]
    asked = [METRICS[key].bound(METRICS[key].check(given)) for key, given in everything.items()]
    asked += [metric for metric in METRICS.values() if not any(one.required for one in metric.parameters)]
    with CaptureQueriesContext(connection) as captured:
        found = measure(asked, windows, whole=True)
    assert len(captured) == 1
    assert {len(of_all) for of_all in found.values()} == {9}


def test_each_set_of_parameters_is_a_figure_of_its_own(everything):
    for key, given in everything.items():
        metric = METRICS[key]
        if not given:
            continue
        one = metric.bound(metric.check(given))
        assert one.figure.startswith(key + "{")
        assert one.figure == metric.bound(metric.check(dict(reversed(given.items())))).figure
        assert one.name != metric.name


@pytest.mark.parametrize("key", BY_KEY)
def test_an_unknown_parameter_is_refused_by_name(key):
    with pytest.raises(BadParameter) as refused:
        METRICS[key].check({"colour": "red"})
    assert refused.value.field == "colour"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("key", ["deals_won", "deals_without_task", "files_delivered"])
def test_a_product_group_may_be_called_anything(asked, clock, cast, key, text):
    deal = make_deal(cast.manager)
    deal.lines.create(product=Product.objects.create(name="P", group=text))
    deal.files.create(name="a.pdf", size=1, sha256="0" * 64, uploaded_by=cast.manager)
    clock.set("2026-10-20 12:00")
    type(deal).objects.filter(pk=deal.pk).update(
        **({"status": "won", "changed_by": cast.manager} if key == "deals_won" else {})
    )
    assert asked(key, cast.manager, product_group=text).value == 1
