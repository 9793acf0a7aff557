"""The tables that others choose from, out as a file and in again: nothing changes by itself, and what changes keeps to the rules."""

import csv
import hashlib
import io
from datetime import date, time, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone, translation

from accounts.models import Role, User
from accounts.tables import neutral, plain, tables
from crm.models import LossReason, Pipeline, Product, Stage, Tag
from discipline.models import CalendarDay, DayKind, TeamPolicy
from tests.factories.crm import make_field, make_stage
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.django_db
NAMES = sorted(f"{model._meta.app_label}/{model._meta.model_name}" for model in tables._registry)


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.admin)


@pytest.fixture
def filled(cast, clock):
    """Every table with rows that are hard to write down: formulas, quotes, lines, letters, empty cells."""
    service = Pipeline.objects.create(name="=Service", position=9)
    make_field(noun="deal", key="size", label="Size")
    make_stage("New", required_fields=["amount_minor", "custom.size"], probability=10, cold_after_days=3, colour="blue")
    make_stage("New", service, required_fields=["company"], position=4)
    LossReason.objects.create(name='+Price, "again"', asks_competitor=True, position=2, is_active=False)
    LossReason.objects.create(name="'Quoted")
    Product.objects.create(
        name="-Żółty\nkabel", name_key="x", group="@group", price_minor=120050, currency="PLN", is_active=False
    )
    Product.objects.create(name="No price", name_key="no price", currency="JPY")
    Tag.objects.create(name="=1+1")
    make_team("North", cast.head, cast.team)
    make_user("=Anna", Role.HEAD, cast.other_team, language="pl", zone="Europe/Madrid", is_active=False)
    CalendarDay.objects.create(day=date(2020, 1, 6), name="Kings", approved_by=cast.admin)
    CalendarDay.objects.create(
        calendar="PL",
        day=date(2030, 12, 24),
        kind=DayKind.SHORT,
        ends_at=time(13, 30),
        name="=Eve",
        approved_by=cast.admin,
    )
    CalendarDay.objects.create(calendar="PL", day=date(2030, 12, 31), name="Waits")
    TeamPolicy.objects.create(
        team=cast.team, starts_on=date(2026, 1, 5), deadline=time(17, 15), calendar="PL", mode="soft"
    )


