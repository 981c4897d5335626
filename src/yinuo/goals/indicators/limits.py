"""The limits from which a figure is worth a question, by the names of the table. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """One number each; see `NAMES` for what the table calls them."""

    jump_times: Decimal
    unit_times: Decimal
    share_below: Decimal
    most_places: Decimal
    most_digits: Decimal


NAMES = {
    "跳变的最低倍数": "jump_times",
    "量级的容许倍数": "unit_times",
    "百分数疑为小数的上限": "share_below",
    "小数位数的上限": "most_places",
    "有效数字的上限": "most_digits",
}
"""What the table calls a limit → what it is here."""
ABOVE_ONE = ("jump_times", "unit_times")


def read_limits(found: Mapping[str, Decimal]) -> tuple[Limits | None, tuple[str, ...]]:
    """The limits from what the table says, or every reason why it does not serve."""
    faults = [f"缺少“{name}”" for name in NAMES if name not in found]
    faults += [f"“{name}”不能是负数" for name, value in found.items() if value < 0]
    faults += [
        f"“{name}”须大于 1"
        for name, attribute in NAMES.items()
        if attribute in ABOVE_ONE and name in found and 0 <= found[name] <= 1
    ]
    if faults:
        return None, tuple(faults)
    by_attribute = {NAMES[name]: value for name, value in found.items() if name in NAMES}
    return Limits(**{field.name: by_attribute[field.name] for field in fields(Limits)}), ()
