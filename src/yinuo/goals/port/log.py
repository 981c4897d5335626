"""A log of declarations as `lake` reads and measures it."""

from yinuo.goals.port.catalogue import Catalogue
from yinuo.goals.port.columns import BEGUN, CASE, COMPLETE, DIRECTION, FIRM, MARK, MODE, PORT, STEP
from yinuo.goals.port.columns import TIME as WHEN
from yinuo.goals.port.directions import Direction
from yinuo.goals.port.scope import MEASURE_NAMES, Measure
from yinuo.lake.events import MONTH, Column, EventLog, Step
from yinuo.lake.events import Measure as Official

NAME = "declarations"
WAY, MODES, PORTS, FIRMS = "direction", "mode", "port", "firm"
BY_MONTH, BY_MODE, BY_PORT, BY_FIRM = (
    (MONTH,),
    (MONTH, MODES),
    (MONTH, PORTS),
    (MONTH, FIRMS),
)
GROUPINGS = (BY_MONTH, BY_MODE, BY_PORT, BY_FIRM)
LONGEST_HOURS = 24 * 120
"""Nothing waits for four months: above it is a mistake in the log."""


def measure_name(measure: Measure, direction: Direction) -> str:
    """`进口整体通关时间`: how a measure is called in the log's description and in results."""
    return f"{direction}{MEASURE_NAMES[measure]}"


def event_log(catalogue: Catalogue) -> EventLog:
    """The description by which files are landed and measured.

    Import counts from arrival and export from the supervised area, both to release. 海关作业时间
    counts from acceptance and is another indicator.
    """
    officials = [
        Official(
            name=measure_name(measure, direction),
            starts=catalogue.starts(direction)
            if measure is Measure.OVERALL
            else catalogue.accepted,
            ends=catalogue.end,
            where=((WAY, str(direction)),),
        )
        for measure in Measure
        for direction in Direction
    ]
    return EventLog(
        name=NAME,
        case=Column("case_number", (CASE, "declaration", "entry_id")),
        step=Column("event", (STEP, "step")),
        time=Column("event_at", (WHEN, "at", "time")),
        lifecycle=Column("mark", (MARK, "lifecycle")),
        start_words=(BEGUN, "start"),
        complete_words=(COMPLETE, "complete", "结束"),
        attributes=(
            Column(WAY, (DIRECTION,)),
            Column(MODES, (MODE,)),
            Column(PORTS, (PORT,)),
            Column(FIRMS, (FIRM,)),
        ),
        steps=tuple(Step(step.name, (step.code,)) for step in catalogue.steps),
        measures=tuple(officials),
        longest_hours=LONGEST_HOURS,
    )
