"""A definition is read strictly: what is not understood is refused with what to do."""

from typing import Any

import pytest

from reports.builder import Definition, DefinitionWrong

WHOLE = {
    "source": "deals", "figure": "amount_sum", "rows": ["owner", "stage"], "columns": ["month"], "filters": {"status": "won"},
    "period": {"kind": "from_to", "by": "closed", "from": "2026-01-01", "to": "2026-06-30"}, "compare": "last_year", "show": "pivot",
    "sort": "-figure", "limit": 20,
}  # fmt: skip


def test_what_is_stored_comes_back_as_it_was() -> None:
    assert Definition.of(WHOLE).as_json() == WHOLE


def test_what_is_not_said_has_its_usual_value() -> None:
    assert Definition.of({}).as_json() == {
        "source": "deals", "figure": "count", "rows": [], "columns": [], "filters": {}, "period": {"kind": "this_month"},
        "compare": "", "show": "table", "sort": "", "limit": 0,
    }  # fmt: skip


def test_days_the_wrong_way_round_are_turned() -> None:
    period = Definition.of({"period": {"kind": "from_to", "from": "2026-02-01", "to": "2026-01-01"}}).period
    assert period.as_json() == {"kind": "from_to", "from": "2026-01-01", "to": "2026-02-01"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("deals", ""),
        ({"colour": "red"}, "colour"),
        ({"rows": ["a", "b", "c", "d"]}, "rows"),
        ({"columns": ["a", "b", "c"]}, "columns"),
        ({"rows": ["owner"], "columns": ["owner"]}, "rows"),
        ({"rows": "owner"}, "rows"),
        ({"rows": [1]}, "rows"),
        ({"filters": ["status"]}, "filters"),
        ({"filters": {"status": ["won"]}}, "status"),
        ({"filters": {f"f{n}": "x" for n in range(13)}}, "filters"),
        ({"period": "today"}, "period"),
        ({"period": {"kind": "tomorrow"}}, "kind"),
        ({"period": {"kind": "from_to"}}, "period"),
        ({"period": {"kind": "from_to", "from": "soon"}}, "period"),
        ({"period": {"kind": "from_to", "from": "0026-01-01"}}, "period"),
        ({"period": {"days": 3}}, "days"),
        ({"period": {"kind": "all"}, "compare": "previous"}, "compare"),
        ({"period": {"kind": "from_to", "from": "2026-01-01"}, "compare": "previous"}, "period"),
        ({"compare": "tomorrow"}, "compare"),
        ({"show": "cake"}, "show"),
        ({"sort": "colour"}, "sort"),
        ({"limit": -1}, "limit"),
        ({"limit": 5000}, "limit"),
        ({"source": "x" * 500}, "source"),
        ({"figure": "a\x00b"}, "figure"),
    ],
)
def test_what_makes_no_report_is_refused_with_the_part_to_mend(said: Any, field: str) -> None:
    with pytest.raises(DefinitionWrong) as refused:
        Definition.of(said)
    assert refused.value.field == field
    assert str(refused.value.message)
