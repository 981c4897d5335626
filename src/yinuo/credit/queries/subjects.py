"""Who a signed-in subject is, and which entity of the lake that is."""

from dataclasses import dataclass

from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.means import Means
from yinuo.credit.models import Subject
from yinuo.credit.nodes import entity_id, key_of
from yinuo.credit.released import opened
from yinuo.ledger.history import texts


@dataclass(frozen=True, kw_only=True)
class SubjectView:
    """A subject as its own pages have it."""

    code: str
    kind: str
    """`firm`, `trader` or `person`."""
    name: str
    number: str
    """The whole number: for the subject's own pages alone."""
    simulated: bool

    @property
    def key(self) -> str:
        """The key of its records."""
        return key_of(self.kind, self.number)


def public_subject(*, code: str) -> SubjectView | None:
    """The subject of a session; None where its texts were erased by law."""
    row = Subject.objects.filter(pk=code).first()
    if row is None:
        return None
    said = texts([row.name_text, row.number_text])
    number = said.get(row.number_text, "")
    if not number:
        return None
    return SubjectView(
        code=row.code,
        kind=row.kind,
        name=said.get(row.name_text, ""),
        number=number,
        simulated=row.simulated,
    )


def public_entity_of(*, subject: SubjectView, means: Means) -> str:
    """The opaque id of the subject in the lake, whether or not there are records of it.

    A code that was changed leads to the entity that bears it now.
    """
    try:
        with opened(means) as release:
            return release.entity_of_code(subject.number).entity
    except (NoRelease, UnknownEntity):
        return entity_id(means.salt, subject.key)
