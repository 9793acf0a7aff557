"""Where a deal stands, when somebody moves it who saw it elsewhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Overtaken
from crm.models import Deal, DealStatus, DealTimeline, Stage

LOOKED_AT = 50
SAID = {
    DealStatus.OPEN: _("%(name)s moved this deal to %(stage)s in the meantime. Move it again if it belongs elsewhere."),
    DealStatus.WON: _("%(name)s won this deal in the meantime. Reopen it first if that is not right."),
    DealStatus.LOST: _("%(name)s marked this deal as lost in the meantime. Reopen it first if that is not right."),
}


class MovedMeanwhile(Overtaken):
    """Somebody else moved or closed the deal while the person had it in the hand."""

    code = "moved_meanwhile"

    def __init__(self, deal: Deal) -> None:
        super().__init__(SAID[DealStatus(deal.status)] % {"name": _who_put(deal), "stage": deal.stage})


def check_still_there(deal: Deal, seen: Stage | None) -> None:
    """Raise MovedMeanwhile when the deal is not any more where the person saw it."""
    if seen is not None and (deal.stage_id != seen.pk or deal.status != DealStatus.OPEN):
        raise MovedMeanwhile(deal)


def _who_put(deal: Deal) -> User:
    """Who put it where it stands: of the versions that stand there, the first."""
    who = deal.changed_by
    versions = DealTimeline.objects.filter(id=deal.pk).order_by("-from_at").select_related("changed_by")
    for version in versions[:LOOKED_AT]:
        if (version.stage_id, version.status) != (deal.stage_id, deal.status):
            break
        who = version.changed_by
    return who
