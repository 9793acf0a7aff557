"""What a person is here: the four roles. Apart from the models, so that the policy can be used by them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """Decides which permissions and whose records a person has."""

    MANAGER = "manager", _("Sales manager")
    HEAD = "head", _("Head of sales")
    OWNER = "owner", pgettext_lazy("role", "Owner")
    ADMIN = "admin", _("CRM coordinator")
