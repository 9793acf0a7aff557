"""One salesperson of the demo company at work: a day becomes calls, meetings, companies, deals and tasks, through the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from accounts.models import User
from crm.history.clock import show
from crm.models import ActivityKind, ActivityResult, Company, Contact, Deal, DealStatus, Stage, Task, TaskKind
from crm.services import activities, companies, contacts, deals, tasks
from crm.services.lines import LineSpec
from crm.when import next_workday, wall
from reports.demo.numbers import phone, tax_number
from reports.demo.people import Habits, Place
from reports.demo.reference import Reference
from reports.demo.words import BY_LANGUAGE, COMPETITORS, ENGLISH, INDUSTRIES, Words

SITTINGS = (
    (time(9, 0), time(10, 40), time(10, 45)),
    (time(10, 50), time(13, 0), time(13, 5)),
    (time(14, 0), time(15, 55), time(16, 0)),
    (time(16, 5), time(17, 35), time(17, 40)),
)
"""From, until, and the moment at which the sitting is over."""
TYPED_IN_LATE = time(20, 30)
LANGUAGE_FOLDS = str.maketrans("ąćęłńóśźżáéíúñüÁÉÍÓÚÑŁŚŻ&", "acelnoszzaeiunuAEIOUNLSZn")


@dataclass
class Client:
    company: Company
    contact: Contact | None


@dataclass
class Desk:
    """A person, his habits, and what is on his desk as the story goes on."""

    user: User
    place: Place
    habits: Habits
    reference: Reference
    rng: Random
    now: datetime
    clients: list[Client] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    open_deals: list[Deal] = field(default_factory=list)
    bare: list[Deal] = field(default_factory=list)

    def begin(self, day: date) -> None:
        """What was there before the story starts: a few clients and deals."""
        moment = self._at(day, time(9, 0))
        for _ in range(12):
            self._add_client(moment)
        for _ in range(4):
            self._add_deal(moment, day)

    def live(self, day: date) -> None:
        """One working day up to now: done sitting by sitting, typed in before lunch and at the end, or late in the evening."""
        companies_left = self._count(self.habits.companies)
        meetings_left = self._count(self.habits.meetings)
        calls = self._count(self.habits.calls)
        entries: list[dict[str, Any]] = []
        for number, (starts, ends, typed) in enumerate(SITTINGS):
            moment = self._at(day, typed)
            if moment > self.now:
                show(self.now)
                self._type_in(entries, self.now)
                return
            show(moment)
            entries += self._calls(day, starts, ends, calls // 4 + (number < calls % 4))
            if number in (1, 2) and meetings_left:
                entries.append(self._meeting(day, ends))
                meetings_left -= 1
            if number % 2 == 0:
                share = companies_left if number else companies_left // 2
                for _ in range(share):
                    self._add_client(moment)
                companies_left -= share
            if number == 1:
                self._type_in(entries, moment)
                entries = []
            if number == 3:
                self._close_the_day(day, moment, entries)

    def _type_in(self, entries: list[dict[str, Any]], moment: datetime) -> None:
        if entries:
            activities.log_many(by=self.user, at=moment, entries=entries)

    # --- parts of a day ---------------------------------------------------------------------------------------------

    def _calls(self, day: date, starts: time, ends: time, count: int) -> list[dict[str, Any]]:
        """`count` calls with different clients, spread over the sitting."""
        chosen = self.rng.sample(self.clients[-60:], min(count, len(self.clients), 60))
        first, last = self._at(day, starts), self._at(day, ends)
        gap = (last - first) / (len(chosen) + 1)
        return [self._call(client, first + gap * (index + 1)) for index, client in enumerate(chosen)]

    def _call(self, client: Client, ended: datetime) -> dict[str, Any]:
        answered = self._happens(0.88)
        noted = answered and self._happens(self.habits.notes)
        return {
            "kind": ActivityKind.CALL,
            "occurred_at": ended,
            "contact": client.contact,
            "company": client.company,
            "seconds": self.rng.randint(60, 900) if answered else None,
            "result": ActivityResult.REACHED if answered else ActivityResult.NO_ANSWER,
            "note": self.rng.choice(self._words(client).notes) if noted else "",
        }

    def _meeting(self, day: date, ended: time) -> dict[str, Any]:
        client = self.rng.choice(self.clients)
        results = (ActivityResult.AGREED, ActivityResult.FOLLOW_UP, ActivityResult.FOLLOW_UP, ActivityResult.REFUSED)
        return {
            "kind": ActivityKind.MEETING,
            "occurred_at": self._at(day, ended),
            "contact": client.contact,
            "company": client.company,
            "seconds": self.rng.choice((1800, 2700, 3600)),
            "result": self.rng.choice(results),
            "note": self.rng.choice(self._words(client).notes),
        }

    def _close_the_day(self, day: date, moment: datetime, entries: list[dict[str, Any]]) -> None:
        """The last half hour: new deals, the tasks that are due, what was forgotten, and the afternoon typed in."""
        if self._happens(self.habits.deals_a_week / 5):
            self._add_deal(moment, day)
        for deal in list(self.bare):
            if self._happens(0.5):
                self._plan(deal, moment, day)
                self.bare.remove(deal)
        due = Task.objects.open().filter(owner=self.user, due_at__lte=moment).select_related("deal__stage", "contact")
        doing = [task for task in due if not self._happens(self.habits.lets_tasks_lapse)]
        steps = [self._step_taken(task, moment) for task in doing]
        late = self._at(day, TYPED_IN_LATE)
        held_back = self._happens(self.habits.enters_late)
        self._type_in(steps if held_back else entries + steps, moment)
        for task in doing:
            self._do(task, moment, day)
        if held_back and late <= self.now:
            show(late)
            self._type_in(entries, late)

    def _step_taken(self, task: Task, moment: datetime) -> dict[str, Any]:
        """The call or mail by which a task was done."""
        kind, minutes = self.rng.choice(((ActivityKind.CALL, 6), (ActivityKind.CALL, 12), (ActivityKind.EMAIL, 0)))
        return {
            "kind": kind,
            "occurred_at": moment - timedelta(minutes=self.rng.randint(3, 25)),
            "seconds": minutes * 60 or None,
            "result": ActivityResult.REACHED if kind == ActivityKind.CALL else "",
            "note": self.rng.choice(self._words_here().notes),
            "contact": task.contact,
            "deal": task.deal,
            "task": task,
        }

    def _do(self, task: Task, moment: datetime, day: date) -> None:
        """Finish a task, and let its deal go on: a stage further, to its end, or on to the next step."""
        deal = task.deal
        if deal is None:
            tasks.done(task=task, by=self.user, at=moment)
            return
        last = deal.stage_id == self.reference.stages[-1].pk
        ends = last and self._happens(0.5)
        forgets = self._happens(self.habits.forgets_next_step)
        step = None if ends or forgets else self._step(day)
        tasks.done(task=task, by=self.user, at=moment, next_step=step, overridden=True)
        deal = Deal.objects.get(pk=deal.pk)
        if ends:
            self._end(deal, moment)
        elif not last and self._happens(0.55):
            deals.move(deal=deal, to=self._stage_after(deal.stage), by=self.user, at=moment)
        if forgets and not ends:
            self.bare.append(deal)

    def _end(self, deal: Deal, moment: datetime) -> None:
        if self._happens(self.habits.wins):
            deals.win(deal=deal, by=self.user, at=moment)
            return
        reason = self.rng.choice(self.reference.reasons)
        competitor = self.rng.choice(COMPETITORS) if reason.asks_competitor else ""
        deals.lose(deal=deal, reason=reason, competitor=competitor, by=self.user, at=moment)

    # --- things -----------------------------------------------------------------------------------------------------

    def _add_client(self, moment: datetime) -> None:
        show(moment)
        words = self._words_here()
        number = len(self.clients) + 1
        stem, city, name = self._new_name(words)
        domain = f"{_latin(stem)}{self.user.pk}{number}.example"
        facts: dict[str, Any] = {
            "tax_number": tax_number(self.rng, self.place.country),
            "domain": domain,
            "phone": phone(self.rng, self.place.country),
            "email": f"office@{domain}",
            "address": f"{self.rng.choice(words.streets)} {self.rng.randint(1, 90)}",
            "city": city,
            "country": words.country,
            "industry": self.rng.choice(INDUSTRIES),
        }
        if self._happens(0.12):
            facts = {"phone": facts["phone"], "city": facts["city"]}
        company = companies.add(by=self.user, at=moment, name=name, overridden=True, **facts)
        contact = self._add_contact(company, words, number, domain, moment) if self._happens(0.6) else None
        self.clients.append(Client(company, contact))

    def _add_contact(self, company: Company, words: Words, number: int, domain: str, moment: datetime) -> Contact:
        """Somebody to talk to at a new client; the others are met later."""
        person = f"{self.rng.choice(words.given)} {self.rng.choice(words.family)}"
        return contacts.add(
            by=self.user, at=moment, name=person, company=company, title=self.rng.choice(words.titles),
            phones=[phone(self.rng, self.place.country)], emails=[f"person{number}@{domain}"], overridden=True,
        )  # fmt: skip

    def _new_name(self, words: Words) -> tuple[str, str, str]:
        """A company's stem, city and whole name, another one each time as long as there are any."""
        for _ in range(20):
            stem, city, form = self.rng.choice(words.stems), self.rng.choice(words.cities), self.rng.choice(words.forms)
            name = f"{stem} {city} {form}"
            if name not in self.names:
                break
        self.names.add(name)
        return stem, city, name

    def _add_deal(self, moment: datetime, day: date) -> None:
        show(moment)
        client = self.rng.choice(self.clients[-25:])
        product = self.reference.products[len(self.open_deals) % len(self.reference.products)]
        deal = deals.add(
            by=self.user, at=moment, title=self.rng.choice(self._words(client).deals), stage=self.reference.stages[0],
            company=client.company, contacts=[client.contact] if client.contact else [], amount_minor=self.rng.randint(8, 950) * 10_000,
            expected_close=day + timedelta(days=self.rng.randint(20, 70)), first_task=self._step(day),
            lines=[LineSpec(product)],
        )  # fmt: skip
        self.open_deals.append(deal)

    def _plan(self, deal: Deal, moment: datetime, day: date) -> None:
        if Deal.objects.filter(pk=deal.pk, status=DealStatus.OPEN).exists():
            step = self._step(day)
            tasks.add(by=self.user, at=moment, title=step.title, due=step.due, kind=step.kind, deal=deal)

    def _step(self, day: date) -> tasks.NextStepSpec:
        following = day
        for _ in range(self.rng.randint(2, 8)):
            following = next_workday(following)
        kind = self.rng.choice((TaskKind.CALL, TaskKind.CALL, TaskKind.EMAIL, TaskKind.TODO))
        return tasks.NextStepSpec(
            title=self.rng.choice(self._words_here().steps),
            due=self._at(following, self.rng.choice((time(10), time(15)))),
            kind=kind,
        )

    def _stage_after(self, stage: Stage) -> Stage:
        return self.reference.stages[[s.pk for s in self.reference.stages].index(stage.pk) + 1]

    # --- chance -----------------------------------------------------------------------------------------------------

    def _at(self, day: date, at: time) -> datetime:
        return wall(day, at, self.place.zone)

    def _happens(self, chance: float) -> bool:
        return self.rng.random() < chance

    def _count(self, mean: float) -> int:
        """A whole number around `mean`: never less than nothing, rarely more than a third off."""
        return max(0, round(self.rng.gauss(mean, mean / 4)))

    def _words_here(self) -> Words:
        return ENGLISH if self.place.language == "pl" and self._happens(0.3) else BY_LANGUAGE[self.place.language]

    def _words(self, client: Client) -> Words:
        spoken = {words.country: words for words in BY_LANGUAGE.values()}
        return spoken.get(client.company.country, BY_LANGUAGE[self.place.language])


def _latin(stem: str) -> str:
    """The letters of a name that may stand in a domain; other alphabets give "client"."""
    return (
        "".join(char for char in stem.translate(LANGUAGE_FOLDS).lower() if char.isascii() and char.isalnum())
        or "client"
    )
