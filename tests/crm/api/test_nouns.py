"""The nouns of the API: read by pages, within reach, by allowed filters; written by the services."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Activity, Company, Contact, Deal, DealStatus, Task
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_stage, make_task

pytestmark = pytest.mark.django_db

NOUNS = ["companies", "contacts", "deals", "tasks", "activities"]
MODELS = {"companies": Company, "contacts": Contact, "deals": Deal, "tasks": Task, "activities": Activity}
REFERENCES = ["pipelines", "stages", "loss-reasons", "products", "tags", "people"]


@pytest.fixture
def make(cast, clock, stage):
    """One record of a noun, of the manager or somebody else."""

    def one(noun, of=None):
        of = of or cast.manager
        makers = {
            "companies": lambda: make_company(of),
            "contacts": lambda: make_contact(of),
            "deals": lambda: make_deal(of),
            "tasks": lambda: make_task(of, clock.now),
            "activities": lambda: make_activity(of, clock.now, note="Spoke"),
        }
        return makers[noun]()

    return one


NEW = {
    "companies": {"name": "Acme"},
    "contacts": {
        "name": "Nadia",
        "phones": [{"number": "+48 600 100 200", "label": "mobile"}],
        "emails": ["n@acme.pl"],
    },
    "deals": {"title": "Fleet", "amount_minor": 120000, "currency": "PLN", "expected_close": "2026-11-01"},
    "tasks": {"title": "Call", "due": "2026-10-23", "kind": "call"},
    "activities": {"kind": "call", "occurred_at": "2026-10-20T07:55:00Z", "note": "Spoke", "seconds": 60},
}


@pytest.mark.parametrize("noun", [*NOUNS, "files", *REFERENCES])
def test_nobody_reads_without_signing_in(client, noun):
    answer = client.get(f"/api/v1/{noun}/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("noun", NOUNS)
def test_a_record_is_read_by_its_own_people_and_is_not_there_for_others(api, cast, make, noun):
    record = make(noun)
    for user in (cast.manager, cast.head, cast.owner):
        assert api(user).get(f"{noun}/{record.pk}/").json()["id"] == record.pk
        assert [row["id"] for row in api(user).get(f"{noun}/").json()["results"]] == [record.pk]
    for user in (cast.teammate, cast.stranger, cast.other_head, cast.admin):
        assert api(user).get(f"{noun}/{record.pk}/").status_code == 404
        assert api(user).get(f"{noun}/").json()["results"] == []


@pytest.mark.parametrize("noun", NOUNS)
def test_a_stranger_changes_nothing(api, cast, make, noun):
    record = make(noun)
    before = MODELS[noun].objects.values().get()
    for user in (cast.stranger, cast.teammate, cast.admin):
        assert api(user).patch(f"{noun}/{record.pk}/", note="Taken").status_code == 404
        assert api(user).delete(f"{noun}/{record.pk}/").status_code == 404
    assert api(cast.owner).patch(f"{noun}/{record.pk}/", note="Taken").status_code == 404
    assert MODELS[noun].objects.values().get() == before


@pytest.mark.parametrize(("key", "source"), [({}, "manual"), ({"external_id": "k-1"}, "api")])
@pytest.mark.parametrize("noun", NOUNS)
def test_a_record_is_entered_by_who_asks_and_captured_only_with_a_programs_key(
    api, cast, clock, stage, noun, key, source
):
    answer = api().post(f"{noun}/", **NEW[noun], **key)
    assert answer.status_code == 201, answer.json()
    record = MODELS[noun].objects.get(pk=answer.json()["id"])
    assert (record.created_by, record.source, record.recorded_at) == (cast.manager, source, clock.now)


@pytest.mark.parametrize("noun", NOUNS)
def test_a_reader_enters_nothing(api, cast, clock, stage, noun):
    assert api(cast.owner).post(f"{noun}/", **NEW[noun]).status_code == 404
    assert not MODELS[noun].objects.exists()


@pytest.mark.parametrize("noun", NOUNS)
def test_the_same_key_sent_again_brings_back_the_record(api, cast, clock, stage, noun):
    first = api().post(f"{noun}/", **NEW[noun], external_id="k-1")
    again = api().post(f"{noun}/", **NEW[noun], external_id="k-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    taken = api(cast.stranger).post(f"{noun}/", **NEW[noun], external_id="k-1")
    assert (taken.status_code, taken.json()["code"]) == (422, "key_taken")


@pytest.mark.parametrize("noun", NOUNS)
def test_an_edit_changes_the_fields_that_are_sent(api, make, noun):
    record = make(noun)
    answer = api().patch(f"{noun}/{record.pk}/", note="Prefers mornings")
    assert (answer.status_code, answer.json()["note"]) == (200, "Prefers mornings")


@pytest.mark.parametrize("noun", NOUNS)
def test_an_edit_on_top_of_somebody_elses_is_answered_with_both_versions(api, clock, make, noun):
    record = make(noun)
    seen_at = api().get(f"{noun}/{record.pk}/").json()["changed_at"]
    clock.set("2026-10-20 11:00")
    assert api().patch(f"{noun}/{record.pk}/", note="First", seen_at=seen_at).status_code == 200
    answer = api().patch(f"{noun}/{record.pk}/", note="Second", seen_at=seen_at)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    both = answer.json()["conflicts"][0]
    assert (both["field"], both["yours"], both["theirs"]) == ("note", "Second", "First")
    again = api().patch(f"{noun}/{record.pk}/", note="Second", seen_at=answer.json()["seen_at"])
    assert (again.status_code, again.json()["note"]) == (200, "Second")


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("word", ["recorded_at", "created_by", "folded", "misspelt", "owner"])
def test_a_word_that_the_verb_does_not_take_is_refused_by_name(api, make, noun, word):
    answer = api().patch(f"{noun}/{make(noun).pk}/", **{word: 1})
    assert (answer.status_code, list(answer.json())) == (400, [word])


@pytest.mark.parametrize("noun", ["companies", "contacts", "tasks", "activities"])
def test_a_deleted_record_is_gone(api, make, noun):
    record = make(noun)
    assert api().delete(f"{noun}/{record.pk}/").status_code == 204
    assert api().get(f"{noun}/{record.pk}/").status_code == 404


def test_a_deal_is_deleted_by_a_head(api, cast, make):
    deal = make("deals")
    assert api().delete(f"deals/{deal.pk}/").status_code == 404
    assert api(cast.head).delete(f"deals/{deal.pk}/").status_code == 204


def test_the_last_task_of_a_deal_is_deleted_knowingly(api, cast, clock, make):
    task = make_task(cast.manager, clock.now, deal=make("deals"))
    assert api().delete(f"tasks/{task.pk}/").status_code == 409
    assert api().delete(f"tasks/{task.pk}/", overridden=True).status_code == 204


@pytest.mark.parametrize("noun", NOUNS)
def test_pages_follow_each_other_without_gap_or_repetition(api, make, noun):
    keys = [make(noun).pk for _number in range(7)]
    for ordering, expected in (("-id", keys[::-1]), ("id", keys), ("changed_at", keys), ("-recorded_at", keys[::-1])):
        asked, read = api(), []
        page = asked.get(f"{noun}/", page_size=3, ordering=ordering).json()
        while True:
            read += [row["id"] for row in page["results"]]
            if page["next"] is None:
                break
            page = asked.client.get(page["next"]).json()
        assert read == expected


def test_a_page_begins_after_its_cursor_although_many_share_the_instant(api, cast, clock, stage):
    keys = [make_task(cast.manager, clock.now).pk for _number in range(5)]
    asked = api()
    first = asked.get("tasks/", page_size=2, ordering="-due_at").json()
    make_task(cast.manager, clock.now)
    second = asked.client.get(first["next"]).json()
    assert [row["id"] for row in first["results"] + second["results"]] == keys[:0:-1]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "WyItZHVlX2F0IiwxLDFd"}, "cursor"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "501"}, "page_size"),
        ({"ordering": "amount_minor"}, "ordering"),
        ({"ordering": "owner__password"}, "ordering"),
    ],
)
def test_pages_that_cannot_be_are_refused_with_the_word(api, query, word):
    answer = api().get("deals/", **query)
    assert (answer.status_code, list(answer.json())) == (400, [word])


@pytest.mark.parametrize("noun", NOUNS)
def test_a_list_costs_the_same_with_one_row_and_with_many(api, make, noun):
    asked = api()

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert asked.get(f"{noun}/").status_code == 200
        return len(captured)

    make(noun)
    cost()  # which own fields there are is asked once a minute
    few = cost()
    for _number in range(20):
        make(noun)
    assert cost() == few <= 6


@pytest.mark.parametrize(
    ("noun", "query"),
    [
        ("companies", {"q": "acme"}),
        ("companies", {"city": "Kraków"}),
        ("companies", {"changed_after": "2026-10-20T09:00:00+02:00"}),
        ("contacts", {"q": "nad"}),
        ("contacts", {"email": "N@acme.pl"}),
        ("deals", {"q": "fleet"}),
        ("deals", {"status": "open"}),
        ("deals", {"has_next_task": "false"}),
        ("tasks", {"due_before": "2026-10-30T00:00:00Z", "status": "open"}),
        ("activities", {"after": "2026-10-20T00:00:00Z", "kind": "call"}),
    ],
)
def test_a_filter_keeps_what_it_asks_for(api, cast, clock, stage, noun, query):
    more = {"companies": {"city": "Kraków"}}.get(noun, {})
    kept = api().post(f"{noun}/", **NEW[noun], **more).json()["id"]
    opposite = {
        "has_next_task": "true",
        "status": "dropped" if noun == "tasks" else "won",
        "q": "zzz",
        "city": "Gdańsk",
    }
    opposite |= {"changed_after": "2026-10-21T00:00:00Z", "email": "x@x.pl", "after": "2026-10-21T00:00:00Z"}
    assert [row["id"] for row in api().get(f"{noun}/", **query).json()["results"]] == [kept]
    turned = {name: opposite.get(name, value) for name, value in query.items()}
    assert api().get(f"{noun}/", **turned).json()["results"] == []


def test_an_unknown_filter_never_reaches_the_table(api, cast, make):
    make("deals")
    for query in ({"owner__password__startswith": "x"}, {"folded": "x"}, {"created_by__email": "x"}):
        assert len(api().get("deals/", **query).json()["results"]) == 1


def test_a_filter_by_the_person_finds_nothing_beyond_reach(api, cast, make):
    make("deals", cast.stranger)
    assert api().get("deals/", owner=cast.stranger.pk).json()["results"] == []


@pytest.mark.parametrize("noun", REFERENCES)
def test_what_records_choose_from_is_read_by_everybody_and_written_by_nobody(api, cast, stage, noun):
    for user in (cast.manager, cast.owner, cast.admin):
        assert api(user).get(f"{noun}/").status_code == 200
        assert api(user).post(f"{noun}/", name="x").status_code == 405


def test_of_a_colleague_one_reads_what_the_policy_lets_one_read(api, cast):
    seen = {user.role: set(api(user).get(f"people/{cast.head.pk}/").json()) for user in (cast.manager, cast.admin)}
    assert "language" not in seen["manager"]
    assert "language" in seen["admin"]
    assert {"id", "full_name", "role"} <= seen["manager"] < seen["admin"]


def test_a_record_beyond_reach_is_not_known_as_a_value(api, cast, clock, stage):
    theirs = make_company(cast.stranger, "Theirs")
    for noun in ("contacts", "deals", "tasks", "activities"):
        answer = api().post(f"{noun}/", **NEW[noun], company=theirs.pk)
        assert (answer.status_code, list(answer.json())) == (400, ["company"])
        assert "Theirs" not in answer.content.decode()
    assert DealStatus.OPEN not in Deal.objects.values_list("status", flat=True)
    assert make_stage("New").deals.count() == 0
