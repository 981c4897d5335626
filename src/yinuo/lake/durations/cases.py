"""Cases of one measure: which have ended, which are open, and which are neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.lake.dialects import Dialect
from yinuo.lake.durations.results import MICROSECONDS_PER_HOUR, Aside, Changed, SetAside
from yinuo.lake.engine import Engine
from yinuo.lake.events import MONTH, EventLog
from yinuo.lake.working import CHINA, MICROSECONDS_PER_DAY, WorkingTime

SAMPLES = 5
NUMBER = "case_no"
"""A whole number instead of the text of a case, by which many rows are joined and put in order."""


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
    named: tuple[str, ...]
    """The columns that name a case: `case`, and `NUMBER` where that was asked for."""

    def split(self, engine: Engine, log: EventLog, place: int, keys: Sequence[str]) -> Split:
        """Make `closed` and `opened` of one measure: the keys, month, begins, ends, d.

        Keys are names of attributes and `NUMBER`; what is not asked for is not copied.
        """
        dialect, measure = engine.dialect, log.measures[place]
        starts, ends = edges(log)
        begin, end = f"s_{starts.index(measure.starts)}", f"e_{ends.index(measure.ends)}"
        about = " AND ".join(
            f"{dialect.name(name)} = {dialect.text(value)}" for name, value in measure.where
        )
        kept = "".join(f", {dialect.name(name)}" for name in keys)
        every = ", ".join(dialect.name(name) for name in (*self.named, *log.attribute_names))
        longest = log.longest_hours * MICROSECONDS_PER_HOUR
        judged = (
            f"SELECT {every}, {begin} AS begins, {end} AS ends, CASE "  # noqa: S608  # our own names
            f"WHEN {begin} IS NULL AND {end} IS NULL THEN 'none' "
            f"WHEN {end} IS NULL THEN 'open' "
            f"WHEN {begin} IS NULL THEN '{Aside.NO_START.name}' "
            f"WHEN {end} < {begin} THEN '{Aside.END_BEFORE_START.name}' "
            f"WHEN {end} - {begin} > {longest} THEN '{Aside.ABSURD.name}' "
            f"ELSE 'closed' END AS state FROM {self.table} WHERE {about or '1 = 1'}"
        )
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


def edges(log: EventLog) -> tuple[list[str], list[str]]:
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
