"""Building projects (工程建设项目): works, stages, what is used again, tables taken in."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.recorded import Recorded, State


class BuildingProject(Recorded):
    """One building project (项目代码), with its works (工程代码) through its stages.

    Columns name what the exchange standard carries in SPGL_XMJBXXB; what is not needed here
    stands in `spgl` as it came.
    """

    SUBJECT = "building_project"

    code = models.CharField(primary_key=True, max_length=40)
    """项目代码 XMDM."""
    title = models.CharField(max_length=200)
    """XMMC."""
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="building_projects"
    )
    """The unit that leads the approval and watches the whole."""
    window = models.ForeignKey(
        "parties.Unit",
        null=True,
        on_delete=models.PROTECT,
        related_name="building_projects_taken_in",
    )
    """The window that takes in its stages; None where tables taken in do not name one."""
    contact_text = models.CharField(max_length=70, blank=True)
    """Telephone of the developer, as given."""
    developer = models.ForeignKey(
        "cases.Applicant", null=True, on_delete=models.PROTECT, related_name="building_projects"
    )
    """建设单位; None where tables taken in do not name one."""
    flow = models.CharField(max_length=40)
    """审批流程编码 SPLCBM."""
    flow_version = models.CharField(max_length=20, blank=True)
    """SPLCBBH."""
    kind = models.CharField(max_length=4)
    """审批流程类型 SPLCLX."""
    region = models.CharField(max_length=12, blank=True)
    """建设地点行政区划 JSDDXZQH."""
    site = models.CharField(max_length=200, blank=True)
    """建设地点 JSDD."""
    content_text = models.CharField(max_length=70, blank=True)
    """建设规模及内容 JSGMJNR."""
    land_area = models.CharField(max_length=40, blank=True)
    """用地面积 YDMJ in 平方米, canonical decimal."""
    building_area = models.CharField(max_length=40, blank=True)
    """建筑面积 JZMJ in 平方米, canonical decimal."""
    total_fen = models.BigIntegerField(null=True)
    """总投资 ZTZE in 分; the tables carry 万元."""
    region_assessed = models.BooleanField(null=True)
    """是否完成区域评估 SFWCQYPG; None where it is not said."""
    planned_start = models.DateField(null=True)
    """拟开工时间 NKGSJ."""
    planned_finish = models.DateField(null=True)
    """拟建成时间 NJCSJ."""
    declared_date = models.DateField()
    """申报时间 SBSJ."""
    finished_date = models.DateField(null=True)
    """项目完全办结时间 XMWQBJSJ."""
    spgl = models.JSONField(default=dict)
    """Columns of the tables that are kept as they came."""
    track_mark = models.CharField(max_length=64, blank=True)
    """Hash of the developer's 查询码."""
    visibility = models.CharField(max_length=12, default="closed")
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(planned_start=None)
                | Q(planned_finish=None)
                | Q(planned_finish__gte=F("planned_start")),
                name="building_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(total_fen=None) | Q(total_fen__gte=0), name="building_total"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["track_mark"], name="building_project_by_track"),
            models.Index(fields=["office", "declared_date"], name="building_by_office"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """Opened by a second person."""
        return Q(visibility="public")

    @property
    def answering_units(self) -> frozenset[str]:
        """The unit that leads the approval, and the window."""
        return frozenset(filter(None, (self.office_id, self.window_id)))


class Works(Recorded):
    """One works of a project (工程, GCDM); `previous` ties it to those of an earlier stage."""

    SUBJECT = "works"

    code = models.CharField(primary_key=True, max_length=60)
    """工程代码 GCDM."""
    project = models.ForeignKey(BuildingProject, on_delete=models.PROTECT, related_name="works")
    title = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=500, blank=True)
    """工程范围 GCFW."""
    previous = models.JSONField(default=list)
    """前阶段关联工程代码 QJDGCDM: several where works were merged, the same for several split."""

    @property
    def thread(self) -> str:
        """Told on the page of the project."""
        return f"building_project:{self.project_id}"


class ProjectStage(Recorded):
    """A stage of a project: when it began, when it ended."""

    SUBJECT = "building_stage"

    code = models.CharField(primary_key=True, max_length=64)
    """Code of the project, `/S` and the code of the stage."""
    project = models.ForeignKey(BuildingProject, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=20)
    """审批阶段编码 in the flow."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When the last item of it was granted; None while it runs."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "stage"], name="project_stage_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="project_stage_in_order",
            ),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the project."""
        return f"building_project:{self.project_id}"


class Reuse(Recorded):
    """A result used instead of a document: a regional assessment, one measurement for all."""

    SUBJECT = "reuse"

    code = models.CharField(primary_key=True, max_length=64)
    """Code of the project, `/R` and the code of the kind."""
    project = models.ForeignKey(BuildingProject, on_delete=models.PROTECT, related_name="reuses")
    kind = models.CharField(max_length=40)
    """Code in `content/construction/reuses.csv`."""
    number = models.CharField(max_length=120)
    """Number of the result."""
    source = models.CharField(max_length=200)
    """Who made it, or where the city has it from."""
    made_date = models.DateField()
    valid_until = models.DateField(null=True)
    item = models.CharField(max_length=40)
    material = models.CharField(max_length=20)
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="reuses"
    )
    """The case in which it stood in for the document; None while it was not used."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "kind"], name="reuse_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("made_date")),
                name="reuse_days_in_order",
            ),
        ]

    @property
    def thread(self) -> str:
        """Told on the page of the project."""
        return f"building_project:{self.project_id}"


class SpglBatch(Recorded):
    """SPGL tables taken in together: what was read, taken, known already, kept aside."""

    SUBJECT = "spgl_batch"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as SPGL-2024-0001."""
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="spgl_batches"
    )
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    read = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    aside = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("aside") + F("duplicate")),
                name="spgl_batch_adds_up",
            ),
        ]

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A batch never changes."""
        del after
        return None if before is None else f"{verb} 不能改动已经记下的批次"


class SpglAside(Recorded):
    """A row of a batch that was kept aside, with the reason; its values are erasable."""

    SUBJECT = "spgl_aside"

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the batch, `/` and a number from 1."""
    batch = models.ForeignKey(SpglBatch, on_delete=models.PROTECT, related_name="rows_aside")
    table = models.CharField(max_length=40)
    place = models.CharField(max_length=120)
    rule = models.CharField(max_length=500)
    values_text = models.CharField(max_length=70, blank=True)
    """The row as it came, as JSON."""

    @property
    def thread(self) -> str:
        """Told with the batch."""
        return f"spgl_batch:{self.batch_id}"
