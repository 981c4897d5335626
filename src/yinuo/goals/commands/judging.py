"""Judging a delivery that registers count: whoever reads the indicator sees it at once."""

from datetime import datetime

from yinuo.commitments.commands import judge
from yinuo.commitments.life import Outcome
from yinuo.goals.commands.recount import recount
from yinuo.goals.models import ProjectStage
from yinuo.goals.projects.stages import Stage
from yinuo.goals.register.reaching import names_of_stage
from yinuo.ledger.commands.recording import command
from yinuo.parties.viewer import Viewer


@command("goals.verify")
def verify(
    *, commitment: str, note: str, by: Viewer, at: datetime, version: int | None = None
) -> Outcome:
    """Verify a delivery as `judge.verify` does, and count anew what it counts for."""
    outcome = judge.verify(commitment=commitment, note=note, by=by, at=at, version=version)
    _recount(commitment, by, at)
    return outcome


@command("goals.overturn")
def overturn(
    *,
    commitment: str,
    note: str,
    broken: bool,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Overturn a verification as `judge.overturn` does, and count anew what it counted for."""
    judge.overturn(commitment=commitment, note=note, broken=broken, by=by, at=at, version=version)
    _recount(commitment, by, at)


def _recount(commitment: str, by: Viewer, at: datetime) -> None:
    stage = ProjectStage.objects.filter(commitment=commitment).first()
    if stage is not None:
        recount(names=names_of_stage(Stage(stage.stage)), at=at, by=by)
