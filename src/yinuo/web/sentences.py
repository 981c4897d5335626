"""How things stand, in words. Pure."""

from dataclasses import dataclass
from datetime import date

from yinuo.commitments.life import Status
from yinuo.commitments.queries.board import Standing
from yinuo.commitments.queries.detail import Detail
from yinuo.web.templatetags.yinuo import day


@dataclass(frozen=True)
class Count:
    """A number in the board's sentence, and the list it leads to."""

    before: str
    number: int
    after: str
    state: str
    """The list's filter; empty for all."""


def board_sentence(standing: Standing) -> tuple[Count, ...]:
    """The sentence that opens the board, in pieces, each number a link.

    >>> "".join(f"{c.before}{c.number}{c.after}" for c in board_sentence(Standing(total=3, kept=1)))
    '3 项：已兑现 1 项，逾期 0 项，调整过时限 0 项；0 项未定时限'
    """
    return (
        Count("", standing.total, " 项：", ""),
        Count("已兑现 ", standing.kept, " 项，", "kept"),
        Count("逾期 ", standing.overdue, " 项，", "overdue"),
        Count("调整过时限 ", standing.moved, " 项；", "moved"),
        Count("", standing.undated, " 项未定时限", "undated"),
    )


def _distance(due: date, today: date) -> str:
    days = (due - today).days
    if days < 0:
        return f"已逾期 {-days:,} 天"
    return "今天到期" if days == 0 else f"还有 {days:,} 天"


def delay(detail: Detail) -> str:
    """How far all moves together have shifted the deadline."""
    days = detail.delay_days
    return f"累计提前 {-days:,} 天" if days < 0 else f"累计顺延 {days:,} 天"


def _moves(detail: Detail) -> str:
    if not detail.row.moved_count:
        return ""
    return f"时限调整过 {detail.row.moved_count} 次，{delay(detail)}。"


def _open(detail: Detail, today: date) -> str:
    due = detail.row.due
    if due is None:
        return "还没有结果。原文没有说什么时候完成。"
    where = "现定时限" if detail.row.moved_count else "完成时限"
    if due < today:
        return f"{where} {day(due)}，{_distance(due, today)}，等待督查人认定。"
    return f"{where} {day(due)}，{_distance(due, today)}。"


def state_sentence(detail: Detail, today: date) -> str:
    """What stands beside the mark of the state: by when, since when, how often that moved."""
    status = Status(detail.row.status)
    if status == Status.OPEN:
        said = _open(detail, today)
    elif status == Status.DELIVERED:
        said = f"责任单位申报于 {day(detail.delivered_date)}完成。核实之前不算已兑现。"
    elif status == Status.KEPT:
        said = f"完成于 {day(detail.delivered_date)}，督查人已核实。"
    elif status == Status.BROKEN:
        said = "督查人认定没有做到。"
    elif status == Status.WAIVED:
        said = "责任单位不再负有这项承诺，不算已兑现。"
    elif detail.merged_into:
        said = f"已并入 {detail.merged_into}。"
    else:
        said = "经批准不再进行，不算已兑现。"
    return said + _moves(detail)


@dataclass(frozen=True)
class Score:
    """The public score with what it is made of."""

    on_time: int
    fell_due: int

    @property
    def percent(self) -> str:
        """按期兑现 ÷ 已到期, to one decimal; 暂无数据 while nothing has fallen due.

        >>> Score(1, 3).percent
        '33.3%'
        >>> Score(0, 0).percent
        '暂无数据'
        """
        if not self.fell_due:
            return "暂无数据"
        tenths = (2000 * self.on_time + self.fell_due) // (2 * self.fell_due)
        return f"{tenths // 10}.{tenths % 10}%"
