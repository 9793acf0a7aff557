"""Fields that several forms need."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A list of some hundred choices, searched by typing. Drawn at once: Django's own takes a template for each choice."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-search": True, **(attrs or {})})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        built = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        chosen = str("" if value is None else value)
        rows = ((key, SafeString(" selected") if str(key) == chosen else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html("<select{}>{}</select>", built, options)
