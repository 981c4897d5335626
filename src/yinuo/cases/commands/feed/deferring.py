"""容缺受理 and 告知承诺 on a fed case: typed here, the window's system has no word for them."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.cases.access.cases import act_at_window
from yinuo.cases.commands.declarations import put_declaration
from yinuo.cases.commands.deferrals import Gap, put_gaps
from yinuo.cases.commands.rows import locked_case, require_status
from yinuo.cases.errors.feed import NotFed
from yinuo.cases.life import Accepted, CaseStatus, Channel
from yinuo.cases.models import Case, CaseMaterial
from yinuo.cases.stored.cases import definition_of
from yinuo.ledger.commands.recording import By, command, record, record_new
from yinuo.parties.viewer import Viewer


@command("case.defer_on_fed")
def defer_on_fed(
    *,
    case: str,
    gaps: Sequence[Gap],
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> tuple[str, ...]:
    """Note that documents of a fed case, already accepted outside, are to come; returns codes.

    The table in force decides as for a typed case, and days count from the acceptance that was
    told. Only the documents deferred become rows here: of the others the window's system knows.
    Raises `UnknownCase`, `NotAllowed`, `NotFed`, `WrongCaseState`, `StaleVersion`, `Invalid`.
    """
    row, acting = _fed(case, by, version, wanted="登记容缺")
    assert row.accepted_at is not None  # noqa: S101  # an accepted case has it
    _put_materials(row, {gap.key for gap in gaps}, by=acting, at=at)
    made = put_gaps(row, gaps, accepted_at=row.accepted_at, by=acting, at=at)
    row.accepted_how = Accepted.WITH_GAP
    record(row, verb="case.gaps_noted", by=acting, at=at)
    return made


@command("case.declare_on_fed")
def declare_on_fed(
    *,
    case: str,
    keys: Sequence[str],
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """Note that a fed case was accepted on the applicant's declaration; returns its code.

    `keys`: the proofs that it stands for. The table in force decides as for a typed case, and the
    check follows the decision that is told. A gap noted before stays what the case is known by.
    Raises as `defer_on_fed`, and `NoRegion`.
    """
    row, acting = _fed(case, by, version, wanted="登记告知承诺")
    _put_materials(row, set(keys), by=acting, at=at)
    made = put_declaration(row, keys, by=acting, at=at)
    if row.accepted_how != Accepted.WITH_GAP:
        row.accepted_how = Accepted.ON_DECLARATION
    record(row, verb="case.declaration_noted", by=acting, at=at)
    return made


def _fed(case: str, by: Viewer, version: int | None, *, wanted: str) -> tuple[Case, By]:
    """A fed case that was accepted, locked, and who acts on it."""
    row = locked_case(case, by, version)
    acting = act_at_window(row, by)
    if row.channel != Channel.FEED:
        raise NotFed(case)
    require_status(row, allowed=frozenset({CaseStatus.ACCEPTED}), wanted=wanted, fed=True)
    return row, acting


def _put_materials(row: Case, keys: set[str], *, by: By, at: datetime) -> None:
    there = set(row.materials.values_list("key", flat=True))
    new = [
        CaseMaterial(code=f"{row.code}/{one.key}", case=row, key=one.key, name=one.name)
        for one in definition_of(row.item_version).materials
        if one.key in keys - there
    ]
    record_new(new, verb="case_material.put", by=by, at=at)
