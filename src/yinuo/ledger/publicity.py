"""Which stories are public: asked of the rows themselves, at this moment (ADR 3)."""

from collections import defaultdict
from collections.abc import Iterable

from yinuo.ledger.recorded import recorded_models


def public_threads(threads: Iterable[str]) -> frozenset[str]:
    """Those of the threads, such as `commitment:DL2024-015`, whose entries anyone may read."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for thread in set(threads):
        subject, _, key = thread.partition(":")
        keys[subject].append(key)
    models = recorded_models()
    found: set[str] = set()
    for subject in keys.keys() & models.keys():
        model = models[subject]
        rows = model._base_manager.filter(model.public_rows(), pk__in=keys[subject])
        found.update(f"{subject}:{pk}" for pk in rows.values_list("pk", flat=True))
    return frozenset(found)
