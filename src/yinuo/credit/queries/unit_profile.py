"""How a government unit keeps its word: its own profile, from the outcomes that credit takes."""

from dataclasses import dataclass
from datetime import date

from yinuo.commitments.queries.ended import public_ended
from yinuo.commitments.registry import kind_named
from yinuo.credit.unit_counts import KindLine, counted
from yinuo.kernel.errors import Plain
from yinuo.parties.queries import public_units


class UnknownUnitProfile(Plain):
    """No such unit."""

    code = "CREDIT-E225"
    status = 404
    said = "没有单位 {place}"
    step = "请从单位名单里选"


@dataclass(frozen=True, kw_only=True)
class UnitProfile:
    """One unit."""

    unit: str
    name: str
    whole: KindLine
    kinds: tuple[KindLine, ...]


def public_unit_profile(*, unit: str, today: date) -> UnitProfile:
    """Public promises of a unit, and its promises to applicants as mere counts.

    Raises `UnknownUnitProfile`.
    """
    found = next((each for each in public_units() if each.code == unit), None)
    if found is None:
        raise UnknownUnitProfile(unit[:40])
    ended = list(public_ended(today=today, unit=unit))
    kinds = {each.kind: kind_named(each.kind) for each in ended}
    return UnitProfile(
        unit=unit,
        name=found.name,
        whole=counted("合计", ended, today),
        kinds=tuple(
            counted(kind.label, [each for each in ended if each.kind == name], today)
            for name, kind in sorted(kinds.items(), key=lambda one: (one[1].order, one[0]))
        ),
    )
