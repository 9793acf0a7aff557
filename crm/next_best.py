"""What to do next: one list for one person out of everything that waits, the most pressing first, each with its reason.

The ranking is plain, so that anybody can foresee it. Work comes in the order of `Band`: what has its hour now, then whom we left
waiting (late answers, lapsed tasks, missed people), then what is due today, then what may be lost. Inside a band the earlier date
comes first, among deals the larger amount, then the smaller key. Work is listed once: a deal whose task or call is in the list
stands there with it; the task that a complaint or a contract made stands there as the complaint or the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm import due
from crm.agenda import ICONS
from crm.models import ActivityResult, TaskKind
from crm.work_left import WorkLeft

ITS_HOUR = timedelta(hours=1)
TASK, CONTACT, COMPANY, DEAL, COMPLAINT, CONTRACT = "task", "contact", "company", "deal", "complaint", "contract"

FINISHED = {TASK: "crm:task-done", COMPLAINT: "crm:complaint-answer", CONTRACT: "crm:contract-renew"}
"""The dialogs that finish work of a kind."""


class Band(IntEnum):
    """Where work of a kind stands; lower comes first."""

    NOW = 1
    """A task whose hour comes within the next one."""
    COMPLAINT_LATE = 2
    OVERDUE = 3
    CALL_BACK = 4
    COMPLAINT = 5
    TODAY = 6
    CONTRACT = 7
    NO_STEP = 8
    COLD = 9


@dataclass(frozen=True)
class Entry:
    """One thing to do. `noun` and `record` say what it is about and stay the same all day; `about` names the records around it by
    noun: (key, name)."""

    noun: str
    record: int
    band: Band
    order: tuple[float, ...]
    title: str
    reason: str
    icon: str
    tone: str = ""
    kind: str = ""
    amount: str = ""
    note: str = ""
    about: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int]:
        return self.noun, self.record

    @property
    def subject(self) -> str:
        """Whom or what it is about, in a line."""
        shown = [self.about[noun][1] for noun in (DEAL, CONTACT, COMPANY) if noun in self.about]
        return " · ".join(name for name in shown if name != self.title)

    @property
    def log_url(self) -> str:
        """The quick log, filled for this entry."""
        given = {TASK: self.record} if self.noun == TASK else {}
        for noun in (CONTACT, DEAL, COMPANY) if self.noun != DEAL else (DEAL,):
            if not given and noun in self.about:
                given = {noun: self.about[noun][0]}
        return f"{reverse('crm:quick-log')}?{urlencode(given)}"

    @property
    def step_url(self) -> str:
        """A new task about the same."""
        given = {noun: key for noun, (key, _name) in self.about.items()}
        return f"{reverse('crm:task-new')}?{urlencode(given)}"

    @property
    def act_url(self) -> str:
        """The one dialog that helps most: an answer or a renewal, the next step of a deal that has none, else the quick log."""
        if self.noun in (COMPLAINT, CONTRACT):
            return self.done_url
        return self.step_url if self.band == Band.NO_STEP else self.log_url

    @property
    def done_url(self) -> str:
        """The dialog that finishes it, where there is one."""
        return reverse(FINISHED[self.noun], args=[self.record]) if self.noun in FINISHED else ""

    @property
    def href(self) -> str:
        """The page of what it is about."""
        if self.noun in (COMPLAINT, CONTRACT):
            return reverse(f"crm:{self.noun}", args=[self.record])
        noun = next((noun for noun in (DEAL, CONTACT, COMPANY) if noun in self.about), "")
        return reverse(f"crm:{noun}", args=[self.about[noun][0]]) if noun else reverse("crm:task-list")


def ranked(work: WorkLeft, now: datetime) -> list[Entry]:
    """Everything that waits, in the order in which to do it."""
    rivals = {row["task_id"] for row in work.complaints} | {row["reminder_id"] for row in work.contracts}
    first = [
        *(_task(row, now) for row in work.tasks if row["pk"] not in rivals),
        *_once(_call(row, now) for row in work.calls),
        *(_complaint(row, now) for row in work.complaints),
        *(_contract(row, now) for row in work.contracts),
    ]
    told = {entry.about[DEAL][0] for entry in first if DEAL in entry.about}
    deals = [*(_bare(row, now) for row in work.bare), *(_cold(row, now) for row in work.cold)]
    entries = [*first, *(entry for entry in deals if entry.record not in told)]
    return sorted(entries, key=lambda entry: (entry.band, entry.order, entry.record, entry.noun))


def _once(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Each client once: two calls may have ended in the same second."""
    seen = set()
    for entry in entries:
        if entry.key not in seen:
            seen.add(entry.key)
            yield entry


# --- each kind of work ---


def _task(row: dict[str, Any], now: datetime) -> Entry:
    band, reason = _due_task(row, now)
    amount = formats.money(row["deal__amount_minor"], row["deal__currency"]) if row["deal__amount_minor"] else ""
    return Entry(
        noun=TASK, record=row["pk"], band=band, order=(row["due_at"].timestamp(),), title=row["title"], reason=reason,
        icon=ICONS[TaskKind(row["kind"])], tone="bad" if band == Band.OVERDUE else "", kind=str(TaskKind(row["kind"]).label),
        amount=amount, note=row["note"], about=_about(row),
    )  # fmt: skip


