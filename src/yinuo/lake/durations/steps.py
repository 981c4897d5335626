"""What each step took within a measure, steps that ran at once included.

An occurrence runs from its own start to its completion, where both stand; otherwise from the event
before it in the case (waiting time counts as its own). Within a measure the occurrences are cut to
it. Where several run at one moment, that moment is divided equally between them, so the shares of
all steps and of idle time add up to the whole.
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from yinuo.lake.durations.cases import NUMBER, day_of, worked
from yinuo.lake.durations.results import StepTime
from yinuo.lake.engine import Engine
from yinuo.lake.events import START, EventLog, Measure
from yinuo.lake.working import WorkingTime


def build_occurrences(engine: Engine, *, names: Sequence[str], now: int) -> None:
    """Make `occurrences`: one row a completion, with where it ran from; and a row a lost start.

    Columns: NUMBER, code, us, from_us, timed (0 or 1), lost (0 or 1). A step's code is its place
    among the names, from 1; at one instant the order of steps is that of their codes.
    """
    dialect = engine.dialect
    case, micros = dialect.name("case"), dialect.micros.format(f"e.{dialect.name('at')}")
    place = f"CAST({dialect.place.format(dialect.texts(names), 'e.step')} AS INT)"
    coded = (
        f"SELECT g.{NUMBER}, {place} AS code, {micros} AS us, "  # noqa: S608  # our own names
        f"CASE WHEN e.lifecycle = '{START}' THEN 0 ELSE 1 END AS ended "
        f"FROM events AS e JOIN gathered AS g ON g.{case} = e.{case} WHERE {micros} <= {now}"
    )
    order = f"OVER (PARTITION BY {NUMBER} ORDER BY us, ended, code)"
    before = ", ".join(f"lag({each}) {order} AS prev_{each}" for each in ("us", "ended", "code"))
    once = (
        f"SELECT {NUMBER}, code, us, ended, prev_us FROM (SELECT *, {before} FROM ({coded}) AS p) "  # noqa: S608
        "AS q WHERE prev_us IS NULL OR us <> prev_us OR ended <> prev_ended OR code <> prev_code"
    )
    asked = f"SELECT DISTINCT step FROM events WHERE lifecycle = '{START}'"  # noqa: S608
    started = {step for (step,) in engine.ask(asked)}
    codes = [str(code) for code, name in enumerate(names, start=1) if name in started]
    if not codes:
        engine.keep("occurrences", _from_before(f"({once})"))
        return
    engine.keep("told", once)
    some = f"({', '.join(codes)})"
    own = f"OVER (PARTITION BY {NUMBER}, code ORDER BY us, ended)"
    engine.keep(
        "occurrences",
        f"{_from_before('told')} WHERE code NOT IN {some} UNION ALL "  # noqa: S608
        f"SELECT {NUMBER}, code, us, CASE WHEN own_ended = 0 THEN own_us "
        f"ELSE coalesce(prev_us, us) END AS from_us, "
        f"CASE WHEN ended = 1 AND own_ended = 0 THEN 1 ELSE 0 END AS timed, "
        f"CASE WHEN ended = 0 THEN 1 ELSE 0 END AS lost FROM ("
        f"SELECT *, lag(us) {own} AS own_us, lag(ended) {own} AS own_ended, "
        f"lead(ended) {own} AS next_ended FROM told WHERE code IN {some}) AS q "
        f"WHERE ended = 1 OR next_ended IS NULL OR next_ended = 0",
    )


def _from_before(told: str) -> str:
    """Occurrences of steps that nobody starts: from the event before."""
    return (
        f"SELECT {NUMBER}, code, us, coalesce(prev_us, us) AS from_us, 0 AS timed, 0 AS lost "  # noqa: S608  # our own names
        f"FROM {told} AS t"
    )


def step_times(
    engine: Engine,
    *,
    log: EventLog,
    measure: Measure,
    names: Sequence[str],
    whole: int,
    calendar: WorkingTime | None,
) -> tuple[tuple[StepTime, ...], int]:
    """Every step within the ended cases of `closed`, and the time in which none ran."""
    _within(engine, names.index(measure.starts) + 1, calendar)
    _pieces(engine)
    per_case = engine.dialect.quantiles("step_cases", ["code"], [500, 900])
    owned = {
        row[0]: row[1:]
        for row in engine.ask(f"SELECT code, n, total, q_500, q_900 FROM ({per_case}) AS q")  # noqa: S608
    }
    counted = {
        row[0]: tuple(map(int, row[1:]))
        for row in engine.ask(
            "SELECT code, sum(1 - lost), sum(timed), sum(lost) FROM within GROUP BY code"
        )
    }
    total = engine.dialect.exact_sum.format("b - a")
    shared: dict[int, Fraction] = defaultdict(Fraction)
    for code, k, time in engine.ask(
        f"SELECT code, k, {total} FROM (SELECT code, k, a, b FROM pieces "  # noqa: S608
        "UNION ALL SELECT code, 1 AS k, a, b FROM alone) AS u GROUP BY code, k"
    ):
        shared[code] += Fraction(int(time), int(k))
    found = tuple(
        StepTime(
            step=name,
            known=code <= len(log.steps),
            cases=int(owned[code][0]) if code in owned else 0,
            times=counted[code][0],
            total=int(owned[code][1]) if code in owned else 0,
            shared=shared[code],
            share=shared[code] / whole if whole else None,
            median=int(owned[code][2]) if code in owned else None,
            p90=int(owned[code][3]) if code in owned else None,
            timed=counted[code][1],
            unfinished=counted[code][2],
        )
        for code, name in enumerate(names, start=1)
        if code in counted
    )
    idle = whole - sum(shared.values(), Fraction())
    return found, int(idle)


def _within(engine: Engine, first: int, calendar: WorkingTime | None) -> None:
    """Make `within`: the occurrences of ended cases, cut to the measure: NUMBER, code, a, b, …

    The event that begins the measure, of the step `first`, is not part of it.
    """
    dialect = engine.dialect
    cut = (
        f"SELECT o.{NUMBER}, o.code, o.timed, o.lost, "  # noqa: S608  # our own names
        "greatest(o.from_us, c.begins) AS a, least(o.us, c.ends) AS b "
        f"FROM occurrences AS o JOIN closed AS c ON c.{NUMBER} = o.{NUMBER} WHERE "
        "(o.us >= c.begins AND o.us <= c.ends OR o.timed = 1 AND o.from_us < c.ends "
        f"AND o.us > c.ends) AND NOT (o.code = {first} AND o.us = c.begins)"
    )
    if calendar is None:
        engine.keep("within", cut)
        return
    engine.keep(
        "within",
        f"SELECT w.{NUMBER}, w.code, w.timed, w.lost, {worked(calendar, 'w.a', 'x')} AS a, "  # noqa: S608
        f"{worked(calendar, 'w.b', 'y')} AS b FROM ({cut}) AS w "
        f"JOIN days AS x ON x.day = {day_of(dialect, 'w.a')} "
        f"JOIN days AS y ON y.day = {day_of(dialect, 'w.b')}",
    )


def _pieces(engine: Engine) -> None:
    """Make `alone`, `pieces` and `step_cases`.

    Only a case in which something has a start of its own can have steps at once: `pieces` are its
    stretches in which the same `k` steps ran, one row a step. The rows of the others are `alone`,
    taken as they are. `step_cases` has both by case and step.
    """
    case = NUMBER
    engine.keep("entwined", f"SELECT DISTINCT {case} FROM within WHERE timed = 1")  # noqa: S608  # our own names
    engine.define(
        "alone",
        f"SELECT w.{case}, w.code, w.a, w.b FROM within AS w "  # noqa: S608
        f"LEFT JOIN entwined AS t ON t.{case} = w.{case} WHERE t.{case} IS NULL AND w.lost = 0",
    )
    sides = (
        f"SELECT w.{case}, w.code, w.a, w.b FROM within AS w "  # noqa: S608
        f"JOIN entwined AS t ON t.{case} = w.{case} WHERE w.lost = 0"
    )
    points = (
        f"SELECT {case}, a AS p FROM sides WHERE b > a UNION "  # noqa: S608
        f"SELECT {case}, b AS p FROM sides WHERE b > a"
    )
    engine.keep(
        "pieces",
        f"WITH sides AS ({sides}), "  # noqa: S608
        f"stretches AS (SELECT * FROM (SELECT {case}, p, lead(p) OVER (PARTITION BY {case} "
        f"ORDER BY p) AS q FROM ({points}) AS u) AS v WHERE q IS NOT NULL), "
        f"running AS (SELECT DISTINCT s.{case}, s.p, s.q, w.code FROM stretches AS s "
        f"JOIN sides AS w ON w.{case} = s.{case} AND w.a <= s.p AND w.b >= s.q AND w.b > w.a) "
        f"SELECT {case}, code, p AS a, q AS b, count(*) OVER (PARTITION BY {case}, p) AS k "
        "FROM running",
    )
    engine.keep(
        "step_cases",
        f"SELECT {case}, code, CAST(sum(took) AS BIGINT) AS d FROM ("  # noqa: S608
        f"SELECT {case}, code, b - a AS took FROM alone UNION ALL "
        f"SELECT {case}, code, b - a AS took FROM pieces UNION ALL "
        f"SELECT {case}, code, 0 AS took FROM ({sides}) AS s) AS u GROUP BY {case}, code",
    )
