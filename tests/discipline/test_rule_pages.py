import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Role
from crm.models import Pipeline
from discipline.models import Plan, SchemeVersion, SignOff, Simulation
from discipline.ruleset import RuleSpec
from discipline.services import days, plans, rules, schemes, sign_offs, simulations
from tests.budgets import assert_budget
from tests.factories.discipline import make_assignment, make_scheme
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
SHELL = 8
"""What the frame of a page asks: the bell, counts beside the entries, the reader's own settings; budgets below are on top."""
TUESDAY = date(2026, 10, 20)
RULE = {
    "metric": "conversations", "comparison": "ge", "threshold": "8", "period": "day", "points_met": "1", "points_missed": "2",
    "counts": "scored", "severity": "normal",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(clock, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: clock.now)


@pytest.fixture
def draft(scored, clock, cast):
    return schemes.draft(scheme=scored, by=cast.admin, at=clock.now)


@pytest.fixture
def second(scored, clock, cast):
    return schemes.change(scheme=scored, code="CV", threshold=8, by=cast.admin, at=clock.now)


def page(client, url, **facts):
    response = client.get(url, **facts)
    assert response.status_code == 200
    return response.content.decode()


# --- the rules of the game ---


def test_everybody_reads_his_own_rules_and_signs_the_next(second, cast, sign_in):
    client = sign_in(cast.manager)
    text = page(client, "/rules/")
    assert "Each day: at least 8." in text
    found = re.search(r'name="text_hash" value="(\w{64})"', text)
    assert found
    sent = {"text_hash": found.group(1), "read": "on"}
    assert client.post(f"/rules/{second.pk}/sign/", sent).status_code == 302
    signature = SignOff.objects.get(user=cast.manager, version=second)
    assert signature.text_hash == found.group(1)
    signed = page(client, f"/rules/?version={second.pk}")
    assert signature.text_hash in signed
    assert "text_hash" not in signed


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"read": "on", "text_hash": "0" * 64}, "has changed since you opened it"), ({}, "Tick that you have read")],
)
def test_a_signature_without_reading_is_refused(second, cast, sign_in, sent, said):
    response = sign_in(cast.manager).post(f"/rules/{second.pk}/sign/", {"text_hash": "0" * 64, **sent})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not SignOff.objects.filter(version=second).exists()


def test_who_is_not_scored_by_a_version_cannot_sign_it(second, cast, sign_in):
    text_hash = sign_offs.hash_of("x")
    for who in (cast.head, cast.other_head):
        response = sign_in(who).post(f"/rules/{second.pk}/sign/", {"read": "on", "text_hash": text_hash})
        assert response.status_code == 404


def test_other_schemes_can_be_read_and_drafts_cannot(scored, draft, cast, sign_in):
    other = make_scheme(cast.admin, [RuleSpec(code="X", metric="deals_lost", threshold=9)], name="Elsewhere")
    client = sign_in(cast.manager)
    assert "at least 9" in page(client, f"/rules/?scheme={other.pk}")
    for query in (f"version={draft.pk}", "version=x", "version=99999", "scheme=²", f"version={'9' * 30}"):
        assert client.get(f"/rules/?{query}").status_code == 404


def test_a_head_sees_who_has_signed_and_a_manager_does_not(second, clock, cast, sign_in):
    sign_offs.sign(version=second, by=cast.teammate, at=clock.now)
    of_head = page(sign_in(cast.head), f"/rules/?version={second.pk}")
    assert "1 of 2" in of_head
    assert cast.stranger.full_name not in of_head
    assert "1 of 3" in page(sign_in(cast.admin), f"/rules/?version={second.pk}")
    assert "Signatures" not in page(sign_in(cast.manager), f"/rules/?version={second.pk}")


def test_a_company_without_rules_has_an_empty_page(clock, cast, sign_in):
    assert "There are no rules yet." in page(sign_in(cast.manager), "/rules/")


def test_my_day_asks_for_the_signature_until_it_is_given(second, clock, cast, sign_in):
    client = sign_in(cast.manager)
    assert "unsigned-rules" in page(client, "/")
    sign_offs.sign(version=second, by=cast.manager, at=clock.now)
    assert "unsigned-rules" not in page(client, "/")


