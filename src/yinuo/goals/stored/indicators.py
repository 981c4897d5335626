"""What of an indicator may change, and whether a definition says something else."""

from yinuo.goals.indicators.defining import NewIndicator
from yinuo.goals.models import Indicator

FIXED = ("unit", "frequency", "kind", "additive")
"""What no indicator with figures may become."""
FIXED_WORDS = {"unit": "计量单位", "frequency": "频率", "kind": "值的类型", "additive": "可相加"}
DESCRIBED = (
    *("name", "definition", "direction", "base_year", "wider", "source", "near_names"),
    *("heading", "counted", "simulated"),
)


def differs(row: Indicator, stated: NewIndicator) -> bool:
    """Whether a definition says something else than the row."""
    now = {
        **{name: getattr(row, name) for name in (*FIXED, *DESCRIBED)},
        "near_names": tuple(row.near_names),
        "numerator": row.numerator_id or "",
        "denominator": row.denominator_id or "",
        "office": row.office_id,
    }
    return any(getattr(stated, name) != value for name, value in now.items())
