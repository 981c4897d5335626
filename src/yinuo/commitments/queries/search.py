"""Commitments by the words in them: Han, pinyin or initials.

words ─→ expression ─┬→ the database's index, of what it knows   ─┐
                     ├→ the tokens of rows it does not know yet  ─┼→ what the viewer may see
                     └→ codes that begin like this               ─┘
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import (
    doors,
    in_order,
    owing_units,
    seen_by_columns,
    visible,
    watched_units,
)
from yinuo.commitments.projected import later_marks, place
from yinuo.commitments.registry import Promisor, kinds_of_others
from yinuo.commitments.searchtext import (
    All,
    Expression,
    Term,
    all_of,
    any_of,
    key,
    tokens,
    words,
)
from yinuo.commitments.searchtext import Any as AnyOf
from yinuo.commitments.searchwords import (
    COLUMNS,
    CREDITOR,
    HEADING,
    KIND,
    LEAD,
    STATUS,
    VISIBILITY,
    tokens_of,
)
from yinuo.ledger.remembered import remembered
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

MOST_UNITS = 64
"""Units that are named to the index; a viewer of more is checked row by row."""
THREADS = ("commitment:", "cooperation:")
ROWS_A_STATEMENT = 5_000


@dataclass(frozen=True)
class Facts:
    """What else must hold of a hit. Empty means all."""

    heading: str = ""
    kind: str = ""
    promisor: Promisor | None = None
    """Whose word it is; of no effect beside a kind, which tells it."""
    unit: str = ""
    status: Status | None = None
    before: date | None = None
    """With a deadline before this day."""


class Hit(NamedTuple):
    """A commitment found, with what lists are filtered and ordered by."""

    code: str
    due: date | None
    status: str
    moved_count: int
    lead: str | None
    visibility: str


LIGHT = ("code", "due", "status", "moved_count", "lead_id", "visibility")
"""The columns of a `Hit`."""


class _Row(NamedTuple):
    """A row of the index with what a `Hit` holds, and the last column that opens it."""

    id: int
    code: str
    due: date | None
    status: str
    moved_count: int
    lead_id: str | None
    visibility: str
    creditor_unit_id: str


FACTS = ", ".join(f"c.{name}" for name in _Row._fields[1:])


@dataclass(frozen=True)
class Hits:
    """What was found."""

    found: tuple[Hit, ...]
    more: bool
    """Whether more were found than are given; those entered last are."""
    plain: bool
    """Whether the index is so far behind that only the very characters typed were looked for."""


def hits(*, viewer: Viewer, text: str, facts: Facts = Facts(), most: int) -> Hits:
    """The commitments that hold every word of the text and the viewer may see, at most `most`."""
    if not words(text):
        return Hits((), more=False, plain=False)
    try:
        return _exact(viewer, text, facts, most)
    except _Behind:
        return _plain(viewer, text, facts, most)


class _Behind(Exception):
    """The index is too far behind; raised and not given back, for it is not to be remembered."""


@remembered
def _exact(viewer: Viewer, text: str, facts: Facts, most: int) -> Hits:
    """The same whether the index knows the newest rows or not. Raises `_Behind` if many."""
    marks = later_marks(place())
    if marks is None:
        raise _Behind
    wanted = all_of([*map(_word, words(text)), *_fact_keys(facts)])
    new = {m.thread.partition(":")[2] for m in marks if m.subject.startswith(THREADS)}
    found = {hit.code: hit for hit in _by_code(viewer, text, facts, most)}
    found |= {hit.code: hit for hit in _among_new(viewer, wanted, facts, new)}
    found |= {hit.code: hit for hit in _indexed(viewer, wanted, facts, most) if hit.code not in new}
    return Hits(tuple(found.values())[:most], more=len(found) > most, plain=False)


@remembered
def _word(word: Expression) -> Expression:
    """A word is found in the commitment or in the name of the unit that owes it."""
    units = public_unit_names().items()
    named = [key(LEAD, code) for code, name in units if word.among(_name_tokens(name))]
    return any_of([word, *map(Term, named)])


@lru_cache(maxsize=4_000)
def _name_tokens(name: str) -> frozenset[str]:
    return frozenset(tokens(name))


def _fact_keys(facts: Facts) -> list[Expression]:
    pairs = (
        (HEADING, facts.heading),
        (KIND, facts.kind),
        (LEAD, facts.unit),
        (STATUS, facts.status or ""),
    )
    return [Term(key(field, value)) for field, value in pairs if value]


def _rows(facts: Facts) -> QuerySet[Commitment]:
    rows = Commitment.objects.all()
    for name in ("heading", "kind", "status"):
        if value := getattr(facts, name):
            rows = rows.filter(**{name: value})
    if facts.promisor and not facts.kind:
        rows = rows.filter(promised_by(facts.promisor))
    if facts.unit:
        rows = rows.filter(lead=facts.unit)
    return rows.filter(due__lt=facts.before) if facts.before else rows


def _plain(viewer: Viewer, text: str, facts: Facts, most: int) -> Hits:
    like = Q(title__icontains=text) | Q(code__icontains=text)
    rows = _rows(facts).filter(visible(viewer)).filter(like)
    found = tuple(Hit(*row) for row in rows.values_list(*LIGHT)[: most + 1])
    return Hits(found[:most], more=len(found) > most, plain=True)


def _among_new(viewer: Viewer, wanted: Expression, facts: Facts, codes: set[str]) -> list[Hit]:
    """Of rows that the index does not know as they are now, those that hold what is wanted."""
    if not codes:
        return []
    rows = _rows(facts).filter(visible(viewer), pk__in=sorted(codes)).order_by("-code")
    held = rows.values(*COLUMNS)
    return [Hit(*(row[c] for c in LIGHT)) for row in held if wanted.among(tokens_of(row))]


def _by_code(viewer: Viewer, text: str, facts: Facts, most: int) -> list[Hit]:
    """Codes that begin with what was typed, if that may be a code."""
    typed = text.strip()
    if " " in typed or not typed.isascii() or not any(c.isdigit() for c in typed):
        return []
    begins = Q(pk__in=[])
    for start in {typed, typed.upper(), typed.lower()}:
        if connection.vendor == "sqlite":
            # LIKE would read the whole table.
            begins |= Q(code__gte=start, code__lt=f"{start}\U0010ffff")
        else:
            begins |= Q(code__startswith=start)
    rows = in_order(_rows(facts).filter(begins), viewer).order_by("code")
    return [Hit(*row) for row in rows.values_list(*LIGHT)[: most + 1]]


def _indexed(viewer: Viewer, wanted: Expression, facts: Facts, most: int) -> list[Hit]:
    """What the database's index finds, entered last first."""
    permitted = _permitted(viewer)
    narrow = all_of([wanted, permitted]) if permitted else wanted
    found = _checked(viewer, narrow, facts, most)
    if permitted and viewer.officer_of and len(found) <= most:
        found += _through_other_doors(viewer, wanted, facts)
    return found


