"""What the coordinator's pages do; who may open them is in tests/permissions.yaml."""

import pytest

from crm.models import CompanySettings, Grant, LossReason, Pipeline, Product, Stage
from crm.services import grants
from tests.factories.crm import make_deal, make_field, make_stage

WORDS = {"company_name": "Elbe Pharma", "next_step": "must", "currency": "PLN", "country": "PL"}


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.admin)


def test_settings_are_saved(admin):
    assert admin.post("/settings/", WORDS)["Location"] == "/settings/"
    assert CompanySettings.current().currency == "PLN"
    assert "Elbe Pharma" in admin.get("/settings/").content.decode()


def test_a_wrong_setting_is_said(admin):
    assert admin.post("/settings/", WORDS | {"currency": "ZZZ"}).status_code == 422


def test_access_is_taken_and_ended_on_the_page(cast, admin):
    assert admin.post("/grant/", {"reason": "short", "hours": 2}).status_code == 422
    assert admin.post("/grant/", {"reason": "Merging two customers", "hours": 2}).status_code == 302
    page = admin.get("/grant/").content.decode()
    assert "Merging two customers" in page
    assert "End it now" in page
    admin.post(f"/grant/{Grant.objects.get().pk}/end/")
    assert "Take access" in admin.get("/grant/").content.decode()


def test_the_owner_reads_every_access_and_takes_none(cast, sign_in, clock):
    grants.take(by=cast.admin, at=clock.now, reason="Merging two customers", hours=1)
    client = sign_in(cast.owner)
    page = client.get("/grant/").content.decode()
    assert "Merging two customers" in page
    assert "Take access" not in page
    assert client.post("/grant/", {"reason": "Because I can, so there", "hours": 1}).status_code == 404


def test_the_tables_have_no_way_to_sign_in_of_their_own(client, db):
    assert client.get("/admin-tables/")["Location"].startswith("/sign-in/")
    for path in ("login", "logout", "password_change"):
        assert client.get(f"/admin-tables/{path}/", follow=True).status_code in {200, 404}
        assert client.get(f"/admin-tables/{path}/").status_code == 404


def test_a_stage_is_changed_in_the_tables(admin):
    stage = make_stage("New")
    words = {
        "pipeline": stage.pipeline_id, "name": "First talk", "position": 1, "probability": 20, "cold_after_days": 7,
        "colour": "blue", "required_fields": ["company", "amount_minor"],
    }  # fmt: skip
    answer = admin.post(f"/admin-tables/crm/stage/{stage.pk}/change/", words)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    stage.refresh_from_db()
    assert (stage.name, stage.required_fields) == ("First talk", ["company", "amount_minor"])


def test_a_stage_that_history_may_name_is_not_deleted(admin):
    stage = make_stage("New")
    assert admin.post(f"/admin-tables/crm/stage/{stage.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Stage.objects.filter(pk=stage.pk).exists()


def test_a_product_keeps_its_key_for_searching(admin):
    words = {"name": "Żółty Kabel", "price": "1 200.50", "currency": "EUR", "is_active": "on"}
    admin.post("/admin-tables/crm/product/add/", words)
    product = Product.objects.get()
    assert (product.name_key, product.price_minor) == ("zolty kabel", 120050)
    page = admin.get(f"/admin-tables/crm/product/{product.pk}/change/").content.decode()
    assert 'value="1200.5"' in page


def test_products_come_in_and_go_out_by_name(admin):
    from django.core.files.uploadedfile import SimpleUploadedFile

    Product.objects.create(name="=cmd|calc", name_key="x")
    sheet = SimpleUploadedFile("p.csv", b"name,group,price_minor,currency,is_active\nCable,Wires,1200,EUR,1\n")
    page = admin.post("/admin-tables/crm/product/import/", {"import_file": sheet, "format": "0", "resource": ""})
    confirm = page.context["confirm_form"].initial
    admin.post("/admin-tables/crm/product/process_import/", confirm)
    assert Product.objects.get(name="Cable").name_key == "cable"
    out = admin.post("/admin-tables/crm/product/export/", {"format": "0", "resource": "", **{
        f"productresource_{name}": "on" for name in ("name", "group", "price_minor", "currency", "is_active")}})  # fmt: skip
    assert "'=cmd|calc" in out.content.decode()


@pytest.mark.parametrize("table", ["pipeline", "stage", "lossreason", "product", "tag"])
def test_every_table_opens(admin, table):
    LossReason.objects.create(name="Price")
    make_stage("New")
    for path in ("", "add/"):
        assert admin.get(f"/admin-tables/crm/{table}/{path}").status_code == 200


def stage_words(stage, **changes):
    return {
        "pipeline": stage.pipeline_id, "name": stage.name, "position": 1, "probability": 20, "cold_after_days": 7,
        "colour": "blue", **changes,
    }  # fmt: skip


def test_a_stage_asks_only_for_what_a_deal_has(admin):
    stage = make_stage("Offer")
    make_field(noun="deal", kind="number", label="Discount")
    address = f"/admin-tables/crm/stage/{stage.pk}/change/"
    assert admin.post(address, stage_words(stage, required_fields=["amount_minro"])).status_code == 200
    assert admin.post(address, stage_words(stage, required_fields=["lines", "custom.discount"])).status_code == 302
    stage.refresh_from_db()
    assert stage.required_fields == ["lines", "custom.discount"]


def test_a_stage_with_deals_stays_in_its_pipeline(admin, cast):
    stage, empty = make_stage("Offer"), make_stage("New")
    other = Pipeline.objects.create(name="Service")
    make_deal(cast.manager, stage=stage, status="lost")
    answer = admin.post(f"/admin-tables/crm/stage/{stage.pk}/change/", stage_words(stage, pipeline=other.pk))
    assert "Deals stand in this stage" in answer.content.decode()
    answer = admin.post(f"/admin-tables/crm/stage/{empty.pk}/change/", stage_words(empty, pipeline=other.pk))
    assert answer.status_code == 302
    stage.refresh_from_db()
    empty.refresh_from_db()
    assert (stage.pipeline.name, empty.pipeline) == ("Sales", other)
