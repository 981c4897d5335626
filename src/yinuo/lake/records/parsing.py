"""A source described in TOML, read whole: every fault of the file is found, none is guessed away.

name, owner, system, about, kind, subject, disclosure   texts
encoding = "utf-8" | "gb18030" | "auto"                 of text files; "auto" if left out
delivery = "delta" | "full"
key = [field, …]    ignored = [heading, …]    sheet, table = "…"
[fields.NAME]       label, headings, type, required, unit, codes, of, disclosure, mask, longest
[expect]            rows = [fewest, most], rows_against_last = { min = 0.5, max = 2.0 },
                    quarantined_per_mille, filled = { FIELD = per mille }
[retention]         years, counted_from = FIELD
[revoking]          field = FIELD, values = [meaning, …]
[catalogue]         cycle, sharing, sharing_terms, opening, opening_terms
"""

import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.money import FEN_PER
from yinuo.lake.records.description import (
    IDENTIFIERS,
    CatalogueEntry,
    Cycle,
    Disclosure,
    Expectation,
    Field,
    Of,
    Openness,
    Retention,
    Revoking,
    SourceDescription,
    Type,
)
from yinuo.lake.records.schema import RESERVED

ENCODINGS = ("utf-8", "gb18030", "auto")
DELIVERIES = ("delta", "full")
SUBJECTS = ("firm", "trader", "person")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEXTS = ("name", "owner", "system", "about", "kind", "subject", "disclosure")
_REST = ("encoding", "delivery", "key", "ignored", "sheet", "table")
_TABLES = ("fields", "expect", "retention", "revoking", "catalogue")
_OF_CATALOGUE = ("cycle", "sharing", "sharing_terms", "opening", "opening_terms")
_OF_FIELD = (
    *("label", "headings", "type", "required", "unit", "codes", "of", "disclosure", "mask"),
    "longest",
)
_MOST_PER_MILLE = 1000
_NOTHING: Mapping[str, Any] = {}
_Choice = TypeVar("_Choice", bound=StrEnum)


class BadSource(YinuoError):
    """A description of a source that cannot be used; every fault is in `findings`."""

    code = "LAKE-E020"

    def __init__(self, file: str, findings: Sequence[Finding]) -> None:
        first = "；".join(f"{each.field}：{each.rule}" for each in findings[:5])
        more = f"；另有 {len(findings) - 5} 处" if len(findings) > 5 else ""  # noqa: PLR2004  # as above
        super().__init__(
            f"来源说明有 {len(findings)} 处错误：{first}{more}",
            place=file,
            next_step="按 docs/reference/credit-sources.md 改正后再试",
        )
        self.findings = tuple(findings)


def read_description(data: bytes, *, id: str) -> SourceDescription:  # noqa: A002  # the word of the format
    """The description in a TOML file; `id` is the file's name without its ending.

    Raises `BadSource` with all that is wrong.
    """
    file = f"{id}.toml"
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = Finding(
            code=BadSource.code, file=file, field="TOML", rule=str(error), next_step="改正这一处"
        )
        raise BadSource(file, [fault]) from error
    reader = _Reader(file)
    source = reader.source(found, id)
    if reader.findings:
        raise BadSource(file, reader.findings)
    return source


