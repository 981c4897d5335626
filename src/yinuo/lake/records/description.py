"""What a source delivers: one file a source, read into this and checked before anything else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from yinuo.kernel.canonical import Canonical, canonical_bytes


class Type(StrEnum):
    """What a column holds, and so how it is landed."""

    TEXT = "text"
    """Landed as text, blanks at the ends removed."""
    NAME = "name"
    """The name of the subject: text, with full-width Latin and blanks made plain."""
    DATE = "date"
    """Landed as a date."""
    AMOUNT = "amount"
    """Money: landed as whole 分, from the unit of the column."""
    NUMBER = "number"
    """A whole number."""
    CODE = "code"
    """One of `codes`: landed as its meaning."""
    USCC = "uscc"
    ORGANISATION = "org"
    REGISTRATION = "reg"
    TAX = "tax"
    RID = "rid"
    """Identifiers: landed as text in their one form, never repaired."""


IDENTIFIERS = (Type.USCC, Type.ORGANISATION, Type.TAX, Type.REGISTRATION, Type.RID)
"""In the order in which they are asked for the key of a record."""


class Disclosure(StrEnum):
    """Who may see a record or a field of it."""

    PUBLIC = "public"
    """Everybody."""
    PURPOSE = "purpose"
    """Whoever holds a purpose that covers it, and the subject."""
    SUBJECT = "subject"
    """The subject alone, and those who keep the source."""
    NOBODY = "nobody"
    """Kept to join records, never shown."""


class Of(StrEnum):
    """Whom an identifier or a name belongs to."""

    SUBJECT = "subject"
    OTHER = "other"
    """A representative, an owner: never used to say whose record it is."""


class Cycle(StrEnum):
    """How often a source is delivered (更新周期)."""

    REALTIME = "realtime"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"
    NEVER = "never"


class Openness(StrEnum):
    """On what terms data are given away (共享属性, 开放属性)."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of the records, by any heading under which files bring it."""

    name: str
    """In our records: a-z, 0-9 and _."""
    label: str
    """What people call it."""
    headings: tuple[str, ...]
    type: Type = Type.TEXT
    required: bool = False
    """A row without it is put aside."""
    unit: str = ""
    """Of amounts: 元, 万元, 分."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Of codes: what is written → what it means. A value that is not here is put aside."""
    of: Of = Of.SUBJECT
    disclosure: Disclosure | None = None
    """Narrower than that of the source; None: the same."""
    mask: tuple[int, int] | None = None
    """Characters left and right that stay when it is shown to those without full right."""
    longest: int = 4_000


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What a healthy batch looks like; one that does not is not published."""

    rows: tuple[int, int] | None = None
    """Fewest and most rows."""
    rows_against_last: tuple[float, float] | None = None
    """Fewest and most rows for each row of the source's last batch."""
    quarantined_per_mille: int = 50
    filled: Mapping[str, int] = field(default_factory=dict)
    """Field → least share of accepted rows that have it, per mille."""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long records are kept: deleted so many years after a date of theirs; 0: for ever."""

    years: int = 0
    counted_from: str = ""
    """A field of dates; empty: the day on which the record was first seen."""


@dataclass(frozen=True, kw_only=True)
class Revoking:
    """Which rows take an earlier record with the same key back."""

    field: str
    values: tuple[str, ...]
    """Meanings of that field."""


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """What the catalogue of government data says of a source (政务信息资源目录)."""

    cycle: Cycle
    sharing: Openness
    """With other units."""
    sharing_terms: str = ""
    """The condition, or what forbids it."""
    opening: Openness
    """To society."""
    opening_terms: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceDescription:
    """One source. Frozen: its digest names the batches that were landed by it."""

    id: str
    """Name of its file: a-z, 0-9 and -."""
    name: str
    owner: str
    """Code of the unit that answers for it."""
    system: str
    about: str
    kind: str
    """What a record is: registration, penalty, licence, arrears … (`credit` knows the list)."""
    subject: str
    """firm, trader or person; or the name of a CODE field that says which."""
    encoding: str
    """utf-8, gb18030 or auto."""
    delivery: str
    """`delta`: a batch adds; `full`: what a batch lacks is gone."""
    disclosure: Disclosure
    key: tuple[str, ...]
    """Fields that say which record it is; the same key again is a correction of the record."""
    fields: tuple[Field, ...]
    ignored: tuple[str, ...] = ()
    """Headings known and left out; any other heading without a field is a signal."""
    expect: Expectation = field(default_factory=Expectation)
    retention: Retention = field(default_factory=Retention)
    revoking: Revoking | None = None
    sheet: str = ""
    """Of workbooks: the sheet; empty: every sheet with the headings."""
    table: str = ""
    """Of databases: the table or query that is read over ADBC."""
    catalogue: CatalogueEntry | None = None
    """None: not put down yet."""

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {each.name: each for each in self.fields}

    @property
    def identifiers(self) -> tuple[Field, ...]:
        """Fields that say whose record it is, the surest first."""
        own = [each for each in self.fields if each.of is Of.SUBJECT]
        return tuple(each for kind in IDENTIFIERS for each in own if each.type is kind)

    @property
    def of_type_name(self) -> Field | None:
        """The field with the subject's name."""
        own = (each for each in self.fields if each.of is Of.SUBJECT and each.type is Type.NAME)
        return next(own, None)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything above that says how files become records."""
        return sha256(canonical_bytes(_plain(self))).hexdigest()


def _plain(source: SourceDescription) -> dict[str, Canonical]:
    fields: list[Canonical] = [
        {
            "name": each.name,
            "headings": list(each.headings),
            "type": each.type.value,
            "required": each.required,
            "unit": each.unit,
            "codes": dict(each.codes),
            "of": each.of.value,
            "longest": each.longest,
        }
        for each in source.fields
    ]
    return {
        "id": source.id,
        "kind": source.kind,
        "subject": source.subject,
        "encoding": source.encoding,
        "delivery": source.delivery,
        "key": list(source.key),
        "fields": fields,
        "revoking": [source.revoking.field, *source.revoking.values] if source.revoking else [],
        "sheet": source.sheet,
        "table": source.table,
    }
