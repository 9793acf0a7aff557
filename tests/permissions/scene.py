"""One small world: what the manager owns, with a canary in every text, and everybody who may come by.

A canary is a word that stands nowhere else. Names have two: the `handle`, by which one may search, and the `secret`, which must
never come back to somebody who is not let in.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Role, User
from accounts.services import tokens
from crm.models import Company, Download, DuplicatePair, LossReason, Noun, Pipeline, Product, SavedView, Tag
from crm.services import (
    activities,
    bulk_changes,
    companies,
    complaints,
    contacts,
    contracts,
    deals,
    duplicate_pairs,
    feeds,
    files,
    grants,
    mass_assignments,
    merges,
    purchases,
    segments,
    shares,
    tasks,
)
from crm.services.purchases import Entry
from crm.when import local_day
from discipline import regulation, review
from discipline.models import CalendarDay, ClosingAttempt, SchemeVersion, Scorecard
from discipline.services import adjustments, appeals, days, leaves, outages, priorities, schemes, sign_offs, simulations
from notifications.models import Message
from reports.services import live, pins, readings, report_mails, saved
from tests.factories.crm import make_field, make_stage
from tests.factories.discipline import make_scored
from tests.factories.money import give_points, make_claim, make_rate, make_reward, make_settlement
from tests.factories.people import Cast, make_cast, make_team, make_user
from tests.permissions.scene_imports import add_imports

FOREIGN = ("anonymous", "teammate", "stranger", "other_head", "admin", "token")
"""Who has no business with the manager's records: no canary may come back to them."""


@dataclass
class Scene:
    """The world by the names that permissions.yaml uses."""

    cast: Cast
    people: dict[str, User] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    handles: dict[str, str] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    bearer: str = ""

    def secret(self, where: str) -> str:
        """A canary to be put somewhere; watched for from now on."""
        word = f"Zq{where}{uuid.uuid4().hex[:10]}"
        self.secrets.add(word)
        return word

    def handle(self, where: str) -> str:
        """A word to search by, which a page may repeat."""
        word = f"Hq{where}{uuid.uuid4().hex[:10]}"
        self.handles[where] = word
        return word

    def name(self, where: str) -> str:
        return f"{self.handle(where)} {self.secret(where)}"

    def leaks(self, text: str) -> list[str]:
        """The canaries in an answer, whatever their case."""
        low = text.lower()
        return sorted(secret for secret in self.secrets if secret.lower() in low)


def build() -> Scene:
    """The world as the services make it, at this moment."""
    scene = Scene(cast=make_cast())
    now = timezone.now()
    _come_by(scene, now)
    _choices(scene)
    _clients(scene, now)
    _work(scene, now)
    _after(scene, now)
    _papers(scene, now)
    _scored(scene, now)
    _corrected(scene, now)
    _many(scene, now)
    _away(scene, now)
    _rules(scene, now)
    _money(scene, now)
    add_imports(scene, now)
    _twins(scene, now)
    readings.read(at=timezone.now())
    _reports(scene, now)
    return scene


def _come_by(scene: Scene, now: datetime) -> None:
    cast = scene.cast
    granted = make_user("Greta Granted", Role.ADMIN)
    shared = make_user("Sonia Shared", team=cast.other_team)
    scene.people = {
        "manager": cast.manager, "teammate": cast.teammate, "shared": shared, "head": cast.head, "stranger": cast.stranger,
        "other_head": cast.other_head, "owner": cast.owner, "admin": cast.admin, "granted": granted,
    }  # fmt: skip
    grant = grants.take(by=granted, at=now - timedelta(minutes=1), reason="Looking after the data", hours=1)
    over = grants.take(by=cast.admin, at=now - timedelta(days=1), reason=scene.handle("reason"), hours=1)
    _token, scene.bearer = tokens.make(by=cast.manager, at=now, name="Narrow", scopes=["message.view"])
    tokens.use(secret=scene.bearer, at=now)  # its first use would be noted in the middle of a test
    newcomer = make_user("Nora Newcomer")
    scene.things |= {**scene.people, "newcomer": newcomer, "team": cast.team, "other_team": cast.other_team}
    scene.things |= {"grant": grant, "over": over, "lonely_team": make_team("Lonely"), "password": "right-horse-7"}


def _choices(scene: Scene) -> None:
    stage, further = make_stage("New"), make_stage("Offer")
    scene.things |= {
        "stage": stage, "further": further, "elsewhere": make_stage("Repair", Pipeline.objects.create(name="Service", position=9)),
        "pipeline": stage.pipeline, "product": Product.objects.create(name="Cable"),
        "reason": LossReason.objects.create(name="Price"), "tag": Tag.objects.create(name="Key account"),
    }  # fmt: skip
    own = [make_field(noun=noun, key="own", label="Own words", in_list=True) for noun in Noun]
    old = make_field(key="old", label="Old words", is_active=False)
    scene.things |= {"own_field": own[0], "old_field": old, "other_field": make_field(key="other", label="Other words")}


