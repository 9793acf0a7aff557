"""Views of lists that people keep under a name, for themselves or a team, and the one a list opens with."""

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
from accounts.refusals import NotAllowed
from crm.forms.saved_views import EditView, SaveView
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
    form = SaveView(sent(request), user=request.user)
    if request.method == "POST":
        kept = form.submit(service.save, page=page.noun, query=query, by=request.user, at=now)
        if kept is not None:
            return _open(page, kept.query)
    return asked(request, "crm/lists/_save.html", form)


@require_http_methods(["GET", "POST"])
@needs(Permission.VIEW_SAVE)
def edit(request: Any, pk: int) -> HttpResponse:
    """Another name or team for one of one's own views; it may take over what the list shows now."""
    view = _own(request, pk)
    page, now = _page(view.page), timezone.now()
    query = canonical(page, Asker(request.user, now), request.GET.get("query", view.query))
    initial = {"name": view.name, "team": view.team_id}
    form = EditView(sent(request), user=request.user, changed=query != view.query, initial=initial)
    if request.method == "POST" and form.is_valid():
        renew = form.cleaned_data.pop("renew", False)
        team = form.cleaned_data.pop("team", view.team)
        edited = form.submit(
            lambda **values: service.edit(**values, team=team), view=view, query=query if renew else None, by=request.user, at=now
        )  # fmt: skip
        if edited is not None:
            return _open(page, edited.query)
    return asked(request, "crm/lists/_edit_view.html", form, view=view)


@require_POST
@needs(Permission.VIEW_SAVE)
def forget(request: Any, pk: int) -> HttpResponse:
    """Forget one of one's own views; answers with the whole list."""
    view = _own(request, pk)
    page = _page(view.page)
    service.forget(view=view, by=request.user, at=timezone.now())
    return _open(page, "")


@require_POST
@needs(Permission.VIEW_SAVE)
def standard(request: Any) -> HttpResponse:
    """Let a list open with what is shown: one of the views kept or offered (`view`), one that everybody has, or everything."""
    page, now = _page(request.POST.get("page", "")), timezone.now()
    query = canonical(page, Asker(request.user, now), request.POST.get("query", ""))
    views = SavedView.objects.visible_to(request.user).filter(page=page.noun)
    key = request.POST.get("view", "")
    view = get_object_or_404(views, pk=key) if key.isascii() and key.isdigit() and len(key) < 19 else None
    try:
        service.set_standard(page=page.noun, view=view, query=query, by=request.user, at=now)
    except NotAllowed as refusal:
        raise Http404 from refusal
    return _open(page, query)


def _own(request: Any, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user).filter(user=request.user.pk), pk=pk)


def _open(page: ListPage, query: str) -> HttpResponse:
    """Go to the list as that view shows it."""
    return HttpResponseClientRedirect(f"{reverse(page.url_name)}?{query or 'all=1'}")


def _page(noun: str) -> ListPage:
    if noun not in pages:
        raise Http404(_("There is no such list."))
    return pages[noun]
