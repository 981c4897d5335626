"""What was promised, and how far it has come, in one line each."""

from django.utils.translation import gettext

from yinuo.commitments.figures import say
from yinuo.commitments.models import Commitment
from yinuo.commitments.progress import progress
from yinuo.kernel import amounts


def operator_label(operator: str) -> str:
    """How a result is compared with the value: a sign, or a word for what is done or not."""
    known = Commitment.Operator(operator)
    return gettext("完成") if known == Commitment.Operator.DONE else known.label


def terms_text(*, operator: str, value: str, unit: str, tolerance: str = "") -> str:
    """The quantity with its operator and unit, such as `≥ 3,800 个`; `完成` without one."""
    if not value:
        return operator_label(Commitment.Operator.DONE)
    sign = operator_label(operator) if operator else ""
    about = (
        gettext("（± %(tolerance)s）") % {"tolerance": say(tolerance, unit)} if tolerance else ""
    )
    return f"{sign} {say(value, unit)}{about}".strip()


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
