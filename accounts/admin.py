"""People and teams as tables: listed, taken out and brought in. Changed row by row they are on their own pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.widgets import CharWidget

from accounts.models import Membership, Team, User
from accounts.permissions import Permission
from accounts.services import memberships, people, teams
from accounts.tables import ByName, ListTable, ServiceResource, YesNo, tables

FACTS = ("full_name", "role", "language", "zone")


class UserResource(ServiceResource):
    """Who signs in, by address: never a password. `team` is today's; another one holds from today."""

    team = Field(attribute="team_name", column_name="team", widget=CharWidget())
    is_active = Field(attribute="is_active", column_name="is_active", widget=YesNo())

    class Meta(ServiceResource.Meta):
        model = User
        import_id_fields = ["email"]
        fields = ("email", "full_name", "role", "language", "zone", "is_active", "team")

    def get_queryset(self) -> QuerySet[User]:
        return with_team(User.objects.all())

    def before_import_row(self, row: Any, **words: Any) -> None:
        super().before_import_row(row, **words)
        row["email"] = str(row.get("email") or "").strip().lower()

    def keep(self, instance: Any, *, new: bool, by: User, at: datetime) -> User:
        facts = {name: getattr(instance, name) for name in FACTS}
        before = None if new else self.get_queryset().get(pk=instance.pk)
        if before is None:
            person = people.add(by=by, at=at, email=instance.email, **facts)
        else:
            person = people.edit(person=before, by=by, at=at, **facts)
        if instance.is_active != person.is_active:
            (people.activate if instance.is_active else people.deactivate)(person=person, by=by, at=at)
        named, there = getattr(instance, "team_name", None) or "", getattr(before, "team_name", "")
        if named != there:
            today = timezone.localdate(at, ZoneInfo(person.zone))
            memberships.place(user=person, team=_team(named), on=today, by=by)
        return person


class TeamResource(ServiceResource):
    """The tree of teams by name: what stands above comes first. The head is named by address."""

    parent = Field(attribute="parent", column_name="parent", widget=ByName(Team, "name"))
    head = Field(attribute="head", column_name="head", widget=ByName(User, "email"))

    class Meta(ServiceResource.Meta):
        model = Team
        fields = ("name", "parent", "head")

    def keep(self, instance: Any, *, new: bool, by: User, at: datetime) -> Team:
        facts = {"name": instance.name, "parent": instance.parent, "head": instance.head}
        if new:
            return teams.add(by=by, **facts)
        return teams.edit(team=Team.objects.get(pk=instance.pk), by=by, **facts)


def with_team(rows: QuerySet[User]) -> QuerySet[User]:
    """People with the name of their team of today, as `team_name`."""
    now = Membership.objects.on(timezone.localdate()).filter(user=OuterRef("pk"))
    return rows.annotate(team_name=Coalesce(Subquery(now.values("team__name")[:1]), Value(""))).order_by("email")


def _team(name: str) -> Team:
    found = Team.objects.filter(name=name).first()
    if found is None:
        raise teams.UnknownTeam(
            _("There is no team “%(name)s”. Add it first, or name the one that is meant.") % {"name": name}
        )
    return found


@admin.register(User, site=tables)
class UserTable(ListTable):
    permission = Permission.PEOPLE_EDIT
    resource_classes = [UserResource]
    list_display = ["full_name", "email", "role", "team", "is_active"]
    list_filter = ["role", "is_active"]
    search_fields = ["full_name", "email"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return with_team(super().get_queryset(request))

    @admin.display(description=_("team"), ordering="team_name")
    def team(self, person: Any) -> str:
        return person.team_name or "–"


@admin.register(Team, site=tables)
class TeamTable(ListTable):
    permission = Permission.TEAM_EDIT
    resource_classes = [TeamResource]
    list_display = ["name", "parent", "head"]
    list_select_related = ["parent", "head"]
