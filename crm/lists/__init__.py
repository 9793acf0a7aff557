"""Lists: one mechanism for every table of records. Filters that combine, columns of one's choice, sorting, pages by key, kept views.

A list is described once, by a `ListPage`; a request asks it, and the answer is a `Listing`. What a person may not read is
neither shown nor filtered nor sorted by. A page costs two statements however many rows there are: the rows with their
capped count, and the choices of the filters with the kept views.
"""

from crm.lists.filters import Asker, Filter, choice, choices, gaps, record, text, toggle
from crm.lists.listing import Listing
from crm.lists.pages import Column, ListPage, View
from crm.lists.spans import amount, days

__all__ = [
    "Asker", "Column", "Filter", "ListPage", "Listing", "View", "amount", "choice", "choices", "days", "gaps", "record", "text",
    "toggle",
]  # fmt: skip
