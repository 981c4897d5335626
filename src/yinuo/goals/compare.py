"""A file against what is registered: what is new, what asks for a change, what is refused. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yinuo.commitments.commands.register import NewCommitment, NewDocument
from yinuo.commitments.life import CHANGE_COLUMNS, ChangeKind
from yinuo.goals.plan import NewGoal, NewRow, PlanFile, canonical_texts
from yinuo.goals.restated import Difference, cut, hindrance, reason, source
from yinuo.goals.stored.plan import Kept, Present
from yinuo.goals.workbook.columns import Column
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.layout import sheet_named
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Spot, finding
from yinuo.parties.commands import NewUnit

ASKABLE = (
    ChangeKind.MOVED,
    ChangeKind.REVISED,
    ChangeKind.RESCOPED,
    ChangeKind.TRANSFERRED,
)
"""The kinds of change a file can ask for."""
COLUMN_OF = {"parent": "parent_id", "lead": "lead_id"}
"""Field of the file → column of the commitment, where they differ."""
EMPTY_IS_NONE = frozenset({"parent_id", "lead_id"})
HELP = {
    "计划": "计划登记以后不改名称、督查单位和依据；请改回原值",
    "依据": "依据登记以后不改；请改回原值，确有新文件请加一行",
    "单位": "单位登记以后不由导入改动；请改回原值",
    "目标": "目标登记以后不由导入改动；请改回原值",
    "承诺": "这一列登记以后不由导入改动；请改回原值，确属录入错误请在网页上申请“更正录入错误”",
    "据报道": "据报道的内容登记以后不改；请改回原值，新的报道请加一行",
}


@dataclass(frozen=True)
class Ask:
    """A change that the file asks for; it waits for approval like any other."""

    commitment: str
    title: str
    kind: ChangeKind
    new: Mapping[str, Canonical]
    differences: tuple[Difference, ...]
    stated: Mapping[str, str]
    """Field → text to remember, so that the same file asks only once."""
    source: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What taking in a file would do."""

    plan: str
    title: str
    file: str
    new_plan: bool
    units: tuple[str, ...]
    """Codes of what would be registered, here and below."""
    documents: tuple[str, ...]
    goals: tuple[str, ...]
    commitments: tuple[str, ...]
    observations: tuple[str, ...]
    asks: tuple[Ask, ...]
    held: tuple[Finding, ...]
    """Changes that cannot be asked for now; the rest is taken in."""
    refused: tuple[Finding, ...]
    """Edits that nothing can carry out; they block the import."""
    unchanged: int
    absent: tuple[str, ...]
    """Registered codes that the file does not hold; nothing is deleted."""

    @property
    def registered(self) -> int:
        """How many rows would be registered."""
        new = (self.units, self.documents, self.goals, self.commitments, self.observations)
        return sum(map(len, new))

    @property
    def changes_nothing(self) -> bool:
        """Whether taking in the file would write nothing at all."""
        return not (self.new_plan or self.registered or self.asks)


def same(one: str, other: str) -> bool:
    """Whether two canonical texts differ in nothing but blanks."""
    return one == other or one.split() == other.split()


def compare(file: PlanFile, now: Present) -> Preview:
    """What taking in the file would do to what is registered now."""
    return _Comparison(file, now).preview()


