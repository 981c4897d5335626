"""Checking a project workbook: the whole register it states, or every reason why it is none."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl.utils.cell import coordinate_to_tuple

from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.errors.projects import ProjectRule, ProjectsRefused
from yinuo.goals.projects.codes import (
    MICRO,
    micro_degrees,
    national_code_doubts,
    plain_code,
    point_doubt,
)
from yinuo.goals.projects.content import (
    NewBatch,
    NewFigure,
    NewPermit,
    NewProject,
    NewStage,
    ProjectFile,
    Register,
)
from yinuo.goals.projects.stages import STAGE_LABELS, STAGES, Stage, out_of_order
from yinuo.goals.projects.workbook.cells import Row, read_rows
from yinuo.goals.projects.workbook.known import Known
from yinuo.goals.projects.workbook.layout import (
    ALL,
    BATCHES,
    FIGURES,
    LINKS,
    PERMITS,
    PROJECTS,
    REGISTER,
    SHEETS,
    UNREAD,
    USUAL_MONEY,
    planned_field,
    reached_field,
)
from yinuo.goals.projects.workbook.opening import open_register
from yinuo.goals.roster.annotate import annotate
from yinuo.goals.roster.book import open_book
from yinuo.goals.workbook.basics import DOCUMENTS
from yinuo.goals.workbook.findings import FileRefused
from yinuo.goals.workbook.layout import SIMULATED
from yinuo.goals.workbook.read import Held, Progress, load, silent
from yinuo.goals.workbook.tables import Table, nearest, tables
from yinuo.goals.workbook.write import SIMULATED_WORD
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.findings import Log
from yinuo.kernel.money import say_money
from yinuo.kernel.uscc import NotACreditCode, credit_code

EARLIEST_YEAR, LATEST_YEAR = 2000, 2099
CREDIT_LENGTH = 18
HUGE, TINY = 10**13, 10**6
"""分: a thousand 亿元 and one 万元; beyond them an amount is asked about."""
JUMP, ENOUGH = 10_000, 20
"""So many times the middle amount of so many rows is asked about: 亿元 typed where 万元 stands."""
PERCENT = 100
FARTHEST_EAST, FARTHEST_NORTH = 180 * MICRO, 90 * MICRO
WORDS = {STAGE_LABELS[stage]: stage for stage in STAGES}


@dataclass(frozen=True)
class CheckedProjects:
    """What a check found."""

    file: ProjectFile | None
    """The register, if no error stands against it."""
    errors: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    """What was read leniently or looks odd; blocks nothing."""

    def sound(self) -> ProjectFile:
        """The register. Raises `ProjectsRefused` with the errors of a file that has any."""
        if self.file is None:
            raise ProjectsRefused(self.errors)
        return self.file


def check(path: Path, *, known: Known, today: date, progress: Progress = silent) -> CheckedProjects:
    """Check the workbook at a path; see `check_bytes`."""
    try:
        data = load(path)
    except FileRefused as refused:
        return CheckedProjects(None, (refused.finding,), ())
    return check_bytes(data, file=path.name, known=known, today=today, progress=progress)


def check_bytes(
    data: bytes, *, file: str, known: Known, today: date, progress: Progress = silent
) -> CheckedProjects:
    """Check a whole workbook and collect everything that is wrong with it.

    `known` is what it may refer to, `today` the day after which nothing was reached.
    """
    log = Log(file)
    try:
        book = open_register(data, file=file, progress=progress)
    except FileRefused as refused:
        return CheckedProjects(None, (refused.finding,), ())
    found = tables(book, log, sheets=SHEETS, unread=UNREAD)
    del book
    checked = None
    if REGISTER.name in found and PROJECTS.name in found:
        checker = _Checker(found, known, today, log, progress)
        register = checker.register()
        if not log.errors:
            columns = found[PROJECTS.name].columns
            checked = ProjectFile(
                name=file,
                sha256=hashlib.sha256(data).hexdigest(),
                register=register,
                rows=tuple(checker.rows),
                columns=_by_fact(columns),
                headers={
                    each.field: each.header for each in PROJECTS.columns if each.field in columns
                },
            )
    return CheckedProjects(checked, _in_order(log.errors), _in_order(log.notices))


def annotated(data: bytes, checked: CheckedProjects, *, file: str) -> bytes:
    """The workbook with its findings: faulty cells red, doubtful ones yellow, a list in front.

    Raises `SpreadsheetRefused` for what is no workbook.
    """
    book = open_book(data, file=file)
    return annotate(data, book, errors=checked.errors, notices=checked.notices)


def _by_fact(columns: Mapping[str, str]) -> dict[str, str]:
    """The columns, with the facts that two of them make under the first."""
    found = dict(columns)
    if "longitude" in found and "latitude" in found:
        found |= {"longitude_e6": found["longitude"], "latitude_e6": found["latitude"]}
    return found


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=_position))


def _position(found: Finding) -> tuple[int, int, int]:
    names = [sheet.name for sheet in SHEETS]
    sheet = names.index(found.sheet) if found.sheet in names else len(names)
    if not found.cell:
        return sheet, 0, 0
    row, column = coordinate_to_tuple(found.cell.partition(":")[0])
    return sheet, row, column


@dataclass
class _Parts:
    """What other sheets say of one project."""

    links: dict[Stage, tuple[str, str, bool]]
    permits: list[NewPermit]
    figures: list[NewFigure]


class _Checker:
    """Goes through the sheets once."""

    def __init__(
        self,
        found: Mapping[str, Table],
        known: Known,
        today: date,
        log: Log,
        progress: Progress,
    ) -> None:
        self.found, self.known, self.today, self.log = found, known, today, log
        self.progress = progress
        self.office = ""
        self.usual = USUAL_MONEY
        self.year = today.year
        self.documents: dict[str, NewDocument] = {}
        self.batches: dict[str, NewBatch] = {}
        self.rows: list[int] = []
        self.parts: dict[int, _Parts] = {}
        self.cited: set[str] = set()

    def register(self) -> Register:
        """The register that the file states, as far as it can be read."""
        self._head()
        self._documents()
        self._batches()
        read_in = list(self._rows(PROJECTS.name))
        self.rows = [row.line.number for row in read_in]
        places = self._identify(read_in)
        self._links(places)
        self._permits(places)
        self._figures(places)
        projects = [self._project(number, row) for number, row in enumerate(read_in)]
        self._sizes(read_in, projects)
        return Register(
            office=self.office,
            documents=tuple(d for d in self.documents.values() if d.code in self.cited),
            batches=tuple(self.batches.values()),
            projects=tuple(projects),
        )

    def _rows(self, sheet: str) -> Iterable[Row]:
        if sheet in self.found:
            yield from read_rows(self.found[sheet], self.log, self.progress)

    # ── what rows refer to ───────────────────────────────────────────────────────────────────────

    def _head(self) -> None:
        for row in self._rows(REGISTER.name):
            self.office = self._unit(row, "office") or ""
            self.usual = row.text("money_unit") or USUAL_MONEY
            year = row.count("year")
            if year is not None and not EARLIEST_YEAR <= year <= LATEST_YEAR:
                step = f"请写 {EARLIEST_YEAR} 到 {LATEST_YEAR} 之间的年份"
                row.say(ProjectRule.YEAR, "year", f"{year} 不是年度", step)
            self.year = year or self.year

    def _unit(self, row: Row, field: str) -> str | None:
        """Code of the unit that a cell names by code or name; None without a good one."""
        said = row.text(field)
        if not said or said in self.known.units:
            return said or None
        codes = self.known.units_by_name.get(said, ())
        if len(codes) == 1:
            return codes[0]
        if codes:
            row.say(
                ProjectRule.UNKNOWN_UNIT,
                field,
                f"名为“{said}”的单位有 {len(codes)} 个",
                f"请写代码：{'、'.join(codes)}",
            )
            return None
        near = nearest(said, self.known.units_by_name)
        guess = f"；是不是“{near}”？" if near else ""
        row.say(
            ProjectRule.UNKNOWN_UNIT,
            field,
            f"没有登记单位“{said}”{guess}",
            "请照“单位”表填写代码或名称",
        )
        return None

    def _document(self, row: Row) -> str:
        code = row.text("document")
        if code and code not in self.documents and code not in self.known.documents:
            row.say(
                ProjectRule.UNKNOWN_DOCUMENT,
                "document",
                f"没有编号为“{code}”的依据",
                "请在“依据”表加上这份文件，或改正编号",
            )
        self.cited.add(code)
        return code

    def _documents(self) -> None:
        for row in self._rows(DOCUMENTS.name):
            code = row.text("code")
            if code in self.documents:
                self._repeated(row, "code", f"依据“{code}”出现两次")
            self.documents[code] = NewDocument(
                code=code,
                title=row.text("title"),
                kind=row.text("kind"),
                number=row.text("number"),
                issuer=row.text("issuer"),
                said_date=row.date("said_date"),
                said_text=row.text("said_text"),
                sha256=row.text("sha256"),
            )

    def _batches(self) -> None:
        for row in self._rows(BATCHES.name):
            code = row.text("code")
            if code in self.batches:
                self._repeated(row, "code", f"批次“{code}”出现两次")
            self.batches[code] = NewBatch(
                code=code,
                title=row.text("title"),
                document=self._document(row),
                day=row.date("day"),
                stated_count=row.count("stated_count"),
                stated_investment=row.money("stated_investment", self.usual),
                place=row.text("place"),
            )

    @staticmethod
    def _repeated(row: Row, field: str, what: str) -> None:
        row.say(ProjectRule.REPEATED, field, what, "请只保留一行，或改正其中一个")

    # ── which project is meant ───────────────────────────────────────────────────────────────────

    def _identify(self, rows: Sequence[Row]) -> dict[str, list[int]]:
        """Code, 项目代码 and name → numbers of the rows; repeated projects are found here."""
        places: dict[str, list[int]] = {}
        pairs: dict[tuple[str, str], int] = {}
        codes: dict[str, int] = {}
        for number, row in enumerate(rows):
            self.parts[number] = _Parts({}, [], [])
            name, national = row.text("name"), plain_code(row.text("national_code"))
            for field, code in (("code", row.text("code")), ("national_code", national)):
                if code and code in codes:
                    self._repeated(row, field, f"“{code}”在第 {codes[code]} 行已有")
                elif code:
                    codes[code] = row.line.number
                    places[code] = [number]
            pair = (name, row.text("firm_name"))
            if name and pair in pairs and (not row.text("code") and not national):
                self._repeated(row, "name", f"名称和建设单位与第 {pairs[pair]} 行相同")
            elif name and len(places.get(name, ())) == 1 and pair not in pairs:
                row.say(
                    ProjectRule.SAME_NAME,
                    "name",
                    f"“{name}”在第 {rows[places[name][0]].line.number} 行也有",
                    "如果是同一个项目，请只保留一行",
                )
            pairs.setdefault(pair, row.line.number)
            if name:
                places.setdefault(name, []).append(number)
        return places

    def _parts_of(self, row: Row, places: Mapping[str, Sequence[int]]) -> _Parts | None:
        said = row.text("project")
        if not said:
            return None
        found = places.get(said) or places.get(plain_code(said)) or ()
        if len(found) == 1:
            return self.parts[found[0]]
        what = f"名为“{said}”的项目有 {len(found)} 个" if found else f"“项目”表中没有“{said}”"
        row.say(
            ProjectRule.UNKNOWN_PROJECT,
            "project",
            what,
            "请写“项目”表中的编号、项目代码或名称；项目要在“项目”表中有一行",
        )
        return None

    def _links(self, places: Mapping[str, Sequence[int]]) -> None:
        for row in self._rows(LINKS.name):
            parts = self._parts_of(row, places)
            stage = row.text("stage")
            if parts is None or not stage:
                continue
            if Stage(stage) in parts.links:
                self._repeated(row, "stage", "这个节点在前面已有一行")
            link = (row.text("commitment"), row.text("said"), bool(row.text("inferred")))
            parts.links[Stage(stage)] = link

    def _permits(self, places: Mapping[str, Sequence[int]]) -> None:
        for row in self._rows(PERMITS.name):
            parts = self._parts_of(row, places)
            if parts is None:
                continue
            permit = NewPermit(
                kind=row.text("kind"),
                number=row.text("number"),
                day=self._past(row, "day"),
                issuer=row.text("issuer"),
            )
            if any((p.kind, p.number) == (permit.kind, permit.number) for p in parts.permits):
                self._repeated(row, "number", "同一件许可在前面已有一行")
            parts.permits.append(permit)

    def _figures(self, places: Mapping[str, Sequence[int]]) -> None:
        for row in self._rows(FIGURES.name):
            parts = self._parts_of(row, places)
            as_of = self._past(row, "as_of")
            figure = NewFigure(
                as_of=as_of or self.today,
                invested_year=row.money("invested_year", self.usual),
                invested_total=row.money("invested_total", self.usual),
                progress=self._share(row),
                payable=row.money("payable", self.usual),
                paid=row.money("paid", self.usual),
                workers=row.count("workers"),
                note=row.text("note"),
            )
            if parts is None or as_of is None:
                continue
            if figure.says_nothing:
                what, step = "这一行没有任何数", "请填上报送的数，或删去这一行"
                row.say(ProjectRule.NO_FIGURE, "as_of", what, step)
            if any(other.as_of == as_of for other in parts.figures):
                self._repeated(row, "as_of", f"这个项目截至 {as_of} 的数在前面已有一行")
            parts.figures.append(figure)

    def _past(self, row: Row, field: str) -> date | None:
        day = row.date(field)
        if day is not None and day > self.today:
            what = f"{day} 还没有到（今天 {self.today}）"
            row.say(ProjectRule.FUTURE, field, what, "请核对日期；计划的日期写在“计划…”列")
            return None
        return day

    @staticmethod
    def _share(row: Row) -> str:
        figure = row.figure("progress")
        if figure is None:
            return ""
        value = Decimal(figure.value)
        if figure.unit not in ("", "%") or not 0 <= value <= PERCENT:
            what, step = f"“{figure.shown}”不是 0 到 100 的百分数", "请写成 14% 或 14"
            row.say(ProjectRule.SHARE, "progress", what, step)
            return ""
        if not figure.unit and 0 < value <= 1:
            whole = f"{value * PERCENT:f}".rstrip("0").rstrip(".")
            what = f"“{figure.value}”可能是 {figure.value}%，也可能是 {whole}%"
            row.say(ProjectRule.SHARE, "progress", what, f"请写成 {figure.value}% 或 {whole}%")
            return ""
        return figure.value

    # ── one project ──────────────────────────────────────────────────────────────────────────────

    def _project(self, number: int, row: Row) -> NewProject:
        parts = self.parts[number]
        longitude, latitude = self._point(row)
        unit = self._unit(row, "unit")
        return NewProject(
            code=row.text("code"),
            national_code=self._national(row),
            name=row.text("name"),
            office=self.office,
            unit=unit,
            firm_name=row.text("firm_name"),
            firm_code=self._firm(row),
            region=self._unit(row, "region"),
            address=row.text("address"),
            longitude_e6=longitude,
            latitude_e6=latitude,
            industry=self._industry(row),
            fields="、".join(row.listed("fields")),
            scope=row.text("scope"),
            batch=self._batch(row),
            heading=row.text("heading"),
            total_investment=row.money("total_investment", self.usual),
            document=self._document(row),
            place=row.text("place"),
            stages=self._stages(row, unit, parts.links),
            year=self.year,
            year_investment=row.money("year_investment", self.usual),
            permits=tuple(parts.permits),
            figures=tuple(sorted(parts.figures, key=lambda figure: figure.as_of)),
            # What a demo installation wrote stays marked wherever it is taken in.
            simulated=row.marked(SIMULATED.field) == SIMULATED_WORD,
        )

    def _national(self, row: Row) -> str:
        code = plain_code(row.text("national_code"))
        if code:
            doubts = national_code_doubts(
                code,
                regions=self.known.regions,
                divisions=self.known.industries.divisions,
                latest_year=self.today.year + 1,
            )
            if doubts:
                step = "请与在线平台核对；确是如此可以不改"
                row.say(ProjectRule.NATIONAL_CODE, "national_code", "；".join(doubts), step)
        return code

    @staticmethod
    def _firm(row: Row) -> str:
        said = row.text("firm_code")
        if not said:
            return ""
        try:
            return credit_code(said)
        except NotACreditCode as error:
            row.say(ProjectRule.CREDIT_CODE, "firm_code", error.what, error.next_step)
            plain = plain_code(said).upper()
            return plain if len(plain) == CREDIT_LENGTH else ""

    def _industry(self, row: Row) -> str:
        said = row.text("industry")
        if not said:
            return ""
        cell = row.cell("industry")
        if cell is not None and cell.held == Held.NUMBER and len(said) % 2:
            what = f"数字格式的 {said} 可能丢了开头的 0"
            step = "请把这一列设为“文本”格式，写全代码，如 0111 或 A0111"
            row.say(ProjectRule.INDUSTRY, "industry", what, step)
            return ""
        try:
            return self.known.industries.read(said).code
        except YinuoError as error:
            row.say(ProjectRule.INDUSTRY, "industry", error.what, error.next_step)
            return ""

    def _batch(self, row: Row) -> str | None:
        code = row.text("batch")
        if code and code not in self.batches and code not in self.known.batches:
            step = "请在“批次”表加上这一批，或改正编号"
            row.say(ProjectRule.UNKNOWN_BATCH, "batch", f"没有编号为“{code}”的批次", step)
        return code or None

    def _point(self, row: Row) -> tuple[int | None, int | None]:
        east, north = row.figure("longitude"), row.figure("latitude")
        if east is None and north is None:
            return None, None
        field = "latitude" if north is None else "longitude"
        if east is None or north is None:
            what, step = "经度和纬度要同时填写", "请补上另一个，或都留空"
            row.say(ProjectRule.POINT, field, what, step)
            return None, None
        longitude, latitude = micro_degrees(east.value), micro_degrees(north.value)
        is_swapped = self.known.box is not None and self.known.box.holds(latitude, longitude)
        on_earth = abs(longitude) <= FARTHEST_EAST and abs(latitude) <= FARTHEST_NORTH
        if not (on_earth or is_swapped):
            what = f"（{east.shown}，{north.shown}）不是经纬度"
            row.say(ProjectRule.POINT, "longitude", what, "请写十进制度，如 121.6147、38.9140")
            return None, None
        doubt = point_doubt(longitude, latitude, self.known.box)
        if doubt:
            step = "请核对后改正；确在市外可以不改"
            row.say(ProjectRule.PLACE, "longitude", doubt, step)
        return longitude, latitude

    def _stages(
        self, row: Row, unit: str | None, links: Mapping[Stage, tuple[str, str, bool]]
    ) -> tuple[NewStage, ...]:
        planned = {s: day for s in STAGES if (day := row.date(planned_field(s)))}
        reached = {s: day for s in STAGES if (day := self._past(row, reached_field(s)))}
        for dates, kind in ((planned, planned_field), (reached, reached_field)):
            for each in out_of_order(dates):
                step = "如果确是如此，可以不改"
                row.say(ProjectRule.ORDER, kind(each.later), each.said, step)
        promised = self._promised(row, planned, reached) | links.keys()
        nobody = unit is None and not row.text("unit")
        if promised and nobody and any(not links.get(s, ("",))[0] for s in promised):
            what, step = "没有责任单位，不能成为承诺", "请填责任单位，或留空“承诺节点”"
            row.say(ProjectRule.PROMISE, "promised", what, step)
        return tuple(
            NewStage(
                stage=stage,
                planned=planned.get(stage),
                reached=reached.get(stage),
                promised=stage in promised,
                commitment=links[stage][0] if stage in links else "",
                said=links[stage][1] if stage in links else "",
                inferred=links[stage][2] if stage in links else False,
            )
            for stage in STAGES
            if stage in planned or stage in reached or stage in promised
        )

    @staticmethod
    def _promised(
        row: Row, planned: Mapping[Stage, date], reached: Mapping[Stage, date]
    ) -> set[Stage]:
        words = row.listed("promised")
        if words == (ALL,):
            return {stage for stage in planned if stage not in reached}
        found = set()
        for word in words:
            if word in WORDS:
                found.add(WORDS[word])
                continue
            step = f"请从 {'、'.join(WORDS)} 中选，或写“{ALL}”"
            row.say(ProjectRule.PROMISE, "promised", f"没有节点“{word}”", step)
        return found

    # ── amounts against each other ───────────────────────────────────────────────────────────────

    def _sizes(self, rows: Sequence[Row], projects: Sequence[NewProject]) -> None:
        middles = {
            field: _middle([getattr(each, field) for each in projects])
            for field in ("total_investment", "year_investment")
        }
        for row, each in zip(rows, projects, strict=True):
            total, year = each.total_investment, each.year_investment
            for field, amount in (("total_investment", total), ("year_investment", year)):
                if not amount:
                    continue
                middle = middles[field]
                is_jump = middle and max(amount / middle, middle / amount) >= JUMP
                if amount >= HUGE or amount < TINY or is_jump:
                    what = f"读作 {say_money(amount)}，是不是单位写错了"
                    row.say(ProjectRule.SIZE, field, what, "请核对金额单位；没有错可以不改")
            if total is not None and year is not None and year > total:
                what = f"本年计划 {say_money(year)} 大于总投资 {say_money(total)}"
                row.say(ProjectRule.SIZE, "year_investment", what, "请核对两个金额和单位")


def _middle(amounts: Sequence[int | None]) -> int:
    """The middle amount of many, 0 of few."""
    known = sorted(amount for amount in amounts if amount)
    return known[len(known) // 2] if len(known) >= ENOUGH else 0
