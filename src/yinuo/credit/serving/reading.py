"""Point reads of one release: the documents of an entity in all its layers, laid on each other."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import finalize

from yinuo.credit.serving.building import FORMAT, HEAD, SERVING, SHOWN
from yinuo.kernel.resident_id import NotAResidentId, resident_id
from yinuo.kernel.uscc import NotACreditCode, credit_code
from yinuo.lake.releases.release import ReleaseDamaged, open_release

_CACHE = 16_384
"""KiB: the inner pages of the tree stay in memory, and a look reads one leaf."""
_DOCUMENT = "SELECT doc FROM entity WHERE id = ?"
_ROWS = b',"rows":['
"""Where the beginning of a document ends; within a text its quotation marks are escaped."""
_EVIDENT = frozenset({"code", "none"})
"""Ways of being joined of which there is nothing more to tell."""
_USCC, _OLD, _ORGANISATION = 18, 15, 9
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class Serving:
    """One release, open for reading by any number of threads; close it, or use `with`.

    It stays with the release it was opened for, whatever the pointer says later.

    A document: entity, kind, key, code, name, records, sources, and facts: source id → {count,
    rows}, the newest first, at most `SHOWN`. A row is a mapping: day, record, how, batch,
    first_seen, last_seen, file, line, subject, key, code, name, the fields of the source, and of
    rows that were not joined by their code `evidence` and `score_mille`.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is that of the release. Raises `ReleaseMissing`, `ReleaseDamaged`."""
        self.release = open_release(folder.parent.parent, folder.name)
        self._layers = [_Layer(each) for each in reversed(self.release.layer_folders)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files; closing twice does no harm."""
        for layer in self._layers:
            layer.close()

    def by_code(self, code: str) -> dict[str, Any] | None:
        """Whoever bears a USCC, organisation code, registration, tax or resident number.

        An old code finds what it became. None: nobody in this release bears it.
        """
        for key in keys(code):
            # A key that has moved has left nothing behind; so most are found at the first look.
            found = self.by_entity(self.entity_of(key))
            if found is None and (into := self._moved(key)[0]):
                found = self.by_entity(self.entity_of(into))
            if found is not None:
                return found
        return None

    def by_entity(self, entity: str) -> dict[str, Any] | None:
        """An entity by its opaque id."""
        found = [
            (layer, json.loads(said))
            for layer in self._layers
            if (said := layer.one(_DOCUMENT, entity))
        ]
        if not found or not found[0][1]["records"]:
            return None
        head = {name: found[0][1][name] for name in HEAD}
        return {"entity": entity} | head | {"facts": self._facts(found)}

    def head(self, entity: str) -> dict[str, Any] | None:
        """An entity by its opaque id, without its facts."""
        for layer in self._layers:
            if said := layer.one(_DOCUMENT, entity):
                head = json.loads(said[: said.index(_ROWS)] + b"}")
                return {name: head[name] for name in HEAD} if head["records"] else None
        return None

    def entity_of(self, key: str) -> str:
        """The opaque id of the entity with an effective key."""
        return entity_of(key, self._layers[0].salt)

    def _facts(self, found: "Sequence[tuple[_Layer, dict[str, Any]]]") -> dict[str, Any]:
        """The facts of documents, newest layer first: by record, a newer layer wins.

        Those of one document are in order; of several, by date and record as they stand.
        """
        counts: dict[str, int] = {}
        rows: dict[str, list[dict[str, Any]]] = {}
        over: set[str] = set()
        several = len(found) > 1
        for layer, document in found:
            for number, count in document.get("counts", {}).items():
                counts.setdefault(layer.sources[int(number)], count)
            for said in document["rows"]:
                if said[2] not in over:
                    number = said[0]
                    row = dict(zip(layer.columns[number], said[1:], strict=True))
                    rows.setdefault(layer.sources[number], []).append(row)
            if several:
                over.update(said[2] for said in document["rows"])
                over.update(record for _, record in document.get("gone", ()))
        if several:
            for told in rows.values():
                told.sort(key=lambda row: (row["day"], row["record"]), reverse=True)
        return {
            source: {
                "count": counts.get(source, len(told)),
                "rows": [
                    row if row["how"] in _EVIDENT else self._told(row) for row in told[:SHOWN]
                ],
            }
            for source, told in sorted(rows.items())
        }

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row with the evidence of how it was joined."""
        for layer in self._layers:
            said = layer.row(
                "SELECT score_mille, said FROM evidence WHERE record = ?", row["record"]
            )
            if said:
                return row | {"score_mille": said[0], "evidence": said[1]}
        return row | {"score_mille": None, "evidence": self._moved(row["key"])[1]}

    def _moved(self, key: str) -> tuple[str | None, str | None]:
        for layer in self._layers:
            if layer.moves and (
                said := layer.row("SELECT into_key, evidence FROM moved WHERE key = ?", key)
            ):
                return said[0], said[1]
        return None, None


class _Layer:
    """The serving file of one layer."""

    def __init__(self, folder: Path) -> None:
        path = folder / SERVING
        try:
            # It never changes: SQLite need not lock it, nor look whether it did.
            self._file = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._file.execute(f"PRAGMA cache_size = {-_CACHE}")
            # Whoever drops a release without closing it leaves no file open.
            self.close = finalize(self, self._file.close)
            said = dict(self._file.execute("SELECT name, value FROM meta"))
            self.salt: str = said["salt"]
            self.moves = self.one("SELECT count(*) FROM moved WHERE key <> ?", "") > 0
            self.sources: Sequence[str] = json.loads(said["sources"])
            self.columns: Sequence[Sequence[str]] = json.loads(said["columns"])
            if said["format"] != str(FORMAT):
                raise ReleaseDamaged(folder, f"{SERVING} 的格式是 {said['format']}")
        except (sqlite3.Error, KeyError, ValueError) as error:
            raise ReleaseDamaged(folder, f"{SERVING} 读不出来") from error

    def row(self, sql: str, value: str) -> tuple[Any, ...] | None:
        """The one row of a query with one value, or None."""
        found: tuple[Any, ...] | None = self._file.execute(sql, (value,)).fetchone()
        return found

    def one(self, sql: str, value: str) -> Any:  # noqa: ANN401  # of whatever type the column is
        """The one value of a query, or None."""
        row = self.row(sql, value)
        return row[0] if row else None


def entity_of(key: str, salt: str) -> str:
    """The opaque id of the entity with an effective key."""
    return "E" + sha256(f"{salt}|{key}".encode()).hexdigest()[:24]


def keys(code: str) -> Iterator[str]:
    """Keys that a code may give, the surest first.

    >>> [*keys("９１３５０１００M０００１００Y４３")], [*keys("110105491231002")]
    (['o:M000100Y4'], ['r:110105491231002', 'p:11010519491231002X'])
    """
    plain = code.upper()
    if not (code.isascii() and code.isalnum()):
        plain = "".join(unicodedata.normalize("NFKC", code).split()).replace("-", "").upper()
    if len(plain) == _USCC:
        with suppress(NotACreditCode):
            yield f"o:{credit_code(plain)[8:17]}"
    if len(plain) in {_ORGANISATION, _OLD} and _is_organisation(plain[-_ORGANISATION:]):
        yield f"o:{plain[-_ORGANISATION:]}"
    if len(plain) == _OLD:
        yield f"r:{plain}"
    with suppress(NotAResidentId):
        yield f"p:{resident_id(plain)}"


def _is_organisation(plain: str) -> bool:
    """Whether the last of nine characters is the check of the others (GB 11714)."""
    if not (plain.isascii() and plain.isalnum()):
        return False
    total = sum(int(each, 36) * weight for each, weight in zip(plain, _WEIGHTS, strict=False))
    return plain[-1] == "0123456789X0"[-total % 11]
