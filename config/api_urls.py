"""The API, version 1: its nouns, its description, and a page to try them on."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from crm.api import (
    activities,
    companies,
    complaints,
    contacts,
    contracts,
    custom,
    deals,
    files,
    purchases,
    references,
    tasks,
)

app_name = "api"

router = SimpleRouter()
router.register("companies", companies.Companies, "company")
router.register("contacts", contacts.Contacts, "contact")
router.register("deals", deals.Deals, "deal")
router.register("tasks", tasks.Tasks, "task")
router.register("activities", activities.Activities, "activity")
router.register("contracts", contracts.Contracts, "contract")
router.register("complaints", complaints.Complaints, "complaint")
router.register("purchases", purchases.Purchases, "purchase")
router.register("files", files.Files, "file")
router.register("pipelines", references.Pipelines, "pipeline")
router.register("stages", references.Stages, "stage")
router.register("loss-reasons", references.LossReasons, "loss-reason")
router.register("products", references.Products, "product")
router.register("tags", references.Tags, "tag")
router.register("fields", custom.Fields, "field")
router.register("people", references.People, "person")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html"), name="docs"
    ),
]
