"""From events to cases: one row each, with when its measures begin and end and its attributes."""

from collections.abc import Sequence
from pathlib import Path

from yinuo.lake.dialects import Dialect
from yinuo.lake.durations.attributes import Attribute, gathered
from yinuo.lake.durations.cases import NUMBER, SAMPLES, Cases, edges
from yinuo.lake.durations.results import Changed
from yinuo.lake.engine import Engine
from yinuo.lake.events import EventLog
from yinuo.lake.working import WorkingTime

COLUMNS = ("case", "step", "at", "lifecycle")


def build_cases(
    engine: Engine,
    paths: Sequence[Path],
    *,
    log: EventLog,
    now: int,
    calendar: WorkingTime | None,
    numbered: bool,
) -> Cases:
    """Make the table of cases of all events up to now."""
    dialect = engine.dialect
    engine.read("events", paths, [*COLUMNS, *log.attribute_names])
    if calendar is not None:
        engine.hold("days", calendar.table())
    at = dialect.name("at")
    micros = dialect.micros.format(at)
    ((latest,),) = engine.ask(f"SELECT {dialect.micros.format(f'max({at})')} FROM events")  # noqa: S608
    seen = f"{micros} <= {now}" if latest is not None and latest > now else "1 = 1"
    ((events,),) = engine.ask(f"SELECT count(*) FROM events WHERE {seen}")  # noqa: S608
    known = ", ".join(dialect.text(step.name) for step in log.steps)
    unknown = engine.ask(
        f"SELECT step, count(*) FROM events WHERE {seen} AND step NOT IN ({known}) GROUP BY step"  # noqa: S608
    )
    named = ("case", NUMBER) if numbered else ("case",)
    attributes = _gather(engine, log, seen, named)
    kept = [*map(dialect.name, named), *_moments(log)]
    for place, each in enumerate(attributes):
        kept += [f"{each.text} AS {dialect.name(each.name)}", f"{each.changed} AS changed_{place}"]
    engine.define("cases_bare", f"SELECT {', '.join(kept)} FROM gathered")  # noqa: S608  # quoted names
    count, changed = _changed(engine, log)
    table = "cases_bare"
    if changed:
        table = "cases"
        engine.keep(table, _firsts(dialect, log, named, changed, now))
    return Cases(
        table=table,
        now=now,
        calendar=calendar,
        events=events,
        count=count,
        changed=changed,
        unknown_steps=dict(sorted(unknown)),
        named=named,
    )


def _gather(
    engine: Engine, log: EventLog, seen: str, named: Sequence[str]
) -> tuple[Attribute, ...]:
    """Make `gathered`, one row a case: its moments, in microseconds, and its attributes in code."""
    dialect = engine.dialect
    found = gathered(engine, "events", log.attribute_names)
    starts, ends = edges(log)
    at, case = dialect.name("at"), dialect.name("case")
    moments = [
        f"{function}({at}) FILTER (WHERE step = {dialect.text(step)})"
        for function, steps in (("min", starts), ("max", ends))
        for step in steps
    ]
    columns = [
        f"{dialect.micros.format(moment)} AS {name}"
        for moment, name in zip(moments, _moments(log), strict=True)
    ]
    columns += found.of_case
    given = ", ".join((case, "step", at, *found.of_event))
    cases = (
        f"SELECT {', '.join((case, *columns))} FROM "  # noqa: S608  # quoted names
        f"(SELECT {given} FROM events WHERE {seen}) AS e GROUP BY {case}"
    )
    if NUMBER in named:
        cases = f"SELECT {dialect.number} AS {NUMBER}, g.* FROM ({cases}) AS g"  # noqa: S608
    engine.keep("gathered", cases)
    return found.attributes


def _moments(log: EventLog) -> list[str]:
    starts, ends = edges(log)
    return [f"s_{n}" for n in range(len(starts))] + [f"e_{n}" for n in range(len(ends))]


def _changed(engine: Engine, log: EventLog) -> tuple[int, tuple[Changed, ...]]:
    """How many cases there are, and the attributes that changed within some."""
    case, names = engine.dialect.name("case"), log.attribute_names
    marks = "".join(f", count(CASE WHEN changed_{n} THEN 1 END)" for n in range(len(names)))
    ((count, *numbers),) = engine.ask(f"SELECT count(*){marks} FROM cases_bare")  # noqa: S608
    changed = []
    for place, (name, number) in enumerate(zip(names, numbers, strict=True)):
        if not number:
            continue
        samples = engine.ask(
            f"SELECT {case} FROM cases_bare WHERE changed_{place} ORDER BY {case} LIMIT {SAMPLES}"  # noqa: S608
        )
        said = tuple(sample for (sample,) in samples)
        changed.append(Changed(attribute=name, cases=number, samples=said))
    return count, tuple(changed)


def _firsts(
    dialect: Dialect, log: EventLog, named: Sequence[str], changed: Sequence[Changed], now: int
) -> str:
    """Where an attribute changed within a case, its first value; at one instant, the smallest."""
    case = dialect.name("case")
    micros = dialect.micros.format(f"e.{dialect.name('at')}")
    touched = {each.attribute for each in changed}
    joins, columns = [], []
    for place, name in enumerate(log.attribute_names):
        column = dialect.name(name)
        if name not in touched:
            columns.append(f"b.{column}")
            continue
        ranked = (
            f"SELECT e.{case}, e.{column} AS said, row_number() OVER (PARTITION BY e.{case} "  # noqa: S608
            f"ORDER BY {micros}, e.{column}) AS r FROM events AS e "
            f"JOIN cases_bare AS c ON c.{case} = e.{case} "
            f"WHERE c.changed_{place} AND e.{column} IS NOT NULL AND {micros} <= {now}"
        )
        joins.append(
            f"LEFT JOIN (SELECT {case}, said FROM ({ranked}) AS k WHERE r = 1) AS f_{place} "  # noqa: S608
            f"ON f_{place}.{case} = b.{case}"
        )
        columns.append(f"coalesce(f_{place}.said, b.{column}) AS {column}")
    kept = (f"b.{name}" for name in (*map(dialect.name, named), *_moments(log)))
    listed = ", ".join((*kept, *columns))
    return f"SELECT {listed} FROM cases_bare AS b {' '.join(joins)}"  # noqa: S608
