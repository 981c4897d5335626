"""What can go wrong with a round and its sheets."""

from collections.abc import Sequence

from yinuo.kernel.errors import InvalidFields, Plain, YinuoError
from yinuo.supervision.rounds.life import ROUND_LABELS, RoundState

NAMED = 5
"""Things of many that an error names."""


def some(names: Sequence[str]) -> str:
    """The first few names, and how many there are of them.

    >>> some(["甲", "乙"]), some(list("一二三四五六"))
    ('甲、乙', '一、二、三、四、五等 6 个')
    """
    said = "、".join(names[:NAMED])
    return said if len(names) <= NAMED else f"{said}等 {len(names):,} 个"


class UnknownRound(Plain):
    """No such round, or none that the viewer may see."""

    code = "ROUND-E001"
    status = 404
    said = "没有编号为 {place} 的期次"
    step = "请核对编号"


class UnknownSheet(Plain):
    """No such sheet, or none that the viewer may see."""

    code = "ROUND-E002"
    status = 404
    said = "没有编号为 {place} 的报送表"
    step = "请从“我的工作”打开"


class RoundInvalid(InvalidFields):
    """Values that break a rule, each with its field."""

    code = "ROUND-E003"


class NothingToAsk(YinuoError):
    """The choice leaves no commitment that a unit could be asked about."""

    code = "ROUND-E004"
    status = 409

    def __init__(self, office: str, unowned: int) -> None:
        rest = f"（有 {unowned:,} 项没有责任单位）" if unowned else ""
        super().__init__(
            f"这样选，没有可以要求报送的承诺{rest}",
            place=office,
            next_step="请放宽筛选，或先为它们明确责任单位",
        )


class TooManyToAsk(YinuoError):
    """More commitments than one round may ask about."""

    code = "ROUND-E005"

    def __init__(self, found: int, most: int) -> None:
        super().__init__(
            f"这样选有 {found:,} 项承诺，一期最多 {most:,} 项",
            next_step="请用来源、目标、类型或单位筛选，分几期开",
        )


class ChoiceChanged(YinuoError):
    """Other commitments fit the choice than were previewed."""

    code = "ROUND-E006"
    status = 409

    def __init__(self, seen: int, found: int) -> None:
        super().__init__(
            f"预览时是 {seen:,} 项承诺，现在是 {found:,} 项",
            next_step="请看过新的预览后再开",
        )


class OverBurden(YinuoError):
    """The round asks too much of somebody, and nobody said why it must."""

    code = "ROUND-E007"
    status = 409

    def __init__(self, code: str, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(
            f"填报负担规则不允许：{'；'.join(self.reasons[:NAMED])}"
            + (f"；等 {len(reasons):,} 个单位" if len(reasons) > NAMED else ""),
            place=code,
            next_step="请去掉已经持有的和别期正在要的承诺；确需要求的，写明理由再开，理由会记入账本",
        )


class WrongRoundState(YinuoError):
    """The round is in a state that does not allow this."""

    code = "ROUND-E008"
    status = 409

    def __init__(self, code: str, status: str, wanted: str) -> None:
        super().__init__(
            f"这一期“{ROUND_LABELS[RoundState(status)]}”，不能{wanted}",
            place=code,
            next_step="请刷新页面，看清最新状态",
        )


class RoundClosed(Plain):
    """A report into a round that is locked."""

    code = "ROUND-E009"
    status = 409
    said = "{place} 期已关闭，不再接收报送"
    step = "确需补报的，请督查单位申请重新打开；进展随时可以在承诺页面报送"


class NotAsked(YinuoError):
    """A line about something that the sheet does not ask for."""

    code = "ROUND-E010"

    def __init__(self, commitment: str, sheet: str, elsewhere: str) -> None:
        where = f"，它在报送表 {elsewhere} 里" if elsewhere else ""
        super().__init__(
            f"报送表 {sheet} 没有要 {commitment}{where}",
            place=commitment,
            next_step="请删去这一行；要报它的进展，请打开它的承诺页面",
        )


class MergedAway(YinuoError):
    """The commitment was merged into another after it was asked for."""

    code = "ROUND-E011"
    status = 409

    def __init__(self, commitment: str, into: str) -> None:
        where = f"并入 {into}" if into else "并入另一项承诺"
        super().__init__(
            f"{commitment} 已{where}，不再单独报送",
            place=commitment,
            next_step="这一行不必填；进展请报在并入的那一项里",
        )


class NoLongerOpen(YinuoError):
    """The commitment was declared done, or ended, after it was asked for."""

    code = "ROUND-E012"
    status = 409

    def __init__(self, commitment: str, state: str) -> None:
        super().__init__(
            f"{commitment} 现在“{state}”，不再报送进展",
            place=commitment,
            next_step="这一行不必填",
        )


class AnswersElsewhere(YinuoError):
    """Another unit answers for the commitment now."""

    code = "ROUND-E013"
    status = 403

    def __init__(self, commitment: str, unit: str) -> None:
        super().__init__(
            f"{commitment} 已移交{unit}，由{unit}报送",
            place=commitment,
            next_step=f"这一行不必填；{unit}的填报人可以在同一张报送表里报这一项",
        )


class HandedIn(YinuoError):
    """The sheet waits for the office, or was accepted."""

    code = "ROUND-E014"
    status = 409

    def __init__(self, sheet: str, state: str) -> None:
        super().__init__(
            f"报送表已经提交（{state}），现在不能再填",
            place=sheet,
            next_step="要更正的，请督查单位退回后再填",
        )


class Unfinished(YinuoError):
    """A sheet handed in with lines that are still to be filled."""

    code = "ROUND-E015"
    status = 409

    def __init__(self, sheet: str, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            f"还有 {len(missing):,} 行没有报：{some(missing)}",
            place=sheet,
            next_step="请先报完；确实报不出的，在“说明”里写明原因再提交，缺的算未报送",
        )


class StillToJudge(YinuoError):
    """A round to be closed in which sheets wait for the office."""

    code = "ROUND-E016"
    status = 409

    def __init__(self, code: str, sheets: int) -> None:
        super().__init__(
            f"还有 {sheets:,} 张报送表等待审核，不能关闭",
            place=code,
            next_step="请先通过或退回它们",
        )


class NothingHeld(Plain):
    """Nothing to confirm: no report of that day or later is held."""

    code = "ROUND-E017"
    status = 409
    said = "{place} 还没有截至日当天或之后的进展，没有可以确认的"
    step = "请填写进展"
