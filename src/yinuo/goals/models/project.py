"""The register of projects: what they are, their stages, their yearly plans and their figures.

A row here is a fact about the world. What was promised about it is a commitment, named by a stage
or a yearly plan: such a stage is reached by delivering the commitment, and nowhere else.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.goals.projects.dimensions import Dimension
from yinuo.goals.projects.stages import STAGE_LABELS, Stage
from yinuo.ledger.recorded import Recorded


class Batch(Recorded):
    """Projects announced together, with what was announced of them."""

    SUBJECT = "project_batch"

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=200)
    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="project_batches"
    )
    """The unit that keeps the register."""
    day = models.DateField(null=True)
    """The day on which it was started or announced."""
    stated_count = models.PositiveIntegerField(null=True)
    """公布 so many projects; None where nobody said."""
    stated_investment = models.BigIntegerField(null=True)
    """The stated sum of the total investment, in 分."""
    document = models.ForeignKey(
        "commitments.Document", on_delete=models.PROTECT, related_name="project_batches"
    )
    place = models.CharField(max_length=80, blank=True)
    visibility = models.CharField(max_length=12, default=Visibility.REVIEW)

    @classmethod
    def public_rows(cls) -> Q:
        """What a second person opened."""
        return Q(visibility=Visibility.PUBLIC)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]),
                name="project_batch_visibility",
            ),
        ]


class Project(Recorded):
    """One project of the register."""

    SUBJECT = "project"

    code = models.CharField(primary_key=True, max_length=40)
    """Of the register's own series, such as `XM2024-0001`, where none was given."""
    national_code = models.CharField(max_length=30, blank=True)
    """项目代码 of the national platform, `2020-210202-48-01-000123`; empty where none is known."""
    name = models.CharField(max_length=200)
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="registers")
    """The unit that keeps the register and confirms."""
    unit = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="projects"
    )
    """责任单位; None where nobody was named."""
    firm_name = models.CharField(max_length=200, blank=True)
    """建设单位."""
    firm_code = models.CharField(max_length=18, blank=True)
    """Its 统一社会信用代码."""
    region = models.ForeignKey(
        "parties.Unit", null=True, on_delete=models.PROTECT, related_name="projects_there"
    )
    """The district or zone in which it lies."""
    address = models.CharField(max_length=200, blank=True)
    longitude_e6 = models.IntegerField(null=True)
    """Millionths of a degree east, as stated."""
    latitude_e6 = models.IntegerField(null=True)
    industry = models.CharField(max_length=5, blank=True)
    """国民经济行业分类 as stated: a section (C), a division (C38) or deeper (C3831)."""
    section = models.CharField(max_length=1, blank=True)
    """Of the industry: A to T."""
    division = models.CharField(max_length=2, blank=True)
    """Of the industry: 01 to 97; empty where only the section is known."""
    fields = models.CharField(max_length=200, blank=True)
    """重点领域, joined by 、."""
    scope = models.TextField(blank=True)
    """建设规模和内容."""
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="projects")
    heading = models.CharField(max_length=60, blank=True)
    """Code of the goal under which it stands."""
    total_investment = models.BigIntegerField(null=True)
    """Planned, in 分."""
    document = models.ForeignKey(
        "commitments.Document", on_delete=models.PROTECT, related_name="projects"
    )
    """Where it was said."""
    place = models.CharField(max_length=80, blank=True)
    registered_date = models.DateField()
    """The day on which it came on the register."""
    withdrawn_date = models.DateField(null=True)
    """The day on which it left the register (撤销); it stays on the ledger."""
    confirmed_by = models.CharField(max_length=40, blank=True)
    """Who of the office took it onto the register; empty while only the unit entered it."""
    confirmed_at = models.DateTimeField(null=True)
    visibility = models.CharField(max_length=12, default=Visibility.REVIEW)
    simulated = models.BooleanField(default=False)
    """演示数据."""

    @classmethod
    def public_rows(cls) -> Q:
        """What a second person opened."""
        return Q(visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """The responsible unit and the one that keeps the register."""
        return frozenset(filter(None, (self.unit_id, self.office_id)))

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(visibility__in=[v.value for v in Visibility]),
                name="project_visibility",
            ),
            models.CheckConstraint(
                condition=Q(longitude_e6=None, latitude_e6=None)
                | Q(longitude_e6__isnull=False, latitude_e6__isnull=False),
                name="project_both_coordinates",
            ),
            models.UniqueConstraint(
                fields=["national_code"],
                condition=~Q(national_code=""),
                name="project_national_code_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["visibility", "code"], name="project_visible"),
            models.Index(fields=["office", "code"], name="project_by_office"),
            models.Index(fields=["unit", "code"], name="project_by_unit"),
            models.Index(fields=["name"], name="project_by_name"),
        ]


class OfProject(Recorded):
    """A row that belongs to a project: told on its page, as public as it is."""

    class Meta:
        abstract = True

    @classmethod
    def public_rows(cls) -> Q:
        """As the project."""
        return Q(project__visibility=Visibility.PUBLIC)

    @property
    def answering_units(self) -> frozenset[str]:
        """As of the project: its people wrote the texts."""
        units: frozenset[str] = self.project.answering_units  # type: ignore[attr-defined]
        return units

    @property
    def thread(self) -> str:
        """Told on the page of the project."""
        return f"project:{self.project_id}"  # type: ignore[attr-defined]


