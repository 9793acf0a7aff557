"""What rows refer to by name: people, companies, products, stages. Each is found once a run, however many rows name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from crm import names
from crm.folding import fold
from crm.merging import survivors_of
from crm.models import Company, DealStatus, LossReason, Product, Source, Stage
from crm.services import many, references
from migrations_data.loading.context import Context, Rejected
from migrations_data.understanding.words import FUNNEL, LOST, WON

Resolver = TypeVar("Resolver")


@lru_cache(maxsize=100_000)
def squeezed(text: str) -> str:
    """Folded letters without spaces: "GTX Pro" and "GTXPro" are the same."""
    return fold(text).replace(" ", "")


@lru_cache(maxsize=100_000)
def by_name(text: str) -> str:
    """A company's name as companies are compared by."""
    return names.key(text)


def of(context: Context, resolver: type[Resolver]) -> Resolver:
    """The run's one `resolver`."""
    found: Resolver = context.known.setdefault(resolver.__name__, None) or resolver(context)  # type: ignore[call-arg]
    context.known[resolver.__name__] = found
    return found


class People:
    """Who works here, by name in any order of its words, or by e-mail."""

    def __init__(self, context: Context) -> None:
        self.by_name: dict[str, list[User]] = defaultdict(list)
        self.by_mail: dict[str, User] = {}
        for user in User.objects.order_by("pk"):
            self.put(user)

    def put(self, user: User) -> None:
        self.by_name[_in_any_order(user.full_name)].append(user)
        self.by_mail[user.email.lower()] = user

    def find(self, text: str) -> User | None:
        """The person, or None. Raises Rejected when several who may sign in have that name."""
        if "@" in text:
            return self.by_mail.get(text.lower())
        found = self.by_name.get(_in_any_order(text), [])
        active = [user for user in found if user.is_active] or found
        if len(active) > 1:
            raise Rejected("owner_ambiguous", "owner", text)
        return active[0] if active else None

    def owner(self, context: Context, text: str) -> User:
        """The owner that a row names, or who imports when it names nobody. Raises Rejected."""
        if not text:
            context.note("no_owner", "owner", now=context.by.full_name)
            return context.by
        found = self.find(text)
        if found is None:
            raise Rejected("owner_unknown", "owner", text)
        return found


@lru_cache(maxsize=100_000)
def _in_any_order(name: str) -> str:
    return " ".join(sorted(fold(name).split()))


