"""The payroll file: typed, traceable, and harmless."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from crm.models import CompanySettings
from discipline import payroll
from discipline.models import LedgerEntry, Settlement
from tests.factories.money import close_days, give_points, make_claim, make_rate, make_reward, make_settlement

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, SUNDAY = date(2026, 10, 19), date(2026, 10, 20), date(2026, 10, 25)
EVIL = '=HYPERLINK("http://evil.example","Click")'


@pytest.fixture
def settled(scored, cast) -> Settlement:
    """A week with cards, corrections below and above zero, and a reward; one name begins like a formula."""
    cast.teammate.full_name = EVIL
    cast.teammate.save()
    make_rate(cast.owner, rate="1.25")
    close_days(cast.team, MONDAY, SUNDAY)
    give_points(cast.manager, 120, MONDAY)
    give_points(cast.teammate, -30, TUESDAY)
    make_claim(make_reward(cast.admin, 10, "+Lunch"), cast.manager)
    return make_settlement(cast, MONDAY, SUNDAY, to="exported")


def book(settlement: Settlement, values: bool = True) -> Workbook:
    out = BytesIO()
    payroll.write(settlement, out)
    return load_workbook(BytesIO(out.getvalue()), data_only=values)


def rows(sheet) -> list[dict]:
    """The rows of a sheet by its header, without the totals."""
    header, *body = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [dict(zip(header, row, strict=True)) for row in body if not str(row[0]).startswith("Total")]


def test_each_person_has_a_row_with_his_sums(settled, cast):
    people = {row["E-mail"]: row for row in rows(book(settled)["People"])}
    assert len(people) == 2
    row, line = people[cast.manager.email], settled.lines.get(user=cast.manager)
    assert (row["Name"], row["Team"], row["Currency"]) == ("Anna Manager", "Sales", "EUR")
    assert (row["Corrections"], row["Rewards"], row["Points settled"]) == (120, -10, line.points)
    assert row["Met"] + row["Missed"] + row["Corrections"] + row["Rewards"] == row["Points settled"]
    assert (row["Rate"], row["Amount"]) == (1.25, line.amount_minor / 100)
    assert "Signature" in row


def test_every_sum_adds_up_from_the_lines(settled, cast):
    found = book(settled)
    lines = rows(found["Lines"])
    for person in rows(found["People"]):
        own = [row for row in lines if row["E-mail"] == person["E-mail"]]
        assert sum(row["Posted"] for row in own) == person["Points settled"]
        by_entry = {}
        for row in own:
            by_entry[row["Entry no."]] = by_entry.get(row["Entry no."], 0) + row["Posted"]
        for entry in LedgerEntry.objects.filter(pk__in=by_entry):
            signed = entry.points if entry.credit == f"person:{entry.user_id}" else -entry.points
            assert by_entry[entry.pk] == signed
    assert len(lines) == 2 * (5 * 7) + 3


def test_a_line_says_its_rule_its_result_and_its_seal(settled, cast):
    lines = rows(book(settled)["Lines"])
    row = next(row for row in lines if row["Name"] == "Anna Manager" and row["Rule or reason"] == "Conversations")
    assert row["Date"].date() == MONDAY
    assert (row["Value"], row["Target"], row["Result"], row["Points"], row["Posted"]) == (
        0,
        "at least 5",
        "Missed",
        -2,
        -2,
    )
    entry = LedgerEntry.objects.get(pk=row["Entry no."])
    assert row["Seal of the entry"] == entry.hash
    assert entry.user == cast.manager
    reward = next(row for row in lines if row["Rule or reason"] == "+Lunch")
    assert (reward["Entry"], reward["Posted"]) == ("reward", -10)


def test_what_looks_like_a_formula_stays_text(settled):
    found = book(settled, values=False)
    names = [row[0] for row in found["People"].iter_rows(min_row=2) if row[0].value == EVIL]
    assert [cell.data_type for cell in names] == ["s"]
    reasons = [row[4] for row in found["Lines"].iter_rows(min_row=2) if row[4].value == "+Lunch"]
    assert [cell.data_type for cell in reasons] == ["s"]
    formulas = [cell.value for sheet in found for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(text.startswith(("=SUMIF(", "=SUBTOTAL(")) for text in formulas)
    assert len(formulas) == 3


def test_totals_carry_their_values_for_whoever_does_not_work_them_out(settled):
    sums = settled.lines.values_list("points", "amount_minor")
    totals = next(row for row in book(settled)["People"].iter_rows(values_only=True) if row[0] == "Total EUR")
    assert (totals[7], totals[9]) == (sum(one[0] for one in sums), sum(one[1] for one in sums) / 100)


def test_the_header_is_frozen_and_filtered_and_the_columns_are_wide_enough(settled):
    found = book(settled)
    for name, columns in (("People", "L"), ("Lines", "L")):
        sheet = found[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.auto_filter.ref.rstrip("0123456789").endswith(columns)
        assert sheet.column_dimensions["A"].width > 10
    assert found["Lines"]["A2"].number_format == "yyyy-mm-dd"
    assert found["People"]["J2"].number_format == "#,##0.00"


def test_it_says_who_answers_for_it(settled):
    about = " ".join(str(cell) for row in book(settled)["About"].iter_rows(values_only=True) for cell in row)
    for word in ("Adam Admin", "Olga Owner", "Sales, 19 Oct 2026 to 25 Oct 2026"):
        assert word in about


def test_a_currency_without_cents_is_written_whole(scored, cast):
    CompanySettings.objects.create(pk=1, currency="JPY")
    make_rate(cast.owner, rate="150")
    close_days(cast.team, TUESDAY, TUESDAY)
    give_points(cast.manager, 20, TUESDAY)
    made = make_settlement(cast, TUESDAY, TUESDAY, to="approved")
    row = next(row for row in rows(book(made)["People"]) if row["Name"] == "Anna Manager")
    assert (row["Rate"], row["Amount"]) == (150, made.lines.get(user=cast.manager).points * 150)


def test_the_same_settlement_gives_the_same_file(settled):
    first, second = BytesIO(), BytesIO()
    payroll.write(settled, first)
    payroll.write(settled, second)
    assert first.getvalue() == second.getvalue()


def test_it_costs_four_statements_for_fifty_people_however_many_lines_there_are(settled, django_assert_max_num_queries):
    made = Settlement.objects.select_related("team").prefetch_related("steps__by").get(pk=settled.pk)
    with django_assert_max_num_queries(4):
        payroll.write(made, BytesIO())
