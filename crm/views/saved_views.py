"""Views of lists that people keep under a name."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import Permission
from accounts.policy import needs
from crm.forms.saved_views import SaveView
from crm.lists import Asker, ListPage
from crm.lists.listing import canonical
from crm.lists.pages import pages
from crm.models import SavedView
from crm.services import views as service
from crm.views.answers import asked, sent


@require_http_methods(["GET", "POST"])
@needs(Permission.VIEW_SAVE)
def save(request: Any) -> HttpResponse:
    """Ask for a name, then keep what the list shows under it and open it."""
    page = _page(request.GET.get("page", ""))
    now = timezone.now()
    query = canonical(page, Asker(request.user, now), request.GET.get("query", ""))
    form = SaveView(sent(request))
    if request.method == "POST":
        kept = form.submit(service.save, page=page.noun, query=query, by=request.user, at=now)
        if kept is not None:
            return HttpResponseClientRedirect(f"{reverse(page.url_name)}?{kept.query}")
    return asked(request, "crm/lists/_save.html", form)


@require_POST
@needs(Permission.VIEW_SAVE)
def forget(request: Any, pk: int) -> HttpResponse:
    """Forget one of one's own views; answers with the whole list."""
    view = get_object_or_404(SavedView.objects.filter(user=request.user.pk), pk=pk)
    page = _page(view.page)
    service.forget(view=view, by=request.user, at=timezone.now())
    return HttpResponseClientRedirect(reverse(page.url_name))


def _page(noun: str) -> ListPage:
    if noun not in pages:
        raise Http404(_("There is no such list."))
    return pages[noun]