def test_the_text_costs_as_much_with_many_rules_and_people(scored, clock, cast, sign_in):
    def more():
        pipelines = [Pipeline.objects.create(name=f"P{n}") for n in range(12)]
        many = [
            RuleSpec(code=f"P{n}", metric="deals_won", threshold=1, parameters={"pipeline": one.pk})
            for n, one in enumerate(pipelines)
        ]
        version = scored.versions.get(number=1)
        for n in range(20):
            make_assignment(make_user(f"Nina {n}", Role.MANAGER, team=cast.team), cast.team, scored, cast.admin)
        schemes.publish(name="Classic", rules=[*schemes.specs(version), *many], by=cast.admin, at=clock.now)

    Pipeline.objects.create(name="First")
    specs = schemes.specs(scored.versions.get())
    pipeline = RuleSpec(code="A", metric="deals_won", threshold=1, parameters={"pipeline": Pipeline.objects.first().pk})
    schemes.publish(name="Classic", rules=[*specs, pipeline], by=cast.admin, at=clock.now)
    assert_budget(sign_in(cast.head), "/rules/", SHELL + 13, more)


# --- schemes and drafts ---


def test_the_list_and_a_scheme_show_what_holds_and_what_changed(second, cast, sign_in):
    client = sign_in(cast.admin)
    listed = page(client, "/control/schemes/")
    assert "Classic" in listed
    assert "version 2" in listed
    shown = page(client, f"/control/schemes/{second.scheme_id}/")
    assert "Each day: at least 5 → Each day: at least 8" in shown
    assert "The first version." in shown


def test_a_draft_is_made_edited_and_published_by_hand(scored, cast, sign_in):
    client = sign_in(cast.admin)
    made = client.post(f"/control/schemes/{scored.pk}/draft/")
    url = made.headers["Location"]
    assert "As everybody will read it" in page(client, url)
    htmx = {"HTTP_HX_REQUEST": "true"}
    assert client.post(f"{url}rules/CV/", {**RULE, "threshold": "9"}, **htmx).status_code == 204
    assert client.post(f"{url}rules/new/", {**RULE, "metric": "deals_lost"}, **htmx).status_code == 204
    assert 'id="draft"' in client.post(f"{url}rules/MT/move/", {"to": "up"}, **htmx).content.decode()
    assert 'id="draft"' in client.post(f"{url}rules/WN/remove/", **htmx).content.decode()
    version = SchemeVersion.objects.get(number=2)
    assert [rule.code for rule in version.rules.all()] == ["MT", "CO", "CV", "OD", "NT", "TE", "deals_lost"]
    assert version.rules.get(code="CV").threshold == 9
    assert client.post(f"{url}publish/", {"on": "2026-10-23"}).status_code == 302
    version.refresh_from_db()
    assert version.effective_from == date(2026, 10, 23)
    assert client.get(url).status_code == 302, "a published version is no draft"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"threshold": ""}, "Say from which figure on the rule is kept"),
        ({"threshold": "-1"}, "cannot be below zero"),
        ({"threshold": "0"}, "At least 0 is always kept"),
        ({"threshold": "many"}, "Write the amount in figures"),
        ({"metric": "steps_walked"}, "Select a valid choice"),
        ({"metric": "deals_won", "with_pipeline": "999"}, "Select a valid choice"),
        ({"by_plan": "on"}, "A personal plan is judged each week"),
        ({"points_met": "-3"}, "greater than or equal to 0"),
        ({"points_met": "9999"}, "less than or equal to 1000"),
        ({"metric": "companies_added"}, "Another rule asks for the same figure"),
        ({"comparison": "zz", "period": "year"}, "Select a valid choice"),
    ],
)
def test_a_bad_rule_comes_back_with_its_field(draft, cast, sign_in, sent, said):
    before = list(draft.rules.values())
    response = sign_in(cast.admin).post(f"/control/drafts/{draft.pk}/rules/CV/", {**RULE, **sent})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert list(draft.rules.values()) == before


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"on": ""}, "This field is required"),
        ({"on": "someday"}, "valid date"),
        ({"on": "2026-10-20"}, "People must know a rule before it counts"),
    ],
)
def test_a_bad_first_day_comes_back_with_its_field(draft, cast, sign_in, sent, said):
    response = sign_in(cast.admin).post(f"/control/drafts/{draft.pk}/publish/", sent)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert SchemeVersion.objects.get(pk=draft.pk).published_at is None


