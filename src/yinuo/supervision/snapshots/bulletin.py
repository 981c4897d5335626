"""The bulletin (通报) of a dispatch meeting, written from its snapshot alone."""

from collections.abc import Iterator, Sequence
from datetime import date

from yinuo.supervision.papers.paper import (
    Align,
    Block,
    Column,
    Heading,
    Kind,
    Note,
    Paper,
    Table,
    Text,
    chinese_date,
)
from yinuo.supervision.snapshots.compose import ITEM_RULES, UNIT_RULES, shares
from yinuo.supervision.snapshots.content import Annex, Content, Figures, Ranked, Step

MOST_STEPS = 40
"""Lines of what moved; the workbook has all of them."""
RIGHT, LEFT, CENTER = Align.RIGHT, Align.LEFT, Align.CENTER
ADDRESSEE = "各有关单位"


def bulletin(
    content: Content,
    *,
    number: str,
    signed_date: date,
    check_address: str,
    addressee: str = ADDRESSEE,
) -> Paper:
    """The paper. `number` is its 发文字号, empty before it has one; `check_address` is drawn as QR.

    Every block of figures names the numbers under which the workbook holds them.
    """
    as_of = date.fromisoformat(content.as_of)
    return Paper(
        kind=Kind.BULLETIN,
        organ=content.office_name,
        number=number,
        title=f"关于{as_of.year}年{as_of.month}月重点工作\n推进情况的通报",
        addressee=addressee,
        blocks=tuple(_blocks(content, as_of)),
        attachments=(f"调度会数据 {content.code}（Excel）",),
        signer=content.office_name,
        signed_date=signed_date,
        simulated=content.simulated,
        check_code=content.check_code,
        check_address=check_address if content.check_code else "",
        source=f"调度会数据 {content.code}（截至{chinese_date(as_of)}）",
    )


def _blocks(content: Content, as_of: date) -> Iterator[Block]:
    edition = f"，灯按红黄绿灯规则表{content.lights_edition}判定" if content.lights_edition else ""
    yield Text(
        f"现将截至{chinese_date(as_of)}的重点工作推进情况通报如下。本通报全部数据取自调度会数据"
        f" {content.code}，生成后不再改动{edition}。"
    )
    yield Heading("总体情况")
    yield Text(overall(content.total))
    yield Note(f"数据编号：{content.code}/total")
    yield Heading("各单位情况")
    yield _units(content.units)
    key = f"{content.code}/unit.〔单位代码〕"
    yield Note(f"数据编号：{key}；按期率为按原定时限兑现占原定时限已到的比例。")
    yield from _moved(content)
    yield Heading("先进与滞后")
    yield from _ranked("先进单位", content.best_units, UNIT_RULES["best"])
    yield from _ranked("滞后单位", content.worst_units, UNIT_RULES["worst"])
    yield from _ranked("完成较好的事项", content.best_items, ITEM_RULES["best"])
    yield from _ranked("滞后的事项", content.worst_items, ITEM_RULES["worst"])
    for annex in content.annexes:
        yield Heading(annex.title)
        yield _annex(annex)
        if annex.note:
            yield Note(annex.note)
    yield Heading("有关要求")
    yield Text(
        "列入滞后名单的单位要逐项说明原因、整改措施和完成时限，按督办单要求回复。对数据有异议的，"
        f"请注明数据编号，向{content.office_name}提出。"
    )


def overall(total: Figures) -> str:
    """How things stand, in two sentences."""
    share = shares(total)
    fell_due = f"，占 {share['on_time']}" if share["on_time"] else ""
    return (
        f"共 {total.total:,} 项：已兑现 {total.kept:,} 项，逾期 {total.overdue:,} 项，"
        f"待核实 {total.waiting:,} 项，进行中 {total.open:,} 项，未兑现 {total.broken:,} 项，"
        f"免除或终止 {total.ended:,} 项；调整过时限 {total.moved:,} 项，"
        f"未定时限 {total.undated:,} 项。"
        f"原定时限已到 {total.fell_due:,} 项，其中按原定时限兑现 {total.on_time:,} 项{fell_due}。"
        f"红灯 {total.red:,} 项，黄灯 {total.yellow:,} 项，绿灯 {total.green:,} 项，"
        f"灯未定 {total.undetermined:,} 项。"
    )


def _units(units: Sequence[Figures]) -> Table:
    columns = (
        Column("单位", 6),
        *(Column(label, 2, RIGHT) for label in ("总数", "已兑现", "逾期", "红灯", "黄灯")),
        Column("按期率", 3, RIGHT),
    )
    rows = [
        (
            part.name,
            *(f"{n:,}" for n in (part.total, part.kept, part.overdue, part.red, part.yellow)),
            shares(part)["on_time"] or "暂无数据",
        )
        for part in units
        if part.total
    ]
    return Table(columns, rows, caption="各单位推进情况")


def _moved(content: Content) -> Iterator[Block]:
    yield Heading("与上次相比")
    if not content.previous:
        yield Text("这是第一次调度，没有可以比较的数据。")
        return
    before = chinese_date(date.fromisoformat(content.previous_as_of))
    if not content.steps:
        yield Text(f"与 {content.previous}（截至{before}）相比，没有变化。")
        return
    more = len(content.steps) - MOST_STEPS
    rest = f"，以下列出 {MOST_STEPS} 处，其余见附件" if more > 0 else ""
    yield Text(
        f"与 {content.previous}（截至{before}）相比，共 {len(content.steps):,} 处变化{rest}。"
    )
    columns = (
        Column("单位", 3),
        Column("事项", 6),
        Column("变化", 2, CENTER),
        Column("上次", 3, CENTER),
        Column("本次", 3, CENTER),
    )
    yield Table(columns, [_line(step) for step in content.steps[:MOST_STEPS]])


def _line(step: Step) -> Sequence[str]:
    return (step.unit_name, step.title, step.what, step.before or "—", step.after or "—")


def _ranked(title: str, ranked: Sequence[Ranked], rule: str) -> Iterator[Block]:
    yield Heading(title, 2)
    if not ranked:
        yield Text("没有符合条件的。")
        return
    has_units = any(each.unit_name for each in ranked)
    columns = (
        Column("序号", 2, CENTER),
        Column("名称", 8),
        *((Column("责任单位", 5),) if has_units else ()),
        Column("依据", 11),
    )
    rows = [
        (str(n), each.name, *((each.unit_name,) if has_units else ()), each.reason)
        for n, each in enumerate(ranked, start=1)
    ]
    yield Table(columns, rows)
    yield Note(f"排列规则：{rule}。")


def _annex(annex: Annex) -> Table:
    numeric = [
        all(row[place].replace(",", "").isdigit() for row in annex.rows)
        for place in range(len(annex.columns))
    ]
    longest = [
        max(4, min(14, max(len(row[place]) for row in annex.rows)))
        for place in range(len(annex.columns))
    ]
    columns = [
        Column(title, width, RIGHT if is_number else LEFT)
        for title, width, is_number in zip(annex.columns, longest, numeric, strict=True)
    ]
    return Table(columns, annex.rows)
