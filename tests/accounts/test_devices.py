"""What makes a browser keep pages: the worker has to come also where files carry a hash in their names."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize(
    "storage", ["django.contrib.staticfiles.storage.StaticFilesStorage", "config.static.HashedStaticFiles"]
)
def test_the_worker_knows_where_files_are(client: Client, settings: Any, db: None, storage: str) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
    answer = client.get(reverse("accounts:worker"))
    assert answer.status_code == 200
    assert '"files": "/static/"' in answer.content.decode()
