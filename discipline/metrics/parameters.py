"""What a company may set on a metric without code: parameters of five kinds, checked before a rule is stored.

A rule's form is built from `Metric.parameters`: each has a key, a label, a kind and, for choices and references, `options()`.
`Metric.check` gives back what may be stored: only what is set, in one order, so that the same wish always has the same key.

Facts put checked values into SQL. Numbers and words of fixed lists go in as they are (`whole`, `words`); any other text only
through `quoted`, which leaves no character of it in the statement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.refusals import Refused
from crm.models import Pipeline, Product, Stage, Tag

Text = str | Promise
Option = tuple[Any, Text]


class ParameterKind(StrEnum):
    CHOICE = "choice"
    CHOICES = "choices"
    REFERENCE = "reference"
    NUMBER = "number"
    YES_NO = "yes_no"


class Reference(StrEnum):
    """What a reference chooses from: the company's own lists."""

    PIPELINE = "pipeline"
    STAGE = "stage"
    SEGMENT = "segment"
    PRODUCT_GROUP = "product_group"


class BadParameter(Refused):
    """A parameter that the figure does not have, or a value that it cannot take; `field` is its key."""

    code = "bad_parameter"


def _stages() -> Iterable[Option]:
    return ((stage.pk, f"{stage.pipeline}: {stage}") for stage in Stage.objects.select_related("pipeline"))


def _groups() -> Iterable[Option]:
    groups = Product.objects.exclude(group="").order_by("group").values_list("group", flat=True).distinct()
    return ((group, group) for group in groups)


REFERENCES: dict[Reference, Callable[[], Iterable[Option]]] = {
    Reference.PIPELINE: lambda: Pipeline.objects.values_list("pk", "name"),
    Reference.STAGE: _stages,
    Reference.SEGMENT: lambda: Tag.objects.values_list("pk", "name"),
    Reference.PRODUCT_GROUP: _groups,
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing to set. `choices` are stored words with their names, `reference` a list of the company's; a number is whole and lies
    between `least` and `most`. What is not required may be left out and then limits nothing."""

    key: str
    label: Text
    kind: ParameterKind
    choices: tuple[Option, ...] = ()
    reference: Reference | None = None
    least: int = 0
    most: int = 1_000_000
    required: bool = False

    def options(self) -> list[Option]:
        """What may be chosen now: value and name."""
        return list(REFERENCES[self.reference]()) if self.reference else list(self.choices)

    def check(self, value: Any) -> Any:
        """The value as it is stored, None when it sets nothing. Raises BadParameter."""
        if value in (None, "", [], ()):
            if self.required:
                raise self._refused(_("Choose “%(name)s” first: this figure is not known without it."))
            return None
        return _CHECKS[self.kind](self, value)

    def said(self, value: Any) -> str:
        """A stored value in words; what is no longer in the list by its own."""
        if self.kind == ParameterKind.NUMBER:
            return str(value)
        if self.kind == ParameterKind.YES_NO:
            return _("yes") if value else _("no")
        names = dict(self.options())
        chosen = value if self.kind == ParameterKind.CHOICES else [value]
        return get_text_list([str(names.get(one, one)) for one in chosen], _("or"))

    def _choice(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self._refused(_("Choose one entry of the list for “%(name)s”."))
        for known, _name in self.options():
            if str(known) == str(value):
                return known
        raise self._refused(_("“%(name)s” has no such entry. Choose one of the list."))

    def _several(self, value: Any) -> Any:
        if isinstance(value, str) or not isinstance(value, Collection) or isinstance(value, Mapping):
            raise self._refused(_("Choose one or more entries of the list for “%(name)s”."))
        return sorted({self._choice(one) for one in value})

    def _number(self, value: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise self._refused(_("Give “%(name)s” as a whole number from %(least)s to %(most)s."))
        return value

    def _yes_no(self, value: Any) -> bool | None:
        if not isinstance(value, bool):
            raise self._refused(_("Say yes or no to “%(name)s”."))
        return value or None

    def _refused(self, message: str) -> BadParameter:
        words = {"name": self.label, "least": self.least, "most": self.most}
        return BadParameter(message % words, field=self.key)


_CHECKS: dict[ParameterKind, Callable[[Parameter, Any], Any]] = {
    ParameterKind.CHOICE: Parameter._choice,
    ParameterKind.CHOICES: Parameter._several,
    ParameterKind.REFERENCE: Parameter._choice,
    ParameterKind.NUMBER: Parameter._number,
    ParameterKind.YES_NO: Parameter._yes_no,
}


def checked(parameters: Sequence[Parameter], given: Any) -> dict[str, Any]:
    """What of the given values is stored. Raises BadParameter for one that is unknown, missing or of the wrong kind."""
    if not isinstance(given, Mapping):
        raise BadParameter(_("Give the settings of this figure as names with values."), field="parameters")
    known = {parameter.key for parameter in parameters}
    for key in given:
        if key not in known:
            raise BadParameter(
                _("This figure has no setting “%(key)s”. Take it away.") % {"key": str(key)[:40]}, field=str(key)[:40]
            )
    values = {parameter.key: parameter.check(given.get(parameter.key)) for parameter in parameters}
    return {key: value for key, value in values.items() if value is not None}


def said(parameters: Sequence[Parameter], given: Mapping[str, Any]) -> str:
    """Checked values in words: "pipeline: Renewals, segment: Schools"; nothing for none."""
    shown = (
        str(parameter.label)
        if parameter.kind == ParameterKind.YES_NO
        else f"{parameter.label}: {parameter.said(given[parameter.key])}"
        for parameter in parameters
        if parameter.key in given
    )
    return ", ".join(shown)


def whole(value: Any) -> str:
    """A checked number or reference as SQL."""
    return str(int(value))


def listed(values: Iterable[str], allowed: Collection[str]) -> str:
    """Checked words of a fixed list as SQL: 'call', 'meeting'."""
    chosen = [word for word in allowed if word in set(values)]
    return ", ".join(f"'{word}'" for word in chosen) or "NULL"


def quoted(value: str) -> str:
    """Any text as SQL, spelled in hexadecimal digits: whatever it says, none of it is read as SQL or as a placeholder."""
    return f"convert_from(decode('{value.encode().hex()}', 'hex'), 'UTF8')"


PIPELINE = Parameter(
    key="pipeline", label=gettext_lazy("pipeline"), kind=ParameterKind.REFERENCE, reference=Reference.PIPELINE
)
SEGMENT = Parameter(
    key="segment", label=gettext_lazy("segment"), kind=ParameterKind.REFERENCE, reference=Reference.SEGMENT
)
PRODUCT_GROUP = Parameter(
    key="product_group",
    label=gettext_lazy("product group"),
    kind=ParameterKind.REFERENCE,
    reference=Reference.PRODUCT_GROUP,
)
