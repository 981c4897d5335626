"""Three hundred made-up projects of twelve districts and zones and twenty departments. Pure.

Nothing here happened: the same seed always gives the same projects, figures and stalls.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SEED = YEAR = 2024
ENDS = (date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31))
"""The days on which the quarters end: as of which a round asks."""
PLANNED = (10, 40, 70, 100)
"""Percent of the year's investment that each curve plans by those days."""
DISTRICTS = (
    *("中山区", "西岗区", "沙河口区", "甘井子区", "旅顺口区", "普兰店区"),
    *("瓦房店市", "庄河市", "长海县", "金普新区", "大连高新区", "长兴岛经济区"),
)
DEPARTMENTS = (
    ("FG", "发改"),
    ("GX", "工信"),
    ("KJ", "科技"),
    ("JY", "教育"),
    ("MZ", "民政"),
    ("CZ", "财政"),
    ("ZR", "自然资源"),
    ("HJ", "生态环境"),
    ("ZJ", "住建"),
    ("JT", "交通运输"),
    ("SW", "水务"),
    ("NY", "农业农村"),
    ("SWJ", "商务"),
    ("WL", "文旅"),
    ("WJ", "卫健"),
    ("GZ", "国资"),
)
"""Code and word of the departments that the plan does not name; it names four of the twenty."""
NAMED = ("大连市人社部门", "大连市市场监管部门", "大连市政府口岸办", "大连市政府新闻办")
EACH_DISTRICT, EACH_DEPARTMENT = 20, 3
TRADES = (
    *("精细化工新材料", "海洋装备零部件", "半导体封装", "冷链物流", "数据标注", "船舶配套"),
    *("氢能装备", "预制食品", "工业软件", "轴承与轴系", "滨海旅游", "现代渔业"),
)
WORKS = ("产业园", "生产线", "研发中心", "配套道路", "公共服务平台", "技术改造", "仓储基地")
PHASES = ("一期", "二期", "三期", "扩建", "示范段")
TASKS = ("信息系统升级", "公共设施改造", "检测能力提升")


@dataclass(frozen=True)
class SimulatedProject:
    """One project with the year as it went."""

    code: str
    title: str
    unit: str
    """Name of the unit that owes it."""
    planned: int
    """Investment planned for the year, 万元."""
    done: tuple[str, ...]
    """Investment done by each of `ENDS`, cumulative, 万元."""

    @property
    def promise(self) -> str:
        """Code of the commitment to invest it, as the register makes it."""
        return f"{self.code}-Y{YEAR}"

    @property
    def curve(self) -> str:
        """The planned curve, as its unit writes it down."""
        return "\n".join(f"{day} {share}%" for day, share in zip(ENDS, PLANNED, strict=True))

    @property
    def is_done(self) -> bool:
        """Whether the year's investment was reached."""
        return Decimal(self.done[-1]) >= self.planned


def departments() -> tuple[str, ...]:
    """The names of the twenty departments."""
    return (*NAMED, *(f"大连市{word}部门" for _code, word in DEPARTMENTS))


def _shares(chance: random.Random, ability: float) -> list[float]:
    """Of the planned investment, the part that was done by the end of each quarter."""
    stalls = chance.random() < 0.08 * (2 - ability)
    reached, shares = 0.0, []
    for planned in PLANNED:
        if stalls and planned > PLANNED[1]:
            step = 0.01
        else:
            wanted = planned / 100 * ability * chance.uniform(0.82, 1.16)
            step = max(0.0, wanted - reached)
        reached += step
        shares.append(reached)
    return shares


def _project(
    number: int, unit: str, title: str, chance: random.Random, ability: float
) -> SimulatedProject:
    planned = chance.randrange(8, 400) * 100
    done = [str(round(planned * share)) for share in _shares(chance, ability)]
    code = f"DM2024-{number:03}"
    return SimulatedProject(code, f"演示项目 {number:03} {title}", unit, planned, tuple(done))


def projects(seed: int = SEED) -> Sequence[SimulatedProject]:
    """All of them, in order of their codes; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # made-up figures need no secret
    titles = [f"{trade}{work}（{phase}）" for trade in TRADES for work in WORKS for phase in PHASES]
    chance.shuffle(titles)
    found: list[SimulatedProject] = []
    for unit in (*DISTRICTS, *departments()):
        ability = chance.uniform(0.93, 1.16)
        is_district = unit in DISTRICTS
        for nth in range(EACH_DISTRICT if is_district else EACH_DEPARTMENT):
            title = titles.pop() if is_district else f"{unit.removeprefix('大连市')}{TASKS[nth]}"
            found.append(_project(len(found) + 1, unit, title, chance, ability))
    return found
