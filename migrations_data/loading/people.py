"""Rows of people who work here: they can be given deals and are scored, and sign in once the coordinator gave them an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify

from accounts.models import Role, Team, User
from accounts.refusals import Refused
from accounts.services import memberships, people, teams
from crm.folding import fold
from crm.when import local_day
from discipline.models import Assignment, Mode
from discipline.services import assignments, policies, schemes
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.references import People, of
from migrations_data.loading.rows import Row

NO_MAIL = "import.invalid"
"""The domain of addresses made up for people without one: no mail can ever go there, and it says where they come from."""


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
    return (row.values.get("email") or [f"person:{fold(row.values['name'])}"])[0][:120], True


def arrange(context: Context, rows: Iterable[Row]) -> list[list[int]]:
    """Heads first, so that they are there when their teams are made."""
    listed = list(rows)
    of(context, Teams).plan(listed)
    heads = of(context, Teams).all_heads()
    first = [row.pk for row in listed if fold(row.values.get("name", "")) in heads]
    return [first, [row.pk for row in listed if row.pk not in set(first)]]


def find(context: Context, rows: Sequence[Row]) -> Mapping[int, User]:
    found = {}
    for row in rows:
        known = of(context, People)
        mail = (row.values.get("email") or [""])[0]
        one = known.by_mail.get(mail) if mail else None
        found[row.pk] = one or (None if mail else known.find(row.values["name"]))
    return {pk: one for pk, one in found.items() if one is not None}


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
    added = []
    for row in drafts:
        role = Role.HEAD if fold(row.values["name"]) in of(context, Teams).all_heads() else Role.MANAGER
        mail = (row.values.get("email") or [""])[0]
        added.append(_add(context, row.values["name"], mail, role, of(context, Teams).of_row(row)).pk)
    return added


def _add(context: Context, name: str, mail: str, role: str, team: Team | None) -> User:
    known = of(context, People)
    if not mail:
        mail = _made_up(name, known)
        context.note("no_mail", "email", now=f"@{NO_MAIL}")
    person = people.add(
        by=context.by,
        at=context.at,
        email=mail,
        full_name=name[:150],
        role=role,
        language=context.by.language,
        zone=context.by.zone,
        team=team,
    )
    known.put(person)
    if team is not None and role == Role.MANAGER:
        _score(context, person, team)
    return person


def _made_up(name: str, known: People) -> str:
    """An address that nobody has: "Anna Kos" -> "anna.kos@import.invalid"."""
    words = slugify(fold(name)).replace("-", ".") or "person"
    numbered = (f"{words}.{number}@{NO_MAIL}" for number in range(2, 10_000))
    first = f"{words}@{NO_MAIL}"
    return first if first not in known.by_mail else next(each for each in numbered if each not in known.by_mail)


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
