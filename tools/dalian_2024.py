"""Makes content/goals/dalian-2024/plan.xlsx from the tables beside it.

    python -m tools.dalian_2024

The same tables always give the same bytes, so a change of the workbook is a change of a table.
"""

import csv
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

# The records of a plan stand beside models, which exist only once Django is set up.
from yinuo.commitments.commands.register import (  # noqa: E402
    NewCommitment,
    NewDocument,
    NewObservation,
)
from yinuo.goals.plan import NewGoal, PlanContent  # noqa: E402
from yinuo.goals.workbook.columns import SIGNS  # noqa: E402
from yinuo.goals.workbook.write import write  # noqa: E402
from yinuo.parties.commands import NewUnit  # noqa: E402

FOLDER = Path(__file__).parents[1] / "content" / "goals" / "dalian-2024"
MADE_AT = datetime(2024, 4, 1, tzinfo=UTC)
PLAN = "DL2024"
TITLE = "大连市 2024 年“六个建设”目标任务"
OFFICE = "210200-DC"
GOAL_ROWS = range(4, 10)
"""Rows of facts.csv that are the six goals: goals of the plan and promises at once."""
PUBLIC = "社会公众"
"""To whom a promise is made where the report names nobody."""
OBSERVED = {
    "agreement": "协议",
    "batch": "批次",
    "event": "事件",
    "forecast": "预计",
    "indicator": "指标",
    "payout": "资金兑现",
    "project": "项目",
    "system": "系统",
    "visit": "出访",
}
ORIGIN_OF_OWNER = {"text": "text", "inferred": "inferred"}
SIC = "[sic]"
UNDATED = "未定时限"
"""A note that the empty deadline says already."""

Fact = Mapping[str, str]


