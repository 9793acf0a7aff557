"""The lists that the demo company's deals choose from."""

from __future__ import annotations

from dataclasses import dataclass

from crm.folding import fold
from crm.models import CompanySettings, LossReason, Pipeline, Product, Stage
from reports.demo.words import LOSS_REASONS, PRODUCTS, STAGES


@dataclass(frozen=True)
class Reference:
    stages: list[Stage]
    reasons: list[LossReason]
    products: list[Product]


def make_reference() -> Reference:
    """The pipeline with its stages, reasons of a loss, products and settings; written once, by set-up."""
    CompanySettings.objects.update_or_create(
        pk=1, defaults={"company_name": "Daybook Demo", "currency": "EUR", "country": "PL"}
    )
    pipeline = Pipeline.objects.create(name="Sales")
    stages = [
        Stage.objects.create(
            pipeline=pipeline, name=name, position=position, probability=probability, cold_after_days=cold,
            colour=colour, required_fields=required,
        )
        for position, (name, probability, cold, colour, required) in enumerate(STAGES)
    ]  # fmt: skip
    reasons = [
        LossReason.objects.create(name=name, asks_competitor=asks, position=position)
        for position, (name, asks) in enumerate(LOSS_REASONS)
    ]
    products = [
        Product.objects.create(name=name, name_key=fold(name), group=group, price_minor=price)
        for name, group, price in PRODUCTS
    ]
    return Reference(stages, reasons, products)
