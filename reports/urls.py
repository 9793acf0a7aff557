"""Addresses of what joins several apps."""

from django.urls import path

from reports.views import adoption, behind, company, control_table, gallery, guide, morning, my_day, weak_links

app_name = "reports"

urlpatterns = [
    path("", my_day.my_day, name="my-day"),
    path("my-day/preview/", my_day.preview, name="my-day-preview"),
    path("behind/<slug:key>/", behind.show, name="behind"),
    path("behind/<slug:key>/export/", behind.export, name="behind-export"),
    path("morning/", morning.show, name="morning"),
    path("morning/agenda/", morning.agenda, name="morning-agenda"),
    path("weak-links/", weak_links.show, name="weak-links"),
    path("weak-links/<int:person>/<int:stage>/", weak_links.deals, name="weak-link"),
    path("weak-links/<int:person>/<int:stage>/note/", weak_links.note, name="weak-link-note"),
    path("company/", company.company, name="company"),
    path("company/file/", company.company_file, name="company-file"),
    path("control-table/", control_table.show, name="control-table"),
    path("control-table/export/", control_table.export, name="control-table-export"),
    path("adoption/", adoption.adoption, name="adoption"),
    path("help/", guide.index, name="help"),
    path("help/<slug:key>/", guide.topic, name="help-topic"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/dialog/", gallery.gallery_dialog, name="gallery-dialog"),
    path("gallery/deals/<int:pk>/move/", gallery.gallery_move, name="gallery-move"),
    path("gallery/undo/", gallery.gallery_undo, name="gallery-undo"),
]
