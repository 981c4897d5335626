"""Keeping the whole lights of the register, so that no page has to work all of them out."""

from collections.abc import Sequence
from datetime import date

from yinuo.commitments.lights.table import available
from yinuo.goals.models import LitRegister
from yinuo.goals.queries.project_lights import whole_lights
from yinuo.goals.register.table import ASK, Known, project_table
from yinuo.goals.stored.lit import kept_lights
from yinuo.ledger.outbox import end_of_sealed
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import ANYONE, Viewer


def light_projects(*, today: date) -> int:
    """Keep the whole light of every project as of a day; how many had to be worked out.

    As everybody sees it and as an insider does, so each counts twice. What is kept and still holds
    is not worked out again. Nothing is kept before a table is published.
    """
    published = available(today)
    if published is None or published.published is None:
        return 0
    place, version = end_of_sealed(), published.deciding.version
    codes = project_table(today).codes
    units = frozenset(unit.code for unit in public_units())
    insider = Viewer(account_id=0, username="system", auditor_of=units)
    return sum(_keep(codes, seer, version, place, today) for seer in (ANYONE, insider))


def _keep(codes: Sequence[str], viewer: Viewer, version: str, place: int, today: date) -> int:
    inside = viewer is not ANYONE
    known = kept_lights(version=version, inside=inside, today=today)
    missing = [code for code in codes if code not in known]
    if not missing:
        # Else it would have to look at more and more entries.
        LitRegister.objects.filter(inside=inside).update(place=place)
        return 0
    known |= _worked_out(missing, viewer, today)
    row = LitRegister(inside=inside, on_date=today, table=version, place=place)
    row.colours = {code: colour.value if colour else "" for code, colour in known.items()}
    row.save()
    return len(missing)


def _worked_out(codes: Sequence[str], viewer: Viewer, today: date) -> Known:
    found: Known = {}
    for start in range(0, len(codes), ASK):
        some = codes[start : start + ASK]
        found |= whole_lights(codes=some, viewer=viewer, today=today)
    return found
