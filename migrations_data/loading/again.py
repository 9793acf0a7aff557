"""Single rows judged once more, when something about them was decided: by the very way that a pass takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from migrations_data.loading import engine, linking, remembering, staged
from migrations_data.loading.rows import Reader
from migrations_data.loading.tally import Tally
from migrations_data.models import LOADED, Answer, Import, ImportQuestion
from migrations_data.services import verdicts
from migrations_data.understanding.own import kind_of


def take_back(*, of: Import, rows: Sequence[int], by: User, at: datetime, loaded_too: bool) -> list[int]:
    """Forget the verdicts on these rows and on those that wait for them, on loaded ones only when told so; the rows that are without
    one now."""
    context = engine.context_of(of, by, at, commit=False)
    wanted = {*rows, *remembering.those_waiting(context, rows)}
    pks: list[int] = []
    for sheet in staged.in_order(of):
        asked = staged.data_of(sheet).filter(pk__in=wanted)
        asked = asked if loaded_too else asked.exclude(outcome__in=LOADED)
        said = dict(asked.values_list("pk", "outcome"))
        judged = {pk: outcome for pk, outcome in said.items() if outcome}
        if judged:
            reader = Reader(kind_of(sheet.kind), sheet.columns)
            tally = Tally.of(sheet, reader)
            tally.take_back([(row, judged[row.pk]) for row in staged.read(reader, list(judged))])
            tally.save()
            Import.objects.filter(pk=of.pk).update(rows_done=F("rows_done") - len(judged))
            asked.filter(pk__in=judged).update(**verdicts.NONE)
        pks += said
    return pks


def judge(*, of: Import, by: User, at: datetime, rows: Sequence[int], commit: bool) -> None:
    """Judge some rows without a verdict at once. What is not to `commit` is taken back."""
    context = engine.context_of(of, by, at, commit=commit, alone=True)
    for sheet in staged.in_order(of):
        pending = staged.data_of(sheet).filter(pk__in=rows, outcome="").order_by("number")
        pks = list(pending.values_list("pk", flat=True))
        if not pks:
            continue
        loader, tally = engine.begin(context, sheet)
        remembering.keys_like(context, loader, sheet, staged.read(context.reader, pks))
        leaning = linking.leaning_of(context)
        chunks = [[pk for pk in pks if pk not in leaning], [pk for pk in pks if pk in leaning]]
        if sheet.kind == "people":
            staged.arranged(context, sheet, loader)
        with transaction.atomic():
            if sheet.kind == "deals":
                engine.add_stages(context, sheet)
            said = engine.judge(context, loader, [chunk for chunk in chunks if chunk], tally)
            if not commit:
                transaction.set_rollback(True)
        context.reader.findings.clear()  # they were counted when the rows were read first
        if not commit:
            context.findings.clear()
        engine.keep(context, said, tally)
        Import.objects.filter(pk=of.pk).update(rows_done=F("rows_done") + len(said))
        asked = [verdict.row.pk for verdict in said if verdict.question]
        settled = ImportQuestion.objects.filter(row__in=pks, answer=Answer.OPEN).exclude(row__in=asked)
        settled.delete()
