"""A project workbook against the register: what is new, changed, asked for, refused. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yinuo.commitments.life import ChangeKind
from yinuo.goals.errors.projects import ProjectRule
from yinuo.goals.projects.content import (
    FACTS,
    FIGURE_FIELDS,
    NewBatch,
    NewFigure,
    NewPermit,
    NewProject,
    NewStage,
    ProjectFile,
    Scalar,
    shown,
)
from yinuo.goals.projects.stages import RANK, STAGE_LABELS, Stage
from yinuo.goals.projects.workbook.known import Known
from yinuo.goals.projects.workbook.layout import (
    PROJECTS,
    planned_field,
    reached_field,
)
from yinuo.goals.restated import Difference, hindrance, reason, source
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Spot, finding
from yinuo.kernel.money import convert, say_money

OWED_IN = "万元"
"""Unit of a yearly investment that is owed."""
MONEY_FACTS = frozenset({"total_investment"})


def owed_value(fen: int) -> str:
    """An amount as a promise states it: 万元, canonical decimal."""
    return convert(fen, unit="分", to=OWED_IN)


def stage_commitment(project: str, stage: Stage) -> str:
    """The code of a project's own promise to reach a stage."""
    return f"{project}-M{RANK[stage]}"


def year_commitment(project: str, year: int) -> str:
    """The code of a project's own promise to invest what was planned for a year."""
    return f"{project}-Y{year}"


@dataclass(frozen=True, slots=True)
class Owed:
    """The promise behind a stage or a yearly plan, as it stands now."""

    code: str
    status: str
    due: date | None
    value: str
    delivered: date | None
    waiting: Mapping[str, Mapping[str, Canonical]]
    """Kind of change → the new values of a request that waits."""


@dataclass(frozen=True, slots=True)
class KeptStage:
    """A stage as registered."""

    code: str
    planned: date | None
    """As last stated."""
    reached: date | None
    is_confirmed: bool
    owed: Owed | None


@dataclass(frozen=True, slots=True)
class KeptYear:
    """A yearly plan as registered."""

    code: str
    planned: int
    owed: Owed | None


@dataclass(frozen=True, slots=True)
class KeptProject:
    """A project as registered."""

    code: str
    office: str
    facts: Mapping[str, Scalar]
    stages: Mapping[Stage, KeptStage]
    years: Mapping[int, KeptYear]
    permits: Mapping[tuple[str, str], tuple[str, date | None, str]]
    """Kind and number → code of the row, day, issuer."""
    figures: Collection[tuple[Scalar, ...]]
    """As `figure_key` makes them."""


@dataclass(frozen=True)
class Present:
    """What is registered, as far as a file touches it."""

    known: Known
    projects: Mapping[str, KeptProject]
    batches: Mapping[str, NewBatch]
    batch_offices: Mapping[str, str]
    documents: Mapping[str, Any]
    """Code → registered document, of those that the file holds."""
    taken: Collection[str] = frozenset()
    """Codes in the file that belong to another office or to other promises."""
    commitments: Mapping[str, tuple[str | None, str]] = field(default_factory=dict)
    """Code of a promise that the file names → who owes it, and which unit supervises it."""
    linked: Collection[str] = frozenset()
    """Promises that are a stage or year of some project already."""


@dataclass(frozen=True)
class Ask:
    """A change of a promise that the file asks for; it waits for approval."""

    project: str
    name: str
    commitment: str
    kind: ChangeKind
    new: Mapping[str, Canonical]
    difference: Difference
    restated: date | int
    """What the row of the stage or year then remembers as stated."""
    row: str
    """Code of that row."""
    source: str
    reason: str


