"""好差评: levels, contacts, and the steps after a bad one, as data. Pure.

国办发〔2019〕51号, GB/T 39735—2020: contact within one working day, rectify within fifteen, call
everybody back, tell the result.
"""

from enum import StrEnum

from yinuo.kernel.lives import Life

LEVELS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
BAD = 2
"""At or below: 差评."""
CONTACT_DAYS, RECTIFY_DAYS = 1, 15
"""Working days, both from the day of the rating."""
CONTACTS = {
    "consult": "咨询",
    "apply": "申报",
    "accept": "受理",
    "decide": "办结",
    "collect": "取件",
}
"""One rating each (一次一评)."""


class Rectified(StrEnum):
    """Where the rectification of a bad rating stands."""

    TO_CONTACT = "to_contact"
    TO_RECTIFY = "to_rectify"
    TO_CALL = "to_call"
    CLOSED = "closed"


RECTIFIED_LABELS = {
    Rectified.TO_CONTACT: "待联系评价人",
    Rectified.TO_RECTIFY: "待整改",
    Rectified.TO_CALL: "待回访",
    Rectified.CLOSED: "已回访",
}
LIFE = Life(
    first=Rectified.TO_CONTACT,
    beginning="收到差评",
    begun_by=("rectification.opened",),
    steps={
        (Rectified.TO_CONTACT, "rectification.contacted"): Rectified.TO_RECTIFY,
        (Rectified.TO_RECTIFY, "rectification.rectified"): Rectified.TO_CALL,
        (Rectified.TO_CALL, "rectification.called_back"): Rectified.CLOSED,
        (Rectified.TO_CALL, "rectification.sent_back"): Rectified.TO_RECTIFY,
    },
)
VERB_LABELS = {
    "rectification.opened": "收到差评",
    "rectification.contacted": "已联系评价人",
    "rectification.rectified": "已整改",
    "rectification.called_back": "已回访，结果已告知",
    "rectification.sent_back": "回访不认可，继续整改",
}


def reached(
    contact: str, *, received: bool, accepted: bool, decided: bool, delivered: bool
) -> bool:
    """Whether a case has come to a contact, so that it can be rated."""
    return {
        "consult": received,
        "apply": received,
        "accept": accepted,
        "decide": decided,
        "collect": delivered,
    }[contact]
