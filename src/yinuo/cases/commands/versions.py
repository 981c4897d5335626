"""Moving a running case to a newer version of its item, where that is better for the applicant."""

from datetime import datetime

from yinuo.cases.access.cases import act_in_department
from yinuo.cases.commands.rows import locked_case, recompute, require_status
from yinuo.cases.errors.cases import NotFavourable
from yinuo.cases.in_force.items import item_version_in_force
from yinuo.cases.items.comparing import differences
from yinuo.cases.life import OPEN, MaterialState
from yinuo.cases.models import Case
from yinuo.cases.stored.cases import definition_of
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, record
from yinuo.parties.viewer import Viewer


@command("case.improve")
def improve(*, case: str, by: Viewer, at: datetime, version: int | None = None) -> str:
    """Pin the version now in force instead; returns its code.

    Only where every difference is favourable to the applicant. Raises `UnknownCase`,
    `NotAllowed`, `WrongCaseState`, `NotFavourable`, `UnknownItem`, `StaleVersion`.
    """
    row = locked_case(case, by, version)
    acting = act_in_department(row, by)
    require_status(row, allowed=OPEN, wanted="改用新版办事指南")
    now = item_version_in_force(row.item_version.item_id, civil_date(at))
    if now.pk == row.item_version_id:
        raise NotFavourable(row.code, "收件时的版本就是现行版本")
    found = differences(definition_of(row.item_version), definition_of(now))
    against = [one.label for one in found if not one.favourable]
    if against:
        raise NotFavourable(row.code, "、".join(against))
    row.item_version = now
    _spare(row, acting, at)
    recompute(row)
    record(row, verb="case.version_improved", by=acting, at=at)
    return now.code


def _spare(row: Case, by: By, at: datetime) -> None:
    """Documents that the new version no longer requires are waited for no more."""
    item = definition_of(row.item_version)
    for material in row.materials.filter(state=MaterialState.MISSING):
        found = item.material(material.key)
        if found is None or not found.required:
            material.state, material.wish, material.wish_until = MaterialState.NOT_NEEDED, "", None
            record(material, verb="case_material.spared", by=by, at=at)
