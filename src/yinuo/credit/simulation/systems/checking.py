"""What inspectors found: environment, safety at work, fire."""

import pyarrow as pa

from yinuo.credit.simulation import cells
from yinuo.credit.simulation.rows import Marks, Rows, SimulatedSource

_RESULTS = {"合格": 800, "责令改正": 150, "不合格": 50}
_PROBLEMS = ("", "", "台账不全", "消防通道堆放物品", "未定期检测")


def _found(rows: Rows, number: str, form: int) -> dict[str, pa.Array]:
    """The columns that all three have."""
    return {
        number: rows.serial(number[:2]),
        "被检查单位": rows.names(),
        "检查结果": rows.state(_RESULTS),
        "检查日期": rows.dates(rows.day, form),
        "发现问题": rows.edited("problems", _PROBLEMS),
    }


def _environment(rows: Rows) -> dict[str, pa.Array]:
    return {
        **_found(rows, "任务编号", cells.DASHED),
        "统一社会信用代码": rows.uscc(),
        "检查地址": rows.addresses(),
        "检查单位": rows.words("checker", ("演示环境监察一队", "演示环境监察二队")),
    }


def _safety(rows: Rows) -> dict[str, pa.Array]:
    return {
        **_found(rows, "检查文书号", cells.SLASHED),
        "信用代码": rows.uscc(),
        "机构代码": rows.old("org", 200),
        "检查单位": rows.words("checker", ("市应急局演示支队", "区应急局演示大队")),
    }


def _fire(rows: Rows) -> dict[str, pa.Array]:
    return {
        **_found(rows, "检查记录编号", cells.HAN),
        "单位类别": rows.kinds("单位", "个体工商户"),
        "单位代码": rows.uscc(),
        "营业执照注册号": rows.old("reg", 200),
        "单位地址": rows.addresses(),
        "检查单位": rows.words("checker", ("演示消防救援大队",)),
        "经办人": rows.nothing(),
    }


ENVIRONMENT = SimulatedSource(
    id="environment-checks",
    per_mille=10,
    columns=_environment,
    marks=Marks(name="被检查单位", date="检查日期", code="检查结果", uscc="统一社会信用代码"),
    revocable=True,
)
SAFETY = SimulatedSource(
    id="safety-checks",
    per_mille=10,
    columns=_safety,
    marks=Marks(
        name="被检查单位", date="检查日期", code="检查结果", uscc="信用代码", org="机构代码"
    ),
    delimiter="\t",
    old_number="org",
    revocable=True,
)
FIRE = SimulatedSource(
    id="fire-checks",
    per_mille=15,
    columns=_fire,
    marks=Marks(name="被检查单位", date="检查日期", code="检查结果", uscc="单位代码"),
    mix=(700, 300, 0),
    encoding="gb18030",
    old_number="reg",
    revocable=True,
)
