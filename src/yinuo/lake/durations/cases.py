"""One row a case: when its measures begin and end, and what it is grouped by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yinuo.lake.dialects import Dialect
from yinuo.lake.durations.results import MICROSECONDS_PER_HOUR, Aside, Changed, SetAside
from yinuo.lake.engine import Engine
from yinuo.lake.events import MONTH, EventLog
from yinuo.lake.working import CHINA, MICROSECONDS_PER_DAY, WorkingTime

SAMPLES = 5
FEW = 256
"""Up to so many values of an attribute are compared by number instead of by text."""
COLUMNS = ("case", "step", "at", "lifecycle")


@dataclass(frozen=True)
class Split:
    """Where the cases of one measure went that are neither ended nor open."""

    not_begun: int
    aside: tuple[SetAside, ...]


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The table of cases and what was seen while it was made."""

    table: str
    now: int
    calendar: WorkingTime | None
    events: int
    count: int
    changed: tuple[Changed, ...]
    unknown_steps: Mapping[str, int]

    def split(self, engine: Engine, log: EventLog, place: int, keys: Sequence[str]) -> Split:
        """Make `closed` and `opened` of one measure: the keys, month, begins, ends, d.

        Keys are names of attributes and `case`; what is not asked for is not copied.
        """
        dialect, measure = engine.dialect, log.measures[place]
        starts, ends = _edges(log)
        begin, end = f"s_{starts.index(measure.starts)}", f"e_{ends.index(measure.ends)}"
        about = " AND ".join(
            f"{dialect.name(name)} = {dialect.text(value)}" for name, value in measure.where
        )
        kept = "".join(f", {dialect.name(name)}" for name in keys)
        every = "".join(f", {dialect.name(name)}" for name in log.attribute_names)
        longest = log.longest_hours * MICROSECONDS_PER_HOUR
        judged = (
            f'SELECT "case", {begin} AS begins, {end} AS ends{every}, CASE '  # noqa: S608  # our own names
            f"WHEN {begin} IS NULL AND {end} IS NULL THEN 'none' "
            f"WHEN {end} IS NULL THEN 'open' "
            f"WHEN {begin} IS NULL THEN '{Aside.NO_START.name}' "
            f"WHEN {end} < {begin} THEN '{Aside.END_BEFORE_START.name}' "
            f"WHEN {end} - {begin} > {longest} THEN '{Aside.ABSURD.name}' "
            f"ELSE 'closed' END AS state FROM {self.table} WHERE {about or '1 = 1'}"
        ).replace('"case"', dialect.name("case"))
        ended = f"(SELECT begins, ends{kept} FROM ({judged}) AS j WHERE state = 'closed') AS c"  # noqa: S608
        begun = f"(SELECT begins{kept} FROM ({judged}) AS j WHERE state = 'open') AS c"  # noqa: S608
        self._keep(engine, "closed", ended, "c.ends", "c.ends")
        self._keep(engine, "opened", begun, str(self.now), "c.begins")
        return _split(engine, judged)

    def _keep(self, engine: Engine, table: str, chosen: str, until: str, month_of: str) -> None:
        dialect = engine.dialect
        day = day_of(dialect, month_of)
        month = f"{dialect.month.format(day)} AS {MONTH}"
        if self.calendar is None:
            sql = f"SELECT c.*, {month}, {until} - c.begins AS d FROM {chosen}"  # noqa: S608
        else:
            last = worked(self.calendar, until, "b")
            first = worked(self.calendar, "c.begins", "a")
            sql = (
                f"SELECT c.*, {month}, {last} - {first} AS d FROM {chosen} "  # noqa: S608
                f"JOIN days AS a ON a.day = {day_of(dialect, 'c.begins')} "
                f"JOIN days AS b ON b.day = {day_of(dialect, until)}"
            )
        engine.keep(table, sql)


def day_of(dialect: Dialect, micros: str) -> str:
    """The day of an instant by the calendar in China, since 1970."""
    return dialect.divide.format(f"({micros} + {CHINA})", MICROSECONDS_PER_DAY)


def worked(calendar: WorkingTime, micros: str, days: str) -> str:
    """Working microseconds before an instant, of which the row of `days` is that of its day."""
    of_day = f"({micros} + {CHINA} - {days}.day * {MICROSECONDS_PER_DAY})"
    today = " + ".join(
        f"least(greatest({of_day} - {begin}, 0), {end - begin})" for begin, end in calendar.spans
    )
    return f"({days}.before + {days}.works * ({today}))"


def _edges(log: EventLog) -> tuple[list[str], list[str]]:
    """The steps that begin a measure, and those that end one, each once."""
    starts = list(dict.fromkeys(measure.starts for measure in log.measures))
    ends = list(dict.fromkeys(measure.ends for measure in log.measures))
    return starts, ends


def _split(engine: Engine, judged: str) -> Split:
    case = engine.dialect.name("case")
    counts = dict(
        engine.ask(f"SELECT state, count(*) FROM ({judged}) AS j GROUP BY state")  # noqa: S608  # our own names
    )
    aside = []
    for reason in Aside:
        if not counts.get(reason.name):
            continue
        samples = engine.ask(
            f"SELECT {case} FROM ({judged}) AS j WHERE state = '{reason.name}' "  # noqa: S608
            f"ORDER BY {case} LIMIT {SAMPLES}"
        )
        names = tuple(name for (name,) in samples)
        aside.append(SetAside(reason=reason, count=counts[reason.name], samples=names))
    return Split(counts.get("none", 0), tuple(aside))


