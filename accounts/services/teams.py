"""The tree of teams: names, heads, and who stands under whom."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import EventKind, Role, Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from accounts.services import events

STEP = 7  # characters that one level adds to a path: six digits and a point
DEEPEST = 20


class NameTaken(Refused):
    message = gettext_lazy("There is a team of that name already. Choose a name that tells them apart.")
    field = "name"
    code = "name_taken"


class UnknownTeam(Refused):
    """Named in a file, and not here."""

    field = "team"
    code = "unknown_team"


class NoHead(Refused):
    """Only a head of sales who may sign in can lead a team."""

    field = "head"
    code = "no_head"


class UnderItself(Refused):
    message = gettext_lazy("A team cannot be part of itself or of a team below it. Choose a team beside or above it.")
    field = "parent"
    code = "under_itself"


class TooDeep(Refused):
    message = gettext_lazy("Teams can be at most 20 levels deep. Choose a team higher up.")
    field = "parent"
    code = "too_deep"


@transaction.atomic
def add(*, by: User, name: str, parent: Team | None = None, head: User | None = None) -> Team:
    """Make a team, below `parent` or at the top. Raises NameTaken, NoHead, TooDeep."""
    ensure(by, Permission.TEAM_EDIT)
    above = _lock_tree()[parent.pk].path if parent else ""
    _check_name(name)
    _check_head(head)
    _check_depth(above, "")
    team = Team.objects.create(name=name, parent=parent, head=head, path=f"new {by.pk}")
    team.path = f"{above}{team.pk:06}."
    team.save(update_fields=["path"])
    events.leave(kind=EventKind.TEAM_ADDED, by=by, team=team, detail={"name": name, "head": str(head or "")})
    return team


@transaction.atomic
def rename(*, team: Team, name: str, by: User) -> Team:
    """Give a team another name. Raises NameTaken."""
    ensure(by, Permission.TEAM_EDIT, team)
    team = Team.objects.select_for_update().get(pk=team.pk)
    if team.name == name:
        return team
    _check_name(name, leave_out=team)
    events.leave(kind=EventKind.TEAM_RENAMED, by=by, team=team, detail={"name": [team.name, name]})
    team.name = name
    team.save(update_fields=["name"])
    return team


@transaction.atomic
def set_head(*, team: Team, head: User | None, by: User) -> Team:
    """Put a head of sales at the top of a team, or nobody. Raises NoHead."""
    ensure(by, Permission.TEAM_EDIT, team)
    team = Team.objects.select_for_update(of=("self",)).select_related("head").get(pk=team.pk)
    if team.head_id == (head.pk if head else None):
        return team
    _check_head(head)
    events.leave(
        kind=EventKind.TEAM_HEADED,
        by=by,
        team=team,
        person=head,
        detail={"head": [str(team.head or ""), str(head or "")]},
    )
    team.head = head
    team.save(update_fields=["head"])
    return team


@transaction.atomic
def move_under(*, team: Team, parent: Team | None, by: User) -> Team:
    """Put a team, with everything below it, under another one or at the top. Raises UnderItself, TooDeep."""
    ensure(by, Permission.TEAM_EDIT, team)
    tree = _lock_tree()
    team, above = tree[team.pk], tree[parent.pk] if parent else None
    if team.parent_id == (above.pk if above else None):
        return team
    if above and above.path.startswith(team.path):
        raise UnderItself
    _check_depth(above.path if above else "", team.path)
    old, new = team.path, f"{above.path if above else ''}{team.pk:06}."
    Team.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    Team.objects.filter(pk=team.pk).update(parent=above)
    events.leave(kind=EventKind.TEAM_MOVED, by=by, team=team, detail={"path": [old, new]})
    return Team.objects.get(pk=team.pk)


@transaction.atomic
def edit(*, team: Team, name: str, parent: Team | None, head: User | None, by: User) -> Team:
    """The three of them at once, as the form gives them: all or nothing."""
    rename(team=team, name=name, by=by)
    set_head(team=team, head=head, by=by)
    return move_under(team=team, parent=parent, by=by)


def _lock_tree() -> dict[int, Team]:
    """Every team by key, locked: two moves at once could otherwise make a ring. There are at most some hundreds."""
    return {team.pk: team for team in Team.objects.select_for_update().order_by("pk")}


def _check_name(name: str, leave_out: Team | None = None) -> None:
    taken = Team.objects.filter(name__iexact=name)
    if (taken.exclude(pk=leave_out.pk) if leave_out else taken).exists():
        raise NameTaken


def _check_head(head: User | None) -> None:
    if head and not (head.is_active and head.role == Role.HEAD):
        raise NoHead(_("%(name)s is no head of sales. Change the role first, then the team.") % {"name": head})


def _check_depth(above: str, moved: str) -> None:
    """The levels above plus those of the moved branch, itself included, must fit."""
    below = 0
    if moved:
        longest = max(len(path) for path in Team.objects.filter(path__startswith=moved).values_list("path", flat=True))
        below = (longest - len(moved)) // STEP
    if len(above) // STEP + 1 + below > DEEPEST:
        raise TooDeep
