"""Everything that a person may be allowed to do, by name. Which role holds which is decided here, for whom in `policy`."""

from __future__ import annotations

from enum import StrEnum

from accounts.roles import Role


class Permission(StrEnum):
    """A verb on a noun. The value is stored in tokens and grants: retire a name, never rename it."""

    COMPANY_VIEW = "company.view"
    COMPANY_ADD = "company.add"
    COMPANY_EDIT = "company.edit"
    COMPANY_DELETE = "company.delete"
    CONTACT_VIEW = "contact.view"
    CONTACT_ADD = "contact.add"
    CONTACT_EDIT = "contact.edit"
    CONTACT_DELETE = "contact.delete"
    DEAL_VIEW = "deal.view"
    DEAL_ADD = "deal.add"
    DEAL_EDIT = "deal.edit"
    DEAL_GIVE = "deal.give"
    DEAL_DELETE = "deal.delete"
    TASK_VIEW = "task.view"
    TASK_ADD = "task.add"
    TASK_EDIT = "task.edit"
    TASK_GIVE = "task.give"
    ACTIVITY_VIEW = "activity.view"
    ACTIVITY_ADD = "activity.add"
    ACTIVITY_EDIT = "activity.edit"
    FILE_VIEW = "file.view"
    FILE_ADD = "file.add"
    RECORD_SHARE = "record.share"
    RECORD_EXPORT = "record.export"
    REFERENCE_VIEW = "reference.view"
    REFERENCE_EDIT = "reference.edit"
    SETTINGS_EDIT = "settings.edit"
    CARD_VIEW = "card.view"
    TEAM_DAY_VIEW = "team_day.view"
    RULES_VIEW = "rules.view"
    RULES_EDIT = "rules.edit"
    PEOPLE_VIEW = "people.view"
    PEOPLE_EDIT = "people.edit"
    TEAM_VIEW = "team.view"
    TEAM_EDIT = "team.edit"
    GRANT_TAKE = "grant.take"
    GRANT_VIEW = "grant.view"
    IMPORT_RUN = "import.run"
    IMPORT_VIEW = "import.view"
    MESSAGE_VIEW = "message.view"
    TOKEN_EDIT = "token.edit"  # noqa: S105 - a permission's name, not a secret
    VIEW_SAVE = "view.save"


P = Permission

EVERYBODY = frozenset(
    {P.MESSAGE_VIEW, P.TOKEN_EDIT, P.REFERENCE_VIEW, P.RULES_VIEW, P.PEOPLE_VIEW, P.TEAM_VIEW, P.CARD_VIEW, P.VIEW_SAVE}
)
READING = frozenset({P.COMPANY_VIEW, P.CONTACT_VIEW, P.DEAL_VIEW, P.TASK_VIEW, P.ACTIVITY_VIEW, P.FILE_VIEW})
WORKING = READING | {
    P.COMPANY_ADD, P.COMPANY_EDIT, P.COMPANY_DELETE, P.CONTACT_ADD, P.CONTACT_EDIT, P.CONTACT_DELETE, P.DEAL_ADD, P.DEAL_EDIT,
    P.DEAL_GIVE, P.TASK_ADD, P.TASK_EDIT, P.TASK_GIVE, P.ACTIVITY_ADD, P.ACTIVITY_EDIT, P.FILE_ADD, P.RECORD_SHARE,
}  # fmt: skip

HELD: dict[Role, frozenset[Permission]] = {
    Role.MANAGER: EVERYBODY | WORKING,
    Role.HEAD: EVERYBODY | WORKING | {P.DEAL_DELETE, P.RECORD_EXPORT, P.TEAM_DAY_VIEW},
    Role.OWNER: EVERYBODY | READING | {P.RECORD_EXPORT, P.TEAM_DAY_VIEW, P.GRANT_VIEW, P.IMPORT_VIEW},
    Role.ADMIN: EVERYBODY | WORKING | {
        P.DEAL_DELETE, P.REFERENCE_EDIT, P.SETTINGS_EDIT, P.RULES_EDIT, P.PEOPLE_EDIT, P.TEAM_EDIT, P.GRANT_TAKE, P.GRANT_VIEW,
        P.IMPORT_RUN, P.IMPORT_VIEW,
    },
}  # fmt: skip
