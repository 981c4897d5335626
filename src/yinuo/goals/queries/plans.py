"""What other packages may ask about plans and goals."""

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.goals.compare import Preview, compare
from yinuo.goals.errors.plans import UnknownPlan
from yinuo.goals.models import Goal, Plan
from yinuo.goals.plan import PlanContent, Value
from yinuo.goals.stored import plan as present
from yinuo.goals.workbook.check import Checked
from yinuo.ledger.remembered import remembered
from yinuo.parties.viewer import NotAllowed, Viewer


@dataclass(frozen=True)
class GoalView:
    """A goal, under whose code promises stand."""

    code: str
    """The `heading` of its promises."""
    number: int
    title: str
    plan: str
    parent: str | None


@dataclass(frozen=True)
class PlanView:
    """A registered plan."""

    code: str
    title: str
    office: str
    office_name: str


@dataclass(frozen=True)
class Exported:
    """A plan with its present values."""

    content: PlanContent
    told: Mapping[str, Mapping[str, Value]]
    """Code of a commitment → what export tells beside it: state, outcome, original deadline."""


@remembered
def public_goals() -> tuple[GoalView, ...]:
    """Every goal, by plan and number. Goals are headings and as public as the board."""
    return tuple(
        GoalView(goal.code, goal.number, goal.title, goal.plan_id, goal.parent_id)
        for goal in Goal.objects.order_by("plan", "number")
    )


@remembered
def public_plans() -> tuple[PlanView, ...]:
    """Every public plan, by code."""
    shown = Plan.objects.filter(Plan.public_rows()).values("pk")
    return tuple(
        PlanView(plan.code, plan.title, plan.office_id, plan.office.name)
        for plan in Plan.objects.filter(pk__in=shown).select_related("office").order_by("code")
    )


def anchor(*, content: PlanContent, viewer: Viewer) -> str:
    """The unit for which the viewer takes in a plan: its office, or the next registered above.

    Raises `NotAllowed` unless the viewer administers it.
    """
    registered = present.units()
    parents = {unit.code: unit.parent for unit in content.units}
    code: str | None = content.office
    while code is not None and code not in registered:
        code = parents.get(code)
    if code is None or code not in viewer.administrator_of:
        raise NotAllowed(
            f"只有督查单位 {content.office} 或其上级的管理员可以导入这个计划",
            place=f"unit:{content.office}",
        )
    return code


def preview(*, file: Checked, viewer: Viewer) -> Preview:
    """What taking in a checked file would do. Reads only.

    Raises `ImportRefused` for a file with errors, and `NotAllowed`.
    """
    plan = file.sound()
    anchor(content=plan.content, viewer=viewer)
    now = present.present(plan)
    if now.head is not None and now.head.office not in viewer.administrator_of:
        raise NotAllowed("只有督查单位的管理员可以导入这个计划", place=f"unit:{now.head.office}")
    return compare(plan, now)


def export(*, plan: str, viewer: Viewer) -> Exported:
    """A plan whole, closed promises included, for those who administer or audit its office.

    Raises `UnknownPlan` and `NotAllowed`.
    """
    found = present.head(plan)
    if found is None:
        raise UnknownPlan(plan, [known.code for known in public_plans()])
    if found.office not in viewer.administrator_of | viewer.auditor_of:
        raise NotAllowed(
            "导出整个计划要有督查单位的管理员或审计人职责", place=f"unit:{found.office}"
        )
    content, told = present.content(found)
    return Exported(content, told)
