"""Whether an item says what an item must, and says it consistently. Pure.

The cross-checks of 实施清单 as a city's data-quality check makes them, and the articles of law that
an item rests on. A check looks at one definition and never fails, whatever stands in it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from yinuo.cases.errors.items import ItemRule
from yinuo.cases.items import codes
from yinuo.cases.items.definition import AT_ONCE, ItemDefinition
from yinuo.cases.items.lengths import Fit, Length, fit, length
from yinuo.cases.items.shapes import shape_faults
from yinuo.kernel.limits import UnknownLimit

Path: TypeAlias = tuple[str | int, ...]
"""Where in a definition, such as `("materials", 2, "deferral")`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or asks to be looked at."""

    path: Path
    rule: ItemRule
    what: str
    next_step: str


Found: TypeAlias = Iterator[Fault]


def check(item: ItemDefinition) -> tuple[Fault, ...]:
    """Everything that is wrong with one item, in the order of the checks."""
    return tuple(Fault(*fault) for fault in shape_faults(item)) + tuple(
        fault for one in CHECKS for fault in one(item)
    )


def blocking(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Those that keep the item out."""
    return tuple(fault for fault in faults if fault.rule.blocks)


def read(text: str) -> Length | None:
    """A limit, or None where it cannot be read; `shape_faults` has said so."""
    try:
        return length(text)
    except UnknownLimit:
        return None


def limits(item: ItemDefinition) -> Found:
    """承诺 ≤ 法定, after conversion to one unit (行政许可法 第四十二条 sets the legal one)."""
    legal, promised = read(item.legal_limit), read(item.promised_limit)
    path: Path = ("promised_limit",)
    if item.legal_limit.strip() == AT_ONCE:
        step = "请填法律规定的时限，如 20wd"
        yield Fault(("legal_limit",), ItemRule.LIMIT, "法定时限不能写即办", step)
    elif legal and promised:
        found = fit(promised, legal)
        both = f"承诺 {promised.words}，法定 {legal.words}"
        if found is Fit.BEYOND:
            yield Fault(path, ItemRule.LONGER, f"{both}：承诺长于法定", "请缩短承诺时限")
        elif found is Fit.DEPENDS:
            step = "请改用法定时限的单位，或核对最长的假期"
            yield Fault(path, ItemRule.DEPENDS, f"{both}：单位不同，遇长假可能更长", step)


def at_once(item: ItemDefinition) -> Found:
    """即办 ⇔ 即办件 ⇔ 即审即办."""
    handled = codes.AT_ONCE_ITEM if item.at_once else codes.PROMISED_ITEM
    reviewed = codes.REVIEWED_AT_ONCE if item.at_once else codes.REVIEWED_FIRST
    promise = "承诺时限为即办" if item.at_once else f"承诺时限为 {item.promised_limit}"
    for field, value, wanted in (
        ("handled", item.handled, handled),
        ("reviewed", item.reviewed, reviewed),
    ):
        if value != wanted:
            what = f"{promise}，这里却是“{value}”"
            yield Fault((field,), ItemRule.AT_ONCE, what, f"请改为“{wanted}”，或改承诺时限")


def result(item: ItemDefinition) -> Found:
    """The name of a result tells its kind; whoever gets one may see a sample of it."""
    for ending, kind in codes.RESULT_OF_ENDING.items():
        if item.result_name.endswith(ending) and item.result_kind != kind:
            what = f"“{item.result_name}”以“{ending}”结尾，类型却是“{item.result_kind or '空'}”"
            yield Fault(("result_kind",), ItemRule.RESULT, what, f"请改为“{kind}”")
            break
    if item.result_kind and not item.result_name:
        yield Fault(
            ("result_name",), ItemRule.RESULT, "有结果类型，没有结果名称", "请填审批结果的名称"
        )
    if item.result_name and not any(medium.kind == "result" for medium in item.media):
        yield Fault(("media",), ItemRule.SAMPLE, "审批结果没有样本", "请在附件中加上结果样本")


