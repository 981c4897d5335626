"""The record that an objection or a repair is about, for the officer who handles it."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.credit.errors.joins import NoRelease, UnknownEntity
from yinuo.credit.means import Means
from yinuo.credit.profile.terms import Regime
from yinuo.credit.purposes.purpose import purpose_named
from yinuo.credit.queries.subjects import public_subject
from yinuo.credit.regimes.ends import Term
from yinuo.credit.regimes.terms_of import term_of
from yinuo.credit.released import opened
from yinuo.credit.showing import ShownField, log_look, sheet_of
from yinuo.parties.viewer import Viewer

GONE = "这条记录已不在当前数据版本里，或者主体的号码已依法删除"


@dataclass(frozen=True, kw_only=True)
class ContestedRecord:
    """One record as the officer sees it."""

    source_name: str
    fields: tuple[ShownField, ...]
    term: Term
    batch: str
    """Lake id of the batch that brought it as it is now."""


def contested(
    *,
    record: str,
    subject: str,
    purpose: str,
    means: Means,
    regime: Regime,
    viewer: Viewer,
    on: date,
    at: datetime,
) -> ContestedRecord | None:
    """The record of a subject (its code) for `objection` or `repair`; None where it is gone.

    The look stands in the read log before anything is shown. Raises `PurposeRefused`, and what
    the read log raises.
    """
    known = public_subject(code=subject)
    if known is None:
        return None
    try:
        with opened(means) as release:
            found = release.entity_of_code(known.number)
    except (NoRelease, UnknownEntity):
        return None
    for source, said in found.document["facts"].items():
        for row in said["rows"]:
            if row["record"] == record and source in means.sources:
                described, wanted = means.sources[source], purpose_named(means.purposes, purpose)
                sheet = sheet_of(described, known.kind, wanted, means=means, viewer=viewer)
                fields = sheet.fields(row)
                seen = [f"{source}.{field.name}" for field in fields]
                log_look(found.entity, wanted, seen, means=means, viewer=viewer, at=at)
                return ContestedRecord(
                    source_name=described.name,
                    fields=fields,
                    term=term_of(
                        described,
                        row,
                        levels=regime.levels,
                        rules=regime.rules,
                        kinds=regime.kinds,
                        on=on,
                    ),
                    batch=row["batch"],
                )
    return None
