"""The page of an undo: told before, done with one button, and what stayed afterwards."""

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Company
from crm.services import companies, grants
from migrations_data.models import Import, Status
from migrations_data.services import undo, work
from tests.budgets import assert_budget
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db
TABLE = "id,company,city\n1,Birch Labs,Leeds\n2,Cedar Foods,York\n3,Dune Holding,Hull\n4,Elm Medical,Hull\n"


@pytest.fixture
def made(clock, cast):
    done = tables.run(cast.admin, clock.now, {"companies.csv": TABLE})
    clock.set("2026-10-20 11:00")
    return done


@pytest.fixture
def window(sign_in, cast):
    return sign_in(cast.admin)


def url(made, name="import-undo"):
    return reverse(f"migrations_data:{name}", args=[made.pk])


def edit(name, cast, at):
    Company.objects.filter(name=name).update(owner=cast.manager)
    companies.edit(company=Company.objects.get(name=name), by=cast.manager, at=at, note="mine")


def test_it_tells_what_goes_and_what_stays_then_does_it(made, window, clock, cast):
    edit("Birch Labs", cast, clock.now)
    page = window.get(url(made)).content.decode()
    assert "You see first what happens." in page
    assert "Birch Labs" in page  # as its row calls it: the coordinator sees no clients
    assert "changed since" in page
    assert "companies 2" in page
    answer = window.post(url(made))
    assert answer.url == url(made, "import")
    assert Import.objects.get().status == Status.UNDOING
    assert window.get(url(made)).url == url(made, "import")
    work.carry_on(import_id=made.pk, at=clock.now)
    page = window.get(url(made)).content.decode()
    assert "What somebody has worked on since stayed." in page
    assert set(Company.objects.live().values_list("name", flat=True)) == {"Birch Labs"}


def test_records_are_linked_for_who_may_see_them(made, window, clock, cast):
    edit("Birch Labs", cast, clock.now)
    grants.take(by=cast.admin, at=timezone.now(), reason="A look at the import", hours=4)
    assert (
        reverse("crm:company", args=[Company.objects.get(name="Birch Labs").pk])
        in window.get(url(made)).content.decode()
    )


def test_an_import_of_somebody_else_and_one_without_anything_in(made, sign_in, clock, cast):
    assert sign_in(cast.owner).get(url(made)).status_code in (403, 404)
    previewed = tables.preview(cast.admin, clock.now, {"companies.csv": TABLE})
    window = sign_in(cast.admin)
    assert "There is nothing to take back." in window.get(url(previewed)).content.decode()
    window.post(url(previewed))
    previewed.refresh_from_db()
    assert previewed.status == Status.PREVIEWED


def test_a_whole_undo_says_that_nothing_is_left(made, window, clock, cast):
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=made.pk, at=clock.now)
    assert "Nothing of it is left." in window.get(url(made)).content.decode()


def test_the_statements_of_the_page_do_not_grow_with_what_stays(made, window, clock, cast):
    edit("Birch Labs", cast, clock.now)

    def three_more():
        for name in ("Cedar Foods", "Dune Holding", "Elm Medical"):
            edit(name, cast, clock.now)

    assert_budget(window, url(made), 60, three_more)
