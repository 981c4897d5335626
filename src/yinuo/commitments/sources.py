"""Where tasks come from (来源): the table a city keeps, one row a kind of basis. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.commitments.numbering import BadNumbering, Numbering
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.limits import UNIT_WORDS, BadLimit, DayType, Limit, UnknownLimit, parse_limit

COLUMNS = (
    "来源",
    "编号规则",
    "类型",
    "公开类型",
    "默认时限",
    "起算",
    "签收时限",
    "承诺对象",
    "依据",
    "核对",
)
AT_START = {VISIBILITY_LABELS[v]: v for v in (Visibility.REVIEW, Visibility.CLOSED)}
"""Nothing is public by being registered."""
SIGNED_IN = frozenset({DayType.WORKING_DAY, DayType.CALENDAR_DAY})
LONGEST_NAME = 40


class BadSources(YinuoError):
    """A table of sources with faults; `findings` holds every one of them."""

    code = "SOURCE-E001"
    status = 500

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        super().__init__(
            f"任务来源表有 {len(findings)} 处错误，第一处：{first.rule}",
            place=first.place,
            next_step="请管理员运行 yinuo sources check 查看全部，改好后再登记",
        )
        self.findings = tuple(findings)


class SourcesUnreadable(YinuoError):
    """A table of sources that is not there or may not be read."""

    code = "SOURCE-E002"
    status = 500

    def __init__(self, path: Path, cause: OSError) -> None:
        missing = isinstance(cause, FileNotFoundError)
        super().__init__(
            "没有任务来源表" if missing else f"读不到任务来源表（{cause.strerror}）",
            place=str(path),
            next_step="核对文件名，或删去城市自己的表以使用随软件提供的",
        )


class UnknownSource(YinuoError):
    """No row of the table has this name."""

    code = "SOURCE-E003"
    status = 404

    def __init__(self, name: str, known: Mapping[str, object]) -> None:
        super().__init__(
            f"没有来源“{name[:LONGEST_NAME]}”",
            place="来源",
            next_step="可用的：" + "、".join(known),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of basis, with how its tasks are numbered, timed and shown."""

    name: str
    """The kind of document: 批示件, 议定事项 …"""
    numbering: Numbering
    kind: str
    """Name of the kind of commitment."""
    visibility: Visibility
    limit: Limit | None
    """Default time limit with its start event; None: as the document says."""
    sign_by: Limit
    """Within which a unit is asked to sign, in working or calendar days."""
    creditor: str
    """承诺对象; empty: the office that registers."""
    basis: str
    checked: str
    """How far the figures were checked."""


def load(path: Path, *, kinds: Mapping[str, str]) -> dict[str, Source]:
    """The sources by name, in the order of the file. `kinds` maps labels to names of kinds.

    Raises `BadSources` with every fault found, `SourcesUnreadable` where there is no file.
    """
    try:
        raw = path.read_bytes()
    except OSError as cause:
        raise SourcesUnreadable(path, cause) from cause
    found, findings = read(path.name, raw, kinds=kinds)
    if findings:
        raise BadSources(findings)
    return found


