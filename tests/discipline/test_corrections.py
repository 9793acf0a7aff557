"""The pages of corrections and appeals."""

from datetime import date

import pytest

from discipline import corrections
from discipline.models import Adjustment, Appeal, ControlSettings, LedgerEntry, Scorecard
from discipline.services import adjustments, appeals, days
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)
LIST = "/corrections/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def card(scored, clock, cast) -> Scorecard:
    """The manager's Tuesday with one call, the day after."""
    clock.set("2026-10-20 11:00")
    make_activity(cast.manager, clock.now, note="Talked.", contact=make_contact(cast.manager, "Nadia Bauer"))
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    clock.set("2026-10-21 10:00")
    return Scorecard.objects.get(user=cast.manager)


@pytest.fixture
def now(monkeypatch, clock):
    """The edge reads the test's clock."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)


@pytest.fixture
def appeal(card, cast, clock) -> Appeal:
    text = "The second phone was not connected."
    return appeals.open(line=card.lines.get(code="CV"), text=text, by=cast.manager, at=clock.now)


@pytest.fixture
def propose(card, clock):
    def do(delta: int = 3, code: str = "CV", key: str = "a", **words) -> Adjustment:
        made = adjustments.propose(
            card=card,
            delta=delta,
            kind="late_calls",
            text="",
            key=key,
            line=card.lines.get(code=code),
            at=clock.now,
            **words,
        )
        assert made is not None
        return made

    return do


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_two_clicks_from_the_line_to_the_appeal(now, card, cast, sign_in):
    """The button opens a dialog with one field; sent, its state stands in the button's place."""
    browser, line = sign_in(cast.manager), card.lines.get(code="CV")
    address = f"/cards/lines/{line.pk}/appeal/"
    page = text(browser.get(f"/cards/{card.pk}/"))
    assert f'hx-get="{address}"' in page
    dialog = text(browser.get(address, headers=HTMX))
    assert dialog.count("<textarea") == 1
    assert "Possible until 27 October" in dialog
    refused = browser.post(address, {"text": ""}, headers=HTMX)
    assert refused.status_code == 422
    assert "Say in a few words what is not right" in text(refused)
    sent = browser.post(address, {"text": "It was five."}, headers=HTMX)
    assert sent.status_code == 204
    assert f"appealed-{line.pk}" in sent.headers["HX-Trigger"]
    state = text(browser.get(f"{address}state/", headers=HTMX))
    assert "Appeal sent, not answered yet" in state
    assert "<button" not in state


def test_a_line_that_was_kept_or_is_too_old_has_no_button(now, clock, card, cast, sign_in):
    browser = sign_in(cast.manager)
    clock.set("2026-10-29 10:00")
    assert "/appeal/" not in text(browser.get(f"/cards/{card.pk}/"))
    line = card.lines.get(code="CV")
    late = browser.post(f"/cards/lines/{line.pk}/appeal/", {"text": "It was five."}, headers=HTMX)
    assert late.status_code == 422
    assert "possible until 27 October 2026" in text(late)


def test_the_head_sees_who_what_and_the_records_and_answers_in_place(now, appeal, propose, cast, sign_in):
    propose(1, "OD")
    page = text(sign_in(cast.head).get(LIST))
    for words in (
        "Anna Manager",
        "Conversations",
        "1, at least 5: missed",
        appeal.text,
        "Call: Nadia Bauer",
        'value="3"',
    ):
        assert words in page
    assert f"?item=proposal-{Adjustment.objects.get().pk}" in page


def test_an_answer_is_asked_for_then_the_next_entry_opens(now, appeal, propose, cast, sign_in):
    browser, proposal = sign_in(cast.head), propose(1, "OD")
    address = f"/appeals/{appeal.pk}/decide/"
    refused = browser.post(address, {"approve": "1", "delta": "3", "answer": ""}, headers=HTMX)
    assert refused.status_code == 422
    assert "Answer in a few words" in text(refused)
    done = browser.post(address, {"approve": "1", "delta": "2", "answer": "Seen."}, headers=HTMX)
    assert done.status_code == 200
    assert "Accepted" in done.headers["HX-Trigger"]
    assert f'action="/corrections/{proposal.pk}/decide/"' in text(done)
    assert LedgerEntry.objects.get(kind="adjustment").points == 2


def test_a_proposal_is_approved_without_words_and_refused_with_some(now, propose, cast, sign_in):
    browser, first, second = sign_in(cast.head), propose(), propose(1, "OD", "b")
    assert browser.post(f"/corrections/{first.pk}/decide/", {"approve": "1"}, headers=HTMX).status_code == 200
    address = f"/corrections/{second.pk}/decide/"
    assert "Say in a few words why not" in text(browser.post(address, {"refuse": "1"}, headers=HTMX))
    browser.post(address, {"refuse": "1", "decision": "Not his call."}, headers=HTMX)
    assert list(Adjustment.objects.order_by("pk").values_list("status", flat=True)) == ["approved", "refused"]


def test_what_somebody_else_decided_meanwhile_is_said_and_not_done_again(now, propose, cast, clock, sign_in):
    proposal = propose()
    adjustments.decide(adjustment=proposal, approve=False, decision="No.", by=cast.owner, at=clock.now)
    answer = sign_in(cast.head).post(f"/corrections/{proposal.pk}/decide/", {"approve": "1"}, headers=HTMX)
    assert "decided meanwhile" in answer.headers["HX-Trigger"]
    assert "Nothing waits for you" in text(answer)


