"""Teams: a tree, each with a head."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Left, Length
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: object, action: Permission = Permission.TEAM_VIEW) -> TeamQuerySet:
        return self.filter(scope(user, action))

    def under(self, teams: TeamQuerySet) -> TeamQuerySet:
        """These teams and every team below them, in one statement: a team whose path begins with one of their paths."""
        above = teams.filter(path=Left(OuterRef("path"), Length("path")))
        return self.filter(Exists(above))

    def in_order(self) -> TeamQuerySet:
        return self.order_by("path")


class Team(models.Model):
    """A node of the tree. `path` is the chain of keys from the root ("000001.000007."), kept by the service."""

    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("head"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="teams_headed",
    )
    path = models.CharField(max_length=200, unique=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name
