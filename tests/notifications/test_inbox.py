import pytest

from notifications.models import Message
from notifications.services import messages
from tests.budgets import assert_budget


@pytest.fixture
def tell(clock):
    def tell(recipient, key="grant:1", url="/teams/", reason="Import"):
        context = {"who": "Adam", "reason": reason, "until": clock.now}
        return messages.tell(recipient=recipient, kind="grant_taken", key=key, at=clock.now, context=context, url=url)

    return tell


HTMX = {"HTTP_HX_REQUEST": "true"}


def test_the_page_lists_ones_own_messages_only(cast, tell, sign_in):
    tell(cast.owner, reason="Mine")
    tell(cast.head, reason="Not yours")
    page = sign_in(cast.owner).get("/inbox/").content.decode()
    assert "Mine" in page
    assert "Not yours" not in page


def test_the_panel_is_a_fragment(cast, tell, sign_in):
    tell(cast.owner)
    panel = sign_in(cast.owner).get("/inbox/", **HTMX).content.decode()
    assert "<html" not in panel
    assert "Adam took access to clients" in panel


def test_an_empty_inbox_says_what_will_come(cast, sign_in):
    assert "Nothing new" in sign_in(cast.owner).get("/inbox/").content.decode()


def test_the_bell_counts_what_is_unread(cast, tell, sign_in):
    tell(cast.owner)
    assert "Inbox, 1 unread message" in sign_in(cast.owner).get("/teams/").content.decode()


def test_opening_a_message_reads_it_and_goes_where_it_leads(cast, tell, sign_in):
    message = tell(cast.owner)
    answer = sign_in(cast.owner).post(f"/inbox/{message.pk}/read/")
    assert (answer.status_code, answer["Location"]) == (302, "/teams/")
    message.refresh_from_db()
    assert message.read_at is not None


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", ""])
def test_a_message_leads_nowhere_else(cast, tell, sign_in, url):
    message = tell(cast.owner, url=url)
    assert sign_in(cast.owner).post(f"/inbox/{message.pk}/read/")["Location"] == "/inbox/"


def test_the_message_of_another_is_not_there(cast, tell, sign_in):
    message = tell(cast.owner)
    assert sign_in(cast.admin).post(f"/inbox/{message.pk}/read/").status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_all_read_answers_with_the_panel(cast, tell, sign_in):
    tell(cast.owner)
    answer = sign_in(cast.owner).post("/inbox/read/", **HTMX)
    assert answer.status_code == 200
    assert not Message.objects.unread().exists()


def test_older_messages_are_a_page_away(cast, tell, sign_in):
    for number in range(35):
        tell(cast.owner, key=f"grant:{number}", reason=f"Reason {number:02}")
    client = sign_in(cast.owner)
    first = client.get("/inbox/")
    assert "Reason 34" in first.content.decode()
    older = client.get(f"/inbox/?before={first.context['older']}").content.decode()
    assert "Reason 04" in older
    assert "Reason 05" not in older


def test_the_cost_of_the_page_does_not_grow(cast, tell, sign_in):
    client = sign_in(cast.owner)
    tell(cast.owner, key="0")
    assert_budget(client, "/inbox/", 4, lambda: [tell(cast.owner, key=f"grant:{n}") for n in range(25)])
