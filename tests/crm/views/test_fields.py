"""The page of own fields: made, changed, put in order, retired, brought back."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from crm import custom
from crm.models import CustomField
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_field

pytestmark = pytest.mark.django_db
HTML = "<script>alert(1)</script>"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def visit(cast, clock, sign_in):
    return sign_in(cast.admin)


def text(response):
    return response.content.decode()


def page(visit):
    return text(visit.get(reverse("crm:field-list")))


def new(visit, **sent):
    return visit.post(reverse("crm:field-new"), {"noun": "company", "kind": "text", "label": "Fleet", **sent}, **HTMX)


def test_an_empty_page_offers_an_example_that_one_click_begins(visit):
    shown = page(visit)
    assert shown.count("Try this example") == 3
    url = reverse("crm:field-new") + "?noun=company&kind=choice&label=Grade&options=Gold&options=Silver"
    assert escape(url)[:60] in shown
    begun = text(visit.get(url, **HTMX))
    for piece in ('value="Grade"', 'value="Gold"', 'value="choice" checked', 'value="company" checked'):
        assert piece in begun, piece


def test_a_field_is_made_in_the_browser(visit):
    response = new(
        visit,
        kind="choices",
        options=["Vans", "", "Trucks"],
        options_was=["", "", ""],
        hint="All of them",
        in_list="on",
    )
    assert response.status_code == 204
    assert "fields-changed" in response["HX-Trigger"]
    field = CustomField.objects.get()
    assert (field.key, field.options, field.hint, field.in_list) == ("fleet", ["Vans", "Trucks"], "All of them", True)
    shown = page(visit)
    for piece in ("Fleet", "Several of a list: Vans, Trucks", "All of them", "filters lists"):
        assert piece in shown, piece


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"label": ""}, "This field is required"),
        ({"label": "x" * 10_000}, "at most 60 characters"),
        ({"kind": "picture"}, "Select a valid choice"),
        ({"noun": "task"}, "Select a valid choice"),
        ({"kind": "choice"}, "at least one option"),
        ({"kind": "choice", "options": ["One", "one"]}, "on the list twice"),
        ({"kind": "choice", "options": ["x" * 81]}, "Shorten every option"),
        ({"hint": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_said_where_it_is(visit, sent, says):
    response = new(visit, **sent)
    assert response.status_code == 422
    assert says in text(response)
    assert not CustomField.objects.exists()


def test_html_emoji_and_right_to_left_are_only_text(visit, cast):
    new(visit, label=HTML, kind="choice", options=[HTML, "🚚", "ذهب"], hint=HTML)
    field = CustomField.objects.get()
    company = make_company(cast.manager, custom={field.key: HTML})
    for url in (
        reverse("crm:field-list"),
        reverse("crm:field-edit", args=[field.pk]),
        reverse("crm:field-retire", args=[field.pk]),
    ):
        assert HTML not in text(visit.get(url))
    visit.force_login(cast.manager)
    for url in (
        reverse("crm:company-edit", args=[company.pk]),
        reverse("crm:company", args=[company.pk]),
        reverse("crm:company-new"),
    ):
        shown = text(visit.get(url))
        assert HTML not in shown
        assert escape(HTML) in shown


def test_it_is_changed_with_its_list_in_another_order(visit):
    field = make_field(kind="choice", options=["Gold", "Silver"])
    sent = {
        "label": "Grade",
        "hint": "",
        "options": ["Silver", "New", "Gold"],
        "options_was": ["Silver", "", "Gold"],
        "in_list": "on",
    }
    assert visit.post(reverse("crm:field-edit", args=[field.pk]), sent, **HTMX).status_code == 204
    field.refresh_from_db()
    assert (field.label, field.options, field.in_list) == ("Grade", ["Silver", "New", "Gold"], True)
    assert field.key == "size_of_the_fleet"


def test_a_renamed_option_asks_first_and_then_changes_the_records(visit, cast):
    field = make_field(kind="choice", options=["Gold", "Silver"])
    company = make_company(cast.manager, custom={field.key: "Gold"})
    url = reverse("crm:field-edit", args=[field.pk])
    assert "Records with the old name" not in text(visit.get(url, **HTMX))
    sent = {"label": field.label, "options": ["Golden", "Silver"], "options_was": ["Gold", "Silver"]}
    asked = visit.post(url, sent, **HTMX)
    assert asked.status_code == 422
    assert "1 record has an option that you renamed" in text(asked)
    assert 'value="Golden"' in text(asked)
    assert 'value="Gold"' in text(asked)
    assert visit.post(url, {**sent, "stored": "change"}, **HTMX).status_code == 204
    company.refresh_from_db()
    assert company.custom == {field.key: "Golden"}


def test_an_option_in_use_is_not_taken_off_the_list(visit, cast):
    field = make_field(kind="choice", options=["Gold", "Silver"])
    make_company(cast.manager, custom={field.key: "Gold"})
    url = reverse("crm:field-edit", args=[field.pk])
    assert "So many records have it" in text(visit.get(url, **HTMX))
    response = visit.post(url, {"label": field.label, "options": ["Silver"], "options_was": ["Silver"]}, **HTMX)
    assert response.status_code == 422
    assert "1 record has “Gold”" in text(response)


def test_a_field_is_retired_with_a_question_and_brought_back(visit, cast):
    field = make_field(label="Fleet", key="fleet")
    make_company(cast.manager, custom={"fleet": "12"})
    url = reverse("crm:field-retire", args=[field.pk])
    assert "1 record has a value in it" in text(visit.get(url, **HTMX))
    assert visit.post(url, **HTMX).status_code == 204
    assert custom.fields_of("company") == []
    assert "1 retired field" in page(visit)
    assert visit.post(reverse("crm:field-back", args=[field.pk]), **HTMX).status_code == 204
    assert [one.label for one in custom.fields_of("company")] == ["Fleet"]


def test_what_cannot_come_back_says_why(visit):
    old = make_field(label="Fleet", key="fleet", is_active=False)
    make_field(label="Fleet", key="fleet_2")
    response = visit.post(reverse("crm:field-back", args=[old.pk]), **HTMX)
    assert response.status_code == 422
    assert "Choose another name" in response["HX-Trigger"]


def test_fields_change_places(visit):
    make_field(label="One", key="one", position=0)
    two = make_field(label="Two", key="two", position=1)
    shown = text(visit.post(reverse("crm:field-move", args=[two.pk]), {"to": "up"}, **HTMX))
    assert shown.index("Two") < shown.index("One")
    assert visit.post(reverse("crm:field-move", args=[two.pk]), {"to": "down"}).status_code == 302
    assert [one.label for one in custom.fields_of("company")] == ["One", "Two"]


@pytest.mark.parametrize(
    ("asked", "piece"),
    [
        ({"kind": "text", "label": HTML, "hint": HTML}, escape(HTML)),
        ({"kind": "number", "label": "Vehicles"}, 'inputmode="decimal"'),
        ({"kind": "money"}, "c-money-input"),
        ({"kind": "date"}, 'type="date"'),
        ({"kind": "choice", "options": ["Gold", HTML]}, escape(HTML)),
        ({"kind": "choices", "options": ["Gold"]}, "multiple"),
        ({"kind": "user"}, "data-url"),
        ({"kind": "nonsense"}, "Name of the field"),
        ({"kind": "text", "in_list": "on"}, "Lists can be filtered by it"),
        ({"field": "999999", "label": "x" * 10_000}, "x" * 60),
        ({"field": "9" * 40}, "Name of the field"),
    ],
)
def test_the_preview_shows_what_is_typed_so_far(visit, asked, piece):
    shown = text(visit.get(reverse("crm:field-preview"), asked))
    assert piece in shown
    assert HTML not in shown


def test_the_preview_of_a_field_that_is_there_knows_its_kind(visit):
    field = make_field(kind="date")
    assert 'type="date"' in text(visit.get(reverse("crm:field-preview"), {"field": field.pk, "label": "Day"}))


def test_the_page_costs_two_statements_however_many_fields_there_are(visit, cast):
    def more():
        for n in range(20):
            make_field(key=f"k{n}", label=f"Field {n}")
            make_company(cast.manager, custom={f"k{n}": "x"})

    assert_budget(visit, reverse("crm:field-list"), 2, more, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="field-list")
