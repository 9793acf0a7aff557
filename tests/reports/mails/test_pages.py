"""The pages on which reports by mail are set up, and the verbs behind them."""

from datetime import time

import pytest

from accounts.refusals import NotAllowed
from notifications.models import Message
from reports.models import Report, ReportMail, ReportShare
from reports.services import report_mails
from tests.budgets import assert_budget
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
LIST = "/reports/mails/"


def sent(report, *people, **more):
    facts = {
        "what": f"report:{report.pk}",
        "rhythm": "weekly",
        "weekday": 3,
        "day": 1,
        "hour": "09:30",
        "with_excel": "on",
    }
    return facts | {"people": [one.pk for one in people]} | more


def test_a_report_is_set_up_from_its_page(cast, report, sign_in):
    browser = sign_in(cast.head)
    asked = browser.get(f"{LIST}new/?report={report.pk}", **HTMX)
    assert asked.context["form"].initial["what"] == f"report:{report.pk}"
    answer = browser.post(f"{LIST}new/", sent(report, cast.manager, roles=["head"], skip_empty="on"), **HTMX)
    assert answer.status_code == 204
    mail = ReportMail.objects.get()
    assert (mail.user, mail.report, mail.weekday, mail.at, mail.skip_empty) == (cast.head, report, 3, time(9, 30), True)
    assert {(one.role, one.person) for one in mail.recipients.all()} == {("head", None), ("", cast.manager)}


def test_the_list_says_what_comes_when_to_whom_and_who_is_shut_out(cast, report, set_up, sign_in):
    ReportShare.objects.filter(report=report, role="manager").delete()
    set_up(cast.manager, cast.head, weekday=1)
    page = sign_in(cast.head).get(LIST)
    (row,) = page.context["rows"]
    assert (row.title, row.when) == ("Deals by owner", "Every week on Monday at 08:00")
    assert (row.gets, row.shut_out) == (1, ["Anna Manager"])
    assert "1 person may not open it and gets nothing: Anna Manager." in page.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"people": []}, "people"),
        ({"what": ""}, "what"),
        ({"what": "screen:company"}, "what"),
        ({"hour": "noon"}, "hour"),
        ({"rhythm": "hourly"}, "rhythm"),
        ({"day": "32"}, "day"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast, report, sign_in, wrong, field):
    answer = sign_in(cast.head).post(f"{LIST}new/", sent(report, cast.manager) | wrong, **HTMX)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ReportMail.objects.exists()


def test_a_change_keeps_who_gets_it_exactly(cast, report, set_up, sign_in):
    mail = set_up(cast.manager, roles=["owner"])
    answer = sign_in(cast.head).post(
        f"{LIST}{mail.pk}/edit/", sent(report, cast.teammate, rhythm="monthly", day=31), **HTMX
    )
    assert answer.status_code == 204
    mail.refresh_from_db()
    assert (mail.rhythm, mail.day) == ("monthly", 31)
    assert [one.person for one in mail.recipients.all()] == [cast.teammate]


def test_pause_go_on_try_and_remove(cast, set_up, sign_in):
    mail = set_up(cast.manager)
    browser = sign_in(cast.head)
    for verb, active in (("pause", False), ("resume", True)):
        assert browser.post(f"{LIST}{mail.pk}/{verb}/", **HTMX).status_code == 204
        mail.refresh_from_db()
        assert mail.active == active
    assert browser.post(f"{LIST}{mail.pk}/send/", **HTMX).status_code == 204
    assert Message.objects.get(kind="report_now").recipient == cast.head
    assert browser.get(f"{LIST}{mail.pk}/delete/", **HTMX).status_code == 200
    assert browser.post(f"{LIST}{mail.pk}/delete/", **HTMX).status_code == 204
    assert not ReportMail.objects.exists()


def test_nobody_mails_what_he_may_not_open_or_what_is_anothers(cast, report, set_up, clock):
    foreign = Report.objects.create(user=cast.other_head, name="Other", definition={"source": "deals"})
    mail = set_up(cast.manager)
    facts = {"rhythm": "weekly", "hour": time(8), "people": [cast.manager], "at": clock.now}
    for more in (
        {"report": foreign, "by": cast.head},
        {"screen": "company", "by": cast.head},
        {"report": report, "by": cast.manager},
    ):
        with pytest.raises(NotAllowed):
            report_mails.put(**facts, **more)
    for verb in (report_mails.pause, report_mails.resume, report_mails.delete, report_mails.send_now):
        with pytest.raises(NotAllowed):
            verb(mail=mail, by=cast.other_head, at=clock.now)
    with pytest.raises(report_mails.NothingToMail):
        report_mails.put(**facts, report=report, screen="control", by=cast.head)


def test_strangers_find_nothing(cast, set_up, sign_in):
    mail = set_up(cast.manager)
    browser = sign_in(cast.other_head)
    assert "Deals by owner" not in browser.get(LIST).content.decode()
    assert browser.get(f"{LIST}{mail.pk}/edit/").status_code == 404
    assert browser.post(f"{LIST}{mail.pk}/pause/").status_code == 404
    assert sign_in(cast.manager).get(LIST).status_code == 404


def test_one_may_set_up_only_so_many(cast, set_up, monkeypatch):
    monkeypatch.setattr(report_mails, "MOST", 1)
    set_up(cast.manager)
    with pytest.raises(report_mails.TooManyMails):
        set_up(cast.manager)


def test_the_list_costs_the_same_with_many(cast, set_up, sign_in):
    set_up(cast.manager)

    def more():
        for _ in range(4):
            set_up(*(make_user(team=cast.team) for _ in range(3)), roles=["manager"])

    assert_budget(sign_in(cast.head), LIST, 6, more)
