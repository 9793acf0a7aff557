"""The tables that others choose from, in Django's admin: an own site under the same policy as every page.

There is no second way to sign in here, and nobody but the holder of one permission finds it.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse_lazy
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportModelAdmin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from import_export.tmp_storages import CacheStorage

from accounts.permissions import Permission
from accounts.policy import holds

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


class TableResource(ModelResource):
    """Rows go out and come in by name; a cell that a spreadsheet would calculate goes out as text."""

    class Meta:
        import_id_fields = ["name"]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def export_field(self, field: Any, instance: Any, selected_fields: Any = None, **words: Any) -> Any:
        value = super().export_field(field, instance, selected_fields=selected_fields, **words)
        return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(FORMULA) else value


class Table(ImportExportModelAdmin):
    """A reference table. `deletable` only where no history needs the name."""

    deletable = False
    import_formats = [CSV]  # a workbook can unpack to gigabytes; those are read elsewhere, in a process of their own
    export_formats = [CSV, XLSX]
    tmp_storage_class = CacheStorage

    def has_module_permission(self, request: HttpRequest) -> bool:
        return holds(request.user, Permission.REFERENCE_EDIT)

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
