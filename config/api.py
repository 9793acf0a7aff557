"""What every endpoint under /api/v1/ shares: pages by key, and how a refusal reads."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.db.models import Model, Q
from django.http import Http404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.policy import Use, fields
from accounts.refusals import NotAllowed, Overtaken, Refused, Warned

SIZE, MOST = 50, 500
NEWEST = "-id"


class Pages(BasePagination):
    """Pages by key: the cost of one does not grow with how far somebody has read, and nothing is counted.

    `?ordering=` takes the names in the view's `orderings`, with a minus in front for the other way; ties are told apart by id.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.ordering = _asked_ordering(request, view, queryset.model)
        name, down = self.ordering.lstrip("-"), self.ordering.startswith("-")
        size = _asked_size(request)
        after = request.query_params.get("cursor")
        if after:
            queryset = queryset.filter(_beyond(name, down, *_opened(after, self.ordering)))
        sign = "-" if down else ""
        rows = list(queryset.order_by(f"{sign}{name}", f"{sign}id")[: size + 1])
        self.more = rows[size - 1] if len(rows) > size else None
        return rows[:size]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "nullable": True, "format": "uri", "description": "Address of the next page"}
        shape = {"next": address, "results": schema}
        return {"type": "object", "required": ["results"], "properties": shape}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        ways = [f"{sign}{name}" for name in getattr(view, "orderings", ("id",)) for sign in ("", "-")]
        return [
            _parameter("cursor", {"type": "string"}, "Where the next page begins, from `next` of the one before"),
            _parameter("page_size", {"type": "integer", "minimum": 1, "maximum": MOST}, "How many at once"),
            _parameter("ordering", {"type": "string", "enum": ways}, "By what, newest first when not given"),
        ]

    def _next(self) -> str | None:
        if self.more is None:
            return None
        value = getattr(self.more, self.ordering.lstrip("-"))
        place = [self.ordering, value if isinstance(value, int) else value.isoformat(), self.more.pk]
        asked = self.request.query_params.copy()
        asked["cursor"] = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
        return str(self.request.build_absolute_uri(f"{self.request.path}?{asked.urlencode()}"))


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _asked_ordering(request: Request, view: Any, model: type[Model]) -> str:
    asked = request.query_params.get("ordering") or NEWEST
    known = set(getattr(view, "orderings", ("id",))) & (fields(request.user, model, Use.READ) | {"id"})
    if asked.removeprefix("-") not in known:
        raise ValidationError({"ordering": [_("Order by one of: %(names)s.") % {"names": ", ".join(sorted(known))}]})
    return asked


def _asked_size(request: Request) -> int:
    try:
        asked = int(request.query_params.get("page_size") or SIZE)
    except ValueError:
        asked = 0
    if not 1 <= asked <= MOST:
        raise ValidationError({"page_size": [_("Give a number from 1 to %(most)s.") % {"most": MOST}]})
    return asked


def _opened(cursor: str, ordering: str) -> tuple[Any, int]:
    """The value and key after which the page begins."""
    try:
        its_ordering, value, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = (value if isinstance(value, int) else parse_datetime(value)), int(key)
    except (ValueError, TypeError):
        its_ordering, place = "", (None, 0)
    if its_ordering != ordering or place[0] is None:
        raise ValidationError({"cursor": [_("This place in the list is not known. Begin again without a cursor.")]})
    return place


def _beyond(name: str, down: bool, value: Any, key: int) -> Q:
    """Rows after a place, with the guard that lets an index begin there."""
    way = "lt" if down else "gt"
    return Q(**{f"{name}__{way}e": value}) & (Q(**{f"{name}__{way}": value}) | Q(**{f"id__{way}": key}))


def answer(refusal: Exception, context: dict[str, Any]) -> Response | None:
    """How a refusal of a service reads: 422, or 404, or 409 when the same may be sent again: knowingly, or after a look at both versions."""
    if isinstance(refusal, NotAllowed):
        refusal = Http404()
    if not isinstance(refusal, Refused):
        return exception_handler(refusal, context)
    said: dict[str, Any] = {"code": refusal.code, "message": str(refusal.message), "field": refusal.field}
    if isinstance(refusal, Overtaken):
        return Response({**said, **refusal.told}, status=status.HTTP_409_CONFLICT)
    if isinstance(refusal, Warned):
        said["overridden"] = _('Send the same with "overridden": true to go on all the same.')
        return Response(said, status=status.HTTP_409_CONFLICT)
    return Response(said, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
