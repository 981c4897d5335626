"""What was promised, in one line."""

from yinuo.commitments.models import Commitment
from yinuo.kernel.amounts import say


def terms_text(*, operator: str, value: str, unit: str, tolerance: str = "") -> str:
    """The quantity with its operator and unit, such as `≥ 3,800 个`; `完成` without one."""
    if not value:
        return "完成"
    sign = Commitment.Operator(operator).label if operator else ""
    about = f"（± {say(tolerance, unit)}）" if tolerance else ""
    return f"{sign} {say(value, unit)}{about}".strip()
