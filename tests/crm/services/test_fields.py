"""Own fields: made from a label, changed while records have values in them, retired and brought back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusals import NotAllowed, Refused
from crm import custom
from crm.custom.usage import filled
from crm.models import CompanyTimeline, CustomEntry, CustomField
from crm.services import fields
from crm.services.base import Missing
from crm.services.fields import BadOptions, NameTaken, OptionInUse, RenameUnclear, TooManyFields
from crm.services.text import TooLong
from tests.factories.crm import make_company, make_field

pytestmark = pytest.mark.django_db
LIST = ["Gold", "Silver", "Bronze"]


@pytest.fixture
def add(cast, clock):
    def one(label="Size of the fleet", noun="company", kind="text", by=None, **more):
        return fields.add(noun=noun, kind=kind, label=label, by=by or cast.admin, at=clock.now, **more)

    return one


@pytest.fixture
def edit(cast, clock):
    def one(field, by=None, **changes):
        return fields.edit(field=field, by=by or cast.admin, at=clock.now, **changes)

    return one


def options(*names, **renamed):
    """The list as the form sends it: `Gold="Golden"` renames."""
    return [(name, renamed.get(name, name)) for name in names]


def entries(field):
    return sorted(CustomEntry.objects.filter(field=field).values_list("record", "text"))


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Size of the fleet", "size_of_the_fleet"),
        ("  Średnia   flota ", "srednia_flota"),
        ("Размер парка", "razmer_parka"),
        ("מספר", "field"),
        ("🚚", "field"),
        ("2026", "field_2026"),
        ("<b>VIP</b>", "b_vip_b"),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_key_is_made_from_the_label(add, label, key):
    assert add(label).key == key


def test_a_key_is_never_given_twice_and_never_changes(add, edit, cast, clock):
    first = add("Fleet")
    fields.retire(field=first, by=cast.admin, at=clock.now)
    second = add("Fleet")
    assert (first.key, second.key) == ("fleet", "fleet_2")
    assert edit(second, label="Trucks").key == "fleet_2"
    assert add("Fleet", noun="deal").key == "fleet"


def test_a_field_is_there_at_once_and_in_order(add):
    assert custom.fields_of("company") == []
    names = ["One", "Two", "Three"]
    for name in names:
        add(name)
    assert [field.label for field in custom.fields_of("company")] == names
    assert custom.fields_of("deal") == []


def test_the_others_see_it_when_it_is_certain(add, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        add()
    assert custom.forget in callbacks


def test_only_the_coordinator_makes_fields(add, edit, cast, clock):
    field = add()
    for somebody in (cast.manager, cast.head, cast.owner):
        with pytest.raises(NotAllowed):
            add("Other", by=somebody)
        with pytest.raises(NotAllowed):
            edit(field, by=somebody, label="Other")
        for verb in (fields.retire, fields.bring_back):
            with pytest.raises(NotAllowed):
                verb(field=field, by=somebody, at=clock.now)
        with pytest.raises(NotAllowed):
            fields.move(field=field, up=True, by=somebody, at=clock.now)


def test_a_name_is_needed_short_and_its_own(add):
    add("Fleet")
    with pytest.raises(NameTaken):
        add("fleet ")
    with pytest.raises(Missing):
        add("   ")
    with pytest.raises(TooLong):
        add("x" * 10_000)
    with pytest.raises(Refused):
        add("Other", kind="picture")
    with pytest.raises(Refused):
        add("Other", noun="task")


def test_a_noun_has_fifty_fields_at_most(add, cast, clock):
    CustomField.objects.bulk_create(
        CustomField(noun="company", kind="text", key=f"k{n}", label=f"Field {n}") for n in range(50)
    )
    with pytest.raises(TooManyFields):
        add()
    old = CustomField.objects.get(key="k7")
    fields.retire(field=old, by=cast.admin, at=clock.now)
    add()
    with pytest.raises(TooManyFields):
        fields.bring_back(field=old, by=cast.admin, at=clock.now)


@pytest.mark.parametrize(
    "wrong", [[], ["", "  "], ["Gold", "gold "], ["x" * 81], [f"o{n}" for n in range(201)]], ids=str
)
def test_a_list_has_options_to_choose_from(add, wrong):
    with pytest.raises(BadOptions):
        add(kind="choice", options=wrong)


def test_options_lose_stray_spaces_and_may_hold_anything(add):
    field = add(kind="choices", options=[" Gold  customer ", "<i>x</i>, y", "🚚", "ذهب"])
    assert field.options == ["Gold customer", "<i>x</i>, y", "🚚", "ذهب"]
    assert add("Text", options=["ignored"]).options == []


def test_options_are_put_in_order_and_new_ones_added(add, edit):
    field = add(kind="choice", options=LIST)
    edit(field, options=[("Bronze", "Bronze"), ("", "Wood"), ("Gold", "Gold")])
    assert field.options == ["Bronze", "Wood", "Gold"], "nobody had Silver"


def test_an_option_that_somebody_chose_stays_on_the_list(add, edit, cast):
    for kind, value in (("choice", "Silver"), ("choices", ["Gold", "Silver"])):
        field = add(kind, kind=kind, options=LIST)
        make_company(cast.manager, "Acme", custom={field.key: value})
        make_company(cast.manager, "Bmce", custom={field.key: value})
        with pytest.raises(OptionInUse) as refused:
            edit(field, options=options("Bronze"))
        assert "2 records have" in str(refused.value.message)
        assert CustomField.objects.get(pk=field.pk).options == LIST


def test_a_new_name_of_an_option_asks_what_becomes_of_the_records(add, edit, cast):
    field = add(kind="choice", options=LIST)
    make_company(cast.manager, custom={field.key: "Gold"})
    with pytest.raises(RenameUnclear) as refused:
        edit(field, options=options(*LIST, Gold="Golden"))
    assert refused.value.count == 1
    edit(field, options=options(*LIST, Silver="Silvery"))
    assert field.options == ["Gold", "Silvery", "Bronze"], "nobody had Silver: there is nothing to ask"


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [("choice", "Gold", "Golden"), ("choices", ["Silver", "Gold"], ["Silver", "Golden"])],
)
def test_the_records_take_the_new_name_in_one_statement_with_a_version_each(
    add, edit, cast, clock, kind, before, after
):
    field = add(kind=kind, options=LIST, in_list=True)
    mine = make_company(cast.manager, "Acme", custom={field.key: before, "other": "x"})
    gone = make_company(cast.manager, "Gone", custom={field.key: before}, deleted_at=clock.now)
    rest = make_company(cast.manager, "Rest", custom={field.key: "Silver" if kind == "choice" else ["Silver"]})
    clock.set("2026-10-20 12:00")
    with CaptureQueriesContext(connection) as captured:
        edit(field, options=options(*LIST, Gold="Golden"), stored="change")
    assert sum("UPDATE crm_company" in query["sql"] for query in captured) == 1
    for record in (mine, gone, rest):
        record.refresh_from_db()
    assert mine.custom == {field.key: after, "other": "x"}
    assert gone.custom == {field.key: after}
    assert (mine.changed_by, rest.changed_by) == (cast.admin, cast.manager)
    assert [one.custom[field.key] for one in CompanyTimeline.objects.filter(id=mine.pk).order_by("from_at")] == [
        before,
        after,
    ]
    assert CompanyTimeline.objects.filter(id=rest.pk).count() == 1
    assert (mine.pk, "golden") in entries(field)
    assert "gold" not in [text for _record, text in entries(field)]


def test_two_options_may_change_places(add, edit, cast):
    field = add(kind="choice", options=["Yes", "No"])
    records = [make_company(cast.manager, custom={field.key: value}) for value in ("Yes", "No")]
    edit(field, options=options("Yes", "No", Yes="No", No="Yes"), stored="change")
    for record in records:
        record.refresh_from_db()
    assert [record.custom[field.key] for record in records] == ["No", "Yes"]


def test_the_records_may_keep_the_old_name(add, edit, cast):
    field = add(kind="choice", options=LIST)
    record = make_company(cast.manager, custom={field.key: "Gold"})
    edit(field, options=options(*LIST, Gold="Golden"), stored="keep")
    record.refresh_from_db()
    assert record.custom == {field.key: "Gold"}
    assert custom.clean("company", {field.key: "Gold"}, cast.manager, record.custom) == {field.key: "Gold"}


def test_turning_the_filter_on_finds_what_is_there_already(add, edit, cast):
    field = add(kind="choices", options=LIST)
    records = [make_company(cast.manager, custom={field.key: LIST[:n]}) for n in range(1, 4)]
    make_company(cast.manager)
    assert entries(field) == []
    with CaptureQueriesContext(connection) as captured:
        edit(field, in_list=True)
    assert sum("INSERT INTO crm_customentry" in query["sql"] for query in captured) == 1
    assert len(entries(field)) == 1 + 2 + 3
    assert (records[0].pk, "gold") in entries(field)
    edit(field, in_list=True)
    assert len(entries(field)) == 6, "once more makes no doubles"
    edit(field, in_list=False)
    assert entries(field) == []


def test_a_retired_field_is_nowhere_and_comes_back_with_its_values(add, cast, clock):
    field = add(in_list=True)
    add("Second")
    record = make_company(cast.manager, custom={field.key: "12 trucks"})
    fields.retire(field=field, by=cast.admin, at=clock.now)
    assert [one.label for one in custom.fields_of("company")] == ["Second"]
    record.refresh_from_db()
    assert record.custom == {field.key: "12 trucks"}
    fields.bring_back(field=field, by=cast.admin, at=clock.now)
    assert [one.label for one in custom.fields_of("company")] == ["Second", "Size of the fleet"]
    fields.bring_back(field=field, by=cast.admin, at=clock.now)
    assert entries(field) == [(record.pk, "12 trucks")]


def test_a_name_that_was_given_to_another_keeps_a_field_retired(add, cast, clock):
    field = add("Fleet")
    fields.retire(field=field, by=cast.admin, at=clock.now)
    add("Fleet")
    with pytest.raises(NameTaken):
        fields.bring_back(field=field, by=cast.admin, at=clock.now)


def test_fields_change_places_and_stop_at_the_ends(add, cast, clock):
    one, two, three = add("One"), add("Two"), add("Three")

    def move(field, *, up):
        fields.move(field=field, up=up, by=cast.admin, at=clock.now)
        return [listed.label for listed in custom.fields_of("company")]

    assert move(three, up=True) == ["One", "Three", "Two"]
    assert move(one, up=False) == ["Three", "One", "Two"]
    assert move(three, up=True) == ["Three", "One", "Two"]
    assert move(two, up=False) == ["Three", "One", "Two"]


def test_records_with_a_value_are_counted_in_one_statement(cast, clock):
    make_field(key="fleet")
    make_company(cast.manager, custom={"fleet": "1"})
    make_company(cast.manager, custom={"fleet": "2", "other": "x"})
    make_company(cast.manager, custom={"fleet": "3"}, deleted_at=clock.now)
    with CaptureQueriesContext(connection) as captured:
        counts = filled()
    assert len(captured) == 1
    assert counts == {("company", "fleet"): 2, ("company", "other"): 1}
