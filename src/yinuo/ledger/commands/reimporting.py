"""Bringing published entries, and the rows they speak of, back into the database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Max, OuterRef, Subquery

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.erasing import overwrite_deleted
from yinuo.ledger.commands.recording import BODY_FORMAT
from yinuo.ledger.history import TEXT_PREFIX, texts
from yinuo.ledger.leaves import entry_leaf
from yinuo.ledger.models import Entry, Erasure, LostEntry, Text
from yinuo.ledger.recorded import Recorded, recorded_models
from yinuo.ledger.replay import UnknownSubject
from yinuo.ledger.retrieval import Opening, Published
from yinuo.ledger.tlog.tree import leaf_hash

KEYS_A_QUERY = 500


class WrittenSince(YinuoError):
    """After the restore, others wrote versions that the published log holds differently."""

    code = "LEDGER-E034"
    status = 409

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(
            f"恢复备份之后又写入了 {len(places):,} 条，与已公布的冲突：{'、'.join(places[:10])}",
            place=places[0],
            next_step="请先抄下这些改动，再用 yinuo restore --replace 恢复同一份备份，"
            "立即运行 recover，然后重新录入",
        )


@dataclass
class Plan:
    """Which of the missing entries come back, and how."""

    waiting: dict[int, int] = field(default_factory=dict)
    """Leaf index → id of the entry that waits in the database."""
    opened: list[Opening] = field(default_factory=list)
    """Entries to be written anew, by index."""
    lost: list[int] = field(default_factory=list)
    """Leaf indices of which no more than the hash came back."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Subjects that can be read but not be put back, each with the reason."""


def lost_ranges(indices: Sequence[int]) -> list[list[int]]:
    """Sorted numbers as pairs of first and last.

    >>> lost_ranges([3, 4, 5, 9])
    [[3, 5], [9, 9]]
    """
    ranges: list[list[int]] = []
    for index in indices:
        if ranges and ranges[-1][1] == index - 1:
            ranges[-1][1] = index
        else:
            ranges.append([index, index])
    return ranges


def plan_for(published: Published) -> Plan:
    """Decide for every missing leaf. Raises `WrittenSince` and `UnknownSubject`."""
    plan = Plan()
    waiting = {entry_leaf(entry): entry.pk for entry in Entry.objects.filter(leaf_index=None)}
    readable: list[Opening] = []
    for index, leaf in enumerate(published.leaves, start=published.start):
        found = waiting.get(leaf_hash(leaf))
        if found is not None:
            plan.waiting[index] = found
        elif index in published.openings:
            readable.append(published.openings[index])
        else:
            plan.lost.append(index)
    _require_known(readable)
    subjects: defaultdict[str, list[Opening]] = defaultdict(list)
    for opening in readable:
        subjects[opening.fields["subject"]].append(opening)
    _leave_out(subjects, plan)
    plan.opened = [o for o in readable if o.fields["subject"] not in plan.left_out]
    plan.lost = sorted(
        [*plan.lost, *({o.index for o in readable} - {o.index for o in plan.opened})]
    )
    return plan


def _require_known(readable: Sequence[Opening]) -> None:
    known = recorded_models()
    for opening in readable:
        schema, subject = opening.fields["schema"], opening.fields["subject"]
        name, _, number = schema.partition("/")
        understood = name in known and number.isdecimal() and int(number) <= known[name].SCHEMA
        if opening.fields["format"] != BODY_FORMAT or not understood:
            raise UnknownSubject(schema, subject)


def _leave_out(subjects: Mapping[str, Sequence[Opening]], plan: Plan) -> None:
    """Fill `plan.left_out`: a gap before the first version, or a key to a row that is gone."""
    stored = dict(
        pair
        for start in range(0, len(subjects), KEYS_A_QUERY)
        for pair in Entry.objects.filter(subject__in=list(subjects)[start : start + KEYS_A_QUERY])
        .values_list("subject")
        .annotate(Max("version"))
    )
    conflicts = []
    for subject, story in subjects.items():
        versions, last = [o.fields["version"] for o in story], stored.get(subject, 0)
        if versions[0] <= last:
            conflicts.append(f"{subject} 第 {versions[0]} 版")
        elif versions != list(range(last + 1, last + 1 + len(story))):
            plan.left_out[subject] = f"第 {last + 1} 版没有公开，后面的版本接不上"
    if conflicts:
        raise WrittenSince(conflicts)
    while missing := _without_targets(subjects, plan.left_out):
        plan.left_out.update(missing)  # until none is left that rests on one left out