def test_the_form_asks_for_what_the_figure_has(draft, cast, sign_in):
    Pipeline.objects.create(name="Renewals")
    client = sign_in(cast.admin)
    won = page(client, "/control/rule-fields/?metric=deals_won")
    assert "Renewals" in won
    assert 'name="period"' in won
    state = page(client, "/control/rule-fields/?metric=overdue_tasks")
    assert 'name="period"' not in state
    assert 'name="when_nothing"' in state
    assert client.get("/control/rule-fields/?metric=%00").status_code == 200


def test_what_is_not_there_is_not_found(draft, second, cast, sign_in):
    client = sign_in(cast.admin)
    for url in ("/control/schemes/99/", "/control/drafts/99/", f"/control/drafts/{draft.pk}/rules/NO/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/control/drafts/{draft.pk}/rules/CV/move/", {"to": "sideways"}).status_code == 404
    assert client.post(f"/control/drafts/{second.pk}/discard/").status_code == 404


def test_pages_of_schemes_cost_the_same_with_many_rows(draft, scored, clock, cast, sign_in):
    client = sign_in(cast.admin)

    def more():
        for n in range(10):
            schemes.change(scheme=scored, code="CV", threshold=n + 6, by=cast.admin, at=clock.now)
            schemes.start(name=f"Other {n}", by=cast.admin, at=clock.now)

    assert_budget(client, "/control/schemes/", SHELL + 3, lambda: None)
    assert_budget(client, f"/control/schemes/{scored.pk}/", SHELL + 5, more)
    assert_budget(client, "/control/schemes/", SHELL + 3, lambda: None)
    assert_budget(
        client,
        f"/control/drafts/{draft.pk}/",
        SHELL + 6,
        lambda: rules.add(
            version=draft, rule=RuleSpec(code="L", metric="deals_lost", threshold=1), by=cast.admin, at=clock.now
        ),
    )


# --- the simulator ---


@pytest.fixture
def played(draft, clock, cast):
    clock.set("2026-10-20 19:00")
    for team in (cast.team, cast.other_team):
        days.close(team=team, day=TUESDAY, at=clock.now)
    rules.edit(
        version=draft, code="CV", rule=RuleSpec(code="CV", metric="conversations", threshold=1, points_missed=1),
        by=cast.admin, at=clock.now,
    )  # fmt: skip
    return simulations.ask(version=draft, days=10, by=cast.admin, at=clock.now)


def test_a_simulation_is_asked_for_and_its_page_tells_how_far_it_is(played, draft, cast, sign_in):
    client = sign_in(cast.admin)
    asked = client.post(f"/control/drafts/{draft.pk}/simulate/", {"days": "20", "team": str(cast.team.pk)})
    assert asked.status_code == 302
    assert 'hx-trigger="every 2s"' in page(client, asked.headers["Location"])
    simulations.run(simulation_id=Simulation.objects.latest("pk").pk)
    done = page(client, asked.headers["Location"], HTTP_HX_REQUEST="true")
    assert "every 2s" not in done
    assert cast.manager.full_name in done
    assert cast.stranger.full_name not in done


def test_a_simulation_of_rules_that_changed_since_says_so(played, draft, clock, cast, sign_in):
    simulations.run(simulation_id=played.pk)
    rules.remove(version=draft, code="CV", by=cast.admin, at=clock.now)
    assert "has changed since this was played" in page(sign_in(cast.admin), f"/control/simulations/{played.pk}/")


