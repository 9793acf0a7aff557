"""Questions that the tests of saved reports ask."""

from typing import Any

WON: dict[str, Any] = {
    "source": "deals",
    "figure": "won_sum",
    "rows": ["owner"],
    "columns": ["month"],
    "period": {"kind": "this_year"},
    "show": "pivot",
}
OPEN: dict[str, Any] = {
    "source": "deals",
    "figure": "count",
    "rows": ["stage", "owner"],
    "period": {"kind": "all"},
    "show": "pivot",
}