def read(
    file: str, raw: bytes, *, kinds: Mapping[str, str]
) -> tuple[dict[str, Source], list[Finding]]:
    """Read a table in CSV, UTF-8 with or without a byte order mark; every fault with its cell."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        rule, next_step = "文件不是 UTF-8 编码", "在表格软件中另存为“CSV UTF-8（逗号分隔）”"
        return {}, [Finding(code="SOURCE-E010", file=file, rule=rule, next_step=next_step)]
    lines = list(csv.reader(io.StringIO(text)))
    header = tuple(cell.strip() for cell in lines[0]) if lines else ()
    if header != COLUMNS:
        finding = Finding(
            code="SOURCE-E011",
            file=file,
            cell="A1",
            value="，".join(header),
            rule=f"第一行应为表头：{'，'.join(COLUMNS)}",
            next_step="按此次序写表头，不增不减",
        )
        return {}, [finding]
    rows = [_Row(file, n, cells, kinds) for n, cells in enumerate(lines[1:], start=2) if any(cells)]
    findings = [finding for row in rows for finding in row.findings]
    findings += _repeated(file, rows)
    if not rows:
        rule = "没有一行来源"
        findings.append(
            Finding(code="SOURCE-E012", file=file, rule=rule, next_step="至少写一行来源")
        )
    return {row.source.name: row.source for row in rows if row.source}, findings


class _Row:
    """One line: the source it states, or what is wrong with it."""

    def __init__(self, file: str, line: int, cells: list[str], kinds: Mapping[str, str]) -> None:
        self.file, self.line = file, line
        self.findings: list[Finding] = []
        padded = [cell.strip() for cell in cells] + [""] * len(COLUMNS)
        self.cells = dict(zip(COLUMNS, padded, strict=False))
        if any(padded[len(COLUMNS) :]):
            self._add("SOURCE-E013", "核对", f"一行只有 {len(COLUMNS)} 列", "删去多出的列")
        self.source = self._source(kinds)

    def _add(self, code: str, column: str, rule: str, next_step: str) -> None:
        self.findings.append(
            Finding(
                code=code,
                file=self.file,
                cell=f"{'ABCDEFGHIJ'[COLUMNS.index(column)]}{self.line}",
                field=column,
                value=self.cells[column],
                rule=rule,
                next_step=next_step,
            )
        )

    def _source(self, kinds: Mapping[str, str]) -> Source | None:
        cells = self.cells
        if not 1 <= len(cells["来源"]) <= LONGEST_NAME or "/" in cells["来源"]:
            rule = f"来源要有名称，最多 {LONGEST_NAME} 字，不含斜线"
            self._add("SOURCE-E014", "来源", rule, "写上 批示件、议定事项 这样的名称")
        if cells["类型"] not in kinds:
            self._add("SOURCE-E015", "类型", "没有这种类型", f"可用的：{'、'.join(kinds)}")
        if cells["公开类型"] not in AT_START:
            self._add(
                "SOURCE-E016", "公开类型", "登记时不能是这个公开类型", "写 待审查 或 不予公开"
            )
        numbering, limit, sign_by = self._numbering(), self._limit(), self._sign_by()
        if self.findings or numbering is None or sign_by is None:
            return None
        return Source(
            name=cells["来源"],
            numbering=numbering,
            kind=kinds[cells["类型"]],
            visibility=AT_START[cells["公开类型"]],
            limit=limit,
            sign_by=sign_by,
            creditor=cells["承诺对象"],
            basis=cells["依据"],
            checked=cells["核对"],
        )

    def _numbering(self) -> Numbering | None:
        try:
            return Numbering(self.cells["编号规则"])
        except BadNumbering as error:
            self._add("SOURCE-E017", "编号规则", error.what, error.next_step)
            return None

    def _limit(self) -> Limit | None:
        text, event = self.cells["默认时限"], self.cells["起算"]
        if not text:
            return None
        if not event:
            self._add("SOURCE-E018", "起算", "有默认时限，没有写从什么事起算", "写上 批示、交办 等")
        limit = self._parsed("默认时限", event)
        if limit is not None and limit.day_type is DayType.HOUR:
            self._add(
                "SOURCE-E019", "默认时限", "登记的任务按日计时限", "改为工作日、自然日、月或年"
            )
            return None
        return limit

    def _sign_by(self) -> Limit | None:
        limit = self._parsed("签收时限", "请签收")
        if limit is not None and limit.day_type not in SIGNED_IN:
            self._add("SOURCE-E020", "签收时限", "签收时限只按日计", "写成 3wd 或 3d")
            return None
        return limit

    def _parsed(self, column: str, event: str) -> Limit | None:
        try:
            number, day_type = parse_limit(self.cells[column])
            return Limit(
                number=number,
                day_type=day_type,
                start_event=event,
                legal_basis=self.cells["依据"],
                name="默认" if column == "默认时限" else "",
            )
        except (UnknownLimit, BadLimit) as error:
            self._add("SOURCE-E021", column, error.what, error.next_step)
            return None


def _repeated(file: str, rows: list[_Row]) -> Iterator[Finding]:
    """Two rows of one name, or two that would number alike."""
    for column, code, rule in (
        ("来源", "SOURCE-E022", "同一来源已在第 {} 行"),
        ("编号规则", "SOURCE-E023", "同一编号规则已在第 {} 行，会互相占号"),
    ):
        seen: dict[str, int] = {}
        for row in rows:
            value = row.cells[column]
            if value and value in seen:
                yield Finding(
                    code=code,
                    file=file,
                    cell=f"{'ABCDEFGHIJ'[COLUMNS.index(column)]}{row.line}",
                    field=column,
                    value=value,
                    rule=rule.format(seen[value]),
                    next_step="保留一行，或改成不同的",
                )
            seen.setdefault(value, row.line)


def limit_words(limit: Limit | None) -> str:
    """A default limit as people say it."""
    if limit is None:
        return "以文件写明的为准"
    return f"{limit.number} {UNIT_WORDS[limit.day_type]}，自{limit.start_event}起算"


def said_by_default(limit: Limit, start: date) -> str:
    """What stands as the wording of a deadline nobody wrote: the rule it follows from."""
    return f"默认时限 {limit.words}，自 {start.isoformat()} {limit.start_event}起算"
