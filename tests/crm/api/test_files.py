"""Files over the API: attached, brought back as a download, removed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import File
from tests.factories.crm import make_company, make_deal

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nan offer"


@pytest.fixture
def attach(api, cast, clock):
    def one(user=None, name="offer.pdf", content=PDF, **record):
        record = record or {"company": make_company(cast.manager).pk}
        sent = {"upload": SimpleUploadedFile(name, content), **record}
        return api(user).client.post("/api/v1/files/", sent, format="multipart")

    return one


def test_a_file_comes_back_as_a_download_under_its_own_name(attach, api):
    file = attach().json()
    assert (file["name"], file["size"]) == ("offer.pdf", len(PDF))
    answer = api().get(f"files/{file['id']}/content/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="offer.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_not_let_in_is_refused(attach):
    for name, content in (("page.html", b"<script>"), ("offer.pdf", b"")):
        answer = attach(name=name, content=content)
        assert (answer.status_code, answer.json()["field"]) == (422, "upload")


def test_a_file_hangs_on_exactly_one_record_within_reach(attach, cast):
    mine, theirs = make_company(cast.manager), make_company(cast.stranger)
    assert attach(company=mine.pk, deal=make_deal(cast.manager).pk).status_code == 400
    assert attach(company=theirs.pk).status_code == 400
    assert attach(cast.owner, company=mine.pk).status_code == 404
    assert not File.objects.exists()


def test_a_file_beyond_reach_is_not_there(attach, api, cast):
    file = attach().json()
    for user in (cast.stranger, cast.teammate, cast.admin):
        assert api(user).get(f"files/{file['id']}/").status_code == 404
        assert api(user).get(f"files/{file['id']}/content/").status_code == 404
        assert api(user).delete(f"files/{file['id']}/").status_code == 404
        assert api(user).get("files/").json()["results"] == []
    assert api(cast.owner).delete(f"files/{file['id']}/").status_code == 404
    assert api().delete(f"files/{file['id']}/").status_code == 204
    assert not File.objects.exists()


def test_files_of_one_record_are_listed(attach, api, cast):
    company = make_company(cast.manager)
    kept = attach(company=company.pk).json()["id"]
    attach()
    assert [row["id"] for row in api().get("files/", company=company.pk).json()["results"]] == [kept]