class _Comparison:
    """Goes through the sheets once and collects."""

    def __init__(self, file: PlanFile, now: Present) -> None:
        self.file, self.now = file, now
        self.asks: list[Ask] = []
        self.held: list[Finding] = []
        self.refused: list[Finding] = []
        self.unchanged = 0

    def preview(self) -> Preview:
        """The whole comparison."""
        content, now = self.file.content, self.now
        self._head()
        units = self._static("单位", content.units, now.units)
        documents = self._static("依据", content.documents, now.documents)
        goals = self._static("目标", content.goals, now.goals)
        self._new_goals(goals)
        commitments = self._rows("承诺", content.commitments)
        observations = self._rows("据报道", content.observations)
        codes = {goal.code for goal in content.goals}
        codes |= {row.code for row in content.commitments}
        codes |= {row.code for row in content.observations}
        return Preview(
            plan=content.code,
            title=content.title,
            file=self.file.name,
            new_plan=now.head is None,
            units=units,
            documents=documents,
            goals=goals,
            commitments=commitments,
            observations=observations,
            asks=tuple(self.asks),
            held=tuple(self.held),
            refused=tuple(self.refused),
            unchanged=self.unchanged,
            absent=tuple(code for code in (*now.goals, *now.rows) if code not in codes),
        )

    def _spot(self, sheet: str, code: str, field: str, value: str) -> Spot:
        cell = self.file.places[sheet].cell(code, field)
        header = self._header(sheet, field)
        return Spot(sheet=self._sheet(sheet), cell=cell, field=header, value=value)

    def _header(self, sheet: str, field: str) -> str:
        """The header of a column as it stands in the file."""
        return self.file.places[sheet].headers.get(field) or self._column(sheet, field).header

    def _sheet(self, sheet: str) -> str:
        return self.file.named.get(sheet, sheet)

    @staticmethod
    def _column(sheet: str, field: str) -> Column:
        return sheet_named(sheet).column(field)

    def _refuse(self, sheet: str, code: str, field: str, old: str, new: str) -> None:
        what = f"{code} 已登记为“{cut(old)}”，文件改成了“{cut(new)}”"
        spot = self._spot(sheet, code, field, new)
        self.refused.append(finding(self.file.name, Rule.ALTERED, what, HELP[sheet], spot))

    def _head(self) -> None:
        if self.now.head is None:
            return
        for field, old in vars(self.now.head).items():
            new = str(getattr(self.file.content, field))
            if not same(old, new):
                self._refuse("计划", self.file.content.code, field, old, new)

    def _static(
        self, sheet: str, stated: Sequence[Any], registered: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """The new codes of a sheet whose registered rows never change by a file."""
        new = []
        for row in stated:
            if row.code not in registered:
                new.append(row.code)
            else:
                self._unaltered(sheet, row, canonical_texts(registered[row.code]), {})
        return tuple(new)

    def _new_goals(self, codes: Sequence[str]) -> None:
        """Refuse new goals whose code or number is in use."""
        used = {goal.number: goal.code for goal in self.now.goals.values()}
        for goal in self.file.content.goals:
            if goal.code not in codes:
                continue
            if goal.code in self.now.goals_elsewhere:
                self._taken("目标", goal.code)
            if goal.number in used:
                what = f"序号 {goal.number} 已用于目标“{used[goal.number]}”"
                spot = self._spot("目标", goal.code, "number", str(goal.number))
                self.refused.append(
                    finding(self.file.name, Rule.REPEATED_CODE, what, "请换一个序号", spot)
                )

    def _unaltered(
        self,
        sheet: str,
        row: NewRow | NewUnit | NewDocument | NewGoal,
        old: Mapping[str, str],
        stated: Mapping[str, str],
    ) -> None:
        altered = {
            field: text
            for field, text in canonical_texts(row).items()
            if not same(text, old[field]) and not same(text, stated.get(field, old[field]))
        }
        for field, text in altered.items():
            self._refuse(sheet, row.code, field, old[field], text)
        self.unchanged += not altered

    def _taken(self, sheet: str, code: str) -> None:
        self.refused.append(
            finding(
                self.file.name,
                Rule.OTHER_PLAN,
                f"编号“{code}”已登记在本计划之外",
                "请换一个编号",
                self._spot(sheet, code, "code", code),
            )
        )

    def _rows(self, sheet: str, stated: Iterable[NewRow]) -> tuple[str, ...]:
        new = []
        for row in stated:
            kept = self.now.rows.get(row.code)
            if row.code in self.now.rows_elsewhere:
                self._taken(sheet, row.code)
            elif kept is None:
                new.append(row.code)
            elif type(kept.record) is not type(row):
                self._other_sheet(sheet, row.code)
            elif isinstance(row, NewCommitment):
                self._commitment(row, kept)
            else:
                self._unaltered(sheet, row, canonical_texts(kept.record), kept.stated)
        return tuple(new)

    def _other_sheet(self, sheet: str, code: str) -> None:
        other = "据报道" if sheet == "承诺" else "承诺"
        self.refused.append(
            finding(
                self.file.name,
                Rule.OTHER_SHEET,
                f"编号“{code}”已登记在“{other}”中",
                f"请移回“{other}”表，或换一个编号",
                self._spot(sheet, code, "code", code),
            )
        )

    def _commitment(self, row: NewCommitment, kept: Kept) -> None:
        old = canonical_texts(kept.record)
        wanted = {
            field: old[field] if field in self.file.without else text
            for field, text in canonical_texts(row).items()
        }
        unstated = self.file.unstated.get(row.code, frozenset())
        altered = {
            field
            for field, text in wanted.items()
            if not same(text, old[field])
            and not same(text, kept.stated.get(field, old[field]))
            and field not in unstated
        }
        kinds = {field: _kind(field) for field in altered}
        for field in sorted(altered):
            if kinds[field] is None or (field == "due" and not wanted["due"]):
                self._refuse("承诺", row.code, field, old[field], wanted[field])
        for kind in ASKABLE:
            if any(kinds[field] == kind for field in altered) and (
                kind != ChangeKind.MOVED or wanted["due"]
            ):
                self._ask(row, kept, kind, wanted, old)
        self.unchanged += not altered

    def _ask(
        self,
        row: NewCommitment,
        kept: Kept,
        kind: ChangeKind,
        wanted: Mapping[str, str],
        old: Mapping[str, str],
    ) -> None:
        """Ask for the whole group as the file wants it, or say why that must wait."""
        group = [field for field in wanted if _kind(field) == kind]
        fields = [field for field in group if not same(wanted[field], old[field])]
        new = {COLUMN_OF.get(f, f): _value(COLUMN_OF.get(f, f), wanted[f]) for f in fields}
        why = hindrance(kept.status, kept.waiting, kind, new)
        if why:
            spot = self._spot("承诺", row.code, fields[0], wanted[fields[0]])
            step = "请等现有的申请有结果，或与督查单位联系"
            self.held.append(finding(self.file.name, Rule.HELD, f"{row.code} {why}", step, spot))
            return
        places = self.file.places["承诺"]
        differences = tuple(
            Difference(
                field=self._header("承诺", field),
                old=_word(field, old[field]),
                new=_word(field, wanted[field]),
                cell=f"{self._sheet('承诺')}!{places.cell(row.code, field)}",
            )
            for field in fields
        )
        self.asks.append(
            Ask(
                commitment=row.code,
                title=kept.record.title,
                kind=kind,
                new=new,
                differences=differences,
                stated={field: wanted[field] for field in group},
                source=source(self.file.name, self.file.sha256, differences),
                reason=reason(self.file.name, differences),
            )
        )


def _kind(field: str) -> ChangeKind | None:
    column = COLUMN_OF.get(field, field)
    return next((kind for kind in ASKABLE if column in CHANGE_COLUMNS[kind]), None)


def _value(column: str, text: str) -> Canonical:
    return None if column in EMPTY_IS_NONE and not text else text


def _word(field: str, text: str) -> str:
    """A canonical text in the words of the workbook, as far as that has the field."""
    column = next((c for c in sheet_named("承诺").columns if c.field == field), None)
    if column is None or column.choices is None:
        return text
    return next((word for word, stored in column.choices().items() if stored == text), text)
