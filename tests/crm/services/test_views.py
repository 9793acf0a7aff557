"""Saved views: one's own, by page and name, without the place where one was."""

import pytest

from accounts.refusals import NotAllowed
from crm.models import SavedView
from crm.services import views
from crm.services.base import Missing

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(cast, clock):
    def one(name="Mine", page="deals", query="?stage=3&owner=1", by=None):
        return views.save(page=page, name=name, query=query, by=by or cast.manager, at=clock.now)

    return one


def test_a_view_keeps_the_filters_and_not_the_place(save):
    assert save(query="?stage=3&cursor=abc&page=7&order=-amount").query == "stage=3&order=-amount"


def test_the_same_name_on_the_same_page_is_replaced(save, cast):
    first = save()
    assert save(query="a=1").pk == first.pk
    save(page="companies"), save(by=cast.head)
    assert SavedView.objects.count() == 3


def test_a_view_needs_a_name(save):
    with pytest.raises(Missing):
        save(" ")


def test_there_is_an_end_to_views_but_the_last_may_still_be_changed(save, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    save("one"), save("two")
    with pytest.raises(views.TooManyViews):
        save("three")
    assert save("two", query="a=2").query == "a=2"


def test_nobody_forgets_somebody_elses_view(save, cast, clock):
    view = save()
    for other in (cast.head, cast.admin, cast.stranger):
        with pytest.raises(NotAllowed):
            views.forget(view=view, by=other, at=clock.now)
    views.forget(view=view, by=cast.manager, at=clock.now)
    assert not SavedView.objects.exists()