def build_cases(
    engine: Engine,
    paths: Sequence[Path],
    *,
    log: EventLog,
    now: int,
    calendar: WorkingTime | None,
) -> Cases:
    """Make the table of cases of all events up to now."""
    dialect = engine.dialect
    engine.read("events", paths, [*COLUMNS, *log.attribute_names])
    if calendar is not None:
        engine.hold("days", calendar.table())
    micros = dialect.micros.format(dialect.name("at"))
    newest = dialect.micros.format(f"max({dialect.name('at')})")
    ((latest,),) = engine.ask(f"SELECT {newest} FROM events")  # noqa: S608
    seen = f" WHERE {micros} <= {now}" if latest is not None and latest > now else ""
    steps = engine.ask(f"SELECT step, count(*) FROM events{seen} GROUP BY step")  # noqa: S608
    known = {step.name for step in log.steps}
    values = {name: _values(engine, name) for name in log.attribute_names}
    engine.keep("cases_bare", _cases_sql(dialect, log, values, seen))
    changed = tuple(
        found
        for place, name in enumerate(log.attribute_names)
        if (found := _changed(engine, place, name))
    )
    table = "cases_bare"
    if changed:
        table = "cases"
        engine.keep(table, _firsts(engine, log, changed, micros, now))
    (count,) = engine.ask(f"SELECT count(*) FROM {table}")[0]  # noqa: S608
    return Cases(
        table=table,
        now=now,
        calendar=calendar,
        events=sum(number for _, number in steps),
        count=count,
        changed=changed,
        unknown_steps={step: number for step, number in sorted(steps) if step not in known},
    )


def _values(engine: Engine, name: str) -> list[str] | None:
    """The texts of an attribute, or None for more than a few."""
    if not engine.dialect.by_code:
        return None
    column = engine.dialect.name(name)
    found = engine.ask(
        f"SELECT DISTINCT {column} FROM events WHERE {column} IS NOT NULL LIMIT {FEW + 1}"  # noqa: S608
    )
    return None if len(found) > FEW else sorted(value for (value,) in found)


def _cases_sql(
    dialect: Dialect,
    log: EventLog,
    values: Mapping[str, list[str] | None],
    seen: str,
) -> str:
    """One row a case; an attribute is its smallest value, with a mark where a larger one stands.

    DuckDB works an expression on a dictionary column out once a word, so texts are compared by
    their place in the sorted list of all values.
    """
    starts, ends = _edges(log)
    at = dialect.name("at")
    inner, outer, picked = [], [], []
    for place, name in enumerate(log.attribute_names):
        column, listed = dialect.name(name), values[name]
        if listed:
            inner.append(f"{dialect.place.format(dialect.texts(listed), column)} AS a_{place}")
            low = dialect.item.format(dialect.texts(listed), f"low_{place}")
        else:
            inner.append(f"{column} AS a_{place}")
            low = f"low_{place}"
        outer += [f"min(a_{place}) AS low_{place}", f"max(a_{place}) AS high_{place}"]
        picked.append(f"coalesce({low}, '') AS {column}")
        picked.append(f"coalesce(low_{place} <> high_{place}, FALSE) AS changed_{place}")
    edges = [
        f"min(CASE WHEN step = {dialect.text(step)} THEN {at} END) AS s_{place}"
        for place, step in enumerate(starts)
    ] + [
        f"max(CASE WHEN step = {dialect.text(step)} THEN {at} END) AS e_{place}"
        for place, step in enumerate(ends)
    ]
    moments = [f"s_{place}" for place in range(len(starts))]
    moments += [f"e_{place}" for place in range(len(ends))]
    kept = [f"{dialect.micros.format(moment)} AS {moment}" for moment in moments]
    case = dialect.name("case")
    given = ", ".join((case, "step", at, *inner))
    return (
        f"SELECT {', '.join((case, *kept, *picked))} FROM ("  # noqa: S608  # quoted names
        f"SELECT {', '.join((case, *edges, *outer))} FROM (SELECT {given} FROM events{seen}) AS e "
        f"GROUP BY {case}) AS g"
    )


def _changed(engine: Engine, place: int, name: str) -> Changed | None:
    case = engine.dialect.name("case")
    (count,) = engine.ask(f"SELECT count(*) FROM cases_bare WHERE changed_{place}")[0]  # noqa: S608
    if not count:
        return None
    samples = engine.ask(
        f"SELECT {case} FROM cases_bare WHERE changed_{place} ORDER BY {case} LIMIT {SAMPLES}"  # noqa: S608
    )
    return Changed(attribute=name, cases=count, samples=tuple(found for (found,) in samples))


def _firsts(
    engine: Engine, log: EventLog, changed: Sequence[Changed], micros: str, now: int
) -> str:
    """Where an attribute changed within a case, its first value; at one instant, the smallest."""
    dialect = engine.dialect
    case = dialect.name("case")
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
        ).replace(micros, micros.replace(dialect.name("at"), f"e.{dialect.name('at')}"))
        joins.append(
            f"LEFT JOIN (SELECT {case}, said FROM ({ranked}) AS k WHERE r = 1) AS f_{place} "  # noqa: S608
            f"ON f_{place}.{case} = b.{case}"
        )
        columns.append(f"coalesce(f_{place}.said, b.{column}) AS {column}")
    starts, ends = _edges(log)
    kept = [f"b.s_{place}" for place in range(len(starts))]
    kept += [f"b.e_{place}" for place in range(len(ends))]
    listed = ", ".join((f"b.{case}", *kept, *columns))
    return f"SELECT {listed} FROM cases_bare AS b {' '.join(joins)}"  # noqa: S608
