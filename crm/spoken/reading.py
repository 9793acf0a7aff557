"""The one parser of a line of text. Pure: it asks no database and knows no person; who was meant is found by the caller."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta

from crm.spoken.lexicon import LEXICON
from crm.spoken.moments import AMOUNT, Moment, Moments
from crm.spoken.names import names
from crm.spoken.parts import EDGES, Name, Reading, Step, Token, joined
from crm.spoken.words import bare

__all__ = ["Name", "Reading", "Step", "read"]
TOKEN = re.compile(r"\d+(?:[.,:/\-]\d+)*|[^\W\d_]+(?:['’\-][^\W\d_]+)*|\S")
READ = 1_000
"""So much of a text is looked at; what comes behind is kept for the note."""
TITLE = 200
OPENING = 3
"""The kind stands among so many first words; later on it is part of what was said."""
MORNING, AFTERNOON = time(10), time(16)
LOGGED = ("call", "meeting", "note")
CALLS = ("reached", "no_answer", "busy", "wrong_number")
MEETINGS = ("agreed", "follow_up", "refused", "not_held")
TELLS = {"no_answer": "call", "busy": "call", "wrong_number": "call", "not_held": "meeting"}
"""Results that only one kind has."""
TALKED = ("agreed", "follow_up", "refused")
"""How a talk went: a call has no such result, it was reached and the word stays in the note."""


def read(line: str, now: datetime) -> Reading:
    """Read a line, seen from `now` by the clock on the person's wall (without a zone)."""
    whole = unicodedata.normalize("NFC", line).strip()
    end = len(whole)
    if end > READ:
        end = max(whole.rfind(" ", 0, READ), whole.rfind("\n", 0, READ))
        end = end if end > 0 else READ
    text, rest = whole[:end], whole[end:]
    tokens = tuple(Token(m.group(), bare(m.group()), m.start(), m.end()) for m in TOKEN.finditer(text))
    return _Line(text, rest, tokens, now).reading()


