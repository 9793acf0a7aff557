"""The form of a rule, with the parameters of its figure as fields, and the signature under the text of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from crm.forms.fields import AmountField
from discipline.metrics import METRICS, Better, Kind, Metric
from discipline.metrics.parameters import BadParameter, Parameter, ParameterKind
from discipline.models import Comparison, Period, Severity, WhenNothing
from discipline.ruleset import MOST_POINTS, RuleSpec

KINDS = {Kind.FLOW: _("What is done"), Kind.STATE: _("How things stand"), Kind.TIMELINESS: _("On time")}
PREFIX = "with_"
"""Before the key of a parameter, so that it cannot meet another field's name."""


class Counts(TextChoices):
    """How far a rule counts."""

    SCORED = "scored", _("gives points")
    TRIAL = "trial", _("on trial: judged, no points yet")
    SHOWN = "shown", _("shown only")


class Sign(ServiceForm):
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = forms.BooleanField(
        label=_("I have read these rules and sign them with my name."),
        error_messages={"required": _("Tick that you have read the rules, then sign.")},
    )

    def arguments(self) -> dict[str, Any]:
        return {"text_hash": self.cleaned_data["text_hash"]}


class RuleForm(ServiceForm):
    """A rule. Which fields there are depends on the figure: a state has no week, a figure without parameters none of them."""

    metric = forms.ChoiceField(label=_("Figure"))
    comparison = forms.ChoiceField(label=_("It must be"), choices=Comparison.choices)
    threshold = AmountField(
        label=_("Figure to reach or keep"),
        error_messages={"required": _("Say from which figure on the rule is kept: a number from 0 up.")},
    )
    period = forms.ChoiceField(label=_("Judged"), choices=Period.choices)
    by_plan = forms.BooleanField(
        label=_("Take the figure from the personal plan"),
        required=False,
        help_text=_("Weekly rules only; whoever has no plan is not judged."),
    )
    points_met = forms.IntegerField(label=_("Points when kept"), min_value=0, max_value=MOST_POINTS, initial=1)
    points_missed = forms.IntegerField(
        label=_("Points taken when missed"), min_value=0, max_value=MOST_POINTS, initial=2
    )
    counts = forms.ChoiceField(label=_("It counts"), choices=Counts.choices, initial=Counts.SCORED)
    when_nothing = forms.ChoiceField(label=_("With nothing to judge it"), choices=WhenNothing.choices)
    severity = forms.ChoiceField(label=_("When it is missed"), choices=Severity.choices, initial=Severity.NORMAL)
    label = forms.CharField(
        label=_("Name on the card"), max_length=80, required=False, help_text=_("Empty: the name of the figure.")
    )

    def __init__(self, data: Any = None, *, metric: str = "", code: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.code = code
        asked = (data or {}).get("metric", "") or metric
        self.figure: Metric = METRICS.get(asked) or next(iter(METRICS.values()))
        metrics: forms.ChoiceField = self.fields["metric"]  # type: ignore[assignment]
        metrics.choices = choices()
        self.fields["threshold"].required = not self._needs_none(data or {})
        self._fit()

    @classmethod
    def of(cls, rule: RuleSpec) -> RuleForm:
        """The form as it stands for a rule that is there."""
        counts = Counts.SHOWN if not rule.scored else Counts.TRIAL if rule.trial else Counts.SCORED
        initial = {name: getattr(rule, name) for name in cls.base_fields if hasattr(rule, name)}
        given = {PREFIX + key: value for key, value in rule.parameters.items()}
        return cls(metric=rule.metric, code=rule.code, initial={**initial, "counts": counts, **given})

    @property
    def rows(self) -> list[forms.BoundField]:
        """The fields below the figure, its parameters first."""
        own = [name for name in self.fields if name.startswith(PREFIX)]
        rest = [name for name in self.fields if name not in own and name not in ("metric", "overridden")]
        return [self[name] for name in own + rest]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        asks = "threshold" in values and not self._needs_none(values)
        if asks and not values["threshold"] and values.get("comparison") == Comparison.AT_LEAST:
            self.add_error("threshold", _("At least 0 is always kept. Give a figure above 0."))
        try:
            values["parameters"] = self.figure.check(self._given(values))
        except BadParameter as refusal:
            field = PREFIX + refusal.field
            self.add_error(field if field in self.fields else None, str(refusal.message))
        return values

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        rule = RuleSpec(
            code=self.code,
            metric=values["metric"],
            label=values["label"].strip(),
            parameters=values["parameters"],
            comparison=values["comparison"],
            threshold=values["threshold"] or 0,
            period=values.get("period") or Period.DAY,
            by_plan=values.get("by_plan", False),
            points_met=values["points_met"],
            points_missed=values["points_missed"],
            scored=values["counts"] != Counts.SHOWN,
            trial=values["counts"] == Counts.TRIAL,
            when_nothing=values.get("when_nothing") or WhenNothing.NOT_APPLICABLE,
            severity=values["severity"],
        )
        return {"rule": rule}

    def _fit(self) -> None:
        """Leave out what this figure cannot have, and put in what it has."""
        if self.figure.kind != Kind.FLOW:
            del self.fields["period"], self.fields["by_plan"]
        if not self.figure.needs_items:
            del self.fields["when_nothing"]
        more = self.figure.better == Better.MORE
        self.initial = {
            "metric": self.figure.key,
            "comparison": Comparison.AT_LEAST if more else Comparison.AT_MOST,
            **({} if more else {"threshold": 0}),
            **self.initial,
        }
        self.fields |= {PREFIX + one.key: field_of(one) for one in self.figure.parameters}

    @staticmethod
    def _needs_none(values: Mapping[str, Any]) -> bool:
        """Whether the figure comes from the plan, or nothing is asked at all."""
        return bool(values.get("by_plan")) or values.get("counts") == Counts.SHOWN

    def _given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name.removeprefix(PREFIX): value for name, value in values.items() if name.startswith(PREFIX)}


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The figures by kind, as the groups of a list."""
    return [
        (str(said), [(metric.key, str(metric.label)) for metric in METRICS.values() if metric.kind == kind])
        for kind, said in KINDS.items()
    ]


def field_of(parameter: Parameter) -> forms.Field:
    """The field that a parameter is given by; that a value is in its list is for the metric to check."""
    label = str(parameter.label)
    shown = {"label": label[:1].upper() + label[1:], "required": parameter.required}
    if parameter.kind == ParameterKind.NUMBER:
        return forms.IntegerField(min_value=parameter.least, max_value=parameter.most, **shown)  # type: ignore[arg-type]
    if parameter.kind == ParameterKind.YES_NO:
        return forms.BooleanField(**{**shown, "required": False})  # type: ignore[arg-type]
    options = [(str(value), str(name)) for value, name in parameter.options()]
    if parameter.kind == ParameterKind.CHOICES:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **shown)  # type: ignore[arg-type]
    empty = [("", "—")] if parameter.required else [("", str(_("any")))]
    return forms.ChoiceField(choices=[*empty, *options], **shown)  # type: ignore[arg-type]
