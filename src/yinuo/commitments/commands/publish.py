"""公开前保密审查: passing a commitment to the public, or keeping it back."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.commitments.commands.curve import curve_blocks_publishing
from yinuo.commitments.commands.rows import fetch
from yinuo.commitments.errors import Invalid, UnknownCommitment
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Observation
from yinuo.commitments.permission import act_as_creditor, visible_observations
from yinuo.ledger.commands.recording import command, record
from yinuo.ledger.history import last_actor
from yinuo.parties.viewer import NotAllowed, Viewer


@command("commitment.publish")
def publish(
    *, commitments: Sequence[str], visibility: Visibility, by: Viewer, at: datetime
) -> None:
    """Set who may see commitments, their history included; all or nothing.

    The reviewer is not the person who registered them. Raises `NotAllowed`, `Invalid`.
    """
    for code in commitments:
        row = fetch(code, by, None)
        acting = act_as_creditor(row, by)
        if last_actor(row.subject, "commitment.registered") == by.actor:
            raise NotAllowed("登记人不能审查自己登记的承诺", place=code)
        if row.visibility == visibility:
            raise Invalid(code, [("visibility", "已经是这个公开类型")])
        if visibility == Visibility.PUBLIC and curve_blocks_publishing(row):
            raise Invalid(code, [("visibility", "序时进度里有还没有公开的里程碑，请先审查它们")])
        row.visibility = visibility
        record(row, verb="commitment.published", by=acting, at=at)


@command("observation.publish")
def publish_observations(
    *, observations: Sequence[str], visibility: Visibility, by: Viewer, at: datetime
) -> None:
    """Set who may see observations of an office the viewer supervises for; all or nothing.

    The reviewer is not the person who registered them. Raises `NotAllowed`, `Invalid`.
    """
    for code in observations:
        rows = Observation.objects.select_for_update()
        row = rows.filter(visible_observations(by), code=code).first()
        if row is None:
            raise UnknownCommitment(code)
        if row.office_id not in by.supervisor_of:
            raise NotAllowed("只有该单位的督查人可以审查公开", place=code)
        if last_actor(row.subject, "observation.registered") == by.actor:
            raise NotAllowed("登记人不能审查自己登记的内容", place=code)
        if row.visibility == visibility:
            raise Invalid(code, [("visibility", "已经是这个公开类型")])
        row.visibility = visibility
        record(row, verb="observation.published", by=by.acting("supervisor", row.office_id), at=at)
