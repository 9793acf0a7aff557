"""The owner's page: what it says, what it costs, and what it does while there is little to show."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import AccessEvent, EventKind, Role, User
from discipline.models import TeamDay
from reports.company import read
from reports.company.blocks import Block
from reports.services import readings
from tests.budgets import assert_budget
from tests.factories.crm import make_deal
from tests.factories.people import Cast, make_team, make_user
from tests.fixtures import Clock
from tests.reports.company.scene import Scene

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
KEPT = date(2026, 10, 20)
PAGE, FILE = "/company/", "/company/file/"


def blocks_of(scene: Scene) -> dict[str, Block]:
    return {block.key: block for block in read(scene.cast.owner, day=KEPT, now=scene.clock.now).blocks}


def facts_of(block: Block) -> dict[str, str]:
    return {fact.label: fact.shown.replace("\u202f", " ") for fact in block.facts}


def page_of(client: Client, url: str = PAGE) -> str:
    return client.get(url).content.decode().replace("\u202f", " ")


def test_the_month_is_measured_by_the_formulas_of_the_plan(scene: Scene) -> None:
    blocks = blocks_of(scene)
    assert facts_of(blocks["forecast"]) == {
        "Likely result": "€2 369 – €2 400", "Plan": "€4 000", "Won so far": "€1 400", "Expected from open deals": "€1 000",
    }  # fmt: skip
    assert facts_of(blocks["won"]) == {
        "Won this month": "€1 400", "Plan reached": "35 %", "Pace": "59 %", "Needed a day": "€289",
    }  # fmt: skip
    assert blocks["forecast"].alarm.replace("\u202f", " ") == "Even at best the month ends €1 600 below the plan."


def test_each_block_says_what_a_week_changed_and_why_it_is_there(scene: Scene) -> None:
    says = {key: block.says.replace("\u202f", " ") for key, block in blocks_of(scene).items()}
    assert says["won"].startswith("€400 more than on Tue 13 Oct — shown because the plan now asks for €289 a day")
    assert says["discipline"].startswith("36 % of the rules kept in seven days, 49 % in the seven before — ")
    assert says["lost"].startswith("1 more than on Tue 13 Oct — ")
    assert all(" — shown because " in one for one in says.values())
    assert len(says) == 11


def test_currencies_are_never_added_up(scene: Scene) -> None:
    assert facts_of(blocks_of(scene)["funnel"])["In the funnel now"] == "€2 000 + 50 zł"


def test_what_needs_the_owner_stands_first_and_leads_to_its_block(scene: Scene, sign_in: SignIn) -> None:
    page = page_of(sign_in(scene.cast.owner), f"{PAGE}?day={KEPT}")
    alarms = page[page.index("alarms-title") : page.index('id="forecast"')]
    assert 'href="#discipline"' in alarms
    assert "Rules kept fell from 49 % to 36 %." in alarms
    words = re.findall(r"(Behind|Watch)<svg", alarms)
    assert words == sorted(words)
    assert len(words) == 5
    assert blocks_of(scene)["lost"].alarm == "1 deal was lost without a reason."
    assert "You are looking at the morning of Tuesday, 20 October 2026" in page
    assert 'href="?day=2026-10-13"' in page


def test_the_teams_with_the_worst_discipline_stand_first(scene: Scene) -> None:
    rows = blocks_of(scene)["discipline"].grids[0].rows
    assert [row.name for row in rows] == ["Service", "Sales"]
    assert rows[0].cells[0].href.endswith(f"?team={scene.cast.other_team.pk}&day=2026-10-19")


def test_an_owners_day_begins_with_the_company_and_nobody_elses(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = page_of(client)
    assert 'href="/company/"' in page
    assert ">My day<" not in page
    assert 'href="/company/"' not in page_of(sign_in(cast.head), "/")


def test_without_a_reading_the_page_says_when_there_will_be_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.owner)
    assert "Your figures are on their way" in page_of(client)
    assert "No figures were kept of that day" in page_of(client, f"{PAGE}?day=2026-02-01")
    assert "Your figures are on their way" in page_of(client, f"{PAGE}?day=yesterday")
    assert client.post(FILE, {"kind": "xlsx"}, follow=True).status_code == 200
    assert not AccessEvent.objects.filter(kind=EventKind.EXPORTED).exists()


def test_a_day_without_a_kept_morning_leads_to_its_neighbours(scene: Scene, sign_in: SignIn) -> None:
    page = page_of(sign_in(scene.cast.owner), f"{PAGE}?day=2026-10-15")
    assert "No figures were kept of that day" in page
    assert 'href="?day=2026-10-13"' in page
    assert 'href="?day=2026-10-20"' in page


def test_an_empty_company_is_told_what_fills_each_block(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    readings.read(at=clock.set("2026-10-20 10:10"))
    page = page_of(sign_in(cast.owner))
    assert "Set the plan of the month and the expected close of deals" in page
    assert "No deal has gone through the funnel yet." in page
    assert "Every client is known to two people or more." in page
    assert "Nothing needs you this morning" in page


def test_the_page_costs_six_statements_however_many_teams_there_are(scene: Scene, sign_in: SignIn) -> None:
    def more() -> None:
        for n in range(6):
            team = make_team(f"Team {n}")
            person = make_user(team=team)
            for amount in (100_00, 200_00):
                make_deal(
                    person,
                    f"Deal {n}",
                    amount_minor=amount,
                    stage=scene.offer,
                    status="won" if amount > 100_00 else "open",
                )
            scene.clock.set("2026-10-20 10:00")
            TeamDay.objects.create(team=team, day=date(2026, 10, 19), cards=1, points=1, met=3, missed=4)
        readings.read(at=scene.clock.set("2026-10-20 10:20"))

    assert_budget(sign_in(scene.cast.owner), PAGE, 6, more)


def test_the_workbook_has_a_sheet_for_each_block_with_plain_values(scene: Scene, sign_in: SignIn) -> None:
    answer = sign_in(scene.cast.owner).post(FILE, {"kind": "xlsx", "day": str(KEPT)})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert "Won against plan" in book.sheetnames
    rows = [[cell.value for cell in row] for row in book["Won against plan"].iter_rows()]
    assert rows[0][:5] == ["Figure", "Of", "Value", "Unit", "Records"]
    assert ["Won this month", None, 1400, "EUR", 2] in [row[:5] for row in rows]
    assert ["By team: Won", "Sales", 1000, "EUR", 1] in [row[:5] for row in rows]
    assert AccessEvent.objects.get(kind=EventKind.EXPORTED).detail["as_of"].startswith("2026-10-20T05:00")
    assert answer["Content-Disposition"] == 'attachment; filename="company-2026-10-20.xlsx"'


def test_the_same_comes_on_paper(scene: Scene, sign_in: SignIn) -> None:
    answer = sign_in(scene.cast.owner).post(FILE, {"kind": "pdf", "day": str(KEPT)})
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/pdf"
    assert content.startswith(b"%PDF")
    assert len(content) > 20_000


@pytest.mark.parametrize("role", [Role.MANAGER, Role.HEAD, Role.ADMIN])
def test_it_is_there_for_nobody_else(role: str, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(getattr(cast, role))
    assert {client.get(PAGE).status_code, client.post(FILE, {"kind": "pdf"}).status_code} == {404}
