"""One small log, and random ones full of ties, gaps and repeats."""

from datetime import UTC, datetime, time
from pathlib import Path

from hypothesis import strategies as st

from tests.lake.oracle import Event
from yinuo.kernel.calendar import Calendar
from yinuo.lake.events import Column, EventLog, Measure, Step
from yinuo.lake.trimming import Fences, KeepAll, LongestShare, Trim
from yinuo.lake.working import WorkingTime

ARRIVED, DECLARED, CHECKED, TAXED, RELEASED = "运抵", "申报", "查验", "税费", "放行"
LOG = EventLog(
    name="报关单",
    case=Column("报关单号", ("编号",)),
    step=Column("环节"),
    time=Column("时间", ("发生时间",)),
    lifecycle=Column("起止"),
    attributes=(Column("方向"), Column("方式")),
    steps=(
        Step(ARRIVED, ("进境运抵",)),
        Step(DECLARED),
        Step(CHECKED),
        Step(TAXED),
        Step(RELEASED, ("海关放行",)),
    ),
    measures=(
        Measure(name="进口", starts=ARRIVED, ends=RELEASED, where=(("方向", "进"),)),
        Measure(name="全部作业", starts=DECLARED, ends=RELEASED),
    ),
    longest_hours=24 * 30,
)
AS_OF = datetime(2024, 3, 20, 4, 0, tzinfo=UTC)
GROUPS = (("month",), ("month", "方式"), ("方向",))
EDGES = (0, 3_600_000_000, 24 * 3_600_000_000)
CALENDAR = Calendar.load(Path(__file__).parents[2] / "content/calendars/china.csv")
WORKING = (
    None,
    WorkingTime.of(CALENDAR),
    WorkingTime.of(CALENDAR, ((time(8, 30), time(11, 30)), (time(13), time(17)))),
)
TRIMS: tuple[Trim, ...] = (KeepAll(), Fences(), Fences(0), LongestShare(0), LongestShare(250))
_QUARTER = 900_000_000
_FIRST = int(datetime(2024, 1, 30, tzinfo=UTC).timestamp()) * 1_000_000

MONTH = 30 * 96
steps = st.sampled_from([ARRIVED, DECLARED, CHECKED, CHECKED, TAXED, RELEASED, "改单"])
attributes = st.tuples(
    st.sampled_from(["进", "进", "进", "出", None]), st.sampled_from(["海运", "海运", "空运", None])
)


@st.composite
def cases(draw: st.DrawFn, name: str) -> list[Event]:
    """One case: mostly from arrival to release, with ties, repeats and what else goes wrong."""
    begin = draw(st.integers(0, MONTH)) * _QUARTER + _FIRST
    moments = st.integers(0, 8).map(lambda n: begin + n * 8 * _QUARTER)
    moments |= st.integers(0, MONTH).map(lambda n: begin + n * _QUARTER + n % 7)
    lifecycles = st.sampled_from(["complete", "complete", "start"])
    made = st.builds(Event, st.just(name), steps, moments, lifecycles, attributes)
    found = draw(st.lists(made, max_size=9))
    if draw(st.integers(0, 5)):
        found.append(Event(name, ARRIVED, begin, "complete", draw(attributes)))
    if draw(st.integers(0, 5)):
        found.append(Event(name, RELEASED, draw(moments), "complete", draw(attributes)))
    if found and not draw(st.integers(0, 5)):
        found.append(found[0])
    return draw(st.permutations(found))


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Several cases, the events of each in any order."""
    count = draw(st.integers(1, 14))
    found = [event for n in range(count) for event in draw(cases(f"{n:02}'"))]
    return found or [Event("A", ARRIVED, _FIRST, "complete", (None, None))]
