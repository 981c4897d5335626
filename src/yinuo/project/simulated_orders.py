"""Supervision in a demo year: steps that are due are taken, signed, answered, closed — or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.project.event import instant
from yinuo.project.simulated_staff import Scene
from yinuo.supervision.commands import order_steps, orders
from yinuo.supervision.commands.orders import NewOrder
from yinuo.supervision.orders.steps import Step
from yinuo.supervision.queries.due_steps import due_steps

ASKED = "请说明落后的原因，写明赶上序时进度的措施、责任人和时间表。"
DONE = "已增加施工班组，协调解决用地手续，月底前补上落后的投资；责任人已明确。"
WEAK = "正在推进。"


@dataclass(frozen=True)
class Campaign:
    """One time that everything due is gone through: days as ISO dates."""

    day: str
    signed: str
    replied: str
    checked: str
    silent: tuple[str, ...] = ()
    """Units that sign for nothing."""
    weak: tuple[str, ...] = ()
    """Units whose first reply is turned down."""
    waiting: tuple[str, ...] = ()
    """Units that have signed and not replied yet."""


YEAR = (
    Campaign("2024-07-23", "2024-07-24", "2024-07-29", "2024-08-02", silent=("中山区",)),
    Campaign("2024-08-06", "2024-08-07", "2024-08-12", "2024-08-15"),
    Campaign(
        *("2024-10-21", "2024-10-22", "2024-10-25", "2024-10-30"),
        weak=("瓦房店市",),
        silent=("长海县",),
    ),
    Campaign("2024-11-06", "2024-11-07", "2024-11-12", "2024-11-15"),
    Campaign(
        *("2025-01-14", "2025-01-15", "2025-01-17", "2025-01-20"),
        waiting=("普兰店区", "瓦房店市", "沙河口区"),
        silent=("西岗区", "长兴岛经济区"),
    ),
)


def go_through(campaign: Campaign, scene: Scene) -> tuple[str, ...]:
    """Take every step that is due on the day, and let the units answer; returns the orders."""
    units = {scene.staff.codes[name]: name for name in scene.staff.officers}
    found = due_steps(viewer=scene.first, today=date.fromisoformat(campaign.day))
    made: list[str] = []
    for group in found.groups:
        for unit in group.units:
            codes = [line.code for line in unit.lines if line.may_act]
            if unit.unit in units and codes:
                (code,) = orders.issue(
                    order=_order(group.step, codes),
                    calendar=scene.calendar,
                    by=scene.first,
                    at=instant(campaign.day),
                )
                _answer(code, units[unit.unit], campaign, scene)
                made.append(code)
    return tuple(made)


def _order(step: Step, codes: Sequence[str]) -> NewOrder:
    if step is Step.TALK:
        return NewOrder(
            step=step,
            commitments=codes,
            asked=ASKED,
            meeting_date=date(2024, 8, 9),
            meeting="演示分管副市长，市政府 301 会议室",
        )
    if step is Step.MEMO:
        return NewOrder(step=step, commitments=codes, asked=ASKED, addressee="演示市政府主要领导")
    return NewOrder(step=step, commitments=codes, asked=ASKED)


def _answer(order: str, unit: str, campaign: Campaign, scene: Scene) -> None:
    if unit in campaign.silent:
        return
    officer, checker = scene.staff.officers[unit], scene.second
    replied, checked = instant(campaign.replied), instant(campaign.checked)
    order_steps.sign(order=order, by=officer, at=instant(campaign.signed))
    if unit in campaign.waiting:
        return

    def reply(note: str, at: datetime) -> None:
        order_steps.reply(order=order, note=note, files=(), store=scene.store, by=officer, at=at)

    reply(WEAK if unit in campaign.weak else DONE, replied)
    if unit in campaign.weak:
        again_by = date.fromisoformat(campaign.checked)
        why = "没有措施，也没有时间表。"
        order_steps.return_reply(order=order, note=why, again_by=again_by, by=checker, at=replied)
        reply(DONE, checked)
    order_steps.accept(order=order, note="措施具体，现场核实。", by=checker, at=checked)
    order_steps.close(order=order, note="现场查看，班组已到位，属实。", by=checker, at=checked)
