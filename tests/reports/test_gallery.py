"""The gallery of components."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
# Drawn through others: in the sample dialog, around it, in every field; the question of two people at once by its part.
PARTS = {"stale", "dialog", "dialog_alone", "dialog_on_page", "dialog_close", "field_notes"}


def test_whoever_runs_the_rules_sees_every_component(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.admin).get(reverse("reports:gallery"))
    assert response.status_code == 200
    drawn = {template.name for template in response.templates}
    missing = {path.stem for path in COMPONENTS.glob("*.html") if f"components/{path.name}" not in drawn} - PARTS
    assert missing == set()


@pytest.mark.parametrize("who", ["manager", "head", "owner"])
def test_it_is_not_there_for_the_others(cast: Cast, sign_in: SignIn, who: str) -> None:
    assert sign_in(getattr(cast, who)).get(reverse("reports:gallery")).status_code == 404


def test_the_page_keeps_to_its_own_content_policy(cast: Cast, sign_in: SignIn) -> None:
    markup = sign_in(cast.admin).get(reverse("reports:gallery")).content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", markup) == []
    assert re.findall(r"\son\w+=", markup) == []
    assert {style.partition(":")[0] for style in re.findall(r'\sstyle="([^"]*)"', markup)} <= {"--v"}
    assert "<style" not in markup


def test_no_comment_for_authors_reaches_the_page(cast: Cast, sign_in: SignIn) -> None:
    markup = sign_in(cast.admin).get(reverse("reports:gallery")).content.decode()
    assert "{#" not in markup
    assert "Context:" not in markup


def test_ids_are_unique(cast: Cast, sign_in: SignIn) -> None:
    found = re.findall(r'\sid="([^"]+)"', sign_in(cast.admin).get(reverse("reports:gallery")).content.decode())
    assert sorted({name for name in found if found.count(name) > 1}) == []


def test_a_wrong_form_comes_back_and_a_right_one_closes_the_dialog(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    wrong = client.post(reverse("reports:gallery-dialog"), {"title": "", "company": "1"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.content.decode()
    right = client.post(reverse("reports:gallery-dialog"), {"title": "Fleet renewal", "company": "1"})
    assert right.status_code == 204
    assert "close-dialog" in right["HX-Trigger"]


def test_the_sample_board_takes_a_card_and_refuses_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.admin)
    move = reverse("reports:gallery-move", args=[2])
    assert client.post(move, {"stage": "2"}).status_code == 200
    refused = client.post(move, {"stage": "5"})
    assert refused.status_code == 422
    assert "toast" in refused["HX-Trigger"]
