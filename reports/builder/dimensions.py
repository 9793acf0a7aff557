"""Dimensions that many sources have. Each says by itself what it reads, what its values are called, and how it narrows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Team, User
from accounts.permissions import Permission
from crm.custom import fields_of, name_of
from crm.lists import Asker
from crm.models import Company, CustomField, CustomKind, DealProduct, LossReason, Pipeline, Product, Stage, Tag
from crm.when import local_day
from reports.builder import expressions
from reports.builder.parts import NOT_SET, Dimension, Kind, Label, Rows, column

NO_PLACE = Value(None, output_field=IntegerField())
Names = Callable[[Sequence[Any], Asker], Rows]


def named(model: type[Model], name: str, *, place: Any = NO_PLACE) -> Names:
    """What records of `model` are called, each counted under itself."""

    def names(keys: Sequence[Any], asker: Asker) -> Rows:
        rows: QuerySet[Any, Any] = model._base_manager.filter(pk__in=keys)
        return rows.order_by().values(key_=F("pk"), to_=F("pk"), name_=F(name), place_=place)

    return names


def record(
    key: str, label: Label, path: str, model: type[Model], *, name: str = "name", place: Any = NO_PLACE, **more: Any
) -> Dimension:
    """Records that the rows refer to by `path`."""
    usual: dict[str, Any] = {"field": key, "value": column(path), "names": named(model, name, place=place)}
    return Dimension(key=key, label=label, **{**usual, **more})


def seen(
    key: str, label: Label, model: type[Model], action: Permission, *, name: str = "name", **more: Any
) -> Dimension:
    """Records that the rows refer to by `key`, as far as the asker sees them."""
    value = partial(expressions.seen, model, action, key, "id")
    return record(key, label, key, model, name=name, value=value, **more)


def person(key: str, label: Label, path: str, **more: Any) -> Dimension:
    return record(key, label, path, User, name="full_name", **{"field": path, "icon": "user", **more})


def team_of(path: str, **more: Any) -> Dimension:
    """The team that somebody is in today. Read by person and folded, so that no record looks it up for itself."""

    def on(asker: Asker) -> QuerySet[Membership, Membership]:
        return Membership.objects.on(local_day(asker.at, asker.user.zone))

    def names(keys: Sequence[Any], asker: Asker) -> Rows:
        facts = {"key_": F("user"), "to_": F("team"), "name_": F("team__name"), "place_": NO_PLACE}
        return on(asker).filter(user__in=keys).order_by().values(**facts)

    def picks(rows: Rows, key: str, asker: Asker) -> Rows:
        if key == NOT_SET:
            return rows.exclude(**{f"{path}__in": on(asker).values("user")})
        return rows.filter(**{f"{path}__in": on(asker).filter(team=int(key)).values("user")})

    usual: dict[str, Any] = {"label": _("Team"), "field": path, "value": column(path), "icon": "users"}
    return Dimension(**{"key": "team", **usual, **more}, names=names, picks=picks, called=named(Team, "name"))


def team(path: str, **more: Any) -> Dimension:
    """The team that a frozen record itself names."""
    return record("team", _("Team"), path, Team, **{"icon": "users", **more})


def words(key: str, label: Label, path: str, **more: Any) -> Dimension:
    """A text of the record, under its own spelling."""
    usual: dict[str, Any] = {"field": path, "value": lambda asker: expressions.filled(path)}
    return Dimension(key=key, label=label, kind=Kind.TEXT, **{**usual, **more})


def choice(key: str, label: Label, path: str, options: Sequence[tuple[str, Label]], **more: Any) -> Dimension:
    """One of a few words of ours, in their order."""
    known: Mapping[str, Label] = dict(options)
    return words(
        key, label, path, words=lambda value, asker: str(known.get(value, value)), order=[str(one) for one in known], **more
    )  # fmt: skip


def stage(path: str = "stage", **more: Any) -> Dimension:
    return record("stage", _("Stage"), path, Stage, place=F("position"), icon="columns-3", **more)


def pipeline(path: str, **more: Any) -> Dimension:
    return record("pipeline", _("Pipeline"), path, Pipeline, place=F("position"), **{"field": "stage", **more})


def reason(path: str, **more: Any) -> Dimension:
    return record("loss_reason", _("Reason of the loss"), path, LossReason, place=F("position"), **more)


def client(path: str = "company", **more: Any) -> list[Dimension]:
    """The client, and what is known of him; of one whom the asker does not see no more than the name that the record shows."""

    def of_client(name: str) -> Callable[[Asker], Any]:
        def value(asker: Asker) -> Any:
            found = expressions.seen(Company, Permission.COMPANY_VIEW, path, name, asker)
            return expressions.Filled(found)

        return value

    facts = [("city", _("Client's city")), ("industry", _("Client's industry")), ("country", _("Client's country"))]
    return [
        record("company", _("Client"), path, Company, icon="building", **more),
        *(
            Dimension(key=f"client_{name}", label=label, field=name, of=Company, kind=Kind.TEXT, value=of_client(name))
            for name, label in facts
        ),
    ]


def tags(model: Any, link: str) -> Dimension:
    """Each tag that a record has; `link` is how the table between calls the record."""
    through = model.tags.through
    return Dimension(
        key="tag", label=_("Tag"), field="tags", several=True, names=named(Tag, "name"), icon="tag",
        value=lambda asker: expressions.linked(through, link, "tag_id"),
        picks=_picks_linked(through, link, "tag"),
    )  # fmt: skip


def products() -> list[Dimension]:
    """The products in a deal, and their groups."""

    def grouped(keys: Sequence[Any], asker: Asker) -> Rows:
        rows = Product.objects.filter(pk__in=keys).exclude(group="").order_by()
        return rows.values(key_=F("pk"), to_=F("group"), name_=F("group"), place_=NO_PLACE)

    def of_group(rows: Rows, key: str, asker: Asker) -> Rows:
        lines = DealProduct.objects.filter(deal=OuterRef("pk"))
        found = Q(Exists(lines.filter(product__group=key)))
        return rows.filter(found if key != NOT_SET else found | ~Exists(lines))

    usual: dict[str, Any] = {
        "several": True, "field": "lines", "icon": "package", "value": lambda asker: expressions.linked(DealProduct, "deal", "product_id"),
    }  # fmt: skip
    return [
        Dimension(key="product", label=_("Product"), names=named(Product, "name"), picks=_picks_linked(DealProduct, "deal", "product"), **usual),
        Dimension(key="product_group", label=_("Product group"), names=grouped, kind=Kind.TEXT, picks=of_group, **usual),
    ]  # fmt: skip


def _picks_linked(through: Any, link: str, other: str) -> Callable[[Rows, str, Asker], Rows]:
    def picks(rows: Rows, key: str, asker: Asker) -> Rows:
        links = through._default_manager.filter(**{link: OuterRef("pk")})
        return rows.filter(Exists(links.filter(**{other: key})) if key != NOT_SET else ~Exists(links))

    return picks


def own(noun: str) -> list[Dimension]:
    """The company's own fields that can divide records: texts, choices, colleagues."""
    return [OWN[CustomKind(field.kind)](field) for field in fields_of(noun) if field.kind in OWN]


