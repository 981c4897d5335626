"""Whether this installation is well, for machines that watch it."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.behind import public_behind
from yinuo.content.queries import public_missing
from yinuo.ledger.queries import public_sealing_seconds, public_status
from yinuo.ledger.witnessed import public_alarms
from yinuo.notices.queries.sent import public_waiting
from yinuo.web import clock, files
from yinuo.web.request import public

OLDEST_SECONDS = 60
"""An entry that waits longer for the sealer is an alarm."""
UNWELL = 503
log = logging.getLogger(__name__)


@public
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """Database, size, and how sealing goes, in seconds; 503 when unwell.

    `last_sealing_seconds` is how long the slowest entry under the last checkpoint had waited;
    `uncounted` are sealed entries that counts and search have still to take in; `lost_content` are
    published rules whose file is gone; `oldest_due_job_seconds` and `oldest_unsent_seconds` say how
    far the worker for messages and the schedule is behind.
    """
    try:
        status = public_status()
    except DatabaseError:
        log.exception("health: the database does not answer")
        return JsonResponse({"ok": False, "database": False}, status=UNWELL)
    waiting = status.oldest_unsealed_at
    # recorded_at comes from the database's clock, so a demo home's date plays no part here.
    age = max(0.0, (clock.present() - waiting).total_seconds()) if waiting else 0.0
    alarms = public_alarms()
    lost = public_missing(on=clock.today(), store=files.store())
    well = age <= OLDEST_SECONDS and not (status.refused or alarms or lost)
    lag = public_sealing_seconds()
    return JsonResponse(
        {
            "ok": well,
            "database": True,
            "log_size": status.size,
            "unsealed": status.unsealed,
            "oldest_unsealed_seconds": round(age, 3),
            "last_sealing_seconds": None if lag is None else round(lag, 3),
            "uncounted": public_behind(size=status.size),
            "sealer_refuses": status.refused,
            "witness_alarms": alarms,
            "lost_content": lost,
            **_messages(),
        },
        status=200 if well else UNWELL,
    )


def _messages() -> dict[str, object]:
    """How the worker does, by the clock of its own jobs."""
    now = clock.now()
    waiting = public_waiting(at=now)
    job, unsent = waiting.oldest_due_job, waiting.oldest_unsent
    return {
        "oldest_due_job_seconds": round((now - job).total_seconds()) if job else None,
        "oldest_unsent_seconds": round((now - unsent).total_seconds()) if unsent else None,
        "undelivered": waiting.failed,
    }