def test_the_owner_signs_what_a_head_has_entered(now, card, cast, sign_in):
    address, words = f"/cards/{card.pk}/correct/", {"delta": "2", "text": "Helped at the fair.", "key": "manual:x"}
    browser = sign_in(cast.head)
    assert "could have come out from" in text(browser.get(address, headers=HTMX))
    outside = browser.post(address, {**words, "delta": "40"}, headers=HTMX)
    assert outside.status_code == 422
    assert "A correction can be from" in text(outside)
    for _click in range(2):
        assert browser.post(address, words, headers=HTMX).status_code == 204
    made = Adjustment.objects.get()
    assert made.status == "signing"
    page = text(sign_in(cast.owner).get(LIST))
    assert "Approved by Hanna Head." in page
    signed = sign_in(cast.owner).post(f"/corrections/{made.pk}/sign/", {"approve": "1"}, headers=HTMX)
    assert signed.status_code == 200
    assert LedgerEntry.objects.filter(adjustment=made).count() == 1


def test_without_scripts_a_decision_leads_back_to_the_list(now, propose, cast, sign_in):
    answer = sign_in(cast.head).post(f"/corrections/{propose().pk}/decide/", {"approve": "1"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "The points are in the ledger" in text(answer)


def test_the_history_tells_everybody_concerned_and_nobody_else(now, appeal, propose, cast, clock, sign_in):
    appeals.decide(appeal=appeal, accept=False, answer="No call to be seen.", by=cast.head, at=clock.now)
    propose(1, "OD")
    for reader in (cast.manager, cast.head, cast.owner):
        page = text(sign_in(reader).get(LIST))
        assert "No call to be seen." in page
        assert "Telephony came late" in page
    for reader in (cast.teammate, cast.stranger, cast.other_head):
        page = text(sign_in(reader).get(LIST))
        assert appeal.text not in page
        assert "Telephony came late" not in page


def test_a_manager_has_no_queue_and_nothing_to_choose(now, appeal, cast, sign_in):
    page = text(sign_in(cast.manager).get(LIST))
    assert 'id="queue"' not in page
    assert 'name="user"' not in page
    assert "Waiting for the head" in page


def test_a_card_lists_its_corrections(now, appeal, propose, cast, clock, sign_in):
    propose(1, "OD")
    appeals.decide(appeal=appeal, accept=True, answer="Seen.", by=cast.head, at=clock.now)
    page = text(sign_in(cast.manager).get(f"/cards/{appeal.line.card_id}/"))
    for words in ("Appeal accepted", "Seen.", "Telephony came late", "Overdue tasks"):
        assert words in page


def test_the_state_of_an_appeal_that_waits_for_the_owner(now, appeal, cast, clock, sign_in):
    ControlSettings.objects.create(pk=1, cosign_points=1)
    appeals.decide(appeal=appeal, accept=True, answer="Seen.", by=cast.head, at=clock.now)
    page = text(sign_in(cast.manager).get(f"/cards/{appeal.line.card_id}/"))
    assert "Appeal accepted, the owner signs" in page
    assert "Waiting for the owner&#x27;s signature" in page


def test_person_and_month_narrow_the_history(now, appeal, propose, cast, sign_in):
    browser = sign_in(cast.head)
    for query, there in (
        (f"?user={cast.manager.pk}", True),
        (f"?user={cast.teammate.pk}", False),
        ("?month=2026-10", True),
        ("?month=2026-09", False),
        ("?month=october&user=x&after=y", True),
    ):
        history = text(browser.get(LIST + query, headers={**HTMX, "HX-Target": "history"}))
        assert (appeal.text in history) == there, query


def test_page_after_page_by_key_without_gaps(now, appeal, propose, cast, clock, monkeypatch):
    monkeypatch.setattr(corrections, "SIZE", 2)
    made = [propose(-1, code, code) for code in ("CO", "MT", "OD", "NT")]
    seen, address = [], ""
    asked = corrections.Asked()
    while True:
        rows, address = corrections.read(cast.head, asked)
        seen += [(row.rule, row.cause) for row in rows]
        if not address:
            break
        asked = corrections.Asked.of(
            {"after": address.partition("after=")[2].replace("%3A", ":").replace("%2B", "+").replace("%2C", ",")}
        )
    assert len(seen) == len(set(seen)) == len(made) + 1


def test_budgets(now, appeal, propose, card, cast, clock, sign_in):
    """One entry or several cost the same; what is open costs its evidence."""
    make_company(cast.manager, "One")

    def more() -> None:
        for code in ("CO", "MT", "WN"):
            propose(1, code, code)
            if code != "WN":
                appeals.open(line=card.lines.get(code=code), text="Really.", by=cast.manager, at=clock.now)

    propose(1, "OD")
    assert_budget(sign_in(cast.head), LIST, 24, more)
    assert_budget(sign_in(cast.manager), LIST, 8, lambda: propose(1, "NT", "NT"))
    assert_budget(sign_in(cast.manager), f"/cards/{card.pk}/corrections/", 6, lambda: propose(1, "TE", "TE"))