def _clients(scene: Scene, now: datetime) -> None:
    by, secret = scene.cast.manager, scene.secret
    company = companies.add(
        by=by, at=now, name=scene.name("company"), tax_number="5260250274", domain=f"{secret('domain')}.example",
        phone="+48 22 555 01 97", email=f"{secret('email')}@example.com", address=secret("address"), city=secret("city"),
        industry=secret("industry"), note=secret("note"), external_id=secret("key"), custom={"own": secret("own")},
    )  # fmt: skip
    contact = contacts.add(
        by=by, at=now, name=scene.name("contact"), company=company, title=secret("title"), phones=[("+48 601 555 198", secret("label"))],
        emails=[f"{secret('mail')}@example.com"], city=secret("town"), note=secret("memo"), custom={"own": secret("owned")},
    )  # fmt: skip
    deal = deals.add(
        by=by, at=now, title=scene.name("deal"), company=company, contacts=[contact], amount_minor=12_345_00,
        note=secret("dealnote"), stage=scene.things["stage"], custom={"own": secret("ownside")},
    )  # fmt: skip
    won = deals.add(by=by, at=now, title=scene.name("won"), amount_minor=100, stage=scene.things["stage"])
    won = deals.win(deal=won, by=by, at=now)
    lonely = companies.add(by=by, at=now, name=scene.name("lonely"))
    scene.things |= {"company": company, "contact": contact, "deal": deal, "won": won, "lonely": lonely}
    for record in (company, contact, deal):
        share = shares.share(record=record, with_=scene.people["shared"], by=by, at=now)
    scene.things["share"] = share


def _work(scene: Scene, now: datetime) -> None:
    by, secret, deal = scene.cast.manager, scene.secret, scene.things["deal"]
    due = now + timedelta(days=2)
    task = tasks.add(by=by, at=now, title=scene.name("task"), due=due, deal=deal, note=secret("tasknote"))
    own = tasks.add(by=by, at=now, title=scene.name("own"), due=due)
    finished = tasks.add(by=by, at=now, title=scene.name("finished"), due=due)
    tasks.done(task=finished, by=by, at=now, result=secret("outcome"))
    activity = activities.log(
        by=by, at=now, kind="call", occurred_at=now - timedelta(minutes=5), contact=scene.things["contact"], deal=deal,
        result="reached", note=scene.name("call"),
    )  # fmt: skip
    alone = activities.log(
        by=by, at=now, kind="note", occurred_at=now, company=scene.things["lonely"], note=scene.name("alone")
    )
    upload = SimpleUploadedFile(f"{secret('file')}.txt", secret("content").encode())
    file = files.attach(by=by, at=now, upload=upload, deal=deal)
    day = timezone.localdate(now) + timedelta(days=1)
    priority = priorities.put(task=own, day=day, by=by, at=now)
    scene.things |= {"task": task, "own": own, "finished": finished, "activity": activity, "alone": alone, "file": file}
    scene.things["priority"] = priority
    scene.things["feed"] = feeds.renew(by=by, at=now)
    feeds.reader(secret=scene.things["feed"], at=now)  # its first reading would be noted in the middle of a test
    _taken_out(scene, now)
    scene.things["lapsed"] = tasks.add(by=by, at=now, title=scene.name("lapsed"), due=now - timedelta(hours=1))


def _taken_out(scene: Scene, now: datetime) -> None:
    """Files of the head: one that is ready, one that waits to be written."""
    asked = {"user": scene.cast.head, "key": "list", "asked_at": now, "expires_at": now + timedelta(days=7)}
    asked |= {"name": f"{scene.secret('taken')}.csv", "params": {"noun": "companies", "query": "", "kind": "csv"}}
    ready = Download.objects.create(**asked, status="done", file=ContentFile(b"Company", name="taken.csv"))
    wish = {"noun": "companies", "query": "city=nowhere"}
    made, secret = live.make(name=scene.secret("live"), source="list", asked=wish, by=scene.cast.head, at=now)
    live.use(secret=secret, at=now)  # its first use would be noted in the middle of a test
    scene.things |= {"live": made, "live_secret": secret}
    scene.things |= {"download": ready, "download_waiting": Download.objects.create(**asked)}