class ProjectStage(OfProject):
    """A stage of a project that has a date or a promise; others have no row."""

    SUBJECT = "project_stage"

    code = models.CharField(primary_key=True, max_length=60)
    """Project and stage, joined by `/`."""
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(
        max_length=12, choices=[(stage.value, STAGE_LABELS[stage]) for stage in Stage]
    )
    rank = models.PositiveSmallIntegerField()
    """Place of the stage in the order, from 1."""
    planned_date = models.DateField(null=True)
    """As last stated by a file or form. Where it is promised, what is owed is the commitment's
    `due`, what was promised first its `due_original`."""
    commitment = models.OneToOneField(
        "commitments.Commitment", null=True, on_delete=models.PROTECT, related_name="project_stage"
    )
    """The promise to reach it; None where nothing was promised."""
    reached_date = models.DateField(null=True)
    """Only where nothing was promised; else see `delivered_date` of the commitment."""
    entered_by = models.CharField(max_length=40, blank=True)
    """Who said that it was reached."""
    confirmed_by = models.CharField(max_length=40, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    remark_text = models.CharField(max_length=70, blank=True)
    """What was said when it was recorded, confirmed or sent back."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in Stage]), name="project_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(commitment=None) | Q(reached_date=None, confirmed_at=None),
                name="project_stage_reached_by_commitment",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(reached_date__isnull=False),
                name="project_stage_confirmed_reached",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stage", "reached_date"], name="project_stage_by_date"),
        ]


class ProjectYear(OfProject):
    """What is planned to be invested in one year."""

    SUBJECT = "project_year"

    code = models.CharField(primary_key=True, max_length=60)
    """Project and year, joined by `/`."""
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    planned = models.BigIntegerField()
    """In 分, as last stated by a file or form. What is owed is the commitment's `value`."""
    commitment = models.OneToOneField(
        "commitments.Commitment", null=True, on_delete=models.PROTECT, related_name="project_year"
    )
    """The promise to invest it; None where no unit owes it."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["year", "project"], name="project_year_by_year"),
        ]


class ProjectFigure(OfProject):
    """How far a project had come on a day. Append-only: a newer one of the same day prevails."""

    SUBJECT = "project_figure"

    class Standing(models.TextChoices):
        """What the office said of it."""

        REPORTED = "reported", "已报送，待核实"
        CONFIRMED = "confirmed", "已核实"
        RETURNED = "returned", "已退回"

    code = models.CharField(primary_key=True, max_length=60)
    """Project and running number, such as `XM2024-0001/F3`."""
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="figures")
    number = models.PositiveIntegerField()
    as_of_date = models.DateField()
    invested_year = models.BigIntegerField(null=True)
    """Since 1 January, in 分; None where it was not reported."""
    invested_total = models.BigIntegerField(null=True)
    """Since the start, in 分."""
    progress = models.CharField(max_length=20, blank=True)
    """形象进度 in percent, canonical decimal; empty where it was not reported."""
    payable = models.BigIntegerField(null=True)
    """What had to be paid by then according to the contracts, in 分."""
    paid = models.BigIntegerField(null=True)
    """In 分."""
    workers = models.PositiveIntegerField(null=True)
    note_text = models.CharField(max_length=70, blank=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.REPORTED)
    entered_by = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    judged_by = models.CharField(max_length=40, blank=True)
    """Who confirmed it or sent it back."""
    judged_at = models.DateTimeField(null=True)
    remark_text = models.CharField(max_length=70, blank=True)

    @classmethod
    def public_rows(cls) -> Q:
        """Confirmed ones of public projects."""
        return super().public_rows() & Q(standing=cls.Standing.CONFIRMED)

    @property
    def thread(self) -> str:
        """Its own: what waits to be confirmed is not as public as the project it is about."""
        return self.subject

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="project_figure_number"),
            models.CheckConstraint(
                condition=Q(standing__in=["reported", "confirmed", "returned"]),
                name="project_figure_standing",
            ),
            models.CheckConstraint(
                condition=Q(standing="reported") ^ Q(judged_at__isnull=False),
                name="project_figure_judged",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["project", "as_of_date", "number"], name="project_figure_newest"),
            models.Index(fields=["standing", "as_of_date"], name="project_figure_by_standing"),
        ]


class Permit(OfProject):
    """A permit that a project holds."""

    SUBJECT = "project_permit"

    code = models.CharField(primary_key=True, max_length=60)
    """Project and running number, such as `XM2024-0001/P1`."""
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="permits")
    kind = models.CharField(max_length=60)
    number = models.CharField(max_length=80, blank=True)
    day = models.DateField(null=True)
    """Of issue."""
    issuer = models.CharField(max_length=120, blank=True)


class ProjectExemption(OfProject):
    """A good reason for being late in one dimension: it takes that light away, for a time."""

    SUBJECT = "project_exemption"

    code = models.CharField(primary_key=True, max_length=60)
    """Project and running number, such as `XM2024-0001/X1`."""
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="exemptions")
    dimension = models.CharField(max_length=12, choices=[(d.value, d.value) for d in Dimension])
    reason_text = models.CharField(max_length=70)
    from_date = models.DateField()
    until_date = models.DateField()
    """The last day on which it holds."""
    granted_by = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(from_date__lte=models.F("until_date")),
                name="project_exemption_from_until",
            ),
        ]


class ProjectImport(Recorded):
    """One project workbook taken in: which file, with what result."""

    SUBJECT = "project_import"

    office = models.ForeignKey(
        "parties.Unit", on_delete=models.PROTECT, related_name="project_imports"
    )
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    registered = models.PositiveIntegerField()
    """Projects that were new."""
    changed = models.PositiveIntegerField()
    """Projects whose register data changed."""
    requested = models.PositiveIntegerField()
    """Requests for change that the file gave rise to."""
    unchanged = models.PositiveIntegerField()
