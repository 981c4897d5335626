"""The live records of a source, as a table of an engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from yinuo.lake.records.description import SourceDescription


@dataclass(frozen=True, kw_only=True)
class Live:
    """The newest state of every record of one source; what was revoked is not there.

    The table has the columns of landed records: record, subject, key, code, name and the fields.
    """

    source: SourceDescription
    table: str
    """Name of the table in the engine."""


def of_kind(live: Sequence[Live], kind: str) -> tuple[Live, ...]:
    """The sources with records of a kind."""
    return tuple(each for each in live if each.source.kind == kind)
