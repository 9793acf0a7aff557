from django.urls import path

from notifications.views import inbox, settings

app_name = "notifications"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/read/", inbox.read, name="read"),
    path("inbox/read/", inbox.read_all, name="read-all"),
    path("profile/alerts/", settings.alerts, name="alert-settings"),
]
