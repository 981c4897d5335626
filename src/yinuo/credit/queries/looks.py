"""Who looked at a signed-in subject: when, which unit, for what purpose. Never which person."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.credit.means import Means
from yinuo.credit.queries.subjects import SubjectView, public_entity_of
from yinuo.credit.reads.finding import looks_at
from yinuo.parties.queries import public_unit_names

MOST = 200
ITSELF = "您自己"
PROGRAM = "办件系统自动核对"


@dataclass(frozen=True, kw_only=True)
class LookView:
    """One look."""

    at: datetime
    who: str
    """The unit, the subject itself, or a program."""
    purpose: str
    basis: str
    consent: str
    """Code of the consent it rested on; empty where none is needed."""
    fields: int
    """How many fields were seen."""
    own: bool


def public_own_looks(*, subject: SubjectView, means: Means) -> tuple[LookView, ...]:
    """The last looks at the subject, newest first, at most `MOST`."""
    entity = public_entity_of(subject=subject, means=means)
    units = public_unit_names()
    found = []
    for line in looks_at(means.reads, entity, most=MOST):
        purpose = means.purposes.get(str(line["purpose"]))
        reader, capacity = str(line["reader"]), str(line["capacity"])
        own = reader == f"subject:{subject.code}"
        _role, _, unit = capacity.partition(":")
        who = ITSELF if own else PROGRAM
        if unit:
            who = units.get(unit, unit)
        found.append(
            LookView(
                at=datetime.fromisoformat(str(line["at"])),
                who=who,
                purpose=purpose.label if purpose else str(line["purpose"]),
                basis=purpose.basis if purpose else "",
                consent=str(line["consent"]),
                fields=len(line["fields"]),
                own=own,
            )
        )
    return tuple(found)
