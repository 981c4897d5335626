"""What happened to a project, told from its entries: who, when, what changed, and the proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext, pgettext

from yinuo.commitments.differences import Difference
from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.commitments.spoken import spoken
from yinuo.commitments.wording import short_wording
from yinuo.goals.register.words import stage_label
from yinuo.kernel.money import say_money
from yinuo.ledger.history import Event, thread_events
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import Viewer

LATE = timedelta(days=1)
VERBS = {
    "project.registered": "登记项目",
    "project.accepted": "登记单位确认",
    "project.revised": "登记内容有改动",
    "project.withdrawn": "撤销",
    "project.published": "公开审查",
    "project_stage.registered": "登记阶段",
    "project_stage.planned": "写明计划",
    "project_stage.stated": "登记的计划有改动",
    "project_stage.reached": "申报到达",
    "project_stage.confirmed": "核实到达",
    "project_stage.returned": "退回申报",
    "project_year.registered": "登记年度计划",
    "project_year.revised": "年度计划有改动",
    "project_year.stated": "登记的年度计划有改动",
    "project_permit.registered": "登记许可",
    "project_permit.revised": "许可有改动",
    "project_figure.reported": "报送进度",
    "project_figure.confirmed": "核实进度",
    "project_figure.returned": "退回进度",
    "project_exemption.granted": "认定正当理由",
}
COLUMNS = {
    "name": "项目名称",
    "national_code": "项目代码",
    "unit_id": "责任单位",
    "firm_name": "建设单位",
    "firm_code": "统一社会信用代码",
    "region_id": "地区",
    "address": "地址",
    "industry": "国民经济行业",
    "fields": "重点领域",
    "scope": "建设规模和内容",
    "total_investment": "总投资",
    "withdrawn_date": "撤销",
    "visibility": "公开类型",
    "planned_date": "计划",
    "reached_date": "到达",
    "planned": "计划投资",
    "as_of_date": "截至",
    "invested_year": "今年完成投资",
    "invested_total": "累计完成投资",
    "progress": "形象进度",
    "payable": "应付",
    "paid": "已付",
    "workers": "现场人数",
    "kind": "许可",
    "day": "日期",
    "issuer": "发证机关",
    "dimension": "豁免的灯",
    "from_date": "自",
    "until_date": "至",
}
"""Columns of the rows of a project that a story names; any other stays untold."""
MONEY = frozenset(
    {"total_investment", "planned", "invested_year", "invested_total", "payable", "paid"}
)
UNITS = frozenset({"unit_id", "region_id"})
TEXTS = ("note_text", "remark_text", "reason_text")


@dataclass(frozen=True)
class Step:
    """One entry of the story."""

    label: str
    at: datetime
    recorded_at: datetime
    late: bool
    """补录: entered more than a day after it is said to have happened."""
    who: str
    """The duty; with the person's name for signed-in viewers."""
    differences: tuple[Difference, ...]
    why: str
    leaf_index: int | None
    """Its number in the sealed log; None while it waits for the sealer."""


def told(code: str, viewer: Viewer, *, figures: Iterable[str]) -> tuple[Step, ...]:
    """The story of a project and of these of its figures, newest first.

    The caller has checked who may see them.
    """
    threads = [f"project:{code}", *(f"project_figure:{figure}" for figure in figures)]
    events = [event for thread in threads for event in thread_events(thread)]
    events.sort(key=lambda event: event.entry_id, reverse=True)
    given = {event.entry_id: _given(event) for event in events}
    texts = short_wording(ref for refs in given.values() for ref in refs)
    people = names(actors=[event.actor for event in events], viewer=viewer)
    units, roles = public_unit_names(), public_roles()
    return tuple(
        Step(
            label=_label(event),
            at=event.at,
            recorded_at=event.recorded_at,
            late=event.recorded_at - event.at > LATE,
            who=_who(event, units, roles, people),
            differences=_differences(event, units),
            why=gettext("；").join(texts[ref] for ref in given[event.entry_id]),
            leaf_index=event.leaf_index,
        )
        for event in events
    )


def _given(event: Event) -> list[str]:
    before, after = event.before, event.after
    return [str(after[c]) for c in TEXTS if after.get(c) and after.get(c) != before.get(c)]


def _label(event: Event) -> str:
    known = VERBS.get(event.verb)
    label = spoken("project step", known) if known else event.verb
    stage = event.after.get("stage")
    if stage:
        return gettext("%(step)s：%(what)s") % {"step": label, "what": stage_label(str(stage))}
    year = event.after.get("year")
    if year:
        return gettext("%(step)s：%(what)s") % {"step": label, "what": year}
    return label


def _who(
    event: Event, units: Mapping[str, str], roles: Mapping[str, str], people: Mapping[str, str]
) -> str:
    role, _, unit = event.capacity.partition(":")
    role_label = pgettext("role", roles[role]) if role in roles else ""
    duty = " ".join(filter(None, (units.get(unit, unit), role_label)))
    # A name that was erased comes in brackets of its own.
    person = people.get(event.actor, "").strip("（）()")
    return gettext("%(duty)s（%(person)s）") % {"duty": duty, "person": person} if person else duty


def _differences(event: Event, units: Mapping[str, str]) -> tuple[Difference, ...]:
    before, after = event.before, event.after
    found = []
    for column, label in COLUMNS.items():
        old, new = before.get(column), after.get(column)
        if column not in after or old == new or (not before and new in (None, "")):
            continue
        if not before and column == "visibility":
            continue
        words = _value(column, old, units), _value(column, new, units)
        found.append(Difference(spoken("project column", label), *words))
    return tuple(found)


def _value(column: str, value: object, units: Mapping[str, str]) -> str:
    if value in (None, ""):
        return ""
    if column in MONEY:
        return say_money(int(str(value)))
    if column in UNITS:
        return units.get(str(value), str(value))
    if column == "visibility":
        return spoken("visibility", VISIBILITY_LABELS[Visibility(str(value))])
    if column == "progress":
        return f"{value}%"
    return value.isoformat() if isinstance(value, date) else str(value)
