"""A person who signs in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from accounts.roles import Role


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: object, action: Permission = Permission.PEOPLE_VIEW) -> UserQuerySet:
        return self.filter(scope(user, action))

    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def by_name(self) -> UserQuerySet:
        return self.order_by("full_name", "pk")


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """What Django's own commands need; the product adds people through `accounts.services.people`."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, role=Role.ADMIN, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person, one e-mail address, one role. People are switched off, never deleted: history names them.

    Django's groups and superusers are left out on purpose: `accounts.policy` alone decides who may do what.
    """

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MANAGER)
    language = models.CharField(_("language"), max_length=5, default="en")
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/Warsaw")
    is_active = models.BooleanField(_("may sign in"), default=True)
    sign_in_round = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    external_id = models.CharField(max_length=100, blank=True, default="")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    token_scopes: frozenset[Permission] | None = None
    """Set when the request came with an API token: `policy.holds` grants nothing beyond it."""

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]
        indexes = [models.Index(fields=["full_name", "id"], name="user_by_name")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_staff(self) -> bool:
        return self.is_active and self.role == Role.ADMIN

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Ties sessions to the password and to the round: raising `sign_in_round` ends them all, even after a return."""
        value = f"{self.password}.{self.sign_in_round}"
        return salted_hmac("accounts.User.sessions", value, secret=secret, algorithm="sha256").hexdigest()