class Companies:
    """Companies by their key in the old system, or by name. Looked up by the chunk."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.by_key: dict[str, Company] = {}
        self.by_name: dict[str, list[Company]] = defaultdict(list)
        self.asked: set[str] = set()

    def look_up(self, texts: Iterable[str]) -> None:
        """Find out about all these at once."""
        new = {text for text in texts if text} - self.asked
        if not new:
            return
        self.asked |= new
        named = {by_name(text) for text in new}
        keys = {key for text in new for key in (self.context.key(text), name_key(self.context, text))}
        meant = Q(source=Source.IMPORT, external_id__in=keys) | Q(name_key__in=named)
        rows = list(Company._base_manager.filter(meant).order_by("pk"))
        for company in rows:
            if company.deleted_at is None:
                self.put(company)
        self._follow([company for company in rows if company.deleted_at is not None])

    def _follow(self, gone: Sequence[Company]) -> None:
        """A merged company is the one that it became part of, by its key, and by its name where nobody else bears it."""
        survivors = survivors_of("company", [one.pk for one in gone])
        here = Company.objects.live().in_bulk(set(survivors.values())) if survivors else {}
        for one in gone:
            now = here.get(survivors.get(one.pk, 0))
            if now is not None:
                if one.source == Source.IMPORT and one.external_id:
                    self.by_key.setdefault(one.external_id, now)
                self.by_name[one.name_key] = self.by_name[one.name_key] or [now]

    def put(self, company: Company) -> None:
        if company.source == Source.IMPORT and company.external_id:
            self.by_key[company.external_id] = company
        if all(company.pk != other.pk for other in self.by_name[company.name_key]):
            self.by_name[company.name_key].append(company)

    def find(self, text: str) -> Company | None:
        """The company that a row means, or None. Raises Rejected when several have that name."""
        context = self.context
        found = self.by_key.get(context.key(text)) or self.by_key.get(name_key(context, text))
        if found is not None:
            return found
        named = self.by_name.get(by_name(text), [])
        if len(named) > 1:
            ours = [one for one in named if one.source == Source.IMPORT and one.external_id.startswith(context.prefix)]
            named = ours or named
        if len(named) > 1:
            raise Rejected("company_ambiguous", "company", text)
        return named[0] if named else None

    def find_or_add(self, text: str, *, owner: User) -> Company:
        """The same; a company that is on no list is added by its name, so that its deals are not lost."""
        found = self.find(text)
        if found is None:
            context = self.context
            found = many.company(
                by=context.by, home=context.home, owner=owner, external_id=name_key(context, text), name=text
            )
            many.add_companies(by=context.by, at=context.at, drafts=[found])
            self.put(found)
            context.note("company_made", "company", was=text)
        return found


def name_key(context: Context, name: str) -> str:
    """The key of a company without one in its source."""
    return context.key(f"name:{by_name(name)}")


class Products:
    """Products by their name, however it is spaced."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.by_name: dict[str, list[Product]] = defaultdict(list)
        for product in Product.objects.order_by("pk"):
            self.put(product)

    def put(self, product: Product) -> None:
        self.by_name[squeezed(product.name)].append(product)

    def find(self, text: str) -> Product | None:
        """The product, or None. Raises Rejected when several are called so but for spaces, and none exactly."""
        found = self.by_name.get(squeezed(text), [])
        exact = [product for product in found if product.name == text]
        if len(found) > 1 and not exact:
            raise Rejected("product_ambiguous", "product", text)
        return (exact or found or [None])[0]  # type: ignore[list-item]

    def find_or_add(self, text: str) -> Product:
        """The same; one that is on no list is added without a price."""
        found = self.find(text)
        context = self.context
        if found is None:
            found = references.product(home=context.home, name=text, currency=context.of.currency)
            references.add_products(by=context.by, at=context.at, drafts=[found])
            self.put(found)
            context.note("product_made", "product", was=text)
        elif found.name != text:
            context.note("product", "product", was=text, now=found.name)
        return found


class Funnel:
    """The stages of the first pipeline, and what the words of the old table mean in it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.pipeline = references.pipeline(by=context.by, at=context.at)
        self.stages: list[Stage] = list(self.pipeline.stages.order_by("position", "pk"))
        self.reasons: dict[str, LossReason] = {}

    def make_room(self, texts: Iterable[str]) -> None:
        """Add the stages that the table names and the pipeline does not have, in the usual order of a funnel."""
        there = {squeezed(stage.name) for stage in self.stages}
        wanted: dict[str, str] = {}
        for text in texts:
            if text and status_of(text) == DealStatus.OPEN and squeezed(text) not in there:
                wanted.setdefault(squeezed(text), text)
        names_ = sorted(wanted.values(), key=_place_in_funnel)
        if not names_ and not self.stages:
            names_ = [_("New")]
        made = references.add_stages(to=self.pipeline, names=names_, by=self.context.by, at=self.context.at)
        self.stages += made
        for stage in made:
            self.context.note("stage_made", "stage", was=stage.name)

    def place(self, text: str) -> tuple[DealStatus, Stage]:
        """What a word of the stage column says: open at a stage, or won or lost (at the last stage)."""
        status = status_of(text)
        if status != DealStatus.OPEN:
            return status, self.stages[-1]
        if not text:
            return status, self.stages[0]
        return status, next(stage for stage in self.stages if squeezed(stage.name) == squeezed(text))

    def reason(self, text: str) -> LossReason:
        """The reason of a loss; deals lost without one share one that says where they come from."""
        if not text:
            self.context.note("no_reason", "loss_reason", now=_("Imported"))
        name = text or _("Imported")
        if name not in self.reasons:
            self.reasons[name] = references.loss_reason(name=name, by=self.context.by, at=self.context.at)
        return self.reasons[name]


def status_of(text: str) -> DealStatus:
    said = fold(text)
    return DealStatus.WON if said in WON else DealStatus.LOST if said in LOST else DealStatus.OPEN


def _place_in_funnel(name: str) -> int:
    said = fold(name)
    return next((place for place, word in enumerate(FUNNEL) if word in said), len(FUNNEL))


def wanted(rows: Sequence[Any], *fields: str) -> set[str]:
    """The texts that rows have in any of these fields."""
    return {row.values[name] for row in rows for name in fields if row.values.get(name)}
