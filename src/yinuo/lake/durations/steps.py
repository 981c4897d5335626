"""What each step took within a measure, steps that ran at once included.

An occurrence runs from its own start to its completion, where both stand; otherwise from the event
before it in the case (waiting time counts as its own). Within a measure the occurrences are cut to
it. Where several run at one moment, that moment is divided equally between them, so the shares of
all steps and of idle time add up to the whole.
"""

from collections import defaultdict
from fractions import Fraction

from yinuo.lake.dialects import Dialect
from yinuo.lake.durations.cases import day_of, worked
from yinuo.lake.durations.results import StepTime
from yinuo.lake.engine import Engine
from yinuo.lake.events import START, EventLog, Measure
from yinuo.lake.working import WorkingTime


def order_of(dialect: Dialect, log: EventLog) -> str:
    """The place of a step in the description; those it does not name come last."""
    place = dialect.place.format(dialect.texts([step.name for step in log.steps]), "step")
    return f"coalesce(nullif({place}, 0), {len(log.steps) + 1})"


def build_occurrences(engine: Engine, *, log: EventLog, now: int, repeats: bool) -> None:
    """Make `occurrences`: one row a completion, with where it ran from; and a row a lost start.

    Columns: case, step, us, from_us, timed (0 or 1), lost (0 or 1), ord.
    """
    dialect = engine.dialect
    case = dialect.name("case")
    micros = dialect.micros.format(dialect.name("at"))
    distinct = "DISTINCT " if repeats else ""
    plain = (
        f"SELECT {distinct}{case}, step, {micros} AS us, "  # noqa: S608  # our own names
        f"CASE WHEN lifecycle = '{START}' THEN 0 ELSE 1 END AS ended, "
        f"{order_of(dialect, log)} AS ord FROM events WHERE {micros} <= {now}"
    )
    before = f"lag(us) OVER (PARTITION BY {case} ORDER BY us, ended, ord, step) AS prev"
    starts = engine.ask(f"SELECT 1 FROM events WHERE lifecycle = '{START}' LIMIT 1")  # noqa: S608
    if not starts:
        engine.keep(
            "occurrences",
            f"SELECT {case}, step, us, coalesce(prev, us) AS from_us, 0 AS timed, 0 AS lost, ord "  # noqa: S608
            f"FROM (SELECT *, {before} FROM ({plain}) AS p) AS q",
        )
        return
    own = f"OVER (PARTITION BY {case}, step ORDER BY us, ended)"
    engine.keep(
        "occurrences",
        f"SELECT {case}, step, us, CASE WHEN own_ended = 0 THEN own_us "  # noqa: S608
        f"ELSE coalesce(prev, us) END AS from_us, "
        f"CASE WHEN ended = 1 AND own_ended = 0 THEN 1 ELSE 0 END AS timed, "
        f"CASE WHEN ended = 0 THEN 1 ELSE 0 END AS lost, ord FROM ("
        f"SELECT *, {before}, lag(us) {own} AS own_us, lag(ended) {own} AS own_ended, "
        f"lead(ended) {own} AS next_ended FROM ({plain}) AS p) AS q "
        f"WHERE ended = 1 OR next_ended IS NULL OR next_ended = 0",
    )


def step_times(
    engine: Engine,
    *,
    log: EventLog,
    measure: Measure,
    whole: int,
    calendar: WorkingTime | None,
) -> tuple[tuple[StepTime, ...], int]:
    """Every step within the ended cases of `closed`, and the time in which none ran."""
    _within(engine, measure, calendar)
    _pieces(engine)
    per_case = engine.dialect.quantiles("step_cases", ["step"], [500, 900], "")
    owned = {
        row[0]: row[1:]
        for row in engine.ask(f"SELECT step, n, total, q_500, q_900 FROM ({per_case}) AS q")  # noqa: S608
    }
    counted = {
        row[0]: tuple(map(int, row[1:]))
        for row in engine.ask(
            "SELECT step, sum(1 - lost), sum(timed), sum(lost) FROM within GROUP BY step"
        )
    }
    total = engine.dialect.exact_sum.format("b - a")
    shared: dict[str, Fraction] = defaultdict(Fraction)
    for step, k, time in engine.ask(f"SELECT step, k, {total} FROM pieces GROUP BY step, k"):  # noqa: S608
        shared[step] += Fraction(int(time), int(k))
    known = [step.name for step in log.steps]
    names = [name for name in known if name in counted]
    names += sorted(counted.keys() - set(known))
    found = tuple(
        StepTime(
            step=name,
            known=name in known,
            cases=int(owned[name][0]) if name in owned else 0,
            times=counted[name][0],
            total=int(owned[name][1]) if name in owned else 0,
            shared=shared[name],
            share=shared[name] / whole if whole else None,
            median=int(owned[name][2]) if name in owned else None,
            p90=int(owned[name][3]) if name in owned else None,
            timed=counted[name][1],
            unfinished=counted[name][2],
        )
        for name in names
    )
    idle = whole - sum(shared.values(), Fraction())
    return found, int(idle)


