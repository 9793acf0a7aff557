"""The allow-list: everything that hangs on a client, in every app, has its fate."""

import pytest
from django.apps import apps
from django.db import models

from crm.merging import relations
from crm.merging.relations import BY_NUMBER, RELATIONS, Fate, UnknownRelation, check_known, hanging_on

NOUNS = ("company", "contact")


@pytest.mark.parametrize("noun", NOUNS)
def test_every_relation_to_a_client_is_on_the_list_and_nothing_else(noun):
    assert set(hanging_on(noun)) == {one.label for one in RELATIONS[noun]}


@pytest.mark.parametrize("noun", NOUNS)
def test_each_relation_of_the_list_names_a_column_that_leads_to_the_client(noun):
    for one in RELATIONS[noun]:
        field = one.model._meta.get_field(one.field)
        assert field.related_model is relations.MODELS[noun]
        if one.beside:
            assert one.model._meta.get_field(one.beside).concrete


def test_what_may_stand_once_beside_a_client_joins_and_does_not_clash():
    for noun in NOUNS:
        for one in RELATIONS[noun]:
            single = [set(c.fields) for c in one.model._meta.constraints if isinstance(c, models.UniqueConstraint)]
            single += [set(names) for names in one.model._meta.unique_together]
            clashes = [names - {one.field} for names in single if one.field in names]
            if clashes and one.fate != Fate.KEEP:
                assert one.fate == Fate.JOIN, one.label
                assert {one.beside} in clashes, one.label


def test_columns_that_name_records_by_number_are_on_the_list_too():
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BigIntegerField) and field.name in {"record", "record_id", "object_id"}
    }
    assert named == set(BY_NUMBER)


def test_an_unknown_relation_stops_a_merge(monkeypatch):
    monkeypatch.setattr(relations, "unknown", lambda noun: frozenset({"above.Visit.company"}))
    with pytest.raises(UnknownRelation):
        check_known("company")