class _Line:
    """One line on its way to a reading: each word is taken at most once."""

    def __init__(self, text: str, rest: str, tokens: tuple[Token, ...], now: datetime) -> None:
        self.text, self.rest, self.tokens, self.now = text, rest, tokens, now
        self.words = [token.word for token in tokens]
        self.moments = Moments(LEXICON, self.words, [token.text for token in tokens], now)
        self.step_at: tuple[int, int, Moment] | None = None
        self.ended: datetime | None = None
        self.told_until = 0

    def reading(self) -> Reading:
        self._parts()
        self._times()
        step_part = self._step_part()
        minutes = self._minutes(step_part)
        result = self._result(step_part)
        kind = self._kind(step_part) or TELLS.get(result, "")
        result = self._fitting(result, kind)
        step = self._step(step_part)
        return Reading(
            kind=kind, result=result, minutes=minutes, ended=self.ended, step=step, names=names(self.tokens), text=self.text,
            rest=self.rest, tokens=self.tokens,
        )  # fmt: skip

    # --- where the parts lie ---

    def _parts(self) -> None:
        """Number the parts between commas, lines and sentences; "then" at the beginning of one is no word of it."""
        part = 0
        for place, token in enumerate(self.tokens):
            gap = self.text[self.tokens[place - 1].end : token.start] if place else ""
            ends = place > 0 and (
                self.tokens[place - 1].text in ",;→–—" or "\n" in gap or self._sentence_ends(place - 1, gap)
            )
            if ends:
                part += 1
            token.part = part
            if ends or place == 0:
                length = LEXICON.then.length(self.words, place) if not self.moments.find(place) else 0
                colon = bool(length) and self.words[place + length : place + length + 1] == [""]
                self._take(place, length + colon, "then")

    def _sentence_ends(self, place: int, gap: str) -> bool:
        return bool(gap) and self.tokens[place].text in ".!?:-" and not self.tokens[place].taken

    def _take(self, place: int, length: int, what: str) -> None:
        for token in self.tokens[place : place + length]:
            token.taken = what

    def _free(self, place: int, length: int) -> bool:
        """Whether these words are nobody's yet and lie in one part."""
        span = self.tokens[place : place + length]
        return all(not token.taken for token in span) and len({token.part for token in span}) == 1

    # --- what is understood ---

    def _times(self) -> None:
        """The last moment ahead is the next step's; one that has passed says when it ended."""
        place = 0
        while place < len(self.tokens):
            found = self.moments.find(place)
            if not found or not self._free(place, found[1]):
                place += 1
                continue
            moment, length = found
            if self._ahead(moment, self.tokens[place].part):
                if self.step_at:
                    self._take(*self.step_at[:2], "")
                self.step_at = (place, length, moment)
                self._take(place, length, "moment")
            elif moment.hour and self.ended is None:
                self.ended = datetime.combine(moment.day, moment.hour)
                self._take(place, length, "moment")
            place += length

    def _ahead(self, moment: Moment, part: int) -> bool:
        """Whether it is yet to come. A bare hour that has passed means tomorrow's where the next step is spoken of."""
        if moment.hour is None:
            return moment.day >= self.now.date()
        passed = datetime.combine(moment.day, moment.hour) <= self.now
        return not passed or (moment.hour_only and part > 0)

    def _step_part(self) -> int | None:
        """The part that speaks of the next step; 0 where it is one with what happened."""
        if self.step_at:
            return self.tokens[self.step_at[0]].part
        return next((token.part for token in reversed(self.tokens) if token.taken == "then"), None)

    def _told(self, step_part: int | None) -> list[int]:
        """The free words of what happened."""
        return [p for p, t in enumerate(self.tokens) if not t.taken and (t.part != step_part or t.part == 0)]

    def _minutes(self, step_part: int | None) -> int | None:
        for place in self._told(step_part):
            lead = LEXICON.lasting.length(self.words, place)
            for skipped in dict.fromkeys((lead, 0)):
                found = self._length(place + skipped)
                if found and 0 < found[0] <= 1440 and self._free(place, skipped + found[1]):
                    self._tell(place, skipped + found[1], "minutes")
                    return found[0]
        return None

    def _tell(self, place: int, length: int, what: str) -> None:
        """How it ended and how long it took stand at the end of what happened."""
        self._take(place, length, what)
        self.told_until = max(self.told_until, place + length)

    def _length(self, place: int) -> tuple[int, int] | None:
        """ "10 min", "1h 30m", "half an hour" as minutes and words."""
        phrase = LEXICON.lengths.find(self.words, place)
        if phrase:
            return phrase
        counted = self._amount(place)
        unit = LEXICON.units.find(self.words, place + 1) if counted else None
        if not counted or not unit or unit[0] not in ("minute", "hour"):
            return None
        minutes = round(counted * (60 if unit[0] == "hour" else 1))
        more = self._length(place + 1 + unit[1]) if unit[0] == "hour" else None
        if more and more[0] < 60:
            return minutes + more[0], 1 + unit[1] + more[1]
        return minutes, 1 + unit[1]

    def _amount(self, place: int) -> float:
        """A figure, or a number as a word before a unit that is one too ("una hora", but not "a m")."""
        if place + 1 >= len(self.tokens):
            return 0
        if AMOUNT.match(self.tokens[place].text):
            return float(self.tokens[place].text.replace(",", "."))
        found = LEXICON.numbers.find(self.words, place)
        return float(found[0]) if found and len(self.words[place + 1]) > 2 else 0

    def _result(self, step_part: int | None) -> str:
        for place in self._told(step_part):
            found = LEXICON.results.find(self.words, place)
            if found and self._free(place, found[1]):
                self._tell(place, found[1], "result")
                return str(found[0])
        return ""

    def _kind(self, step_part: int | None) -> str:
        for place in self._told(step_part):
            found = LEXICON.kinds.find(self.words, place)
            if found and found[0] in LOGGED and self.tokens[place].part == 0 and place < OPENING:
                self._take(place, found[1], "kind")
                return str(found[0])
        return ""

    def _fitting(self, result: str, kind: str) -> str:
        """The result as the kind knows it. A word that says more than the kind's result stays in the note."""
        offered = MEETINGS if kind == "meeting" else () if kind == "note" else CALLS
        if result in offered:
            return result
        for token in self.tokens:
            token.taken = "" if token.taken == "result" else token.taken
        return "reached" if result in TALKED and kind == "call" else ""

    def _step(self, step_part: int | None) -> Step | None:
        if step_part is None:
            return None
        places = self._title(step_part)
        said = joined(self.text, self.tokens, places).strip(EDGES + ".")
        kind = next((found[0] for p in places[:OPENING] if (found := LEXICON.kinds.find(self.words, p))), "")
        if len(said) <= TITLE:
            for place in places:
                self.tokens[place].taken = "title"
        due = self._due(self.step_at[2]) if self.step_at else None
        return Step(said[:TITLE].strip(), kind if kind != "note" else "", due) if due or said else None

    def _title(self, step_part: int) -> list[int]:
        """Where the words of the next step stand: its whole part, or what lies between how it ended and when."""
        free = [p for p, t in enumerate(self.tokens) if t.part == step_part and not t.taken]
        if step_part > 0 or not self.step_at:
            return free
        begins, length, _moment = self.step_at
        behind = [p for p in free if p >= begins + length]
        return behind or [p for p in free if 0 < self.told_until <= p < begins]

    def _due(self, moment: Moment) -> datetime:
        due = moment.at(MORNING)
        if due > self.now:
            return due
        if moment.hour:
            return due + timedelta(days=1)
        afternoon = datetime.combine(moment.day, AFTERNOON)
        in_an_hour = (self.now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
        return afternoon if afternoon > self.now else in_an_hour
