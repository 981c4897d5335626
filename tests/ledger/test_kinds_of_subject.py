"""Each kind of recorded row has a name of its own on the ledger."""

from collections import Counter

from django.apps import apps

from yinuo.ledger.recorded import Recorded


def test_no_two_models_stand_under_one_name() -> None:
    names = Counter(model.SUBJECT for model in apps.get_models() if issubclass(model, Recorded))
    assert len(names) > 1
    assert [name for name, count in names.items() if count > 1] == []
