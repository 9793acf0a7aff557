"""Forms that hand their values to a service: the form checks the shape, the service decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import Http404

from accounts.refusals import NotAllowed, Refused, Warned

Result = TypeVar("Result")


class ServiceForm(forms.Form):
    """A form with `submit`. `overridden` is the person's "do it all the same" after a warning."""

    overridden = forms.BooleanField(required=False, widget=forms.HiddenInput)
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
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal.message))
            return None

    def arguments(self) -> dict[str, Any]:
        """The cleaned values as the service wants them; without `overridden` unless the person set it."""
        values = dict(self.cleaned_data)
        if not values.pop("overridden", False):
            return values
        return values | {"overridden": True}
