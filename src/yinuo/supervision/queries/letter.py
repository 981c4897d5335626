"""The letter of an order as a paper, made of what was recorded when it was issued."""

from collections.abc import Iterator
from datetime import date

from yinuo.parties.viewer import Viewer
from yinuo.supervision.orders.steps import LETTER_LABELS, Step
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
from yinuo.supervision.queries.order import OrderView, order

KINDS = {
    Step.PROMPT: Kind.REMINDER,
    Step.ORDER: Kind.ORDER,
    Step.TALK: Kind.TALK,
    Step.MEMO: Kind.SPECIAL,
}
OPENINGS = {
    Step.PROMPT: "以下任务临近时限或需要说明，现予提示。",
    Step.ORDER: "以下任务逾期或进度滞后，现予督办。",
    Step.TALK: "以下任务经督办仍未落实，现通知约谈。",
    Step.MEMO: "以下任务经提示、督办、约谈仍未落实，现专题报告。",
}
COLUMNS = (
    Column("序号", 1, Align.CENTER),
    Column("任务", 7),
    Column("情况", 5),
)


def order_letter(
    *,
    code: str,
    viewer: Viewer,
    today: date,
    check_code: str = "",
    check_address: str = "",
    simulated: bool = False,
) -> Paper:
    """The letter of an order, always of the day of its issue. Raises `UnknownOrder`."""
    view = order(code=code, viewer=viewer, today=today)
    row = view.row
    memo = row.step is Step.MEMO
    return Paper(
        kind=KINDS[row.step],
        title=row.title,
        organ=row.office_name,
        number=row.number,
        addressee=view.addressee if memo else row.unit_name,
        blocks=tuple(_blocks(view)),
        signer=row.office_name,
        signed_date=row.issued_date,
        copies=(row.unit_name,) if memo else (),
        simulated=simulated,
        check_code=check_code,
        check_address=check_address,
        source=f"督导规则表第 {view.table_edition} 版（P{view.table_number}）",
    )


def _blocks(view: OrderView) -> Iterator[Block]:
    yield Text(OPENINGS[view.row.step])
    yield Heading("任务和情况")
    yield Table(
        COLUMNS,
        tuple(
            (str(n), f"{concern.title}（{concern.code}）", concern.said or "没有灯")
            for n, concern in enumerate(view.concerns, start=1)
        ),
    )
    yield Note(_as_of(view))
    yield Heading("要求")
    for line in view.asked.splitlines():
        if line.strip():
            yield Text(line.strip())
    if view.row.step is Step.TALK and view.meeting_date:
        yield Heading("约谈安排")
        yield Text(f"时间：{chinese_date(view.meeting_date)}。约谈人和地点：{view.meeting}。")
    yield Heading("签收和回复")
    yield Text(_deadlines(view))
    if view.reason:
        yield Heading("采取这一步的理由")
        yield Text(view.reason)


def _as_of(view: OrderView) -> str:
    said = f"情况截至{chinese_date(view.row.issued_date)}；"
    dates = [each.reported_date for each in view.concerns if each.reported_date]
    if not dates:
        return said + "责任单位未报送进展。"
    return said + f"最近一次报送截至{chinese_date(max(dates))}。"


def _deadlines(view: OrderView) -> str:
    row = view.row
    said = f"请{row.unit_name}"
    if row.sign_by:
        said += f"在{chinese_date(row.sign_by)}之前签收，"
    said += f"在{chinese_date(view.first_reply_by)}之前在系统中回复，附能够证明的材料。"
    if view.extendable:
        return said + "确需延期的，请在到期之前申请并说明理由。"
    return said + f"{LETTER_LABELS[row.step]}的回复时限不能延长。"
