"""Somebody at a link, and whether it opens anything to them."""

from dataclasses import dataclass, field
from datetime import datetime

from yinuo.notices.errors import DeadLink
from yinuo.notices.models import Link
from yinuo.notices.tokens import fingerprint
from yinuo.parties.queries import public_active_accounts
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody at a link: its secret part, who they are signed in as, what their browser holds."""

    token: str = field(repr=False)
    viewer: Viewer
    browser_pass: str = field(default="", repr=False)
    """Given to this browser after the right code."""


def live_link(visit: Visit, at: datetime, *, locked: bool = False) -> Link:
    """The link if it still opens something to this visitor. Raises `DeadLink`.

    Whoever is signed in as somebody else has another person's link before them.
    """
    rows = Link.objects.select_for_update() if locked else Link.objects.all()
    row = rows.filter(hash=fingerprint(visit.token)).first()
    if row is None or row.used_at is not None or at >= row.expires_at:
        raise DeadLink
    theirs = visit.viewer.account_id in (None, row.account_id)
    if not theirs or not public_active_accounts(accounts=[row.account_id]):
        raise DeadLink
    return row


def has_shown(row: Link, visit: Visit, at: datetime) -> bool:
    """Whether the visitor has shown to be the link's person: by a session, or by the code."""
    if visit.viewer.account_id == row.account_id:
        return True
    held = bool(row.pass_hash) and fingerprint(visit.browser_pass) == row.pass_hash
    return held and row.pass_until is not None and at < row.pass_until
