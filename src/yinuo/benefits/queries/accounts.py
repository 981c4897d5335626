"""Which awards wait for an account, as a sheet for the office to fill in."""

from django.db.models import QuerySet

from yinuo.benefits.banking.accounts import Awaited, sheet_to_fill
from yinuo.benefits.errors import UnknownPolicy
from yinuo.benefits.life import AwardState
from yinuo.benefits.models import Award, Policy
from yinuo.benefits.permission import of_unit
from yinuo.commitments.wording import short_wording
from yinuo.parties.viewer import NotAllowed, Viewer

WAITING = (AwardState.PROPOSED, AwardState.LISTED, AwardState.APPROVED)


def awaited_count(*, policy: str, viewer: Viewer) -> int:
    """How many awards of the viewer's units have no account that works."""
    return _rows(policy, viewer).count()


def accounts_sheet(*, policy: str, viewer: Viewer) -> bytes:
    """The awards without a good account, as a workbook, for officers of the unit.

    Raises `UnknownPolicy`, `NotAllowed`.
    """
    row = Policy.objects.filter(of_unit(viewer, "unit"), pk=policy).first()
    if row is None:
        raise UnknownPolicy(policy)
    if row.unit_id not in viewer.officer_of:
        raise NotAllowed("只有兑现单位的经办人可以下载名单", place=policy)
    awards = list(_rows(policy, viewer).order_by("code"))
    said = short_wording([one.name_text for one in awards])
    return sheet_to_fill(
        Awaited(award=one.code, credit_code=one.credit_code, name=said.get(one.name_text, ""))
        for one in awards
    )


def _rows(policy: str, viewer: Viewer) -> QuerySet[Award]:
    return Award.objects.filter(
        of_unit(viewer), policy=policy, account_good=False, state__in=WAITING
    )
