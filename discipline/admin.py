"""Calendars and working hours as tables: listed, taken out and brought in. Changed row by row they are on their own pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.tables import ByName, ListTable, ServiceResource, YesNo, tables
from discipline.models import CalendarDay, TeamPolicy
from discipline.services import calendars, policies


class CalendarDayResource(ServiceResource):
    """Days that differ from the working week, by calendar and day. What is brought in is approved by whoever brings it; a day that
    waits stays waiting until it is approved."""

    approved = Field(attribute="approved", column_name="approved", widget=YesNo())

    class Meta(ServiceResource.Meta):
        model = CalendarDay
        import_id_fields = ["calendar", "day"]
        fields = ("calendar", "day", "kind", "ends_at", "name", "approved")

    def get_queryset(self) -> QuerySet[CalendarDay]:
        return with_approval(CalendarDay.objects.standing())

    def keep(self, instance: Any, *, new: bool, by: User, at: datetime) -> CalendarDay:
        if getattr(instance, "approved", None) is False:
            raise calendars.NotApproved
        facts = {name: getattr(instance, name) for name in ("calendar", "day", "kind", "ends_at", "name")}
        return calendars.add_day(by=by, at=at, **facts)


class TeamPolicyResource(ServiceResource):
    """Working hours: until when the day of a team must be in, in which zone, by which calendar, and how far its points count."""

    team = Field(attribute="team", column_name="team", widget=ByName(Team, "name"))

    class Meta(ServiceResource.Meta):
        model = TeamPolicy
        import_id_fields = ["team", "starts_on"]
        fields = ("team", "starts_on", "deadline", "zone", "mode", "calendar")

    def keep(self, instance: Any, *, new: bool, by: User, at: datetime) -> TeamPolicy:
        facts = {name: getattr(instance, name) for name in ("deadline", "zone", "mode", "calendar")}
        return policies.set_policy(team=instance.team, on=instance.starts_on, by=by, at=at, **facts)


def with_approval(rows: QuerySet[CalendarDay]) -> QuerySet[CalendarDay]:
    """Days with whether somebody approved them, as `approved`."""
    said = Case(When(approved_by__isnull=False, then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.annotate(approved=said)


@admin.register(CalendarDay, site=tables)
class CalendarDayTable(ListTable):
    permission = Permission.RULES_EDIT
    resource_classes = [CalendarDayResource]
    list_display = ["day", "calendar", "kind", "name", "ends_at", "is_approved"]
    list_filter = ["calendar", "kind"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarDay]:
        return with_approval(super().get_queryset(request)).filter(removed=False)

    @admin.display(description=_("approved"), boolean=True)
    def is_approved(self, day: Any) -> bool:
        return bool(day.approved)


@admin.register(TeamPolicy, site=tables)
class TeamPolicyTable(ListTable):
    permission = Permission.RULES_EDIT
    resource_classes = [TeamPolicyResource]
    list_display = ["team", "starts_on", "ends_on", "deadline", "zone", "mode", "calendar"]
    list_filter = ["team"]
    list_select_related = ["team"]
