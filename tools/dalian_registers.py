"""Makes the workbooks of indicators and projects in content/goals/dalian-2024 from its tables.

    python -m tools.dalian_registers

The same tables always give the same bytes. What is said of whom stands in `facts.csv`; the column
`fact` of each table names its row.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from tools.dalian_2024 import FOLDER, MADE_AT, OFFICE, Facts, table
from yinuo.goals.indicators.writing import write_indicators
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
    facts, known = Facts(), industries()
    return write_register(
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


WORKBOOKS: Mapping[str, Callable[[], bytes]] = {
    "indicators.xlsx": indicators,
    "projects.xlsx": projects,
}


def main(folder: Path = FOLDER) -> None:
    """Write every workbook."""
    for name, build in WORKBOOKS.items():
        (folder / name).write_bytes(build())


if __name__ == "__main__":
    main()
