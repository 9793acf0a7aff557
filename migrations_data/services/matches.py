"""What the words of the tables mean here: collected from the rows, proposed, confirmed by the coordinator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.models import LossReason, Stage
from migrations_data.meanings import lists
from migrations_data.meanings.base import Proposal, key_of
from migrations_data.meanings.people import Known, Person, propose
from migrations_data.meanings.words import KINDS_IN_ORDER
from migrations_data.models import Decision, Import, ImportMatch, ImportRow, ImportSheet, What
from migrations_data.services import profiles
from migrations_data.understanding.values import text

WORDS_OF: Mapping[str, Mapping[str, What]] = {
    "companies": {"owner": What.OWNER},
    "contacts": {"owner": What.OWNER},
    "deals": {"owner": What.OWNER, "stage": What.STAGE, "loss_reason": What.LOSS_REASON},
    "tasks": {"owner": What.OWNER, "kind": What.ACTIVITY},
    "activities": {"owner": What.OWNER, "kind": What.ACTIVITY},
}
"""Fields whose words stand for something of ours, by kind of table."""
MOST = 300
"""So many words of a list are asked about, the most frequent first: a column with more is no list."""
Words = dict[str, dict[str, tuple[str, int]]]
"""what -> folded text -> (as it was said, how often)"""


class NoSuchChoice(Refused):
    code = "no_such_choice"
    message = _("This choice is not offered any more. Open the page again and choose another one.")


def collect(of: Import) -> None:
    """Find out which words the tables use for people, stages, reasons and kinds, and propose what each means.

    Found by name or told by the import's profile they are sure. Doing it again keeps what the coordinator decided. Statements: one
    for each such column, and a dozen.
    """
    with transaction.atomic():
        words = _words(of)
        there = {(one.what, one.text): one for one in ImportMatch.objects.select_for_update().filter(of_import=of)}
        proposals = _Proposals(of, words)
        kept = []
        for what, said in words.items():
            for folded, (shown, count) in said.items():
                one = there.get((what, folded)) or ImportMatch(of_import=of, what=what, text=folded, said=shown[:200])
                one.count = count
                if not (one.pk and one.sure and proposals.targets.has(one)):
                    _put(one, proposals.of(what, folded))
                kept.append(one)
        ImportMatch.objects.filter(of_import=of).exclude(pk__in=[one.pk for one in kept if one.pk]).delete()
        ImportMatch.objects.bulk_create([one for one in kept if not one.pk])
        changed = [one for one in kept if one.pk and (one.what, one.text) in there]
        ImportMatch.objects.bulk_update(changed, ["count", "decision", "target_id", "sure"], batch_size=1000)


def unsure(of: Import) -> bool:
    """Whether the coordinator has to look at the words before the preview."""
    return ImportMatch.objects.filter(of_import=of, sure=False).exists()


@transaction.atomic
def decide(*, of: Import, by: User, chosen: Mapping[int, str]) -> None:
    """Say what the words mean. `chosen` maps matches to what becomes of them: "use:5", "make:7", "make", "inactive", "mine"; the
    others are as they were proposed. Raises NoSuchChoice."""
    ensure(by, Permission.IMPORT_RUN, of)
    listed = list(ImportMatch.objects.select_for_update().filter(of_import=of))
    allowed = Targets(of)
    for one in listed:
        if one.pk in chosen:
            one.decision, _colon, target = chosen[one.pk].partition(":")
            one.target_id = int(target) if target else None
        if not allowed.has(one):
            raise NoSuchChoice
        one.sure = True
    ImportMatch.objects.bulk_update(listed, ["decision", "target_id", "sure"], batch_size=1000)
    profiles.learn(of)


class Targets:
    """What words can stand for: people, stages and reasons of ours, kinds, and the people of a list that comes along."""

    def __init__(self, of: Import) -> None:
        self.people = [
            Person(one.pk, one.full_name, one.email, _keys(of, one), active=one.is_active)
            for one in User.objects.exclude(role=Role.OWNER).order_by("-is_active", "full_name", "pk")
        ]
        self.beside = list(_people_beside(of))
        self.stages = {one.pk: one.name for one in Stage.objects.select_related("pipeline")}
        self.reasons = {one.pk: one.name for one in LossReason.objects.all()}

    def has(self, one: ImportMatch) -> bool:
        """Whether the decision on a word can be kept."""
        if one.decision == Decision.USE:
            return one.target_id in self._ours(one.what)
        if one.decision == Decision.MAKE and one.what == What.OWNER:
            return any(person.target == one.target_id for person in self.beside)
        return (
            one.decision
            in {
                What.OWNER: (Decision.INACTIVE, Decision.MINE),
                What.STAGE: (Decision.MAKE,),
                What.LOSS_REASON: (Decision.MAKE, Decision.MINE),
                What.ACTIVITY: (),
            }[What(one.what)]
        )

    def _ours(self, what: str) -> set[int]:
        if what == What.OWNER:
            return {one.target for one in self.people}
        if what == What.STAGE:
            return {*self.stages, lists.IS_WON, lists.IS_LOST}
        return set(self.reasons) if what == What.LOSS_REASON else set(range(1, len(KINDS_IN_ORDER) + 1))


class _Proposals:
    """What is proposed for the words of an import."""

    def __init__(self, of: Import, words: Words) -> None:
        self.targets = Targets(of)
        self.remembered: Mapping[str, Any] = of.profile.matches if of.profile else {}
        self.ours = Known(Decision.USE, self.targets.people)
        self.beside = Known(Decision.MAKE, self.targets.beside)
        said = {folded: shown for folded, (shown, _count) in words.get(What.LOSS_REASON, {}).items()}
        proposed = lists.propose_reasons(list(said.values()), self.targets.reasons)
        self.reasons = {folded: proposed[shown] for folded, shown in said.items()}
        self.words = words

    def of(self, what: str, folded: str) -> Proposal:
        remembered = self.remembered.get(what, {}).get(folded)
        if remembered:
            proposal = Proposal(remembered[0], remembered[1], sure=True)
            if self.fits(what, proposal):
                return proposal
        said = self.words[what][folded][0]
        if what == What.OWNER:
            return propose(said, self.ours, self.beside)
        if what == What.STAGE:
            return lists.propose_stage(said, self.targets.stages)
        return self.reasons[folded] if what == What.LOSS_REASON else lists.propose_kind(said)

    def fits(self, what: str, proposal: Proposal) -> bool:
        return self.targets.has(ImportMatch(what=what, decision=proposal.decision, target_id=proposal.target))


def _put(one: ImportMatch, proposal: Proposal) -> None:
    one.decision, one.target_id, one.sure = proposal.decision, proposal.target, proposal.sure


def _words(of: Import) -> Words:
    """The different words in all columns that name something of ours."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    shown: dict[str, dict[str, str]] = defaultdict(dict)
    for sheet in ImportSheet.objects.filter(file__of_import=of, kind__in=WORDS_OF).order_by("pk"):
        for column in sheet.columns:
            what = WORDS_OF[sheet.kind].get(column["field"])
            if what is not None and column["index"] >= 0:
                for code, times in _in_column(sheet, column["index"]):
                    said = column["names"].get(code, code)  # an id of another sheet stands for the name there
                    shown[what].setdefault(key_of(said), said)
                    counts[what][key_of(said)] += times
    return {
        what: {folded: (shown[what][folded], times) for folded, times in counted.most_common(MOST)}
        for what, counted in counts.items()
    }


