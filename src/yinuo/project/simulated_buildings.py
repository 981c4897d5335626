"""Two factories of the demo on the way through the four stages, with made-up firms."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.conf import settings

from yinuo.cases.commands import accept, building, clock, decide, joint, utilities
from yinuo.cases.construction.flow import Flow
from yinuo.cases.construction.links import LinkKey, LinkVisit
from yinuo.cases.construction.project import NewBuilding, NewWorks
from yinuo.cases.in_force.flows import flow_named
from yinuo.cases.life import Decision
from yinuo.cases.queries.utilities import utility_link
from yinuo.parties.viewer import Viewer
from yinuo.project.simulated_desk import CATALOGUE, WINDOW
from yinuo.project.simulated_windows import Moment, Windows, firm, hour, working_days

FLOW = "GY"
WATER = "water"
"""The utility that answers by its own account; the others by their link."""
REVIEWED, GROUND, STOPPED = "GC-21", "专家评审", 4
"""The branch that waits for an expert review, and for how many working days."""
LATE, SILENT = "GC-33", "television"
"""Of the second: the branch that is late, and the utility that has not answered."""
BUILT = NewBuilding(
    code="2404-210200-04-01-900001",
    title="演示轴承制造基地",
    flow=FLOW,
    declared_date=date(2024, 4, 3),
    works=(
        NewWorks(code="2404-210200-04-01-900001-01", title="一号厂房"),
        NewWorks(code="2404-210200-04-01-900001-02", title="二号厂房"),
    ),
    region="210213",
    site="金州区示范路 8 号",
    content="新建厂房两栋，年产轴承 200 万套",
    land_area="52000",
    building_area="31000.5",
    total="8600",
    planned_start=date(2024, 7, 1),
    planned_finish=date(2024, 12, 31),
)
BUILDING = NewBuilding(
    code="2409-210200-04-01-900002",
    title="演示冷链加工中心",
    flow=FLOW,
    declared_date=date(2024, 10, 9),
    works=(NewWorks(code="2409-210200-04-01-900002-01", title="加工车间"),),
    region="210212",
    site="旅顺口区示范街 16 号",
    content="新建加工车间和冷库，年加工水产品 1.2 万吨",
    land_area="28000",
    building_area="17600",
    total="5200",
    planned_start=date(2025, 2, 10),
    planned_finish=date(2025, 12, 20),
)
STAGES = {"1": date(2024, 4, 8), "2": date(2024, 4, 28), "3": date(2024, 6, 3)}
LAST, CONNECTED = date(2024, 11, 11), date(2024, 9, 20)
LATER = {"1": date(2024, 10, 14), "2": date(2024, 11, 4), "3": date(2024, 12, 30)}


def built(windows: Windows) -> Iterator[Moment]:
    """Everything that happens with both."""
    yield from Site(windows, BUILT, 6001).whole({**STAGES, "4": LAST})
    yield from Site(windows, BUILDING, 6002).under_way(LATER)


@dataclass
class Site:
    """One building project."""

    windows: Windows
    new: NewBuilding
    number: int
    """Of the firm that builds."""
    track: str = field(default="", init=False)
    cases: dict[str, str] = field(default_factory=dict, init=False)
    """Item → code of its branch."""
    stop: str = field(default="", init=False)

    @property
    def flow(self) -> Flow:
        """The way it takes."""
        return flow_named(FLOW)

    def whole(self, stages: Mapping[str, date]) -> Iterator[Moment]:
        """Through all stages, with a stop, and six utilities connected."""
        yield self._moment(stages["1"], 0, 9, self.register)
        for code, day in stages.items():
            yield from self._stage(code, day)
        second = stages["2"]
        yield self._moment(second, 3, 10, self.halt)
        yield self._moment(second, 3 + STOPPED, 10, self.go_on)
        for place, utility in enumerate(one.code for one in self.flow.utilities):
            yield self._moment(
                stages["3"], 4 + place % 2, 14, partial(self.answer, utility, CONNECTED)
            )
            late = 5 if utility == "heat" else 0
            yield self._moment(CONNECTED, late, 10 + place, partial(self.connect, utility))
            yield self._moment(CONNECTED, late + 2, 10 + place, partial(self.confirm, utility))

    def under_way(self, stages: Mapping[str, date]) -> Iterator[Moment]:
        """Up to the third stage, in which one branch is late and one utility silent."""
        yield self._moment(stages["1"], 0, 9, self.register)
        for code, day in stages.items():
            yield from self._stage(code, day, but=LATE)
        answering = [one.code for one in self.flow.utilities if one.code != SILENT]
        for place, utility in enumerate(answering):
            connect = date(2025, 3, 10 + place)
            yield self._moment(
                stages["3"], 4, 14 + place % 3, partial(self.answer, utility, connect)
            )

    def _moment(self, day: date, days: int, hours: int, do: Callable[[datetime], object]) -> Moment:
        first = self.windows.after(day, 0)
        return Moment(hour(self.windows.after(first, days), hours), self.number, do)

    def _stage(self, code: str, day: date, *, but: str = "") -> Iterator[Moment]:
        """One stage: taken in once, accepted the same day, each branch decided in its time."""
        yield self._moment(day, 0, 10, partial(self.start, code))
        yield self._moment(day, 0, 11, partial(self.accept, code))
        for item in self.flow.stage(code).items:
            promised = working_days(item.promised)
            stopped = STOPPED if item.code == REVIEWED and self.new is BUILT else 0
            decided = max(promised - 1, 1) + stopped
            if item.code != but:
                yield self._moment(day, decided, 15, partial(self.decide, item.code))
                yield self._moment(day, decided + 1, 16, partial(self.deliver, item.code))

    def register(self, at: datetime) -> None:
        """On the register of the office that leads."""
        self.track = building.register(
            new=self.new,
            office=CATALOGUE,
            window=WINDOW,
            developer=firm(self.number),
            by=self.windows.desk.window,
            at=at,
            simulated=True,
        ).track

    def start(self, stage: str, at: datetime) -> None:
        """One application at the window for all branches."""
        begun = joint.start_stage(
            project=self.new.code,
            stage=stage,
            window=WINDOW,
            choices={},
            store=self.windows.store,
            by=self.windows.desk.window,
            at=at,
        )
        self.cases |= {branch.item: branch.code for branch in begun.branches}

    def accept(self, stage: str, at: datetime) -> None:
        """All branches of a stage."""
        for item in self.flow.stage(stage).items:
            accept.accept(case=self.cases[item.code], by=self.windows.desk.window, at=at)

    def decide(self, item: str, at: datetime) -> None:
        """One branch, granted by its department."""
        decide.decide(
            case=self.cases[item],
            decision=Decision.APPROVED,
            reason="符合法定条件。",
            by=self.windows.desk.building,
            at=at,
        )

    def deliver(self, item: str, at: datetime) -> None:
        """The developer has the result."""
        decide.deliver(case=self.cases[item], by=self.windows.desk.window, at=at)

    def halt(self, at: datetime) -> None:
        """The clocks stop for the expert review."""
        self.stop = clock.stop(
            case=self.cases[REVIEWED],
            ground=GROUND,
            happened_at=at,
            planned_until=self.windows.after(at.date(), STOPPED),
            notice="演示评审〔2024〕1号",
            reason="方案需要专家评审，已书面告知申请人。",
            by=self.windows.desk.building,
            at=at,
        )

    def go_on(self, at: datetime) -> None:
        """The review is over."""
        clock.resume(
            case=self.cases[REVIEWED],
            stop=self.stop,
            happened_at=at,
            notice="演示评审〔2024〕1号结论",
            by=self.windows.desk.building,
            at=at,
        )

    def answer(self, utility: str, connect: date, at: datetime) -> None:
        """A plan and one day, without having been applied to."""
        code, by, link = self._utility(utility)
        utilities.answer(
            plan="由市政道路一侧引入，红线外由本单位施工，不收费。",
            connect_date=connect,
            notice=code,
            by=by,
            link=link,
            at=at,
        )

    def connect(self, utility: str, at: datetime) -> None:
        """Connected, once."""
        code, by, link = self._utility(utility)
        utilities.connect(
            connected_date=at.date(), note="已接入。", notice=code, by=by, link=link, at=at
        )

    def confirm(self, utility: str, at: datetime) -> None:
        """The developer says so too."""
        utilities.confirm(track=self.track, notice=f"{self.new.code}/U{utility}", at=at)

    def _utility(self, utility: str) -> tuple[str, Viewer | None, LinkVisit | None]:
        """Who acts for a utility: its officer, or who has the link that the office handed on."""
        code, desk = f"{self.new.code}/U{utility}", self.windows.desk
        if utility == WATER:
            return code, desk.water, None
        key = LinkKey.of(settings.SECRET_KEY)
        return code, None, LinkVisit(utility_link(notice=code, viewer=desk.first, key=key), key)
