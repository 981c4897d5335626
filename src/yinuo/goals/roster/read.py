"""A foreign sheet whole: from cells to the content of a plan, with everything that is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from openpyxl.utils.cell import coordinate_to_tuple

from yinuo.commitments.commands.register import NewCommitment, NewDocument
from yinuo.goals.plan import Places, PlanContent, PlanFile
from yinuo.goals.roster.book import Book, Sheet
from yinuo.goals.roster.fields import IDENTITY, KEY_FIELDS
from yinuo.goals.roster.identity import Identities
from yinuo.goals.roster.layout import Layout, lay_out
from yinuo.goals.roster.lines import Line, Lines, Skipped
from yinuo.goals.roster.mapping import RosterMapping
from yinuo.goals.roster.report import report, report_filled
from yinuo.goals.roster.rows import Draft, Rows
from yinuo.goals.roster.rules import RosterRule
from yinuo.goals.roster.sources import Documents
from yinuo.goals.roster.units import Names
from yinuo.goals.roster.when import TEXT
from yinuo.goals.workbook.check import Checked
from yinuo.goals.workbook.layout import SHEETS
from yinuo.goals.workbook.promises import COMMITMENTS
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.spreadsheet.cells import STEP, Progress, silent
from yinuo.parties.commands import NewUnit

PLAIN = (
    "title",
    "place",
    "note",
    "lead",
    "lead_said",
    "area",
    "cooperating",
    "operator",
    "operator_origin",
    "value",
    "unit",
    "tolerance",
    "baseline",
    "due",
    "due_said",
)
"""Fields of a commitment that are as the row has them."""
SOURCES: Mapping[str, tuple[str, ...]] = {
    "code": (IDENTITY, "code", "number"),
    "title": ("title",),
    "kind": ("kind",),
    "lead": ("lead",),
    "lead_said": ("lead",),
    "lead_origin": ("lead",),
    "cooperating": ("cooperating", "lead"),
    "area": ("area", "cooperating", "lead"),
    "creditor": ("creditor",),
    "operator": ("value",),
    "operator_origin": ("value",),
    "value": ("value",),
    "tolerance": ("value",),
    "unit": ("unit", "value"),
    "baseline": ("baseline",),
    "due": ("due",),
    "due_origin": ("due",),
    "due_said": ("due",),
    "document": ("document",),
    "place": ("place",),
    "note": ("note", "detail"),
}
"""Field of a commitment → fields of the sheet from which it is read."""
WORDING = frozenset({"due_said", "due_origin", "lead_said", "lead_origin", "operator_origin"})
"""Fields that come from the cell of another and say only how it was worded."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is registered and may be named by a sheet."""

    units: Sequence[NewUnit]
    documents: Sequence[NewDocument] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    """Code → title, of the rows of this plan that are registered."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What a row says that is no part of a commitment; persons stay inside the office."""

    leader: str = ""
    liaison: str = ""
    progress: str = ""


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """A unit's name that nothing registered answers to."""

    said: str
    cells: tuple[str, ...]
    """Addresses, such as `F12`."""
    near: tuple[NewUnit, ...]
    """The likeliest first; may be empty."""


@dataclass(frozen=True, kw_only=True)
class RosterRead:
    """What a sheet says, or every reason why that cannot be taken in."""

    checked: Checked
    """As of a plan's workbook: for the preview and the taking in."""
    rows: Mapping[str, int]
    """Code → number of its row; of rows with an error too, as far as they have a code."""
    beside: Mapping[str, Beside]
    """Code → what else its row says."""
    strangers: tuple[Stranger, ...]
    skipped: Skipped


def read_roster(
    book: Book,
    mapping: RosterMapping,
    known: Known,
    *,
    sha256: str,
    progress: Progress = silent,
) -> RosterRead:
    """Read a sheet as the mapping says; collects everything that is wrong.

    `sha256` is that of the file's bytes, the source of requests. Raises nothing: a sheet or column
    that is not there is a finding too.
    """
    log = Log(book.file)
    sheet = book.sheet(mapping.sheet)
    if sheet is None:
        present = "、".join(each.name for each in book.sheets)
        step = f"文件里有：{present}；请重新选择工作表"
        log.add(RosterRule.NO_SUCH_SHEET, f"没有名为“{mapping.sheet}”的工作表", step)
        return _refused(log)
    header = (mapping.header_first, mapping.header_last)
    layout = lay_out(sheet, file=book.file, header=header)
    if layout is None:
        step = "请重新选择工作表和表头所在的行"
        log.add(RosterRule.NO_ROSTER, "这张工作表看不出表头", step, Spot(sheet=sheet.name))
        return _refused(log)
    return _Reading(book, sheet, layout, mapping, known, log).read(sha256, progress)


def _refused(log: Log) -> RosterRead:
    checked = Checked(None, tuple(log.errors), tuple(log.notices))
    return RosterRead(checked=checked, rows={}, beside={}, strangers=(), skipped=Skipped())


