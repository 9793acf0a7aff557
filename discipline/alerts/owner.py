"""To the owner in the morning: seven figures, at most five exceptions, and where the ledger stood when the day ended.

The ledger's head leaves the house with this letter: whoever keeps his mail can prove later that nothing before it was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role, User
from crm.when import end_of_day
from discipline.alerts import figures, morning, unsigned
from discipline.alerts.base import Alert
from discipline.alerts.scene import ONE_DAY, Scene
from discipline.models import (
    Adjustment,
    AdjustmentStatus,
    ClosingAttempt,
    LedgerHead,
    Scorecard,
    ScoreLine,
    Settlement,
    SettlementStatus,
    Verification,
)
from discipline.services import ledger
from notifications.services.many import Telling

KIND = "owner_morning"
FROM, UNTIL = time(8, 0), time(12, 0)
MOST_EXCEPTIONS = 5
RECENT = timedelta(days=2)
NOTHING_ENTERED = [["nothing_entered"]]

Said = tuple[Callable[[], str], str]
"""What is wrong, in the language in force once it is called, and the name of the page."""


def _due(scene: Scene) -> set[str]:
    return set(scene.mornings(FROM, UNTIL))


def _says(scene: Scene, periods: Collection[str]) -> Sequence[Telling]:
    zones = {zone for name, zone in scene.mornings(FROM, UNTIL).items() if name in periods}
    owners = User.objects.active().filter(role=Role.OWNER, zone__in=zones).order_by("pk")
    working = scene.working(owners)
    if not working:
        return []
    today = scene.today(working[0])
    days = figures.read(today)
    wrong = _exceptions(scene, today, days.last if days else None)
    head = _head(today - ONE_DAY, working[0].zone, scene.now)
    return [_telling(owner, days, wrong, head, scene) for owner in working]


def _head(day: date, zone: str, now: datetime) -> LedgerHead:
    """Where the ledger stood as the owner's yesterday ended."""
    return ledger.keep_head(day=day, at=min(end_of_day(day, zone), now))


def _telling(owner: User, days: figures.Days | None, wrong: Sequence[Said], head: LedgerHead, scene: Scene) -> Telling:
    with translation.override(owner.language):
        shown = figures.seven(days) if days else []
        listed = [{"text": say(), "url": reverse(page)} for say, page in wrong[:MOST_EXCEPTIONS]]
    return Telling(
        recipient_id=owner.pk,
        key=f"owner_morning:{scene.today(owner).isoformat()}",
        context={
            "day": days.last if days else None,
            "figures": shown,
            "exceptions": listed,
            "more": max(0, len(wrong) - MOST_EXCEPTIONS),
            "ledger": {"day": head.day, "entries": head.entries, "hash": head.hash},
        },
        url=reverse("discipline:team-day"),
    )


def _exceptions(scene: Scene, today: date, last: date | None) -> list[Said]:
    """What needs the owner, the gravest first: a fixed number of statements."""
    found = [
        *_control(scene),
        *_heads(scene, today),
        _counted(
            Adjustment.objects.filter(status=AdjustmentStatus.SIGNING).count(),
            lambda n: ngettext("%(n)s correction waits for your signature", "%(n)s corrections wait for your signature", n),
            "discipline:correction-list",
        ),
        _counted(
            Settlement.objects.filter(status=SettlementStatus.REVIEWED).count(),
            lambda n: ngettext("%(n)s settlement waits for your approval", "%(n)s settlements wait for your approval", n),
            "discipline:settlement-list",
        ),
        _counted(
            _idle(last) if last else 0,
            lambda n: ngettext("%(n)s person entered nothing", "%(n)s people entered nothing", n),
            "discipline:team-day",
        ),
        _counted(
            unsigned.count(today),
            lambda n: ngettext("%(n)s person has not signed the rules", "%(n)s people have not signed the rules", n),
            "discipline:upkeep",
        ),
    ]  # fmt: skip
    return [one for one in found if one is not None]


def _counted(number: int, say: Callable[[int], str], page: str) -> Said | None:
    """A count in words; nothing for none."""
    return (lambda: say(number) % {"n": number}, page) if number else None


def _control(scene: Scene) -> list[Said | None]:
    """Whether the control itself is well."""
    night = Verification.objects.filter(ran_at__gte=scene.now - RECENT).first()
    differing = night.findings.count() if night else 0
    chain: Said = (lambda: _("The chain of the ledger is broken"), "discipline:upkeep")
    return [
        chain if night and not night.chain_whole else None,
        _counted(
            differing,
            lambda n: ngettext("%(n)s card came out differently", "%(n)s cards came out differently", n),
            "discipline:upkeep",
        ),
        _counted(
            ClosingAttempt.objects.filter(dead_at__isnull=False).count(),
            lambda n: ngettext("%(n)s day could not be closed", "%(n)s days could not be closed", n),
            "discipline:upkeep",
        ),
    ]


def _heads(scene: Scene, today: date) -> list[Said]:
    """Heads with nobody above them who did not review though they were told."""
    late = morning.late_heads_without_one_above(scene, today)
    return [
        (lambda name=name, cards=cards: morning.unreviewed_words(name, cards), "discipline:upkeep")  # type: ignore[misc]
        for (_pk, name), cards in late.most_common()
    ]


def _idle(day: date) -> int:
    """How many people entered nothing on a day."""
    teams = Scorecard.objects.filter(day=day).values("pk")
    lines = ScoreLine.objects.filter(card__in=teams, metric="data_in_time", evidence__contains=NOTHING_ENTERED)
    return lines.count()


ALERTS = [Alert(kind=KIND, due=_due, says=_says)]
