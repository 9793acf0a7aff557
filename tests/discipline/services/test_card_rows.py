from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from discipline.models import Rule, SchemeVersion, Scorecard, ScoreLine
from discipline.services import days
from discipline.services.bulk import copy

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 10, 20)


@pytest.fixture
def line(scored, clock, cast):
    """A line of the manager's closed Tuesday."""
    days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 18:30"))
    return Scorecard.objects.get(user=cast.manager).lines.all()[0]


def written_again(line: ScoreLine, **other: object) -> None:
    """The line once more, under another code and with what else is said."""
    line.pk, line.code = None, "again"
    for name, value in other.items():
        setattr(line, name, value)
    with transaction.atomic():
        line.save(force_insert=True)


def rule_of(version: SchemeVersion, line: ScoreLine) -> Rule:
    rule = Rule.objects.get(pk=line.rule_id)
    rule.pk, rule.version = None, version
    rule.save(force_insert=True)
    return rule


def test_a_line_of_a_published_rule_of_the_cards_version_is_taken(line):
    written_again(line)
    assert ScoreLine.objects.filter(card=line.card_id, code="again").count() == 1


def test_a_line_without_a_card_or_a_rule_is_refused(line):
    for missing in ({"card_id": 0}, {"rule_id": 0}):
        with pytest.raises(IntegrityError, match="belongs to a card"):
            written_again(ScoreLine.objects.get(pk=line.pk), **missing)


def test_a_line_by_a_rule_of_a_draft_or_of_another_version_is_refused(line):
    version = SchemeVersion.objects.create(scheme=line.rule.version.scheme, number=99)
    rule = rule_of(version, line)
    with pytest.raises(IntegrityError, match="published rule of its version"):
        written_again(ScoreLine.objects.get(pk=line.pk), rule_id=rule.pk)
    SchemeVersion.objects.filter(pk=version.pk).update(
        published_at=timezone.now(), published_by=line.card.user, effective_from=date(2030, 1, 1)
    )
    with pytest.raises(IntegrityError, match="published rule of its version"):
        written_again(ScoreLine.objects.get(pk=line.pk), rule_id=rule.pk)


def test_copied_rows_keep_what_they_say(db):
    rows = [(1, "tab\there", None), (2, "line\nbreak\r", ""), (3, "C:\\new", "\\N"), (4, '["\\u00e9", "ü"]', "\\.")]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept (n int, said text, more text) ON COMMIT DROP")
        copy("kept", ("n", "said", "more"), rows)
        cursor.execute("SELECT n, said, more FROM kept ORDER BY n")
        assert cursor.fetchall() == rows
