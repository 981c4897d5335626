"""What building projects ask of a person: notices to the utilities one acts for."""

from dataclasses import dataclass
from datetime import date

from yinuo.cases.models import UtilityNotice
from yinuo.parties.viewer import Viewer

MOST = 200


@dataclass(frozen=True, kw_only=True)
class BuildingWork:
    """One thing to do."""

    what: str
    title: str
    due: date | None
    project: str
    utility: str


def building_work(*, viewer: Viewer) -> tuple[BuildingWork, ...]:
    """Notices to answer or to connect by, the earliest first; at most two hundred."""
    rows = UtilityNotice.objects.filter(unit__in=viewer.officer_of, connected_date=None)
    found = [
        BuildingWork(
            what="一次接入" if row.answered_at else "答复接入方案",
            title=f"{row.project.title}：{row.name}",
            due=row.connect_date if row.answered_at else row.answer_due,
            project=row.project_id,
            utility=row.utility,
        )
        for row in rows.select_related("project").order_by("told_at", "code")[:MOST]
    ]
    return tuple(sorted(found, key=lambda one: (one.due is None, one.due or date.max, one.title)))
