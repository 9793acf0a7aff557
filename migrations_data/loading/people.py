"""Rows of people who work here: they can be given deals and are scored, and sign in once the coordinator gave them an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.models import Role, Team, User
from accounts.refusals import Refused
from accounts.services import memberships, teams
from crm.folding import fold
from crm.when import local_day
from discipline.models import Assignment, Mode
from discipline.services import assignments, policies, schemes
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.references import People, of
from migrations_data.loading.rows import Row
from migrations_data.loading.staff import NO_MAIL
from migrations_data.undoing import people as undone


@dataclass
class Teams:
    """The teams that the table names. An office with several heads becomes a team above one team for each of them."""

    context: Context
    by_name: dict[str, Team] = field(init=False)
    heads: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.by_name = {fold(team.name): team for team in Team.objects.all()}

    def plan(self, rows: Iterable[Row]) -> None:
        """Learn from all rows of the table which heads each office has."""
        for row in rows:
            if row.values.get("head"):
                self.heads[fold(row.values.get("team", ""))].add(row.values["head"])

    def all_heads(self) -> set[str]:
        return {fold(head) for heads in self.heads.values() for head in heads}

    def of_row(self, row: Row) -> Team | None:
        """The team of a row, made when it is not there."""
        office, head = row.values.get("team", ""), row.values.get("head", "")
        several = len(self.heads[fold(office)]) > 1
        if office and head and several:
            return self._get(f"{office}: {head}", head, self._get(office, "", None))
        if office:
            return self._get(office, head or next(iter(self.heads[fold(office)]), "") if not several else "", None)
        return self._get(head, head, None) if head else None

    def _get(self, name: str, head: str, parent: Team | None) -> Team:
        team = self.by_name.get(fold(name))
        if team is None:
            context = self.context
            team = teams.add(by=context.by, name=name[:100], parent=parent)
            policies.set_policy(
                team=team, on=_today(context), zone=context.by.zone, mode=Mode.TRIAL, by=context.by, at=context.at
            )
            self.by_name[fold(name)] = team
            context.made("team", team.pk)
            context.note("team_made", "team", was=name)
        if head and team.head_id is None:
            self._lead(team, head)
        return team

    def _lead(self, team: Team, name: str) -> None:
        """Put the head at the top; one who is on no list is added, one with another role is left to the coordinator."""
        context = self.context
        head = of(context, People).find(name)
        if head is None:
            head = _add(context, name, "", Role.HEAD, None)
            context.note("head_made", "head", was=name)
        try:
            self.by_name[fold(team.name)] = teams.set_head(team=team, head=head, by=context.by)
        except Refused:
            context.note("not_head", "head", was=name)


def _today(context: Context) -> date:
    return local_day(context.at, context.by.zone)


def identify(context: Context, row: Row) -> tuple[str, bool]:
    if not row.values.get("name"):
        raise Rejected("nameless", "name")
    if "key" in row.values:
        return context.key(f"user:{row.values['key']}"), True
    return (row.values.get("email") or [f"person:{fold(row.values['name'])}"])[0][:120], True


def arrange(context: Context, rows: Iterable[Row]) -> list[list[int]]:
    """Heads first, so that they are there when their teams are made."""
    listed = list(rows)
    of(context, Teams).plan(listed)
    heads = of(context, Teams).all_heads()
    first = [row.pk for row in listed if fold(row.values.get("name", "")) in heads]
    return [first, [row.pk for row in listed if row.pk not in set(first)]]


def find(context: Context, rows: Sequence[Row]) -> Mapping[int, User]:
    """By the key of the old system, else by address, else by name where it is not another one's."""
    known = of(context, People)
    found = {}
    for row in rows:
        mail = (row.values.get("email") or [""])[0]
        one = known.of_key(row.values.get("key", "")) or known.by_mail.get(mail)
        if one is None and not mail:
            named = known.find(row.values["name"])
            one = named if named and _may_be(context, named, row) else None
        if one is not None:
            found[row.pk] = known.of_row[row.pk] = one
    by_key = {row.key: found[row.pk] for row in rows if row.pk in found}
    for pk in undone.bring_back(by_key, by=context.by, at=context.at):
        context.made("user", pk)
    return found


def _may_be(context: Context, person: User, row: Row) -> bool:
    """Two of one name with different keys are two."""
    return "key" not in row.values or person.external_id in ("", context.key(row.values["key"]))


def draft(context: Context, row: Row) -> Row:
    mail = (row.values.get("email") or [""])[0]
    if mail:
        try:
            validate_email(mail)
        except ValidationError:
            raise Rejected("not_mail", "email", mail) from None
    return row


def add(context: Context, drafts: Sequence[Row]) -> list[int]:
    """Add people one by one: a company has tens of them, and each leaves a trace. Whoever is in a team is scored from today."""
    known, groups = of(context, People), of(context, Teams)
    heads, added = groups.all_heads(), []
    for row in drafts:
        said = row.values
        role = Role.HEAD if fold(said["name"]) in heads else Role.MANAGER
        key = context.key(said["key"]) if "key" in said else ""
        person = _add(context, said["name"], (said.get("email") or [""])[0], role, groups.of_row(row), key)
        known.of_row[row.pk] = person
        added.append(person.pk)
    return added


def _add(context: Context, name: str, mail: str, role: str, team: Team | None, key: str = "") -> User:
    if not mail:
        context.note("no_mail", "email", now=f"@{NO_MAIL}")
    person = of(context, People).add(name, mail, role, team, external_id=key)
    if team is not None and role == Role.MANAGER:
        _score(context, person, team)
    return person


def _score(context: Context, person: User, team: Team) -> None:
    scheme = schemes.factory(by=context.by, at=context.at, on=_today(context))
    assignments.assign(user=person, team=team, scheme=scheme, on=_today(context), by=context.by)


def is_blank(person: User, field: str) -> bool:
    """Somebody who is here already keeps his team until a newer table says another one."""
    return False


def amend(context: Context, person: User, row: Row, fields: set[str]) -> set[str]:
    """A newer table may place a person in another team from today; names, addresses and roles are kept by the coordinator."""
    if not fields & {"team", "head"}:
        return set()
    team = of(context, Teams).of_row(row)
    if team is None:
        return set()
    memberships.place(user=person, team=team, on=_today(context), by=context.by)
    scored = Assignment.objects.filter(user=person).order_by("-starts_on").first()
    if scored is not None and scored.team_id != team.pk:
        tomorrow = _today(context) + timedelta(days=1)
        assignments.assign(user=person, team=team, scheme=scored.scheme, on=tomorrow, by=context.by, at=context.at)
    return {"team"}


def save(context: Context, persons: Sequence[User], changed: set[str]) -> None:
    """Nothing is left to save: `amend` has placed them."""


LOADER = Loader(
    kind="people",
    record_type="user",
    model=User,
    identify=identify,
    find=find,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    arrange=arrange,
)
