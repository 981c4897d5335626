"""The terms that a change asks for: in canonical form, checked against the commitment, set."""

from collections.abc import Mapping
from copy import copy
from datetime import date

from django.core.exceptions import ValidationError

from yinuo.commitments.life import CHANGE_COLUMNS, CHANGE_LABELS, ChangeKind, Visibility
from yinuo.commitments.models import Commitment
from yinuo.commitments.registry import Promisor, UnknownKind, kind_named, promisor_of
from yinuo.commitments.words import COLUMNS
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.decimals import canonical_decimal, scaled
from yinuo.kernel.errors import YinuoError

Faults = list[tuple[str, str]]

DATES = frozenset({"due", "due_original"})
NUMBERS = frozenset({"value", "tolerance", "baseline"})
ASKABLE = {
    **CHANGE_COLUMNS,
    ChangeKind.MOVED: frozenset({"due"}),
    ChangeKind.TRANSFERRED: frozenset({"lead_id"}),
}
"""The columns a request may name; the original deadline of an undated promise follows by itself,
and who supervises changes with the succession of the supervising unit alone."""


def term_text(value: object) -> Canonical:
    """A column's value as requests hold it."""
    return value.isoformat() if isinstance(value, date) else value  # type: ignore[return-value]


def canonical_terms(new: Mapping[str, Canonical]) -> tuple[dict[str, Canonical], Faults]:
    """The wanted values in canonical form, and what is wrong with those that have none."""
    normal: dict[str, Canonical] = {}
    faults: Faults = []
    for name, value in new.items():
        try:
            if name in NUMBERS and value:
                normal[name] = canonical_decimal(str(value))
            elif name in DATES and value is not None:
                normal[name] = date.fromisoformat(str(value)).isoformat()
            else:
                normal[name] = value
        except YinuoError as error:
            faults.append((name, error.what))
        except ValueError:
            faults.append((name, f"日期 {value} 不是 2025-06-30 这样的形式"))
    return normal, faults


def set_terms(row: Commitment, new: Mapping[str, Canonical]) -> None:
    """Put wanted values on the row, unsaved."""
    for name, value in new.items():
        as_date = name in DATES and value is not None
        setattr(row, name, date.fromisoformat(str(value)) if as_date else value)
    if "value" in new:
        row.value_scaled = scaled(row.value) if row.value else None


def term_faults(row: Commitment, kind: ChangeKind, new: Mapping[str, Canonical]) -> Faults:
    """What speaks against setting these terms on this commitment; empty where nothing does."""
    wrong = sorted(new.keys() - ASKABLE[kind])
    if wrong:
        return [(name, f"“{CHANGE_LABELS[kind]}”不能改动 {name}") for name in wrong]
    if ASKABLE[kind] and not new:
        return [("new", "没有写明改成什么")]
    if new and all(term_text(getattr(row, name)) == value for name, value in new.items()):
        return [("new", "与现在的内容相同")]
    trial = copy(row)
    set_terms(trial, new)
    return _field_faults(trial, new) + _sense_faults(trial, new) + _promisor_faults(row, trial)


def _field_faults(trial: Commitment, new: Mapping[str, Canonical]) -> Faults:
    """Values that are too long, not among the choices, or refer to nothing."""
    unchecked = {
        field.name
        for field in Commitment._meta.concrete_fields
        if field.attname not in new or (new[field.attname] is None and field.null)
    }
    try:
        trial.clean_fields(exclude=unchecked)
    except ValidationError as error:
        return [
            (name, f"{COLUMNS.get(name, COLUMNS.get(f'{name}_id', name))}：{'；'.join(whats)}")
            for name, whats in error.message_dict.items()
        ]
    return []


def _sense_faults(trial: Commitment, new: Mapping[str, Canonical]) -> Faults:
    """Values that are fine each and make no sense together."""
    faults: Faults = []
    if (trial.operator == Commitment.Operator.DONE) != (not trial.value):
        faults.append(("value", "“完成”没有数值，其他比较方式要有数值"))
    if trial.operator == Commitment.Operator.ABOUT and not trial.tolerance:
        faults.append(("tolerance", "“≈”要写明允许偏差"))
    if trial.code in (new.get("merged_into_id"), new.get("parent_id")):
        faults.append(("new", "不能指向自己"))
    if trial.visibility == Visibility.PUBLIC and not _is_public(new.get("merged_into_id")):
        faults.append(("merged_into_id", "公开的承诺只能并入公开的承诺"))
    if "due" in new and new["due"] is None:
        faults.append(("due", "请写明新的时限"))
    return faults


def _promisor_faults(row: Commitment, trial: Commitment) -> Faults:
    """A promise stays whose it was, and only the city's has a unit that owes it."""
    try:
        kind = kind_named(trial.kind)
    except UnknownKind as error:
        return [("kind", error.what)]
    if kind.promisor is not promisor_of(row.kind):
        return [("kind", f"“{kind.label}”是另一方的承诺，不能改成它")]
    if kind.promisor is Promisor.OTHERS and trial.lead_id:
        return [("lead_id", "企业和群众的承诺没有责任单位")]
    return []


def _is_public(code: Canonical) -> bool:
    """Whether a public page may point at this commitment; pointing at none is fine."""
    public = Commitment.objects.filter(pk=code, visibility=Visibility.PUBLIC)
    return not code or public.exists()
