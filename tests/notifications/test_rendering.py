from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from accounts import formats
from notifications import attachments, rendering
from notifications.attachments import Attachment, Enclosed
from notifications.models import Delivery
from notifications.services import messages

HOSTILE = "<script>alert(1)</script>\r\nBcc: everybody@example.com"
LINES = [
    {"label": HOSTILE, "value": "3.0000", "threshold": "2", "result": "met", "points": 1},
    {"label": "Overdue tasks", "value": 4, "threshold": 0, "result": "missed", "points": -2},
    {"label": "Open deals without a task", "value": None, "threshold": None, "result": "na", "points": 0},
]
PATH = "/tasks/7/done/"
ENTRIES = [{"title": HOSTILE, "sub": HOSTILE, "url": PATH}]
PEOPLE = [{"name": HOSTILE, "nothing": True, "overdue": 2, "bare": 1, "urgent": [HOSTILE], "url": PATH}]
MORNING = {
    "day": "2026-10-20", "cards": 3, "met": 10, "judged": 21, "clean": 1, "behind": [{"name": HOSTILE, "missed": 2, "url": PATH}],
    "more": 1, "waiting": [{"text": HOSTILE, "url": PATH}],
}  # fmt: skip
OWNER = {
    "day": "2026-10-20", "figures": [{"label": "Points", "value": "+3", "before": ""}], "more": 2,
    "exceptions": [{"text": HOSTILE, "url": PATH}], "ledger": {"day": "2026-10-20", "entries": 7, "hash": "ab" * 32},
}  # fmt: skip
CHANGE = {
    "who": HOSTILE, "day": "2026-10-20", "rule": HOSTILE, "delta": 3, "cause": "manual", "text": HOSTILE, "status": "approved",
    "decision": HOSTILE, "own": False,
}  # fmt: skip
APPEAL = {"who": HOSTILE, "day": "2026-10-20", "rule": HOSTILE}
LEAVE = {"who": HOSTILE, "what": HOSTILE, "when": HOSTILE, "note": HOSTILE}
COMPLAINT = {"company": HOSTILE, "subject": HOSTILE, "by": HOSTILE, "owner": HOSTILE}
MASS = {"by": HOSTILE, "title": HOSTILE, "name": HOSTILE, "count": 3, "due": "2026-10-27"}
IMPORT = {
    "verdict": "missing", "missing": 1, "waiting": 2, "files": [HOSTILE], "rows": 9, "created": 3, "updated": 1, "skipped": 1, "merged": 1,
    "asked": 1, "rejected": 1, "left_out": 1, "sums_agree": False, "important": [HOSTILE], "lost": [HOSTILE],
}  # fmt: skip
REPORT = {
    "mail": 1,
    "name": HOSTILE,
    "screen": "",
    "moment": "2026-10-20T06:00:00Z",
    "day": "2026-10-20",
    "by": HOSTILE,
}
FIGURE = {"label": HOSTILE, "shown": HOSTILE, "note": HOSTILE, "href": PATH, "tone": "bad"}
GRID = {"headings": [HOSTILE, HOSTILE], "rows": [[FIGURE, FIGURE]], "more": 3}
PART = {
    "title": HOSTILE, "says": HOSTILE, "figures": [FIGURE], "grid": GRID, "href": PATH, "lines": [FIGURE],
    "pictures": [{"cid": "a@daybook", "alt": HOSTILE, "title": HOSTILE}],
}  # fmt: skip
LETTER = {"parts": [{**PART, "title": ""}, PART], "lead": HOSTILE, "as_of": HOSTILE}
ENCLOSED = dict.fromkeys(("report_due", "report_now", "owner_week", "team_morning"), LETTER)
"""What else the letters of some kinds are told as they are written."""
CONTEXTS = {
    "report_due": REPORT,
    "report_now": REPORT,
    "owner_week": {**REPORT, "name": "", "screen": "company", "by": ""},
    "import_done": IMPORT,
    "complaint": {**COMPLAINT, "kind": "return", "day": "2026-10-23"},
    "complaint_vip": {**COMPLAINT, "kind": "complaint", "due_at": "2026-10-23T16:00:00Z"},
    "client_merged": {"who": HOSTILE, "name": HOSTILE, "kept": HOSTILE, "undone": False},
    "mass_assigned": MASS,
    "mass_reminded": MASS,
    "mentioned": {"by": HOSTILE, "client": HOSTILE, "note": HOSTILE},
    "adjustment_decided": CHANGE,
    "adjustment_proposed": CHANGE,
    "adjustment_signing": CHANGE,
    "appeal_opened": {**APPEAL, "text": HOSTILE},
    "appeal_decided": {**APPEAL, "accepted": True, "answer": HOSTILE, "delta": 3, "signing": False},
    "leave_asked": LEAVE,
    "leave_decided": {**LEAVE, "status": "refused", "answer": HOSTILE, "by": HOSTILE},
    "rules_published": {"scheme": HOSTILE, "number": 2, "day": "2026-10-20", "by": HOSTILE},
    "day_missing": {"cut_off": "2026-10-20T16:00:00Z", "points": 3, "entries": ENTRIES},
    "team_exceptions": {"cut_off": "2026-10-20T16:00:00Z", "people": PEOPLE},
    "cards_unreviewed": {"cards": 4, "days": [{"day": "2026-10-19", "cards": 4, "url": PATH}]},
    "rules_unsigned": {"scheme": HOSTILE, "number": 2, "sign_by": "2026-10-20T16:00:00Z", "day": "2026-10-21"},
    "team_morning": MORNING,
    "owner_morning": OWNER,
    "scheduler_silent": {"name": "alerts", "since": "2026-10-20T16:00:00Z"},
    "day_dead": {"team": HOSTILE, "day": "2026-10-20", "error": HOSTILE},
    "verification_differs": {"cards": 2, "chain_whole": False},
    "grant_taken": {"who": HOSTILE, "reason": HOSTILE, "until": "2026-10-20T16:00:00+00:00"},
    "card_closed": {"day": "2026-10-20", "points": -1, "posted": 0, "lines": LINES},
    "password_changed": {"network": HOSTILE},
    "deadline_shifted": {"day": "2026-10-20", "deadline": "20:00", "reason": HOSTILE, "by": HOSTILE},
    "password_reset": {},
    "invited": {"by": HOSTILE},
    "access_changed": {"by": HOSTILE, "who": HOSTILE, "role": ["manager", "head"], "email": [HOSTILE, HOSTILE]},
}


