"""What may be set on a metric, and that nothing of it is ever read as SQL."""

import pytest
from django.db import connection

from crm.models import Pipeline, Product, Tag
from discipline.metrics.parameters import (
    PIPELINE,
    PRODUCT_GROUP,
    BadParameter,
    Parameter,
    ParameterKind,
    checked,
    listed,
    quoted,
    said,
    whole,
)

KINDS = Parameter(
    key="kinds", label="kinds", kind=ParameterKind.CHOICES, choices=(("call", "Call"), ("meeting", "Meeting"))
)
DIRECTION = Parameter(
    key="direction", label="direction", kind=ParameterKind.CHOICE, choices=(("in", "incoming"), ("out", "outgoing"))
)
HOUR = Parameter(key="hour", label="hour", kind=ParameterKind.NUMBER, least=6, most=20)
NOTE = Parameter(key="note", label="with a note", kind=ParameterKind.YES_NO)
NEEDED = Parameter(key="kinds", label="kinds", kind=ParameterKind.CHOICES, choices=KINDS.choices, required=True)
ALL = (KINDS, DIRECTION, HOUR, NOTE)

HOSTILE = [
    "'; DROP TABLE crm_deal; --",
    "O'Brien \\' || pg_sleep(9) || '",
    "100 % of %s and %(n)s",
    "$$ ; SELECT 1 $$",
    "E'\\x27'",
    'zażółć "gęślą" jaźń',
    "😀",
    "line\nbreak\ttab",
]


def test_only_what_is_set_is_kept_and_always_in_one_order():
    given = {"note": False, "hour": "11", "kinds": ["meeting", "call", "call"], "direction": ""}
    assert checked(ALL, given) == {"kinds": ["call", "meeting"], "hour": 11}
    assert checked(ALL, {"note": True}) == {"note": True}
    assert checked(ALL, {}) == {}


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"kinds": "call"}, "kinds", "Choose one or more entries"),
        ({"kinds": {"call": 1}}, "kinds", "Choose one or more entries"),
        ({"kinds": ["call", "dance"]}, "kinds", "has no such entry"),
        ({"kinds": ["call", ["meeting"]]}, "kinds", "Choose one entry"),
        ({"direction": "up"}, "direction", "has no such entry"),
        ({"direction": ["in"]}, "direction", "Choose one entry"),
        ({"direction": True}, "direction", "Choose one entry"),
        ({"hour": "soon"}, "hour", "a whole number from 6 to 20"),
        ({"hour": 5}, "hour", "a whole number from 6 to 20"),
        ({"hour": 21}, "hour", "a whole number from 6 to 20"),
        ({"hour": 11.5}, "hour", "a whole number from 6 to 20"),
        ({"hour": True}, "hour", "a whole number from 6 to 20"),
        ({"note": "yes"}, "note", "Say yes or no"),
        ({"note": 1}, "note", "Say yes or no"),
        ({"colour": "red"}, "colour", "has no setting"),
        (["kinds"], "parameters", "names with values"),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused_by_the_name_of_its_field(given, field, says):
    with pytest.raises(BadParameter) as refused:
        checked(ALL, given)
    assert refused.value.field == field
    assert says in str(refused.value.message)


@pytest.mark.parametrize("empty", [{}, {"kinds": []}, {"kinds": None}])
def test_what_is_required_must_be_chosen(empty):
    with pytest.raises(BadParameter, match="Choose “kinds” first") as refused:
        checked((NEEDED,), empty)
    assert refused.value.field == "kinds"


@pytest.mark.django_db
def test_a_reference_chooses_from_what_the_company_has():
    sales = Pipeline.objects.create(name="Sales")
    Product.objects.create(name="Printer", group="Hardware")
    assert checked((PIPELINE,), {"pipeline": str(sales.pk)}) == {"pipeline": sales.pk}
    assert checked((PRODUCT_GROUP,), {"product_group": "Hardware"}) == {"product_group": "Hardware"}
    assert said((PIPELINE, PRODUCT_GROUP), {"pipeline": sales.pk}) == "pipeline: Sales"
    for given in ({"pipeline": sales.pk + 1}, {"pipeline": "Sales"}, {"pipeline": "1; DROP TABLE crm_deal"}):
        with pytest.raises(BadParameter):
            checked((PIPELINE,), given)


def test_parameters_are_said_in_words():
    given = {"kinds": ["call", "meeting"], "hour": 11, "note": True, "direction": "in"}
    assert said(ALL, given) == "kinds: Call or Meeting, direction: incoming, hour: 11, with a note"
    assert said(ALL, {"kinds": ["gone"]}) == "kinds: gone"
    assert said(ALL, {}) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_read_as_sql(text):
    Tag.objects.create(name="still here")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted(text)}, %(n)s::int, count(*) FROM crm_tag", {"n": 7})
        assert cursor.fetchone() == (text, 7, 1)


def test_numbers_and_words_go_in_only_as_such():
    assert whole(12) == "12"
    with pytest.raises(ValueError, match="invalid literal"):
        whole("1; DROP TABLE crm_deal")
    assert listed(["meeting", "call", "x'); --"], ["call", "meeting"]) == "'call', 'meeting'"
    assert listed([], ["call"]) == "NULL"
