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
    RECORD_BULK = "record.bulk"
    RECORD_MERGE = "record.merge"
    CONTRACT_VIEW = "contract.view"
    CONTRACT_EDIT = "contract.edit"
    COMPLAINT_VIEW = "complaint.view"
    COMPLAINT_EDIT = "complaint.edit"
    PURCHASE_VIEW = "purchase.view"
    PURCHASE_EDIT = "purchase.edit"
    SEGMENT_VIEW = "segment.view"
    SEGMENT_EDIT = "segment.edit"
    TASK_ASSIGN = "task.assign"
    FIELD_EDIT = "field.edit"
    ADOPTION_VIEW = "adoption.view"
    FEED_EDIT = "feed.edit"
    REFERENCE_VIEW = "reference.view"
    REFERENCE_EDIT = "reference.edit"
    SETTINGS_EDIT = "settings.edit"
    CARD_VIEW = "card.view"
    TEAM_DAY_VIEW = "team_day.view"
    CARD_REVIEW = "card.review"
    SIGNAL_VIEW = "signal.view"
    RULES_VIEW = "rules.view"
    RULES_SIGN = "rules.sign"
    RULES_EDIT = "rules.edit"
    PLAN_VIEW = "plan.view"
    PLAN_EDIT = "plan.edit"
    LEAVE_VIEW = "leave.view"
    LEAVE_ADD = "leave.add"
    LEAVE_DECIDE = "leave.decide"
    DEADLINE_SHIFT = "deadline.shift"
    OUTAGE_DECLARE = "outage.declare"
    APPEAL_VIEW = "appeal.view"
    APPEAL_ADD = "appeal.add"
    APPEAL_DECIDE = "appeal.decide"
    ADJUSTMENT_VIEW = "adjustment.view"
    ADJUSTMENT_ADD = "adjustment.add"
    ADJUSTMENT_DECIDE = "adjustment.decide"
    ADJUSTMENT_SIGN = "adjustment.sign"
    PAY_EDIT = "pay.edit"
    SETTLEMENT_VIEW = "settlement.view"
    SETTLEMENT_EDIT = "settlement.edit"
    SETTLEMENT_APPROVE = "settlement.approve"
    STATEMENT_VIEW = "statement.view"
    REWARD_VIEW = "reward.view"
    REWARD_CLAIM = "reward.claim"
    REWARD_DECIDE = "reward.decide"
    REWARD_EDIT = "reward.edit"
    UPKEEP_VIEW = "upkeep.view"
    UPKEEP_RETRY = "upkeep.retry"
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
    VIEW_SHARE = "view.share"
    FIGURE_VIEW = "figure.view"
    TEAM_FIGURE_VIEW = "team_figure.view"
    MORNING_VIEW = "morning.view"
    OVERVIEW_VIEW = "overview.view"
    WEAK_LINK_VIEW = "weak_link.view"
    REPORT_VIEW = "report.view"
    REPORT_EDIT = "report.edit"
    REPORT_SHARE = "report.share"
    REPORT_MAIL = "report.mail"
    LIVE_EDIT = "live.edit"
    DOWNLOAD_VIEW = "download.view"


P = Permission

