"""What people decided about joins."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.credit.means import Means
from yinuo.credit.models import JoinJudgement
from yinuo.credit.permission import require_reader
from yinuo.ledger.history import acts, texts
from yinuo.parties.viewer import Viewer

PERSON = "自然人"


@dataclass(frozen=True, kw_only=True)
class JudgementView:
    """Two nodes are the same subject, or are not."""

    number: int
    left: str
    right: str
    """A record, or a key; of a person's key only that it is one."""
    same: bool
    source: str
    entity: str
    case: str
    reason: str
    judged_by: str
    """As the ledger names the person."""
    judged_at: datetime
    leaf_index: int | None

    @property
    def subject(self) -> str:
        """Its name on the ledger."""
        return f"join_judgement:{self.number}"


def judgements(
    *,
    means: Means,
    viewer: Viewer,
    record: str = "",
    entity: str = "",
    limit: int | None = None,
) -> tuple[JudgementView, ...]:
    """Judgements, the newest first; of one record, of one entity, or all. Raises `NotAllowed`."""
    require_reader(means, viewer, place="关联判断")
    rows = JoinJudgement.objects.order_by("-number")
    if record:
        rows = rows.filter(left=f"rec:{record}")
    if entity:
        rows = rows.filter(entity=entity)
    found = list(rows[:limit])
    said = texts(row.reason_text for row in found)
    entries = acts(row.subject for row in found)
    return tuple(
        JudgementView(
            number=row.number,
            left=_node(row.left),
            right=_node(row.right),
            same=row.same,
            source=row.source,
            entity=row.entity,
            case=row.case,
            reason=said.get(row.reason_text, ""),
            judged_by=row.judged_by,
            judged_at=row.judged_at,
            leaf_index=act.leaf_index if (act := entries.get((row.subject, row.version))) else None,
        )
        for row in found
    )


def _node(stored: str) -> str:
    return PERSON if stored.startswith("text:") else stored
