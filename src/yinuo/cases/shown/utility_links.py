"""What a link to a utility opens; one place for commands and queries."""

from datetime import datetime

from yinuo.cases.construction.links import LinkVisit, code_in
from yinuo.cases.errors.construction import ExpiredUtilityLink, ForgedUtilityLink
from yinuo.cases.models import UtilityNotice


def linked_notice(visit: LinkVisit, at: datetime, *, locked: bool = False) -> UtilityNotice:
    """The notice that a link opens. Raises `ForgedUtilityLink`, `ExpiredUtilityLink`."""
    rows = UtilityNotice.objects.select_related("project")
    if locked:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(pk=code_in(visit.token).replace("\0", "")).first()
    nonce = row.nonce if row is not None else ""
    code = row.code if row is not None else ""
    if not visit.key.is_signed(visit.token, code, nonce) or row is None:
        raise ForgedUtilityLink
    if row.expires_at <= at:
        raise ExpiredUtilityLink(row.expires_at)
    return row
