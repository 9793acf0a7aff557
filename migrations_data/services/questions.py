"""Questions about rows that may be somebody: kept, and forgotten when they no longer hold. `answers` has what people say."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from migrations_data.matching import Question
from migrations_data.models import Answer, Import, ImportQuestion

KINDS = {"companies": "company", "contacts": "contact"}
BATCH = 1000


def keep(of: Import, asked: Mapping[int, Question]) -> None:
    """Keep the questions that rows raise, by row; what was asked of a row before is replaced, its answer stays. One statement."""
    ImportQuestion.objects.bulk_create(
        [
            ImportQuestion(
                of_import=of,
                row_id=row,
                record_type=one.record_type,
                key=one.key[:150],
                group=one.group,
                score=one.score,
                candidates=one.candidates,
            )
            for row, one in asked.items()
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["row"],
        update_fields=["record_type", "key", "group", "score", "candidates"],
    )


def forget(of: Import) -> None:
    """Take back what nobody has answered, and what was answered about rows that are about something else now."""
    about = Q()
    for kind, noun in KINDS.items():
        about |= Q(record_type=noun, row__sheet__kind=kind)
    asked = ImportQuestion.objects.filter(of_import=of)
    asked.filter(Q(answer=Answer.OPEN) | ~about).delete()
