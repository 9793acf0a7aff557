"""Addresses of what joins several apps."""

from django.urls import path

from reports.views import adoption, behind, gallery, guide, morning, my_day

app_name = "reports"

urlpatterns = [
    path("", my_day.my_day, name="my-day"),
    path("my-day/preview/", my_day.preview, name="my-day-preview"),
    path("behind/<slug:key>/", behind.show, name="behind"),
    path("behind/<slug:key>/export/", behind.export, name="behind-export"),
    path("morning/", morning.show, name="morning"),
    path("morning/agenda/", morning.agenda, name="morning-agenda"),
    path("adoption/", adoption.adoption, name="adoption"),
    path("help/", guide.index, name="help"),
    path("help/<slug:key>/", guide.topic, name="help-topic"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/dialog/", gallery.gallery_dialog, name="gallery-dialog"),
    path("gallery/deals/<int:pk>/move/", gallery.gallery_move, name="gallery-move"),
    path("gallery/undo/", gallery.gallery_undo, name="gallery-undo"),
]
