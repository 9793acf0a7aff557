"""The words for why a row was not taken and for what was put right. Codes are stored, words are said in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "not_date": _("“%(detail)s” is no date. Write it like 2026-11-30."),
    "not_number": _("“%(detail)s” is no number. Write digits only."),
    "not_whole": _("“%(detail)s” is no whole number."),
    "not_mail": _("“%(detail)s” is no e-mail address. Write it like name@example.com."),
    "not_year": _("“%(detail)s” is no year. Write it with four digits."),
    "nameless": _("The row has no name. Fill it in."),
    "nothing": _("The row says nothing here. Fill it in."),
    "company_unknown": _(
        "No client is called “%(detail)s” or has this number. Add the client, or import the list of companies first."
    ),
    "negative": _("“%(detail)s” is below zero. Enter an amount of zero or more."),
    "owner_unknown": _(
        "Nobody is called “%(detail)s”. Add the person first, or import the list of people with this table."
    ),
    "owner_ambiguous": _("Several people are called “%(detail)s”. Write the e-mail address instead."),
    "company_ambiguous": _("Several companies are called “%(detail)s”. Write the key of the company instead."),
    "product_ambiguous": _("Several products are called “%(detail)s”. Write the name exactly as it is in Daybook."),
    "contact_unknown": _(
        "No contact is called “%(detail)s” or has this number. Add the contact, or import the list of contacts first."
    ),
    "contact_ambiguous": _("Several contacts are called “%(detail)s”. Write the key of the contact instead."),
    "deal_unknown": _(
        "No deal of this client is called “%(detail)s”. Add the deal, or import the list of deals first."
    ),
    "in_the_future": _("“%(detail)s” lies ahead. Put what is planned into a table of tasks."),
    "activity_fixed": _(
        "“%(detail)s”: who did it, when and what it was stays as it was imported. Delete the activity in Daybook and import it again."
    ),
    "not_currency": _("“%(detail)s” is no currency. Write its three letters, like EUR."),
    "parent_itself": _("The company would be a part of itself. Correct the company that it belongs to."),
    "duplicate": _("Row %(detail)s has the same key with other values. Keep the right one of the two."),
    "two_tax_numbers": _(
        "The key of this row belongs to a company with another tax number than %(detail)s. Correct one of the two."
    ),
    "asked": _("This may be somebody who is here already. Say who it is."),
    "waits": _("The row that is the same as this one is not in yet. Put that one right first."),
    "waits_for": _("It is not decided yet who “%(detail)s” is. Say so first, and this row comes in with it."),
    "left": _("Somebody decided to leave it out."),
    "no_data": _("A subtotal or a note of the table, no record."),
    "key_of_another": _(
        "This key belongs to %(detail)s, who shares nothing with this row. Name the old system when you upload, so that its keys are kept apart."
    ),
    "same_row": _("The same as row %(detail)s."),
    "same": _("Nothing in it is new."),
    "deleted": _("The record was deleted in Daybook and stays deleted."),
    "refused": _("%(detail)s"),
}

FINDINGS: dict[str, Any] = {
    "empty": _("“%(was)s” was read as empty"),
    "formula": _(
        "the formula %(was)s has no value in the file and was read as empty: open the file in your table program, save it, and upload it again"
    ),
    "noted": _("“%(was)s” is no address or number and was kept as a note"),
    "shortened": _("“%(was)s” is longer than its field takes: the whole of it is in the note"),
    "product": _("“%(was)s” is “%(now)s” in the list of products"),
    "name": _("“%(was)s” is “%(now)s”"),
    "dates": _("dates were read as %(now)s"),
    "dates_unsure": _("no date shows which part is the day: they were read as %(now)s"),
    "dates_mixed": _("some dates have the day first, some the month: they were read as %(now)s"),
    "unit": _("the amounts look like %(now)s each and were taken as they stand: change the unit of the column if so"),
    "country": _("“%(was)s” is no country that Daybook knows"),
    "company_made": _("“%(was)s” was on no list of companies and was added by its name"),
    "product_made": _("“%(was)s” was on no list of products and was added by its name"),
    "stage_made": _("stage “%(was)s” was added to the pipeline: set its probability"),
    "contact_made": _("“%(was)s” was on no list of contacts and was added by the name"),
    "client_made": _("“%(was)s” is a person who buys: a company of that name was added to hold the purchases"),
    "left_made": _("“%(was)s” was added as somebody who left: hand the records over when you know to whom"),
    "owner_mine": _("records of “%(was)s” were given to %(now)s"),
    "second_channel": _("“%(was)s” was kept in the note: a company has one of them"),
    "status_open": _("“%(was)s” says neither open nor done: these tasks were taken as open"),
    "due_moved": _(
        "tasks whose date had passed are due at the end of the next working day; the old date is in their note"
    ),
    "due_missing": _("tasks without a date are due at the end of the next working day"),
    "result_noted": _("“%(was)s” is none of the results here and was kept in the note"),
    "team_made": _("team “%(was)s” was added, in trial: its points are shown and do not count yet"),
    "not_head": _("“%(was)s” is here without the role of a head: change the role, then give the team its head"),
    "head_made": _("“%(was)s” was added as head of sales, without a row of their own"),
    "no_mail": _(
        "people without an e-mail address got one ending in %(now)s: enter the real ones before they can sign in"
    ),
    "no_owner": _("records without an owner were given to %(now)s"),
    "owner_by_deals": _("companies without an owner were given to the person with most of their deals"),
    "no_reason": _("lost deals without a reason got “%(now)s”"),
    "assumed_won": _("deals with a closing date and no stage were taken as won"),
    "assumed_lost": _("deals with a reason of a loss and no stage were taken as lost"),
    "closed_before": _("deals were closed before they were opened"),
    "closed_now": _("deals that this table closes were open here: they are closed as of the import"),
    "kept": _("“%(now)s” was entered in Daybook and stays"),
}
"""What was wrong or had to be decided; told with its count and column."""


def say(code: str, detail: str) -> str:
    """Why a row was not taken, in words."""
    return str(MESSAGES.get(code, MESSAGES["refused"])) % {"detail": detail}


def say_finding(finding: dict[str, Any]) -> str:
    """A finding in words, without its count and column."""
    return str(FINDINGS.get(finding["code"], "%(was)s")) % finding
