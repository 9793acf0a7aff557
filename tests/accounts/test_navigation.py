"""What the frame offers to whom."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from accounts import navigation
from accounts.context import Shell
from accounts.models import Role, User
from accounts.navigation import Bell, Group, NavItem, QuickAction
from accounts.permissions import Permission
from tests.factories.people import Cast


@pytest.fixture(autouse=True)
def _empty_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_actions", {})
    monkeypatch.setattr(navigation, "_bells", [])


def person(role: Role = Role.MANAGER) -> User:
    return User(email="anna@example.com", full_name="Anna", role=role, is_active=True)


def page(url_name: str = "account_login", **more: object) -> NavItem:
    usual: dict[str, Any] = {"label": url_name, "icon": "gauge", "group": Group.WORK, "order": 10}
    return NavItem(url_name=url_name, **{**usual, **more})


def frame(user: User, **cookies: str) -> Shell:
    request: HttpRequest = RequestFactory().get("/")
    request.user = user
    request.resolver_match = None
    request.COOKIES.update(cookies)
    return Shell(request)


def test_a_page_is_offered_to_whoever_holds_its_permission() -> None:
    navigation.register(page(permission=Permission.PEOPLE_EDIT))
    assert [item.url_name for item in navigation.items_for(person(Role.ADMIN))] == ["account_login"]
    assert navigation.items_for(person(Role.OWNER)) == []


def test_pages_come_in_groups_and_in_order() -> None:
    navigation.register(
        page("account_logout", order=90, group=Group.COMPANY),
        page("account_login", order=20),
        page("account_reset_password", order=10),
    )
    groups = [(str(word), [entry.label for entry in entries]) for word, entries in frame(person()).groups]
    assert groups == [("Work", ["account_reset_password", "account_login"]), ("Company", ["account_logout"])]


def test_a_page_covers_the_other_pages_of_its_noun() -> None:
    deals = page("crm:deal-board", sections=("crm:pipeline-",))
    assert [
        deals.covers(name) for name in ("crm:deal-board", "crm:deal-edit", "crm:pipeline-new", "crm:task-list")
    ] == [True, True, True, False]


def test_an_address_that_does_not_exist_fails_loudly() -> None:
    navigation.register(page("crm:no-such-page"))
    with pytest.raises(NoReverseMatch):
        _ = frame(person()).groups


@pytest.mark.django_db
def test_counting_waits_until_the_frame_is_drawn_and_is_one_statement(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    asked: list[User] = []

    def people(user: User) -> list[Any]:
        asked.append(user)
        return [User.objects.all(), User.objects.filter(pk=user.pk), User.objects.none()]

    heads = User.objects.filter(role=Role.HEAD)
    navigation.register(page(count=people, alert=True), Bell("account_logout", lambda user: [heads[:100]]))
    shell = frame(cast.manager)
    assert asked == []
    everybody, leading = User.objects.count(), heads.count()
    with django_assert_num_queries(1):
        assert shell.entries[0].count == everybody + 1
        assert shell.inbox == {"url": reverse("account_logout"), "count": leading}


def test_the_phone_shows_three_pages_beside_the_plus_and_four_to_those_who_add_nothing() -> None:
    navigation.register(
        *(page(name, order=order, phone=name == "healthz") for order, name in enumerate(
            ("account_login", "account_logout", "account_reset_password", "readyz", "healthz")
        )),
        QuickAction(label="Log call", icon="phone", url_name="account_login", order=1, permission=Permission.ACTIVITY_ADD, key="l", primary=True),
    )  # fmt: skip
    busy, reader = frame(person()), frame(person(Role.OWNER))
    assert [entry.label for entry in busy.bottom] == ["healthz", "account_login", "account_logout"]
    assert busy.primary
    assert busy.primary.key == "l"
    assert len(reader.bottom) == 4
    assert reader.primary is None


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", ""), ('"><script>', "")])
def test_the_theme_comes_from_the_cookie_and_nothing_else_does(cookie: str, theme: str) -> None:
    assert frame(person(), theme=cookie).theme == theme
