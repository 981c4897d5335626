"""Telling utilities of a project by shared data: nobody applies for it."""

from datetime import datetime, timedelta

from yinuo.cases.clocks import last_day_of
from yinuo.cases.construction.catalogue import SHARES
from yinuo.cases.construction.flow import Utility
from yinuo.cases.construction.links import DAYS
from yinuo.cases.models import BuildingProject, UtilityNotice
from yinuo.cases.stored.buildings import flow_of
from yinuo.commitments.wording import short_wording
from yinuo.content.calendars import working_calendar
from yinuo.ledger.commands.recording import By, command, record
from yinuo.notices.commands.tell import Telling, tell
from yinuo.notices.tokens import fresh_nonce
from yinuo.parties.queries import public_unit_names


@command("utility.inform")
def inform(*, project: BuildingProject, event: str, by: By, at: datetime) -> int:
    """Tell each utility that the flow names for this event, once; returns how many.

    What is shared is what `utilities.csv` lists for it, nothing of persons.
    """
    known = set(UtilityNotice.objects.filter(project=project).values_list("utility", flat=True))
    wanted = [
        one for one in flow_of(project).utilities if one.event == event and one.code not in known
    ]
    for utility in wanted:
        row = _notice(project, utility, event, at)
        record(row, verb="utility.told", by=by, at=at)
        _tell(row, at)
    return len(wanted)


def _notice(project: BuildingProject, utility: Utility, event: str, at: datetime) -> UtilityNotice:
    unit = utility.unit if utility.unit in public_unit_names() else None
    return UtilityNotice(
        code=f"{project.code}/U{utility.code}",
        project=project,
        utility=utility.code,
        name=utility.name,
        unit_id=unit,
        provider=utility.provider,
        event=event,
        shared=_shared(project, utility),
        told_at=at,
        answer_due=last_day_of(utility.answer, at, working_calendar()),
        nonce=fresh_nonce(),
        expires_at=at + timedelta(days=DAYS),
        simulated=project.simulated,
    )


def _shared(project: BuildingProject, utility: Utility) -> dict[str, str]:
    content = short_wording([project.content_text]).get(project.content_text, "")
    start = project.planned_start
    values = {
        "title": project.title,
        "site": project.site,
        "land": f"{project.land_area} 平方米" if project.land_area else "",
        "building": f"{project.building_area} 平方米" if project.building_area else "",
        "use": content,
        "start": start.isoformat() if start else "",
    }
    return {SHARES[field]: values[field] for field in utility.shares if values[field]}


def _tell(row: UtilityNotice, at: datetime) -> None:
    """The utility where it is a unit; else whoever leads hands it the link."""
    title = f"{row.project.title}：{row.name}接入，请在 {row.answer_due} 前答复方案和接入日期"
    handed = "" if row.unit_id else f"{row.provider}没有账号，请把项目页上的链接发给它。"
    tell(
        tellings=[
            Telling(
                to_unit=row.unit_id or row.project.office_id,
                role="officer",
                topic="case.utility",
                title=title,
                body=handed,
                page="building",
                args=(row.project_id,),
                about=row.subject,
                due=row.answer_due,
            )
        ],
        at=at,
    )
