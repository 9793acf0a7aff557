"""What comes after the sale in the demo company: contracts, complaints and returns, and two years of purchases from the accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from accounts.models import Role, User
from crm.history.clock import show
from crm.models import Company, ComplaintKind, Product, PurchaseKind, Source, Tag
from crm.services import companies, complaints, contracts, purchases
from crm.services.purchases import Entry
from crm.when import local_day
from reports.demo.people import PEOPLE

SEED = 77_003
CLIENTS = 7
"""So many clients of each seller buy again and again: of those that he had before the story starts."""
BATCH = 1000
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Words:
    """What contracts are about and what clients complain of, in one language."""

    contracts: tuple[str, ...]
    complaints: tuple[str, ...]
    returns: tuple[str, ...]
    answers: tuple[str, ...]


BY_LANGUAGE = {
    "pl": Words(
        contracts=("Umowa serwisowa", "Dostawa części zamiennych", "Licencja roczna", "Przegląd skanerów", "Umowa ramowa"),
        complaints=("Dwa skanery nie łączą się z siecią", "Faktura na złą kwotę", "Serwis przyjechał po terminie"),
        returns=("Zły model trackera, wraca pięć sztuk", "Uszkodzone opakowanie, zwrot"),
        answers=("Wymienione na nowe, dostawa jutro.", "Korekta faktury wysłana.", "Poza gwarancją, zaproponowano naprawę."),
    ),
    "es": Words(
        contracts=("Contrato de servicio", "Suministro de repuestos", "Licencia anual", "Revisión de lectores", "Acuerdo marco"),
        complaints=("Dos lectores no se conectan", "Importe equivocado en la factura", "El técnico llegó tarde"),
        returns=("Modelo equivocado, vuelven cinco unidades", "Embalaje dañado, devolución"),
        answers=("Cambiados por nuevos, llegan mañana.", "Factura corregida y enviada.", "Fuera de garantía, se ofrece reparación."),
    ),
    "ru": Words(
        contracts=("Сервисный договор", "Поставка запчастей", "Годовая лицензия", "Проверка сканеров", "Рамочный договор"),
        complaints=("Два сканера не видят сеть", "Ошибка в сумме счёта", "Мастер приехал с опозданием"),
        returns=("Не та модель, возвращают пять штук", "Повреждена упаковка, возврат"),
        answers=("Заменили на новые, доставка завтра.", "Исправленный счёт отправлен.", "Гарантия истекла, предложили ремонт."),
    ),
}  # fmt: skip


def tell(staff: dict[str, User], *, now: datetime) -> None:
    """Give every seller's old clients contracts and purchases, and the first of each team complaints, as they stand at `now`."""
    coordinator = next(user for user in staff.values() if user.role == Role.ADMIN)
    rng = Random(SEED)
    known = _clients()
    _buy([company for listed in known.values() for company in listed], coordinator, rng, now)
    vip, _made = Tag.objects.get_or_create(name="VIP")
    heard: set[str] = set()
    for person in PEOPLE:
        clients = known.get(staff[person.email].pk, [])
        if person.place is None or person.role != Role.MANAGER or len(clients) < CLIENTS:
            continue
        words = BY_LANGUAGE[person.place.language]
        _agree(staff[person.email], clients, words, rng, now)
        if person.place.name not in heard:  # the first seller of each team
            heard.add(person.place.name)
            _complain(staff[person.email], clients, words, vip, now)
    show(now)


def _clients() -> dict[int, list[Company]]:
    """The first clients of each seller, by seller."""
    found: dict[int, list[Company]] = {}
    for company in Company.objects.live().select_related("owner").order_by("pk"):
        listed = found.setdefault(company.owner_id, [])
        if len(listed) < CLIENTS:
            listed.append(company)
    return found


