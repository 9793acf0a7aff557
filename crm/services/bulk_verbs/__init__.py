"""What can be done to many records in one go, one verb a file; `crm.services.bulk_changes` calls them."""

from crm.services.bulk_verbs.base import Left, Verb
from crm.services.bulk_verbs.deletes import DELETE
from crm.services.bulk_verbs.edits import EDIT
from crm.services.bulk_verbs.gives import GIVE
from crm.services.bulk_verbs.tags import TAG
from crm.services.bulk_verbs.tasks import TASK

VERBS: dict[str, Verb] = {verb.key: verb for verb in (EDIT, GIVE, TAG, TASK, DELETE)}

__all__ = ["VERBS", "Left", "Verb"]
