"""What the rows of a sheet are, which tables lie on it, and which sheets refer to each other."""

import pytest
from django.urls import reverse

from crm.models import CustomField
from migrations_data.models import ImportRow, ImportSheet, Part
from migrations_data.services import columns, imports, profiles
from tests.budgets import statements
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db

REPORT = """Sales of October,,,,
,,,,
Client,City,Owner,Amount,Amount
,,,net,gross
All clients,,,600,738
   North,,,300,369
Birch Labs,Łódź,Anna,100,123
Cedar Foods,Łódź,Anna,200,246
   South,,,300,369
Dune Holding,Kraków,Jan,300,369
Total,,,600,738
,,,,
Printed by the accounts on the first of November for the board.,,,,
"""
TWO_BELOW = """Companies,,
Company,City,Phone
Birch Labs,Łódź,600100200
Cedar Foods,Kraków,600100201
,,
,,
Deals of the year,,
Deal,Company,Amount
Fleet,Birch Labs,1000
Roof,Cedar Foods,2000
"""
BESIDE = """Company,City,Phone,,Product,Price
Birch Labs,Łódź,600100200,,Saw,10
Cedar Foods,Kraków,600100201,,Axe,20
Elm Medical,Opole,600100202,,Rope,30
Dune,Opole,600100203,,,
"""


@pytest.fixture
def read(cast, clock):
    """Reads files: name -> content."""
    return lambda files, **words: tables.upload(cast.admin, clock.now, files, **words)


def sheets(made):
    return list(ImportSheet.objects.filter(file__of_import=made))


def parts(sheet):
    return dict(ImportRow.objects.filter(sheet=sheet).exclude(part="").values_list("number", "part"))


def fields(sheet):
    return {column["name"]: column["field"] for column in sheet.columns}


def test_a_report_keeps_its_data_apart_from_titles_subtotals_and_notes(read):
    (sheet,) = sheets(read({"report.csv": REPORT}))
    assert (sheet.header_row, sheet.header_rows) == (3, 2)
    assert [column["name"] for column in sheet.columns] == ["Client", "City", "Owner", "Amount / net", "Amount / gross"]
    said = parts(sheet)
    assert [said.get(number, "") for number in (1, 3, 4, 5, 6, 7, 9, 11, 13)] == [
        Part.BANNER, Part.HEADER, Part.HEADER, Part.TOTAL, Part.TOTAL, "", Part.TOTAL, Part.TOTAL, Part.NOTE,
    ]  # fmt: skip
    assert sheet.rows_in == 8
    assert ImportRow.objects.filter(sheet=sheet, part="").count() == 3


def test_a_client_called_like_a_total_stays_a_client(read):
    text = "Company,City,Phone,Revenue\nTotal,Łódź,600100200,10\nSuma Foods,Kraków,600100201,20\nTotal,,,30\n"
    (sheet,) = sheets(read({"clients.csv": text}))
    assert parts(sheet) == {1: Part.HEADER, 4: Part.TOTAL}


@pytest.mark.parametrize("word", ["Итого", "Всего:", "RAZEM", "Suma", "Total general", "Grand total"])
def test_totals_are_known_in_four_languages(read, word):
    text = f"Company,City,Phone,Revenue\nBirch,Łódź,600100200,10\nCedar,Kraków,600100201,20\n{word},,,31\n"
    (sheet,) = sheets(read({"clients.csv": text}))
    assert parts(sheet)[4] == Part.TOTAL
    assert (sheet.rows_in, sheet.left_out) == (3, 1)


def test_blank_rows_inside_a_table_do_not_end_it(read):
    text = "Company,City,Phone\nBirch,Łódź,600100200\n,,\n,,\nCedar,Kraków,600100201\n"
    (sheet,) = sheets(read({"clients.csv": text}))
    assert sheet.rows_in == 2


def test_a_header_that_comes_again_on_each_page_is_no_client(read):
    head = "Company,City,Phone\n"
    (sheet,) = sheets(read({"clients.csv": f"{head}Birch,Łódź,600100200\n{head}Cedar,Kraków,600100201\n"}))
    assert parts(sheet) == {1: Part.HEADER, 3: Part.NOTE}


def test_a_table_below_another_is_a_sheet_of_its_own_with_the_rows_of_the_file(read):
    first, second = sheets(read({"book.csv": TWO_BELOW}))
    assert (first.kind, second.kind, second.table) == ("companies", "deals", 1)
    assert list(ImportRow.objects.filter(sheet=second, part="").values_list("number", flat=True)) == [9, 10]
    assert parts(second)[7] == Part.BANNER


def test_a_table_beside_another_has_its_own_cells(read):
    first, second = sheets(read({"book.csv": BESIDE}))
    assert (first.kind, second.kind, second.first_column) == ("companies", "products", 4)
    assert ImportRow.objects.get(sheet=first, number=2).cells == ["Birch Labs", "Łódź", "600100200"]
    assert ImportRow.objects.get(sheet=second, number=2).cells == ["Saw", "10"]
    assert second.rows_in == 3


def test_columns_apart_for_looks_alone_stay_one_table(read):
    (sheet,) = sheets(read({"clients.csv": "Company,City,,Phone,E-mail\nBirch,Łódź,,600100200,a@b.example\n"}))
    assert sheet.kind == "companies"
    assert list(fields(sheet)) == ["Company", "City", "Phone", "E-mail"]


