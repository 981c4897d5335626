"""How things stand, in words of the page's language."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext, pgettext

from yinuo.commitments.life import Status
from yinuo.commitments.queries.board import Standing
from yinuo.commitments.queries.detail import Detail
from yinuo.commitments.registry import Promisor
from yinuo.commitments.words import days_left
from yinuo.web.days import day


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

    Each message holds its number as `#`, because the words around it differ with the language.

    >>> "".join(f"{c.before}{c.number}{c.after}" for c in board_sentence(Standing(total=3, kept=1)))
    '3 项：已兑现 1 项，逾期 0 项，调整过时限 0 项；0 项未定时限'
    """
    total, kept, late = standing.total, standing.kept, standing.overdue
    moved, undated = standing.moved, standing.undated
    return (
        _count(ngettext("# 项：", "# 项：", total), total, ""),
        _count(ngettext("已兑现 # 项，", "已兑现 # 项，", kept), kept, "kept"),
        _count(ngettext("逾期 # 项，", "逾期 # 项，", late), late, "overdue"),
        _count(ngettext("调整过时限 # 项；", "调整过时限 # 项；", moved), moved, "moved"),
        _count(ngettext("# 项未定时限", "# 项未定时限", undated), undated, "undated"),
    )


def _count(said: str, number: int, state: str) -> Count:
    before, _, after = said.partition("#")
    return Count(before, number, after, state)


def delay(detail: Detail) -> str:
    """How far all moves together have shifted the deadline."""
    days = detail.delay_days
    if days < 0:
        said = ngettext("累计提前 %(days)s 天", "累计提前 %(days)s 天", -days)
    else:
        said = ngettext("累计顺延 %(days)s 天", "累计顺延 %(days)s 天", days)
    return said % {"days": f"{abs(days):,}"}


def _moves(detail: Detail) -> str:
    times = detail.row.moved_count
    if not times:
        return ""
    said = ngettext(
        "时限调整过 %(times)s 次，%(delay)s。", "时限调整过 %(times)s 次，%(delay)s。", times
    )
    return said % {"times": times, "delay": delay(detail)}


def _open(detail: Detail, today: date) -> str:
    due = detail.row.due
    if due is None:
        return gettext("还没有结果。原文没有说什么时候完成。")
    where = gettext("现定时限") if detail.row.moved_count else gettext("完成时限")
    said = gettext("%(deadline)s %(day)s，%(distance)s。")
    if due < today:
        said = gettext("%(deadline)s %(day)s，%(distance)s，等待督查人认定。")
    return said % {"deadline": where, "day": day(due), "distance": days_left(due, today)}


def state_sentence(detail: Detail, today: date) -> str:
    """What stands beside the mark of the state: by when, since when, how often that moved."""
    status, by_city = Status(detail.row.status), detail.row.promisor is Promisor.CITY
    if status == Status.OPEN:
        said = _open(detail, today)
    elif status == Status.DELIVERED:
        said = (
            gettext("责任单位申报于 %(day)s完成。核实之前不算已兑现。")
            if by_city
            else gettext("承诺人申报于 %(day)s完成。核实之前不算已兑现。")
        )
    elif status == Status.KEPT:
        said = gettext("完成于 %(day)s，督查人已核实。")
    elif status == Status.BROKEN:
        said = gettext("督查人认定没有做到。")
    elif status == Status.WAIVED:
        said = (
            gettext("责任单位不再负有这项承诺，不算已兑现。")
            if by_city
            else gettext("承诺人不再负有这项承诺，不算已兑现。")
        )
    elif detail.merged_into:
        said = gettext("已并入 %(code)s。")
    else:
        said = gettext("经批准不再进行，不算已兑现。")
    filled = said % {"day": day(detail.delivered_date), "code": detail.merged_into}
    moves = _moves(detail)
    joined = pgettext("two sentences", "%(first)s%(second)s") if moves else "%(first)s"
    return joined % {"first": filled, "second": moves}


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
            return gettext("暂无数据")
        tenths = (2000 * self.on_time + self.fell_due) // (2 * self.fell_due)
        return f"{tenths // 10}.{tenths % 10}%"
