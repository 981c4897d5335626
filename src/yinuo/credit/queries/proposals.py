"""Joins that a model proposes and a person has to decide on."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.credit.errors.joins import UnknownProposal
from yinuo.credit.means import Means
from yinuo.credit.models import JoinJudgement
from yinuo.credit.nodes import spelled
from yinuo.credit.permission import in_centre, require_reader
from yinuo.credit.purposes.mask import mask
from yinuo.credit.purposes.purpose import PERSON, Purpose, purpose_named
from yinuo.credit.record_kinds import BY_NAME
from yinuo.credit.released import Fact, Found, Proposed, Released, opened
from yinuo.credit.resolving.judgements import RECORD
from yinuo.credit.showing import ShownField, log_look, sheet_of, words_of
from yinuo.ledger.history import texts
from yinuo.parties.viewer import Viewer

PAGE = 50
PLACE = "待确认的关联"
STEWARDSHIP, AUDIT = "stewardship", "audit"
"""For which those who decide look, and those who audit them."""
REGISTRATION = "registration"
"""Kind of the records that say what an entity is."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is compared: the record, or the entity."""

    name: str
    fields: tuple[ShownField, ...]


@dataclass(frozen=True, kw_only=True)
class ProposalView:
    """A record without a valid code, and the entity that a model thinks it belongs to."""

    record: str
    source: str
    source_name: str
    kind_label: str
    batch: str
    first_seen: date
    entity: str
    score_mille: int
    evidence: tuple[str, ...]
    left: Side
    """The record."""
    right: Side
    """The entity."""
    may_decide: bool


@dataclass(frozen=True, kw_only=True)
class ProposalPage:
    """Some proposals that nobody decided on, the surest first."""

    rows: tuple[ProposalView, ...]
    total: int
    page: int
    pages: int


def proposals(
    *, means: Means, viewer: Viewer, at: datetime, page: int = 1, size: int = PAGE
) -> ProposalPage:
    """Proposals of the current release that wait for a person; each look is in the read log.

    Raises `NotAllowed`, `NoRelease`, `PurposeRefused`, `ReadNotLogged`.
    """
    require_reader(means, viewer, place=PLACE)
    with opened(means) as release:
        waiting = _waiting(release)
        pages = max(-(-len(waiting) // size), 1)
        page = min(max(page, 1), pages)
        some = waiting[(page - 1) * size : page * size]
        rows = _views(some, release, means, viewer, at)
    return ProposalPage(rows=rows, total=len(waiting), page=page, pages=pages)


def waiting(*, means: Means, viewer: Viewer) -> int:
    """How many proposals wait for a person; nothing of any is shown, so nothing is logged.

    Raises `NotAllowed`, `NoRelease`.
    """
    require_reader(means, viewer, place=PLACE)
    with opened(means) as release:
        return len(_waiting(release))


def proposal(*, record: str, means: Means, viewer: Viewer, at: datetime) -> ProposalView:
    """One of them. Raises `UnknownProposal` and what `proposals` raises."""
    require_reader(means, viewer, place=PLACE)
    with opened(means) as release:
        waiting = [each for each in _waiting(release) if each.record == record]
        rows = _views(waiting, release, means, viewer, at)
    if not rows:
        raise UnknownProposal(record)
    return rows[0]


def _waiting(release: Released) -> list[Proposed]:
    """Those on which nobody has decided since; another entity for the same record is asked anew."""
    nodes = [f"{RECORD}{each.record}" for each in release.proposals]
    rows = list(JoinJudgement.objects.filter(left__in=nodes))
    said = texts(row.right for row in rows)
    decided = {(row.left, spelled(row.right, said)) for row in rows}
    joined = {row.left for row in rows if row.same}
    return [
        each
        for node, each in zip(nodes, release.proposals, strict=True)
        if node not in joined and (node, each.key) not in decided
    ]


def _views(
    some: list[Proposed], release: Released, means: Means, viewer: Viewer, at: datetime
) -> tuple[ProposalView, ...]:
    facts = release.facts([each.record for each in some]) if some else {}
    name = STEWARDSHIP if in_centre(means, viewer) else AUDIT
    purpose = purpose_named(means.purposes, name)
    found = []
    for each in some:
        fact = facts.get(each.record)
        if fact is None:  # revoked since; the next release has no such proposal
            continue
        entity = release.entity_of_key(each.key)
        found.append(_view(each, fact, entity, purpose, means, viewer, at))
    return tuple(found)


def _view(  # noqa: PLR0917  # one call, above
    proposed: Proposed,
    fact: Fact,
    entity: Found,
    purpose: Purpose,
    means: Means,
    viewer: Viewer,
    at: datetime,
) -> ProposalView:
    source = means.sources[fact.source]
    sheet = sheet_of(source, fact.row["subject"], purpose, means=means, viewer=viewer)
    left = sheet.fields(fact.row)
    closed = fact.row["subject"] == PERSON and not purpose.full
    names = [fact.row["name"] or "", entity.document["name"] or ""]
    own, other = (mask(name, 1, 0) if closed else name for name in names)
    seen = [f"{source.id}.{field.name}" for field in left]
    log_look(entity.entity, purpose, seen, means=means, viewer=viewer, at=at)
    kind = BY_NAME.get(source.kind)
    return ProposalView(
        record=proposed.record,
        source=source.id,
        source_name=source.name,
        kind_label=kind.label if kind else source.kind,
        batch=fact.row["batch"],
        first_seen=fact.row["first_seen"],
        entity=entity.entity,
        score_mille=proposed.score_mille,
        evidence=words_of(json.loads(proposed.evidence)),
        left=Side(name=own, fields=left),
        right=Side(name=other, fields=_known(entity, purpose, means, viewer)),
        may_decide=in_centre(means, viewer),
    )


def _known(entity: Found, purpose: Purpose, means: Means, viewer: Viewer) -> tuple[ShownField, ...]:
    """What the registration says of an entity: that is what the record is held against."""
    for source, facts in entity.document["facts"].items():
        described = means.sources.get(source)
        if described is not None and described.kind == REGISTRATION and facts["rows"]:
            subject = facts["rows"][0]["subject"]
            sheet = sheet_of(described, subject, purpose, means=means, viewer=viewer)
            return sheet.fields(facts["rows"][0])
    return ()
