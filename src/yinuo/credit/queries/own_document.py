"""The records of a signed-in subject for its own eyes; each look is written down first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.errors.reports import NotOwnRecord
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRelease
from yinuo.credit.nodes import entity_id
from yinuo.credit.purposes.purpose import Capacity, Looker, Shown
from yinuo.credit.queries.subjects import SubjectView
from yinuo.credit.reads.log import LONGEST_FIELDS, Read
from yinuo.credit.released import current_row, opened
from yinuo.credit.showing import Sheet

PURPOSE = "self"
ITSELF = Looker(capacities=frozenset({Capacity.SUBJECT}))


@dataclass(frozen=True, kw_only=True)
class OwnDocument:
    """The document of a subject in the current release."""

    entity: str
    document: Mapping[str, Any]
    """Without records: one of the same shape with no facts."""
    release: CreditRelease

    def row(self, record: str) -> tuple[str, Mapping[str, Any]]:
        """Source and row of one record. Raises `NotOwnRecord`."""
        for source, said in self.document["facts"].items():
            for row in said["rows"]:
                if row["record"] == record:
                    return source, row
        raise NotOwnRecord(record)


def public_own(*, subject: SubjectView, means: Means, at: datetime) -> OwnDocument:
    """The subject's document; the look stands in the read log. Raises `NoRelease`."""
    release = current_row()
    if release is None:
        raise NoRelease
    try:
        with opened(means) as now:
            found = now.entity_of_code(subject.number)
            entity, document, release = found.entity, found.document, now.row
    except UnknownEntity:
        entity = entity_id(means.salt, subject.key)
        document = {"kind": subject.kind, "name": subject.name, "records": 0, "facts": {}}
    look = Read(
        reader=f"subject:{subject.code}",
        capacity=PURPOSE,
        purpose=PURPOSE,
        entity=entity,
        fields=_fields(document, subject, means),
    )
    means.reads.append(look, at=at)
    return OwnDocument(entity=entity, document=document, release=release)


def public_own_sheet(source: str, subject: SubjectView, means: Means) -> Sheet | None:
    """How a source is shown to the subject itself; None where it is described no more."""
    described = means.sources.get(source)
    if described is None:
        return None
    return Sheet(described, means.purposes[PURPOSE], ITSELF, subject.kind)


def _fields(document: Mapping[str, Any], subject: SubjectView, means: Means) -> Sequence[str]:
    sheets = {name: public_own_sheet(name, subject, means) for name in document["facts"]}
    seen = [
        f"{name}.{field.name}"
        for name, sheet in sheets.items()
        if sheet
        for field in sheet.source.fields
        if sheet.how(field) is not Shown.HIDDEN
    ]
    return sorted(seen)[:LONGEST_FIELDS]
