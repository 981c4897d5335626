"""Makes the workbooks of registers in content/goals/dalian-2024 from the tables beside them.

    python -m tools.dalian_registers

The same tables always give the same bytes. What is said of whom stands in `facts.csv`; the column
`fact` of each table names its row.
"""

import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from tools.dalian_2024 import FOLDER, MADE_AT, OFFICE, Facts, table
from yinuo.goals.indicators.writing import write_indicators
from yinuo.goals.leads.book import write as write_leads
from yinuo.goals.leads.register import NewDelegation, NewLead
from yinuo.goals.leads.stages import Origin
from yinuo.goals.projects.content import NewBatch, NewProject, NewStage, Register
from yinuo.goals.projects.industries import Industries, read_industries
from yinuo.goals.projects.stages import Stage
from yinuo.goals.projects.workbook.write import write_register
from yinuo.kernel.money import to_fen

YEAR = 2024
DOCUMENT = "DL2024-BD"
INDUSTRIES = FOLDER.parents[1] / "industries" / "gbt4754.csv"
FIRST_BATCH = "DL2024-Q1"


def indicators() -> bytes:
    """Indicators with their definitions, the figures that were published, and what they move."""
    return write_indicators(
        None,
        [_without_fact(row) for row in table("indicators.csv")],
        [_without_fact(row) for row in table("figures.csv")],
        [_without_fact(row) for row in table("bindings.csv")],
        made_at=MADE_AT,
    )


def _without_fact(row: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in row.items() if name != "fact"}


def projects() -> bytes:
    """The projects that the report names, and the batch it counts."""
    facts, known, file = Facts(), industries(), io.BytesIO()
    write_register(
        file,
        Register(
            office=OFFICE,
            batches=(_batch(facts),),
            projects=tuple(_project(row, facts, known) for row in table("projects.csv")),
        ),
        units={row["code"]: row["name"] for row in table("units.csv")},
        industries=known,
        year=YEAR,
        made_at=MADE_AT,
    )
    return file.getvalue()


def industries() -> Industries:
    """The classification that ships."""
    return read_industries(INDUSTRIES.read_text(encoding="utf-8"), file=INDUSTRIES.name)


def _batch(facts: Facts) -> NewBatch:
    count, investment = facts.by_number["10"], facts.by_number["11"]
    return NewBatch(
        code=FIRST_BATCH,
        title=count["subject"],
        document=DOCUMENT,
        day=date.fromisoformat(count["when"]),
        stated_count=int(count["value"]),
        stated_investment=to_fen(investment["value"], investment["unit"]),
        place=f"第{count['paragraph']}段",
    )


def _project(row: Mapping[str, str], facts: Facts, known: Industries) -> NewProject:
    return NewProject(
        code=row["code"],
        name=row["name"],
        office=OFFICE,
        document=DOCUMENT,
        place=row["place"],
        unit=facts.units.get(row["unit"]),
        firm_name=row["firm_name"],
        region=row["region"] or None,
        industry=known.read(row["industry"]).code if row["industry"] else "",
        fields=row["fields"],
        scope=row["scope"],
        heading=row["heading"],
        stages=_stages(row, facts),
    )


def _stages(row: Mapping[str, str], facts: Facts) -> tuple[NewStage, ...]:
    """The start that was promised, where it was."""
    if not row["link"]:
        return ()
    due = facts.by_number[row["fact"]]["due"]
    return (
        NewStage(
            stage=Stage.STARTED,
            planned=date.fromisoformat(due),
            promised=True,
            commitment=row["link"],
        ),
    )


STATED = {
    "firms": "firms",
    "agreements": "agreements",
    "events": "events",
    "cities": "city_count",
    "countries": "country_count",
}
"""What was announced of a trip → its column."""


def leads() -> bytes:
    """The trip that the report tells of, and the agreements and events it names."""
    facts = Facts()
    trips = [_trip(row) for row in table("delegations.csv")]
    return write_leads(
        title="大连市招商线索",
        delegations=trips,
        leads=[_lead(row, facts, trips[0].code) for row in table("leads.csv")],
        made_at=MADE_AT,
    )


def _trip(row: Mapping[str, str]) -> NewDelegation:
    return NewDelegation(
        code=row["code"],
        office=OFFICE,
        title=row["title"],
        countries=row["countries"],
        cities=row["cities"],
        first_date=date.fromisoformat(row["first_date"]),
        last_date=date.fromisoformat(row["last_date"]),
        stated={name: int(row[column]) for name, column in STATED.items()},
        source=f"新闻报道，{row['place']}",
    )


def _lead(row: Mapping[str, str], facts: Facts, trip: str) -> NewLead:
    is_event = row["kind"] == "event"
    return NewLead(
        code=row["code"],
        office=OFFICE,
        unit=facts.units.get(row["unit"]),
        origin=Origin.EVENT if is_event else Origin.AGREEMENT,
        title=row["title"],
        delegation=trip,
        source=f"新闻报道，{row['place']}",
        firm=row["firm"],
        country=row["country"],
        partner=row["partner"],
        between_firms=bool(row["between_firms"]),
        visited_said=row["signed_said"] if is_event else "",
        signed_said="" if is_event else row["signed_said"],
        agreement=row["agreement"],
        note=row["note"],
    )


WORKBOOKS: Mapping[str, Callable[[], bytes]] = {
    "indicators.xlsx": indicators,
    "projects.xlsx": projects,
    "leads.xlsx": leads,
}


def main(folder: Path = FOLDER) -> None:
    """Write every workbook."""
    for name, build in WORKBOOKS.items():
        (folder / name).write_bytes(build())


if __name__ == "__main__":
    main()
