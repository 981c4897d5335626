"""Releases as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.credit.means import Means
from yinuo.credit.models import CreditRelease
from yinuo.credit.permission import in_centre, require_reader
from yinuo.lake.releases.release import RELEASES
from yinuo.ledger.history import acts, texts
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class ReleaseView:
    """One release and what changed with it."""

    number: int
    lake_id: str
    digest: str
    batches: tuple[str, ...]
    """Codes, in the order in which they came."""
    new_batches: tuple[str, ...]
    """Those that the release before did not have."""
    gone_batches: tuple[str, ...]
    """Those that only the release before had."""
    left_out: tuple[str, ...]
    """Codes of batches that had not passed their gates."""
    new_judgements: int
    facts: Mapping[str, int]
    """By source."""
    more_facts: Mapping[str, int]
    """By source: how many more than in the release before; may be negative."""
    entities: int
    joined: Mapping[str, int]
    """Records by how they were joined: code, history, linked, judged, none."""
    layers: int
    is_delta: bool
    current: bool
    simulated: bool
    made_with: str
    published_at: datetime
    reason: str
    """Why readers were led back to it; mostly empty."""
    leaf_index: int | None
    version: int
    kept: bool
    """Whether its files are still there; those of old ones go when records are deleted."""
    may_point: bool
    """Whether the viewer may lead readers to it."""

    @property
    def subject(self) -> str:
        """Its name on the ledger."""
        return f"credit_release:{self.number}"

    @property
    def records(self) -> int:
        """All facts together."""
        return sum(self.facts.values())


def releases(*, means: Means, viewer: Viewer) -> tuple[ReleaseView, ...]:
    """Every release, the newest first. Raises `NotAllowed`."""
    require_reader(means, viewer, place="数据版本")
    rows = list(CreditRelease.objects.order_by("number"))
    said = texts(row.reason_text for row in rows)
    entries = acts(row.subject for row in rows)
    before: CreditRelease | None = None
    found = []
    for row in rows:
        act = entries.get((row.subject, row.version))
        kept = (means.lake / RELEASES / row.lake_id).is_dir()
        found.append(
            _view(
                row,
                before,
                reason=said.get(row.reason_text, ""),
                leaf_index=act.leaf_index if act else None,
                kept=kept,
                may_point=kept and in_centre(means, viewer) and not row.current,
            )
        )
        before = row
    return tuple(reversed(found))


def current(*, means: Means, viewer: Viewer) -> ReleaseView | None:
    """The release that readers see. Raises `NotAllowed`."""
    found = releases(means=means, viewer=viewer)
    return next((each for each in found if each.current), None)


def _view(
    row: CreditRelease,
    before: CreditRelease | None,
    *,
    reason: str,
    leaf_index: int | None,
    kept: bool,
    may_point: bool,
) -> ReleaseView:
    facts: dict[str, int] = row.counts["facts"]
    old: dict[str, int] = before.counts["facts"] if before else {}
    had: list[str] = before.batches if before else []
    return ReleaseView(
        number=row.number,
        lake_id=row.lake_id,
        digest=row.digest,
        batches=tuple(row.batches),
        new_batches=tuple(code for code in row.batches if code not in had),
        gone_batches=tuple(code for code in had if code not in row.batches),
        left_out=tuple(row.left_out),
        new_judgements=row.last_judgement - (before.last_judgement if before else 0),
        facts=facts,
        more_facts={name: facts.get(name, 0) - old.get(name, 0) for name in sorted({*facts, *old})},
        entities=row.counts["entities"],
        joined=row.counts["joined"],
        layers=row.layers,
        is_delta=row.is_delta,
        current=row.current,
        simulated=row.simulated,
        made_with=row.made_with,
        published_at=row.published_at,
        reason=reason,
        leaf_index=leaf_index,
        version=row.version,
        kept=kept,
        may_point=may_point,
    )
