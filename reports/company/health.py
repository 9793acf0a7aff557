"""The health of the control itself: days not scored, rules not signed, cards that no head looks at, jobs that are silent."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from reports.company.blocks import BAD, GOOD, WATCH, Block, Cell, Grid, Row
from reports.company.board import Board

KEY = "health"
COUNTED = {
    "waiting": gettext_lazy("Days not scored yet"),
    "dead": gettext_lazy("Days that could not be scored"),
    "findings": gettext_lazy("Cards that came out differently"),
    "silent": gettext_lazy("Jobs that are silent"),
    "broken": gettext_lazy("Breaks in the ledger"),
}
"""What belongs to nobody alone; the page of the control system shows each. Of a morning that was made up for it is not known."""
LISTED = ("unsigned", "unreviewed")


def block(board: Board) -> Block:
    board = board.under(KEY)
    health = board.shown.about.get("health")
    faults = [(key, count) for key in COUNTED if (count := int((health or {}).get(key, 0)))]
    waiting = sum(board.sum(key).count for key in LISTED)
    return Block(
        key=KEY,
        width="whole",
        title=_("Health of the control"),
        icon="heart-rate-monitor",
        changed=_changed(board),
        why=_("shown because a control that nobody checks stops controlling"),
        facts=[*([] if health is None else [_machine(faults)]), *_listed(board)],
        grids=[_by_team(board)] if any(board.team_rows(key) for key in LISTED) else [],
        alarm=_alarm(faults),
        tone=BAD if faults else WATCH if waiting else GOOD,
        more=_("The control system"),
        more_href="discipline:upkeep",
    )


def _machine(faults: list[tuple[str, int]]) -> Cell:
    page = reverse("discipline:upkeep")
    if not faults:
        return Cell(
            label=_("The machine"),
            shown=_("Well"),
            plain=_("Well"),
            note=_("every day is scored, nothing came out differently"),
            tone=GOOD,
            href=page,
        )
    key, count = faults[0]
    more = _("and more on the page of the control system") if len(faults) > 1 else ""
    return Cell(label=str(COUNTED[key]), shown=formats.number(count), plain=count, note=more, tone=BAD, href=page)


def _listed(board: Board) -> list[Cell]:
    unsigned, unreviewed = (board.sum(key).count for key in LISTED)
    return [
        board.count(
            "unsigned", label=_("Rules not signed"), note=_("their days post nothing"), tone=WATCH if unsigned else ""
        ),
        board.count(
            "unreviewed", label=_("Cards not reviewed"), note=_("in the last 14 days"), tone=WATCH if unreviewed else ""
        ),
    ]


def _by_team(board: Board) -> Grid:
    """The teams whose heads look at cards the least."""
    teams = sorted(
        {team for key in LISTED for team, _sum in board.team_rows(key)},
        key=lambda team: (-board.sum("unreviewed", team=team).count, board.teams.get(team, "")),
    )
    shown, more = board.top(teams)
    rows = [
        Row(name=board.teams.get(team, ""), cells=[board.count(key, team=team) for key in LISTED]) for team in shown
    ]
    return Grid(title=_("By team"), headings=[_("Team"), _("Not signed"), _("Not reviewed")], rows=rows, more=more)


def _changed(board: Board) -> str:
    now, was = board.sum("unreviewed").count, board.was("unreviewed")
    return _("cards not reviewed: %(change)s") % {
        "change": board.change(now, was.count if was else None, formats.number)
    }


def _alarm(faults: list[tuple[str, int]]) -> str:
    if not faults:
        return ""
    count = sum(count for _key, count in faults)
    said = ngettext(
        "%(n)s thing in the control itself needs somebody.", "%(n)s things in the control itself need somebody.", count
    )
    return said % {"n": formats.number(count)}
