"""`manage.py import_workbook`: one command from a table to records, with a report for people and for programs."""

import json
import time
from contextlib import contextmanager

import pytest
from django.core.management import call_command

from crm.models import Deal, Product
from migrations_data.models import Import, ImportProfile
from migrations_data.services import work
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
        "sales_pipeline.csv / sales_pipeline (deals): 6 = 6 new, 0 updated, 0 unchanged, 0 merged, 0 to decide, 0 rejected, 0 left out"
        in out
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
    told = json.loads(out)
    assert told["error"].startswith("page.xlsx: This is a web page")
    assert (told["ok"], told["import_id"], told["files"], told["lost"]) == (False, None, [], [])
    assert not Import.objects.exists()
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
    assert not Import.objects.exists()


def test_the_report_for_programs_has_these_keys_and_no_others(clock, cast, command):
    _code, out, _err = command(tables.ALL_FOUR, "--json")
    told = json.loads(out)
    assert list(told) == ["ok", "import_id", "files", "lost"]
    assert all(list(file) == ["name", "encoding", "sheets"] for file in told["files"])
    sheets = [sheet for file in told["files"] for sheet in file["sheets"]]
    assert {tuple(sheet) for sheet in sheets} == {
        (
            "name", "kind", "hidden", "header_rows", "rows_in", "created", "updated", "same", "merged", "asked", "rejected",
            "left_out", "columns", "sums", "problems",
        )
    }  # fmt: skip
    columns = {tuple(column) for sheet in sheets for column in sheet["columns"]}
    assert columns == {("name", "field", "type", "confidence")}
    assert {tuple(one) for sheet in sheets for one in sheet["sums"]} == {("column", "in", "loaded", "rejected")}
    names = ("created", "updated", "same", "merged", "asked", "rejected", "left_out")
    assert all(sheet["rows_in"] == sum(sheet[name] for name in names) for sheet in sheets)


def test_an_undo_says_what_went_and_what_stays(clock, cast, command):
    command({"products.csv": tables.PRODUCTS})
    made = Import.objects.get()
    code, out, _err = command({}, "--undo", str(made.pk), "--dry-run", "--json")
    assert (code, json.loads(out)["gone"], Product.objects.count()) == (0, {"product": 3}, 3)
    Product.objects.filter(name="RX Pro").update(price_minor=1)
    code, out, _err = command({}, "--undo", str(made.pk), "--json")
    told = json.loads(out)
    pro = Product.objects.get()
    assert (code, told["ok"], told["import_id"], told["gone"]) == (1, False, made.pk, {"product": 2})
    assert told["stays"] == [{"type": "product", "id": pro.pk, "why": "changed since"}]
    code, out, _err = command({}, "--undo", str(made.pk))
    assert (code, out.splitlines()[1]) == (1, "  stay: 1 product, changed since")
    pro.delete()
    assert command({}, "--undo", str(made.pk))[0] == 0
    assert command({"products.csv": tables.PRODUCTS})[0] == 0
    assert Product.objects.count() == 3


def test_an_undo_of_nothing_or_by_somebody_else_is_refused(clock, cast, command):
    assert command({}, "--undo", "999999")[0] == 2
    command({"products.csv": tables.PRODUCTS})
    code, _out, err = command({}, "--undo", str(Import.objects.get().pk), "--as", cast.owner.email)
    assert (code, Product.objects.count()) == (2, 3)
    assert "--as EMAIL" in err


def test_a_profile_is_remembered_and_reads_the_next_file_of_its_kind(clock, cast, command):
    odd = "thing,line,tag\nRX,A,5\nKV,B,7\n"
    command({"products.csv": tables.PRODUCTS}, "--profile", "Spring prices")
    kept = ImportProfile.objects.get()
    assert kept.name == "Spring prices"
    kept.sheets = [
        {
            "headers": ["thing", "line", "tag"], "kind": "products",
            "columns": {name: kept.sheets[0]["columns"][like] | {"field": field} for name, like, field in (
                ("thing", "product", "name"), ("line", "series", "group"), ("tag", "sales price", "price"),
            )},
        }
    ]  # fmt: skip
    kept.save()
    code, out, _err = command({"odd.csv": odd}, "--profile", "spring prices", "--json")
    sheet = json.loads(out)["files"][0]["sheets"][0]
    assert (code, sheet["kind"], [column["field"] for column in sheet["columns"]]) == (
        0,
        "products",
        ["name", "group", "price"],
    )
    assert Product.objects.get(name="KV").price_minor == 700


def test_it_waits_for_an_import_in_front(clock, cast, command, monkeypatch):
    busy = [True, True]
    alone = work.alone

    @contextmanager
    def at_times():
        if busy:
            busy.pop()
            raise work.Busy
        with alone():
            yield

    monkeypatch.setattr(work, "alone", at_times)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    code, _out, err = command({"products.csv": tables.PRODUCTS})
    assert (code, Product.objects.count()) == (0, 3)
    assert err.count("waits for it") == 1
