"""The gate to LIVE: what should be so before a team's points count, as a checklist. Open points warn; a person may go on knowingly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team
from crm.when import local_day
from discipline.models import (
    Appeal,
    Assignment,
    CalendarDay,
    CardReview,
    ClosingAttempt,
    Mode,
    SchemeVersion,
    Scorecard,
    SignOff,
    TeamPolicy,
    Verification,
)
from discipline.services import dated

TRIAL_DAYS = 10
REVIEWED_DAYS = 10
REVIEWED_PERCENT = 80
NAMED = 3
CLOSED_WITHIN = timedelta(days=2)
"""A team's last closed day is never older than the day before yesterday, free days included."""


@dataclass(frozen=True)
class Check:
    """One point of the list: whether it is done, what is missing, and where to see to it."""

    key: str
    label: str
    done: bool
    detail: str
    url: str


def checklist(team: Team, at: datetime) -> list[Check]:
    """What holds of a team at a moment, in the order in which it is seen to."""
    policy = TeamPolicy.objects.filter(team=team).order_by("-starts_on").first()
    today = local_day(at, policy.zone if policy else "UTC")
    return [
        _signed(team, today),
        _tried(team),
        _closed(team, today),
        _verified(),
        _holidays(policy.calendar if policy else "", today),
        _reviewed(team),
        _appeals(team),
    ]


def unsigned(team: Team, today: date) -> QuerySet[Assignment]:
    """Who is scored in the team on a day without having signed the rules in force."""
    versions = SchemeVersion.objects.published().filter(scheme=OuterRef("scheme"), effective_from__lte=today)
    signed = SignOff.objects.filter(user=OuterRef("user"), version=OuterRef("newest"))
    scored = Assignment.objects.on(today).filter(team=team, user__is_active=True)
    return scored.annotate(newest=versions.values("pk")[:1]).filter(~Exists(signed)).select_related("user")


def _signed(team: Team, today: date) -> Check:
    names = [one.user.full_name for one in unsigned(team, today).order_by("user__full_name")]
    scored = Assignment.objects.on(today).filter(team=team, user__is_active=True).exists()
    if not scored:
        detail = _("Nobody is scored in this team yet.")
    elif names:
        detail = _("Still to sign: %(names)s.") % {"names": _listed(names)}
    else:
        detail = _("Unsigned rules post no points.")
    url = reverse("discipline:hours-team", args=[team.pk]) + "#people"
    return Check("signed", _("Everybody has signed the rules in force"), scored and not names, detail, url)


def _tried(team: Team) -> Check:
    tried = Scorecard.objects.filter(team=team, mode__in=(Mode.TRIAL, Mode.SOFT))
    days = tried.values("day").distinct().count()
    label = _("At least %(days)s trial days are closed") % {"days": TRIAL_DAYS}
    detail = ngettext("%(days)s day so far.", "%(days)s days so far.", days) % {"days": days}
    url = f"{reverse('discipline:team-day')}?team={team.pk}"
    return Check("tried", label, days >= TRIAL_DAYS, detail, url)


def _closed(team: Team, today: date) -> Check:
    open_days = list(ClosingAttempt.objects.filter(team=team).order_by("day"))
    dead = [one.day for one in open_days if one.dead_at is not None]
    last = dated.last_closed(team)
    late = last is not None and last < today - CLOSED_WITHIN
    if dead:
        detail = _("%(day)s could not be closed. Ask the coordinator to try it again.") % {
            "day": date_format(dead[0], "D j M")
        }
    elif open_days or late:
        detail = _("Days are waiting to be closed. They are tried every ten minutes.")
    else:
        detail = (
            _("The last closed day is %(day)s.") % {"day": date_format(last, "D j M")}
            if last
            else _("No day has been closed yet.")
        )
    done = last is not None and not open_days and not late
    return Check("closed", _("No day is waiting or given up"), done, detail, reverse("discipline:upkeep"))


def _verified() -> Check:
    last = Verification.objects.first()
    label, url = _("The last nightly verification was clean"), reverse("discipline:upkeep")
    if last is None:
        return Check("verified", label, False, _("None has run yet. It runs every night."), url)
    differing = last.findings.filter(settled_note="").count()
    if not last.chain_whole:
        return Check("verified", label, False, _("The ledger's chain is broken."), url)
    detail = ngettext("%(count)s card came out differently.", "%(count)s cards came out differently.", differing)
    shown = detail % {"count": differing} if differing else _("Computed again: %(cards)s.") % {"cards": last.cards}
    return Check("verified", label, not differing, shown, url)


def _holidays(calendar: str, today: date) -> Check:
    years = (today.year, today.year + 1)
    rows = list(CalendarDay.objects.standing().filter(calendar=calendar, day__year__in=years))
    waiting = sum(row.approved_by_id is None and row.day > today for row in rows)
    known = {row.day.year for row in rows if row.approved_by_id}
    empty = [year for year in years if year not in known]
    if waiting:
        text = ngettext("%(count)s day waits for approval.", "%(count)s days wait for approval.", waiting)
        detail = text % {"count": waiting}
    elif empty:
        detail = _("None for %(years)s. Bring them in and approve them.") % {"years": _listed([str(y) for y in empty])}
    else:
        detail = ngettext("%(count)s day approved.", "%(count)s days approved.", len(rows)) % {"count": len(rows)}
    url = f"{reverse('discipline:calendar')}?calendar={calendar}&year={empty[0] if empty else today.year}"
    return Check("holidays", _("Holidays of this and next year are approved"), not waiting and not empty, detail, url)


def _reviewed(team: Team) -> Check:
    days = Scorecard.objects.filter(team=team).order_by("-day").values_list("day", flat=True).distinct()
    cards = Scorecard.objects.filter(team=team, day__in=list(days[:REVIEWED_DAYS]))
    others = CardReview.objects.filter(card=OuterRef("pk")).exclude(reviewer=F("card__user"))
    seen = list(cards.annotate(seen=Exists(others)).values_list("seen", flat=True))
    percent = 100 * sum(seen) // len(seen) if seen else 0
    label = _("%(percent)s %% of the last %(days)s days' cards are reviewed") % {
        "percent": REVIEWED_PERCENT,
        "days": REVIEWED_DAYS,
    }
    detail = _("%(seen)s of %(cards)s, that is %(percent)s %%.") % {
        "seen": sum(seen), "cards": len(seen), "percent": percent,
    }  # fmt: skip
    return Check("reviewed", label, percent >= REVIEWED_PERCENT, detail, reverse("discipline:review"))


def _appeals(team: Team) -> Check:
    count = Appeal.objects.open().filter(line__card__team=team).count()
    open_text = ngettext("%(count)s appeal waits for an answer.", "%(count)s appeals wait for an answer.", count)
    detail = open_text % {"count": count} if count else _("Everybody who objected has an answer.")
    return Check("appeals", _("No appeal is open"), count == 0, detail, reverse("discipline:correction-list"))


def _listed(names: Sequence[Any]) -> str:
    """The first names, and how many more."""
    shown = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more) % {
        "names": shown, "n": more,
    }  # fmt: skip
