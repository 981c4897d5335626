"""Telling those who follow a lead that nothing was heard of it; once for each silence."""

from datetime import datetime

from yinuo.goals.in_force.quiet_leads import quieting
from yinuo.goals.leads.stages import Standing
from yinuo.goals.models import Lead
from yinuo.goals.stored.lead_ways import Silence, silence, ways
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import command
from yinuo.notices.commands.tell import Telling, tell


@command("leads.remind")
def remind(*, at: datetime) -> int:
    """Tell the officers of the unit, or the office where no unit follows; how many were told.

    Whoever was told of one silence hears of it again only after there was news in between.
    """
    today = civil_date(at)
    table = quieting(today)
    if table is None:
        return 0
    rows = Lead.objects.filter(standing=Standing.ACTIVE).select_related("landing").order_by("code")
    leads = list(rows)
    found = ways(leads)
    tellings = []
    for lead in leads:
        quiet = silence(lead, found[lead.code], table=table, today=today)
        if quiet is not None:
            tellings.append(_telling(lead, quiet))
    return tell(tellings=tellings, at=at)


def _telling(lead: Lead, quiet: Silence) -> Telling:
    return Telling(
        to_unit=lead.unit_id or lead.office_id,
        role="officer" if lead.unit_id else "supervisor",
        topic="lead.quiet",
        title=f"线索 {lead.code} 已有 {quiet.days} 天没有动静",
        body=f"{lead.title}。最近一次动静在 {quiet.since}，规则是 {quiet.limit.days} 天。"
        "请记下新的接触，或说明为什么搁置。",
        page="lead",
        args=(lead.code,),
        about=lead.subject,
        key=f"lead.quiet:{lead.code}:{quiet.since}",
    )
