"""People for tests: the cast that every rule about who sees what is tried on."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from accounts.models import Membership, Role, Team, User

_numbers = count(1)
LONG_AGO = date(2026, 1, 5)


@dataclass(frozen=True)
class Cast:
    """`manager` is the person most tests are about; `teammate` shares his team; `stranger` has another head."""

    manager: User
    teammate: User
    head: User
    stranger: User
    other_head: User
    owner: User
    admin: User
    team: Team
    other_team: Team


def make_user(name: str = "", role: Role = Role.MANAGER, team: Team | None = None, **fields: object) -> User:
    """A person who may sign in, in a team since long ago when one is given."""
    number = next(_numbers)
    user = User.objects.create_user(
        email=f"person{number}@example.com",
        password="right-horse-7",
        full_name=name or f"Person {number}",
        role=role,
        **fields,
    )
    if team is not None:
        Membership.objects.create(user=user, team=team, starts_on=LONG_AGO)
    return user


def make_team(name: str = "", head: User | None = None, parent: Team | None = None) -> Team:
    """A team at the right place of the tree."""
    number = next(_numbers)
    team = Team.objects.create(name=name or f"Team {number}", head=head, parent=parent, path=f"new{number}")
    team.path = f"{parent.path if parent else ''}{team.pk:06}."
    team.save(update_fields=["path"])
    return team


def make_cast() -> Cast:
    head, other_head = make_user("Hanna Head", Role.HEAD), make_user("Otto Otherhead", Role.HEAD)
    team, other_team = make_team("Sales", head), make_team("Service", other_head)
    return Cast(
        manager=make_user("Anna Manager", team=team),
        teammate=make_user("Tomasz Teammate", team=team),
        head=head,
        stranger=make_user("Stefan Stranger", team=other_team),
        other_head=other_head,
        owner=make_user("Olga Owner", Role.OWNER),
        admin=make_user("Adam Admin", Role.ADMIN),
        team=team,
        other_team=other_team,
    )
