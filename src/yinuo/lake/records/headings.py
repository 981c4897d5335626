"""Which column is which field: every heading is a field, ignored, or a signal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.lake.read import WrongHeadings
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.parsing import plain_heading

LINES = 10
"""Records among which the headings are looked for."""


@dataclass(frozen=True)
class Places:
    """What the headings of a file mean."""

    fields: Mapping[str, int]
    """Field → place of its column, from 0."""
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    """Headings that are neither a field nor ignored."""


def places(headings: Sequence[str], source: SourceDescription, place: str) -> Places:
    """Where each field stands.

    Of two headings of one field the one that is named first counts, the other is a signal.
    Raises `WrongHeadings` where a field without which no row can land is missing, or the same
    heading stands twice.
    """
    plain = [plain_heading(heading) for heading in headings]
    known = {plain_heading(heading) for heading in source.ignored}
    fields: dict[str, int] = {}
    repeated: list[str] = []
    for field in source.fields:
        for word in map(plain_heading, field.headings):
            if plain.count(word) > 1:
                repeated.append(headings[plain.index(word)])
            if word in plain and field.name not in fields:
                fields[field.name] = plain.index(word)
    missing = tuple(field.name for field in source.fields if field.name not in fields)
    needed = _needed(source)
    absent = [source.by_name[name].headings[0] for name in missing if name in needed]
    if absent or repeated:
        raise WrongHeadings(place, absent, repeated, [each for each in headings if each])
    used = set(fields.values())
    unknown = tuple(
        heading
        for at, heading in enumerate(headings)
        if at not in used and plain[at] and plain[at] not in known
    )
    return Places(fields, missing, unknown)


def _needed(source: SourceDescription) -> set[str]:
    needed = {field.name for field in source.fields if field.required}
    if source.subject in source.by_name:
        needed.add(source.subject)
    # Of a key of several fields some may be missing in some years.
    return needed | set(source.key[:1] if len(source.key) == 1 else ())


def score(headings: Sequence[str], source: SourceDescription) -> int:
    """How many fields these headings name."""
    plain = {plain_heading(heading) for heading in headings}
    return sum(not plain.isdisjoint(map(plain_heading, f.headings)) for f in source.fields)
