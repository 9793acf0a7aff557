"""Who may do what, tried on everything that answers: pages, fragments, API, admin tables, tasks, commands.

What there is comes from the running program, how it must answer from permissions.yaml, which is written by hand. A surface
without a row fails here, and so does a row without a surface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from accounts import policy
from accounts.permissions import HELD, Permission
from accounts.policy import Use, fields
from tests.permissions import surfaces
from tests.permissions.actors import Answer, Door
from tests.permissions.scene import FOREIGN, build
from tests.permissions.surfaces import TABLE, Case

ADDRESSES = re.compile(r"/(companies|contacts|deals|tasks|people|cards|imports|files)/(\d+)/")
CASES = surfaces.cases()
FINDING = [case for case in CASES if case.method == "GET" and "finds" in case.row]
LISTING = [case for case in CASES if case.method == "GET" and "lists" in case.row]


@pytest.fixture(scope="module")
def door(django_db_setup: None, django_db_blocker: Any) -> Iterator[Door]:
    """The world, made once; every request is taken back."""
    outside = transaction.atomic()
    outside._from_testcase = True  # type: ignore[attr-defined]  # as in TestCase: what must not be nested may be, here
    with django_db_blocker.unblock(), outside:
        yield Door(build())
        transaction.set_rollback(True)


def test_every_surface_has_a_row():
    missing = sorted(name for name in surfaces.live_surfaces() if not surfaces.rows_of(name))
    assert not missing, f"say in tests/permissions.yaml how these answer: {missing}"


def test_every_row_has_a_surface():
    live = set(surfaces.live_surfaces())
    used = {name for name in live if name in surfaces.listed()}
    patterns = {name for name in surfaces.listed() if "*" in name}
    used |= {name for name in patterns if any(surfaces.fnmatchcase(one, name) for one in live)}
    assert not set(surfaces.listed()) - used


def test_every_method_of_the_api_has_a_row():
    missing = []
    for name, view in surfaces.live_surfaces().items():
        methods = {method.upper() for method in getattr(view, "actions", None) or {}} - {"HEAD", "OPTIONS"}
        missing += [f"{method} {name}" for method in sorted(methods - set(surfaces.rows_of(name)))]
    assert not missing


@pytest.mark.parametrize("case", CASES, ids=str)
def test_answers(door: Door, case: Case):
    wrong = {}
    for actor in case.row.get("tried_by", case.answers):
        expected = case.answers[actor]
        answer = door.knock(actor, case)
        found = _complaint(door, case, actor, expected, answer)
        if found:
            wrong[actor] = found
    assert not wrong, f"{case}: {wrong}"


def _complaint(door: Door, case: Case, actor: str, expected: Any, answer: Answer) -> str:
    if answer.word != expected:
        return f"expected {expected}, got {answer.word}"
    if actor in FOREIGN and not case.row.get("open") and door.scene.leaks(answer.text):
        return f"told {door.scene.leaks(answer.text)}"
    quiet = case.row.get("changes_nothing", ())
    done = case.method != "GET" and answer.word == "yes" and not (quiet is True or actor in (quiet or ()))
    if done and not answer.changed:
        return "did nothing"
    if not done and answer.changed:
        return f"changed {sorted(answer.changed)}"
    return ""


@pytest.mark.parametrize("name", sorted(surfaces.live_surfaces()))
def test_methods_that_nobody_listed_are_not_there(door: Door, name: str):
    """Whoever may use a surface at all is told 405 for another method, and nothing happens."""
    rows = surfaces.rows_of(name)
    method, known = next(iter(rows.items()))
    row = known[0] if isinstance(known, list) else known
    if row.get("any_method"):
        return
    actor = next((actor for actor, answer in Case(name, method, row).answers.items() if answer == "yes"), None)
    for other in set(surfaces.METHODS) - set(rows):
        if actor is None:
            continue
        answer = door.knock(actor, Case(name, other, row))
        assert (answer.status, answer.changed) == (405, set()), f"{other} {name} as {actor}"


@pytest.mark.parametrize("actor", ["stranger", "admin"])
@pytest.mark.parametrize("case", FINDING, ids=str)
def test_looking_for_foreign_words_finds_nothing(door: Door, case: Case, actor: str):
    if case.answers[actor] != "yes":
        return
    scene = door.scene
    words = [scene.handles[noun] for noun in ("company", "contact", "deal", "task")]
    words += ["5260250274", "5550197", "5555198", scene.things["company"].domain]
    for parameter in case.row["finds"]:
        for word in words:
            answer = door.knock(actor, case, {**case.row.get("query", {}), parameter: word})
            told = [secret for secret in door.scene.leaks(answer.text) if secret.lower() not in word.lower()]
            assert not told, f"{case} told {actor} {told} for {parameter}={word}"


@pytest.mark.parametrize("case", LISTING, ids=str)
def test_hidden_fields_neither_filter_nor_sort(door: Door, case: Case):
    """Asked to filter or sort by what somebody may not read, a list answers as if it had not been asked, or refuses."""
    model = apps.get_model(case.row["lists"])
    readable = fields(door.scene.people["manager"], model, Use.READ)
    plain = _shown(door.knock("manager", case))
    assert plain, "nothing is listed, so nothing could be seen"
    for field in model._meta.concrete_fields:
        name = field.name
        if name in readable or name in case.row.get("finds", ()):
            continue
        for query in ({name: "1", f"{name}__icontains": "q"}, {"ordering": f"-{name}", "sort": f"-{name}"}):
            answer = door.knock("manager", case, query)
            assert answer.status >= 400 or _shown(answer) == plain, f"{case} answers to {query}"


def _shown(answer: Answer) -> list[Any]:
    """The records of an answer, in order: by their addresses or names on a page, by their ids from the API."""
    names = re.findall(r'<th scope="row">.*?</th>', answer.text, re.DOTALL)
    return ADDRESSES.findall(answer.text) or names or re.findall(r'\{"id":(\d+)', answer.text.replace(" ", ""))


def test_an_open_door_would_be_noticed(door: Door, monkeypatch: pytest.MonkeyPatch):
    rule = policy._by_permission[Permission.COMPANY_VIEW]
    monkeypatch.setitem(rule.reach, Permission.COMPANY_VIEW, lambda user: policy.EVERYTHING)
    case = next(case for case in CASES if str(case) == "GET crm:company-list")
    assert "told" in _complaint(door, case, "stranger", "yes", door.knock("stranger", case))


def test_what_each_role_may_do_is_written_down():
    written = {name: set(roles) for name, roles in TABLE["permissions"].items()}
    held = {permission.value: {role.value for role in HELD if permission in HELD[role]} for permission in Permission}
    assert written == held


def test_every_task_says_for_whom_it_works():
    said, found = TABLE["tasks"], surfaces.tasks()
    assert set(said) == set(found)
    for name, whom in said.items():
        parameters = found[name].run.__code__.co_varnames[: found[name].run.__code__.co_kwonlyargcount]
        assert whom == "nobody" or whom in parameters, f"{name} works for {whom}, which is none of {parameters}"


def test_every_command_says_who_runs_it():
    assert set(TABLE["commands"]) == surfaces.commands()
    assert set(TABLE["commands"].values()) <= {"operator", "developer"}
