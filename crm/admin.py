"""The reference tables: what deals and clients choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.widgets import SimpleArrayWidget

from accounts import formats
from accounts.tables import ByName, Table, TableResource, YesNo, tables
from crm import custom
from crm.folding import fold
from crm.forms.fields import AmountField, major, minor
from crm.models import CustomField, Deal, LossReason, Noun, Pipeline, Product, Stage, Tag

REQUIRABLE = [
    ("company", _("Company")),
    ("contacts", _("Contacts")),
    ("amount_minor", _("Amount")),
    ("expected_close", _("Expected close")),
    ("lines", _("Products")),
    ("tags", _("Tags")),
    ("note", _("Note")),
]
"""What a stage may ask for: fields of a deal that can be empty, and the company's own fields of deals."""


class PipelineResource(TableResource):
    class Meta(TableResource.Meta):
        model = Pipeline
        fields = ("name", "position")


class AskedFields(SimpleArrayWidget):
    """Names of fields with commas between; only those that a deal has, or had."""

    def clean(self, value: Any, row: Any = None, **words: Any) -> list[str]:
        named = [name.strip() for name in super().clean(value, row, **words) if name.strip()]
        known = {name for name, _label in REQUIRABLE}
        known |= {custom.name_of(one) for one in CustomField.objects.filter(noun=Noun.DEAL)}
        unknown = [name for name in named if name not in known]
        if unknown:
            raise ValueError(_("A deal has no field “%(name)s”. Choose among: %(known)s.") % {
                "name": unknown[0], "known": ", ".join(sorted(known)),
            })  # fmt: skip
        return named


class StageResource(TableResource):
    """Stages of all pipelines: pipeline and name together say which."""

    pipeline = Field(attribute="pipeline", column_name="pipeline", widget=ByName(Pipeline, "name"))
    required_fields = Field(attribute="required_fields", column_name="required_fields", widget=AskedFields())

    class Meta(TableResource.Meta):
        model = Stage
        import_id_fields = ["pipeline", "name"]
        fields = ("pipeline", "name", "position", "probability", "cold_after_days", "colour", "required_fields")


class LossReasonResource(TableResource):
    asks_competitor = Field(attribute="asks_competitor", column_name="asks_competitor", widget=YesNo())
    is_active = Field(attribute="is_active", column_name="is_active", widget=YesNo())

    class Meta(TableResource.Meta):
        model = LossReason
        fields = ("name", "asks_competitor", "position", "is_active")


class ProductResource(TableResource):
    is_active = Field(attribute="is_active", column_name="is_active", widget=YesNo())

    class Meta(TableResource.Meta):
        model = Product
        fields = ("name", "group", "price_minor", "currency", "is_active")

    def before_save_instance(self, instance: Product, row: Any, **words: Any) -> None:
        instance.name_key = fold(instance.name)


class TagResource(TableResource):
    class Meta(TableResource.Meta):
        model = Tag
        fields = ("name",)


class StageForm(forms.ModelForm):
    """What a stage asks for is chosen from what a deal has. A stage where deals stand, or stood, stays in its pipeline."""

    required_fields = forms.MultipleChoiceField(
        label=_("required fields"), choices=REQUIRABLE, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Stage
        fields = [
            "pipeline", "name", "position", "probability", "cold_after_days", "colour", "required_fields",
        ]  # fmt: skip

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        asked: Any = self.fields["required_fields"]
        asked.choices = [*REQUIRABLE, *((custom.name_of(one), one.label) for one in custom.fields_of(Noun.DEAL))]

    def clean_pipeline(self) -> Pipeline:
        pipeline: Pipeline = self.cleaned_data["pipeline"]
        moves = self.instance.pk is not None and self.instance.pipeline_id != pipeline.pk
        if moves and Deal.objects.filter(stage=self.instance.pk).exists():
            raise forms.ValidationError(
                _(
                    "Deals stand in this stage. Move them to another one first, or make a new stage in the other pipeline."
                ),
                code="stage_in_use",
            )
        return pipeline


class ProductForm(forms.ModelForm):
    """The price is asked as people write it and kept in minor units."""

    price = AmountField(label=_("price"))

    class Meta:
        model = Product
        fields = ["name", "group", "price", "currency", "is_active"]

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.initial["price"] = major(self.instance.price_minor, self.instance.currency)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "price" in values:
            self.instance.price_minor = minor(values["price"], values.get("currency", "EUR"))
        return values


@admin.register(Pipeline, site=tables)
class PipelineTable(Table):
    resource_classes = [PipelineResource]
    list_display = ["name", "position"]


@admin.register(Stage, site=tables)
class StageTable(Table):
    form = StageForm
    resource_classes = [StageResource]
    list_display = ["name", "pipeline", "position", "probability", "cold_after_days"]
    list_filter = ["pipeline"]
    list_select_related = ["pipeline"]


@admin.register(LossReason, site=tables)
class LossReasonTable(Table):
    resource_classes = [LossReasonResource]
    list_display = ["name", "asks_competitor", "position", "is_active"]


@admin.register(Product, site=tables)
class ProductTable(Table):
    form = ProductForm
    resource_classes = [ProductResource]
    list_display = ["name", "group", "price", "is_active"]
    search_fields = ["name_key"]
    list_filter = ["is_active", "group"]

    @admin.display(description=_("price"), ordering="price_minor")
    def price(self, product: Product) -> str:
        return formats.money(product.price_minor, product.currency)

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        obj.name_key = fold(obj.name)
        super().save_model(request, obj, form, change)


@admin.register(Tag, site=tables)
class TagTable(Table):
    deletable = True
    resource_classes = [TagResource]
    search_fields = ["name"]
