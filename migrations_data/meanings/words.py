"""Words of stages, reasons and kinds in English, Polish, Russian and Spanish, folded, by how they begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def _starts(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


STAGES: Mapping[str, Sequence[str]] = {
    "lead": _starts("lead, prospect, new, incoming, nowy, nowa, lid, нов, лид, входящ, nuev, prospecto"),
    "contact": _starts("contact, first call, kontakt, pierwszy kontakt, контакт, первый контакт, звонок, contacto, primer contacto"),
    "qualified": _starts("qualif, discover, needs, kwalifik, badanie, potrzeb, квалиф, потребност, выявлен, calific, necesidad"),
    "meeting": _starts("meeting, visit, appointment, spotkan, wizyt, встреч, визит, reunion, visita"),
    "presentation": _starts("present, demo, engag, prezent, презент, демо, demostr"),
    "offer": _starts("proposal, offer, quote, quotation, ofert, wycen, предлож, кп, коммерческое, propuest, presupuest, cotiz"),
    "negotiation": _starts("negotiat, bargain, negocj, переговор, согласован, торг, negociac"),
    "contract": _starts("contract, agreement, signing, umow, podpis, договор, контракт, подписан, contrat, firma"),
    "payment": _starts("invoice, payment, faktur, platn, счет, оплат, выставлен, factura, pago"),
}  # fmt: skip
REASONS: Mapping[str, Sequence[str]] = {
    "price": _starts("price, expensive, too dear, cost, cena, ceny, drog, цен, дорог, стоимост, precio, caro, coste"),
    "competitor": _starts("compet, other supplier, konkur, inny dostawca, конкур, другой поставщик, competi, otro proveedor"),
    "budget": _starts("budget, no money, budzet, brak srodkow, бюджет, нет денег, presupuesto, sin dinero, sin presupuesto"),
    "need": _starts("no need, not needed, not relevant, nie potrzeb, brak potrzeby, неактуальн, не нужн, нет потребност, no necesit"),
    "time": _starts("timing, postponed, later, delay, terminy, odlozon, przesuni, срок, отложен, позже, plazo, aplazad, mas tarde"),
    "silence": _starts("no answer, no response, silence, brak kontaktu, brak odpowiedzi, не отвеча, нет ответа, пропал, no responde"),
}  # fmt: skip
KINDS: Mapping[str, Sequence[str]] = {
    "call": _starts("call, phone, tel, cold call, rozmow, dzwon, zadzwon, звонок, звон, позвон, созвон, тел, llamad, llamar"),
    "meeting": _starts("meet, visit, appointment, demo, lunch, spotkan, wizyt, встреч, визит, презентац, reunion, visita, cita"),
    "email": _starts("email, e mail, mail, letter, newsletter, poczt, list, wiadomosc e, письм, почт, мейл, имейл, correo, carta"),
    "message": _starts("message, sms, chat, whatsapp, telegram, viber, linkedin, wiadomosc, komunikat, сообщ, смс, чат, ватсап, телеграм, mensaj"),
    "note": _starts("note, comment, other, memo, task, to do, todo, notat, uwag, inne, zadani, замет, примеч, коммент, проч, друг, задач, дело, nota, otro, tarea"),
}  # fmt: skip
"""In the order of `KINDS_IN_ORDER`; what is to be done at a desk is a note when it is done, and a thing to do before."""
KINDS_IN_ORDER = tuple(KINDS)
"""A match names a kind by its place here, counted from 1: the order never changes."""


TASK_STATES: Mapping[str, Sequence[str]] = {
    "open": _starts("open, new, not done, not start, in progress, in work, planned, pending, todo, to do, waiting, otwart, now, w trakcie, w toku, zaplanowan, niewykon, открыт, нов, в работе, в процессе, не выполн, запланир, ожида, abiert, pendient, en curso, en proceso, nuev, planificad"),
    "done": _starts("done, complete, closed, finish, success, wykonan, zrobion, zakoncz, zamknie, gotow, выполн, сделан, заверш, закрыт, готов, исполн, hech, complet, termin, cerrad, finaliz"),
    "dropped": _starts("drop, cancel, abandon, reject, anulow, odwolan, porzucon, отмен, снят, аннулир, отклон, cancelad, anulad, descartad"),
}  # fmt: skip
RESULTS: Mapping[str, Sequence[str]] = {
    "reached": _starts("reached, answered, talked, spoke, connected, rozmawia, odebra, polaczon, дозвон, поговор, ответил, hablad, contest, contactad"),
    "no_answer": _starts("no answer, not answer, unanswered, no response, missed, voicemail, nie odebra, nie odbiera, brak odpowiedzi, не дозвон, недозвон, не ответ, нет ответа, не берет, no contest, sin respuesta"),
    "busy": _starts("busy, zajet, занят, ocupad, comunica"),
    "wrong_number": _starts("wrong number, invalid number, bledny numer, zly numer, pomylka, неверный номер, не тот номер, numero equivocado, numero incorrecto"),
    "agreed": _starts("agreed, accepted, success, positive, interested, umowion, zgod, pozytywn, sukces, согласи, договор, успех, успешн, положительн, заинтересован, acordad, acept, positiv, interesad"),
    "follow_up": _starts("follow up, to be continued, call back, callback, continue, postponed, do kontynuacji, oddzwon, kontynuac, przelozon, перезвон, продолж, перенес, отлож, seguimiento, volver a llamar, aplazad"),
    "refused": _starts("refused, declined, not interested, no interest, negative, odmow, odmowa, niezainteresowan, negatywn, отказ, отрицательн, не интересно, rechaz, negativ, no interesad"),
    "not_held": _starts("not held, cancelled, canceled, did not take place, no show, nie odbyl, odwolan, не состоя, отмен, no celebrad, cancelad"),
}  # fmt: skip


def concept(said: str, concepts: Mapping[str, Sequence[str]]) -> str:
    """The one concept among these that a folded text speaks of; empty for none or several. "not done" is more than "done"."""
    padded = f" {said}"
    spoken = {start: name for name, starts in concepts.items() for start in starts if f" {start}" in padded}
    found = {name for start, name in spoken.items() if not any(start != other and start in other for other in spoken)}
    return next(iter(found)) if len(found) == 1 else ""
