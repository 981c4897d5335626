"""How records are shown to one person for one purpose, and that each look is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.credit.means import Means
from yinuo.credit.permission import in_centre
from yinuo.credit.purposes.mask import mask, presented
from yinuo.credit.purposes.purpose import (
    PERSON,
    Capacity,
    Looker,
    Purpose,
    Shown,
    covers,
    permit,
)
from yinuo.credit.reads.log import Read
from yinuo.kernel.money import say_money
from yinuo.lake.records.description import Field, SourceDescription, Type
from yinuo.parties.viewer import Viewer

SUBJECT_LABELS = {"firm": "法人及非法人组织", "trader": "个体工商户", "person": "自然人"}


@dataclass(frozen=True, kw_only=True)
class ShownField:
    """One field of a fact."""

    name: str
    label: str
    text: str
    masked: bool


def capacities(means: Means, viewer: Viewer) -> frozenset[Capacity]:
    """In what capacities somebody looks, towards any entity; towards a source see `looker`."""
    held = {
        Capacity.ANYONE: True,
        Capacity.CENTRE: in_centre(means, viewer),
        Capacity.OFFICER: bool(viewer.officer_of),
        Capacity.SUPERVISOR: bool(viewer.supervisor_of),
        Capacity.AUDITOR: means.centre in viewer.auditor_of,
        Capacity.PROTECTOR: means.centre in viewer.protector_of,
    }
    return frozenset(each for each, is_held in held.items() if is_held)


def owns_any(means: Means, viewer: Viewer) -> bool:
    """Whether the viewer works for the owner of any source."""
    return any(source.owner in viewer.officer_of for source in means.sources.values())


def looker(source: SourceDescription, means: Means, viewer: Viewer) -> Looker:
    """The viewer towards one source: its keeper where they work for its owner."""
    own = {Capacity.KEEPER} if source.owner in viewer.officer_of else set()
    return Looker(capacities=capacities(means, viewer) | own)


def log_look(
    entity: str,
    purpose: Purpose,
    fields: Sequence[str],
    *,
    means: Means,
    viewer: Viewer,
    at: datetime,
) -> None:
    """Write a look down before anything is shown. Raises `ReadNotLogged`: then show nothing."""
    read = Read(
        reader=viewer.actor,
        capacity=acting(means, viewer),
        purpose=purpose.id,
        entity=entity,
        fields=fields,
    )
    means.reads.append(read, at=at)


def sheet_of(
    source: SourceDescription, subject: str, purpose: Purpose, *, means: Means, viewer: Viewer
) -> "Sheet":
    """How a source is shown to a viewer. Raises `PurposeRefused`."""
    towards = looker(source, means, viewer)
    permit(purpose, towards, subject)
    return Sheet(source, purpose, towards, subject)


def acting(means: Means, viewer: Viewer) -> str:
    """The duty in which somebody looks, for the read log."""
    if in_centre(means, viewer):
        return f"officer:{means.centre}"
    duties = (
        ("officer", viewer.officer_of),
        ("supervisor", viewer.supervisor_of),
        ("auditor", viewer.auditor_of),
        ("protector", viewer.protector_of),
    )
    return next((f"{role}:{min(units)}" for role, units in duties if units), "anyone")


@dataclass(frozen=True)
class Sheet:
    """How the fields of one source are shown to one viewer for one purpose."""

    source: SourceDescription
    purpose: Purpose
    looker: Looker
    subject: str

    def how(self, field: Field) -> Shown:
        """How a field is shown."""
        disclosure = field.disclosure or self.source.disclosure
        return covers(self.purpose, self.looker, self.source.kind, disclosure, self.subject)

    @property
    def _name_of_person(self) -> Field | None:
        """The field with the name of a person, which is closed even without a mask of its own."""
        return self.source.of_type_name if self.subject == PERSON else None

    @property
    def any_shown(self) -> bool:
        """Whether any field is."""
        return any(self.how(field) is not Shown.HIDDEN for field in self.source.fields)

    def fields(self, row: Mapping[str, Any]) -> tuple[ShownField, ...]:
        """What is shown of a record."""
        found = []
        for field in self.source.fields:
            value = row.get(field.name)
            if value is None or value == "":
                continue
            said, how = text_of(field, value), self.how(field)
            text = presented(field, said, how)
            if field is self._name_of_person and how is Shown.MASKED:
                text = mask(said, 1, 0)
            if text is not None:
                shown = ShownField(
                    name=field.name, label=field.label, text=text, masked=text != said
                )
                found.append(shown)
        return tuple(found)

    @property
    def hidden(self) -> int:
        """How many fields are not."""
        return sum(self.how(field) is Shown.HIDDEN for field in self.source.fields)


def text_of(field: Field, value: object) -> str:
    """A landed value as people read it."""
    if field.type is Type.AMOUNT:
        return say_money(int(str(value)))
    if field.type is Type.CODE:
        return SUBJECT_LABELS.get(str(value), str(value))
    return str(value)


def words_of(evidence: Mapping[str, Any]) -> tuple[str, ...]:
    """The reasons of a join as a steward reads them."""
    said = evidence.get("words", ())
    return (said,) if isinstance(said, str) else tuple(said)