def print_of_everything():
    """A hash of every table that an import could touch, stamps of sessions left aside."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
            "AND relname !~ '^(django_session|django_admin_log|django_content)' ORDER BY 1"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{name}\" t")
            digest.update(f"{name} {cursor.fetchone()[0]}".encode())
    return digest.hexdigest()


def resource_of(name: str) -> Any:
    model = next(model for model in tables._registry if f"{model._meta.app_label}/{model._meta.model_name}" == name)
    return tables._registry[model].resource_classes[0]


def go_out(admin, name, kind="0"):
    resource = resource_of(name)
    columns = {f"{resource.__name__.lower()}_{column}": "on" for column in resource._meta.fields}
    return admin.post(f"/admin-tables/{name}/export/", {"format": kind, "resource": "", **columns})


def bring_in(admin, name, content: bytes):
    """The dry run of a file, and its end when nothing was wrong: (page, answer or None)."""
    sheet = SimpleUploadedFile("table.csv", content)
    page = admin.post(f"/admin-tables/{name}/import/", {"import_file": sheet, "format": "0", "resource": ""})
    if "confirm_form" not in page.context:
        return page, None
    return page, admin.post(f"/admin-tables/{name}/process_import/", page.context["confirm_form"].initial)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def written(found: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]))
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue().encode()


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("name", NAMES)
def test_out_and_in_again_changes_nothing(admin, cast, filled, name, language):
    User.objects.filter(pk=cast.admin.pk).update(language=language)
    before = print_of_everything()
    with translation.override(language):
        file = go_out(admin, name)
        assert len(rows(file.content)) == len(resource_of(name)().get_queryset())
        page, answer = bring_in(admin, name, file.content)
    assert answer is not None, page.context["result"].row_errors() or page.context["result"].invalid_rows
    assert {row.import_type for row in page.context["result"].rows} == {"skip"}
    assert print_of_everything() == before


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_of_a_file_is_a_formula_and_none_is_a_secret(admin, filled, name):
    file = go_out(admin, name)
    cells = [cell for row in rows(file.content) for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert not {"password", "sign_in_round", "last_login"} & set(rows(file.content)[0])
    assert "md5$" not in file.content.decode()
    book = openpyxl.load_workbook(io.BytesIO(go_out(admin, name, "1").content))
    assert all(cell.data_type != "f" for row in book.active.rows for cell in row)
    texts = [cell.value for row in book.active.rows for cell in row if isinstance(cell.value, str)]
    assert texts == [neutral(plain(text)) for text in texts]
    assert book.active.max_row == len(rows(file.content)) + 1


@pytest.mark.parametrize("name", NAMES)
def test_a_table_takes_no_workbook(admin, filled, name):
    """A workbook unpacks to anything: those are read by the import of old tables, in a process of its own."""
    offered = admin.get(f"/admin-tables/{name}/import/").content.decode()
    assert "xlsx" not in offered.lower()
    sheet = SimpleUploadedFile("table.xlsx", go_out(admin, name, "1").content)
    page = admin.post(f"/admin-tables/{name}/import/", {"import_file": sheet, "format": "0", "resource": ""})
    assert "confirm_form" not in page.context


@pytest.mark.parametrize("text", ["=1", "'=1", "''", "'", " +2", "-", "@a", "plain", "it's", "'quoted'", "\t=x"])
def test_a_neutral_cell_comes_back_as_it_was(text):
    assert plain(neutral(text)) == text
    assert not neutral(text).lstrip().startswith(("=", "+", "-", "@"))


def test_a_stage_comes_in_with_what_it_asks_for(admin, filled):
    file = rows(go_out(admin, "crm/stage").content)
    file[0] |= {"required_fields": "company, lines", "probability": "35"}
    file.append({**file[0], "name": "Offer"})
    _page, answer = bring_in(admin, "crm/stage", written(file))
    assert answer.status_code == 302
    assert Stage.objects.get(pipeline__name="Sales", name="New").required_fields == ["company", "lines"]
    assert Stage.objects.get(name="Offer").probability == 35


@pytest.mark.parametrize(
    ("change", "said"),
    [({"required_fields": "amount_minro"}, "A deal has no field “amount_minro”"), ({"pipeline": "Nowhere"}, "“Nowhere” is not there"),
     ({"probability": "135"}, "100")],
)  # fmt: skip
def test_a_stage_that_makes_no_sense_is_refused_with_the_reason(admin, filled, change, said):
    before = print_of_everything()
    file = rows(go_out(admin, "crm/stage").content)
    page, answer = bring_in(admin, "crm/stage", written([file[0] | change, file[1] | {"probability": "77"}]))
    assert answer is None
    assert said in page.content.decode()
    assert print_of_everything() == before


def people(admin):
    return {row["email"]: row for row in rows(go_out(admin, "accounts/user").content)}


def test_people_come_in_through_the_services(admin, cast, filled):
    known = people(admin)
    new = known[cast.manager.email] | {
        "email": "Nina@Example.com",
        "full_name": "Nina Nowak",
        "team": cast.other_team.name,
    }
    moved = known[cast.teammate.email] | {"team": cast.other_team.name, "full_name": "Tomasz Moved"}
    off = known[cast.stranger.email] | {"is_active": "0"}
    page, answer = bring_in(admin, "accounts/user", written([new, moved, off]))
    assert answer is not None, page.content.decode()
    nina = User.objects.get(email="nina@example.com")
    today = timezone.localdate()
    assert not nina.has_usable_password()
    assert nina.memberships.on(today).get().team == cast.other_team
    assert cast.teammate.memberships.on(today).get().team == cast.other_team
    assert cast.teammate.memberships.count() == 2
    cast.stranger.refresh_from_db()
    assert (cast.stranger.is_active, cast.stranger.sign_in_round) == (False, 1)


@pytest.mark.parametrize(
    ("who", "change", "said"),
    [("admin", {"is_active": "0"}, "Ask another coordinator"), ("admin", {"role": "manager"}, "your own role"),
     ("head", {"role": "manager"}, "Give the team another head first"), ("head", {"is_active": "0"}, "Give the team another head first"),
     ("manager", {"zone": "Europe/Nowhere"}, "time zone is not known"), ("manager", {"role": "king"}, "king"),
     ("manager", {"team": "Nowhere"}, "There is no team “Nowhere”"), ("manager", {"is_active": "maybe"}, "Write 1 for yes")],
)  # fmt: skip
def test_rules_about_people_hold_for_a_file_too(admin, cast, filled, who, change, said):
    before = print_of_everything()
    known = people(admin)
    good = known[cast.teammate.email] | {"full_name": "Tomasz Other"}
    page, answer = bring_in(admin, "accounts/user", written([good, known[getattr(cast, who).email] | change]))
    assert answer is None
    assert said in page.content.decode()
    assert print_of_everything() == before


def test_teams_come_in_with_what_stands_above_first(admin, cast, filled):
    file = rows(go_out(admin, "accounts/team").content)
    top = {"name": "South", "parent": "", "head": cast.other_head.email}
    _page, answer = bring_in(
        admin, "accounts/team", written([*file, top, {"name": "Far South", "parent": "South", "head": ""}])
    )
    assert answer.status_code == 302
    below = resource_of("accounts/team")._meta.model.objects.get(name="Far South")
    assert (below.parent.name, below.parent.head, below.path.startswith(below.parent.path)) == (
        "South",
        cast.other_head,
        True,
    )


def test_days_of_a_calendar_come_in_approved_and_never_for_the_past(admin, cast, filled):
    ahead = timezone.localdate() + timedelta(days=30)
    day = {
        "calendar": "PL",
        "day": ahead.isoformat(),
        "kind": "holiday",
        "ends_at": "",
        "name": "Feast",
        "approved": "1",
    }
    page, answer = bring_in(admin, "discipline/calendarday", written([day]))
    assert answer is not None, page.content.decode()
    assert CalendarDay.objects.approved().get(day=ahead).approved_by == cast.admin
    for change, said in (
        ({"day": "2021-01-06"}, "has begun or is over"), ({"kind": "short"}, "Say when work ends"), ({"name": "Else", "approved": "0"}, "write 1"),
    ):  # fmt: skip
        page, answer = bring_in(admin, "discipline/calendarday", written([day | change]))
        assert answer is None
        assert said in page.content.decode()


def test_working_hours_change_from_a_day_ahead(admin, cast, filled):
    file = rows(go_out(admin, "discipline/teampolicy").content)
    ahead = (timezone.localdate() + timedelta(days=30)).isoformat()
    page, answer = bring_in(
        admin, "discipline/teampolicy", written([*file, file[0] | {"starts_on": ahead, "deadline": "16:00:00"}])
    )
    assert answer is not None, page.content.decode()
    assert TeamPolicy.objects.get(starts_on=ahead).deadline == time(16)
    page, answer = bring_in(admin, "discipline/teampolicy", written([file[0] | {"deadline": "12:00:00"}]))
    assert answer is None
    assert "This day has begun for the team" in page.content.decode()


def test_a_dry_run_shows_what_would_change_and_keeps_nothing(admin, cast, filled):
    before = print_of_everything()
    row = people(admin)[cast.manager.email] | {"full_name": "Anna Renamed"}
    sheet = SimpleUploadedFile("table.csv", written([row]))
    page = admin.post("/admin-tables/accounts/user/import/", {"import_file": sheet, "format": "0", "resource": ""})
    assert "Renamed" in page.content.decode()
    assert print_of_everything() == before


@pytest.mark.parametrize("role", ["manager", "head", "owner"])
def test_nobody_else_takes_a_table_out(cast, sign_in, role):
    client = sign_in(getattr(cast, role))
    assert client.post("/admin-tables/accounts/user/export/", {"format": "0"}).status_code == 404
