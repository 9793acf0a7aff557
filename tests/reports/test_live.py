"""Live connections: one table for who has the address, as its person may take it out at that moment, and nothing for anybody else."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AccessEvent, Role, User
from accounts.refusals import NotAllowed
from discipline.services import days
from reports import live
from reports.models import LiveAddress
from reports.services import live as addresses
from reports.services import saved
from tests.factories.crm import make_company, make_contract, make_deal
from tests.factories.discipline import make_scored
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
BY_PERSON = {"source": "deals", "figure": "amount_sum", "rows": ["owner"], "period": {"kind": "all"}}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unthrottled() -> None:
    cache.clear()


def made(by: User, clock: Clock, source: str = "list", **params: str) -> tuple[LiveAddress, str]:
    asked, name = live.checked(by, source, {"noun": "companies", "query": "", **params})
    return addresses.make(name=name, source=source, asked=asked, by=by, at=clock.now)


def read(secret: str, kind: str = "csv", **headers: Any) -> Any:
    return Client().get(reverse("reports:live-table", args=[secret, kind]), **headers)


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_who_has_the_address_reads_what_its_person_may_take_out(cast: Cast, clock: Clock) -> None:
    make_company(cast.manager, "=Ours", city="Gdynia", revenue_minor=1250_50)
    make_company(cast.manager, "Elsewhere", city="Sopot"), make_company(cast.stranger, "Foreign", city="Gdynia")
    address, secret = made(cast.head, clock, query="city=gdynia&cols=city,revenue")
    answer = read(secret)
    rows = list(csv.reader(io.StringIO(body(answer))))
    assert rows == [["Company", "City", "Yearly revenue", "Currency"], ["'=Ours", "Gdynia", "1250.5", "EUR"]]
    assert (answer["Cache-Control"], answer["Content-Type"]) == ("private, no-store", "text/csv; charset=utf-8")
    told = json.loads(body(read(secret, "json")))
    assert told == [{"Company": "=Ours", "City": "Gdynia", "Yearly revenue": 1250.5, "Currency": "EUR"}]
    make_company(cast.manager, "New", city="Gdynia")
    assert len(json.loads(body(read(secret, "json")))) == 2, "always what is true now"
    address.refresh_from_db()
    assert address.last_used_at is not None


def test_a_list_without_rows_keeps_its_headings(cast: Cast, clock: Clock) -> None:
    _address, secret = made(cast.head, clock)
    assert body(read(secret)).startswith("Company,")
    assert json.loads(body(read(secret, "json"))) == []


def test_only_the_hash_is_kept_and_a_new_address_ends_the_old_one(cast: Cast, clock: Clock) -> None:
    address, secret = made(cast.head, clock)
    assert secret not in json.dumps(list(LiveAddress.objects.values()), default=str)
    newer = addresses.renew(address=address, by=cast.head, at=clock.now)
    assert (read(secret).status_code, read(newer).status_code) == (404, 200)
    assert addresses.revoke(address=address, by=cast.head, at=clock.now)
    assert not addresses.revoke(address=address, by=cast.head, at=clock.now)
    assert read(newer).status_code == 404
    address.refresh_from_db()
    with pytest.raises(NotAllowed):
        addresses.renew(address=address, by=cast.head, at=clock.now)
    kinds = list(AccessEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["live_made", "live_made", "exported", "live_revoked"]


@pytest.mark.parametrize("change", [{"role": Role.MANAGER}, {"is_active": False}, {"role": Role.ADMIN}])
def test_rights_are_asked_at_each_call(change: dict[str, Any], cast: Cast, clock: Clock) -> None:
    _address, secret = made(cast.head, clock)
    assert read(secret).status_code == 200
    User.objects.filter(pk=cast.head.pk).update(**change)
    assert read(secret).status_code == 404


def test_every_wrong_address_is_answered_alike(cast: Cast, clock: Clock) -> None:
    _address, secret = made(cast.head, clock)
    wrong = [read("guessed"), read(secret, "xlsx"), read(f"{secret}x")]
    assert {answer.status_code for answer in wrong} == {404}
    assert Client().post(reverse("reports:live-table", args=[secret, "csv"])).status_code == 405


def test_one_table_is_not_read_without_end(cast: Cast, clock: Clock) -> None:
    _address, secret = made(cast.head, clock)
    codes = [read(secret).status_code for _n in range(21)]
    assert codes == [200] * 20 + [429]
    assert read("guessed").status_code == 404, "others are not stopped by it"


def test_use_is_noted_now_and_then_and_traced_once_a_day(cast: Cast, clock: Clock) -> None:
    _address, secret = made(cast.head, clock)
    for minutes in (0, 1, 6, 60 * 24):
        assert addresses.use(secret=secret, at=clock.now + timedelta(minutes=minutes))
    assert AccessEvent.objects.filter(kind="exported").count() == 2
    assert LiveAddress.objects.get().last_used_at == clock.now + timedelta(days=1)


def test_too_many_rows_are_refused_in_words_and_never_cut(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST", 1)
    make_company(cast.manager, "A"), make_company(cast.manager, "B")
    _address, secret = made(cast.head, clock)
    answer = read(secret)
    assert (answer.status_code, "At most 1 rows" in answer.content.decode()) == (422, True)


def test_contracts_go_out_too(cast: Cast, clock: Clock) -> None:
    contract = make_contract(make_company(cast.manager, "Ada"), clock.now.date(), clock.now.date() + timedelta(days=9))
    _address, secret = made(cast.head, clock, noun="contracts")
    (row,) = json.loads(body(read(secret, "json")))
    assert (row["Client"], row["Contract"], row["State"]) == ("Ada", contract.title, "running")


def test_a_saved_report_comes_in_the_reach_of_who_connected_it(cast: Cast, clock: Clock) -> None:
    make_deal(cast.manager, "Ours", amount_minor=100_50), make_deal(cast.stranger, "Foreign", amount_minor=70_00)
    report = saved.add(name="By person", definition=BY_PERSON, by=cast.owner, at=clock.now)
    with pytest.raises(NotAllowed):
        live.checked(cast.head, "report", {"report": str(report.pk)})
    saved.share(report=report, roles=[Role.HEAD], people=[], by=cast.owner, at=clock.now)
    read_by = {}
    for person in (cast.owner, cast.head):
        address, secret = made(person, clock, "report", report=str(report.pk))
        read_by[person] = json.loads(body(read(secret, "json")))
        assert (address.name, live.leads_to(address)) == ("By person", f"/reports/{report.pk}/")
    assert [len(read_by[person]) for person in (cast.owner, cast.head)] == [2, 1]
    assert 100.5 in read_by[cast.head][0].values()
    saved.delete(report=report, by=cast.owner, at=clock.now)
    assert read(secret).status_code == 404


def test_the_control_table_comes_in_rows_of_the_last_days(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scored(cast)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    days.close(team=cast.team, day=clock.now.date(), at=clock.set("2026-10-20 18:30"))
    days.close(team=cast.other_team, day=clock.now.date(), at=clock.now)
    _address, secret = made(cast.head, clock, "control", days="7")
    rows = json.loads(body(read(secret, "json")))
    assert {row["Person"] for row in rows} == {"Anna Manager", "Tomasz Teammate"}
    assert {row["Day"] for row in rows} == {"2026-10-20"}
    clock.set("2026-10-28 08:00")
    assert json.loads(body(read(secret, "json"))) == [], "the days move along"
    with pytest.raises(NotAllowed):
        live.checked(cast.head, "control", {"team": str(cast.other_team.pk)})


@pytest.mark.parametrize(
    "asked",
    [("list", {"noun": "nothing"}), ("report", {"report": "999"}), ("report", {}), ("elsewhere", {}), ("list", {})],
)
def test_what_is_not_there_cannot_be_connected(asked: tuple[str, dict[str, str]], cast: Cast, clock: Clock) -> None:
    with pytest.raises(NotAllowed):
        live.checked(cast.head, *asked)


def test_who_may_not_take_out_makes_no_address(cast: Cast, clock: Clock) -> None:
    with pytest.raises(NotAllowed):
        made(cast.manager, clock)


def test_nobody_has_addresses_without_end(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST", 1)
    made(cast.head, clock)
    with pytest.raises(addresses.TooManyAddresses):
        made(cast.head, clock)


def test_the_way_over_the_pages(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    make_company(cast.manager, "Ada", city="Gdynia")
    window = sign_in(cast.head)
    listed = window.get("/companies/?city=gdynia").content.decode()
    asked = re.search(r'hx-get="(/live/new/[^"]+)"', listed)
    assert asked is not None
    dialog = window.get(asked.group(1).replace("&amp;", "&"), **HTMX).content.decode()
    assert 'name="query" value="city=gdynia"' in dialog
    sent = {"source": "list", "noun": "companies", "query": "city=gdynia"}
    assert window.post("/live/new/", {**sent, "name": " "}, **HTMX).status_code == 422
    shown = window.post("/live/new/", {**sent, "name": "Monday"}, **HTMX).content.decode()
    path = re.search(r"/live/[^/]+/table\.csv", shown)
    assert path is not None
    assert "Ada" in body(Client().get(path.group()))
    page = window.get("/live/").content.decode()
    assert "Monday" in page
    assert path.group() not in page
    address = LiveAddress.objects.get()
    for other in (cast.owner, cast.other_head):
        assert sign_in(other).post(f"/live/{address.pk}/revoke/").status_code == 404
    window = sign_in(cast.head)
    again = window.post(f"/live/{address.pk}/renew/", **HTMX).content.decode()
    assert path.group() not in again
    assert window.post(f"/live/{address.pk}/revoke/").status_code == 302
    assert "Monday" not in window.get("/live/").content.decode()
