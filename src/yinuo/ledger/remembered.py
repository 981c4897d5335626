"""Answers that follow from recorded rows alone, kept for as long as the log has no new entry.

Every change of a recorded row writes an entry in its own transaction, so with an equal head all
recorded rows are equal. What a law may order to be erased is not for this memory: the answer
would stay until it is asked for again.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeAlias, TypeVar

from django.db import connection

from yinuo.ledger.snapshot import known

P = ParamSpec("P")
R = TypeVar("R")
Head: TypeAlias = tuple[tuple[int, int | None, bytes | None], ...]

MOST_WAITING = 200
"""Entries waiting for the sealer beyond which nothing is remembered."""
MOST_ANSWERS = 500
"""Of one query at one head."""
_forgetting: list[Callable[[], None]] = []
"""How each query forgets its answers."""
HEAD = f"""
    SELECT 0, (SELECT MAX(leaf_index) FROM ledger_entry), (
        SELECT salt FROM ledger_entry ORDER BY id DESC LIMIT 1)
    UNION ALL SELECT 1, MAX(size), NULL FROM ledger_checkpoint
    UNION ALL
    SELECT 2, id, NULL FROM (SELECT id FROM ledger_entry WHERE leaf_index IS NULL
        ORDER BY id LIMIT {MOST_WAITING + 1}) AS waiting
"""  # noqa: S608  # only a constant of this module is put in


def head() -> Head | None:
    """What of the log can be seen from here: what is sealed and signed, and which entries wait.

    None while so many wait that looking would cost more than it saves. The last id would not do: on
    PostgreSQL an entry can become visible after one with a higher id. The salt of the last entry
    tells one database from another that stands in its place.
    """
    with connection.cursor() as cursor:
        cursor.execute(HEAD)
        rows = cursor.fetchall()
    if len(rows) > MOST_WAITING:
        return None
    return tuple((kind, number, bytes(salt) if salt else None) for kind, number, salt in rows)


def _head_here() -> Head | None:
    """The head; in a snapshot it is asked for once."""
    here = known()
    if here is None:
        return head()
    if "head" not in here:
        here["head"] = head()
    found: Head | None = here["head"]
    return found


def remembered(query: Callable[P, R]) -> Callable[P, R]:
    """Give the same answer to the same question while the head is the same.

    The question has to be hashable, and nobody may alter the answer. An answer worked out while an
    entry is being written may be newer than the head it is kept under, never older.
    """
    answers: dict[object, R] = {}
    held: list[Head] = []
    _forgetting.append(answers.clear)

    @wraps(query)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        now = _head_here()
        if now is None:
            return query(*args, **kwargs)
        if held != [now] or len(answers) >= MOST_ANSWERS:
            answers.clear()
            held[:] = [now]
        # The head is part of the key, because another thread may be looking at another moment.
        asked = (now, args, tuple(sorted(kwargs.items())))
        try:
            return answers[asked]
        except KeyError:
            answers[asked] = answer = query(*args, **kwargs)
            return answer

    return ask


def forget() -> None:
    """Forget every answer: for whoever writes recorded rows past the commands, as tests do."""
    for clear in _forgetting:
        clear()
