"""Which files of the file store rows name, and which the law had erased.

A model says so by `FILES`: a column with a SHA-256, and the column of the text that stands for the
file. Models that stand on no ledger may say so too. Knows no viewers: for those who keep the store.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from yinuo.ledger.models import Erasure

CHUNK = 2_000


@dataclass(frozen=True)
class Files:
    """The files that rows speak of, each with the rows, such as `evidence:DL2024-015/E1`."""

    named: dict[str, list[str]]
    """Those that must be in the store, by SHA-256."""
    erased: dict[str, list[str]]
    """Those that were erased by law and that no other row names: they must not be there."""


def _rows(model: type[models.Model], columns: list[str]) -> Iterator[tuple[Any, ...]]:
    rows = model._base_manager.order_by("pk").values_list("pk", *columns)
    return rows.iterator(chunk_size=CHUNK)


def files() -> Files:
    """Every file that a row names, now."""
    approved = Erasure.objects.filter(status=Erasure.Status.APPROVED)
    gone = frozenset(approved.values_list("text", flat=True))
    named: defaultdict[str, list[str]] = defaultdict(list)
    erased: defaultdict[str, list[str]] = defaultdict(list)
    for model in apps.get_models():
        kind = getattr(model, "SUBJECT", model._meta.model_name)
        for column, text in getattr(model, "FILES", {}).items():
            for pk, digest, *reference in _rows(model, [column, *filter(None, [text])]):
                if digest:
                    found = erased if gone.intersection(reference) else named
                    found[digest].append(f"{kind}:{pk}")
    return Files(
        named=dict(named),
        erased={digest: rows for digest, rows in erased.items() if digest not in named},
    )