@dataclass(frozen=True)
class Changed:
    """A registered project that a file adds to or states otherwise."""

    code: str
    number: int
    """Of the project in the file."""
    name: str
    differences: tuple[Difference, ...]
    facts: Mapping[str, Scalar]
    """New values of its facts."""
    new_stages: tuple[NewStage, ...] = ()
    restaged: tuple[NewStage, ...] = ()
    """Stages without a promise whose dates changed, or that are promised from now on."""
    new_year: int | None = None
    """分, of the year of the file."""
    revised_year: int | None = None
    """分, of a yearly plan without a promise."""
    permits: tuple[NewPermit, ...] = ()
    figures: tuple[NewFigure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What taking in a project workbook would do."""

    office: str
    file: str
    documents: tuple[str, ...]
    """Codes of new ones, here and below."""
    batches: tuple[str, ...]
    changed_batches: tuple[str, ...]
    new: tuple[int, ...]
    """Numbers of the projects in the file that are new."""
    changed: tuple[Changed, ...]
    asks: tuple[Ask, ...]
    held: tuple[Finding, ...]
    """What cannot be done now; the rest is taken in."""
    refused: tuple[Finding, ...]
    """Edits that nothing can carry out; they block the import."""
    unchanged: int
    absent: int
    """Registered projects of the office that the file does not hold; nothing is deleted."""
    figures: int
    permits: int

    @property
    def changes_nothing(self) -> bool:
        """Whether taking in the file would write nothing at all."""
        return not (self.new or self.changed or self.asks or self.batches or self.changed_batches)


def figure_key(figure: Any) -> tuple[Scalar, ...]:  # noqa: ANN401  # a record or a row with the same fields
    """What makes two reports of one project the same."""
    return tuple(getattr(figure, name) for name in FIGURE_FIELDS)


def compare(file: ProjectFile, now: Present) -> Preview:
    """What taking in the file would do to what is registered now."""
    return _Comparison(file, now).preview()


class _Comparison:
    """Goes through the projects once and collects."""

    def __init__(self, file: ProjectFile, now: Present) -> None:
        self.file, self.now = file, now
        self.register = file.register
        self.asks: list[Ask] = []
        self.held: list[Finding] = []
        self.refused: list[Finding] = []
        self.changed: list[Changed] = []
        self.new: list[int] = []
        self.met: set[str] = set()
        self.unchanged = 0
        self.counts = {"figures": 0, "permits": 0}

    def preview(self) -> Preview:
        """The whole comparison."""
        for number, project in enumerate(self.register.projects):
            self._project(number, project)
        batches = [b.code for b in self.register.batches if b.code not in self.now.batches]
        office = self.register.office
        absent = sum(
            each.office == office and code not in self.met
            for code, each in self.now.known.projects.items()
        )
        return Preview(
            office=office,
            file=self.file.name,
            documents=tuple(self._documents()),
            batches=tuple(batches),
            changed_batches=tuple(self._changed_batches()),
            new=tuple(self.new),
            changed=tuple(self.changed),
            asks=tuple(self.asks),
            held=tuple(self.held),
            refused=tuple(self.refused),
            unchanged=self.unchanged,
            absent=absent,
            figures=self.counts["figures"],
            permits=self.counts["permits"],
        )

    def _documents(self) -> Sequence[str]:
        new = []
        for document in self.register.documents:
            kept = self.now.documents.get(document.code)
            if kept is None:
                new.append(document.code)
            elif kept != document:
                self.refused.append(
                    finding(
                        self.file.name,
                        ProjectRule.ALTERED,
                        f"依据“{document.code}”登记以后不改",
                        "请改回原值；确有新文件请加一行",
                        Spot(sheet="依据", value=document.code),
                    )
                )
        return new

    def _changed_batches(self) -> Sequence[str]:
        found = []
        for batch in self.register.batches:
            kept = self.now.batches.get(batch.code)
            if kept is None:
                continue
            if self.now.batch_offices[batch.code] != self.register.office:
                spot = Spot(sheet="批次", value=batch.code)
                what, step = f"批次“{batch.code}”属于另一个登记单位", "请换一个编号"
                self.refused.append(finding(self.file.name, ProjectRule.TAKEN, what, step, spot))
            elif kept != batch:
                found.append(batch.code)
        return found

    def _spot(self, number: int, field: str, value: str = "") -> Spot:
        header = self.file.headers.get(field, field)
        return Spot(
            sheet=PROJECTS.name, cell=self.file.cell(number, field), field=header, value=value
        )

    def _refuse(
        self, rule: ProjectRule, place: tuple[int, str], what: str, step: str, value: str = ""
    ) -> None:
        spot = self._spot(*place, value)
        into = self.refused if rule.blocks else self.held
        into.append(finding(self.file.name, rule, what, step, spot))

    def _project(self, number: int, new: NewProject) -> None:
        code = new.code or self.now.known.recognised(
            office=new.office,
            national_code=new.national_code,
            name=new.name,
            firm_name=new.firm_name,
        )
        kept = self.now.projects.get(code) if code else None
        if code in self.now.taken or (kept is not None and kept.office != new.office):
            what = f"编号“{code}”已用于别处"
            self._refuse(ProjectRule.TAKEN, (number, "code"), what, "请换一个编号", code)
            return
        other = self.now.known.by_national_code.get((new.office, new.national_code), code)
        if new.national_code and other != code:
            what = f"项目代码 {new.national_code} 已是项目 {other} 的"
            step = "请核对项目代码；是同一个项目就填上它的编号"
            self._refuse(ProjectRule.TAKEN, (number, "national_code"), what, step)
            return
        self._links(new, kept)
        if kept is None:
            self.new.append(number)
            self.counts["figures"] += len(new.figures)
            self.counts["permits"] += len(new.permits)
            self._not_by_file(number, new)
            return
        self.met.add(kept.code)
        self._registered(number, new, kept)

    def _not_by_file(self, number: int, new: NewProject) -> None:
        """Say which dates are not taken in, because the unit declares such stages itself."""
        for stage in new.stages:
            if stage.promised and stage.reached is not None:
                self._by_unit(number, stage.stage)

    def _by_unit(self, number: int, stage: Stage) -> None:
        label = STAGE_LABELS[stage]
        what = f"“实际{label}”没有登记：{label}是承诺的节点"
        step = "请由责任单位在项目页申报，或从“承诺节点”去掉这个节点"
        self._refuse(ProjectRule.BY_UNIT, (number, reached_field(stage)), what, step)

    def _links(self, new: NewProject, kept: KeptProject | None) -> None:
        """Promises that a file names must exist, be the unit's own, and stand for one stage."""
        for stage in new.stages:
            if not stage.commitment:
                continue
            held = kept.stages.get(stage.stage) if kept else None
            if held and held.owed and held.owed.code == stage.commitment:
                continue
            why = self._wrong_link(stage, new, held)
            if why:
                step = "请核对“节点承诺”表中的编号，或留空以登记一项新的承诺"
                spot = Spot(sheet="节点承诺", value=stage.commitment)
                rule = ProjectRule.COMMITMENT
                self.refused.append(finding(self.file.name, rule, why, step, spot))

    def _wrong_link(self, stage: NewStage, new: NewProject, held: KeptStage | None) -> str:
        code = stage.commitment
        if held is not None and held.owed is not None:
            return f"{new.name}的“{STAGE_LABELS[stage.stage]}”已是承诺 {held.owed.code}"
        if code not in self.now.commitments:
            return f"没有编号为“{code}”的承诺"
        if code in self.now.linked:
            return f"承诺“{code}”已是另一个节点"
        lead, creditor = self.now.commitments[code]
        if creditor != new.office:
            return f"承诺“{code}”不由本登记单位督查"
        if lead is not None and new.unit is not None and lead != new.unit:
            return f"承诺“{code}”的责任单位是 {lead}，不是 {new.unit}"
        return ""

    # ── a registered project ─────────────────────────────────────────────────────────────────────

    def _registered(self, number: int, new: NewProject, kept: KeptProject) -> None:
        differences: list[Difference] = []
        facts = self._facts(number, new, kept, differences)
        if "unit" in facts and _promises(kept):
            what = f"{kept.code} 的承诺仍由原责任单位承担，不随登记内容改变"
            step = "要移交，请在承诺的页面申请“移交责任单位”"
            self._refuse(ProjectRule.HELD, (number, "unit"), what, step)
        new_stages, restaged = self._stages(number, new, kept, differences)
        new_year, revised_year = self._year(number, new, kept, differences)
        permits = tuple(
            each
            for each in new.permits
            if kept.permits.get((each.kind, each.number), ("", None, ""))[1:]
            != (each.day, each.issuer)
            or (each.kind, each.number) not in kept.permits
        )
        figures = tuple(
            each for each in new.figures if (each.as_of, *figure_key(each)) not in kept.figures
        )
        self.counts["figures"] += len(figures)
        self.counts["permits"] += len(permits)
        changed = Changed(
            code=kept.code,
            number=number,
            name=new.name,
            differences=tuple(differences),
            facts=facts,
            new_stages=new_stages,
            restaged=restaged,
            new_year=new_year,
            revised_year=revised_year,
            permits=permits,
            figures=figures,
        )
        if facts or new_stages or restaged or permits or figures or differences:
            self.changed.append(changed)
        else:
            self.unchanged += 1

    def _difference(self, number: int, field: str, old: str, new: str) -> Difference:
        cell = self.file.cell(number, field)
        return Difference(self.file.headers.get(field, field), old, new, f"{PROJECTS.name}!{cell}")

    def _facts(
        self, number: int, new: NewProject, kept: KeptProject, differences: list[Difference]
    ) -> dict[str, Scalar]:
        altered = {}
        for name in FACTS:
            if name not in self.file.columns:
                continue
            old, wanted = kept.facts[name], getattr(new, name)
            if old != wanted:
                altered[name] = wanted
                words = [
                    say_money(v) if name in MONEY_FACTS and isinstance(v, int) else shown(v)
                    for v in (old, wanted)
                ]
                differences.append(self._difference(number, name, *words))
        return altered

    def _stages(
        self, number: int, new: NewProject, kept: KeptProject, differences: list[Difference]
    ) -> tuple[tuple[NewStage, ...], tuple[NewStage, ...]]:
        added, restaged = [], []
        for stage in new.stages:
            held = kept.stages.get(stage.stage)
            if held is None:
                added.append(stage)
                self._tell_stage(number, stage, None, differences)
                if stage.promised and stage.reached is not None:
                    self._by_unit(number, stage.stage)
            elif held.owed is not None:
                self._owed_stage(number, new, stage, held)
            elif self._free_stage(number, stage, held):
                restaged.append(stage)
                self._tell_stage(number, stage, held, differences)
        return tuple(added), tuple(restaged)

    def _tell_stage(
        self,
        number: int,
        stage: NewStage,
        held: KeptStage | None,
        differences: list[Difference],
    ) -> None:
        pairs = (
            (planned_field(stage.stage), held.planned if held else None, stage.planned),
            (reached_field(stage.stage), held.reached if held else None, stage.reached),
        )
        differences.extend(
            self._difference(number, name, shown(old), shown(wanted))
            for name, old, wanted in pairs
            if wanted is not None and old != wanted
        )
        if stage.promised and (held is None or held.owed is None):
            label = STAGE_LABELS[stage.stage]
            differences.append(self._difference(number, "promised", "", f"{label}（承诺）"))

    def _free_stage(self, number: int, stage: NewStage, held: KeptStage) -> bool:
        """Whether a stage without a promise is stated otherwise."""
        if held.is_confirmed and stage.reached not in (None, held.reached):
            label = STAGE_LABELS[stage.stage]
            what = f"“实际{label}”已核实为 {held.reached}，文件写成 {stage.reached}"
            step = "请改回原值；确属错误请由登记单位退回后重新申报"
            field = reached_field(stage.stage)
            self._refuse(ProjectRule.ALTERED, (number, field), what, step, shown(stage.reached))
            return False
        moved = stage.planned is not None and stage.planned != held.planned
        reached = stage.reached is not None and stage.reached != held.reached
        return moved or reached or (stage.promised and held.reached is None)

    def _owed_stage(self, number: int, new: NewProject, stage: NewStage, held: KeptStage) -> None:
        owed = held.owed
        assert owed is not None  # noqa: S101  # the caller looked
        if stage.reached is not None and stage.reached != owed.delivered:
            self._by_unit(number, stage.stage)
        if stage.planned is None or stage.planned in (owed.due, held.planned):
            return
        field = planned_field(stage.stage)
        self._ask(
            number,
            new,
            field=field,
            kind=ChangeKind.MOVED,
            owed=owed,
            wanted={"due": stage.planned.isoformat()},
            words=(shown(owed.due), stage.planned.isoformat()),
            restated=stage.planned,
            row=held.code,
        )

    def _year(
        self, number: int, new: NewProject, kept: KeptProject, differences: list[Difference]
    ) -> tuple[int | None, int | None]:
        wanted = new.year_investment
        if wanted is None or new.year is None:
            return None, None
        held = kept.years.get(new.year)
        if held is None:
            words = ("", say_money(wanted))
            differences.append(self._difference(number, "year_investment", *words))
            return wanted, None
        if held.planned == wanted:
            return None, None
        if held.owed is None:
            words = (say_money(held.planned), say_money(wanted))
            differences.append(self._difference(number, "year_investment", *words))
            return None, wanted
        if held.owed.value != owed_value(wanted):
            old = f"{held.owed.value} {OWED_IN}"
            self._ask(
                number,
                new,
                field="year_investment",
                kind=ChangeKind.REVISED,
                owed=held.owed,
                wanted={"value": owed_value(wanted)},
                words=(old, f"{owed_value(wanted)} {OWED_IN}"),
                restated=wanted,
                row=held.code,
            )
        return None, None

    def _ask(
        self,
        number: int,
        new: NewProject,
        *,
        field: str,
        kind: ChangeKind,
        owed: Owed,
        wanted: Mapping[str, Canonical],
        words: tuple[str, str],
        restated: date | int,
        row: str,
    ) -> None:
        """Ask for a change of a promise, or say why that must wait."""
        why = hindrance(owed.status, owed.waiting, kind, wanted)
        if why:
            step = "请等现有的申请有结果，或与登记单位联系"
            self._refuse(ProjectRule.HELD, (number, field), f"{owed.code} {why}", step, words[1])
            return
        difference = self._difference(number, field, *words)
        self.asks.append(
            Ask(
                project=row.partition("/")[0],
                name=new.name,
                commitment=owed.code,
                kind=kind,
                new=wanted,
                difference=difference,
                restated=restated,
                row=row,
                source=source(self.file.name, self.file.sha256, [difference]),
                reason=reason(self.file.name, [difference]),
            )
        )


def _promises(kept: KeptProject) -> bool:
    """Whether a unit owes any stage or year of the project."""
    owed = [stage.owed for stage in kept.stages.values()]
    return any(owed + [year.owed for year in kept.years.values()])
