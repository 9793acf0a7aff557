"""Pages of segments: built with what they find beside them, used to give tasks, within their statements."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import MassAssignment, Segment
from crm.services import mass_assignments
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_segment

pytestmark = pytest.mark.django_db
EVERYBODY = [{"key": "not_won", "period": "this_year"}]
SENT = {"name": "Quiet ones", "row": ["a1", "b2"], "a1-key": "quiet", "a1-days": "30", "b2-key": "bare"}


def test_a_segment_is_built_from_the_rows_sent(sign_in, cast):
    response = sign_in(cast.manager).post(reverse("crm:segment-new"), SENT)
    segment = Segment.objects.get()
    assert response.url == reverse("crm:segment", args=[segment.pk])
    assert segment.conditions == [{"key": "quiet", "days": 30}, {"key": "bare"}]


def test_a_wrong_value_keeps_all_that_was_typed(sign_in, cast):
    response = sign_in(cast.manager).post(
        reverse("crm:segment-new"), {**SENT, "a1-days": "soon", "name": "<b>Quiet</b>"}
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "write a whole number from 1 to 3" in page
    assert 'value="soon"' in page
    assert "&lt;b&gt;Quiet&lt;/b&gt;" in page
    assert not Segment.objects.exists()


def test_a_segment_without_conditions_is_refused(sign_in, cast):
    response = sign_in(cast.manager).post(reverse("crm:segment-new"), {"name": "Everybody"})
    assert response.status_code == 422
    assert "Add at least one condition" in response.content.decode()


def test_the_preview_tells_who_is_found_before_it_is_saved(sign_in, cast):
    make_company(cast.manager, "Acme")
    sent = {"row": "a1", "a1-key": "not_won", "a1-period": "this_year"}
    page = sign_in(cast.manager).get(reverse("crm:segment-preview"), sent).content.decode()
    assert "Acme" in page
    assert not Segment.objects.exists()


def test_another_ones_segment_is_not_there_unless_it_is_for_everybody(sign_in, cast):
    own, shared = make_segment(cast.manager, EVERYBODY), make_segment(cast.manager, EVERYBODY, "All", is_shared=True)
    client = sign_in(cast.teammate)
    assert client.get(reverse("crm:segment", args=[own.pk])).status_code == 404
    assert client.get(reverse("crm:segment", args=[shared.pk])).status_code == 200
    assert client.post(reverse("crm:segment-edit", args=[shared.pk]), SENT).status_code == 404


def test_the_head_gives_tasks_and_lands_where_they_are_watched(sign_in, cast):
    make_company(cast.manager)
    segment = make_segment(cast.head, EVERYBODY)
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    sent = {"kind": "call", "title": "Ask how it goes", "due": due}
    response = sign_in(cast.head).post(reverse("crm:segment-give", args=[segment.pk]), sent)
    assert response.url == reverse("crm:assignment", args=[MassAssignment.objects.get().pk])
    page = sign_in(cast.head).get(response.url).content.decode()
    assert "0 / 1" in page
    assert cast.manager.full_name in page


@pytest.mark.parametrize(
    ("page", "budget"), [("segment-list", 1), ("segment", 5), ("assignment-list", 1), ("assignment", 3)]
)
def test_pages_keep_to_their_statements(sign_in, cast, clock, page, budget):
    segment = make_segment(cast.head, EVERYBODY)
    make_company(cast.manager, "First")
    due = clock.now.date() + timedelta(days=7)

    def give(key: str) -> MassAssignment:
        return mass_assignments.give(segment=segment, title="Call", due=due, by=cast.head, at=clock.now, key=key)

    def more() -> None:
        for n in range(20):
            make_company(cast.manager, f"Client {n}")
            make_segment(cast.head, EVERYBODY, f"Segment {n}")
        give("again")

    keys = {"segment": [segment.pk], "assignment": [give("first").pk]}.get(page, [])
    shell = 3  # what the sidebar counts for a head
    assert_budget(sign_in(cast.head), reverse(f"crm:{page}", args=keys), budget + shell, more)