@dataclass
class _Reading:
    """Reads one sheet, step by step."""

    book: Book
    sheet: Sheet
    layout: Layout
    mapping: RosterMapping
    known: Known
    log: Log

    def __post_init__(self) -> None:
        self.defaults = self.mapping.defaults
        self.assigned = self.mapping.assigned(self.layout)
        self.documents = Documents(
            self.known.documents, self.defaults.document, self.defaults.prefix
        )
        self.cells = Rows(
            sheet=self.sheet.name,
            assigned=self.assigned,
            defaults=self.defaults,
            names=Names(self.known.units, self.mapping.units),
            documents=self.documents,
            log=self.log,
        )

    def read(self, sha256: str, progress: Progress) -> RosterRead:
        """The whole sheet."""
        report(self.book, self.sheet, self.layout, self.mapping, self.log)
        going = Lines(self.sheet, self.layout, self.assigned, self.log)
        lines = going.read()
        report_filled(lines, self.sheet, self.assigned, self.log)
        if not lines:
            spot = Spot(sheet=self.sheet.name, cell=f"A{self.layout.header_last}")
            step = "请核对表头所在的行，或重新选择工作表"
            self.log.add(RosterRule.NO_ROWS, "表头下面没有任务", step, spot)
        drafts = self._drafts(lines, progress)
        named = self._identities().of(lines, lambda line: drafts[line.number].title)
        rows: dict[str, int] = {}
        for one in named:
            if one.code:
                rows.setdefault(one.code, one.line.number)
        pairs = [(one.code, drafts[one.line.number]) for one in named]
        plan = None if self.log.errors else self._plan(pairs, rows, sha256)
        return RosterRead(
            checked=Checked(plan, in_order(self.log.errors), in_order(self.log.notices)),
            rows=rows,
            beside={code: Beside(**draft.beside) for code, draft in pairs if code},
            strangers=tuple(
                Stranger(said=said, cells=tuple(cells), near=near)
                for said, (cells, near) in self.cells.strangers.items()
            ),
            skipped=going.skipped,
        )

    def _drafts(self, lines: Sequence[Line], progress: Progress) -> dict[int, Draft]:
        drafts = {}
        for done, line in enumerate(lines, start=1):
            drafts[line.number] = self.cells.read(line)
            if done % STEP == 0:
                progress(f"检查 {self.sheet.name}", done, len(lines))
        return drafts

    def _identities(self) -> Identities:
        return Identities(
            prefix=self.defaults.prefix,
            titles=self.known.titles,
            columns={
                name: self.assigned[name][0].number for name in KEY_FIELDS if name in self.assigned
            },
            spot=self.cells.spot,
            log=self.log,
        )

    def _plan(
        self, pairs: Sequence[tuple[str, Draft]], rows: Mapping[str, int], sha256: str
    ) -> PlanFile:
        commitments = tuple(self._commitment(code, draft) for code, draft in pairs)
        cited = {row.document for row in commitments} | {self.defaults.document.code}
        new = [self.defaults.document, *self.documents.new.values()]
        empty = {sheet.name: Places(columns={}, rows={}) for sheet in SHEETS}
        letters = {name: columns[0].letter for name, columns in self.assigned.items()}
        sources = {field: self._source(field) for field in SOURCES}
        places = Places(
            columns={field: letters[name] for field, name in sources.items() if name},
            rows=rows,
            headers={
                field: self.assigned[name][0].header for field, name in sources.items() if name
            },
        )
        return PlanFile(
            name=self.book.file,
            sha256=sha256,
            content=PlanContent(
                code=self.defaults.plan,
                title=self.defaults.title,
                office=self.defaults.office,
                document=self.defaults.document.code,
                documents=tuple(
                    document
                    for document in new
                    if document.code in cited and document.code not in self.documents.registered
                ),
                units=(),
                goals=(),
                commitments=commitments,
                observations=(),
            ),
            places={**empty, COMMITMENTS.name: places},
            unstated={code: _unstated(draft) for code, draft in pairs},
            without=self._without(commitments, sources),
            named={COMMITMENTS.name: self.sheet.name},
        )

    def _source(self, field: str) -> str:
        """The first assigned field of the sheet from which a field of a commitment is read."""
        return next((name for name in SOURCES[field] if name in self.assigned), "")

    def _without(
        self, commitments: Sequence[NewCommitment], sources: Mapping[str, str]
    ) -> frozenset[str]:
        """The fields that this sheet says nothing about, in any row, and mere words of others.

        How the sheet words a deadline or a unit is registered once; a new deadline comes in new
        words, and only the deadline itself can be asked for.
        """
        silent = {f.name for f in fields(NewCommitment)} - {"code", "creditor_unit"}
        silent -= {field for field, name in sources.items() if name}
        return WORDING | {
            field
            for field in silent
            if field not in ("note", "place") or not any(getattr(c, field) for c in commitments)
        }

    def _commitment(self, code: str, draft: Draft) -> NewCommitment:
        defaults, values = self.defaults, draft.values
        due = values.get("due")
        return NewCommitment(
            code=code,
            creditor_unit=defaults.office,
            kind=values.get("kind", defaults.kind),
            document=values.get("document", defaults.document.code),
            creditor=values.get("creditor") or defaults.creditor,
            lead_origin=values.get("lead_origin", "none"),
            due_origin=values.get("due_origin", TEXT) if due else "none",
            **{name: values[name] for name in PLAIN if name in values},
        )


def _unstated(draft: Draft) -> frozenset[str]:
    """Fields whose cell is empty and whose value is a default."""
    return frozenset(f for f in ("kind", "document", "creditor") if not draft.values.get(f))


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings as the sheet has them: of the whole sheet first, then by row and column.

    What a merged cell says for several rows is found in each, and told once.
    """
    return tuple(sorted(dict.fromkeys(findings), key=_position))


def _position(found: Finding) -> tuple[int, int]:
    if not found.cell:
        return 0, 0
    row, column = coordinate_to_tuple(found.cell.partition(":")[0])
    return row, column


@dataclass(frozen=True)
class Grouped:
    """Findings that say the same of several cells."""

    first: Finding
    cells: tuple[str, ...]
    """Addresses, in the order of the sheet."""


def grouped(findings: Sequence[Finding]) -> tuple[Grouped, ...]:
    """Findings that differ in their cell alone as one each, in the order of the first."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        key = (one.code, one.sheet, one.field, one.rule, one.next_step)
        found.setdefault(key, []).append(one)
    return tuple(Grouped(same[0], tuple(f.cell for f in same)) for same in found.values())