def _due_task(row: dict[str, Any], now: datetime) -> tuple[Band, str]:
    due_at, has_time = row["due_at"], row["due_has_time"]
    if due_at < now:
        return Band.OVERDUE, _overdue(due_at, has_time, now)
    if not has_time:
        return Band.TODAY, _("Due today")
    shown = f"{timezone.localtime(due_at):%H:%M}"
    if due_at - now <= ITS_HOUR:
        left = formats.duration(due_at - now)
        return Band.NOW, _("At %(time)s, in %(left)s") % {"time": shown, "left": left}
    return Band.TODAY, _("Due today at %(time)s") % {"time": shown}


def _overdue(due_at: datetime, has_time: bool, now: datetime) -> str:
    """ "Overdue since 09:00", "Overdue since Tuesday", "Overdue since 3 Nov": whole sentences, since weekdays are inflected."""
    day, today = due.day_of(due_at, has_time), timezone.localtime(now).date()
    weekdays = {
        1: _("Overdue since Monday"), 2: _("Overdue since Tuesday"), 3: _("Overdue since Wednesday"),
        4: _("Overdue since Thursday"), 5: _("Overdue since Friday"), 6: _("Overdue since Saturday"),
        7: _("Overdue since Sunday"),
    }  # fmt: skip
    ago = (today - day).days
    if ago <= 0:
        return _("Overdue since %(since)s") % {"since": f"{timezone.localtime(due_at):%H:%M}"}
    if ago == 1:
        return _("Overdue since yesterday")
    if ago < 7:
        return weekdays[day.isoweekday()]
    return _("Overdue since %(since)s") % {"since": formats.day(day, today)}


def _call(row: dict[str, Any], now: datetime) -> Entry:
    noun = CONTACT if row["contact_id"] else COMPANY
    told = {"when": formats.when(row["occurred_at"], now=now)}
    busy = row["result"] == ActivityResult.BUSY
    said = _("Busy: %(when)s. Nobody has talked since.") if busy else _("No answer: %(when)s. Nobody has talked since.")
    return Entry(
        noun=noun, record=row[f"{noun}_id"], band=Band.CALL_BACK, order=(row["occurred_at"].timestamp(),),
        title=row[f"{noun}__name"], reason=said % told, icon="phone-off", tone="watch", kind=_("Call back"), about=_about(row),
    )  # fmt: skip


def _complaint(row: dict[str, Any], now: datetime) -> Entry:
    late = row["due_at"] < now
    told = {"when": formats.when(row["due_at"], now=now)}
    said = _("The answer was due: %(when)s") if late else _("The answer is due: %(when)s")
    return Entry(
        noun=COMPLAINT, record=row["pk"], band=Band.COMPLAINT_LATE if late else Band.COMPLAINT,
        order=(row["due_at"].timestamp(),), title=row["subject"], reason=said % told, icon="message-report",
        tone="bad" if late else "watch", kind=_("Complaint to answer"), note=row["note"], about=_about(row),
    )  # fmt: skip


def _contract(row: dict[str, Any], now: datetime) -> Entry:
    left = (row["ends_on"] - timezone.localtime(now).date()).days
    if left < 0:
        reason = ngettext("Ended %(n)s day ago", "Ended %(n)s days ago", -left) % {"n": -left}
    elif left == 0:
        reason = _("Ends today")
    else:
        reason = ngettext("Ends in %(n)s day", "Ends in %(n)s days", left) % {"n": left}
    return Entry(
        noun=CONTRACT, record=row["pk"], band=Band.CONTRACT, order=(row["ends_on"].toordinal(),), title=row["title"],
        reason=reason, icon="file-text", tone="watch" if left >= 0 else "bad", kind=_("Contract to renew"),
        amount=_money(row), about=_about(row),
    )  # fmt: skip


def _bare(row: dict[str, Any], now: datetime) -> Entry:
    days = (now - row["since"]).days
    if row["next_task_due"]:
        far: date = timezone.localtime(row["next_task_due"]).date()
        said = _("the next step is as far as %(day)s") % {"day": formats.day(far, timezone.localtime(now).date())}
    elif days > 0:
        said = ngettext("no next step for %(n)s day", "no next step for %(n)s days", days) % {"n": days}
    else:
        said = _("no next step")
    return _deal(row, Band.NO_STEP, said, "alert-triangle", _("Deal without a next step"))


def _cold(row: dict[str, Any], now: datetime) -> Entry:
    days = (now - row["stage_since"]).days
    said = ngettext("%(n)s day in %(stage)s", "%(n)s days in %(stage)s", days) % {
        "n": days,
        "stage": row["stage__name"],
    }
    return _deal(row, Band.COLD, said, "snowflake", _("Cold deal"))


def _deal(row: dict[str, Any], band: Band, said: str, icon: str, kind: str) -> Entry:
    amount = _money(row)
    reason = f"{amount}, {said}" if amount else said[:1].upper() + said[1:]
    about = _about(row) | {DEAL: (row["pk"], row["title"])}
    order = (-(row["amount_minor"] or 0),)
    return Entry(DEAL, row["pk"], band, order, row["title"], reason, icon, "watch", kind, amount, about=about)


def _money(row: dict[str, Any]) -> str:
    return formats.money(row["amount_minor"], row["currency"]) if row["amount_minor"] else ""


def _about(row: dict[str, Any]) -> dict[str, tuple[int, str]]:
    named = {DEAL: "deal__title", CONTACT: "contact__name", COMPANY: "company__name"}
    return {noun: (row[f"{noun}_id"], row[name]) for noun, name in named.items() if row.get(f"{noun}_id")}
