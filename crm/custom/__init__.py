"""Fields that a company adds to its companies, contacts and deals: which there are, what they take, how they read.

`fields_of(noun)` are those in use, `clean` makes values fit for the record's `custom` column, `shown` says a value in words.
In forms, refusals and addresses such a field is called `custom.<key>`; for the policy all of them are one field, `custom`.
"""

from crm.custom.fields import MODELS, PREFIX, fields_for, fields_of, forget, home_currency, key_of, name_of, noun_of
from crm.custom.people import names_of, people_in
from crm.custom.shown import facts, shown
from crm.custom.values import BadValue, UnknownField, clean, is_empty, merged

__all__ = [
    "MODELS", "PREFIX", "BadValue", "UnknownField", "clean", "facts", "fields_for", "fields_of", "forget", "home_currency", "is_empty", "key_of",
    "merged", "name_of", "names_of", "noun_of", "people_in", "shown",
]  # fmt: skip
