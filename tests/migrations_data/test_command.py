"""`manage.py import_workbook`: one command from a table to records, with a report for people and for programs."""

import json

import pytest
from django.core.management import call_command

from crm.models import Deal, Product
from migrations_data.models import Import
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(tmp_path, capsys):
    def call(files, *options):
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        with pytest.raises(SystemExit) as ended:
            call_command("import_workbook", *(str(tmp_path / name) for name in files), *options)
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return call


def test_a_dry_run_keeps_nothing_and_the_run_all(clock, cast, command):
    code, out, _err = command(tables.ALL_FOUR, "--dry-run")
    assert (code, Deal.objects.count()) == (0, 0)
    assert (
        "sales_pipeline.csv / sales_pipeline (deals): 6 = 6 new, 0 updated, 0 unchanged, 0 rejected, 0 left out" in out
    )
    assert f"close_value: {tables.WON_AND_LOST} = {tables.WON_AND_LOST} + 0" in out
    code, out, _err = command(tables.ALL_FOUR, "--as", cast.admin.email.upper())
    assert (code, Deal.objects.count()) == (0, 6)


def test_the_report_for_programs_has_every_figure(clock, cast, command):
    bad = {"products.csv": tables.PRODUCTS + "Odd,RX,much\n"}
    code, out, _err = command(bad, "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["lost"]) == (1, False, [])
    assert told["import_id"] == Import.objects.get().pk
    sheet = told["files"][0]["sheets"][0]
    assert told["files"][0]["encoding"] == "utf-8"
    shown = {name: sheet[name] for name in sheet if name not in ("columns", "findings", "problems", "sums")}
    assert shown == {
        "name": "products", "kind": "products", "hidden": False, "header_rows": [1], "rows_in": 4, "created": 3, "updated": 0,
        "same": 0, "merged": 0, "asked": 0, "rejected": 1, "left_out": 0,
    }  # fmt: skip
    assert (
        sheet["columns"][2] == {"name": "sales_price", "field": "price", "type": "text", "confidence": 1.0}
        or sheet["columns"][2]["field"] == "price"
    )
    assert sheet["sums"] == [{"column": "sales_price", "in": 5426, "loaded": 5426, "rejected": 0}]
    assert sheet["problems"] == [
        {"row": 5, "column": "sales_price", "code": "not_number", "message": "“much” is no number. Write digits only."}
    ]


def test_what_is_refused_writes_nothing_and_says_why(clock, cast, command, tmp_path):
    code, out, _err = command({"page.xlsx": "<html>"}, "--json")
    assert code == 2
    assert json.loads(out)["error"].startswith("page.xlsx: This is a web page")
    code, _out, err = command({"products.csv": tables.PRODUCTS}, "--as", cast.manager.email)
    assert code == 2
    assert "coordinator" in err
    code, _out, err = command({"products.csv": tables.PRODUCTS}, "--as", "nobody@example.com")
    assert (code, Product.objects.count()) == (2, 0)
    with pytest.raises(SystemExit) as ended:
        call_command("import_workbook", str(tmp_path / "missing.csv"))
    assert ended.value.code == 2


def test_nothing_recognised_is_refused(clock, cast, command):
    code, _out, err = command({"rain.csv": "Date,Rain mm\n2026-01-01,3\n2026-01-02,0\n"})
    assert code == 2
    assert "left out" in err
