"""What was decided about records since their release, laid over it at every read.

An objection marks its record from the moment it is raised. A record that is repaired, or given
back to its source because an objection was right, is used by nobody any more: not by grades, not
by answers, not by lists. It lies in the lake as before, so whoever keeps the source still finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from yinuo.credit.models import CreditObjection, CreditRepair
from yinuo.credit.regimes.ends import Term
from yinuo.credit.regimes.objection import Objection
from yinuo.credit.regimes.publicity import Publicity, PublicityEvent
from yinuo.credit.regimes.repair import Repair, RepairEvent
from yinuo.credit.regimes.sharing import Sharing
from yinuo.credit.regimes.states import States

AT_ONCE = 500
"""Records in one question to the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What was decided about one record."""

    objection: Objection = Objection.NONE
    objection_code: str = ""
    returned: bool = False
    """The objection was right, and the source has not delivered the record anew."""
    repair: Repair = Repair.NONE
    repair_code: str = ""

    @property
    def used(self) -> bool:
        """Whether anybody may still use the record."""
        return not self.returned and self.repair is not Repair.GRANTED

    @property
    def contested(self) -> bool:
        """Whether whoever sees it is told that it is contested."""
        return self.objection.is_marked


PLAIN = Mark()


def marks(records: Mapping[str, str]) -> dict[str, Mark]:
    """The marks of those records that have any; `records`: id → lake id of its batch."""
    found: dict[str, Mark] = {}
    ids = sorted(records)
    for start in range(0, len(ids), AT_ONCE):
        some = _decided(ids[start : start + AT_ONCE])
        if not some:
            continue
        objections = {
            row.record: row
            for row in CreditObjection.objects.filter(record__in=some).order_by("record", "code")
        }
        repairs = {
            row.record: row
            for row in CreditRepair.objects.filter(record__in=some).order_by("record", "code")
        }
        for record in objections.keys() | repairs.keys():
            found[record] = _mark(
                objections.get(record), repairs.get(record), batch=records[record]
            )
    return found


def _decided(records: Sequence[str]) -> list[str]:
    """Those about which anything was decided: of most entities none."""
    # Plain SQL: every question passes here, and composing it would take longer than answering it.
    each = ", ".join(["%s"] * len(records))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT record FROM credit_creditobjection WHERE record IN ({each})"  # noqa: S608  # %s
            f" UNION SELECT record FROM credit_creditrepair WHERE record IN ({each})",
            [*records, *records],
        )
        return [record for (record,) in cursor.fetchall()]


def _mark(objection: CreditObjection | None, repair: CreditRepair | None, *, batch: str) -> Mark:
    state = Objection(objection.state) if objection else Objection.NONE
    returned = objection is not None and objection.is_returned(batch)
    return Mark(
        objection=state,
        objection_code=objection.code if objection else "",
        returned=returned,
        repair=Repair(repair.state) if repair else Repair.NONE,
        repair_code=repair.code if repair else "",
    )


def marks_of(document: Mapping[str, Any]) -> dict[str, Mark]:
    """The marks of the records of an entity's document."""
    return marks(
        {
            row["record"]: row["batch"]
            for facts in document["facts"].values()
            for row in facts["rows"]
        }
    )


def in_use(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document as it may be used: without the records that nobody uses any more."""
    gone = {record for record, mark in marks_of(document).items() if not mark.used}
    return without(document, gone) if gone else document


def without(document: Mapping[str, Any], records: Iterable[str]) -> Mapping[str, Any]:
    """The document without some records, its counts less by them."""
    gone = frozenset(records)
    facts: dict[str, Any] = {}
    for source, said in document["facts"].items():
        rows = [row for row in said["rows"] if row["record"] not in gone]
        count = said["count"] - len(said["rows"]) + len(rows)
        if count:
            facts[source] = {"count": count, "rows": rows}
    less = sum(each["count"] for each in document["facts"].values()) - sum(
        each["count"] for each in facts.values()
    )
    return {**document, "facts": facts, "records": document["records"] - less}


def unused_records() -> tuple[tuple[str, str], ...]:
    """Records that nobody uses any more, for whoever reads all of a release at once.

    (record, lake id of a batch): only as that batch brought it; an empty id: whoever brought it.
    """
    repaired = CreditRepair.objects.filter(state=str(Repair.GRANTED))
    returned = CreditObjection.objects.filter(state=str(Objection.UPHELD))
    found = {(record, "") for record in repaired.values_list("record", flat=True)}
    return tuple(sorted(found | set(returned.values_list("record", "batch"))))


def states(term: Term, mark: Mark, *, shared: bool) -> States:
    """Where a record stands in its four states, on the day of which `term` speaks.

    `shared`: whether it is passed on to others at all.
    """
    found = States(
        publicity=_publicity(term),
        objection=mark.objection,
        sharing=Sharing.SHARED if shared else Sharing.HELD,
    )
    if mark.returned:
        found = found.after(PublicityEvent.WITHDRAW)
    if mark.repair is Repair.GRANTED:
        for event in (RepairEvent.ASK, RepairEvent.ACCEPT, RepairEvent.GRANT):
            found = found.after(event)
        return found
    return States(found.publicity, found.objection, mark.repair, found.sharing)


def _publicity(term: Term) -> Publicity:
    if term.public is None:
        return Publicity.WAITING
    if term.public:
        return Publicity.PUBLIC
    return Publicity.ENDED if term.until is not None else Publicity.NOT_PUBLISHED
