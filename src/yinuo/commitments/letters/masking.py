"""What of a letter others than its parties may read. Pure."""

from dataclasses import dataclass

from yinuo.commitments.letters.codec import to_data
from yinuo.commitments.letters.fields import FIELDS
from yinuo.commitments.letters.letter import Letter, PromisorKind


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as it is shown."""

    number: int
    name: str
    value: str
    masked: bool


def shown(letter: Letter, *, whole: bool) -> tuple[Shown, ...]:
    """The twenty items in order; not `whole`: names and numbers of persons masked by the rules.

    Name and code of a firm or trader are public by law and stay.
    """
    person = letter.promisor_kind is PromisorKind.PERSON
    data = to_data(letter)
    items = []
    for field in FIELDS:
        plain = data[field.name]
        mask = None if whole or not person else field.person_mask
        value = plain if mask is None else mask.over(plain)
        items.append(Shown(field.number, field.name, value, value != plain))
    return tuple(items)
