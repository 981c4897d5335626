"""The tables of a new database, made in a quarter of the time.

Django keeps a picture of all models while it migrates. Each model that a migration creates makes
it draw anew whatever hangs together with it; here that is nearly everything, once for each of two
hundred models.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def drawn_alone() -> Iterator[None]:
    """While the block runs, a model that is created is drawn, and those drawn before stay.

    They learn of it by its relations, as models learn of each other in any program. What a
    migration alters or removes is drawn anew with all that hangs together with it, as always.
    """
    whole = ProjectState.add_model
    ProjectState.add_model = _add  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ProjectState.add_model = whole  # type: ignore[method-assign]


def _add(state: ProjectState, new: ModelState) -> None:
    """`ProjectState.add_model` without its last step, which draws more than the new model."""
    key = new.app_label, new.name_lower
    state.models[key] = new
    if state._relations is not None:  # type: ignore[attr-defined]  # noqa: SLF001
        state.resolve_model_relations(key)
    if "apps" in vars(state):  # drawn already; asking for them would draw them
        state.apps.render_multiple([new])
