"""What happened here since the last release: it counts at once, not only in the next one."""

from collections.abc import Mapping
from datetime import date

from yinuo.credit.models import DeferredPayment
from yinuo.credit.regimes.months import months_later

MONTHS = 12
NAMES = ("未付清逾期笔数", "近一年逾期付清次数", "在途后付笔数")
"""Facts that decision tables may ask for besides the figures of the profile."""


def live_facts(subject: str, scenario: str, on: date) -> Mapping[str, object]:
    """The facts by name, as of a day; `subject` is empty for one never seen here.

    Of bills of the same scenario only: a hospital is not told what a hotel waits for.
    """
    if not subject:
        return dict.fromkeys(NAMES, 0)
    rows = DeferredPayment.objects.filter(payer=subject, scenario=scenario, made_on__lte=on)
    bills = list(rows.exclude(state="waived").values_list("due", "paid_on"))
    since = months_later(on, -MONTHS)
    counts = (
        sum(paid is None and due < on for due, paid in bills),
        sum(paid is not None and paid > due and since < paid <= on for due, paid in bills),
        sum(paid is None and due >= on for due, paid in bills),
    )
    return dict(zip(NAMES, counts, strict=True))
