"""The tables that others choose from, in Django's admin: an own site under the same policy as every page.

There is no second way to sign in here, and nobody but the holder of one permission finds it. What goes out as a file comes in again as
it was: an import says first what would change, and changes through the services where a rule holds.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportModelAdmin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from import_export.tmp_storages import CacheStorage
from import_export.widgets import BooleanWidget, ForeignKeyWidget

from accounts.permissions import Permission
from accounts.policy import holds
from accounts.refusals import Refused

LEFT_OUT = frozenset({"login", "logout", "password_change", "password_change_done", "view_on_site"})
FORMULA = ("=", "+", "-", "@")


class TablesSite(AdminSite):
    """Whoever may change reference tables sees them; for everybody else nothing is here."""

    site_title = site_header = _("Daybook tables")
    index_title = _("What your company chooses from")
    site_url = "/settings/"
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return holds(request.user, Permission.REFERENCE_EDIT)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer 404 instead of offering to sign in as somebody else."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **words: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **words)

        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        kept: list[URLPattern | URLResolver] = []
        for pattern in super().get_urls():
            if isinstance(pattern, URLPattern):
                if pattern.name in LEFT_OUT:
                    continue
                pattern.callback.login_url = reverse_lazy("account_login")  # type: ignore[attr-defined]
            kept.append(pattern)
        return kept


tables = TablesSite(name="tables")


def neutral(text: str) -> str:
    """A text that no spreadsheet calculates; what begins with the mark itself gets one more, so that it comes back as it was."""
    return f"'{text}" if text.startswith("'") or text.lstrip().startswith(FORMULA) else text


def plain(text: str) -> str:
    """A text as it was before `neutral`."""
    return text[1:] if text.startswith("'") and neutral(text[1:]) == text else text


class ByName(ForeignKeyWidget):
    """A row of another table by its name; an unknown one is named in the refusal."""

    def clean(self, value: Any, row: Any = None, **words: Any) -> Any:
        try:
            return super().clean(value, row, **words)
        except ObjectDoesNotExist:
            raise ValueError(
                _("“%(name)s” is not there. Add it first, or correct the name.") % {"name": value}
            ) from None


class YesNo(BooleanWidget):
    """1 or 0: a word for neither is no "no"."""

    def clean(self, value: Any, row: Any = None, **words: Any) -> bool | None:
        if value not in (*self.TRUE_VALUES, *self.FALSE_VALUES, *self.NULL_VALUES):
            raise ValueError(_("Write 1 for yes or 0 for no."))
        found: bool | None = super().clean(value, row, **words)
        return found


class TableResource(ModelResource):
    """Rows go out and come in by name; a cell that a spreadsheet would calculate goes out as text."""

    class Meta:
        import_id_fields = ["name"]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def export_field(self, field: Any, instance: Any, selected_fields: Any = None, **words: Any) -> Any:
        value = super().export_field(field, instance, selected_fields=selected_fields, **words)
        return neutral(value) if isinstance(value, str) else value

    def before_import_row(self, row: Any, **words: Any) -> None:
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = plain(value)


class ServiceResource(TableResource):
    """Rows that change through a service: what a rule refuses is said beside its row, and nothing of the file is kept."""

    def keep(self, instance: Any, *, new: bool, by: Any, at: Any) -> Any:
        """Hand a row, as it is to be, to the services; returns the record. May raise Refused."""
        raise NotImplementedError

    def validate_instance(self, instance: Any, errors: Any = None, validate_unique: bool = True) -> None:
        """Look at the columns of the table; what stands beside them is the service's."""
        found = dict(errors or {})
        beside = {field.name for field in instance._meta.fields} - set(self._meta.fields)
        try:
            instance.full_clean({*found, *beside}, validate_unique=validate_unique, validate_constraints=False)
        except ValidationError as error:
            found = error.update_error_dict(found)
        if found:
            raise ValidationError(found)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **words: Any) -> None:
        try:
            kept = self.keep(instance, new=is_create, by=words["user"], at=words["at"])
        except Refused as refusal:
            raise ValidationError(str(refusal.message)) from refusal
        instance.pk = kept.pk


class Table(ImportExportModelAdmin):
    """A reference table. `deletable` only where no history needs the name; `permission` is asked beside that of the site."""

    permission = Permission.REFERENCE_EDIT
    deletable = False
    import_formats = [CSV]  # a workbook can unpack to gigabytes; those are read elsewhere, in a process of their own
    export_formats = [CSV, XLSX]
    tmp_storage_class = CacheStorage

    def has_module_permission(self, request: HttpRequest) -> bool:
        return holds(request.user, Permission.REFERENCE_EDIT) and holds(request.user, self.permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and self.has_module_permission(request)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def get_import_data_kwargs(self, **words: Any) -> dict[str, Any]:
        """The clock is read here; a file with one wrong row leaves everything as it was."""
        return super().get_import_data_kwargs(**words) | {"at": timezone.now(), "rollback_on_validation_errors": True}


class ListTable(Table):
    """A table that is changed on pages of its own, row by row; here it is only listed, taken out and brought in."""

    list_display_links = None
    actions = None
    OFFERED = ("_changelist", "_import", "_process_import", "_export")

    def get_urls(self) -> list[Any]:
        return [pattern for pattern in super().get_urls() if (pattern.name or "").endswith(self.OFFERED)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
