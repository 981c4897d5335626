"""What was promised, and how far it has come, in one line each."""

from yinuo.commitments.models import Commitment
from yinuo.commitments.progress import progress
from yinuo.kernel import amounts


def terms_text(*, operator: str, value: str, unit: str, tolerance: str = "") -> str:
    """The quantity with its operator and unit, such as `≥ 3,800 个`; `完成` without one."""
    if not value:
        return "完成"
    sign = Commitment.Operator(operator).label if operator else ""
    about = f"（± {amounts.say(tolerance, unit)}）" if tolerance else ""
    return f"{sign} {amounts.say(value, unit)}{about}".strip()


def share_text(commitment: Commitment, value: str) -> str:
    """The share of the promised way that a reported value has come, such as `63.3%`.

    Cut and not rounded, so 100% is never shown short of the target. Empty where no share can be
    said: no quantity was promised, or a limit from above has no baseline.
    """
    if commitment.operator == Commitment.Operator.DONE:
        return ""
    made = progress(
        baseline=commitment.baseline or None,
        target=commitment.value,
        value=value or None,
        operator=amounts.Operator(Commitment.Operator(commitment.operator).label),
        tolerance=commitment.tolerance or None,
    )
    if made.unbounded is None:
        return ""
    whole, rest = divmod(int(made.unbounded * 1000), 10)
    return f"{whole:,}.{rest}%" if rest else f"{whole:,}%"
