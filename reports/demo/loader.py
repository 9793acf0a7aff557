"""Tells the story of the demo company, team by team at the same time, and closes its days."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db import connection, connections, transaction

from accounts.models import Role, Team, User
from accounts.services import memberships, people, teams
from crm.history.clock import movable, show
from crm.when import local_day, wall
from discipline.models import Mode, Scheme
from discipline.services import assignments, calendars, planner, policies, schemes, sign_offs
from discipline.services.days import close
from discipline.timetable import Timetable
from reports.demo import business, control, workplace
from reports.demo.desk import Desk
from reports.demo.people import PASSWORD, PEOPLE, PLACES, Person, Place
from reports.demo.reference import Reference, make_reference
from reports.services import readings

SEED = 20_261
MORNINGS = timedelta(days=45)
"""So many days back the screens can be opened as they were in the morning."""
Staff = dict[str, User]


class NotEmpty(Exception):
    """The demo company is only loaded into a database without people."""


def load(*, now: datetime, days: int = 90) -> None:
    """Fill an empty database with the demo company's last `days` days up to `now`.

    Stamps are moved along with the story; whatever happens, the genuine clock is back at the end. Raises NotEmpty.
    """
    if User.objects.exists():
        raise NotEmpty
    first_day = local_day(now, "UTC") - timedelta(days=days)
    with movable():
        show(datetime.combine(first_day, time(0), UTC) - timedelta(days=2))
        reference, scheme, staff, placed = _set_up(first_day)
        control.agree(staff, placed, first_day=first_day, now=now)
        _in_parallel([(place, placed[place.name], reference, scheme, staff, first_day, now) for place in PLACES])
        show(now)
        planner.run(now=now)  # the free days between
        control.review(staff, now=now)
        business.tell(staff, now=now)
        workplace.arrange(staff, now=now)
        readings.read_mornings(since=max(first_day, local_day(now, "UTC") - MORNINGS), at=now)
        readings.read(at=now)


@transaction.atomic
def _set_up(first_day: date) -> tuple[Reference, Scheme, Staff, dict[str, Team]]:
    """People, teams, rules and lists, as they stood before the first day."""
    at = datetime.combine(first_day, time(0), UTC) - timedelta(days=2)
    coordinator = User.objects.create_user(
        "piotr@daybook.example", PASSWORD, full_name="Piotr Zieliński", role=Role.ADMIN, zone="Europe/Warsaw"
    )
    staff: Staff = {coordinator.email: coordinator}
    for person in PEOPLE:
        if person.email not in staff:
            staff[person.email] = people.add(
                by=coordinator, at=at, email=person.email, full_name=person.name, role=person.role, language=person.language,
                zone=person.place.zone if person.place else "Europe/Warsaw", password=PASSWORD,
            )  # fmt: skip
    scheme = schemes.factory(by=coordinator, at=at)
    starts = first_day - timedelta(days=1)
    placed = {}
    for place in PLACES:
        head = next(staff[p.email] for p in PEOPLE if p.place == place and p.role == Role.HEAD)
        team = teams.add(name=place.name, head=head, by=coordinator)
        policies.set_policy(
            team=team,
            on=starts,
            deadline=time(18),
            zone=place.zone,
            mode=Mode.LIVE,
            calendar=place.country,
            by=coordinator,
            at=at,
        )
        placed[place.name] = team
        for year in (at.year, at.year + 1):
            calendars.bring_in(country=place.country, year=year, calendar=place.country, by=coordinator, at=at)
        calendars.approve(calendar=place.country, by=coordinator, at=at)
    for person in PEOPLE:
        if person.role == Role.MANAGER and person.place:
            team, user = placed[person.place.name], staff[person.email]
            memberships.place(user=user, team=team, on=starts, by=coordinator)
            assignments.assign(user=user, team=team, scheme=scheme, on=starts, by=coordinator)
            sign_offs.sign(version=scheme.versions.get(), by=user, at=at)
    return make_reference(), scheme, staff, placed


def _in_parallel(jobs: list[tuple[Place, Team, Reference, Scheme, Staff, date, datetime]]) -> None:
    """One process a team: their records have nothing to do with each other."""
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    with forked.Pool(len(jobs)) as pool:
        pool.starmap(_tell, jobs)


def _tell(
    place: Place, team: Team, reference: Reference, scheme: Scheme, staff: Staff, first_day: date, now: datetime
) -> None:
    """The story of one team: its people's days in order, each day closed when its horizon has passed."""
    gc.disable()  # a short life that throws little away: looking for what to throw away costs a tenth of it
    with connection.cursor() as cursor:
        # A crash loses the demo, not somebody's work: no need to wait for the disk at every step.
        cursor.execute("SET synchronous_commit = off")
    sellers = [person for person in PEOPLE if person.place == place and person.role == Role.MANAGER]
    desks = [_desk(person, staff[person.email], reference, now) for person in sellers]
    for desk in desks:
        desk.begin(first_day - timedelta(days=1))
    last_day = local_day(now, place.zone)
    timetable = Timetable.of_teams([team.pk], first=first_day, until=last_day)
    for day in _workdays(first_day, last_day):
        for desk in desks:
            if timetable.cut_off(desk.user.pk, day) is not None:  # neither a holiday nor leave
                desk.live(day)
        horizon = wall(day, time(18, 30), place.zone)
        if horizon <= now:
            show(horizon)
            close(team=team, day=day, at=now)
    connections.close_all()


def _desk(person: Person, user: User, reference: Reference, now: datetime) -> Desk:
    assert person.place is not None
    return Desk(user, person.place, person.habits, reference, Random(f"{SEED}{person.email}"), now)


def _workdays(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if day.isoweekday() <= 5:
            yield day
        day += timedelta(days=1)
