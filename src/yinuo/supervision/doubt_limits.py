"""The thresholds from which something is worth a question, by the names of the table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from yinuo.supervision.photos.bands import REACH


@dataclass(frozen=True, slots=True)
class Limits:
    """One number each; see `NAMES` for what the table calls them."""

    hit_days: Decimal
    hit_levels: Decimal
    hit_tolerance: Decimal
    rush_days: Decimal
    rush_share: Decimal
    rush_times: Decimal
    rush_reports: Decimal
    jump_score: Decimal
    jump_times: Decimal
    jump_steps: Decimal
    fall_tolerance: Decimal
    parts_tolerance: Decimal
    pasted_commitments: Decimal
    pasted_digits: Decimal
    digits_figures: Decimal
    digits_chance: Decimal
    photo_distance: Decimal
    photo_crop_distance: Decimal
    photo_same_distance: Decimal
    photo_cells: Decimal
    photo_crowd: Decimal
    photo_before: Decimal
    photo_after: Decimal
    photo_kilometres: Decimal


NAMES = {
    "恰好达标的天数": "hit_days",
    "恰好达标的最少级数": "hit_levels",
    "恰好达标的容差": "hit_tolerance",
    "期末突增的天数": "rush_days",
    "期末突增的最低占比": "rush_share",
    "期末突增的最低倍数": "rush_times",
    "期末突增的最少期数": "rush_reports",
    "增速异常的最低分值": "jump_score",
    "增速异常的最低倍数": "jump_times",
    "增速异常的最少步数": "jump_steps",
    "累计数回落的容差": "fall_tolerance",
    "分项合计的容差": "parts_tolerance",
    "数字雷同的最少承诺数": "pasted_commitments",
    "数字雷同的最少有效数字": "pasted_digits",
    "尾数集中的最少个数": "digits_figures",
    "尾数集中的机会": "digits_chance",
    "照片的最大距离": "photo_distance",
    "裁剪照片的最大距离": "photo_crop_distance",
    "同一承诺照片的最大距离": "photo_same_distance",
    "照片的最少有效格": "photo_cells",
    "照片索引的拥挤上限": "photo_crowd",
    "拍摄时间提前的天数": "photo_before",
    "拍摄时间延后的天数": "photo_after",
    "拍摄地点的最远公里": "photo_kilometres",
}
"""What the table calls a threshold → what it is here."""
DISTANCES = ("photo_distance", "photo_crop_distance", "photo_same_distance")
"""Beyond `REACH` the index could not find everything, so no table may ask for it."""


def read_limits(found: Mapping[str, Decimal]) -> tuple[Limits | None, tuple[str, ...]]:
    """The limits from what the table says, or every reason why it does not serve."""
    faults = [f"缺少“{name}”" for name in NAMES if name not in found]
    faults += [f"“{name}”不能是负数" for name, value in found.items() if value < 0]
    for name, attribute in NAMES.items():
        if attribute in DISTANCES and name in found and found[name] > REACH:
            faults.append(f"“{name}”最多是 {REACH}：更远的，索引不能保证都找到")
    if faults:
        return None, tuple(faults)
    by_attribute = {NAMES[name]: value for name, value in found.items() if name in NAMES}
    return Limits(**{field.name: by_attribute[field.name] for field in fields(Limits)}), ()
