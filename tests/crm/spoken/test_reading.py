"""A line of text in four languages: what is understood, and that nothing else is lost. No database."""

from datetime import datetime
from time import perf_counter

import pytest

from crm.spoken.reading import Name, Reading, read

NOW = datetime.fromisoformat("2026-10-20T11:30")
"""A Tuesday."""


def told(line: str, now: datetime = NOW) -> Reading:
    return read(line, now)


def due(reading: Reading) -> str:
    return f"{reading.step.due:%m-%d %H:%M}" if reading.step and reading.step.due else ""


# line, kind, result, minutes, when, title of the next step, first name
LINES = [
    # English
    ("call Kowalska 10m agreed, offer tomorrow 15:00", "call", "reached", 10, "10-21 15:00", "offer", "Kowalska"),
    ("call Kowalska 10m agreed offer tomorrow 15:00", "call", "reached", 10, "10-21 15:00", "offer", "Kowalska"),
    ("Called Robert Novak, no answer, call again at 4pm", "call", "no_answer", None, "10-20 16:00", "call again", "Robert Novak"),
    ("met Anna Schmidt at Elbe 45 min refused, next week call back", "meeting", "refused", 45, "10-26 10:00", "call back", "Anna Schmidt"),
    ("note Elbe wants two dates", "note", "", None, "", "", "Elbe"),
    ("phoned Smith busy, in 3 days call", "call", "busy", None, "10-23 10:00", "call", "Smith"),
    ("meeting with Nowak 1h 30m agreed, contract on Monday 10:00", "meeting", "agreed", 90, "10-26 10:00", "contract", "Nowak"),
    ("meeting Nowak cancelled, Fri 14:00 new meeting", "meeting", "not_held", None, "10-23 14:00", "new meeting", "Nowak"),
    ("call 555-1981 no answer, in an hour", "call", "no_answer", None, "10-20 12:30", "", "5551981"),
    ("+48 601 555 198 busy", "call", "busy", None, "", "", "48601555198"),
    ("call Smith half an hour agreed; send quote November 25th", "call", "reached", 30, "11-25 10:00", "send quote", "Smith"),
    ("Smith 5 min wrong number", "call", "wrong_number", 5, "", "", "Smith"),
    ("call Lee, tomorrow morning demo", "call", "", None, "10-21 10:00", "demo", "Lee"),
    ("visited Lee for 2 hours, 2026-11-02 14:30 offer", "meeting", "", 120, "11-02 14:30", "offer", "Lee"),
    ("call Lee spoke, quote the day after tomorrow at 9", "call", "reached", None, "10-22 09:00", "quote", "Lee"),
    ("talked to Lee, today invoice", "", "reached", None, "10-20 16:00", "invoice", "Lee"),
    ("call Lee agreed, next step: send contract", "call", "reached", None, "", "send contract", "Lee"),
    ("call Lee, meeting 25 Nov 3 pm", "call", "", None, "11-25 15:00", "meeting", "Lee"),
    ("call Lee, at 9 ask again", "call", "", None, "10-21 09:00", "ask again", "Lee"),
    ("call Lee, offer in 2 weeks", "call", "", None, "11-03 10:00", "offer", "Lee"),
    # Polish
    ("Zadzwoniłem do Kowalskiej, nie odbiera, jutro o 15 zadzwonić", "call", "no_answer", None, "10-21 15:00", "zadzwonić", "Kowalskiej"),
    ("tel Kowalska 10 min zgoda, oferta jutro o 15", "call", "reached", 10, "10-21 15:00", "oferta", "Kowalska"),
    ("spotkanie z Nowakiem 1h zgoda, umowa za 3 dni", "meeting", "agreed", 60, "10-23 10:00", "umowa", "Nowakiem"),
    ("rozmowa z Anną Kowalską, pojutrze rano demo", "call", "", None, "10-22 10:00", "demo", "Anną Kowalską"),
    ("zadzwoniłam do pani Nowak, zajęte, za godzinę", "call", "busy", None, "10-20 12:30", "", "Nowak"),
    ("tel Wójcik pomyłka", "call", "wrong_number", None, "", "", "Wójcik"),
    ("spotkanie Wiśniewski odwołane, w piątek 14:00 spotkanie", "meeting", "not_held", None, "10-23 14:00", "spotkanie", "Wiśniewski"),
    ("Kowalska 10 min, oferta 25 listopada", "", "", 10, "11-25 10:00", "oferta", "Kowalska"),
    ("Kowalska pół godziny, oferta w poniedziałek o 9", "", "", 30, "10-26 09:00", "oferta", "Kowalska"),
    ("tel Zając odmówił", "call", "reached", None, "", "", "Zając"),
    ("spotkanie Zając odmówiła, za tydzień zadzwonić", "meeting", "refused", None, "10-27 10:00", "zadzwonić", "Zając"),
    ("tel Zając, pn 10 oferta", "call", "", None, "10-26 10:00", "oferta", "Zając"),
    ("tel Zając, w środę po południu oferta", "call", "", None, "10-21 15:00", "oferta", "Zając"),
    ("tel Zając, w przyszłym tygodniu oferta", "call", "", None, "10-26 10:00", "oferta", "Zając"),
    ("notatka Elbe chce dwa terminy", "note", "", None, "", "", "Elbe"),
    ("tel Zając, 25.11 o 10:30 oferta", "call", "", None, "11-25 10:30", "oferta", "Zając"),
    # Russian
    ("звонок Ковальской 10 мин договорились, завтра в 15:00 отправить КП", "call", "reached", 10, "10-21 15:00", "отправить КП", "Ковальской"),
    ("встреча с Ивановым полтора часа согласен, через 3 дня договор", "meeting", "agreed", 90, "10-23 10:00", "договор", "Ивановым"),
    ("позвонил Петрову, не отвечает, через час", "call", "no_answer", None, "10-20 12:30", "", "Петрову"),
    ("звонок Петров занято", "call", "busy", None, "", "", "Петров"),
    ("Звонила Сидоровой, не дозвонилась, в пятницу утром", "call", "no_answer", None, "10-23 10:00", "", "Сидоровой"),
    ("встреча Петров не состоялась, в понедельник в 11 встреча", "meeting", "not_held", None, "10-26 11:00", "встреча", "Петров"),
    ("созвон с Петровым 20 минут, послезавтра КП", "call", "", 20, "10-22 10:00", "КП", "Петровым"),
    ("Петров 5 мин неверный номер", "call", "wrong_number", 5, "", "", "Петров"),
    ("звонок Петрову дозвонился, 25 ноября в 14:30 отправить счёт", "call", "reached", None, "11-25 14:30", "отправить счёт", "Петрову"),
    ("встреча Петров отказ, через неделю позвонить", "meeting", "refused", None, "10-27 10:00", "позвонить", "Петров"),
    ("звонок Петрову, на следующей неделе КП", "call", "", None, "10-26 10:00", "КП", "Петрову"),
    ("звонок Петрову, завтра в 3 часа дня КП", "call", "", None, "10-21", "КП", "Петрову"),
    ("звонок Петрову, пн 10 КП", "call", "", None, "10-26 10:00", "КП", "Петрову"),
    ("заметка Эльбе нужны две даты", "note", "", None, "", "", "Эльбе"),
    # Spanish
    ("llamada con García 10 min de acuerdo, mañana a las 15 enviar oferta", "call", "reached", 10, "10-21 15:00", "enviar oferta", "García"),
    ("reunión con Pérez una hora, en 3 días llamar", "meeting", "", 60, "10-23 10:00", "llamar", "Pérez"),
    ("llamé a López, no contesta, mañana por la mañana", "call", "no_answer", None, "10-21 10:00", "", "López"),
    ("llamada López ocupado, dentro de una hora", "call", "busy", None, "10-20 12:30", "", "López"),
    ("reunión López acordado, el lunes a las 10 contrato", "meeting", "agreed", None, "10-26 10:00", "contrato", "López"),
    ("reunión López cancelada, el viernes reunión", "meeting", "not_held", None, "10-23 10:00", "reunión", "López"),
    ("llamada López número equivocado", "call", "wrong_number", None, "", "", "López"),
    ("López media hora, oferta 25 de noviembre", "", "", 30, "11-25 10:00", "oferta", "López"),
    ("llamada López, pasado mañana a las 9:30 oferta", "call", "", None, "10-22 09:30", "oferta", "López"),
    ("llamada López, la próxima semana oferta", "call", "", None, "10-26 10:00", "oferta", "López"),
    ("llamada López, oferta a las 5 de la tarde", "call", "", None, "10-20 17:00", "oferta", "López"),
    ("visita a López rechazó, en una semana llamar", "meeting", "refused", None, "10-27 10:00", "llamar", "López"),
    ("nota Elbe quiere dos fechas", "note", "", None, "", "", "Elbe"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "kind", "result", "minutes", "when", "title", "name"), LINES, ids=[line[0][:50] for line in LINES]
)
def test_a_line_is_understood(
    line: str, kind: str, result: str, minutes: int | None, when: str, title: str, name: str
) -> None:
    reading = told(line)
    assert (reading.kind, reading.result, reading.minutes) == (kind, result, minutes)
    assert due(reading).startswith(when) if when else not due(reading)
    assert (reading.step.title if reading.step else "") == title
    assert reading.names[0].text == name


