"""The signature under a task (签收) as data: its states and the steps between them. Pure.

              sign
(new) → waiting ───→ signed ────────┐
          │ ↑ └────→ returned ──────┤   returned: the unit says why it is not its task
          │ └────── asked again ────┤
          └───────→ recalled ───────┘   recalled: the supervising side no longer asks
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class SignatureStatus(StrEnum):
    """Where the request for a signature stands."""

    WAITING = "waiting"
    SIGNED = "signed"
    RETURNED = "returned"
    RECALLED = "recalled"


SIGNATURE_LABELS = {
    SignatureStatus.WAITING: "待签收",
    SignatureStatus.SIGNED: "已签收",
    SignatureStatus.RETURNED: "已退回",
    SignatureStatus.RECALLED: "不再要求",
}
SIGNING_STATES = {
    "none": "未请签收",
    "waiting": "待签收",
    "returned": "有退回",
    "signed": "全部签收",
}
"""How the signatures under one task stand together, as a filter of lists."""
ANSWERED = frozenset({SignatureStatus.SIGNED, SignatureStatus.RETURNED})
"""What the unit itself decided."""


@dataclass(frozen=True)
class SignatureStep:
    """One permitted step."""

    source: SignatureStatus | None
    """None: the first entry of a request."""
    verb: str
    target: SignatureStatus


SIGNATURE_STEPS = frozenset(
    {
        SignatureStep(None, "signing.asked", SignatureStatus.WAITING),
        SignatureStep(SignatureStatus.WAITING, "signing.signed", SignatureStatus.SIGNED),
        SignatureStep(SignatureStatus.WAITING, "signing.returned", SignatureStatus.RETURNED),
        SignatureStep(SignatureStatus.WAITING, "signing.recalled", SignatureStatus.RECALLED),
        SignatureStep(SignatureStatus.RETURNED, "signing.recalled", SignatureStatus.RECALLED),
        SignatureStep(SignatureStatus.RETURNED, "signing.asked_again", SignatureStatus.WAITING),
        SignatureStep(SignatureStatus.RECALLED, "signing.asked_again", SignatureStatus.WAITING),
        # A task that went elsewhere and came back is signed for anew.
        SignatureStep(SignatureStatus.SIGNED, "signing.asked_again", SignatureStatus.WAITING),
    }
)
FIXED = ("code", "commitment_id", "unit_id")
"""What a request is about never changes."""
ASKED = ("part", "sign_by", "asked_at")
"""What only asking sets; an answer leaves it alone."""


def signature_target(status: str | None, verb: str) -> SignatureStatus | None:
    """The state that `verb` leads to from `status`, or None where it leads nowhere."""
    return next(
        (s.target for s in SIGNATURE_STEPS if (s.source, s.verb) == (status, verb)),
        None,
    )


def is_late(answered: date | None, sign_by: date, today: date) -> bool:
    """Whether the answer came after the last day, or has not come by now."""
    return (answered or today) > sign_by


def check_signature(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], verb: str
) -> str | None:
    """What is wrong with one recorded step of a signature, or None; replay runs it again."""
    source = before["status"] if before else None
    if signature_target(source, verb) != after["status"]:
        return f"{verb} 不能使签收由 {source or '无'} 变为 {after['status']}"
    answered = after["status"] in ANSWERED
    if answered != bool(after["answered_by"]):
        return "签收人与签收状态不符"
    if before is None:
        return None
    moved = [name for name in FIXED if before[name] != after[name]]
    if verb != "signing.asked_again":
        moved += [name for name in ASKED if before[name] != after[name]]
    return f"{verb} 不能改动列 {'、'.join(moved)}" if moved else None
