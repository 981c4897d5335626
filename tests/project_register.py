"""A few projects in the small city, as rows: what pages show does not depend on how they came."""

from datetime import date, datetime
from typing import Any

from tests.city import JULY, LUSHUN, MARCH, OFFICE, PULANDIAN, City, promise
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import Visibility
from yinuo.goals.models import Batch, Permit, Project, ProjectFigure, ProjectStage, ProjectYear
from yinuo.goals.projects.stages import RANK, Stage
from yinuo.ledger.commands.recording import By, command, put_text, record_new
from yinuo.ledger.recorded import Recorded

YI = 10_000_000_000
"""亿元 in 分."""
PARK, BRIDGE, FARM = "XM2024-0001", "XM2024-0002", "XM2024-0003"
HIDDEN, ENTERED = "XM2024-0004", "XM2024-0005"
SECRET_PROJECT = "密件工程"
LONG_NAME = (
    "旅顺口区新能源汽车动力电池正极材料及配套物流仓储设施一体化建设项目（一期）暨产业园区公共管网工程北区标段"
    + "甲" * 9
)
BATCH = "PC2024-1"
PROMISED = f"{PARK}-completed"
BUILD = By("account:5", f"administrator:{OFFICE}")


@command("tests.projects")
def put_rows(rows: list[Recorded], verb: str = "project.registered", at: datetime = MARCH) -> None:
    """New rows, each model at once."""
    for model in dict.fromkeys(type(row) for row in rows):
        record_new([row for row in rows if type(row) is model], verb=verb, by=BUILD, at=at)


def project_row(code: str, **kw: Any) -> Project:
    """A public project of 旅顺口区."""
    plain = {
        "name": f"项目 {code}",
        "office_id": OFFICE,
        "unit_id": LUSHUN,
        "region_id": LUSHUN,
        "industry": "C38",
        "section": "C",
        "division": "38",
        "document_id": "DOC-1",
        "registered_date": MARCH.date(),
        "confirmed_by": "account:5",
        "confirmed_at": MARCH,
        "visibility": Visibility.PUBLIC,
    }
    return Project(code=code, **{**plain, **kw})


def stage_row(project: str, stage: Stage, **kw: Any) -> ProjectStage:
    """A stage of a project."""
    return ProjectStage(
        code=f"{project}/{stage.value}",
        project_id=project,
        stage=stage.value,
        rank=RANK[stage],
        **kw,
    )


def figure_row(project: str, number: int, day: date, **kw: Any) -> ProjectFigure:
    """A figure, reported by the officer of 旅顺口区."""
    standing = kw.pop("standing", "reported")
    judged = {} if standing == "reported" else {"judged_by": "account:3", "judged_at": JULY}
    return ProjectFigure(
        code=f"{project}/F{number}",
        project_id=project,
        number=number,
        as_of_date=day,
        standing=standing,
        entered_by="account:1",
        entered_at=JULY,
        **judged,
        **kw,
    )


def year_row(project: str, planned: int, **kw: Any) -> ProjectYear:
    """This year's plan."""
    return ProjectYear(code=f"{project}/2024", project_id=project, year=2024, planned=planned, **kw)


def put_projects(city: City, *, promised: bool = True) -> None:
    """A park with everything, a bridge, a farm without anything, a closed one, one not accepted."""
    if promised:
        _promise(city)
    batch = Batch(
        code=BATCH,
        title="一季度首批重点项目集中开工",
        office_id=OFFICE,
        day=date(2024, 2, 27),
        stated_count=33,
        stated_investment=106 * YI,
        document_id="DOC-1",
        visibility=Visibility.PUBLIC,
    )
    put_rows([batch], verb="project_batch.registered")
    put_rows(
        [
            project_row(
                PARK,
                name="新能源产业园",
                firm_name="旅顺新能源有限公司",
                national_code="2024-210212-38-01-000001",
                batch_id=BATCH,
                total_investment=5 * YI,
                longitude_e6=121_261_000,
                latitude_e6=38_812_500,
                simulated=True,
            ),
            project_row(
                BRIDGE,
                name=LONG_NAME,
                unit_id=PULANDIAN,
                region_id=PULANDIAN,
                industry="E48",
                section="E",
                division="48",
                total_investment=2 * YI,
            ),
            project_row(
                FARM, name="海洋牧场", unit_id=None, region_id=None, industry="", section="",
                division="",
            ),
            project_row(
                HIDDEN, name=f"内部{SECRET_PROJECT}", visibility=Visibility.CLOSED,
                total_investment=YI,
            ),
            project_row(ENTERED, name="单位报来的项目", visibility=Visibility.REVIEW,
                        confirmed_by="", confirmed_at=None),
        ]
    )  # fmt: skip
    reason = _text("前期手续")
    put_rows(
        [
            stage_row(PARK, Stage.SIGNED, reached_date=date(2024, 1, 10), entered_by="account:1",
                      confirmed_by="account:3", confirmed_at=MARCH),
            stage_row(PARK, Stage.STARTED, planned_date=date(2024, 2, 20),
                      reached_date=date(2024, 2, 27), entered_by="account:1",
                      confirmed_by="account:3", confirmed_at=MARCH),
            stage_row(PARK, Stage.COMPLETED, planned_date=date(2024, 12, 31),
                      commitment_id=PROMISED if promised else None),
            stage_row(BRIDGE, Stage.STARTED, planned_date=date(2024, 5, 1),
                      reached_date=date(2024, 6, 2), entered_by="account:2", remark_text=reason),
            stage_row(BRIDGE, Stage.COMPLETED, planned_date=date(2024, 7, 1)),
            stage_row(HIDDEN, Stage.STARTED, reached_date=date(2024, 3, 1), entered_by="account:1"),
        ],
        verb="project_stage.registered",
    )  # fmt: skip
    put_rows(
        [year_row(PARK, 2 * YI), year_row(BRIDGE, YI), year_row(HIDDEN, YI)],
        verb="project_year.registered",
    )
    put_rows(
        [
            figure_row(PARK, 1, date(2024, 5, 31), invested_year=YI, progress="30",
                       standing="confirmed"),
            figure_row(PARK, 2, date(2024, 6, 30), invested_year=YI + YI // 2, progress="45"),
        ],
        verb="project_figure.reported",
    )  # fmt: skip
    put_rows(
        [Permit(code=f"{PARK}/P1", project_id=PARK, kind="建筑工程施工许可证", number="2024-001")],
        verb="project_permit.registered",
    )


def _promise(city: City) -> None:
    """The public promise to complete the park."""
    milestone = promise(PROMISED, kind="milestone", title="产业园竣工", due=date(2024, 12, 31))
    found = Registration(commitments=[milestone])
    register(registration=found, office=OFFICE, by=city["admin"], at=MARCH)
    publish(commitments=[PROMISED], visibility=Visibility.PUBLIC, by=city["supervisor"], at=MARCH)


@command("tests.text")
def _text(words: str) -> str:
    return put_text(words)