def _after(scene: Scene, now: datetime) -> None:
    """What comes after the sale: a contract, an open complaint, a settled one, a purchase."""
    by, company, secret = scene.cast.manager, scene.things["company"], scene.secret
    today = local_day(now, by.zone)
    contract = contracts.add(
        by=by, at=now, company=company, title=scene.name("contract"), starts_on=today, ends_on=today + timedelta(days=300),
        number=secret("number"), note=secret("terms"),
    )  # fmt: skip
    words = {"by": by, "at": now, "company": company, "note": secret("grief")}
    complaint = complaints.add(subject=scene.name("complaint"), **words)
    settled = complaints.add(subject=scene.name("settled"), **words)
    complaints.settle(complaint=settled, answer=secret("answer"), by=by, at=now)
    entry = Entry(
        key=secret("invoice"), kind="shipment", day=today, amount_minor=77_100, company=company.pk, number=secret("document"),
    )  # fmt: skip
    purchase = purchases.record(by=scene.cast.head, at=now, entry=entry)
    scene.things |= {"contract": contract, "complaint": complaint, "settled": settled, "purchase": purchase}


def _papers(scene: Scene, now: datetime) -> None:
    by = scene.cast.manager
    token, _secret = tokens.make(by=by, at=now, name=scene.secret("token"), scopes=["deal.view"])
    context = {"who": "Adam", "reason": scene.secret("message"), "until": now.isoformat()}
    scene.things |= {
        "token": token,
        "view": SavedView.objects.create(user=by, page="companies", name=scene.secret("view"), query="city=x"),
        "bulk": bulk_changes.apply(
            noun="company",
            verb="edit",
            facts={"field": "industry", "value": scene.secret("bulk")},
            rows=Company.objects.filter(pk=scene.things["company"].pk),
            key="scene",
            by=by,
            at=now,
        ),
        "message": Message.objects.create(
            recipient=by, kind="grant_taken", key="1", context=context, url="/profile/", created_at=now
        ),
        "just_now": (now - timedelta(minutes=5)).isoformat(),
        "this_moment": timezone.now().isoformat(),
        "behind": urlencode({"at": timezone.now().isoformat()}),
        "today": timezone.localdate().isoformat(),
        "week_later": (timezone.localdate() + timedelta(days=7)).isoformat(),
    }


def _scored(scene: Scene, now: datetime) -> None:
    """A day that is closed, three days ago or on the Friday before."""
    make_scored(scene.cast)
    day = timezone.localdate(now) - timedelta(days=3)
    while day.isoweekday() > 5:
        day -= timedelta(days=1)
    days.close(team=scene.cast.team, day=day, at=now)
    card = Scorecard.objects.get(user=scene.cast.manager)
    line = card.lines.order_by("position")[0]
    scene.things |= {"card": card, "code": line.code, "day": day.isoformat()}
    scene.things["that_day"] = f"team={card.team_id}&from={day}&until={day}"
    scene.things["opened"] = review.seal(card, scene.people["head"], now)
    scene.things["attempt"] = ClosingAttempt.objects.create(
        team=card.team, day=day - timedelta(days=1), attempts=3, last_at=timezone.now(), dead_at=timezone.now()
    )


def _corrected(scene: Scene, now: datetime) -> None:
    """An appeal that waits, a proposal that waits for the head, and a correction that waits for the owner."""
    card, head = _counted(scene.things["card"]), scene.cast.head
    lines = {line.code: line for line in card.lines.all()}
    appeal = appeals.open(line=lines["CV"], text=scene.secret("appeal"), by=scene.cast.manager, at=now)
    proposal = adjustments.propose(card=card, delta=2, kind="late_calls", text=scene.secret("late"), key="late", at=now)
    manual = {"kind": "manual", "text": scene.secret("manual"), "key": "manual", "by": head}
    scene.things |= {
        "counted": card, "appeal": appeal, "appealable": lines["CO"], "proposal": proposal,
        "signature": adjustments.propose(card=card, delta=1, at=now, **manual),
    }  # fmt: skip


def _counted(card: Scorecard) -> Scorecard:
    """The same two days earlier, as if the rules had been signed in time: stamps are real here, and the rules are new."""
    lines = list(card.lines.all())
    earlier = Scorecard.objects.get(pk=card.pk)
    earlier.pk, earlier.day, earlier.signed, earlier.posted = None, card.day - timedelta(days=2), True, card.points
    earlier.save(force_insert=True)
    for line in lines:
        line.pk, line.card = None, earlier
        line.save(force_insert=True)
    return earlier


def _many(scene: Scene, now: datetime) -> None:
    """A segment of one's own, one for everybody, and tasks that the head gave by it."""
    cast = scene.cast
    everyone = [{"key": "open_deal", "has": "with"}]
    own = segments.add(name=scene.secret("segment"), conditions=everyone, by=cast.manager, at=now)
    shared = segments.add(name="Not won", conditions=everyone, is_shared=True, by=cast.manager, at=now)
    due = local_day(now, cast.head.zone) + timedelta(days=7)
    mass = mass_assignments.give(segment=shared, title=scene.secret("mass"), due=due, by=cast.head, at=now)
    scene.things |= {"segment": own, "shared_segment": shared, "mass": mass, "in_a_week": due.isoformat()}


