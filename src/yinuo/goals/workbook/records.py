"""From checked rows to the records that commands take."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from yinuo.commitments.commands.register import NewCommitment, NewDocument, NewObservation
from yinuo.goals.plan import NewGoal, PlanContent
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.rows import Row
from yinuo.kernel.findings import Log
from yinuo.parties.commands import NewUnit

DEFAULT_ORIGIN = "text"
NO_ORIGIN = "none"


ORIGINS = ("lead_origin", "operator_origin", "due_origin")


def unstated(row: Row) -> frozenset[str]:
    """The fields of a promise that an empty cell leaves to their default."""
    return frozenset(field for field in ORIGINS if not row.text(field))


def content(rows: Mapping[str, Sequence[Row]], log: Log) -> PlanContent:
    """The plan that rows without any error state. Documents that nothing cites are left out."""
    plan = rows["计划"][0]
    commitments = tuple(_commitment(row, plan.text("office")) for row in rows["承诺"])
    observations = tuple(_observation(row) for row in rows["据报道"])
    cited = {plan.text("document")}
    cited |= {row.document for row in commitments} | {row.document for row in observations}
    return PlanContent(
        code=plan.code,
        title=plan.text("title"),
        office=plan.text("office"),
        document=plan.text("document"),
        documents=tuple(_cited(rows["依据"], cited, log)),
        units=tuple(_unit(row) for row in rows["单位"]),
        goals=tuple(_goal(row) for row in rows["目标"]),
        commitments=commitments,
        observations=observations,
    )


def _cited(rows: Sequence[Row], cited: set[str], log: Log) -> Iterable[NewDocument]:
    for row in rows:
        if row.code in cited:
            yield _document(row)
        else:
            log.add(
                Rule.UNUSED_DOCUMENT,
                f"没有任何一行引用依据“{row.code}”，不登记",
                "如果漏填了“依据”列，请补上；否则可删去这一行",
                row.spot("code"),
            )


def _date(row: Row, field: str) -> date | None:
    value = row.values.get(field)
    return value if isinstance(value, date) else None


def _count(row: Row, field: str) -> int | None:
    value = row.values.get(field)
    return value if isinstance(value, int) else None


def _document(row: Row) -> NewDocument:
    return NewDocument(
        code=row.code,
        title=row.text("title"),
        kind=row.text("kind"),
        number=row.text("number"),
        issuer=row.text("issuer"),
        said_date=_date(row, "said_date"),
        said_text=row.text("said_text"),
        sha256=row.text("sha256"),
    )


def _unit(row: Row) -> NewUnit:
    return NewUnit(
        code=row.code,
        name=row.text("name"),
        kind=row.text("kind"),
        gb_code=row.text("gb_code"),
        parent=row.text("parent") or None,
        valid_from=_date(row, "valid_from"),
    )


def _goal(row: Row) -> NewGoal:
    return NewGoal(
        code=row.code,
        number=_count(row, "number") or 0,
        title=row.text("title"),
        parent=row.text("parent") or None,
    )


def _commitment(row: Row, office: str) -> NewCommitment:
    lead = row.text("lead") or None
    return NewCommitment(
        code=row.code,
        kind=row.text("kind"),
        title=row.text("title"),
        document=row.text("document"),
        place=row.text("place"),
        heading=row.text("heading"),
        parent=row.text("parent") or None,
        note=row.text("note"),
        effort=row.text("effort"),
        lead=lead,
        lead_said=row.text("lead_said"),
        area=row.text("area"),
        lead_origin=row.text("lead_origin") or (DEFAULT_ORIGIN if lead else NO_ORIGIN),
        creditor=row.text("creditor"),
        creditor_unit=office,
        cooperating=tuple(sorted(row.listed("cooperating"))),
        operator=row.text("operator") or "done",
        operator_origin=row.text("operator_origin") or DEFAULT_ORIGIN,
        value=row.text("value"),
        unit=row.text("unit"),
        tolerance=row.text("tolerance"),
        baseline=row.text("baseline"),
        texts_known=_count(row, "texts_known"),
        due=_date(row, "due"),
        due_origin=row.text("due_origin") or DEFAULT_ORIGIN,
        due_said=row.text("due_said"),
    )


def _observation(row: Row) -> NewObservation:
    return NewObservation(
        code=row.code,
        kind=row.text("kind"),
        title=row.text("title"),
        document=row.text("document"),
        place=row.text("place"),
        heading=row.text("heading"),
        parent=row.text("parent"),
        subject_said=row.text("subject_said"),
        subject_unit=row.text("subject_unit") or None,
        counterparty=row.text("counterparty"),
        operator=row.text("operator"),
        value=row.text("value"),
        unit=row.text("unit"),
        when_said=row.text("when_said"),
        note=row.text("note"),
    )
