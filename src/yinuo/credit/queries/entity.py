"""All that is known of one entity, as far as the purpose of whoever looks covers it.

Each look stands in the read log before anything is answered; if it cannot, nothing is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yinuo.credit.means import Means
from yinuo.credit.models import CreditBatch
from yinuo.credit.nodes import is_key
from yinuo.credit.overlay import PLAIN, Mark, marks_of, without
from yinuo.credit.permission import in_centre, reads_all
from yinuo.credit.profile.terms import Regime
from yinuo.credit.purposes.mask import RESIDENT_NUMBER, mask
from yinuo.credit.purposes.purpose import (
    PERSON,
    Capacity,
    Looker,
    Purpose,
    permit,
    purpose_named,
    refusal,
)
from yinuo.credit.queries.judgements import JudgementView, judgements
from yinuo.credit.reads.log import LONGEST_FIELDS
from yinuo.credit.record_kinds import BY_NAME
from yinuo.credit.regimes.terms_of import term_of
from yinuo.credit.released import Found, Released, opened
from yinuo.credit.showing import (
    SUBJECT_LABELS,
    Sheet,
    ShownField,
    capacities,
    log_look,
    looker,
    owns_any,
    words_of,
)
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

HOW_LABELS = {
    "code": "代码一致",
    "history": "代码变更",
    "linked": "模型关联",
    "judged": "人工确认",
    "none": "只有名称",
}
KIND_LABELS = {**SUBJECT_LABELS, "unknown": "尚未识别"}
KEEPING = frozenset(
    {
        *(Capacity.SUBJECT, Capacity.KEEPER, Capacity.CENTRE),
        *(Capacity.AUDITOR, Capacity.PROTECTOR),
    }
)
"""Who sees records that nobody uses any more: whoever keeps or checks them."""
BY_CODE = "记录上的有效代码就是这个主体的代码"


@dataclass(frozen=True, kw_only=True)
class FactView:
    """One record about the entity."""

    record: str
    """32 hex."""
    batch: str
    """Code of the batch that brought it as it is now."""
    first_seen: date
    last_seen: date
    name: str
    """Of the subject, as the record has it."""
    how: str
    """code, history, linked, judged or none."""
    how_label: str
    score_mille: int | None
    """Of linkage, of a thousand."""
    evidence: tuple[str, ...]
    """Why it was joined, in words."""
    fields: tuple[ShownField, ...]
    """Those that the purpose covers, in the order of the description."""
    hidden: int
    """How many fields it does not cover."""
    may_split: bool
    mark: Mark = PLAIN
    """What was decided about it since: contested, given back to its source, repaired."""


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """The facts of one source about the entity, the newest first."""

    source: str
    name: str
    owner_name: str
    kind: str
    kind_label: str
    facts: tuple[FactView, ...]
    total: int
    """How many there are; more than are shown where there are very many."""


@dataclass(frozen=True, kw_only=True)
class EntityView:
    """One entity, for one purpose."""

    entity: str
    """Opaque: `E` and 24 hex."""
    kind: str
    """firm, trader, person or unknown."""
    kind_label: str
    name: str
    code: str
    """The current identifier; masked where the purpose says so; empty for none."""
    records: int
    sources: tuple[SourceFacts, ...]
    hidden_sources: int
    """Sources with facts that the purpose does not cover."""
    judgements: tuple[JudgementView, ...]
    """What people decided about joins of it; for those who may read them."""
    purpose: str
    purpose_label: str
    release: int
    """Number of the release that was read."""
    published_at: datetime
    simulated: bool
    read_at: datetime
    """As the read log has it."""


def by_code(*, code: str, purpose: str, means: Means, viewer: Viewer, at: datetime) -> EntityView:
    """The entity with this code, old or new. The look is written in the read log first.

    Raises `UnknownPurpose`, `PurposeRefused`, `UnknownEntity`, `NoRelease`, and what the read log
    raises when it cannot be written.
    """
    wanted = _wanted(purpose, means, viewer)
    with opened(means) as release:
        return _view(release.entity_of_code(code), wanted, release, means, viewer, at)


def by_entity(
    *, entity: str, purpose: str, means: Means, viewer: Viewer, at: datetime
) -> EntityView:
    """The same by opaque id, for addresses. Raises what `by_code` raises."""
    wanted = _wanted(purpose, means, viewer)
    with opened(means) as release:
        return _view(release.entity(entity), wanted, release, means, viewer, at)


def purposes(*, means: Means, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """The purposes for which the viewer may look, as (id, label), in their order."""
    found = means.purposes.values()
    return tuple((each.id, each.label) for each in found if _may_use(each, means, viewer))


def _wanted(name: str, means: Means, viewer: Viewer) -> Purpose:
    """The purpose, if the viewer has any use of it.

    Asked before anything is looked up, so that no refusal tells whether there are records.
    """
    purpose = purpose_named(means.purposes, name)
    if not _may_use(purpose, means, viewer):
        subject = min(purpose.subjects)
        permit(purpose, Looker(capacities=capacities(means, viewer)), subject)
    return purpose


def _may_use(purpose: Purpose, means: Means, viewer: Viewer) -> bool:
    own = {Capacity.KEEPER} if owns_any(means, viewer) else set()
    looker = Looker(capacities=capacities(means, viewer) | own)
    return any(not refusal(purpose, looker, subject) for subject in purpose.subjects)


def _view(  # noqa: PLR0917  # two calls, above
    found: Found,
    purpose: Purpose,
    release: Released,
    means: Means,
    viewer: Viewer,
    at: datetime,
) -> EntityView:
    marks = marks_of(found.document)
    document = found.document
    if not purpose.users <= KEEPING:
        document = without(document, [record for record, mark in marks.items() if not mark.used])
    if Capacity.ANYONE in purpose.users and means.regime is not None:
        document = without(document, _not_public(document, means, means.regime, civil_date(at)))
    subject = _subject(document)
    shown: list[SourceFacts] = []
    hidden = 0
    may_split = in_centre(means, viewer) and is_key(found.key)
    for source, facts in document["facts"].items():
        described = means.sources.get(source)
        if described is None:
            hidden += 1
            continue
        sheet = Sheet(described, purpose, looker(described, means, viewer), subject)
        if not sheet.any_shown:
            hidden += 1
            continue
        shown.append(_source_facts(sheet, facts, marks, may_split=may_split))
    if not shown:
        everybody = Looker(capacities=capacities(means, viewer))
        permit(purpose, everybody, subject)
    # Before anything is answered; what cannot be written down is not shown.
    seen = _fields_seen(shown)
    log_look(found.entity, purpose, seen, means=means, viewer=viewer, at=at)
    is_open = subject != PERSON or purpose.full
    return EntityView(
        entity=found.entity,
        kind=document["kind"],
        kind_label=KIND_LABELS[document["kind"]],
        name=(document["name"] or "") if is_open else mask(document["name"] or "", 1, 0),
        code=(document["code"] or "")
        if is_open
        else mask(document["code"] or "", *RESIDENT_NUMBER),
        records=document["records"],
        sources=tuple(shown),
        hidden_sources=hidden,
        judgements=(
            judgements(means=means, viewer=viewer, entity=found.entity)
            if reads_all(means, viewer)
            else ()
        ),
        purpose=purpose.id,
        purpose_label=purpose.label,
        release=release.row.number,
        published_at=release.row.published_at,
        simulated=release.row.simulated,
        read_at=at,
    )


def _not_public(document: Mapping[str, Any], means: Means, regime: Regime, on: date) -> list[str]:
    """The records that not everybody may see on a day: never, not yet, or no longer public."""
    return [
        row["record"]
        for source, said in document["facts"].items()
        if source in means.sources
        for row in said["rows"]
        if not term_of(
            means.sources[source],
            row,
            levels=regime.levels,
            rules=regime.rules,
            kinds=regime.kinds,
            on=on,
        ).public
    ]


def _subject(document: Mapping[str, Any]) -> str:
    """firm, trader or person; who is unknown is as closed as a person if any record says so."""
    if document["kind"] in SUBJECT_LABELS:
        return str(document["kind"])
    said = {row["subject"] for facts in document["facts"].values() for row in facts["rows"]}
    return PERSON if PERSON in said or not said else min(said)


def _fields_seen(shown: list[SourceFacts]) -> list[str]:
    seen = {
        f"{each.source}.{field.name}"
        for each in shown
        for fact in each.facts
        for field in fact.fields
    }
    return sorted(seen)[:LONGEST_FIELDS]


def _source_facts(
    sheet: Sheet, facts: Mapping[str, Any], marks: Mapping[str, Mark], *, may_split: bool
) -> SourceFacts:
    source = sheet.source
    kind = BY_NAME.get(source.kind)
    codes = _batch_codes(source.id, {row["batch"] for row in facts["rows"]})
    return SourceFacts(
        source=source.id,
        name=source.name,
        owner_name=public_unit_names().get(source.owner, source.owner),
        kind=source.kind,
        kind_label=kind.label if kind else source.kind,
        facts=tuple(
            _fact(row, sheet, codes, marks.get(row["record"], PLAIN), may_split=may_split)
            for row in facts["rows"]
        ),
        total=facts["count"],
    )


def _batch_codes(source: str, lake_ids: set[str]) -> Mapping[str, str]:
    rows = CreditBatch.objects.filter(source=source, lake_id__in=lake_ids)
    return dict(rows.values_list("lake_id", "code"))


def _fact(
    row: Mapping[str, Any],
    sheet: Sheet,
    codes: Mapping[str, str],
    mark: Mark,
    *,
    may_split: bool,
) -> FactView:
    score, words = _how_joined(row)
    closed = sheet.subject == PERSON and not sheet.purpose.full
    name = row["name"] or ""
    return FactView(
        record=row["record"],
        batch=codes.get(row["batch"], row["batch"]),
        first_seen=date.fromisoformat(str(row["first_seen"])),
        last_seen=date.fromisoformat(str(row["last_seen"])),
        name=mask(name, 1, 0) if closed else name,
        how=row["how"],
        how_label=HOW_LABELS[row["how"]],
        score_mille=score,
        evidence=words,
        fields=sheet.fields(row),
        hidden=sheet.hidden,
        may_split=may_split,
        mark=mark,
    )


def _how_joined(row: Mapping[str, Any]) -> tuple[int | None, tuple[str, ...]]:
    """Score, if a model joined it, and the reasons in words."""
    said = row.get("evidence")
    if not said:
        return None, (BY_CODE,) if row["how"] == "code" else ()
    found = json.loads(said) if isinstance(said, str) else said
    score = row.get("score_mille", found.get("score_mille"))
    return score, words_of(found)
