"""The rules of the house that a machine can check: where writes stand, how tasks look, how long things may grow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.permissions import surfaces

BASE = Path(settings.BASE_DIR)
APPS = ("accounts", "notifications", "crm", "discipline", "migrations_data", "reports", "config")
EDGES = (
    "views",
    "forms",
    "api",
    "tasks.py",
    "middleware.py",
    "context.py",
    "templatetags",
    "admin.py",
    "navigation.py",
    "lists",
)
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
WRITES = frozenset(
    {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
)
QUERIES = frozenset({"objects", "_base_manager", "_default_manager", "filter", "exclude", "visible_to", "all"})
PRIMITIVES = frozenset({"int", "str", "bool", "float", "int | None", "str | None", "list[int]", "list[str]"})
SAYS_ITS_METHODS = frozenset({"require_GET", "require_POST", "require_safe", "require_http_methods"})


@cache
def sources() -> dict[str, ast.Module]:
    """Our Python files but for migrations, parsed, by their paths."""
    files = [path for app in APPS for path in sorted((BASE / app).rglob("*.py")) if "migrations" not in path.parts]
    return {str(path.relative_to(BASE)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


@cache
def templates() -> dict[str, str]:
    """Our templates by the names that they are loaded by."""
    root = BASE / "templates"
    files = [path for path in sorted(root.rglob("*")) if path.suffix in {".html", ".txt"}]
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in files}


def at_the_edge(path: str) -> bool:
    return any(part in EDGES for part in Path(path).parts)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def decorators(function: ast.FunctionDef) -> set[str]:
    """The last names of a function's decorators: `transaction.atomic` -> atomic."""
    called = [one.func if isinstance(one, ast.Call) else one for one in function.decorator_list]
    return {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in called}


def chain(node: ast.expr) -> list[str]:
    """The names that a call hangs on, from the root: `Deal.objects.filter().update` -> Deal, objects, filter, update."""
    if isinstance(node, ast.Attribute):
        return [*chain(node.value), node.attr]
    if isinstance(node, ast.Call):
        return chain(node.func)
    return [node.id] if isinstance(node, ast.Name) else [""]


def writes(tree: ast.Module) -> Iterator[str]:
    """Calls that write to the database without a service: through a query, or a record's own save and delete."""
    modules = {
        name.asname or name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        names = chain(call.func)
        if names[-1] not in WRITES or len(names) < 2:
            continue
        through_query = bool(QUERIES & set(names[:-1]))
        of_a_record = (
            names[-1] in {"save", "delete"} and names[0] not in modules and not call.keywords and names[0] != "super"
        )
        if through_query or of_a_record:
            yield f"line {call.lineno}: {'.'.join(names)}"


def test_writes_are_told_from_other_calls():
    wrong = "Deal.objects.filter(pk=1).update(x=1)\ndeal.save()\nCard.objects.create(a=1)\nself.deal.delete()"
    right = "values.update(a=1)\nseen.add(1)\nfrom crm.services import deals\ndeals.delete(deal=deal, by=user)"
    assert len(list(writes(ast.parse(wrong)))) == 4
    assert not list(writes(ast.parse(right)))


@pytest.mark.parametrize("path", [path for path in sources() if at_the_edge(path)])
def test_only_services_write(path: str):
    assert not list(writes(sources()[path]))


@pytest.mark.parametrize("path", sorted(sources()))
def test_files_and_functions_stay_short(path: str):
    lines = (BASE / path).read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{lines} lines: split it by noun"
    long = {one.name: (one.end_lineno or 0) - one.lineno + 1 for one in functions(sources()[path])}
    assert not {name: length for name, length in long.items() if length > LONGEST_FUNCTION}, "split it by verb"


@pytest.mark.parametrize("path", [path for path in sources() if "services" in Path(path).parts])
def test_a_service_takes_keywords_only(path: str):
    public = [one for one in sources()[path].body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
    loose = [one.name for one in public if "atomic" in decorators(one) and (one.args.args or one.args.posonlyargs)]
    assert not loose


@pytest.mark.parametrize("path", [path for path in sources() if "views" in Path(path).parts])
def test_a_view_says_its_methods(path: str):
    body = [one for one in sources()[path].body if isinstance(one, ast.FunctionDef)]
    views = [one for one in body if "needs" in decorators(one) or "login_required" in decorators(one)]
    assert not [view.name for view in views if not decorators(view) & SAYS_ITS_METHODS]


@pytest.mark.parametrize("name", sorted(surfaces.tasks()))
def test_a_task_takes_plain_values_by_keyword(name: str):
    module, _dot, function = name.rpartition(".")
    tree = sources()[f"{module.replace('.', '/')}.py"]
    task = next(one for one in functions(tree) if one.name == function)
    assert not task.args.args, "a positional argument changes its meaning while old messages still wait"
    kinds = {arg.arg: ast.unparse(arg.annotation) if arg.annotation else "" for arg in task.args.kwonlyargs}
    assert not {arg: kind for arg, kind in kinds.items() if kind not in PRIMITIVES}


def test_whatever_the_timetable_calls_is_there():
    from config.beat import SCHEDULE

    assert {entry["task"] for entry in SCHEDULE.values()} <= set(surfaces.tasks())


@cache
def url_names() -> set[str]:
    """Every name that an address has; that of the tables by Django's own word too, which its templates use."""
    names = set(surfaces.live_surfaces())
    return names | {name.replace("tables:", "admin:") for name in names}


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_template_names_addresses_and_templates_that_exist(name: str):
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", templates()[name], flags=re.DOTALL)
    assert not set(re.findall(r"{%\s*url\s+['\"]([\w:-]+)['\"]", text)) - url_names()
    named = set(re.findall(r"{%\s*(?:include|extends)\s+['\"]([\w/.-]+)['\"]", text))
    assert not {one for one in named if not one.startswith("admin/")} - set(templates())


@pytest.mark.parametrize("name", [name for name in templates() if name.endswith(".html")])
def test_a_template_keeps_to_the_content_policy(name: str):
    text = templates()[name]
    assert not re.findall(
        r"<style\b|<script\b(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+=|javascript:|hx-on", text
    )


def test_every_template_is_used():
    code = "\n".join((BASE / path).read_text(encoding="utf-8") for path in sources())
    text = code + "\n".join(templates().values())
    folders = ("notifications/", "account/", "admin/")  # named by a message's kind, by django-allauth and by Django
    errors = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
    dead = [name for name in templates() if name not in text and name not in errors and not name.startswith(folders)]
    assert not [name for name in dead if f"{Path(name).stem}" not in text], dead


@pytest.mark.parametrize("path", sorted(sources()))
def test_nothing_is_left_for_later(path: str):
    text = (BASE / path).read_text(encoding="utf-8")
    assert not re.findall(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b", text)
