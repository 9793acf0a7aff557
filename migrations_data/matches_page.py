"""The page of words: what each word of the tables means here, preselected, to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ServiceForm
from crm.models import ActivityKind
from migrations_data.meanings import lists
from migrations_data.meanings.people import Person, nearest
from migrations_data.meanings.words import KINDS_IN_ORDER
from migrations_data.models import Decision, Import, ImportMatch, What
from migrations_data.services.matches import Targets

MOST_PEOPLE = 60
"""With more people each word offers the nearest of them."""
NEAREST = 25
TITLES: dict[str, tuple[Any, str, Any]] = {
    What.OWNER: (
        gettext_lazy("People"), "users",
        gettext_lazy("Who is meant? Somebody who left can own records until you hand them over, and cannot sign in."),
    ),
    What.STAGE: (
        gettext_lazy("Stages"), "columns-3",
        gettext_lazy("A new stage is put behind yours. Set its probability afterwards."),
    ),
    What.LOSS_REASON: (
        gettext_lazy("Reasons of a loss"), "mood-sad",
        gettext_lazy("A text that is no reason of a list is kept in the note of its deal."),
    ),
    What.ACTIVITY: (
        gettext_lazy("Kinds of activity"), "history",
        gettext_lazy("What is none of these is a note, or a thing to do."),
    ),
}  # fmt: skip
Choice = tuple[str, Any]


@dataclass(frozen=True)
class Word:
    """A word with how often it is there and the field that says what it means."""

    said: str
    count: int
    field: forms.BoundField
    sure: bool


@dataclass(frozen=True)
class Section:
    """The words of one list, the doubtful ones first."""

    title: str
    icon: str
    hint: str
    words: list[Word]
    doubtful: int


class Words(ServiceForm):
    """What each word means. Fields are called "match-<key>"."""

    def __init__(self, of: Import, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches = list(ImportMatch.objects.filter(of_import=of))
        offered = _Offered(of)
        for match in self.matches:
            self.fields[f"match-{match.pk}"] = _choice(match, offered.of(match))

    def arguments(self) -> dict[str, Any]:
        said = {name.removeprefix("match-"): value for name, value in self.cleaned_data.items() if "match-" in name}
        return {"chosen": {int(pk): value for pk, value in said.items() if value}}

    def sections(self) -> list[Section]:
        """The lists that have words, in their order."""
        return [section for what in TITLES if (section := self._section(what)).words]

    def _section(self, what: str) -> Section:
        title, icon, hint = TITLES[what]
        listed = sorted(
            (one for one in self.matches if one.what == what), key=lambda one: (one.sure, -one.count, one.text)
        )
        words = [Word(one.said, one.count, self[f"match-{one.pk}"], one.sure) for one in listed]
        return Section(str(title), icon, str(hint), words, sum(not word.sure for word in words))


class _Offered:
    """What can be chosen for a word."""

    def __init__(self, of: Import) -> None:
        self.targets = Targets(of)
        self.me = of.created_by.full_name
        kinds = dict(ActivityKind.choices)
        self.kinds = [(_code(Decision.USE, place), kinds[name]) for place, name in enumerate(KINDS_IN_ORDER, 1)]

    def of(self, match: ImportMatch) -> Sequence[Any]:
        if match.what == What.OWNER:
            return self._people(match)
        if match.what == What.STAGE:
            return [
                (_("Yours"), [(_code(Decision.USE, pk), name) for pk, name in self.targets.stages.items()]),
                (_("The deal is closed"), [(_code(Decision.USE, lists.IS_WON), _("Won")), (_code(Decision.USE, lists.IS_LOST), _("Lost"))]),
                (Decision.MAKE, _("A new stage “%(name)s”") % {"name": match.said}),
            ]  # fmt: skip
        if match.what == What.LOSS_REASON:
            return [
                (_("Yours"), [(_code(Decision.USE, pk), name) for pk, name in self.targets.reasons.items()]),
                (Decision.MAKE, _("A new reason “%(name)s”") % {"name": match.said[:60]}),
                (Decision.MINE, _("A text, kept in the note")),
            ]
        return self.kinds

    def _people(self, match: ImportMatch) -> Sequence[Any]:
        offered = [
            (
                _("Here"),
                [(_code(Decision.USE, one.target), _name(one)) for one in self._near(match, self.targets.people)],
            ),
            (
                _("In your list of people"),
                [(_code(Decision.MAKE, one.target), one.name) for one in self._near(match, self.targets.beside)],
            ),
        ]
        return [
            *(group for group in offered if group[1]),
            (Decision.INACTIVE, _("Somebody who left: “%(name)s”") % {"name": match.said}),
            (Decision.MINE, _("Nobody: %(name)s takes the records") % {"name": self.me}),
        ]

    def _near(self, match: ImportMatch, people: Sequence[Person]) -> Sequence[Person]:
        """All of them where they are few, else those with a name like it and the one who is chosen."""
        if len(people) <= MOST_PEOPLE:
            return people
        chosen = [one for one in people if one.target == match.target_id]
        return [*chosen, *(one for one in nearest(match.said, people, NEAREST) if one not in chosen)]


def _name(person: Person) -> str:
    return person.name if person.active else _("%(name)s (left)") % {"name": person.name}


def _code(decision: str, target: int) -> str:
    return f"{decision}:{target}"


def _choice(match: ImportMatch, choices: Sequence[Any]) -> forms.ChoiceField:
    label = _("“%(word)s” is") % {"word": match.said}
    code = match.decision if match.target_id is None else _code(match.decision, match.target_id)
    widget = forms.Select(attrs={"aria-label": label, "class": "c-select"})
    return forms.ChoiceField(label=label, choices=choices, initial=code, required=False, widget=widget)