def test_there_are_lines_of_every_language() -> None:
    assert len(LINES) >= 60


NOTES = [
    ("call Kowalska 10m agreed, offer tomorrow 15:00", "agreed"),
    ("met Anna Schmidt at Elbe 45 min refused, next week call back", "at Elbe"),
    ("note Elbe wants two dates", "wants two dates"),
    ("call Lee about 25 boxes, tomorrow", "about 25 boxes"),
    ("tel Zając odmówił", "odmówił"),
    ("звонок Ковальской 10 мин договорились, завтра в 15:00 отправить КП", "договорились"),
    ("Kowalska, 25.11 10:00 umowa; reszta później", "reszta później"),
    ("llamada con García, quiere dos fechas y un descuento, mañana oferta", "quiere dos fechas y un descuento"),
]


@pytest.mark.parametrize(("line", "note"), NOTES)
def test_what_is_not_understood_stays_in_the_note(line: str, note: str) -> None:
    reading = told(line)
    assert reading.note(reading.names[0]) == note


STRANGE = [
    "asdkjh qweoiu zxc", "", ",,, ; ;", "🙂🙂 👍🏽 👨‍👩‍👧", "مرحبا، كيف الحال؟", "שלום, מה שלומך", "<script>alert(1)</script>",
    "<b>bold</b> & 'quotes' \"double\"", "'; DROP TABLE crm_task; --", "\u202eright to left\u202c", "99:99 32.13 0 min 100000h", "1/2/3/4",
    "%(name)s {} {{ x }} {% y %}", "ﬁ ½ ² ①", "élève", "\\n \\u0000",
]  # fmt: skip


