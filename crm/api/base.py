"""What the endpoints of every noun share: fields by the policy, records by the policy, verbs by the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

import django_filters
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import Use, fields, holds
from crm import stale
from crm.models import Source


def asked_by(context: Mapping[str, Any]) -> Any:
    """Who asks; None while the description of the API is being written."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return user if getattr(user, "is_authenticated", False) else None


class Readable(serializers.ModelSerializer[Any]):
    """A record as it is read: the fields that the policy lets this person read."""

    def get_fields(self) -> dict[str, Any]:
        listed = super().get_fields()
        user = asked_by(self.context)
        if user is None:
            return listed
        allowed = fields(user, self.Meta.model, Use.READ)
        return {name: field for name, field in listed.items() if name in allowed}


class Words(serializers.Serializer[Any]):
    """What a verb takes. A word that it does not know is refused: a misspelt one would be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if hasattr(data, "keys") else []
        if unknown:
            raise serializers.ValidationError({name: [_("There is no such field here.")] for name in unknown})
        return super().to_internal_value(data)


class Writable(Words, serializers.ModelSerializer[Any]):
    """The fields of a record that somebody may send; those that the policy does not let him write are not known here."""

    def get_fields(self) -> dict[str, Any]:
        listed = super().get_fields()
        user = asked_by(self.context)
        if user is None:
            return listed
        model: Any = self.Meta.model
        allowed = fields(user, model, Use.WRITE)
        own = {field.name for field in model._meta.get_fields()} - {"external_id"}
        return {name: field for name, field in listed.items() if name not in own or name in allowed}


class Within(serializers.PrimaryKeyRelatedField[Any]):
    """A record by its id, among those that the person may see; any other is not there."""

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        user = asked_by(self.context)
        return rows.visible_to(user) if user is not None else rows


class Colleague(serializers.PrimaryKeyRelatedField[Any]):
    """A person by id, among those who may sign in."""

    def __init__(self, **words: Any) -> None:
        super().__init__(queryset=User.objects.active(), **words)


class ReadableFilters(django_filters.FilterSet):
    """Filters from an explicit list; one over a field that the person may not read is not there."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return
        allowed = fields(user, self._meta.model, Use.READ)
        for name, one in list(self.filters.items()):
            if one.field_name not in allowed:
                del self.filters[name]


class Reading(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """A noun that is read: a list by pages and one by id, of what the person may see; everything else is 404."""

    model: type[Model]
    view_permission: Permission
    prefetch: Sequence[str] = ()
    orderings: Sequence[str] = ("id",)

    @property
    def person(self) -> Any:
        return self.request.user

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        self.need(self.view_permission)
        return self.rows().prefetch_related(*self.prefetch)

    def need(self, permission: Permission) -> None:
        """Raise Http404 for who may not do this at all, before looking at what he sent."""
        if not holds(self.person, permission):
            raise Http404

    def rows(self) -> QuerySet[Any]:
        """What this person may see."""
        rows: Any = self.model._default_manager
        visible: QuerySet[Any] = rows.visible_to(self.person)
        return visible


class Working(Reading):
    """A noun with verbs: what is sent is checked for its shape here and handed to the service, which decides."""

    noun: str
    service: ModuleType
    add_permission: Permission
    adding: type[Words]
    editing: type[Words]

    def create(self, request: Request) -> Response:
        """Add one. A key that is known already brings back its record, with 200 in place of 201."""
        self.need(self.add_permission)
        words = self.words(self.adding)
        key = words.get("external_id", "")
        there = self._is_known(key)
        # Captured events may arrive after the cut-off. What no program knows by a key of its own is a person's entry, and late like one.
        source = Source.API if key else Source.MANUAL
        record = self.add(by=self.person, at=timezone.now(), source=source, **words)
        return self.shown(record, status.HTTP_200_OK if there else status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the fields that are sent. What somebody else changed too since `seen_at` is answered with 409 and both versions."""
        words = self.words(self.editing, partial=True)
        record, seen_at = self.get_object(), words.pop("seen_at", None)
        saved = stale.save(
            self.service.edit, noun=self.noun, record=record, seen_at=seen_at, changes=words, by=self.person,
            at=timezone.now(),
        )  # fmt: skip
        return self.shown(saved)

    def destroy(self, request: Request, pk: str) -> Response:
        """Take it out of the lists; its history stays."""
        self.call(self.service.delete, {})
        return Response(status=status.HTTP_204_NO_CONTENT)

    def add(self, **words: Any) -> Any:
        return self.service.add(**words)

    def do(self, verb: Callable[..., Any], taking: type[Words] = Words, *, partial: bool = False) -> Response:
        """Call a verb with what was sent; answers with the record as it is then."""
        return self.shown(self.call(verb, self.words(taking, partial=partial)))

    def call(self, verb: Callable[..., Any], words: dict[str, Any]) -> Any:
        named = {self.noun: self.get_object()}
        return verb(**named, by=self.person, at=timezone.now(), **words)

    def words(self, taking: type[Words], *, partial: bool = False) -> dict[str, Any]:
        sent = taking(data=self.request.data, partial=partial, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        words: dict[str, Any] = sent.validated_data
        return words

    def shown(self, record: Any, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().filter(pk=record.pk).first()
        if fresh is None:  # given away: who gave it does not see it any more
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(self.get_serializer(fresh).data, status=code)

    def _is_known(self, external_id: str) -> bool:
        if not external_id:
            return False
        return self.model._base_manager.filter(source=Source.API, external_id=external_id).exists()
