"""What the other parts of supervision add to a snapshot, each as a plain table."""

from collections.abc import Iterator
from datetime import date

from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.orders.steps import STEP_LABELS
from yinuo.supervision.queries.doubts import doubt_counts
from yinuo.supervision.queries.draws import latest_estimates
from yinuo.supervision.queries.orders import order_states
from yinuo.supervision.queries.races import latest_published
from yinuo.supervision.queries.rounds import RoundLine, round_page, rounds
from yinuo.supervision.snapshots.content import Annex

MOST_ROUNDS = 6


def annexes(*, office: str, viewer: Viewer, today: date) -> tuple[Annex, ...]:
    """Race, orders, rounds, doubts and draws as the viewer sees them; empty ones are left out."""
    found = (
        *_races(viewer, today),
        _orders(viewer, today),
        _rounds(office, viewer, today),
        _doubts(viewer),
        _draws(viewer, today),
    )
    return tuple(annex for annex in found if annex.rows)


def _races(viewer: Viewer, today: date) -> Iterator[Annex]:
    """One table a peer group; tiers and scores as they were published."""
    for place, race in enumerate(latest_published(viewer=viewer, on=today), start=1):
        rows = [
            (
                row.name,
                f"第 {row.tier} 档" if row.tier else "不排名",
                _points(row.score) if row.score is not None else "暂无数据",
                _signed(row.change) if row.change is not None else "无可比",
                row.award or "—",
            )
            for row in race.rows
        ]
        yield Annex(
            key=f"race-{place}",
            title=f"赛马：{race.group}（{race.period}）",
            columns=("单位", "档次", "得分", "比上期", "奖项"),
            rows=rows,
            note=f"{race.title}（{race.code}），截至 {race.as_of.isoformat()}；档内不分先后。",
        )


def _points(hundredths: int) -> str:
    """Hundredths of a point as people write them.

    >>> _points(8715), _points(-5)
    ('87.15', '-0.05')
    """
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02}"


def _signed(hundredths: int) -> str:
    return f"{'+' if hundredths > 0 else ''}{_points(hundredths)}"


def _doubts(viewer: Viewer) -> Annex:
    units = public_unit_names()
    counts: dict[str, list[int]] = {}
    for each in doubt_counts(viewer=viewer):
        held = counts.setdefault(each.unit, [0, 0, 0])
        for place, number in enumerate((each.open, each.answered, each.closed)):
            held[place] += number
    return Annex(
        key="doubts",
        title="疑点",
        columns=("单位", "待答复", "待核对", "已了结"),
        rows=[(units.get(unit, unit), *map(str, held)) for unit, held in counts.items()],
        note="疑点是请人核对的提示，不是结论；只供督查单位内部使用。",
        inside=True,
    )


def _draws(viewer: Viewer, today: date) -> Annex:
    rows = [
        (
            each.unit_name,
            each.code,
            f"{each.from_date.isoformat()} 至 {each.until_date.isoformat()}",
            f"{each.drawn} / {each.size}",
            each.said,
        )
        for each in latest_estimates(viewer=viewer, on=today)
    ]
    return Annex(
        key="draws",
        title="随机抽查",
        columns=("单位", "抽查", "期间", "抽取 / 总数", "不实比例"),
        rows=rows,
        note="比例为抽样估计，附区间；只供督查单位内部使用。",
        inside=True,
    )


def _orders(viewer: Viewer, today: date) -> Annex:
    units = public_unit_names()
    rows = [
        (
            units.get(each.unit, each.unit),
            STEP_LABELS[each.step],
            str(each.open),
            str(each.overdue),
            str(each.closed),
        )
        for each in order_states(viewer=viewer, today=today)
    ]
    return Annex(
        key="orders",
        title="督导",
        columns=("单位", "步骤", "未销号", "其中逾期未回复", "已销号"),
        rows=rows,
        note="撤回的不计。",
    )


def _rounds(office: str, viewer: Viewer, today: date) -> Annex:
    held = [line for line in rounds(viewer=viewer, today=today) if line.office == office]
    held.sort(key=lambda line: (line.due, line.code), reverse=True)
    rows = [tuple(_round(line, viewer, today)) for line in held[:MOST_ROUNDS]]
    return Annex(
        key="rounds",
        title="调度",
        columns=("期次", "名称", "报送截止", "应报单位", "已报单位", "迟报", "逾期未报单位"),
        rows=rows,
        note=f"最近 {MOST_ROUNDS} 期；迟报含截止后才报和至今未报。",
    )


def _round(line: RoundLine, viewer: Viewer, today: date) -> Iterator[str]:
    sheets = round_page(code=line.code, viewer=viewer, today=today).sheets
    missing = [s.unit_name for s in sheets if s.delivered_date is None and s.late_days]
    yield from (line.code, line.title, line.due.isoformat())
    yield from (str(line.sheets), str(line.handed_in), str(line.late))
    yield "、".join(missing) or "无"
