"""The reporting units (填报单位) that promises are owed by."""

from datetime import date

from ninja import Router, Schema

from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.parties.errors import UnknownParty
from yinuo.parties.queries import UnitView, public_units

router = Router(tags=["units"])


class Unit(Schema):
    """A reporting unit; not a region: a functional zone overlaps its host districts."""

    code: str
    name: str
    kind: str
    gb_code: str
    """GB/T 2260 code; empty where it is no administrative region."""
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    """Day after its last one; null while it exists."""


def _unit(found: UnitView) -> Unit:
    return Unit(
        code=found.code,
        name=found.name,
        kind=found.kind,
        gb_code=found.gb_code,
        parent=found.parent,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
    )


@router.get("", response=list[Unit], summary="List units")
def units(request: Request) -> list[Unit]:
    """Every reporting unit, by code."""
    del request
    return [_unit(found) for found in public_units()]


@router.get("/{code}", response={200: Unit, 404: Problem}, summary="One unit")
def unit(request: Request, code: str) -> Unit:
    """One unit."""
    del request
    for found in public_units():
        if found.code == code:
            return _unit(found)
    raise UnknownParty(f"单位 {code}")
