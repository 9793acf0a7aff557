"""Records by the thousand, as an import brings them: the rules of one, the statements of a few.

Who imports needs `IMPORT_RUN` and reaches records by the key of their source, not by his own clients: he is told nothing about
them. A draft is checked by itself, so that one wrong row refuses itself and not its thousand neighbours; a list of drafts is then
saved in a fixed number of statements. Rows that change are locked by the caller. Owners who left may keep what an import brings
when they are among `former`: the people of whom the coordinator said so.
"""

from crm.services.many.activities import activity, add_activities
from crm.services.many.base import BATCH, NEVER, amend, insert, save
from crm.services.many.companies import add_companies, company, put_tags
from crm.services.many.contacts import ContactDraft, add_channels, add_contacts, contact, employ
from crm.services.many.deals import DealDraft, add_deals, deal, put_contacts, put_products
from crm.services.many.tasks import add_tasks, due_of, task

__all__ = [
    "BATCH", "NEVER", "ContactDraft", "DealDraft", "activity", "add_activities", "add_channels", "add_companies", "add_contacts", "add_deals",
    "add_tasks", "amend", "company", "contact", "deal", "due_of", "employ", "insert", "put_contacts", "put_products", "put_tags", "save", "task",
]  # fmt: skip