def table(name: str) -> list[dict[str, str]]:
    """The rows of one table in the folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def code(number: str) -> str:
    """The code of a row of facts.csv."""
    return f"{PLAN}-{int(number):03}"


class Facts:
    """The rows of facts.csv with the tables that explain them."""

    def __init__(self) -> None:
        self.rows = table("facts.csv")
        self.by_number = {row["no"]: row for row in self.rows}
        self.known = {row["no"]: int(row["known"]) for row in table("texts_known.csv")}
        self.units = {
            said: row["code"]
            for row in table("units.csv")
            for said in (row["name"], *row["said"].split("、"))
            if said
        }

    def of(self, record: str) -> list[Fact]:
        """The rows of one sort: promise, observation, practice or frame."""
        return [row for row in self.rows if row["record"] == record]

    def parent(self, fact: Fact, *records: str) -> str:
        """The code of the row above, if it is of one of these sorts."""
        above = self.by_number.get(fact["parent"])
        return code(above["no"]) if above and above["record"] in records else ""

    def note(self, fact: Fact, *records: str) -> str:
        """The note, with the row above where the workbook has no column for it."""
        notes = [part for part in fact["note"].split("；") if part and part != UNDATED]
        if fact["subject"].endswith(SIC):
            notes.append("“标准创新型培育”原文如此")
        above = self.by_number.get(fact["parent"])
        if above and above["record"] not in records:
            seen = above["record"] == "observation"
            where = f"见据报道 {code(above['no'])}" if seen else "所属做法："
            notes.append(f"{where}“{above['subject']}”")
        return "；".join(notes)


def place(fact: Fact) -> str:
    """The paragraphs of the report."""
    return f"第{fact['paragraph'].replace(',', '、')}段"


def period(when: str) -> str:
    """A date or period in words.

    >>> period("2024-02-20/2024-02-29"), period("2024-02-19/")
    ('2024-02-20 至 2024-02-29', '2024-02-19 起')
    """
    start, slash, end = when.partition("/")
    return f"{start} 至 {end}" if end else f"{start} 起" if slash else start


def commitment(facts: Facts, fact: Fact) -> NewCommitment:
    """A promise of the report."""
    lead = facts.units.get(fact["owner"]) if fact["owner_source"] in ORIGIN_OF_OWNER else None
    said = fact["owner"]
    if said and lead is None and fact["owner_source"] == "text":
        said = f"{said}（名单未刊出）"
    return NewCommitment(
        code=code(fact["no"]),
        kind=fact["kind"],
        title=fact["subject"].removesuffix(SIC),
        document=table("documents.csv")[0]["code"],
        place=place(fact),
        heading=f"{PLAN}-G{fact['goal']}",
        parent=facts.parent(fact, "promise") or None,
        note=facts.note(fact, "promise"),
        effort=fact["effort"],
        lead=lead,
        lead_said=said,
        lead_origin=ORIGIN_OF_OWNER[fact["owner_source"]] if lead else "none",
        creditor=fact["counterparty"] or PUBLIC,
        creditor_unit=OFFICE,
        operator=SIGNS[fact["operator"]] if fact["operator"] else "done",
        operator_origin=fact["operator_source"] or "text",
        value=fact["value"],
        unit=fact["unit"],
        texts_known=facts.known.get(fact["no"]),
        due=date.fromisoformat(fact["due"]) if fact["due"] else None,
        due_origin="inferred" if "时限为推定" in fact["note"] else "text",
        due_said=fact["when"],
    )


def observation(facts: Facts, fact: Fact) -> NewObservation:
    """Something that the report states."""
    return NewObservation(
        code=code(fact["no"]),
        kind=OBSERVED[fact["kind"]],
        title=fact["subject"],
        document=table("documents.csv")[0]["code"],
        place=place(fact),
        heading=f"{PLAN}-G{fact['goal']}",
        parent=facts.parent(fact, "promise", "observation"),
        subject_said=fact["owner"],
        subject_unit=facts.units.get(fact["owner"]),
        counterparty=fact["counterparty"],
        operator=SIGNS[fact["operator"]] if fact["operator"] else "",
        value=fact["value"],
        unit=fact["unit"],
        when_said=period(fact["when"]),
        note=facts.note(fact, "promise", "observation"),
    )


def unit(row: Mapping[str, str]) -> NewUnit:
    """A reporting unit; the present units of Dalian have no known first day here."""
    return NewUnit(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        gb_code=row["gb_code"],
        parent=row["parent"] or None,
    )


def document(row: Mapping[str, str]) -> NewDocument:
    """A document."""
    return NewDocument(
        code=row["code"],
        title=row["title"],
        kind=row["kind"],
        number=row["number"],
        issuer=row["issuer"],
        said_date=date.fromisoformat(row["said_date"]) if row["said_date"] else None,
        said_text=row["said_text"],
        sha256=row["sha256"],
    )


def goals(facts: Facts) -> Sequence[NewGoal]:
    """The six goals."""
    numbered = [facts.by_number[str(number)] for number in GOAL_ROWS]
    return [
        NewGoal(code=f"{PLAN}-G{fact['goal']}", number=int(fact["goal"]), title=fact["subject"])
        for fact in numbered
    ]


def content() -> PlanContent:
    """The whole plan."""
    facts = Facts()
    documents = tuple(document(row) for row in table("documents.csv"))
    return PlanContent(
        code=PLAN,
        title=TITLE,
        office=OFFICE,
        document=documents[0].code,
        documents=documents,
        units=tuple(unit(row) for row in table("units.csv")),
        goals=tuple(goals(facts)),
        commitments=tuple(commitment(facts, fact) for fact in facts.of("promise")),
        observations=tuple(observation(facts, fact) for fact in facts.of("observation")),
    )


def build() -> bytes:
    """The workbook."""
    return write(content(), made_at=MADE_AT)


def main() -> None:
    """Write plan.xlsx, or with `-` give it to stdout."""
    if sys.argv[1:] == ["-"]:
        sys.stdout.buffer.write(build())
    else:
        (FOLDER / "plan.xlsx").write_bytes(build())


if __name__ == "__main__":
    main()
