"""The command plays the stories beside this file, and says what it could not play. All are played once, in one run."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

STORIES = sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))
STORY = """
name: "{name}"
days: [2026-11-10, 2026-11-10]
people: {{ewa: {{}}}}
standing_task_due: "2026-11-20 15:00"
events: [{event}]
expect: [{{who: ewa, day: 2026-11-10, points: {points}}}]
"""
ODD = {
    "wrong": (7, ""),
    "unknown": (-8, '{at: "2026-11-10 10:00", by: ewa, do: dance}'),
    "later": (-8, '{at: "2026-11-09 10:00", by: head, do: leave, who: ewa}'),
    "refused": (-8, '{at: "2026-11-10 10:00", by: ewa, do: lose_deal, name: G}'),
    "wanted": (-8, '{at: "2026-11-10 10:00", by: ewa, do: done_task, name: G, refused: true}'),
    "call": (-5, '{at: "2026-11-10 10:05", by: ewa, do: log_call, contact: x1, ended: "2026-11-10 10:00"}'),
}


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker, tmp_path_factory) -> dict[str, Any]:
    """Exit code, results by name, and the databases that were there during and after."""
    folder = tmp_path_factory.mktemp("stories")
    for name, (points, event) in ODD.items():
        (folder / f"{name}.yaml").write_text(STORY.format(name=name, points=points, event=event))
    out = StringIO()
    with django_db_blocker.unblock():
        home = connection.settings_dict["NAME"]
        with pytest.raises(SystemExit) as ended:
            call_command(
                "play_scenario", *STORIES, *sorted(folder.iterdir()), folder / "nowhere.yaml", "--json", stdout=out
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [f"{home}_play_%"])
            left = cursor.fetchone()[0]
        same = connection.settings_dict["NAME"] == home
        connection.close()
    results = {result["name"]: result for result in json.loads(out.getvalue())}
    return {"code": ended.value.code, "results": results, "left": left, "home_again": same}


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_holds(played, path):
    name = path.read_text().split('"')[1]
    assert played["results"][name]["mismatches"] == []
    assert played["results"][name]["ok"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wrong", "ewa 2026-11-10 points: expected 7, is -8"),
        ("unknown", "Nobody can do dance."),
        ("later", "not played yet: leave"),
        ("refused", "event 0 (lose_deal) was refused: Say why the deal was lost"),
        ("nowhere", "cannot be read"),
    ],
)
def test_what_does_not_hold_is_named_and_the_command_fails(played, name, said):
    result = played["results"][name]
    assert not result["ok"]
    assert said in " ".join(result["mismatches"])
    assert played["code"] == 1


def test_a_refusal_that_the_story_wants_holds(played):
    assert played["results"]["wanted"]["ok"]
    assert played["results"]["wanted"]["refused"] == [0]


def test_a_result_has_every_card_with_its_lines_and_evidence(played):
    (card,) = played["results"]["call"]["cards"]
    assert (card["who"], card["day"], card["cutoff"]) == ("ewa", "2026-11-10", "2026-11-10T17:00:00Z")
    assert (card["points"], card["posted"], card["proposed"]) == (-5, -5, 0)
    calls = next(line for line in card["lines"] if line["rule"] == "CV")
    assert (calls["value"], calls["threshold"], calls["result"], calls["points"]) == (1.0, 5.0, "missed", -2)
    assert [record[2] for record in calls["evidence"]] == ["counted"]


def test_the_companys_own_database_is_back_and_every_scratch_database_gone(played):
    assert played["home_again"]
    assert played["left"] == 0
