"""The made-up part of the project register: 3,796 projects that come on it in four waves.

Nothing here happened. The three hundred of `simulated_projects` owe an investment in 2024; the
others stand in some stage. The same seed always gives the same register.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from yinuo.goals.projects.content import NewFigure, NewPermit, NewProject, NewStage
from yinuo.goals.projects.stages import Stage
from yinuo.kernel.money import to_fen
from yinuo.project.simulated_projects import DISTRICTS, ENDS, PHASES, TRADES, WORKS
from yinuo.project.simulated_projects import SimulatedProject as Owed
from yinuo.project.simulated_projects import projects as owed_projects

SEED = 1000
YEAR = 2024
BATCH, BATCH_DAY, BATCH_COUNT, BATCH_INVESTMENT = "DL2024-Q1", date(2024, 2, 27), 33, 1_060_000
"""The batch that the report counts, its day, how many it had, and its investment in 万元."""
DOCUMENT = "DM2024-CK"
WAVES = (1_883, 748, 769, 396)
"""How many come on the register by each of `ENDS`, beside the 17 that the report names and the
three that agreements become: 2,650 by the end of June, 3,420 by September, 3,816 in all."""
STARTS = (0, 13, 13, 21)
"""Industrial projects that start in each quarter, beside those of the batch and of agreements."""
BATCH_INDUSTRIAL = 14
INDUSTRY = {
    "精细化工新材料": "C26",
    "海洋装备零部件": "C37",
    "半导体封装": "C39",
    "冷链物流": "G59",
    "数据标注": "I65",
    "船舶配套": "C37",
    "氢能装备": "C34",
    "预制食品": "C14",
    "工业软件": "I65",
    "轴承与轴系": "C34",
    "滨海旅游": "R90",
    "现代渔业": "A04",
}
INDUSTRIAL_TRADES = tuple(trade for trade in TRADES if INDUSTRY[trade].startswith("C"))
OTHER_TRADES = tuple(trade for trade in TRADES if not INDUSTRY[trade].startswith("C"))
OFFICES_INDUSTRY = "S92"
MIDDLES = {
    "中山区": (121_640_000, 38_920_000),
    "西岗区": (121_612_000, 38_914_000),
    "沙河口区": (121_594_000, 38_905_000),
    "甘井子区": (121_560_000, 38_980_000),
    "旅顺口区": (121_262_000, 38_851_000),
    "普兰店区": (121_963_000, 39_394_000),
    "瓦房店市": (121_980_000, 39_627_000),
    "庄河市": (122_967_000, 39_681_000),
    "长海县": (122_588_000, 39_273_000),
    "金普新区": (121_783_000, 39_100_000),
    "大连高新区": (121_520_000, 38_862_000),
    "长兴岛经济区": (121_470_000, 39_560_000),
}
"""Roughly where each lies, in millionths of a degree: the made-up projects are strewn around."""
AROUND = 45_000
EARLIER = {
    Stage.CONCEIVED: 20,
    Stage.RESERVED: 44,
    Stage.SIGNED: 17,
    Stage.STARTED: 12,
    Stage.ENROLLED: 3,
    Stage.COMPLETED: 2,
    Stage.PRODUCING: 2,
}
"""Stage reached before it came on the register → how many of a hundred."""
ORDER = tuple(EARLIER)
ENROLLED = 0.8
"""Of those under construction, how many entered the statistics a month after."""


@dataclass(frozen=True)
class Start:
    """A project that starts in the year: who says so, and when."""

    project: str
    unit: str
    """Name of the unit."""
    day: date


@dataclass(frozen=True)
class Made:
    """The register by waves, and the starts of the year."""

    waves: tuple[tuple[NewProject, ...], ...]
    starts: tuple[tuple[Start, ...], ...]
    """Those of each quarter, the batch among the first."""


@dataclass
class _Maker:
    office: str
    codes: dict[str, str]
    """Name of a unit → its code."""
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311  # made up
    number: int = 0

    def plain(self, wave: int) -> NewProject:
        """One that stands in some stage when it comes on the register."""
        trade = self.chance.choice(TRADES)
        made = self.named(trade)
        stages = tuple(self.passed(ENDS[wave] - timedelta(days=100)))
        return replace(made, stages=stages, total_investment=self.amount())

    def named(self, trade: str) -> NewProject:
        """The next project, in some district."""
        self.number += 1
        district = self.chance.choice(DISTRICTS)
        work, phase = self.chance.choice(WORKS), self.chance.choice(PHASES)
        return self._placed(
            NewProject(
                code=f"YS2024-{self.number:04}",
                name=f"演示项目 Y{self.number:04} {district}{trade}{work}（{phase}）",
                office=self.office,
                document=DOCUMENT,
                unit=self.codes[district],
                region=self.codes[district],
                firm_name=f"大连演示{trade}有限公司",
                industry=INDUSTRY[trade],
                simulated=True,
            ),
            district,
        )

    def _placed(self, made: NewProject, district: str) -> NewProject:
        east, north = MIDDLES[district]
        return replace(
            made,
            longitude_e6=east + self.chance.randint(-AROUND, AROUND),
            latitude_e6=north + self.chance.randint(-AROUND, AROUND),
        )

    def amount(self) -> int:
        return to_fen(str(self.chance.randrange(10, 1_500) * 100), "万元")

    def passed(self, last: date) -> Iterator[NewStage]:
        """The stages it went through before a day; most of them nobody wrote down."""
        now = self.chance.choices(ORDER, list(EARLIER.values()))[0]
        day = last - timedelta(days=self.chance.randrange(30, 700))
        if ORDER.index(now) > ORDER.index(Stage.RESERVED):
            yield NewStage(stage=Stage.RESERVED, reached=day - timedelta(days=90))
        day = (
            min(day, date(YEAR - 1, 12, 20))
            if ORDER.index(now) >= ORDER.index(Stage.STARTED)
            else day
        )
        yield NewStage(stage=now, reached=day)
        if now is Stage.STARTED and self.chance.random() < ENROLLED:
            yield NewStage(stage=Stage.ENROLLED, reached=day + timedelta(days=30))

    def owed(self, project: Owed) -> NewProject:
        """One that owes an investment, as the register states it."""
        district = project.unit if project.unit in DISTRICTS else ""
        trade = next((trade for trade in TRADES if trade in project.title), "")
        figures = tuple(
            NewFigure(
                as_of=day,
                invested_year=to_fen(done, "万元"),
                progress=str(min(100, round(float(done) / project.planned * 60) + 20)),
                paid=to_fen(str(round(float(done) * 0.9)), "万元"),
            )
            for day, done in zip(ENDS, project.done, strict=True)
        )
        made = NewProject(
            code=project.code,
            name=project.title,
            office=self.office,
            document=DOCUMENT,
            unit=self.codes[project.unit],
            region=self.codes[district] if district else None,
            industry=INDUSTRY.get(trade, OFFICES_INDUSTRY),
            total_investment=to_fen(str(project.planned * 3), "万元"),
            year=YEAR,
            year_investment=to_fen(str(project.planned), "万元"),
            stages=(
                NewStage(stage=Stage.STARTED, reached=date(2023, 9, 1)),
                NewStage(stage=Stage.ENROLLED, reached=date(2023, 9, 28)),
            ),
            figures=figures,
            simulated=True,
        )
        return self._placed(made, district) if district else made


def _batch(maker: _Maker) -> tuple[list[NewProject], list[Start]]:
    """The thirty-three that started on one day; together they cost what was announced."""
    trades = [INDUSTRIAL_TRADES] * BATCH_INDUSTRIAL
    trades += [OTHER_TRADES] * (BATCH_COUNT - BATCH_INDUSTRIAL)
    left, made = BATCH_INVESTMENT, []
    for nth, some in enumerate(trades, start=1):
        cost = left if nth == BATCH_COUNT else maker.chance.randrange(8_000, 50_000)
        left -= cost
        stages = (
            NewStage(stage=Stage.STARTED, planned=BATCH_DAY, reached=BATCH_DAY),
            NewStage(stage=Stage.ENROLLED, reached=BATCH_DAY + timedelta(days=14)),
        )
        project = replace(
            maker.named(maker.chance.choice(some)),
            batch=BATCH,
            total_investment=to_fen(str(cost), "万元"),
            stages=stages,
            permits=(
                NewPermit(kind="建筑工程施工许可证", number=f"演〔2024〕{nth}号", day=BATCH_DAY),
            ),
        )
        made.append(project)
    return made, [Start(each.code, "", BATCH_DAY) for each in made]


def _starting(maker: _Maker, quarter: int, count: int) -> tuple[list[NewProject], list[Start]]:
    """Industrial projects that are to start in a quarter, and do."""
    made, starts = [], []
    for nth in range(count):
        day = ENDS[quarter] - timedelta(days=9 + nth * 3)
        planned = NewStage(stage=Stage.STARTED, planned=ENDS[quarter], promised=True)
        project = replace(
            maker.named(maker.chance.choice(INDUSTRIAL_TRADES)),
            stages=(NewStage(stage=Stage.SIGNED, reached=date(2023, 11, 30)), planned),
            total_investment=maker.amount(),
        )
        made.append(project)
        unit = next(name for name, code in maker.codes.items() if code == project.unit)
        starts.append(Start(project.code, unit, day))
    return made, starts


def register(*, office: str, codes: dict[str, str]) -> Made:
    """The whole of it; `codes` names the units."""
    maker = _Maker(office, codes)
    batch, begun = _batch(maker)
    first = [maker.owed(project) for project in owed_projects()] + batch
    starts: list[Sequence[Start]] = [begun]
    for quarter, count in enumerate(STARTS[1:], start=1):
        made, some = _starting(maker, quarter, count)
        first += made
        starts.append(some)
    waves = []
    for wave, size in enumerate(WAVES):
        known = first if wave == 0 else []
        waves.append((*known, *(maker.plain(wave) for _ in range(size - len(known)))))
    return Made(tuple(waves), tuple(map(tuple, starts)))


def owes(project: NewProject) -> bool:
    """Whether a unit owes something about it: an investment, or a stage by a day."""
    return bool(project.year_investment) or any(stage.promised for stage in project.stages)


def enrolled(project: NewProject, started: date) -> NewProject:
    """A project that started, when it has entered the statistics four weeks later."""
    entry = NewStage(stage=Stage.ENROLLED, reached=started + timedelta(days=28))
    return replace(project, stages=(*project.stages, entry))


def with_figures(project: NewProject, figures: tuple[NewFigure, ...]) -> NewProject:
    """The same project with other figures."""
    return replace(project, figures=figures)