def _reports(scene: Scene, now: datetime) -> None:
    """A report of the manager's own on his board, and one of the head's that all managers may open."""
    asked = {"source": "deals", "figure": "amount_sum", "rows": ["owner"], "period": {"kind": "all"}}
    own = saved.add(name=scene.secret("report"), definition=asked, by=scene.cast.manager, at=now)
    shared = saved.add(name="Deals by owner", definition=asked, by=scene.cast.head, at=now)
    saved.share(report=shared, roles=[Role.MANAGER], people=[], by=scene.cast.head, at=now)
    weekly = {"rhythm": "weekly", "hour": time(8), "people": [scene.cast.manager], "by": scene.cast.head, "at": now}
    mail, paused = report_mails.put(report=shared, **weekly), report_mails.put(screen="control", **weekly)
    scene.things |= {"mail": mail, "paused_mail": report_mails.pause(mail=paused, by=scene.cast.head, at=now)}
    scene.things |= {"report": own, "shared_report": shared, "pin": pins.pin(report=own, by=scene.cast.manager, at=now)}


def _away(scene: Scene, now: datetime) -> None:
    """Leave of the manager that waits for his head, a day of a calendar that waits for approval, an outage of his team."""
    from_at, by = now + timedelta(days=30), scene.cast.manager
    scene.things["leave"] = leaves.ask(
        user=by,
        kind="vacation",
        from_at=from_at,
        until_at=from_at + timedelta(days=5),
        note=scene.secret("leave"),
        by=by,
        at=now,
    )
    ahead = timezone.localdate(now) + timedelta(days=40)
    CalendarDay.objects.create(calendar="Ours", day=ahead, name="Feast")
    hours = {"from_at": now - timedelta(hours=3), "until_at": now - timedelta(hours=2)}
    scene.things["outage"] = outages.declare(
        source="mail", team=scene.cast.team, reason="Cable", by=scene.cast.admin, at=now, **hours
    )
    scene.things |= {"ahead": ahead.isoformat(), "next_year": ahead.year + 1}
    scene.things |= {name: moment.strftime("%Y-%m-%dT%H:%M") for name, moment in hours.items()}


def _rules(scene: Scene, now: datetime) -> None:
    """The next version of the rules, drafted and waiting to be played over past days."""
    admin = scene.cast.admin
    version = SchemeVersion.objects.published().get()
    draft = schemes.draft(scheme=version.scheme, by=admin, at=now)
    simulation = simulations.ask(version=draft, days=10, by=admin, at=now)
    text_hash = sign_offs.hash_of(regulation.text(version, language="en"))
    scene.things |= {
        "scheme": version.scheme, "version": version, "draft": draft, "simulation": simulation, "text_hash": text_hash,
    }  # fmt: skip


def _money(scene: Scene, now: datetime) -> None:
    """Settled days of the weeks before, as far as their names say, one that is closed and not settled, and rewards."""
    cast, scored = scene.cast, date.fromisoformat(scene.things["day"])
    make_rate(cast.owner)
    for weeks, step in ((3, "exported"), (2, "reviewed"), (1, "draft")):
        day = scored - timedelta(weeks=weeks)
        days.close(team=cast.team, day=day, at=now)
        give_points(cast.manager, 5, day)
        made = make_settlement(cast, day, day, to=step)
        line = made.lines.get(user=cast.manager)
        scene.things |= {f"settlement_{step}": made, f"line_{step}": line}
    give_points(cast.manager, 5, scored)
    give_points(cast.manager, 100, timezone.localdate(now))
    reward = make_reward(cast.admin)
    scene.things |= {"reward": reward, "claim": make_claim(reward, cast.manager), "form": str(uuid.uuid4())}


def upload() -> SimpleUploadedFile:
    """A harmless file to be sent."""
    return SimpleUploadedFile("offer.txt", b"An offer.")


def _twins(scene: Scene, now: datetime) -> None:
    """Clients that are there twice: one pair that waits, one that is decided, one that was merged."""
    by = scene.cast.manager
    made = [companies.add(by=by, at=now, name=scene.name(f"twin{n}"), overridden=True) for n in range(6)]
    facts = {"noun": "company", "reasons": ["company.name"], "score": 60, "found_at": now}
    pairs = [DuplicatePair.objects.create(first=made[n].pk, second=made[n + 1].pk, **facts) for n in (0, 2)]
    scene.things |= {"twin": made[0], "other_twin": made[1], "pair": pairs[0]}
    scene.things["parted"] = duplicate_pairs.part(pair=pairs[1], by=by, at=now)
    scene.things["merge"] = merges.merge(
        noun="company", survivor=made[4].pk, merged=made[5].pk, choices={}, by=by, at=now
    )