@pytest.mark.parametrize("line", STRANGE)
def test_nonsense_stays_as_it_is(line: str) -> None:
    reading = told(f"  {line} ")
    assert reading.note() == line
    assert (reading.kind, reading.result, reading.minutes, reading.ended, reading.step) == ("", "", None, None, None)


@pytest.mark.parametrize(
    "piece", ["call ", "🙂", "15:00 ", "שלום ", "<i>", "tomorrow 10 ", "10 min ", "Kowalska, ", "1"]
)
def test_ten_thousand_characters_are_read_at_once_and_kept(piece: str) -> None:
    line = (piece * 10_000)[:10_000]
    begun = perf_counter()
    reading = told(line)
    assert perf_counter() - begun < 0.5
    assert len(reading.note()) > 8_900


def test_the_end_of_a_long_text_is_not_cut_inside_a_word() -> None:
    line = "call Nowak " + "word " * 400 + "end"
    assert told(line).note(Name("Nowak", (1,))).endswith("word word end")
    assert told(line).note(Name("Nowak", (1,))).count("word") == 400


def test_when_it_ended_is_no_next_step() -> None:
    reading = told("call Smith yesterday 16:30 no answer, tomorrow again")
    assert reading.ended == datetime.fromisoformat("2026-10-19T16:30")
    assert due(reading) == "10-21 10:00"
    assert told("call Smith 9:15 agreed").ended == datetime.fromisoformat("2026-10-20T09:15")


def test_a_day_of_this_week_that_has_begun_is_that_of_the_next() -> None:
    assert due(told("call Lee, Tue offer")) == "10-27 10:00"
    assert due(told("call Lee, Tue 15:00 offer")) == "10-20 15:00"
    assert due(told("call Lee, Tue 9:00 offer")) == "10-27 09:00"


def test_late_in_the_evening_today_means_in_an_hour() -> None:
    assert due(told("call Lee, today offer", datetime.fromisoformat("2026-10-20T18:20"))) == "10-20 19:00"


def test_a_title_that_is_too_long_stays_in_the_note_as_well() -> None:
    words = " ".join(["offer"] * 60)
    reading = told(f"call Lee, tomorrow {words}")
    assert reading.step is not None
    assert len(reading.step.title) <= 200
    assert words in reading.note()


def test_a_name_at_the_beginning_leads_the_line() -> None:
    begins, later = told("call Kowalska agreed"), told("wants the price of Berlin")
    assert begins.leads(begins.names[0])
    assert not later.leads(later.names[0])
