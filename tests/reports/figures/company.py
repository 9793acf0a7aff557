"""A small company with two months behind it in which everything happens that figures look at, by chance but the same each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from crm.history.clock import show
from crm.models import (
    Activity,
    ActivityKind,
    ActivityResult,
    Company,
    Complaint,
    Deal,
    DealProduct,
    LossReason,
    Pipeline,
    Product,
    Purchase,
    Stage,
    Task,
)
from discipline.models import CardReview, Plan, SchemeVersion, Scorecard
from tests.factories.crm import (
    make_activity,
    make_company,
    make_complaint,
    make_deal,
    make_purchase,
    make_stage,
    make_task,
)
from tests.factories.people import Cast

CURRENCIES = ("EUR", "EUR", "EUR", "PLN", "JPY")
HOUR = timedelta(hours=1)


class Story:
    """What happens, step by step; each step is one change of one record at one moment."""

    def __init__(self, cast: Cast, seed: int, starts: datetime) -> None:
        self.chance, self.at = Random(seed), starts
        self.people = [cast.manager, cast.teammate, cast.stranger, cast.head]
        self.cast = cast
        show(starts)
        other = Pipeline.objects.create(name="Service")
        self.stages = [
            *(make_stage(f"Step {n}", position=n, probability=15 * n, cold_after_days=3 + n) for n in range(4)),
            make_stage("Elsewhere", other, probability=33, cold_after_days=9),
        ]
        self.reasons = [LossReason.objects.create(name=f"Reason {n}") for n in range(3)]
        self.products = [Product.objects.create(name=f"Product {n}") for n in range(3)]
        self.companies = [make_company(self.someone(), name=f"Client {n}", **self._card()) for n in range(14)]
        self._bought_before()

    def someone(self) -> User:
        return self.chance.choice(self.people)

    def until(self, ends: datetime, steps: int) -> None:
        """Let so many things happen up to a moment, the last one at it."""
        pause = (ends - self.at) / steps
        for _step in range(steps):
            self.at += pause
            show(self.at)
            self.chance.choice(self.deeds)()

    @property
    def deeds(self) -> list[Callable[[], Any]]:
        often = [self.open_deal, self.change_deal, self.change_deal, self.change_deal, self.plan_task, self.change_task]
        return [
            *often, *often, self.talk, self.talk, self.talk, self.drop_activity, self.new_company, self.change_company,
            self.complain, self.change_complaint, self.ship, self.change_purchase, self.put_product, self.bring,
            self.set_plan, self.change_stage, self.close_card, self.review_card,
        ]  # fmt: skip

    def _card(self) -> dict[str, Any]:
        key = self.chance.choice(["", "", "7781", "5252"])
        score = [self.chance.randint(0, 1000) / 1000 for _n in range(2)]
        return {"tax_key": key, "completeness": score[0], "validity": score[1]}

    def _bought_before(self) -> None:
        for company in self.companies:
            for _n in range(self.chance.randint(0, 6)):
                make_purchase(company, self._day(800), self._amount(), currency=self.chance.choice(CURRENCIES))

    def _day(self, back: int) -> date:
        return (self.at - timedelta(days=self.chance.randint(0, back))).date()

    def _amount(self) -> int:
        return self.chance.randint(-2_000, 90_000)

    def one(self, model: Any) -> Any:
        keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
        return model.objects.get(pk=self.chance.choice(keys)) if keys else None

    def put(self, record: Any, **facts: Any) -> None:
        """Change a record as anybody may, past all rules: figures look at what is there."""
        if record is not None:
            type(record).objects.filter(pk=record.pk).update(changed_by=self.someone(), **facts)

    def open_deal(self) -> Deal:
        return make_deal(
            self.someone(), stage=self.chance.choice(self.stages), company=self.one(Company),
            amount_minor=self.chance.choice([None, self.chance.randint(0, 500_000)]),
            currency=self.chance.choice(CURRENCIES), expected_close=self._day(20) + timedelta(days=20),
        )  # fmt: skip

    def change_deal(self) -> None:
        closing = {
            "status": "lost", "loss_reason": self.chance.choice([None, *self.reasons]),
            "competitor": self.chance.choice(["", " Acme ", "Bolt"]),
        }  # fmt: skip
        self.put(self.one(Deal), **self.chance.choice([
            {"stage": self.chance.choice(self.stages)}, {"stage": self.chance.choice(self.stages)}, {"owner": self.someone()},
            {"status": "won"}, {"status": "won"}, closing, closing, {"status": "open"},
            {"amount_minor": self.chance.randint(0, 500_000)}, {"deleted_at": self.at}, {"deleted_at": None},
        ]))  # fmt: skip

    def plan_task(self) -> Task:
        due = self.at + self.chance.randint(-30, 1_000) * HOUR
        return make_task(self.someone(), due, deal=self.one(Deal), company=self.one(Company))

    def change_task(self) -> None:
        self.put(self.one(Task), **self.chance.choice([
            {"status": "done"}, {"owner": self.someone()}, {"deleted_at": self.at}, {"deal": self.one(Deal)},
            {"due_at": self.at + self.chance.randint(-30, 1_000) * HOUR},
        ]))  # fmt: skip

    def talk(self) -> Activity:
        source = self.chance.choice(["manual", "manual", "telephony", "import"])
        back = self.chance.choice([0, 0, 1, 30, 9_000]) * HOUR
        return make_activity(
            self.someone(), self.at - back, self.chance.choice(ActivityKind.values), company=self.one(Company),
            source=source, result=self.chance.choice(["", *ActivityResult.values]),
        )  # fmt: skip

    def drop_activity(self) -> None:
        activity = self.one(Activity)
        self.put(activity, deleted_at=None if activity and activity.deleted_at else self.at)

    def new_company(self) -> None:
        self.companies.append(make_company(self.someone(), name=f"Client {len(self.companies)}", **self._card()))

    def change_company(self) -> None:
        facts: list[dict[str, Any]] = [self._card(), {"owner": self.someone()}, {"deleted_at": self.at}]
        self.put(self.one(Company), **self.chance.choice([*facts, {"deleted_at": None}]))

    def complain(self) -> Complaint:
        company = self.one(Company)
        return make_complaint(
            company, self.at + 24 * HOUR, owner=self.someone(), kind=self.chance.choice(["complaint", "return"]),
            amount_minor=self.chance.choice([None, 5_000]), source=self.chance.choice(["manual", "manual", "import"]),
        )  # fmt: skip

    def change_complaint(self) -> None:
        self.put(self.one(Complaint), **self.chance.choice([
            {"status": "settled", "closed_at": self.at}, {"status": "open", "closed_at": None}, {"owner": self.someone()},
            {"deleted_at": self.at}, {"kind": "return"},
        ]))  # fmt: skip

    def ship(self) -> None:
        kind = self.chance.choice(["shipment", "shipment", "payment"])
        make_purchase(
            self.one(Company), self._day(40), self._amount(), kind=kind, currency=self.chance.choice(CURRENCIES)
        )

    def change_purchase(self) -> None:
        self.put(self.one(Purchase), **self.chance.choice([
            {"amount_minor": self._amount()}, {"deleted_at": self.at}, {"company": self.one(Company)}, {"day": self._day(700)},
        ]))  # fmt: skip

    def put_product(self) -> None:
        deal, product = self.one(Deal), self.chance.choice(self.products)
        if deal is not None and not DealProduct.objects.filter(deal=deal, product=product).exists():
            DealProduct.objects.create(deal=deal, product=product)
        elif deal is not None:
            DealProduct.objects.filter(deal=deal, product=product).delete()

    def bring(self) -> None:
        """An import brings a deal, won or lost some days before, or on a day that nobody knows."""
        closed = self.chance.choice([None, self.at - self.chance.randint(1, 50) * 24 * HOUR])
        status = self.chance.choice(["won", "lost", "open"])
        make_deal(
            self.someone(), stage=self.chance.choice(self.stages), source="import", status=status, amount_minor=77_00,
            closed_at=None if status == "open" else closed or self.at, company=self.one(Company),
        )  # fmt: skip

    def set_plan(self) -> None:
        first = self.at.date().replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        Plan.objects.create(
            user=self.someone(), metric=self.chance.choice(["sum_won", "sum_won", "deals_won"]), first=first, last=last,
            target=self.chance.randint(1, 90_000), set_by=self.cast.owner,
        )  # fmt: skip

    def change_stage(self) -> None:
        stage = self.chance.choice(self.stages)
        Stage.objects.filter(pk=stage.pk).update(
            probability=self.chance.randint(0, 100), cold_after_days=self.chance.randint(1, 20)
        )

    def close_card(self) -> None:
        """A card of today for whoever has none."""
        person, day = self.someone(), self.at.date()
        if not Scorecard.objects.filter(user=person, day=day).exists():
            Scorecard.objects.create(
                user=person, team=self.cast.team, day=day, version=SchemeVersion.objects.get(), mode="live", zone="UTC", points=1, posted=1,
                window_from=self.at - 9 * HOUR, cut_off=self.at, horizon=self.at, inputs_hash="x",
            )  # fmt: skip

    def review_card(self) -> None:
        card = self.one(Scorecard)
        if card is not None:
            CardReview.objects.get_or_create(card=card, reviewer=self.cast.head, defaults={"opened_at": self.at})
