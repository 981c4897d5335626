"""Columns computed in stages, each from those before: nothing is computed or written twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from yinuo.rules.sql.tree import Column, Constant, Sql, is_free, stage_after

PREFIX = "_y"
"""Columns of ours begin so; the relation's own must not."""


@dataclass(slots=True)
class Stages:
    """The columns so far."""

    columns: list[tuple[Column, Sql]] = field(default_factory=list)
    _known: dict[Sql, Column] = field(default_factory=dict)

    def column(self, found: Sql) -> Sql:
        """The tree as a column, so that it can be used often; in a lambda it stays as it is."""
        if isinstance(found, Constant | Column) or is_free(found):
            return found
        if found not in self._known:
            column = Column(f"{PREFIX}{len(self.columns) + 1}", found.kind, stage_after(found))
            self._known[found] = column
            self.columns.append((column, found))
        return self._known[found]

    def by_stage(self) -> Iterator[list[tuple[Column, Sql]]]:
        """The columns of each stage, the first first."""
        for stage in range(1, 1 + max((each.stage for each, _ in self.columns), default=0)):
            yield [(column, made) for column, made in self.columns if column.stage == stage]
