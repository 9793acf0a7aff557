"""Signing in, out, and new passwords. The names are django-allauth's own; what else it offers has no address here."""

from allauth.account import views
from django.urls import path, re_path

from accounts.views.sign_in import sign_out

urlpatterns = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
]
