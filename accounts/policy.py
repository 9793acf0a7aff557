"""Who may see and do what: the one place that decides, for pages, fragments, search, exports, API, mails and jobs alike.

Every app registers, for each of its models, whose records a person reaches (a `Q`, so that lists stay one query) and which
fields he may read, write or take out. What is not registered is denied.

    scope(user, action)         -> Q over the model that the action is about
    can(user, action)           -> may he do this at all?
    can(user, action, obj)      -> ... to this record? (the same Q plus the key: one query)
    fields(user, model, use)    -> the allow-list of field names, also for filters, ordering and search
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse

from accounts.permissions import HELD, Permission
from accounts.refusals import NotAllowed
from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import User

Reach = Callable[["User"], Q]
NOBODY = Q(pk__in=[])
EVERYTHING = Q()


class Use(StrEnum):
    """What somebody wants with a field."""

    READ = "read"
    WRITE = "write"
    EXPORT = "export"


@dataclass(frozen=True)
class Rule:
    """What an app says about one of its models.

    `reach` maps each permission on the model to the records that it reaches. `fields` maps a use to field names; `only`
    narrows a use for single roles (field names that a role does not get).
    """

    model: type[Model]
    reach: Mapping[Permission, Reach]
    fields: Mapping[Use, frozenset[str]]
    hidden: Mapping[Role, frozenset[str]] = field(default_factory=dict)


_by_permission: dict[Permission, Rule] = {}
_by_model: dict[type[Model], Rule] = {}


def register(rule: Rule) -> None:
    """Make a rule known; called once per model from the app's `ready`."""
    for permission in rule.reach:
        _by_permission[permission] = rule
    _by_model[rule.model] = rule


def registered() -> Iterable[Rule]:
    """Every rule, for the generated permission tests."""
    return _by_model.values()


def holds(user: Any, action: Permission) -> bool:
    """Whether the person's role has the permission at all. The role is read from the user of this request, never cached.

    A request that came with an API token has only what the token was made for, and never more than its owner.
    """
    if not getattr(user, "is_active", False) or action not in HELD.get(Role(user.role), frozenset()):
        return False
    narrowed = getattr(user, "token_scopes", None)
    return narrowed is None or action in narrowed


def scope(user: Any, action: Permission) -> Q:
    """The records on which `user` may do `action`, as a `Q` over that action's model; nobody and unknown actions reach none."""
    rule = _by_permission.get(action)
    if rule is None or not holds(user, action):
        return NOBODY
    return rule.reach[action](user)


def can(user: Any, action: Permission, obj: Model | None = None) -> bool:
    """Whether `user` may do `action`, to `obj` when given: the list's own Q with the key added, so the two cannot differ."""
    if obj is None or not holds(user, action):
        return holds(user, action)
    rule = _by_permission.get(action)
    if rule is None or not isinstance(obj, rule.model):
        return False
    return rule.model._base_manager.filter(scope(user, action), pk=obj.pk).exists()


def ensure(user: Any, action: Permission, obj: Model | None = None) -> None:
    """For services: raises NotAllowed unless `user` may do `action` (to `obj`)."""
    if not can(user, action, obj):
        raise NotAllowed


def fields(user: Any, model: type[Model], use: Use) -> frozenset[str]:
    """The names of the fields of `model` that `user` may read, write or export; none for a model without a rule."""
    rule = _by_model.get(model)
    if rule is None or not getattr(user, "is_active", False):
        return frozenset()
    return rule.fields.get(use, frozenset()) - rule.hidden.get(Role(user.role), frozenset())


def needs(action: Permission) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a view: signed in (else the sign-in page) and holding `action` (else 404, as if it were not there)."""
    from django.contrib.auth.decorators import login_required

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not holds(request.user, action):
                raise Http404
            return view(request, *args, **kwargs)

        wrapped = login_required(guarded)
        wrapped.permission = action  # type: ignore[attr-defined]
        return wrapped

    return decorate
