"""A foreign key is an import that import-linter cannot see: it too stays or points down."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.tree import levels


def package_of(model: type[models.Model]) -> str | None:
    """`ledger` of a model of the app yinuo.ledger; None for a model that is not ours."""
    name = model._meta.app_config.name
    return name.removeprefix("yinuo.") if name.startswith("yinuo.") else None


def wrong_keys(found: Iterable[type[models.Model]]) -> list[str]:
    """Relations that leave their package other than downwards."""
    ranks = levels()
    wrong = []
    for model in found:
        package = package_of(model)
        if package is None:
            continue
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.related_model
            if not field.is_relation or target is None:
                continue
            other = package_of(target)
            if other is None or other == package or ranks[other] < ranks[package]:
                continue
            wrong.append(f"{package}.{model.__name__}.{field.name} → {other}.{target.__name__}")
    return wrong


def test_keys_stay_or_point_down() -> None:
    ours = [model for model in apps.get_models() if package_of(model)]
    assert ours
    assert wrong_keys(ours) == []


@pytest.mark.django_isolate_apps("yinuo.ledger", "yinuo.parties", "yinuo.commitments")
def test_a_key_that_points_up_is_found() -> None:
    class Upper(models.Model):
        class Meta:
            app_label = "commitments"

    class Lower(models.Model):
        upper = models.ForeignKey(Upper, on_delete=models.PROTECT)

        class Meta:
            app_label = "parties"

    class Above(models.Model):
        lower = models.ForeignKey(Lower, on_delete=models.PROTECT)
        uppers = models.ManyToManyField(Upper)

        class Meta:
            app_label = "commitments"

    assert wrong_keys([Upper, Lower, Above]) == ["parties.Lower.upper → commitments.Upper"]


def test_siblings_share_a_level() -> None:
    ranks = levels()
    assert ranks["goals"] == ranks["cases"] == ranks["credit"]
    assert ranks["kernel"] == 0
    assert ranks["commitments"] < ranks["goals"] < ranks["web"] < ranks["project"]