def _permitted(viewer: Viewer) -> Expression | None:
    """What the index itself can check, so that it finds little that may not be seen."""
    keys = [key(VISIBILITY, Visibility.PUBLIC)]
    keys += [key(LEAD, unit) for unit in owing_units(viewer)]
    keys += [key(CREDITOR, unit) for unit in watched_units(viewer)]
    return any_of(map(Term, sorted(keys))) if len(keys) <= MOST_UNITS else None


def _checked(viewer: Viewer, wanted: Expression, facts: Facts, most: int) -> list[Hit]:
    """Hits of the index that the viewer may see now, until there are enough."""
    found: list[Hit] = []
    below, limit = None, most + 1
    while len(found) <= most:
        batch = _index_rows(wanted, facts, below=below, limit=limit)
        found += _seen(viewer, batch)
        if len(batch) < limit:
            break
        below, limit = batch[-1].id, limit * 4
    return found


def _seen(viewer: Viewer, rows: Sequence[_Row]) -> list[Hit]:
    """Those that the viewer may see, by what stands in them or else by asking the database."""
    by_columns = seen_by_columns(viewer)
    seen = {
        row.code for row in rows if by_columns(row.visibility, row.lead_id, row.creditor_unit_id)
    }
    others = [row.code for row in rows if row.code not in seen] if viewer.signed_in else []
    for start in range(0, len(others), ROWS_A_STATEMENT):
        some = others[start : start + ROWS_A_STATEMENT]
        asked = Commitment.objects.filter(visible(viewer), pk__in=some)
        seen.update(asked.values_list("code", flat=True))
    return [Hit(*row[1:-1]) for row in rows if row.code in seen]


def _index_rows(wanted: Expression, facts: Facts, *, below: int | None, limit: int) -> list[_Row]:
    """What the index holds, the highest ids first."""
    sqlite = connection.vendor == "sqlite"
    row = "f.rowid" if sqlite else "s.id"
    conditions = SQLITE if sqlite else POSTGRESQL
    values: list[Any] = [_fts5(wanted) if sqlite else _tsquery(wanted)]
    if below is not None:
        conditions += f" AND {row} < %s"
        values.append(below)
    if facts.before:
        conditions += " AND c.due < %s"
        values.append(facts.before)
    if facts.promisor and not facts.kind:
        kinds = kinds_of_others()
        negated = "" if facts.promisor is Promisor.OTHERS else "NOT "
        conditions += f" AND c.kind {negated}IN ({', '.join(['%s'] * len(kinds))})"
        values += kinds
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.id, {FACTS} FROM {conditions} ORDER BY {row} DESC LIMIT %s",  # noqa: S608
            [*values, limit],
        )
        # Only constants of this module were put into the statement.
        return [_Row(*found) for found in cursor.fetchall()]


JOINED = "JOIN commitments_commitment c ON c.code = s.commitment_id WHERE "
SQLITE = (
    "commitments_searched f JOIN commitments_searchable s ON s.id = f.rowid "
    f"{JOINED} commitments_searched MATCH %s"
)
POSTGRESQL = f"commitments_searchable s {JOINED} s.tokens @@ %s::tsquery"


def _through_other_doors(viewer: Viewer, wanted: Expression, facts: Facts) -> list[Hit]:
    """Hits that the viewer sees as a helper or because somebody waits for them; few rows."""
    found: list[Hit] = []
    _, *ways = doors(viewer)
    for way in ways:
        rows = _rows(facts).filter(way).exclude(visibility=Visibility.PUBLIC).order_by("-code")
        for *light, kept in rows.values_list(*LIGHT, "searchable__words").iterator():
            if kept and wanted.among(set(kept.split())):
                found.append(Hit(*light))
    return found


def _fts5(wanted: Expression) -> str:
    match wanted:
        case Term(token, begins):
            return f'"{token}" *' if begins else f'"{token}"'
        case All(of):
            return "(" + " AND ".join(map(_fts5, of)) + ")"
        case AnyOf(of):
            return "(" + " OR ".join(map(_fts5, of)) + ")"


def _tsquery(wanted: Expression) -> str:
    match wanted:
        case Term(token, begins):
            return f"'{token}':*" if begins else f"'{token}'"
        case All(of):
            return "(" + " & ".join(map(_tsquery, of)) + ")"
        case AnyOf(of):
            return "(" + " | ".join(map(_tsquery, of)) + ")"