def _agree(seller: User, clients: Sequence[Company], words: Words, rng: Random, now: datetime) -> None:
    """Two contracts that end within a month, one that lapsed, one renewed, one ended, two in full force."""
    show(now)
    today = local_day(now, seller.zone)
    made = [
        contracts.add(
            by=seller, at=now, company=company, title=words.contracts[place % len(words.contracts)], number=f"{seller.pk}/{place + 1}",
            starts_on=ends_on - timedelta(days=364) if ends_on else today - timedelta(days=500), ends_on=ends_on,
            amount_minor=rng.randint(8, 90) * 60_000,
        )
        for place, (company, ends_on) in enumerate(zip(clients, _ends(today), strict=False))
    ]  # fmt: skip
    contracts.renew(contract=made[3], by=seller, at=now, amount_minor=(made[3].amount_minor or 0) * 21 // 20)
    contracts.end(contract=made[4], by=seller, at=now, reason=words.answers[-1])


def _ends(today: date) -> tuple[date | None, ...]:
    ahead = (18, 26, -9, 41, -30, 240)
    return (*(today + timedelta(days=days) for days in ahead), None)


def _complain(seller: User, clients: Sequence[Company], words: Words, vip: Tag, now: datetime) -> None:
    """A complaint of the VIP client that is open, one that waits since this morning, one settled, one return on its way."""
    before = now - ONE_DAY
    show(before)
    important = companies.edit(company=clients[0], by=seller, at=before, tags=[vip])
    late = now - timedelta(hours=2)
    complaints.add(by=seller, at=before, company=clients[1], subject=words.complaints[1], due_at=late)
    answered = complaints.add(by=seller, at=before, company=clients[2], subject=words.complaints[2])
    show(now)
    complaints.settle(complaint=answered, answer=words.answers[1], by=seller, at=now)
    complaints.add(by=seller, at=now, company=important, subject=words.complaints[0], amount_minor=258_000)
    complaints.add(
        by=seller, at=now, company=clients[5], subject=words.returns[0], kind=ComplaintKind.RETURN, amount_minor=240_000
    )
    refused = complaints.add(by=seller, at=now, company=clients[6], subject=words.returns[1], kind=ComplaintKind.RETURN)
    complaints.refuse(complaint=refused, answer=words.answers[2], by=seller, at=now)


def _buy(clients: Sequence[Company], coordinator: User, rng: Random, now: datetime) -> None:
    """Two years of shipments with their payments, as the accounts' program would send them."""
    show(now)
    products = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    today = local_day(now, coordinator.zone)
    entries = [entry for company in clients for entry in _history(company, products, rng, today)]
    for start in range(0, len(entries), BATCH):
        purchases.record_many(by=coordinator, at=now, entries=entries[start : start + BATCH], source=Source.API)


def _history(company: Company, products: Sequence[int], rng: Random, today: date) -> Iterator[Entry]:
    """What one client bought: some buy more each year, every third buys less by a third or more."""
    usual = rng.randint(6, 60) * 10_000
    trend = rng.choice((0.45, 1.0, 1.25)) if company.pk % 3 else 0.5
    day = today - timedelta(days=rng.randint(715, 729))
    number = 0
    while day < today:
        number += 1
        share = trend if (today - day).days <= 365 else 1.0
        amount = round(usual * share * rng.uniform(0.7, 1.3) / 500) * 500
        key = f"{company.pk}-{number}"
        facts: dict[str, Any] = {
            "company": company.pk,
            "product": rng.choice(products),
            "number": f"FV/{number:03}/{day:%y}",
        }
        yield Entry(key=f"ship-{key}", kind=PurchaseKind.SHIPMENT, day=day, amount_minor=amount, **facts)
        paid = day + timedelta(days=rng.randint(10, 35))
        if paid < today:
            yield Entry(key=f"paid-{key}", kind=PurchaseKind.PAYMENT, day=paid, amount_minor=amount, **facts)
        if rng.random() < 0.04:
            yield Entry(key=f"back-{key}", kind=PurchaseKind.SHIPMENT, day=day, amount_minor=-amount // 4, **facts)
        day += timedelta(days=rng.randint(26, 50))
