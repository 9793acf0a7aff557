"""What is asked about a contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import User
from accounts.policy import Use, fields
from crm.forms.companies import ask_while_typing
from crm.forms.custom import CustomFieldsMixin
from crm.forms.deals import DateInput
from crm.forms.fields import picked
from crm.forms.records import EditForm, OnceForm, line, note, tags
from crm.models import Company, Contact

FIRST = ("name", "title", "company", "phones", "emails", "city")
ALL = ("name", "title", "phones", "emails", "city", "tags", "note")
MOST = 20


class Lines(forms.Widget):
    """Several values of one kind, an input each and an empty one more."""

    input_type = "text"

    def __init__(self, kind: str, **attrs: Any) -> None:
        super().__init__(attrs)
        self.kind = kind

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [str(value) for value in ([given] if isinstance(given, str) else given)]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        built = self.build_attrs(self.attrs, attrs)
        first = built.pop("id", f"id_{name}")
        shown = [*(value or []), ""][:MOST]
        rest = format_html_join("", ' {}="{}"', built.items())
        inputs = (
            format_html(
                '<input type="{}" name="{}" value="{}" id="{}" autocomplete="off" aria-label="{}"{}>',
                self.kind, name, text, first if index == 0 else f"{first}_{index}", self._spoken(index), rest,
            )
            for index, text in enumerate(shown)
        )  # fmt: skip
        return format_html(
            '<div class="c-stack c-stack--tight">{}</div>', format_html_join("", "{}", ((one,) for one in inputs))
        )

    def _spoken(self, index: int) -> str:
        words = {"tel": _t("Phone %(n)s"), "email": _t("E-mail %(n)s")}
        return words[self.kind] % {"n": index + 1}


class LinesField(forms.Field):
    """A list of texts, empty ones left out."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(required=False, widget=Lines(kind), **kwargs)

    def to_python(self, value: Any) -> list[str]:
        return [text.strip() for text in value or [] if text.strip()][:MOST]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


def facts(user: User, names: Sequence[str]) -> dict[str, forms.Field]:
    """The fields among `names` that the person may write."""
    known: dict[str, forms.Field] = {
        "name": line(_("Name"), 200, required=True),
        "title": line(_("Position"), 120),
        "company": picked(Company.objects.visible_to(user), "company", label=_("Company")),
        "phones": LinesField("tel", label=_("Phones")),
        "emails": LinesField("email", label=_("E-mails")),
        "city": line(_("City"), 100),
        "tags": tags(),
        "note": note(),
    }
    writable = fields(user, Contact, Use.WRITE)
    return {name: known[name] for name in names if name in writable}


class NewContact(CustomFieldsMixin, OnceForm):
    """Enough to call somebody."""

    own_open = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(facts(user, FIRST))
        self.add_own("contact", user)
        ask_while_typing(self, ("name", "phones", "emails"), reverse_lazy("crm:contact-alike"))


class EditContact(CustomFieldsMixin, EditForm):
    """All facts of a contact but where he works, which is dated and has its own form."""

    def __init__(self, *args: Any, user: User, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, record=contact, **kwargs)
        asked = facts(user, ALL)
        self.fields.update(asked)
        self.add_own("contact", user, contact.custom)
        self.labels = dict(contact.phones.values_list("number", "label")) if "phones" in asked else {}
        self.show(self._values(contact, asked))

    def arguments(self) -> dict[str, Any]:
        """Numbers that stay keep their labels."""
        values = super().arguments()
        if "phones" in values:
            values["phones"] = [(number, self.labels.get(number, "")) for number in values["phones"]]
        return values

    def _values(self, contact: Contact, names: dict[str, forms.Field]) -> dict[str, Any]:
        listed: dict[str, Any] = {"phones": list(self.labels)}
        if "emails" in names:
            listed["emails"] = list(contact.emails.values_list("address", flat=True))
        if "tags" in names:
            listed["tags"] = list(contact.tags.values_list("pk", flat=True))
        return {name: listed[name] if name in listed else getattr(contact, name) for name in names}


class MoveContact(ServiceForm):
    """Where a contact works from a day on."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = picked(Company.objects.visible_to(user), "company", label=_("New company"))
        self.fields["to"].help_text = _("Leave it empty when he or she works nowhere that you know of.")
        self.fields["title"] = line(_("Position"), 120)
        self.fields["on"] = forms.DateField(label=_("From"), widget=DateInput())
