"""The command plays the stories beside this file, and says what it could not play."""

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
    "lacking": (-8, '{at: "2026-11-09 10:00", by: head, do: leave, who: ewa}'),
    "refused": (-8, '{at: "2026-11-10 10:00", by: ewa, do: lose_deal, name: G, reason: ""}'),
    "wanted": (-8, '{at: "2026-11-10 10:00", by: ewa, do: done_task, name: G, refused: true}'),
    "call": (-5, '{at: "2026-11-10 10:05", by: ewa, do: log_call, contact: x1, ended: "2026-11-10 10:00"}'),
}


SAID = {
    "wrong": "ewa 2026-11-10 points: expected 7, is -8",
    "unknown": "Nobody can do dance.",
    "lacking": "leave needs 'from'.",
    "refused": "event 0 (lose_deal) was refused: Say why the deal was lost",
    "nowhere": "cannot be read",
}


def test_stories_hold_and_what_does_not_hold_is_named(real_commits, tmp_path):
    """One test, because setting the stage costs more than all the stories."""
    for name, (points, event) in ODD.items():
        (tmp_path / f"{name}.yaml").write_text(STORY.format(name=name, points=points, event=event))
    home = connection.settings_dict["NAME"]
    code, results = play(*STORIES, *sorted(tmp_path.iterdir()), tmp_path / "nowhere.yaml")

    told = {result["name"]: result["mismatches"] for result in results.values() if result["name"] not in ODD | SAID}
    assert told == {path.read_text().split('"')[1]: [] for path in STORIES}
    assert code == 1
    for name, said in SAID.items():
        assert not results[name]["ok"]
        assert said in " ".join(results[name]["mismatches"])
    assert (results["wanted"]["ok"], results["wanted"]["refused"]) == (True, [0])
    assert_whole(results["call"]["cards"])
    assert connection.settings_dict["NAME"] == home, "the company's own database is back"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [f"{home}_play_%"])
        assert cursor.fetchone() == (0,), "every scratch database is gone"


def play(*paths: Path) -> tuple[int, dict[str, Any]]:
    """The command's exit code, and its results by name."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("play_scenario", *paths, "--json", stdout=out)
    return int(ended.value.code or 0), {result["name"]: result for result in json.loads(out.getvalue())}


def assert_whole(cards: list[dict[str, Any]]) -> None:
    """A result has every card with its lines and their evidence."""
    (card,) = cards
    assert (card["who"], card["day"], card["cutoff"]) == ("ewa", "2026-11-10", "2026-11-10T17:00:00Z")
    assert (card["points"], card["posted"], card["proposed"]) == (-5, -5, 0)
    calls = next(line for line in card["lines"] if line["rule"] == "CV")
    assert (calls["value"], calls["threshold"], calls["result"], calls["points"]) == (1.0, 5.0, "missed", -2)
    assert [record[2] for record in calls["evidence"]] == ["counted"]
