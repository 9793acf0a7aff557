"""Files written in the background: for their person only, once, with his rights of that moment, whatever dies meanwhile."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from openpyxl import load_workbook

from accounts.models import AccessEvent, Role, User
from accounts.refusals import NotAllowed
from config.scratch import server
from crm import tasks
from crm.downloads import Produced
from crm.exports import Table
from crm.models import Download, DownloadStatus
from crm.services import downloads, exporting
from tests.factories.crm import make_company
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
PARAMS = {"noun": "companies", "query": "", "kind": "xlsx"}


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The files that a worker was told of."""
    told: list[int] = []
    monkeypatch.setattr(tasks.write_download, "apply_async", lambda kwargs, **more: told.append(kwargs["download_id"]))
    return told


def ask(by: User, clock: Clock, **params: str) -> Download:
    return downloads.ask(key="list", params={**PARAMS, **params}, by=by, at=clock.now)


def carried(download: Download, clock: Clock) -> Download:
    downloads.carry_on(download_id=download.pk, at=clock.now)
    download.refresh_from_db()
    return download


def exported() -> int:
    return AccessEvent.objects.filter(kind="exported").count()


def test_few_rows_come_at_once_and_many_by_a_job(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    make_company(cast.manager, "A"), make_company(cast.manager, "B")
    made = downloads.take(key="list", params=PARAMS, by=cast.head, at=clock.now)
    assert isinstance(made, Produced)
    assert (made.rows, exported()) == (2, 1)
    monkeypatch.setattr(downloads, "AT_ONCE", 1)
    asked = downloads.take(key="list", params=PARAMS, by=cast.head, at=clock.now)
    assert isinstance(asked, Download)
    assert (asked.total, asked.status, exported()) == (2, DownloadStatus.WAITING, 1), "nothing has left yet"


def test_a_worker_is_told_when_the_row_is_there(
    cast: Cast, clock: Clock, nudged: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    make_company(cast.manager, "A")
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask(cast.head, clock)
    assert nudged == [asked.pk]


def test_a_broker_that_is_away_costs_only_time(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(**words: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.write_download, "apply_async", away)
    make_company(cast.manager, "A")
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask(cast.head, clock)
    assert downloads.waiting() == [asked.pk]


def test_the_file_holds_what_the_list_holds_and_leaves_one_trace(cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "Ours", city="Gdynia"), make_company(cast.stranger, "Foreign", city="Gdynia")
    done = carried(ask(cast.head, clock, query="city=gdynia"), clock)
    assert (done.status, done.rows, done.name) == (DownloadStatus.DONE, 1, f"companies-{clock.now:%Y-%m-%d}.xlsx")
    content = done.file.read()
    assert done.size == len(content)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)][:1] == ["Ours"]
    event = AccessEvent.objects.get(kind="exported")
    assert (event.by, event.detail["rows"], event.detail["list"]) == (cast.head, 1, "companies")
    carried(done, clock)
    assert exported() == 1, "the same again does nothing"


def test_it_is_written_in_the_language_and_zone_of_its_person(cast: Cast, clock: Clock) -> None:
    User.objects.filter(pk=cast.head.pk).update(language="pl", zone="Asia/Tokyo")
    make_company(cast.manager, "A")
    done = carried(ask(cast.head, clock, kind="csv", query="cols=created"), clock)
    head, row = csv.reader(io.StringIO(done.file.read().decode("utf-8-sig")))
    assert head[0] == "Firma"
    assert row[1] == "2026-10-20 17:00"


def test_rights_are_asked_again_when_it_is_written(cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "A")
    asked = ask(cast.head, clock)
    User.objects.filter(pk=cast.head.pk).update(role=Role.MANAGER)
    failed = carried(asked, clock)
    assert (failed.status, bool(failed.file), exported()) == (DownloadStatus.FAILED, False, 0)
    assert "you may not take this out any more" in failed.error


def test_who_may_not_take_out_asks_for_nothing(cast: Cast, clock: Clock) -> None:
    with pytest.raises(NotAllowed):
        ask(cast.manager, clock)
    assert not Download.objects.exists()


def test_what_is_refused_is_written_on_it(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    make_company(cast.manager, "A"), make_company(cast.manager, "B")
    asked = ask(cast.head, clock)
    monkeypatch.setattr(exporting, "MOST", 1)
    assert "At most 1 rows" in carried(asked, clock).error


def test_a_worker_that_died_is_followed_by_another(cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "A")
    asked = ask(cast.head, clock)
    Download.objects.filter(pk=asked.pk).update(status=DownloadStatus.RUNNING, attempts=1, rows=900)
    assert downloads.waiting() == [asked.pk]
    done = carried(asked, clock)
    assert (done.status, done.attempts, done.rows) == (DownloadStatus.DONE, 2, 1)


def test_a_file_that_kills_its_worker_each_time_is_given_up(cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "A")
    asked = ask(cast.head, clock)
    Download.objects.filter(pk=asked.pk).update(status=DownloadStatus.RUNNING, attempts=downloads.MOST_ATTEMPTS)
    assert carried(asked, clock).status == DownloadStatus.FAILED
    assert not downloads.waiting()


def test_two_workers_never_write_the_same_file(cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "A")
    asked = ask(cast.head, clock)
    with server(connection.settings_dict["NAME"]) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [downloads.LOCK, asked.pk])
        assert carried(asked, clock).status == DownloadStatus.WAITING
        other.execute("SELECT pg_advisory_unlock(%s, %s)", [downloads.LOCK, asked.pk])
    assert carried(asked, clock).status == DownloadStatus.DONE


def test_it_stops_soon_after_its_person_cancelled_it(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def rows() -> Any:
        for n in range(10):
            seen.append(n)
            if n == 3:
                assert downloads.cancel(download=asked, by=cast.head, at=clock.now)
            yield [n]

    monkeypatch.setattr(downloads, "STEP", 1)
    make_company(cast.manager, "A")
    asked = ask(cast.head, clock)
    made = Produced(name="long", tables=[Table("long", ["n"], rows())], rows=10, trace={})
    monkeypatch.setattr(downloads, "_produced", lambda *words: made)
    stopped = carried(asked, clock)
    assert (stopped.status, seen, stopped.rows) == (DownloadStatus.CANCELLED, [0, 1, 2, 3], 3)
    assert not downloads.cancel(download=asked, by=cast.head, at=clock.now)
    assert not exported()


def test_a_fault_is_told_and_leaves_no_file(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    def broken(**words: Any) -> None:
        raise RuntimeError("the trace cannot be kept")

    make_company(cast.manager, "A")
    asked = ask(cast.head, clock)
    monkeypatch.setattr(downloads.events, "leave", broken)
    with pytest.raises(RuntimeError):
        downloads.carry_on(download_id=asked.pk, at=clock.now)
    asked.refresh_from_db()
    assert asked.status == DownloadStatus.FAILED
    assert "Ask for it again" in asked.error
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_nobody_fills_the_queue(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_WAITING", 1)
    make_company(cast.manager, "A")
    ask(cast.head, clock)
    with pytest.raises(downloads.TooManyWaiting):
        ask(cast.head, clock)
    make_company(cast.stranger, "B")
    assert ask(cast.other_head, clock).status == DownloadStatus.WAITING, "others have a queue of their own"


def test_files_go_after_a_week_or_when_their_person_says_so(
    cast: Cast, clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    make_company(cast.manager, "A")
    old, own = carried(ask(cast.head, clock), clock), carried(ask(cast.head, clock), clock)
    with pytest.raises(NotAllowed):
        downloads.remove(download=own, by=cast.manager, at=clock.now)
    with django_capture_on_commit_callbacks(execute=True):
        downloads.remove(download=own, by=cast.head, at=clock.now)
    assert not default_storage.exists(own.file.name)
    assert downloads.tidy(at=clock.now + timedelta(days=6)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert downloads.tidy(at=clock.now + timedelta(days=7)) == 1
    assert not default_storage.exists(old.file.name)
    assert not Download.objects.exists()


def test_the_timetable_takes_up_what_waits(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    make_company(cast.manager, "A")
    asked = ask(cast.head, clock)
    monkeypatch.setattr(tasks.write_download, "delay", lambda **words: tasks.write_download(**words))
    tasks.look_after_downloads()
    asked.refresh_from_db()
    assert asked.status == DownloadStatus.DONE