def _within(engine: Engine, measure: Measure, calendar: WorkingTime | None) -> None:
    """Make `within`: the occurrences of ended cases, cut to the measure: case, step, a, b, …

    The event that begins the measure is not part of it.
    """
    dialect = engine.dialect
    case, first = dialect.name("case"), dialect.text(measure.starts)
    cut = (
        f"SELECT o.{case}, o.step, o.timed, o.lost, "  # noqa: S608  # our own names
        "greatest(o.from_us, c.begins) AS a, least(o.us, c.ends) AS b "
        f"FROM occurrences AS o JOIN closed AS c ON c.{case} = o.{case} WHERE "
        "(o.us >= c.begins AND o.us <= c.ends OR o.timed = 1 AND o.from_us < c.ends "
        f"AND o.us > c.ends) AND NOT (o.step = {first} AND o.us = c.begins)"
    )
    if calendar is None:
        engine.keep("within", cut)
        return
    engine.keep(
        "within",
        f"SELECT w.{case}, w.step, w.timed, w.lost, {worked(calendar, 'w.a', 'x')} AS a, "  # noqa: S608
        f"{worked(calendar, 'w.b', 'y')} AS b FROM ({cut}) AS w "
        f"JOIN days AS x ON x.day = {day_of(dialect, 'w.a')} "
        f"JOIN days AS y ON y.day = {day_of(dialect, 'w.b')}",
    )


def _pieces(engine: Engine) -> None:
    """Make `pieces`: stretches in which the same `k` steps ran, one row a step; and `step_cases`.

    Only a case in which something has a start of its own can have steps at once; the others are
    taken as they are.
    """
    case = engine.dialect.name("case")
    done = "SELECT * FROM within WHERE lost = 0"
    alone = f"SELECT DISTINCT {case} FROM within WHERE timed = 1"  # noqa: S608  # our own names
    points = (
        f"SELECT {case}, a AS p FROM sides WHERE b > a UNION "  # noqa: S608
        f"SELECT {case}, b AS p FROM sides WHERE b > a"
    )
    engine.keep(
        "pieces",
        f"WITH sides AS (SELECT w.* FROM ({done}) AS w "  # noqa: S608
        f"JOIN ({alone}) AS t ON t.{case} = w.{case}), "
        f"stretches AS (SELECT * FROM (SELECT {case}, p, lead(p) OVER (PARTITION BY {case} "
        f"ORDER BY p) AS q FROM ({points}) AS u) AS v WHERE q IS NOT NULL), "
        f"running AS (SELECT DISTINCT s.{case}, s.p, s.q, w.step FROM stretches AS s "
        f"JOIN sides AS w ON w.{case} = s.{case} AND w.a <= s.p AND w.b >= s.q AND w.b > w.a) "
        f"SELECT {case}, step, p AS a, q AS b, count(*) OVER (PARTITION BY {case}, p) AS k "
        f"FROM running UNION ALL "
        f"SELECT w.{case}, w.step, w.a, w.b, 1 AS k FROM ({done}) AS w "
        f"LEFT JOIN ({alone}) AS t ON t.{case} = w.{case} WHERE t.{case} IS NULL AND w.b > w.a",
    )
    engine.keep(
        "step_cases",
        f"SELECT {case}, step, CAST(sum(took) AS BIGINT) AS d FROM ("  # noqa: S608
        f"SELECT {case}, step, b - a AS took FROM pieces UNION ALL "
        f"SELECT {case}, step, 0 AS took FROM ({done}) AS w) AS u GROUP BY {case}, step",
    )
