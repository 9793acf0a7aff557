"""How the alerts of the control system are called on the page where people choose their mails."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from notifications.kinds import Kind, register

KINDS = (
    Kind(
        key="day_missing",
        label=_("What is still missing today"),
        why=_(
            "60 and 15 minutes before your cut-off, with a link to each form. The second only if something is missing."
        ),
        permission=Permission.RULES_SIGN,
        order=10,
    ),
    Kind(
        key="card_closed",
        label=_("Your evening card"),
        why=_("Half an hour after your cut-off: the points of the day, rule by rule."),
        permission=Permission.RULES_SIGN,
        order=20,
    ),
    Kind(
        key="rules_unsigned",
        label=_("Rules to sign"),
        why=_("Every working morning until they are signed: unsigned days count for nothing."),
        permission=Permission.RULES_SIGN,
        order=30,
    ),
    Kind(
        key="team_morning",
        label=_("Your team in the morning"),
        why=_("At 8:00: how the last day went, and what waits for you."),
        permission=Permission.CARD_REVIEW,
        digest=True,
        order=36,
    ),
    Kind(
        key="cards_unreviewed",
        label=_("Cards not reviewed"),
        why=_("At 10:00, if cards of the days before still wait for your review."),
        permission=Permission.CARD_REVIEW,
        order=50,
    ),
    Kind(
        key="team_exceptions",
        label=_("Exceptions before the cut-off"),
        why=_("Half an hour before: who has entered nothing, what is overdue, which deals have no next step."),
        permission=Permission.CARD_REVIEW,
        order=60,
    ),
    Kind(
        key="owner_morning",
        label=_("The company in the morning"),
        why=_("At 8:00: seven figures, at most five exceptions, and the day's seal of the ledger."),
        permission=Permission.ADJUSTMENT_SIGN,
        digest=True,
        order=35,
    ),
    Kind(
        key="rules_published",
        label=_("New rules"),
        why=_("When rules that concern you are published."),
        permission=Permission.RULES_SIGN,
        order=31,
    ),
    Kind(
        key="appeal_decided",
        label=_("Answers to your appeals"),
        permission=Permission.APPEAL_ADD,
        order=32,
    ),
    Kind(
        key="adjustment_decided",
        label=_("Corrections of your points"),
        permission=Permission.APPEAL_ADD,
        order=33,
    ),
    Kind(
        key="leave_decided",
        label=_("Answers to your requests for leave"),
        permission=Permission.LEAVE_ADD,
        order=34,
    ),
    Kind(
        key="leave_asked",
        label=_("Requests for leave to decide"),
        permission=Permission.LEAVE_DECIDE,
        order=61,
    ),
    Kind(
        key="appeal_opened",
        label=_("Appeals to answer"),
        permission=Permission.APPEAL_DECIDE,
        order=62,
    ),
    Kind(
        key="adjustment_signing",
        label=_("Corrections to sign"),
        permission=Permission.ADJUSTMENT_SIGN,
        order=71,
    ),
    Kind(
        key="scheduler_silent",
        label=_("The timetable stands still"),
        permission=Permission.UPKEEP_VIEW,
        important=True,
        order=80,
    ),
    Kind(
        key="day_dead",
        label=_("A day could not be closed"),
        permission=Permission.UPKEEP_VIEW,
        important=True,
        order=81,
    ),
    Kind(
        key="verification_differs",
        label=_("A card or the ledger differs"),
        permission=Permission.UPKEEP_VIEW,
        important=True,
        order=82,
    ),
)


def register_all() -> None:
    """Called once the apps are ready."""
    register(*KINDS)
