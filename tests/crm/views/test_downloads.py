"""The page of one's files, and how a list answers that is too long to wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import Download, DownloadStatus
from crm.services import downloads
from tests.budgets import assert_budget
from tests.factories.crm import make_company
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]

pytestmark = pytest.mark.django_db
PAGE = "/downloads/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(downloads, "AT_ONCE", 1)


def taken(cast: Cast, sign_in: SignIn) -> Download:
    """Two companies, asked for by their head."""
    make_company(cast.manager, "A"), make_company(cast.manager, "B")
    url = reverse("crm:list-export", args=["companies"])
    answer = sign_in(cast.head).post(url, {"kind": "xlsx", "query": "sort=-name"})
    assert answer["Location"] == PAGE
    return Download.objects.get()


def test_a_long_list_goes_to_the_page_where_it_will_be(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    made = taken(cast, sign_in)
    assert made.params == {"noun": "companies", "query": "sort=-name", "kind": "xlsx"}
    page = sign_in(cast.head).get(PAGE).content.decode()
    assert made.name in page
    assert f'hx-get="/downloads/{made.pk}/"' in page, "it asks again by itself"


def test_how_far_it_is_then_the_file_for_its_person_alone(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    made = taken(cast, sign_in)
    window = sign_in(cast.head)
    Download.objects.update(status=DownloadStatus.RUNNING, rows=1)
    assert 'aria-valuenow="1"' in window.get(f"{PAGE}{made.pk}/", **HTMX).content.decode()
    assert window.get(f"{PAGE}{made.pk}/file/").status_code == 404
    downloads.carry_on(download_id=made.pk, at=clock.now)
    shown = window.get(f"{PAGE}{made.pk}/", **HTMX).content.decode()
    assert "hx-trigger" not in shown
    assert "2 rows" in shown
    file = window.get(f"{PAGE}{made.pk}/file/")
    assert b"".join(file.streaming_content)[:2] == b"PK"  # type: ignore[arg-type]
    assert (file["Cache-Control"], file["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    for other in (cast.owner, cast.manager, cast.other_head, cast.admin):
        assert sign_in(other).get(f"{PAGE}{made.pk}/file/").status_code == 404
    window = sign_in(cast.head)
    assert window.get(f"{PAGE}{made.pk}/file/").status_code == 200
    type(cast.head).objects.filter(pk=cast.head.pk).update(role="manager")
    assert window.get(f"{PAGE}{made.pk}/file/").status_code == 404, "who may no longer take out has no file either"


def test_it_is_cancelled_and_forgotten_on_the_page(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    made = taken(cast, sign_in)
    window = sign_in(cast.head)
    assert "Cancelled" in window.post(f"{PAGE}{made.pk}/cancel/", **HTMX).content.decode()
    assert window.post(f"{PAGE}{made.pk}/delete/", follow=True).status_code == 200
    assert not Download.objects.exists()


def test_a_file_that_the_store_lost_is_not_there(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    made = taken(cast, sign_in)
    downloads.carry_on(download_id=made.pk, at=clock.now)
    made.refresh_from_db()
    made.file.storage.delete(made.file.name)
    assert sign_in(cast.head).get(f"{PAGE}{made.pk}/file/").status_code == 404


def test_the_page_costs_the_same_with_many_files(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    made = taken(cast, sign_in)

    def more() -> None:
        for _n in range(20):
            Download.objects.create(
                user=cast.head, key="list", name="x.csv", asked_at=clock.now, expires_at=made.expires_at
            )

    assert_budget(sign_in(cast.head), PAGE, 2, more)
