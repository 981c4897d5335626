"""Models drawn one by one are those that Django draws together."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from yinuo.project.rendering import drawn_alone


def described(state: ProjectState) -> dict[str, Any]:
    """Every model by its columns, constraints and relations, in both directions."""
    return {
        model._meta.label_lower: (
            model._meta.db_table,
            [field.deconstruct()[1:] for field in model._meta.local_fields],
            [(field.column, str(field.related_model)) for field in model._meta.local_fields],
            _told(model._meta.related_objects),
            [constraint.deconstruct() for constraint in model._meta.constraints],
            [index.deconstruct() for index in model._meta.indexes],
        )
        for model in state.apps.get_models(include_auto_created=True)
    }


def _told(relations: Iterable[Any]) -> list[str]:
    return sorted(f"{found.related_model._meta.label}.{found.field.name}" for found in relations)


@pytest.mark.slow
def test_models_drawn_one_by_one_are_those_drawn_together() -> None:
    loader = MigrationLoader(None)
    plan = [
        loader.graph.nodes[key]
        for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    ]
    one_by_one = ProjectState(real_apps=loader.unmigrated_apps)
    with drawn_alone():
        assert len(one_by_one.apps.get_models()) == 0
        for migration in plan:
            one_by_one = migration.mutate_state(one_by_one, preserve=False)
    together = loader.project_state()
    assert len(together.models) > 100
    assert described(one_by_one) == described(together)
