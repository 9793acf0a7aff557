"""What the page of a deal shows. Each part is read when it is drawn, so that a fragment costs only its own part."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm import agenda, client_rows, inline, timeline
from crm.client import size
from crm.may import may
from crm.models import (
    Company,
    Contact,
    ContactPhone,
    Deal,
    DealProduct,
    DealStatus,
    DealTimeline,
    File,
    Share,
    Stage,
    Task,
)

MOST_TASKS = 50
MOST_VERSIONS = 300


class DealPage:
    """A deal, found for `user`, at `now`."""

    def __init__(self, deal: Deal, user: User, now: datetime, *, new: int = 0) -> None:
        self.deal, self.user, self.now, self.new = deal, user, now, new

    @classmethod
    def find(cls, pk: int, user: User, now: datetime, *, new: int = 0) -> DealPage:
        """The page of a deal that `user` may see, else 404; `new` is the activity just logged."""
        rows = Deal.objects.visible_to(user).select_related("stage__pipeline", "company", "owner", "loss_reason")
        more: dict[str, Any] = {
            "may_give": may(user, Permission.DEAL_GIVE),
            "may_delete": may(user, Permission.DEAL_DELETE),
            "company_seen": Exists(Company.objects.visible_to(user).filter(pk=OuterRef("company"))),
            "listed_tags": ArraySubquery(client_rows.tags(Deal, "deal")),
            "has_elsewhere": Exists(Stage.objects.exclude(pipeline=OuterRef("stage__pipeline"))),
        }
        return cls(get_object_or_404(rows.annotate(**more), pk=pk), user, now, new=new)

    @property
    def open(self) -> bool:
        return self.deal.status == DealStatus.OPEN

    @property
    def won(self) -> bool:
        return self.deal.status == DealStatus.WON

    @property
    def lost(self) -> bool:
        return self.deal.status == DealStatus.LOST

    @property
    def closed_on(self) -> str:
        return formats.when(timezone.localtime(self.deal.closed_at).date(), now=self.now) if self.deal.closed_at else ""

    @property
    def lost_words(self) -> str:
        """When and why it was lost."""
        reason, rival = self.deal.loss_reason, self.deal.competitor
        said = {"when": self.closed_on, "reason": reason.name if reason else formats.DASH, "rival": rival}
        return (_("Lost %(when)s to %(rival)s: %(reason)s.") if rival else _("Lost %(when)s: %(reason)s.")) % said

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Deals"), reverse("crm:deal-board")), (self.deal.stage.pipeline.name, "")]

    @property
    def menu(self) -> list[dict[str, Any]]:
        """The verbs that are not needed every day."""
        key = [self.deal.pk]
        items = [{"label": _("Edit"), "icon": "pencil", "get": reverse("crm:deal-edit", args=key)}]
        if self.open and getattr(self.deal, "has_elsewhere", False):
            address = reverse("crm:deal-transfer", args=key)
            items.append({"label": _("Another pipeline…"), "icon": "arrows-exchange", "get": address})
        if self.may_share:
            items.append({"label": _("Share"), "icon": "share", "get": reverse("crm:share-add", args=["deal", *key])})
        if self.may_give:
            items.append(
                {"label": _("Give to a colleague"), "icon": "user-share", "get": reverse("crm:deal-give", args=key)}
            )
        if self.may_delete:
            items.append(
                {"label": _("Delete"), "icon": "trash", "get": reverse("crm:deal-delete", args=key), "danger": "yes"}
            )
        return items

    @property
    def may_edit(self) -> bool:
        """Whoever sees a deal and works may work with it; the verbs ask again, with the record."""
        return holds(self.user, Permission.DEAL_EDIT)

    @property
    def may_give(self) -> bool:
        return bool(getattr(self.deal, "may_give", False))

    @property
    def may_delete(self) -> bool:
        return bool(getattr(self.deal, "may_delete", False))

    @property
    def may_share(self) -> bool:
        return self.may_give and holds(self.user, Permission.RECORD_SHARE)

    @property
    def noun(self) -> str:
        return "deal"

    @property
    def pk(self) -> int:
        return int(self.deal.pk)

    @property
    def may_attach(self) -> bool:
        return holds(self.user, Permission.FILE_ADD)

    @cached_property
    def timeline(self) -> timeline.Timeline:
        return timeline.read(noun="deal", pk=self.deal.pk, user=self.user, at=self.now, new=self.new)

    @property
    def open_deals(self) -> list[Any]:
        """For the composer: what is logged here is about this deal, there is nothing to choose."""
        return []

    @property
    def present(self) -> list[dict[str, Any]]:
        """For the composer: whom it may have been with, among those whom the person sees."""
        return [contact for contact in self.contacts if contact["seen"]]

    @cached_property
    def stages(self) -> list[dict[str, Any]]:
        """The bar of stages: those behind, the one where it stands, those ahead."""
        found = list(Stage.objects.filter(pipeline=self.deal.stage.pipeline_id).order_by("position", "pk"))
        here = next((i for i, stage in enumerate(found) if stage.pk == self.deal.stage_id), 0)
        closed = self.deal.status != DealStatus.OPEN
        return [
            {
                "id": stage.pk,
                "name": stage.name,
                "colour": stage.colour,
                "done": i < here or (closed and self.deal.status == DealStatus.WON),
                "current": i == here and not closed,
            }
            for i, stage in enumerate(found)
        ]

    @property
    def days(self) -> int:
        return max((self.now - self.deal.stage_since).days, 0)

    @property
    def cold(self) -> bool:
        return self.deal.status == DealStatus.OPEN and self.days > self.deal.stage.cold_after_days

    @property
    def amount(self) -> str:
        return formats.money(self.deal.amount_minor, self.deal.currency)

    @cached_property
    def contacts(self) -> list[dict[str, Any]]:
        """Who takes part, by name; phone and card of those whom the person sees by himself."""
        seen = Contact.objects.visible_to(self.user).filter(pk=OuterRef("pk"))
        phone = ContactPhone.objects.filter(contact=OuterRef("pk")).order_by("position", "pk")
        rows = (
            Contact.objects.live()
            .filter(deals=self.deal)
            .annotate(phone=Subquery(phone.values("number")[:1]), seen=Exists(seen))
            .order_by("name_key", "pk")
            .values("pk", "name", "title", "phone", "seen")
        )
        return [
            row | ({"url": reverse("crm:contact", args=[row["pk"]])} if row["seen"] else {"url": "", "phone": ""})
            for row in rows
        ]

    @cached_property
    def tasks(self) -> list[dict[str, Any]]:
        """The open tasks of the deal, the next one first."""
        open_ones = Task.objects.open().visible_to(self.user).filter(deal=self.deal).order_by("due_at", "pk")
        here = reverse("crm:deal", args=[self.deal.pk])
        rows = agenda.rows(open_ones, self.user, self.now, MOST_TASKS)
        return [row | {"about": [(name, url) for name, url in row["about"] if url != here]} for row in rows]

    @property
    def facts(self) -> list[inline.Fact]:
        """What can be changed in its place, and the company's own fields."""
        names = [name for name in inline.NAMES["deal"] if name not in ("title", "contacts")]
        return [
            *inline.of("deal", self.deal, self.user, names, may_edit=self.may_edit),
            *inline.own("deal", self.deal, self.user, may_edit=self.may_edit),
        ]

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        rows: QuerySet[Any, Any] = DealProduct.objects.filter(deal=self.deal).order_by("pk")
        return [self._line(row) for row in rows.values("product__name", "quantity", "price_minor")]

    def _line(self, row: dict[str, Any]) -> dict[str, Any]:
        price = row["price_minor"]
        total = None if price is None else int(price * row["quantity"])
        return {
            "name": row["product__name"],
            "quantity": formats.number(row["quantity"], 3),
            "price": formats.money(price, self.deal.currency),
            "total": formats.money(total, self.deal.currency),
        }

    @cached_property
    def files(self) -> list[dict[str, Any]]:
        """The files with their sizes in words; one's own, and all of one's own deal, may be removed."""
        rows = File.objects.filter(deal=self.deal).values("pk", "name", "size", "uploaded_by", "uploaded_by__full_name")
        return [
            {
                "pk": row["pk"],
                "name": row["name"],
                "size": size(row["size"]),
                "by": row["uploaded_by__full_name"],
                "may_delete": self.may_attach and (self.may_give or row["uploaded_by"] == self.user.pk),
            }
            for row in rows
        ]

    @cached_property
    def shares(self) -> list[dict[str, Any]]:
        """The colleagues who see it too."""
        rows = (
            Share.objects.filter(deal=self.deal)
            .order_by("user__full_name", "pk")
            .values("pk", "user", "user__full_name")
        )
        return [
            {"pk": row["pk"], "name": row["user__full_name"], "may_end": self.may_give or row["user"] == self.user.pk}
            for row in rows
        ]

    @cached_property
    def history(self) -> list[dict[str, Any]]:
        """What became of it, in words, the latest first."""
        versions = list(
            DealTimeline.objects.filter(id=self.deal.pk)
            .order_by("from_at")
            .annotate(who=F("changed_by__full_name"), owner_name=F("owner__full_name"), stage_name=F("stage__name"))
            .annotate(reason=F("loss_reason__name"))
            .values(
                "from_at", "who", "owner_name", "stage_name", "status", "amount_minor", "currency", "reason", "competitor",
                "expected_close",
            )[:MOST_VERSIONS]
        )  # fmt: skip
        if not versions:
            return []
        opened = _("Opened in %(stage)s") % {"stage": versions[0]["stage_name"]}
        told = [{"at": versions[0]["from_at"], "who": versions[0]["who"], "text": opened}]
        for before, after in pairwise(versions):
            told += [
                {"at": after["from_at"], "who": after["who"], "text": text} for text in _differences(before, after)
            ]
        return told[::-1]


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What one version changed that people ask about later."""
    told = []
    if before["status"] != after["status"]:
        told.append(_outcome(after))
    if before["stage_name"] != after["stage_name"]:
        told.append(_("From %(old)s to %(new)s") % {"old": before["stage_name"], "new": after["stage_name"]})
    if before["owner_name"] != after["owner_name"]:
        told.append(_("Given by %(old)s to %(new)s") % {"old": before["owner_name"], "new": after["owner_name"]})
    if (before["amount_minor"], before["currency"]) != (after["amount_minor"], after["currency"]):
        old, new = (formats.money(one["amount_minor"], one["currency"]) for one in (before, after))
        told.append(_("Amount %(old)s, now %(new)s") % {"old": old, "new": new})
    if before["expected_close"] != after["expected_close"]:
        told.append(_expected(after))
    return told


def _outcome(version: dict[str, Any]) -> str:
    if version["status"] == DealStatus.WON:
        return _("Won")
    if version["status"] == DealStatus.LOST:
        said = {"reason": version["reason"] or formats.DASH, "competitor": version["competitor"]}
        return (_("Lost: %(reason)s, to %(competitor)s") if said["competitor"] else _("Lost: %(reason)s")) % said
    return _("Reopened")


def _expected(version: dict[str, Any]) -> str:
    if version["expected_close"] is None:
        return _("No expected close any more")
    return _("Expected to close on %(day)s") % {"day": version["expected_close"].strftime("%Y-%m-%d")}
