"""双公示: licences and penalties, by the column set of 2018."""

import numpy as np
import pyarrow as pa

from yinuo.credit.simulation import cells
from yinuo.credit.simulation.luck import Ints
from yinuo.credit.simulation.population import EPOCH
from yinuo.credit.simulation.rows import Marks, Rows, SimulatedSource

_AUTHORITIES = ("市市场监管局", "市营商环境局", "市住房城乡建设局", "市自然资源局")
_AUTHORITY_CODES = (
    *("11210200MB0000019R", "11210200MB0000027L", "11210200MB0000035F"),
    *("11210200MB0000043A",),
)
"""As in content/letters/unit-codes.csv: made up, well-formed."""
_STATES = {"0": 970, "2": 20, "3": 10}


def _party(rows: Rows, of: str) -> dict[str, pa.Array]:
    """The columns that say of whom a decision is."""
    people = cells.of_words(("", "", "身份证"), rows.kind)
    return {
        f"{of}_XDR_MC": rows.names(),
        f"{of}_XDR_LB": rows.kinds("法人及非法人组织", "个体工商户", "自然人"),
        f"{of}_XDR_SHXYM": rows.uscc(),
        f"{of}_XDR_GSZC": rows.old("reg", 100),
        f"{of}_XDR_ZZJG": rows.old("org", 100),
        f"{of}_XDR_SWDJ": rows.nothing(),
        f"{of}_XDR_SYDW": rows.nothing(),
        f"{of}_XDR_SHZZ": rows.nothing(),
        f"{of}_FRDB": rows.representatives(),
        f"{of}_FR_ZJLX": cells.of_words(("身份证", "身份证", ""), rows.kind),
        f"{of}_FR_ZJHM": rows.representative_numbers(),
        f"{of}_XDR_ZJLX": people,
        f"{of}_XDR_ZJHM": rows.rid(),
    }


def _document(rows: Rows, word: str) -> pa.Array:
    year = cells.whole(EPOCH.year + (rows.day * 100) // 36_525)
    return cells.joined(word, "〔", year, "〕", cells.whole(rows.numbers + 1), "号")


def _state(rows: Rows) -> pa.Array:
    return rows.state(_STATES, revoked="1")


def _licence(rows: Rows) -> dict[str, pa.Array]:
    who: Ints = rows.drawn("authority", len(_AUTHORITIES))
    until = np.minimum(rows.day + 365 * (1 + rows.drawn("years", 5)), cells.DAYS - 1)
    return {
        **_party(rows, "XK"),
        "XK_XKWS": rows.words(
            "title", ("准予行政许可决定书", "食品经营许可决定书", "变更许可决定书")
        ),
        "XK_WSH": _document(rows, "大许可"),
        "XK_XKLB": rows.words("class", {"普通": 700, "核准": 150, "登记": 100, "认可": 50}),
        "XK_XKZS": rows.words("certificate", ("食品经营许可证", "建筑施工许可证", "")),
        "XK_XKBH": rows.serial("JY12102"),
        "XK_NR": rows.edited("content", ("准予食品经营许可", "准予许可，范围见附件", "准予变更")),
        "XK_JDRQ": rows.dates(rows.day),
        "XK_YXQZ": rows.dates(rows.day),
        "XK_YXQZI": rows.dates(until),
        "XK_XKJG": cells.of_words(_AUTHORITIES, who),
        "XK_XKJGDM": cells.of_words(_AUTHORITY_CODES, who),
        "XK_ZT": _state(rows),
        "XK_LYDW": cells.of_words(_AUTHORITIES, who),
        "XK_LYDWDM": cells.of_words(_AUTHORITY_CODES, who),
        "BZ": rows.nothing(),
    }


def _penalty(rows: Rows) -> dict[str, pa.Array]:
    who: Ints = rows.drawn("authority", len(_AUTHORITIES))
    fine = rows.money("fine", 5_000)
    days = np.array([90, 365, 1095])[rows.drawn("days", 3)]
    return {
        **_party(rows, "CF"),
        "CF_WSH": _document(rows, "大市监罚"),
        "CF_WFXW": rows.words(
            "breach", ("未按规定公示", "超范围经营", "销售不合格产品", "违规施工")
        ),
        "CF_SY": rows.words(
            "facts",
            ("经查，当事人有上述行为，\n事实清楚", "经查,当事人未按“规定”办理", "证据确凿"),
        ),
        "CF_YJ": rows.words("basis", ("《中华人民共和国行政处罚法》第九条", "演示条例第一条")),
        "CF_CFLB": rows.words("class", ("罚款", "警告;罚款", "没收违法所得；罚款")),
        "CF_NR": cells.joined("罚款", fine, "万元"),
        "CF_NR_FK": fine,
        "CF_NR_WFFF": rows.nothing(),
        "CF_NR_ZKDX": rows.nothing(),
        "CF_JDRQ": rows.dates(rows.day, cells.SLASHED),
        "CF_YXQ": rows.dates(rows.day + 1095, cells.SLASHED),
        "CF_GSJZQ": rows.dates(rows.day + days, cells.SLASHED),
        "CF_CFJG": cells.of_words(_AUTHORITIES, who),
        "CF_CFJGDM": cells.of_words(_AUTHORITY_CODES, who),
        "CF_ZT": _state(rows),
        "CF_SJLY": cells.of_words(_AUTHORITIES, who),
        "CF_SJLYDM": cells.of_words(_AUTHORITY_CODES, who),
        "BZ": rows.nothing(),
    }


LICENCE = SimulatedSource(
    id="licence",
    per_mille=90,
    columns=_licence,
    marks=Marks(
        name="XK_XDR_MC",
        date="XK_JDRQ",
        code="XK_XKLB",
        uscc="XK_XDR_SHXYM",
        org="XK_XDR_ZZJG",
    ),
    mix=(700, 250, 50),
    old_number="reg",
    revocable=True,
)
PENALTY = SimulatedSource(
    id="penalty",
    per_mille=20,
    columns=_penalty,
    marks=Marks(
        name="CF_XDR_MC",
        date="CF_JDRQ",
        code="CF_ZT",
        amount="CF_NR_FK",
        unit="万元",
        uscc="CF_XDR_SHXYM",
        org="CF_XDR_ZZJG",
    ),
    mix=(650, 300, 50),
    old_number="org",
    quoted=True,
    revocable=True,
)
