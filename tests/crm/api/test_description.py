"""The API describes itself without a warning, on a page that asks nobody else for anything."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_description_is_written_without_a_warning_and_is_valid(tmp_path):
    written = tmp_path / "schema.yml"
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(written))
    text = written.read_text()
    for noun in ("companies", "contacts", "deals", "tasks", "activities", "files", "products", "pipelines", "stages",
                 "loss-reasons", "tags", "people", "contracts", "complaints", "purchases"):  # fmt: skip
        assert f"/api/v1/{noun}/:" in text


def test_the_description_and_its_page_are_for_people_who_sign_in(client, api):
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").status_code == 401
    assert api().get("schema/").status_code == 200


def test_the_page_is_served_by_this_machine_and_runs_nothing_inline(api):
    page = api().client.get(reverse("api:docs")).content.decode()
    assert re.findall(r'(?:src|href)="([^"]+)"', page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
    script = api().client.get(reverse("api:docs"), {"script": ""})
    assert "/api/v1/schema/" in script.content.decode()
