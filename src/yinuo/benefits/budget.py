"""How much of a policy's money is left."""

from yinuo.benefits.life import COUNTED
from yinuo.benefits.models import Award, Policy


def budget_left(policy: Policy, period: str, budget: int) -> int:
    """What is not yet taken of the budget, in 分; the policy is locked by the caller."""
    counted = Award.objects.filter(policy=policy, period=period, state__in=sorted(COUNTED))
    taken = sum(amount or 0 for amount in counted.values_list("amount", flat=True))
    return budget - taken