def _own_text(field: CustomField) -> Dimension:
    order = list(field.options) if field.kind == CustomKind.CHOICE else []
    return Dimension(
        key=name_of(field), label=field.label, field="custom", kind=Kind.TEXT, order=order,
        value=lambda asker: expressions.own_text(field.key),
    )  # fmt: skip


def _own_choices(field: CustomField) -> Dimension:
    def picks(rows: Rows, key: str, asker: Asker) -> Rows:
        has = Q(**{f"custom__{field.key}__contains": [key]})
        return (
            rows.filter(has) if key != NOT_SET else rows.alias(own_=expressions.own_choices(field.key)).filter(own_=[])
        )

    return Dimension(
        key=name_of(field), label=field.label, field="custom", kind=Kind.TEXT, order=list(field.options), several=True,
        value=lambda asker: expressions.own_choices(field.key), picks=picks,
    )  # fmt: skip


def _own_person(field: CustomField) -> Dimension:
    return Dimension(
        key=name_of(field), label=field.label, field="custom", names=named(User, "full_name"),
        value=lambda asker: expressions.own_person(field.key),
    )  # fmt: skip


OWN: dict[CustomKind, Callable[[CustomField], Dimension]] = {
    CustomKind.TEXT: _own_text,
    CustomKind.CHOICE: _own_text,
    CustomKind.CHOICES: _own_choices,
    CustomKind.USER: _own_person,
}
