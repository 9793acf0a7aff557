"""/purchases/: what the accounts send, one by one or a thousand at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Readable, ReadableFilters, Within, Words, Working, Writable
from crm.models import Company, Deal, Purchase, PurchaseKind, Source
from crm.services import purchases
from crm.services.purchases import Entry, Outcome, Result
from crm.services.text import CURRENCY_LETTERS

MOST = 1000
LARGEST = 10**17
BIGGEST_ID = 2**63 - 1
PLAIN = ("kind", "company", "deal", "product", "number", "day", "amount_minor", "currency")


class PurchaseRead(Readable):
    """A shipment or a payment; amounts are in minor units of its currency, below zero for what went back."""

    class Meta:
        model = Purchase
        fields = ("id", *PLAIN, "external_id", "source", "created_by", "recorded_at", "changed_at")


class PurchaseEntry(Words):
    """A line of the accounts. The client is named by his id here, by the key under which he was sent, or by his tax number."""

    external_id = serializers.CharField(max_length=120, help_text="The accounts' own key of the document")
    kind = serializers.ChoiceField(choices=PurchaseKind.choices)
    day = serializers.DateField()
    amount_minor = serializers.IntegerField(
        min_value=-LARGEST, max_value=LARGEST, help_text="Below zero for what goes back"
    )
    currency = serializers.CharField(max_length=CURRENCY_LETTERS, required=False)
    number = serializers.CharField(max_length=60, allow_blank=True, required=False)
    company = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=BIGGEST_ID)
    company_key = serializers.CharField(max_length=120, required=False)
    tax_number = serializers.CharField(max_length=30, required=False)
    deal = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=BIGGEST_ID)
    product = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=BIGGEST_ID)


class PurchaseEdit(Writable):
    """What may be put right in a purchase."""

    company = Within(queryset=Company.objects.all(), required=False)
    deal = Within(queryset=Deal.objects.all(), required=False, allow_null=True)
    amount_minor = serializers.IntegerField(min_value=-LARGEST, max_value=LARGEST, required=False)

    class Meta:
        model = Purchase
        fields = PLAIN


class PurchaseResult(serializers.Serializer[Any]):
    """What became of one entry. `id` is there unless it was refused; then code, message and field say why."""

    external_id = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(choices=[(one.value, one.value) for one in Outcome])
    id = serializers.IntegerField(required=False)
    code = serializers.CharField(required=False)
    message = serializers.CharField(required=False)
    field = serializers.CharField(required=False, allow_blank=True)


class PurchaseFilters(ReadableFilters):
    day_from = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    day_before = django_filters.DateFilter(field_name="day", lookup_expr="lt")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Purchase
        fields = ("kind", "company", "deal", "product", "number", "external_id")


class Purchases(Working):
    """Purchases of the clients that the person may see."""

    model, noun, service = Purchase, "purchase", purchases
    view_permission, add_permission = Permission.PURCHASE_VIEW, Permission.PURCHASE_EDIT
    serializer_class, adding, editing = PurchaseRead, PurchaseEntry, PurchaseEdit
    filterset_class = PurchaseFilters
    orderings = ("id", "day", "changed_at", "recorded_at")

    @extend_schema(request=PurchaseEntry)
    def create(self, request: Request) -> Response:
        """Write down one. Sent again under its key it brings what is there up to date, with 200 in place of 201."""
        self.need(self.add_permission)
        (result,) = self._recorded([self.words(PurchaseEntry)])
        if result.refusal is not None:
            raise result.refusal
        created = result.outcome == Outcome.CREATED
        return self.shown(result.purchase, status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    @extend_schema(request=PurchaseEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)

    @extend_schema(
        request=PurchaseEntry(many=True),
        responses=PurchaseResult(many=True),
        filters=False,
        operation_id="purchases_bulk",
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """Write down up to 1,000 at once; each has its own answer, in the order sent, and one that is refused stops no other."""
        self.need(self.add_permission)
        sent = request.data
        if not isinstance(sent, list) or len(sent) > MOST:
            raise ValidationError(_("Send a list of at most %(most)s purchases.") % {"most": MOST})
        read = [self._read(one) for one in sent]
        fine = [one for one, errors in read if not errors]
        results = iter(self._recorded(fine))
        return Response(
            [
                _misshapen(raw, errors) if errors else _answer(one["external_id"], next(results))
                for raw, (one, errors) in zip(sent, read, strict=True)
            ]
        )

    def _read(self, sent: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """An entry and what is wrong with its shape."""
        entry = PurchaseEntry(data=sent, context=self.get_serializer_context())
        return (entry.validated_data, {}) if entry.is_valid() else ({}, dict(entry.errors))

    def _recorded(self, sent: Sequence[Mapping[str, Any]]) -> list[Result]:
        """The results in order."""
        entries = [
            Entry(key=one["external_id"], **{n: v for n, v in one.items() if n != "external_id"}) for one in sent
        ]
        return purchases.record_many(by=self.person, at=timezone.now(), entries=entries, source=Source.API)


def _misshapen(sent: Any, errors: Mapping[str, Any]) -> dict[str, Any]:
    field, said = next(iter(errors.items()))
    key = str(sent.get("external_id", ""))[:120] if isinstance(sent, dict) else ""
    return {"external_id": key, "outcome": Outcome.REFUSED, "code": "invalid", "message": str(said[0]), "field": field}


def _answer(key: str, result: Result) -> dict[str, Any]:
    if result.purchase is not None:
        return {"external_id": key, "outcome": result.outcome, "id": result.purchase.pk}
    refusal = result.refusal
    assert refusal is not None
    said = {"code": refusal.code, "message": str(refusal.message), "field": refusal.field}
    return {"external_id": key, "outcome": result.outcome, **said}
