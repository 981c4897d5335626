"""The four quarters of a demo year: each a round that thirty-two units answer, or do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO

from PIL import Image, ImageDraw

from yinuo.commitments.commands import evidence
from yinuo.commitments.commands.evidence import Kept
from yinuo.commitments.queries.asking import Choice
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.media.attached import look_at
from yinuo.project.event import instant
from yinuo.project.simulated_projects import ENDS, SimulatedProject, projects
from yinuo.project.simulated_staff import Scene
from yinuo.supervision.commands import rounds, sheets
from yinuo.supervision.commands.sheets import Given
from yinuo.supervision.queries.rounds import round_page
from yinuo.supervision.rounds.life import RoundSort

QUARTERS = ("一季度", "上半年", "前三季度", "全年")


@dataclass(frozen=True)
class Quarter:
    """One round as it went: days as ISO dates."""

    number: int
    """0 for the first."""
    opened: str
    due: str
    checked: str
    closed: str
    absent: tuple[str, ...] = ()
    """Units that never report."""
    late: Mapping[str, str] | None = None
    """Unit → the day on which it reports after all."""
    returned: str = ""
    """The unit whose sheet comes back once."""


YEAR = (
    Quarter(0, "2024-04-01", "2024-04-08", "2024-04-10", "2024-04-12"),
    Quarter(
        *(1, "2024-07-01", "2024-07-08", "2024-07-10", "2024-07-22"),
        absent=("长海县",),
        late={"大连市水务部门": "2024-07-11"},
        returned="普兰店区",
    ),
    Quarter(
        *(2, "2024-10-08", "2024-10-14", "2024-10-16", "2024-10-18"),
        late={"长海县": "2024-10-15"},
    ),
    Quarter(*(3, "2024-12-30", "2025-01-08", "2025-01-10", "2025-01-13"), returned="庄河市"),
)
PHOTOGRAPHED = {(1, "DM2024-063"): "first", (2, "DM2024-104"): "again"}
"""(quarter, project) → a drawn scene; the second is the first, smaller and recompressed."""


def scene() -> Image.Image:
    """A drawn building site that nobody can take for a photograph."""
    image = Image.new("RGB", (1280, 860), "#cfdfe6")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 600, 1280, 860), fill="#8fa98f")
    for left in range(60, 1200, 190):
        height = 180 + left * 37 % 260
        pen.rectangle((left, 600 - height, left + 130, 640), fill="#e9e2d3", outline="#51606a")
        for top in range(620 - height, 600, 46):
            pen.rectangle((left + 20, top, left + 50, top + 24), fill="#6f93a6")
            pen.rectangle((left + 80, top, left + 110, top + 24), fill="#87a9b8")
    pen.line((980, 600, 980, 90, 700, 90), fill="#b5482f", width=12)
    pen.ellipse((1080, 60, 1190, 170), fill="#f2c14e")
    pen.text((30, 24), "DEMO - drawn, not a photograph", fill="#394b52", font_size=36)
    return image


def _jpeg(image: Image.Image, quality: int) -> BytesIO:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    file.seek(0)
    return file


def _picture(which: str, store: FileStore) -> tuple[Kept, ...]:
    again = _jpeg(scene().resize((896, 602)), 62)
    file = again if which == "again" else _jpeg(scene(), 92)
    files, faults = look_at([("演示现场图.jpg", file)])
    assert not faults  # noqa: S101  # drawn here
    return evidence.keep(files=files, store=store)


def _given(project: SimulatedProject, number: int, store: FileStore) -> Given:
    value, planned = project.done[number], project.planned
    note = f"{QUARTERS[number]}累计完成投资 {int(value):,} 万元，年度计划 {planned:,} 万元。"
    found = Given(commitment=project.promise, value=value, note=note)
    which = PHOTOGRAPHED.get((number, project.code))
    return replace(found, files=_picture(which, store)) if which else found


def _hand_in(sheet: str, some: Sequence[Given], *, unit: str, scene: Scene, at: datetime) -> None:
    by = scene.staff.officers[unit]
    for given in some:
        sheets.report_line(sheet=sheet, given=given, store=scene.store, by=by, at=at)
    sheets.hand_in(sheet=sheet, by=by, at=at)


def hold(quarter: Quarter, scene: Scene) -> str:
    """One round from its opening to its closing; returns its code."""
    number, first = quarter.number, scene.first
    opened = rounds.open_round(
        wanted=Choice(office=scene.office, kind="project", text="演示项目"),
        sort=RoundSort.QUARTERLY,
        as_of=ENDS[number],
        due=date.fromisoformat(quarter.due),
        note="填截至季末的累计完成投资，单位万元；说明写清进展和困难。",
        by=first,
        at=instant(quarter.opened),
    )
    owned: dict[str, list[Given]] = {}
    for project in projects():
        owned.setdefault(project.unit, []).append(_given(project, number, scene.store))
    page = round_page(code=opened.code, viewer=first, today=date.fromisoformat(quarter.opened))
    sheet_of = {sheet.unit: sheet.code for sheet in page.sheets}
    came: list[str] = []
    for unit, some in owned.items():
        if unit in quarter.absent:
            continue
        sheet = sheet_of[scene.staff.codes[unit]]
        at = instant((quarter.late or {}).get(unit, quarter.due))
        _hand_in(sheet, some, unit=unit, scene=scene, at=at)
        came.append(sheet)
        if unit == quarter.returned:
            _return_once(sheet, some[0], quarter, scene)
    closed = instant(quarter.closed)
    sheets.accept(sheets=came, note="数据完整，口径一致。", by=scene.second, at=closed)
    rounds.release(round_code=opened.code, by=first, at=closed)
    rounds.close(round_code=opened.code, by=first, at=closed)
    return opened.code


def _return_once(sheet: str, given: Given, quarter: Quarter, scene: Scene) -> None:
    """The office asks for what is missing in one line, and gets it."""
    why, at = {given.commitment: "说明里没有写困难和下一步，请补充。"}, instant(quarter.checked)
    sheets.give_back(sheet=sheet, reason="", lines=why, by=scene.second, at=at)
    better = replace(given, note=given.note + "用地手续已办结，下季度主体封顶。", files=())
    _hand_in(sheet, [better], unit=quarter.returned, scene=scene, at=at)