def plain_heading(heading: object) -> str:
    """A heading without blanks, width and case: how headings are compared."""
    text = unicodedata.normalize("NFKC", "" if heading is None else str(heading))
    return "".join(text.replace("\ufeff", "").split()).casefold()


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def fault(self, place: str, rule: str, next_step: str, value: object = "") -> None:
        self.findings.append(
            Finding(
                code=BadSource.code,
                file=self.file,
                field=place,
                value=str(value),
                rule=rule,
                next_step=next_step,
            )
        )

    # ── values ───────────────────────────────────────────────────────────────────────────────────

    def text(self, table: Mapping[str, Any], name: str, place: str, *, needed: bool = False) -> str:
        value = table.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.fault(f"{place}{name}", "应是一段文字", "补上这一项", value)
            return ""
        return value.strip()

    def texts(self, table: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(f"{place}{name}", "应是文字的列表", '写成 ["…", "…"]', value)
            return ()
        for each, count in Counter(value).items():
            if count > 1:
                self.fault(f"{place}{name}", "同一项写了两次", "去掉一个", each)
        return tuple(value)

    def number(self, table: Mapping[str, Any], name: str, place: str, default: int) -> int:
        value = table.get(name, default)
        if type(value) is not int or value < 0:
            self.fault(f"{place}{name}", "应是不小于 0 的整数", "写成数字", value)
            return default
        return value

    def choice(self, table: Mapping[str, Any], name: str, place: str, default: _Choice) -> _Choice:
        value = table.get(name, default.value)
        kind = type(default)
        if value not in [each.value for each in kind]:
            options = "、".join(each.value for each in kind)
            self.fault(f"{place}{name}", f"应是 {options} 之一", "改成其中一个", value)
            return default
        return kind(value)

    def table(self, found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = found.get(name, _NOTHING)
        if not isinstance(value, dict | Mapping):
            self.fault(name, "应是一个表", f"写成 [{name}]", value)
            return _NOTHING
        return value

    def only(self, table: Iterable[str], known: Sequence[str], place: str) -> None:
        for name in table:
            if name not in known:
                step = f"去掉，或改成 {'、'.join(known)} 之一"
                self.fault(f"{place}{name}", "没有这一项", step)

    # ── parts ────────────────────────────────────────────────────────────────────────────────────

    def source(self, found: Mapping[str, Any], id_: str) -> SourceDescription:
        self.only(found, (*_TEXTS, *_REST, *_TABLES), "")
        if not _ID.fullmatch(id_):
            self.fault("文件名", "只能用 a-z、0-9 和 -", "改文件名", id_)
        said = {name: self.text(found, name, "", needed=True) for name in _TEXTS}
        fields = self.fields(self.table(found, "fields"))
        by_name = {field.name: field for field in fields}
        encoding = found.get("encoding", "auto")
        if encoding not in ENCODINGS:
            self.fault("encoding", f"应是 {'、'.join(ENCODINGS)} 之一", "改成其中一个", encoding)
        delivery = found.get("delivery")
        if delivery not in DELIVERIES:
            self.fault("delivery", f"应是 {'、'.join(DELIVERIES)} 之一", "改成其中一个", delivery)
        key = self.texts(found, "key", "")
        if not key:
            self.fault("key", "没有主键，认不出同一条记录", "写上一个或几个字段")
        for name in key:
            self.field_of(by_name, name, "key")
        self.subject(said["subject"], by_name)
        self.shared(said["subject"], by_name)
        ignored = self.texts(found, "ignored", "")
        self.headings(fields, ignored)
        return SourceDescription(
            id=id_,
            name=said["name"],
            owner=said["owner"],
            system=said["system"],
            about=said["about"],
            kind=said["kind"],
            subject=said["subject"],
            encoding=str(encoding),
            delivery=str(delivery),
            disclosure=self.choice(found, "disclosure", "", Disclosure.NOBODY),
            key=key,
            fields=fields,
            ignored=ignored,
            expect=self.expectation(self.table(found, "expect"), by_name),
            retention=self.retention(self.table(found, "retention"), by_name),
            revoking=self.revoking(found, by_name),
            sheet=self.text(found, "sheet", ""),
            table=self.text(found, "table", ""),
            catalogue=self.catalogue(found),
        )

    def fields(self, found: Mapping[str, Any]) -> tuple[Field, ...]:
        if not found:
            self.fault("fields", "没有字段", "写上 [fields.…]")
        return tuple(self.field(name, table) for name, table in found.items())

    def field(self, name: str, table: object) -> Field:
        place = f"fields.{name}."
        if not isinstance(table, dict):
            self.fault(place, "应是一个表", f"写成 [fields.{name}]", table)
            table = {}
        self.only(table, _OF_FIELD, place)
        if not _NAME.fullmatch(name):
            self.fault(place, "字段名只能用 a-z、0-9 和 _，以字母开头", "改字段名")
        if name in RESERVED:
            self.fault(place, "这个名字留给数据湖自己的列", f"改名，如 {name}_text")
        headings = self.texts(table, "headings", place)
        if not headings:
            self.fault(f"{place}headings", "没有列名", "写上文件中的列名")
        kind = self.choice(table, "type", place, Type.TEXT)
        disclosure = None
        if "disclosure" in table:
            disclosure = self.choice(table, "disclosure", place, Disclosure.NOBODY)
        required = table.get("required", False)
        if not isinstance(required, bool):
            self.fault(f"{place}required", "应是 true 或 false", "改成其中一个", required)
        return Field(
            name=name,
            label=self.text(table, "label", place, needed=True),
            headings=headings,
            type=kind,
            required=required is True,
            unit=self.unit(table, kind, place),
            codes=self.codes(table, kind, place),
            of=self.choice(table, "of", place, Of.SUBJECT),
            disclosure=disclosure,
            mask=self.mask(table, place),
            longest=self.number(table, "longest", place, Field.longest),
        )

    def unit(self, table: Mapping[str, Any], kind: Type, place: str) -> str:
        unit = self.text(table, "unit", place)
        if kind is Type.AMOUNT and unit not in FEN_PER:
            self.fault(f"{place}unit", f"应是 {'、'.join(FEN_PER)} 之一", "写上单位", unit)
        if kind is not Type.AMOUNT and unit:
            self.fault(f"{place}unit", "只有 amount 有单位", "去掉 unit", unit)
        return unit

    def codes(self, table: Mapping[str, Any], kind: Type, place: str) -> Mapping[str, str]:
        codes = table.get("codes", _NOTHING)
        texts = isinstance(codes, dict | Mapping) and all(
            isinstance(each, str) for each in codes.values()
        )
        if not texts or (kind is Type.CODE) != bool(codes):
            self.fault(
                f"{place}codes", "type 是 code 的字段，也只有它，应有代码表", '写成 { "1" = "…" }'
            )
            return {}
        return dict(codes)

    def mask(self, table: Mapping[str, Any], place: str) -> tuple[int, int] | None:
        if "mask" not in table:
            return None
        match table["mask"]:
            case [int(left), int(right)] if left >= 0 and right >= 0:
                return left, right
            case other:
                self.fault(f"{place}mask", "应是两个数：左右各留几个字", "写成 [6, 4]", other)
                return None

    def field_of(self, by_name: Mapping[str, Field], name: str, place: str) -> Field | None:
        if name not in by_name:
            self.fault(place, "没有这个字段", "改成 [fields.…] 中的一个", name)
        return by_name.get(name)

    def subject(self, subject: str, by_name: Mapping[str, Field]) -> None:
        if subject in SUBJECTS or not subject:
            return
        field = by_name.get(subject)
        if field is None or field.type is not Type.CODE:
            step = f"写 {'、'.join(SUBJECTS)} 之一，或一个 type 为 code 的字段"
            self.fault("subject", "既不是主体类别，也不是代码字段", step, subject)
            return
        for meaning in sorted(set(field.codes.values()) - set(SUBJECTS)):
            step = f"含义只能是 {'、'.join(SUBJECTS)}"
            self.fault(f"fields.{subject}.codes", "不是主体类别", step, meaning)

    def shared(self, subject: str, by_name: Mapping[str, Field]) -> None:
        """Fields named as columns of our own are those that fill them."""
        name = by_name.get("name")
        if name is not None and (name.type is not Type.NAME or name.of is not Of.SUBJECT):
            self.fault("fields.name.", "name 是主体名称的列", 'type 写 "name"，或改字段名')
        if "subject" in by_name and subject != "subject":
            self.fault("fields.subject.", "subject 是主体类别的列", "改字段名")

    def headings(self, fields: Sequence[Field], ignored: Sequence[str]) -> None:
        """One heading has one meaning; the same heading twice, however it is written, has two."""
        owners: dict[str, str] = {}
        said = [(plain_heading(h), h, f"fields.{f.name}") for f in fields for h in f.headings]
        for plain, heading, owner in [*said, *((plain_heading(h), h, "ignored") for h in ignored)]:
            if owners.setdefault(plain, owner) != owner:
                self.fault(owner, f"列名已属于 {owners[plain]}", "只留一处", heading)
        for kind in IDENTIFIERS:
            own = [f.name for f in fields if f.type is kind and f.of is Of.SUBJECT]
            if len(own) > 1:
                step = '属于法定代表人等的写 of = "other"'
                self.fault("fields", f"主体有两个 {kind.value}", step, "、".join(own))

    def expectation(self, table: Mapping[str, Any], by_name: Mapping[str, Field]) -> Expectation:
        known = ("rows", "rows_against_last", "quarantined_per_mille", "filled")
        self.only(table, known, "expect.")
        rows = None
        match table.get("rows"):
            case None:
                pass
            case [int(least), int(most)] if 0 <= least <= most:
                rows = (least, most)
            case other:
                self.fault("expect.rows", "应是最少和最多两个数", "写成 [100, 200000]", other)
        filled = self.table(table, "filled")
        for name, share in filled.items():
            self.field_of(by_name, name, "expect.filled")
            if type(share) is not int or not 0 <= share <= _MOST_PER_MILLE:
                self.fault(f"expect.filled.{name}", "应是千分数", "写 0 至 1000", share)
        limit = self.number(table, "quarantined_per_mille", "expect.", 50)
        return Expectation(
            rows=rows,
            rows_against_last=self.against_last(table),
            quarantined_per_mille=limit,
            filled=dict(filled),
        )

    def against_last(self, table: Mapping[str, Any]) -> tuple[float, float] | None:
        match table.get("rows_against_last"):
            case None:
                return None
            case {"min": int() | float() as least, "max": int() | float() as most, **rest} if (
                not rest and bool not in {type(least), type(most)} and 0 <= least <= most < math.inf
            ):
                return float(least), float(most)
            case other:
                what = "应是上一批行数的最少和最多倍数"
                step = "写成 { min = 0.5, max = 2.0 }"
                self.fault("expect.rows_against_last", what, step, other)
                return None

    def retention(self, table: Mapping[str, Any], by_name: Mapping[str, Field]) -> Retention:
        self.only(table, ("years", "counted_from"), "retention.")
        name = self.text(table, "counted_from", "retention.")
        if name:
            field = self.field_of(by_name, name, "retention.counted_from")
            if field is not None and field.type is not Type.DATE:
                self.fault("retention.counted_from", "不是日期字段", "换一个 date 字段", name)
        return Retention(years=self.number(table, "years", "retention.", 0), counted_from=name)

    def revoking(self, found: Mapping[str, Any], by_name: Mapping[str, Field]) -> Revoking | None:
        if "revoking" not in found:
            return None
        table = self.table(found, "revoking")
        self.only(table, ("field", "values"), "revoking.")
        name = self.text(table, "field", "revoking.", needed=True)
        values = self.texts(table, "values", "revoking.")
        field = self.field_of(by_name, name, "revoking.field")
        if not values:
            self.fault("revoking.values", "没有值", "写上表示撤销的含义")
        if field is not None and field.type is Type.CODE:
            for value in sorted(set(values) - set(field.codes.values())):
                self.fault("revoking.values", "不是这个字段的含义", "改成代码表右边的值", value)
        return Revoking(field=name, values=values)

    def catalogue(self, found: Mapping[str, Any]) -> CatalogueEntry | None:
        if "catalogue" not in found:
            return None
        table, place = self.table(found, "catalogue"), "catalogue."
        self.only(table, _OF_CATALOGUE, place)
        for name in ("cycle", "sharing", "opening"):
            if name not in table:
                self.fault(f"{place}{name}", "目录要写明这一项", f'写上 {name} = "…"')
        entry = CatalogueEntry(
            cycle=self.choice(table, "cycle", place, Cycle.IRREGULAR),
            sharing=self.choice(table, "sharing", place, Openness.NONE),
            sharing_terms=self.text(table, "sharing_terms", place),
            opening=self.choice(table, "opening", place, Openness.NONE),
            opening_terms=self.text(table, "opening_terms", place),
        )
        unsaid = "sharing" in table and not entry.sharing_terms
        if unsaid and entry.sharing is not Openness.UNCONDITIONAL:
            what = "有条件共享要写条件，不予共享要写依据"
            self.fault(f"{place}sharing_terms", what, '写上 sharing_terms = "…"')
        if entry.opening is Openness.CONDITIONAL and not entry.opening_terms:
            self.fault(f"{place}opening_terms", "有条件开放要写条件", '写上 opening_terms = "…"')
        return entry