def visits(item: ItemDefinition) -> Found:
    """Each visit needs its reason; who need not come can apply in another way."""
    if item.visits < 0:
        yield Fault(("visits",), ItemRule.VISITS, "现场次数是负数", "请填 0 或以上的整数")
    elif item.visits and not item.visits_explain.strip():
        what = f"要到现场 {item.visits} 次，没有说明原因"
        yield Fault(("visits_explain",), ItemRule.VISITS, what, "请写明必须到现场的原因")
    elif not item.visits and item.visits_explain.strip() not in ("", "无"):
        what = "不用到现场，却写了到现场的原因"
        yield Fault(("visits_explain",), ItemRule.VISITS, what, "请改为“无”或留空")
    if not item.visits and not item.online and "邮寄" not in item.special_procedure:
        what = "不用到现场又不能网上办"
        yield Fault(("online",), ItemRule.VISITS, what, "请改为可网办，或在特别程序中写明邮寄申请")
    if item.online_depth == codes.WHOLLY_ONLINE and item.visits:
        what = f"全程网办，却要到现场 {item.visits} 次"
        yield Fault(("visits",), ItemRule.VISITS, what, "请改为 0，或改网办深度")


def fees(item: ItemDefinition) -> Found:
    """A fee has a standard and a basis (行政许可法 第五十八条)."""
    for number, fee in enumerate(item.fees):
        for field, label in (("legal_basis", "收费依据"), ("standard", "收费标准")):
            if not getattr(fee, field).strip():
                what = f"收费项目“{fee.name}”没有{label}"
                yield Fault(("fees", number, field), ItemRule.FEES, what, f"请填写{label}")
        if fee.waivable and not fee.waive_explain.strip():
            what = f"收费项目“{fee.name}”可减免，没有说明"
            yield Fault(("fees", number, "waive_explain"), ItemRule.FEES, what, "请写明何时减免")


def phones(item: ItemDefinition) -> Found:
    """Who is asked and who hears complaints are different numbers, both with area code."""
    for field, label in (("phone", "咨询电话"), ("complaint_phone", "监督投诉电话")):
        number = getattr(item, field)
        if not _has_area_code(number):
            what = f"{label}“{number}”没有区号"
            yield Fault(
                (field,), ItemRule.PHONES, what, "请写成 0411-12345678，或 12345 这样的热线"
            )
    if item.phone and item.phone == item.complaint_phone:
        what = "监督投诉电话与咨询电话相同"
        yield Fault(("complaint_phone",), ItemRule.PHONES, what, "请填另一个电话")


HOTLINE_DIGITS = range(5, 7)


def _has_area_code(number: str) -> bool:
    digits = "".join(character for character in number if character in "0123456789")
    return len(digits) in HOTLINE_DIGITS or (digits.startswith("0") and len(digits) >= 10)  # noqa: PLR2004  # area code and seven digits


def topics(item: ItemDefinition) -> Found:
    """服务对象 and 主题分类 say the same."""
    allowed = {topic for who in item.served for topic in codes.TOPICS.get(who, ())}
    for number, topic in enumerate(item.topics):
        if topic not in allowed:
            what = f"主题“{topic}”不属于服务对象“{'、'.join(item.served)}”"
            yield Fault(("topics", number), ItemRule.TOPICS, what, "请从该对象的主题分类中选")
    for who in item.served:
        if who in codes.TOPICS and not set(codes.TOPICS[who]) & set(item.topics):
            what = f"服务对象有“{who}”，没有它的主题分类"
            yield Fault(("topics",), ItemRule.TOPICS, what, f"请加上{who}的主题")


def licences(item: ItemDefinition) -> Found:
    """A licence has a question answered and at least 受理、审核、审批、办结、送达."""
    if item.kind != codes.LICENCE:
        return
    if not item.questions:
        yield Fault(("questions",), ItemRule.QUESTIONS, "没有常见问题", "请至少写一问一答")
    if len(item.steps) < codes.PERMIT_STEPS:
        what = f"只有 {len(item.steps)} 步"
        step = "请至少写受理、审核、审批、办结、送达五步"
        yield Fault(("steps",), ItemRule.STEPS, what, step)


