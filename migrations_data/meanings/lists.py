"""What a word for a stage, a reason of a loss or a kind of activity means here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm.folding import fold
from migrations_data.meanings.base import Proposal, key_of, likeliest, used
from migrations_data.meanings.words import KINDS, KINDS_IN_ORDER, REASONS, STAGES, concept
from migrations_data.models import Decision
from migrations_data.understanding.words import LOST, WON

IS_WON, IS_LOST = -1, -2
"""Targets of words in a column of stages that say how the deal ended."""
LONGEST_REASON = 80
MOST_NEW_REASONS = 15
"""More different reasons than these are texts, not a list to choose from."""


def propose_stage(said: str, ours: Mapping[int, str]) -> Proposal:
    """A stage of ours by name, or the same step of a funnel in other words; won or lost; else a new one."""
    folded = fold(said)
    if folded in WON or folded in LOST:
        return used(IS_WON if folded in WON else IS_LOST, sure=True)
    return _by_name(said, ours, STAGES) or Proposal(Decision.MAKE, sure=not ours)


def propose_reasons(said: Sequence[str], ours: Mapping[int, str]) -> dict[str, Proposal]:
    """The same for reasons, all at once: what is no list becomes one reason, its words kept with the deal."""
    found = {text: _by_name(text, ours, REASONS) for text in said}
    new = [text for text, proposal in found.items() if proposal is None]
    texts = len(new) > MOST_NEW_REASONS
    made = Proposal(Decision.MAKE, sure=not ours and not texts)
    return {
        text: proposal or (Proposal(Decision.MINE) if texts or len(text) > LONGEST_REASON else made)
        for text, proposal in found.items()
    }


def propose_kind(said: str) -> Proposal:
    """A kind of activity by what the word speaks of; a note when it says nothing that is known."""
    spoken = concept(key_of(said), KINDS)
    return used(KINDS_IN_ORDER.index(spoken or "note") + 1, sure=bool(spoken))


def _by_name(said: str, ours: Mapping[int, str], concepts: Mapping[str, Sequence[str]]) -> Proposal | None:
    asked = key_of(said).replace(" ", "")
    for key, name in ours.items():
        if key_of(name).replace(" ", "") == asked:
            return used(key, sure=True)
    alike = likeliest(said, ours)
    if alike is not None:
        return used(alike)
    spoken = concept(key_of(said), concepts)
    same = [key for key, name in ours.items() if spoken and concept(key_of(name), concepts) == spoken]
    return used(same[0]) if len(same) == 1 else None
