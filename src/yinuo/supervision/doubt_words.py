"""What was noticed, in a sentence a person can check; never what to think of it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from yinuo.commitments.figures import say
from yinuo.supervision.doubt_life import DoubtKind
from yinuo.supervision.figures.digits import ALIKE

Facts = Mapping[str, Any]
ALMOST = 2
"""Up to so many of 64 bits two pictures are called almost the same."""


def day_words(text: str) -> str:
    """An ISO day as people write it.

    >>> day_words("2024-07-01")
    '2024年7月1日'
    """
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(text: str) -> str:
    """An ISO instant without a zone, to the minute."""
    at = datetime.fromisoformat(text)
    return f"{day_words(at.date().isoformat())} {at:%H:%M}"


def likeness(facts: Facts) -> str:
    """How like two pictures are."""
    if facts["exact"]:
        return "两个文件完全相同"
    bits = f"（64 位指纹中有 {facts['distance']} 位不同）"
    if facts["crop"]:
        return f"一张与另一张裁去边缘后的画面相近{bits}"
    return ("画面几乎相同" if facts["distance"] <= ALMOST else "画面相近") + bits


def sentence(kind: str, facts: Facts) -> str:
    """One sentence about what was noticed."""
    return _SENTENCES[DoubtKind(kind)](facts)


def _target_hit(facts: Facts) -> str:
    before = f"完成时限前 {facts['days']} 天" if facts["days"] else "完成时限当天"
    target = say(facts["target"], facts["unit"])
    off = f"与目标只差 {say(facts['off'], facts['unit'])}" if facts["off"] != "0" else "与目标一致"
    return f"{before}的数{off}：目标 {target}，此前各期都没有达到过这个数"


def _rush(facts: Facts) -> str:
    times = f"，是以前各期日均增量中位数的 {facts['times']} 倍" if facts["times"] else ""
    return (
        f"时限前最后一期（{facts['days']} 天）完成了全部增量的 {facts['share']}%{times}；"
        f"完成时限 {day_words(facts['due'])}"
    )


def _jump(facts: Facts) -> str:
    times = f"是以前各期日均增量中位数的 {facts['times']} 倍，" if facts["times"] else ""
    return f"最新一期{times}修正 z 分值 {facts['score']}（共 {facts['steps']} 步）"


def _falling(facts: Facts) -> str:
    before, after = (say(facts[name], facts["unit"]) for name in ("from", "to"))
    return f"累计数由 {before}减到 {after}"


def _parts(facts: Facts) -> str:
    unit = facts["unit"]
    whole, together, off = (
        say(value, unit) for value in (facts["whole"]["value"], facts["together"], facts["off"])
    )
    return (
        f"截至{day_words(facts['day'])}，{len(facts['parts'])} 个分项合计 {together}，"
        f"总数报送 {whole}，相差 {off}"
    )


def _pasted(facts: Facts) -> str:
    return (
        f"截至{day_words(facts['day'])}，同一单位的 {facts['count']} 项承诺报送了同一个数 "
        f"{facts['value']}"
    )


def _digits(facts: Facts) -> str:
    likely = f"纯属巧合的可能性不到百万分之 {facts['per_million']}"
    if facts["digit"] == ALIKE:
        return (
            f"{facts['year']}年报送的 {facts['total']} 个三位以上的数中，"
            f"{facts['alike']} 个各位数字全相同，{likely}"
        )
    count = facts["counts"][facts["digit"]]
    return (
        f"{facts['year']}年报送的 {facts['total']} 个三位以上的数中，"
        f"{count} 个以 {facts['digit']} 结尾（大约应有 {round(facts['total'] / 10)} 个），{likely}"
    )


def _photo_reused(facts: Facts) -> str:
    more = f"；另外还有 {facts['count'] - 1} 处" if facts["count"] > 1 else ""
    return f"这张照片以前提交过：{likeness(facts)}{more}"


def _photo_time(facts: Facts) -> str:
    taken = moment_words(facts["taken"])
    if facts["early"]:
        return f"相机记录拍摄于 {taken}，早于上一期的截至日期 {day_words(facts['from'])}"
    return f"相机记录拍摄于 {taken}，晚于 {day_words(facts['to'])}；相机的时钟可能不准"


def _photo_place(facts: Facts) -> str:
    return (
        f"相机记录的地点离这项承诺的其他照片至少 {facts['kilometres']} 公里；"
        f"其他 {facts['agreeing']} 张彼此相近"
    )


_SENTENCES: Mapping[DoubtKind, Callable[[Facts], str]] = {
    DoubtKind.TARGET_HIT: _target_hit,
    DoubtKind.RUSH: _rush,
    DoubtKind.JUMP: _jump,
    DoubtKind.FALLING: _falling,
    DoubtKind.PARTS: _parts,
    DoubtKind.PASTED: _pasted,
    DoubtKind.DIGITS: _digits,
    DoubtKind.PHOTO_REUSED: _photo_reused,
    DoubtKind.PHOTO_TIME: _photo_time,
    DoubtKind.PHOTO_PLACE: _photo_place,
}
