"""What happened to a building project, told from its entries."""

from collections.abc import Sequence
from dataclasses import replace

from yinuo.commitments.story import Told, told
from yinuo.ledger.history import Event, thread_events
from yinuo.parties.viewer import Viewer

VERBS = {
    "building.registered": "登记项目",
    "building.imported": "由数据表登记项目",
    "building.track_renewed": "换发查询码",
    "building.developer_named": "登记建设单位",
    "building.finished": "项目全部阶段办结",
    "building.reopened": "项目重新打开",
    "works.registered": "登记工程",
    "stage.started": "阶段开始",
    "stage.ended": "阶段办结",
    "stage.reopened": "阶段重新打开",
    "stage.imported": "由数据表登记阶段",
    "reuse.registered": "登记共用成果",
    "reuse.used": "使用共用成果，不再收材料",
    "utility.told": "以数据共享告知公用设施单位",
    "utility.opened": "公用设施单位打开告知",
    "utility.link_renewed": "换发链接",
    "utility.answered": "公用设施单位答复方案和接入日期",
    "utility.connected": "公用设施单位接入",
    "utility.confirmed": "建设单位确认接入",
    "utility.denied": "建设单位称没有接通",
    "joint.started": "联办开始",
    "joint.imported": "由数据表登记联办",
    "joint.ended": "联办有了结论",
    "joint.reopened": "联办重新打开",
    "joint.silence_counted": "逾期未提异议，依法视为同意",
}
WHO = {"applicant": "建设单位", "utility": "公用设施单位", "operator": "系统"}
"""Who acts without a duty, by the part of the actor before the colon."""


def story(threads: Sequence[str], viewer: Viewer) -> tuple[Told, ...]:
    """The entries of some threads, newest first."""
    found = [event for thread in threads for event in thread_events(thread)]
    events = sorted(found, key=lambda event: (event.at, event.entry_id), reverse=True)
    lines = told(events, VERBS, viewer)
    return tuple(
        line if line.who else replace(line, who=_who(event))
        for line, event in zip(lines, events, strict=True)
    )


def _who(event: Event) -> str:
    return WHO.get(event.actor.partition(":")[0], "")
