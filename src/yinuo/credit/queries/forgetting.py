"""Requests that somebody be forgotten in the credit lake: who asked, on what ground, how far."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.credit.errors.forgetting import UnknownForgetting
from yinuo.credit.means import Means
from yinuo.credit.models import (
    BulkLetters,
    CreditBatch,
    CreditDeletion,
    CreditForgetting,
    ForgettingRun,
)
from yinuo.credit.models.forgetting import APPROVED, ASKED, STATE_LABELS
from yinuo.credit.models.forgetting_run import FAILED, RUN_LABELS
from yinuo.credit.permission import in_centre, reads_all
from yinuo.credit.story import Told, story_of
from yinuo.ledger.erased import GROUNDS
from yinuo.ledger.history import texts
from yinuo.parties.viewer import NotAllowed, Viewer

STEPS = {
    "credit_forgetting.asked": "申请删除",
    "credit_forgetting.approved": "批准",
    "credit_forgetting.refused": "不予删除",
    "credit_forgetting.carried_out": "执行删除",
}


@dataclass(frozen=True, kw_only=True)
class RunView:
    """What the worker makes of an order to carry it out."""

    state: str
    label: str
    ordered_by: str
    ordered_at: datetime
    begun_at: datetime | None
    reason: str
    """Why it failed, or why it waits."""

    @property
    def failed(self) -> bool:
        """Whether it has to be ordered anew."""
        return self.state == FAILED


@dataclass(frozen=True, kw_only=True)
class ForgettingView:
    """One request; it tells nothing of the person."""

    code: str
    ground: str
    """The item of the law, in words."""
    state: str
    state_label: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    done_at: datetime | None
    may_decide: bool
    """Whether the viewer is a possible second person."""
    may_carry_out: bool
    """Whether the viewer may have it deleted now: not while the worker is at it."""
    run: RunView | None
    """None before it is ordered, and once it is carried out."""


@dataclass(frozen=True, kw_only=True)
class Gone:
    """What went from one batch, bulk batch of letters or package."""

    where: str
    """Its code, or the id of one that was never recorded."""
    rows: Mapping[str, int]
    """By kind of file: records, seen, quarantine; public, closed, aside; sent."""
    batch: bool
    """Whether it is a batch that has a page of its own."""


@dataclass(frozen=True, kw_only=True)
class ForgettingDetail:
    """One request in full."""

    view: ForgettingView
    decided_at: datetime | None
    done_by: str
    refusal: str
    """Why it was refused; empty otherwise, and where the words were erased by law."""
    gone: tuple[Gone, ...]
    """What went as it was carried out, by code; nothing where nothing was found."""
    records: Mapping[str, int]
    """The same by source."""
    simulated: bool
    """Whether some of it was made up."""
    story: tuple[Told, ...]


def may_ask(*, means: Means, viewer: Viewer) -> bool:
    """Whether the viewer is a protector of the credit centre or of a unit above it."""
    return means.centre in viewer.protector_of


def forgettings(*, means: Means, viewer: Viewer) -> tuple[ForgettingView, ...]:
    """Every request, the newest first, for protectors, the centre and auditors.

    Raises `NotAllowed`.
    """
    _require_reader(means, viewer)
    rows = CreditForgetting.objects.select_related("run").order_by("-asked_at", "-code")
    return tuple(_view(row, means, viewer) for row in rows)


def forgetting(*, code: str, means: Means, viewer: Viewer) -> ForgettingDetail:
    """One of them, with what went. Raises `NotAllowed`, `UnknownForgetting`."""
    _require_reader(means, viewer)
    row = CreditForgetting.objects.select_related("run").filter(code=code).first()
    if row is None:
        raise UnknownForgetting(code)
    records, rows = _deleted(row)
    batches = dict(CreditBatch.objects.filter(code__in=rows).values_list("code", "simulated"))
    letters = BulkLetters.objects.filter(code__in=rows, simulated=True)
    return ForgettingDetail(
        view=_view(row, means, viewer),
        decided_at=row.decided_at,
        done_by=row.done_by,
        refusal=texts([row.reason_text]).get(row.reason_text, "") if row.reason_text else "",
        gone=tuple(
            Gone(where=where, rows=dict(counts), batch=where in batches)
            for where, counts in sorted(rows.items())
        ),
        records=dict(records),
        simulated=any(batches.values()) or letters.exists(),
        story=story_of(
            f"{CreditForgetting.SUBJECT}:{row.code}", labels=STEPS, spoken=("reason_text",)
        ),
    )


def _deleted(row: CreditForgetting) -> tuple[Counter[str], Mapping[str, Counter[str]]]:
    """What was deleted in the moment in which it was carried out: by source, and by place."""
    records: Counter[str] = Counter()
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    if row.done_at is None:
        return records, rows
    for deletion in CreditDeletion.objects.filter(deleted_at=row.done_at, deleted_by=row.done_by):
        records.update(deletion.records)
        for where, counts in deletion.rows.items():
            rows[where] += Counter(counts)
    return records, rows


def _require_reader(means: Means, viewer: Viewer) -> None:
    if not may_ask(means=means, viewer=viewer) and not reads_all(means, viewer):
        raise NotAllowed(
            "只有个人信息保护负责人、信用中心的经办人和审计人可以查看", place="依法删除"
        )


def _view(row: CreditForgetting, means: Means, viewer: Viewer) -> ForgettingView:
    protects = may_ask(means=means, viewer=viewer)
    run: ForgettingRun | None = getattr(row, "run", None)
    at_it = run is not None and run.state != FAILED
    return ForgettingView(
        code=row.code,
        ground=GROUNDS[row.ground],
        state=row.state,
        state_label=RUN_LABELS[run.state] if run else STATE_LABELS[row.state],
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decided_by=row.decided_by,
        done_at=row.done_at,
        may_decide=row.state == ASKED and protects and row.asked_by != viewer.actor,
        may_carry_out=row.state == APPROVED and not at_it and in_centre(means, viewer),
        run=_run(run),
    )


def _run(run: ForgettingRun | None) -> RunView | None:
    if run is None:
        return None
    return RunView(
        state=run.state,
        label=RUN_LABELS[run.state],
        ordered_by=run.ordered_by,
        ordered_at=run.ordered_at,
        begun_at=run.begun_at,
        reason=run.reason,
    )