EVERYBODY = frozenset(
    {
        P.MESSAGE_VIEW, P.TOKEN_EDIT, P.REFERENCE_VIEW, P.RULES_VIEW, P.PEOPLE_VIEW, P.TEAM_VIEW, P.CARD_VIEW, P.VIEW_SAVE,
        P.LEAVE_VIEW, P.APPEAL_VIEW, P.ADJUSTMENT_VIEW, P.STATEMENT_VIEW, P.REWARD_VIEW, P.PLAN_VIEW, P.REPORT_VIEW, P.REPORT_EDIT,
        P.DOWNLOAD_VIEW,
    }
)  # fmt: skip
READING = frozenset(
    {
        P.COMPANY_VIEW,
        P.CONTACT_VIEW,
        P.DEAL_VIEW,
        P.TASK_VIEW,
        P.ACTIVITY_VIEW,
        P.FILE_VIEW,
        P.CONTRACT_VIEW,
        P.COMPLAINT_VIEW,
        P.PURCHASE_VIEW,
        P.SEGMENT_VIEW,
        P.SEGMENT_EDIT,
        P.FEED_EDIT,
    }
)
WORKING = READING | {
    P.COMPANY_ADD, P.COMPANY_EDIT, P.COMPANY_DELETE, P.CONTACT_ADD, P.CONTACT_EDIT, P.CONTACT_DELETE, P.DEAL_ADD, P.DEAL_EDIT,
    P.DEAL_GIVE, P.TASK_ADD, P.TASK_EDIT, P.TASK_GIVE, P.ACTIVITY_ADD, P.ACTIVITY_EDIT, P.FILE_ADD, P.RECORD_SHARE,
    P.RECORD_BULK, P.RECORD_MERGE, P.CONTRACT_EDIT, P.COMPLAINT_EDIT,
}  # fmt: skip

SCORED = frozenset({P.RULES_SIGN, P.LEAVE_ADD, P.APPEAL_ADD, P.REWARD_CLAIM})
LEADING = frozenset(
    {
        P.TEAM_DAY_VIEW, P.CARD_REVIEW, P.SIGNAL_VIEW, P.PLAN_EDIT, P.LEAVE_DECIDE, P.DEADLINE_SHIFT, P.OUTAGE_DECLARE, P.APPEAL_DECIDE,
        P.ADJUSTMENT_ADD, P.ADJUSTMENT_DECIDE, P.REWARD_DECIDE, P.SETTLEMENT_VIEW, P.MORNING_VIEW,
    }
)  # fmt: skip

REPORTING = frozenset({P.TEAM_FIGURE_VIEW, P.WEAK_LINK_VIEW, P.REPORT_SHARE, P.REPORT_MAIL, P.LIVE_EDIT})
"""What heads and owners have beside their own figures."""

HELD: dict[Role, frozenset[Permission]] = {
    Role.MANAGER: EVERYBODY | WORKING | SCORED | {P.FIGURE_VIEW},
    Role.HEAD: EVERYBODY | WORKING | SCORED | LEADING | REPORTING | {P.FIGURE_VIEW, P.DEAL_DELETE, P.RECORD_EXPORT, P.PURCHASE_EDIT, P.TASK_ASSIGN, P.VIEW_SHARE, P.ADOPTION_VIEW},
    Role.OWNER: EVERYBODY | READING | REPORTING | {
        P.FIGURE_VIEW, P.OVERVIEW_VIEW, P.RECORD_EXPORT, P.TEAM_DAY_VIEW, P.GRANT_VIEW, P.IMPORT_VIEW, P.LEAVE_DECIDE, P.APPEAL_DECIDE, P.ADJUSTMENT_DECIDE,
        P.ADJUSTMENT_SIGN, P.ADOPTION_VIEW, P.VIEW_SHARE, P.PAY_EDIT, P.SETTLEMENT_VIEW, P.SETTLEMENT_APPROVE, P.REWARD_DECIDE, P.UPKEEP_VIEW,
    },
    Role.ADMIN: EVERYBODY | WORKING | {
        P.DEAL_DELETE, P.REFERENCE_EDIT, P.SETTINGS_EDIT, P.RULES_EDIT, P.PEOPLE_EDIT, P.TEAM_EDIT, P.GRANT_TAKE, P.GRANT_VIEW,
        P.IMPORT_RUN, P.IMPORT_VIEW, P.PLAN_EDIT, P.DEADLINE_SHIFT, P.OUTAGE_DECLARE, P.SETTLEMENT_VIEW, P.SETTLEMENT_EDIT,
        P.REWARD_EDIT, P.UPKEEP_VIEW, P.UPKEEP_RETRY, P.PURCHASE_EDIT, P.TASK_ASSIGN, P.FIELD_EDIT, P.ADOPTION_VIEW, P.VIEW_SHARE, P.REPORT_SHARE,
    },
}  # fmt: skip
