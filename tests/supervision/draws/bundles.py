"""A frame of fifteen promises, and what a page gives to download of it."""

from datetime import UTC, date, datetime

from yinuo.kernel.canonical import canonical_bytes
from yinuo.supervision.draws.counting import counted, result_data
from yinuo.supervision.draws.estimate import estimate
from yinuo.supervision.draws.frame import (
    Announced,
    Frame,
    FrameRow,
    Stratum,
    draw_from,
    frame_bytes,
    sha256_of,
)
from yinuo.supervision.draws.recompute import BUNDLE

VALUE = "03 09 15 21 27 33 + 08"
ROWS = (
    *(FrameRow(f"DL-{number:03d}", "低风险") for number in range(12)),
    *(FrameRow(f"DL-{number:03d}", "高风险") for number in range(12, 15)),
)
FRAME = Frame(
    draw="CC2024-1",
    unit="DL-DCS",
    from_date=date(2024, 4, 1),
    until_date=date(2024, 6, 30),
    table="tables/draw-strata.xlsx 第 1 版",
    source=Announced("lottery", "双色球", "2024083", datetime(2024, 7, 18, 13, tzinfo=UTC)),
    strata=(Stratum("高风险", 3, 3), Stratum("低风险", 12, 2)),
    rows=ROWS,
)
DATA = frame_bytes(FRAME)


def bundle(**altered: object) -> bytes:
    """What a page gives to download, concluded with one false report."""
    drawn = draw_from(DATA, VALUE)
    results = ["false", *["true"] * (len(drawn) - 1)]
    findings = [(each.stratum, result) for each, result in zip(drawn, results, strict=True)]
    strata = counted(DATA, findings)
    plain = {
        "format": BUNDLE,
        "draw": FRAME.draw,
        "frame_sha256": sha256_of(DATA),
        "frame": DATA.decode(),
        "randomness": VALUE,
        "drawn": [vars(each) for each in drawn],
        "findings": [
            {"label": each.label, "result": result}
            for each, result in zip(drawn, results, strict=True)
        ],
        "result": result_data(
            strict=estimate(strata.strict), wide=estimate(strata.wide), findings=findings
        ),
    }
    return canonical_bytes({**plain, **altered})  # type: ignore[dict-item]
