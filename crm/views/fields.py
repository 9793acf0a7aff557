"""The company's own fields: which there are, new ones, changed, put in order, retired and brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.policy import needs
from crm import field_page
from crm.custom.usage import filled
from crm.forms.field_settings import EditField, NewField, OptionsField, Preview
from crm.forms.records import NothingToAsk
from crm.models import CustomField, CustomKind, Noun
from crm.services import fields
from crm.views.answers import ask, done, refused, sent

CHANGED = ("fields-changed",)


@require_GET
@needs(Permission.FIELD_EDIT)
def field_list(request: Any) -> HttpResponse:
    """The fields of companies, contacts and deals; htmx gets the lists alone."""
    template = "crm/fields/_list.html" if request.htmx.target == "field-list" else "crm/fields/list.html"
    crumbs = [(_("Settings"), reverse("crm:settings"))]
    response = render(request, template, {"sections": field_page.sections(), "crumbs": crumbs})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_http_methods(["GET", "POST"])
@needs(Permission.FIELD_EDIT)
def new(request: Any) -> HttpResponse:
    """A new field; its address may begin it."""
    form = NewField(sent(request), initial=_begun(request))
    return ask(
        request, form, fields.add, at=timezone.now(), template="crm/fields/new.html", changed=CHANGED, to=reverse("crm:field-list"),
        said=lambda field: _("“%(field)s” is added. It stands in the forms at once.") % {"field": field},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Permission.FIELD_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """What a field is called, its hint, its list, whether lists are filtered by it."""
    field = get_object_or_404(CustomField, pk=pk)
    form = EditField(sent(request), field=field)
    return _ask(request, field, form, fields.edit, "crm/fields/edit.html", _("Saved."))


@require_http_methods(["GET", "POST"])
@needs(Permission.FIELD_EDIT)
def retire(request: Any, pk: int) -> HttpResponse:
    """Show a field no more."""
    field = get_object_or_404(CustomField, pk=pk)
    said = _("“%(field)s” is retired. Its values stay and come back with it.") % {"field": field}
    return _ask(request, field, NothingToAsk(sent(request)), fields.retire, "crm/fields/retire.html", said)


@require_POST
@needs(Permission.FIELD_EDIT)
def bring_back(request: Any, pk: int) -> HttpResponse:
    """Show a retired field again."""
    field = get_object_or_404(CustomField, pk=pk)
    form, to = NothingToAsk(request.POST), reverse("crm:field-list")
    if form.submit(fields.bring_back, field=field, by=request.user, at=timezone.now()) is None:
        return refused(request, form, to=to)
    return done(request, _("“%(field)s” is back, with its values.") % {"field": field}, *CHANGED, to=to)


@require_POST
@needs(Permission.FIELD_EDIT)
def move(request: Any, pk: int) -> HttpResponse:
    """One place up or down; answers with the lists as they are now."""
    field = get_object_or_404(CustomField, pk=pk)
    fields.move(field=field, up=request.POST.get("to") == "up", by=request.user, at=timezone.now())
    if not request.htmx:
        return done(request, _("Moved."), to=reverse("crm:field-list"))
    return render(request, "crm/fields/_list.html", {"sections": field_page.sections()})


@require_GET
@needs(Permission.FIELD_EDIT)
def preview(request: Any) -> HttpResponse:
    """The field as it will look, from what is in the dialog so far; ?field= is the one that is changed."""
    asked, pk = request.GET, request.GET.get("field", "")
    there = CustomField.objects.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    kind = there.kind if there else asked.get("kind", "")
    listed = OptionsField().clean(OptionsField().widget.value_from_datadict(asked, {}, "options"))
    field = CustomField(
        noun=Noun.COMPANY,
        key="preview",
        kind=kind if kind in CustomKind.values else CustomKind.TEXT,
        label=asked.get("label", "").strip()[:60] or _("Name of the field"),
        hint=asked.get("hint", "").strip()[:200],
        options=[name.strip()[:80] for _was, name in listed if name.strip()],
    )
    return render(request, "crm/fields/_preview.html", {"shown": Preview(field)["own"], "in_list": "in_list" in asked})


def _begun(request: Any) -> dict[str, Any]:
    """What the address says already: the noun, or the whole example of an empty list."""
    asked = request.GET
    return {
        "noun": asked.get("noun") if asked.get("noun") in Noun.values else Noun.COMPANY,
        "kind": asked.get("kind") if asked.get("kind") in CustomKind.values else CustomKind.TEXT,
        "label": asked.get("label", "")[:60],
        "options": [("", name[:80]) for name in asked.getlist("options")[:20]],
    }


def _ask(
    request: Any, field: CustomField, form: Any, verb: Callable[..., CustomField], template: str, said: str
) -> HttpResponse:
    """The dialog of a verb on a field."""
    count = filled().get((field.noun, field.key), 0) if verb is fields.retire else 0
    return ask(
        request, form, verb, at=timezone.now(), template=template, said=lambda result: said, changed=CHANGED,
        to=reverse("crm:field-list"), shown={"own": field, "count": count}, field=field,
    )  # fmt: skip