def _in_column(sheet: ImportSheet, index: int) -> Iterator[tuple[str, int]]:
    """The texts of a column with how often each is there, as the database counts them."""
    cell = Coalesce(KT(f"fixes__{index}"), KT(f"cells__{index}"))
    rows = ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row, part="").order_by()
    for said, times in rows.annotate(said=cell).values_list("said").annotate(times=Count("pk")):
        if bare := text(said):
            yield bare, times


def _keys(of: Import, person: User) -> tuple[str, ...]:
    """The key of a person in the old system that the import comes from."""
    prefix = f"{of.origin}:" if of.origin else ""
    key = person.external_id
    return (key.removeprefix(prefix),) if key and key.startswith(prefix) else ()


def _people_beside(of: Import) -> Iterator[Person]:
    """The people of lists that come with the import: they are there once their list is loaded."""
    for sheet in ImportSheet.objects.filter(file__of_import=of, kind="people").order_by("pk"):
        places = {column["field"]: column["index"] for column in sheet.columns if column["index"] >= 0}
        rows = ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row, part="").order_by("number")
        for pk, cells in rows.values_list("pk", "cells"):
            said = {name: text(cells[place]) for name, place in places.items() if name and place < len(cells)}
            name = said.get("name") or " ".join(filter(None, (said.get("first_name"), said.get("last_name"))))
            if name:
                keys = tuple(filter(None, (said.get("key"),)))
                yield Person(pk, name, said.get("email", ""), keys)
