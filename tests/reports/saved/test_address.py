"""The address of a report: everything that a definition says comes back from it, and nonsense is left out."""

import pytest
from django.http import QueryDict

from crm.lists import Filter
from reports.asking import address
from reports.asking.draft import Draft
from reports.builder import SOURCES, Definition
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db

FULL = {
    "source": "deals", "figure": "won_sum", "rows": ["month", "owner"], "columns": ["stage"], "filters": {"status": "won"},
    "period": {"kind": "from_to", "by": "closed", "from": "2026-01-01", "to": "2026-06-30"}, "compare": "last_year", "show": "pivot",
    "sort": "-figure", "limit": 10,
}  # fmt: skip


def test_a_definition_comes_back_from_its_address(cast: Cast) -> None:
    definition = Definition.of(FULL)
    query = address.query_of(definition)
    assert Draft(QueryDict(query), cast.owner).definition == definition
    assert address.query_of(Definition.of(address.read(QueryDict(query), cast.owner))) == query


def test_nonsense_is_left_out(cast: Cast) -> None:
    draft = Draft(
        QueryDict("about=nothing&figure=x&row=owner&row=owner&row=moon&column=owner&only=status&status=flown&top=-1x"),
        cast.owner,
    )
    assert (draft.source.key, draft.data["rows"], draft.data["columns"]) == ("deals", ["owner"], [])
    assert draft.data["filters"] == {}
    assert draft.definition is None
    assert "between 1 and" in draft.mistake


def test_what_does_not_go_together_says_how_to_mend_it(cast: Cast) -> None:
    draft = Draft(QueryDict("about=deals&days=all&against=previous"), cast.owner)
    assert draft.definition is None
    assert "compare with nothing" in draft.mistake


def test_another_figure_brings_its_own_date(cast: Cast) -> None:
    drawn = Draft(QueryDict("about=deals&figure=count&by_date=opened"), cast.owner).signature
    asked = QueryDict(mutable=True)
    asked.update({"about": "deals", "figure": "won_sum", "by_date": "opened", "drawn": drawn})
    assert Draft(asked, cast.owner).date == "closed"
    asked["drawn"] = Draft(asked, cast.owner).signature
    assert Draft(asked, cast.owner).date == "opened"


def test_a_place_offers_what_no_other_place_has(cast: Cast) -> None:
    draft = Draft(QueryDict("about=deals&row=month&row=owner&column=stage"), cast.owner)
    offered = [{key for _heading, options in slot.groups for key, _label in options} for slot in draft.row_slots]
    assert [slot.chosen for slot in draft.row_slots] == ["month", "owner", ""]
    assert "month" in offered[0]
    assert "owner" not in offered[0]
    assert not {"month", "owner", "stage"} & offered[2]
    assert "week" in offered[2]


@pytest.mark.parametrize("key", sorted(SOURCES))
def test_no_filter_is_called_like_a_word_of_ours(cast: Cast, key: str) -> None:
    filters: list[Filter] = SOURCES[key].filters_for(cast.owner)
    assert not {one.key for one in filters} & address.OURS
    assert SOURCES[key].figures_for(cast.owner)
    assert SOURCES[key].dates_for(cast.owner)
