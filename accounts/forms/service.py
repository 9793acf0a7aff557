"""Forms that hand their values to a service: the form checks the shape, the service decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django import forms
from django.http import Http404

from accounts.refusals import NotAllowed, Refused, Warned

Result = TypeVar("Result")


class ServiceForm(forms.Form):
    """A form with `submit`. `overridden` is the person's "do it all the same" after a warning."""

    overridden = forms.BooleanField(required=False, widget=forms.HiddenInput)
    places: ClassVar[Mapping[str, str]] = {}
    """Values of the service that the form asks for under other names."""
    refusal: Refused | None = None
    warning: Warned | None = None

    def submit(self, service: Callable[..., Result], **fixed: Any) -> Result | None:
        """Call `service` with the cleaned values and `fixed`; None when the form or the service refused, the form says why.

        The refusal is kept, a warning also in `warning`, so that the page can offer to go on; `NotAllowed` becomes 404.
        """
        if not self.is_valid():
            return None
        try:
            return service(**self.arguments(), **fixed)
        except NotAllowed as refusal:
            raise Http404 from refusal
        except Refused as refusal:
            self.refusal = refusal
            self.warning = refusal if isinstance(refusal, Warned) else None
            self.add_error(self.place_of(refusal.field), str(refusal.message))
            return None

    def place_of(self, field: str) -> str | None:
        """Which field of this form a refusal about a value of the service stands under; None for the form as a whole."""
        name = self.places.get(field, field)
        return name if name in self.fields else None

    def arguments(self) -> dict[str, Any]:
        """The cleaned values as the service wants them; without `overridden` unless the person set it."""
        values = dict(self.cleaned_data)
        if not values.pop("overridden", False):
            return values
        return values | {"overridden": True}
