"""Kinds of activity and of tasks, as the coordinator confirmed what old words mean."""

from __future__ import annotations

from crm.models import ActivityKind, TaskKind
from migrations_data.loading.context import Context
from migrations_data.loading.resolvers import Matches, of
from migrations_data.meanings.lists import propose_kind
from migrations_data.meanings.words import KINDS_IN_ORDER
from migrations_data.models import What

AS_TASK = {"call": TaskKind.CALL, "meeting": TaskKind.MEETING, "email": TaskKind.EMAIL}


class Kinds:
    """What a word in a column of kinds means."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.found: dict[str, str] = {}

    def of_activity(self, text: str) -> str:
        """A call, meeting, e-mail, message, or else a note."""
        if text not in self.found:
            match = of(self.context, Matches).find(What.ACTIVITY, text) if text else None
            place = (match.target_id if match is not None else None) or propose_kind(text).target or 0
            self.found[text] = KINDS_IN_ORDER[place - 1]
        return ActivityKind(self.found[text])

    def of_task(self, text: str) -> str:
        """A call, meeting or e-mail to make, or else something to do."""
        return AS_TASK.get(self.of_activity(text), TaskKind.TODO) if text else TaskKind.TODO