def _without_targets(
    subjects: Mapping[str, Sequence[Opening]], left_out: Mapping[str, str]
) -> dict[str, str]:
    """Subjects whose last state names a row that neither is there nor comes back."""
    wanted: defaultdict[type[models.Model], defaultdict[Any, list[str]]]
    wanted = defaultdict(lambda: defaultdict(list))
    for subject, story in subjects.items():
        if subject in left_out:
            continue
        for key in _keys(recorded_models()[subject.partition(":")[0]]):
            value = story[-1].fields["state"].get(key.attname)
            if value is not None:
                wanted[key.related_model][value].append(subject)
    missing: dict[str, str] = {}
    for model, values in wanted.items():
        names = list(values)
        there = {
            pk
            for start in range(0, len(names), KEYS_A_QUERY)
            for pk in model._base_manager.filter(
                pk__in=names[start : start + KEYS_A_QUERY]
            ).values_list("pk", flat=True)
        }
        for value in names:
            target = f"{getattr(model, 'SUBJECT', model._meta.label_lower)}:{value}"
            if value not in there and (target not in subjects or target in left_out):
                missing.update(dict.fromkeys(values[value], f"所依据的 {target} 没有公开，已丢失"))
    return missing


def _keys(model: type[Recorded]) -> "list[models.ForeignKey[Any, Any]]":
    return [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]


def write_entries(plan: Plan, published: Published) -> None:
    """Number what waits, insert what was opened with its texts, keep the other leaves."""
    for index, pk in plan.waiting.items():
        Entry.objects.filter(pk=pk).update(leaf_index=index)
    bodies = b"\n".join(opening.body for opening in plan.opened)
    named = [t for t in published.texts.values() if f"text:{t.hash}".encode() in bodies]
    Text.objects.bulk_create(
        [Text(hash=t.hash, salt=t.salt, text=t.text) for t in named],
        batch_size=500,
        ignore_conflicts=True,
    )
    Entry.objects.bulk_create([_entry(opening) for opening in plan.opened], batch_size=500)
    first = published.start
    LostEntry.objects.bulk_create(
        [LostEntry(leaf_index=n, leaf=published.leaves[n - first]) for n in plan.lost],
        batch_size=500,
    )


def _entry(opening: Opening) -> Entry:
    fields = opening.fields
    return Entry(
        subject=fields["subject"],
        version=fields["version"],
        thread=fields["thread"],
        verb=fields["verb"],
        actor=fields["actor"],
        capacity=fields["capacity"],
        at=datetime.fromisoformat(fields["at"]),
        recorded_at=datetime.fromisoformat(opening.leaf.recorded_at),
        body=opening.body,
        salt=opening.salt,
        leaf_index=opening.index,
    )


def write_rows(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Bring the rows to their last recorded state, step by step as they once were written.

    Returns kind of subject → columns that no entry holds and that new rows of it now lack.
    """
    unrecorded: dict[str, tuple[str, ...]] = {}
    for opening in plan.opened:
        subject = opening.fields["subject"].partition(":")[0]
        model = recorded_models()[subject]
        is_new = _write_row(model, opening)
        copies = model.TEXT_COPIES.keys() | model.ROW_COPIES.keys()
        if is_new and (columns := model.UNRECORDED.keys() - copies):
            unrecorded[subject] = tuple(sorted(columns))
    _copy_again()
    _erase_again()
    return unrecorded


def _copy_again() -> None:
    """Let each column that repeats another row say what that row says now."""
    for model in recorded_models().values():
        for column, way in model.ROW_COPIES.items():
            said = model._base_manager.filter(pk=OuterRef("pk")).values(way)
            model._base_manager.update(**{column: Subquery(said)})


def _erase_again() -> None:
    """Delete what the law has had deleted since: an old backup brings it back."""
    erased = Erasure.objects.filter(status=Erasure.Status.APPROVED)
    references = list(erased.values_list("text", flat=True))
    for model in recorded_models().values():
        for column, named in model.TEXT_COPIES.items():
            for row in model._base_manager.filter(**{f"{named}__in": references}):
                setattr(row, column, row.erased_copy)
                if isinstance(row, AbstractBaseUser):
                    row.set_unusable_password()
                row.save()
    overwrite_deleted()
    Text.objects.filter(hash__in=[r.removeprefix(TEXT_PREFIX) for r in references]).delete()


def _write_row(model: type[Recorded], opening: Opening) -> bool:
    """Write the state of one entry into its row; returns whether the row is new."""
    state: Mapping[str, Any] = opening.fields["state"]
    fields = {f.attname: f for f in model._meta.concrete_fields}
    key = model._meta.pk
    row = model._base_manager.filter(pk=state[key.attname]).first()
    is_new = row is None
    if row is None:
        row = model()
        if isinstance(row, AbstractBaseUser):
            row.set_unusable_password()
    for name, value in state.items():
        if name in fields:
            setattr(row, name, fields[name].to_python(value))
    said = texts(getattr(row, named) for named in model.TEXT_COPIES.values())
    for column, named in model.TEXT_COPIES.items():
        setattr(row, column, said.get(getattr(row, named), row.erased_copy))
    row.version = opening.fields["version"]
    row.save(force_insert=is_new)
    return is_new
