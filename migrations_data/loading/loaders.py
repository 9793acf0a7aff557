"""The loader of each kind of table."""

from migrations_data.loading import activities, companies, contacts, deals, people, products, purchases, tasks

EACH = (products, people, companies, contacts, deals, purchases, tasks, activities)
LOADERS = {one.LOADER.kind: one.LOADER for one in EACH}