def test_ids_of_another_sheet_find_its_records(read):
    made = read({
        "klienci.csv": "IDKlienta,Nazwa firmy,Miasto,Telefon\n1,Birch,Łódź,600100200\n2,Cedar,Opole,600100201\n",
        "pracownicy.csv": "IDPracownika,Imie,Nazwisko,DataZatrudnienia\n7,Anna,Kos,2020-01-02\n8,Jan,Lis,2021-01-02\n",
        "zamowienia.csv": "IDZamowienia,IDKlienta,PrzedstKonta,Wartosc,DataZamowienia\n100,1,7,500,2024-01-02\n101,2,8,700,2024-01-03\n",
    })  # fmt: skip
    deals = tables.sheet_of(made, "deals")
    assert list(fields(deals).values()) == ["key", "company", "owner", "amount", "opened"]
    owner = deals.columns[2]
    assert owner["names"] == {"7": "Anna Kos", "8": "Jan Lis"}
    assert owner["link"] == tables.sheet_of(made, "people").pk


def test_what_fits_no_field_is_kept_in_the_note(read):
    (sheet,) = sheets(read({"clients.csv": "Company,City,Phone,Shoe size\nBirch,Łódź,600100200,43\n"}))
    assert fields(sheet)["Shoe size"] == "note"


def test_a_person_can_say_what_rows_and_headers_are(read, cast):
    (sheet,) = sheets(read({"report.csv": REPORT}))
    columns.set_parts(sheet=sheet, numbers=[11], part=Part.DATA, by=cast.admin)
    assert 11 not in parts(sheet)
    columns.set_parts(sheet=sheet, numbers=[3, 7, 12], part=Part.NOTE, by=cast.admin)
    assert [parts(sheet)[number] for number in (3, 7)] == [Part.HEADER, Part.NOTE]
    again = columns.set_kind(sheet=sheet, kind="companies", header_row=4, header_rows=1, by=cast.admin)
    assert [column["name"] for column in again.columns][3:] == ["net", "gross"]


def test_a_profile_reads_the_next_file_of_its_kind(read, cast, clock):
    text = "Firma kontakt,Miasto,Kwota\nBirch,Łódź,10\nCedar,Opole,20\n"
    (sheet,) = sheets(first := read({"a.csv": text}))
    columns.set_kind(sheet=sheet, kind="companies", by=cast.admin)
    chosen = {0: {"field": "name"}, 2: {"field": "revenue", "unit": 1000, "policy": "over"}}
    columns.set_columns(sheet=sheet, columns=chosen, by=cast.admin)
    kept = profiles.remember(of=first, name="  Clients of Ola ", by=cast.admin, at=clock.now)
    assert kept.name == "Clients of Ola"
    (sheet,) = sheets(second := read({"b.csv": text.replace("Birch", "Elm")}))
    second.refresh_from_db()
    assert second.profile == kept
    assert (sheet.kind, list(fields(sheet).values())) == ("companies", ["name", "city", "revenue"])
    assert (sheet.columns[2]["unit"], sheet.columns[2]["policy"]) == (1000, "over")
    third = read({"c.csv": text.replace("Kwota", "Suma")})
    third.refresh_from_db()
    assert third.profile is None


def test_small_figures_that_agree_by_chance_make_no_total(read):
    rows = ["2,Fir,wood,", "1,Oak,wood,a", "1,Elm,,", "2,Ash,,", "2,Yew,wood,b", "4,Box,wood,c"]
    (sheet,) = sheets(read({"list.csv": "Code,Name,Group,Note\n" + "\n".join(rows) + "\n"}))
    assert parts(sheet) == {1: Part.HEADER}


def test_a_column_that_marks_important_clients_becomes_a_field_when_the_columns_are_confirmed(read, cast, clock):
    text = "ФИО,Телефон,Почта,VIP\nОля Кос,600100200,o@example.com,1.0\nИра Лис,600100201,i@example.com,\n"
    made = read({"contacts.csv": text})
    sheet = tables.sheet_of(made, "contacts")
    assert fields(sheet)["VIP"] == "new"
    imports.preview(of=made, by=cast.admin, at=clock.now, background=False)
    (field,) = CustomField.objects.of("contact")
    assert (field.label, field.options) == ("VIP", ["VIP"])
    sheet.refresh_from_db()
    assert fields(sheet)["VIP"] == f"custom.{field.key}"


def test_the_page_of_columns_costs_the_same_for_any_number_of_columns_and_rows(sign_in, cast, read):
    window = sign_in(cast.admin)
    few = read({"a.csv": "Company,City\nBirch,Łódź\n"})
    many = read({"b.csv": "Company,City,Phone,E-mail,Size,Floor\n" + "Cedar,Opole,600100200,a@b.example,1,3\n" * 9})

    def page(made):
        return reverse("migrations_data:import-columns", args=[made.pk])

    assert statements(window, page(few)) == statements(window, page(many)) <= 12


def test_rows_are_put_right_on_the_page(sign_in, cast, read):
    window = sign_in(cast.admin)
    (sheet,) = sheets(read({"report.csv": REPORT}))
    columns.set_kind(sheet=sheet, kind="companies", by=cast.admin)
    place = reverse("migrations_data:import-parts", args=[sheet.pk])
    refused = window.post(place, {"rows": "six", "part": ""}, HTTP_HX_REQUEST="true")
    assert refused.status_code == 422
    assert "like 6-10, 121" in refused.content.decode()
    answer = window.post(place, {"rows": "5-6, 9", "part": ""}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    assert [parts(sheet).get(number, "") for number in (5, 6, 9, 11)] == ["", "", "", Part.TOTAL]
