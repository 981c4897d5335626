"""What a demo year is checked by: a draw on site and doubts, once the log is sealed."""

from datetime import date

from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import Viewer
from yinuo.project.event import instant
from yinuo.supervision.commands import doubts, draws
from yinuo.supervision.commands.looking import look
from yinuo.supervision.doubt_life import DoubtKind, DoubtResult
from yinuo.supervision.draws.life import Result
from yinuo.supervision.draws.randomness import Source
from yinuo.supervision.queries.doubts import doubt_page
from yinuo.supervision.queries.draws import draws as all_draws

FRAMED, KNOWN, VISITED, CONCLUDED = (instant(f"2025-01-{day}") for day in (14, 15, 17, 19))
BALLS = "03 09 15 21 27 33 + 08"
"""No real lottery: the numbers were made up with the rest."""
FALSE, UNREACHED = 4, 9
"""Which of those drawn proves false, and which nobody gets to see."""
ANSWER = "两个项目是同一总包单位施工，上传时选错了照片，已换成本项目现场照片。"


def frame(*, unit: str, by: Viewer, store: FileStore) -> str:
    """Fix what is drawn from, before the numbers exist."""
    return draws.frame(
        unit=unit,
        title="2024年下半年报称完成事项抽查",
        from_date=date(2024, 7, 1),
        until_date=date(2025, 1, 10),
        source=Source.LOTTERY,
        source_name="演示彩票（虚构）",
        source_number="2025006",
        known_from=KNOWN,
        store=store,
        by=by,
        at=FRAMED,
    )


def check(*, by: Viewer, finder: Viewer, store: FileStore) -> None:
    """Draw by the numbers, look at everything drawn, and conclude. The frame is sealed.

    The supervising office draws, not the auditor, who holds a duty with the city, which owes some.
    """
    (waiting,) = all_draws(viewer=by)
    code = waiting.code
    draws.enter_randomness(
        draw=code,
        value=BALLS,
        known_at=KNOWN,
        where="演示彩票开奖公告（虚构）",
        store=store,
        by=by,
        at=KNOWN,
    )
    for number, item in enumerate(draws.draw(draw=code, store=store, by=by, at=KNOWN), start=1):
        result, note = Result.TRUE, "现场查看，和报送一致。"
        if number == FALSE:
            result, note = Result.FALSE, "付款凭证只有报送数的一半，其余是合同金额。"
        elif number == UNREACHED:
            result, note = Result.UNCHECKED, "现场封闭施工，约定的日期没能进入。"
        draws.find(
            item=item,
            result=result,
            checked_date=date(2025, 1, 17),
            note=note,
            store=store,
            by=finder,
            at=VISITED,
        )
    draws.conclude(
        draw=code, note="已逐项现场核查，不实的一项转督查室处理。", store=store, by=by, at=CONCLUDED
    )


def doubt(*, officer: Viewer, checker: Viewer, store: FileStore) -> None:
    """Let the worker look, and one doubt be answered and closed."""
    while look(store=store, at=VISITED).more:
        pass
    for row in doubt_page(viewer=officer, kind=DoubtKind.PHOTO_REUSED).rows[:1]:
        doubts.answer(doubt=row.code, note=ANSWER, by=officer, at=VISITED)
        doubts.close(
            doubt=row.code,
            result=DoubtResult.RECTIFY,
            note="照片已更换；请该单位自查其余照片。",
            by=checker,
            at=CONCLUDED,
        )