@pytest.mark.parametrize("sent", [{"days": "9"}, {"days": "x"}, {}, {"days": "30", "team": "999"}])
def test_a_bad_span_comes_back_with_its_field(played, draft, cast, sign_in, sent):
    response = sign_in(cast.admin).post(f"/control/drafts/{draft.pk}/simulate/", sent)
    assert response.status_code == 422
    assert Simulation.objects.count() == 1


def test_the_results_cost_the_same_for_many_people(played, draft, clock, cast, sign_in):
    simulations.run(simulation_id=played.pk)
    client = sign_in(cast.admin)

    def more():
        found = Simulation.objects.get(pk=played.pk)
        for n in range(20):
            person = make_user(f"Nina {n}", Role.MANAGER, team=cast.team)
            found.result["people"][str(person.pk)] = found.result["people"][str(cast.manager.pk)]
        found.save()

    assert_budget(client, f"/control/simulations/{played.pk}/", SHELL + 5, more)


# --- plans ---


def test_a_head_sets_plans_in_one_table_and_each_sees_his_own(scored, cast, sign_in):
    client = sign_in(cast.head)
    sent = {f"t{cast.manager.pk}_202610": "20 000", f"t{cast.teammate.pk}_202611": "12000,50"}
    assert client.post("/control/plans/?metric=sum_won", sent).status_code == 302
    assert {(one.user_id, one.first.month, one.target) for one in Plan.objects.all()} == {
        (cast.manager.pk, 10, Decimal(20000)),
        (cast.teammate.pk, 11, Decimal("12000.50")),
    }
    own = page(sign_in(cast.manager), "/control/plans/")
    assert "<b>20\u202f000</b>" in own
    assert cast.teammate.full_name not in own
    assert not re.search(r'name="t\d', own)


@pytest.mark.parametrize(
    ("value", "said"), [("0", "above 0"), ("-5", "below zero"), ("lots", "in figures"), ("9" * 16, "in figures")]
)
def test_a_bad_target_comes_back_in_its_cell(scored, cast, sign_in, value, said):
    response = sign_in(cast.head).post("/control/plans/", {f"t{cast.manager.pk}_202610": value})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Plan.objects.exists()


def test_a_plan_is_changed_and_not_taken_away(scored, clock, cast, sign_in):
    facts = {"metric": "sum_won", "month": TUESDAY, "by": cast.head, "at": clock.now}
    plans.set_plan(user=cast.manager, target=Decimal(5000), **facts)
    response = sign_in(cast.head).post("/control/plans/", {f"t{cast.manager.pk}_202610": ""})
    assert response.status_code == 422
    assert Plan.objects.count() == 1


def test_fields_of_people_whom_one_does_not_lead_and_of_months_gone_are_not_there(scored, cast, sign_in):
    client = sign_in(cast.head)
    sent = {f"t{cast.stranger.pk}_202610": "5", f"t{cast.manager.pk}_202609": "5", f"t{cast.head.pk}_202610": "5"}
    assert client.post("/control/plans/", sent).status_code == 302
    assert client.post("/control/plans/?since=2026-06", sent).status_code == 302
    assert not Plan.objects.exists()
    for who in (cast.manager, cast.owner):
        assert sign_in(who).post("/control/plans/", sent).status_code == 404


@pytest.mark.parametrize(
    "query", ["metric=steps", "metric=overdue_tasks", "team=x", "since=2026-13", "since=x", "since=9999-01"]
)
def test_a_table_that_cannot_be_meant_is_not_found(scored, cast, sign_in, query):
    assert sign_in(cast.head).get(f"/control/plans/?{query}").status_code == 404


def test_the_table_costs_the_same_for_many_people(scored, clock, cast, sign_in):
    def more():
        for n in range(20):
            person = make_user(f"Nina {n}", Role.MANAGER, team=cast.team)
            make_assignment(person, cast.team, scored, cast.admin)
            facts = {"metric": "sum_won", "month": TUESDAY, "by": cast.head, "at": clock.now}
            plans.set_plan(user=person, target=Decimal(5000 + n), **facts)

    assert_budget(sign_in(cast.head), "/control/plans/", SHELL + 4, more)
