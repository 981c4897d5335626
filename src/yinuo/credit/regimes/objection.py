"""Whether a record is contested: the mark stands at once and goes when the source has answered.

Source: 个人信息保护法 第四十六条. Periods stand in the ordinance of the place, not in the states.
"""

from enum import StrEnum

from yinuo.credit.regimes.machine import Machine, Step


class Objection(StrEnum):
    """Where an objection to a record stands."""

    NONE = "无异议"
    RAISED = "已提出"
    FORWARDED = "来源单位核查中"
    UPHELD = "异议成立"
    """The source has corrected the record, or takes it back."""
    DISMISSED = "异议不成立"
    DROPPED = "已撤回异议"

    @property
    def is_marked(self) -> bool:
        """Whether whoever sees the record is told that it is contested."""
        return self in (Objection.RAISED, Objection.FORWARDED)


class ObjectionEvent(StrEnum):
    """What happens to it."""

    RAISE = "提出异议"
    FORWARD = "转来源单位核查"
    UPHOLD = "认定成立"
    DISMISS = "认定不成立"
    DROP = "撤回异议"


_O, _E = Objection, ObjectionEvent
_SUBJECT, _CENTRE, _OWNER = "信用主体", "信用中心", "数据源单位"
OBJECTION: Machine[Objection, ObjectionEvent] = Machine(
    "异议",
    _O.NONE,
    (
        *(
            Step(before, _E.RAISE, _O.RAISED, _SUBJECT)
            for before in (_O.NONE, _O.UPHELD, _O.DISMISSED, _O.DROPPED)
        ),
        Step(_O.RAISED, _E.FORWARD, _O.FORWARDED, _CENTRE),
        # The centre answers for itself where the fault is its own, such as a wrong join.
        Step(_O.RAISED, _E.UPHOLD, _O.UPHELD, _CENTRE),
        Step(_O.RAISED, _E.DISMISS, _O.DISMISSED, _CENTRE),
        Step(_O.RAISED, _E.DROP, _O.DROPPED, _SUBJECT),
        Step(_O.FORWARDED, _E.UPHOLD, _O.UPHELD, _OWNER),
        Step(_O.FORWARDED, _E.DISMISS, _O.DISMISSED, _OWNER),
        Step(_O.FORWARDED, _E.DROP, _O.DROPPED, _SUBJECT),
    ),
)