@pytest.fixture(autouse=True)
def _enclosed(monkeypatch):
    """Hostile words in place of what the reports would say."""
    for kind, facts in ENCLOSED.items():
        enclosed = Enclosed(facts=facts, attachments=[Attachment(name=HOSTILE, content=b"PK", content_type="text/csv")])
        monkeypatch.setitem(attachments._providers, kind, lambda message, reader, enclosed=enclosed: enclosed)


def told(recipient, clock, kind):
    messages.tell(recipient=recipient, kind=kind, key=kind, at=clock.now, context=CONTEXTS[kind], url="/there/")
    return Delivery.objects.select_related("message__recipient").get()


def kinds():
    folder = Path(settings.BASE_DIR) / "templates" / "notifications"
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_every_kind_is_tried_here():
    assert sorted(CONTEXTS) == kinds()


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_a_kind_says_everything_and_escapes_what_people_wrote(cast, clock, kind):
    cast.owner.full_name = HOSTILE
    cast.owner.save()
    delivery = told(cast.owner, clock, kind)
    letter = rendering.mail(delivery)
    html = letter.alternatives[0][0]
    assert letter.subject.strip()
    assert html.startswith("<!DOCTYPE html>")
    assert "{#" not in html + letter.body
    assert "\n" not in letter.subject
    assert letter.body.strip()
    for markup in (html, rendering.inbox(delivery.message)):
        assert "<script" not in markup
        assert "None" not in markup
    assert "&lt;" not in letter.body, "plain text is not escaped"


@pytest.mark.parametrize("kind", sorted(CONTEXTS))
def test_a_hostile_name_makes_no_header(cast, clock, kind):
    message = rendering.mail(told(cast.owner, clock, kind)).message()
    assert message["Bcc"] is None
    assert message["To"] == cast.owner.email


def test_links_lead_to_this_installation(cast, clock, settings):
    settings.LINKS_URL = "https://crm.example.com"
    letter = rendering.mail(told(cast.owner, clock, "grant_taken"))
    assert "https://crm.example.com/there/" in letter.body
    assert 'href="https://crm.example.com/there/"' in letter.alternatives[0][0]
    assert letter.extra_headers["Message-ID"].endswith("@crm.example.com>")


def test_a_mail_is_written_in_the_recipients_language_on_his_clock(cast, clock):
    cast.owner.language, cast.owner.zone = "pl", "Asia/Tokyo"
    cast.owner.save()
    with translation.override("en"):
        letter = rendering.mail(told(cast.owner, clock, "grant_taken"))
    assert "października 2026, 01:00" in letter.body.lower() or "paź" in letter.body.lower()
    assert '<html lang="pl">' in letter.alternatives[0][0]


def test_the_link_for_a_password_is_in_the_mail_and_nowhere_else(cast, clock):
    delivery = told(cast.owner, clock, "password_reset")
    letter = rendering.mail(delivery)
    assert "/password/reset/" in letter.body
    assert "/password/reset/" not in rendering.inbox(delivery.message)
    assert "/password/reset/" not in str(delivery.message.context)


def test_the_evening_card_says_figures_as_people_write_them(cast, clock):
    body = rendering.mail(told(cast.manager, clock, "card_closed")).body
    assert "Tuesday 20 October is closed with −1 points." in body
    assert "−2  Overdue tasks: 4 / 0 (missed)" in body
    assert "+1" in body
    assert "3 / 2 (met)" in body
    assert f"0  Open deals without a task: {formats.DASH} (not counted)" in body
