"""People, teams and one's own page. Signing in has its own file, because its names have no namespace."""

from django.urls import path

from accounts.views import offline, people, profile, teams

app_name = "accounts"
urlpatterns = [
    path("sw.js", offline.worker, name="worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("offline/", offline.offline, name="offline"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="person-new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/place/", people.place, name="person-place"),
    path("people/<int:pk>/off/", people.switch_off, name="person-off"),
    path("people/<int:pk>/on/", people.switch_on, name="person-on"),
    path("people/<int:pk>/invite/", people.invite, name="person-invite"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new, name="team-new"),
    path("teams/<int:pk>/edit/", teams.edit, name="team-edit"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/", profile.token_new, name="tokens"),
    path("profile/tokens/<int:pk>/revoke/", profile.token_revoke, name="token-revoke"),
]