def steps(item: ItemDefinition) -> Found:
    """What the steps take together is not more than what was promised.

    送达 has its own limit after the decision (行政许可法 第四十四条) and does not count.
    """
    promised = read(item.promised_limit)
    stated = [read(step.limit) for step in item.steps if step.limit and step.name != "送达"]
    known = [one for one in stated if one is not None]
    if promised is None or not known:
        return
    kinds = {one.day_type for one in known if one.number} | {promised.day_type}
    if len(kinds) == 1:
        longer = sum(one.number for one in known) > promised.number
    else:
        longer = sum((one.ordinary for one in known), Fraction()) > promised.ordinary
    if longer:
        what = f"各步合计 {_total(known)}，承诺 {promised.words}"
        yield Fault(("steps",), ItemRule.STEP_DAYS, what, "请核对各步的时限；送达不计在内")


def _total(known: list[Length]) -> str:
    return " + ".join(one.words for one in known if one.number)


def deferrals(item: ItemDefinition) -> Found:
    """容缺: a secondary document, with the longest time it may take."""
    for number, material in enumerate(item.materials):
        at: Path = ("materials", number)
        if material.deferrable and not material.deferral.strip():
            what = f"“{material.name}”可容缺，没有后补时限"
            yield Fault((*at, "deferral"), ItemRule.DEFERRAL, what, "请填如 10wd")
        if material.deferral.strip() and not material.deferrable:
            what = f"“{material.name}”不可容缺，却有后补时限"
            yield Fault((*at, "deferrable"), ItemRule.DEFERRAL, what, "请改为可容缺，或删去时限")
        if material.deferrable and not number:
            what = f"“{material.name}”排在第一，是主要材料，不能容缺"
            yield Fault((*at, "deferrable"), ItemRule.MAIN, what, "请把申请书等主要材料排在第一")
        if not material.required and not material.need_explain.strip():
            what = f"“{material.name}”不是必要材料，没有说明什么时候要"
            yield Fault((*at, "need_explain"), ItemRule.EMPTY, what, "请写明什么情形要提交")
    if item.materials and all(one.deferrable for one in item.materials if one.required):
        what = "必要材料全都可容缺"
        yield Fault(("materials",), ItemRule.MAIN, what, "请至少留一份主要材料不可容缺")


def declarations(item: ItemDefinition) -> Found:
    """A document gives way to a declaration only where there is one."""
    if item.declaration is not None:
        for field, label in (
            ("conditions", "告知内容"),
            ("text", "承诺内容"),
            ("liability", "违诺责任"),
        ):
            if not getattr(item.declaration, field).strip():
                yield Fault(
                    ("declaration", field), ItemRule.DECLARATION, f"没有{label}", f"请写{label}"
                )
        if not 1 <= item.declaration.check_share <= 100:  # noqa: PLR2004  # percent
            what = f"核查比例 {item.declaration.check_share} 不在 1 至 100 之间"
            yield Fault(("declaration", "check_share"), ItemRule.DECLARATION, what, "请填百分数")
        return
    for number, material in enumerate(item.materials):
        if material.declarable:
            what = f"“{material.name}”可用告知承诺替代，事项却没有告知承诺书"
            step = "请填“告知承诺”，或改为不可替代"
            yield Fault(("materials", number, "declarable"), ItemRule.DECLARATION, what, step)


def grounds(item: ItemDefinition) -> Found:
    """Time left out of the legal limit is named by law (行政许可法 第四十五条)."""
    for number, ground in enumerate(item.grounds):
        at: Path = ("grounds", number)
        if not ground.legal_basis.strip():
            what = f"事由“{ground.name}”没有依据"
            yield Fault((*at, "legal_basis"), ItemRule.GROUND, what, "请写明法律条款或公布的规定")
        if ground.cap is not None and ground.cap < 1:
            what = f"事由“{ground.name}”的上限是 {ground.cap}"
            yield Fault((*at, "cap"), ItemRule.GROUND, what, "请填 1 或以上的整数，或留空")
        if ground.stops_legal and not any(one in ground.name for one in codes.LEGAL_GROUNDS):
            what = f"“{ground.name}”不在行政许可法第四十五条所列之中，却停法定计时"
            step = "请核对有没有别的法律依据；没有的，只停承诺计时"
            yield Fault((*at, "stops_legal"), ItemRule.LEGAL_GROUND, what, step)


CHECKS: tuple[Callable[[ItemDefinition], Found], ...] = (
    limits,
    at_once,
    result,
    visits,
    fees,
    phones,
    topics,
    licences,
    steps,
    deferrals,
    declarations,
    grounds,
)
"""What is looked at, beyond the form of each field."""
