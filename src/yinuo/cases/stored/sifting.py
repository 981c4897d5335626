"""Conditions that a database is to ask row by row, while it reads the index made for the count.

Left free, SQLite and PostgreSQL would find each row of a condition by another index and look it up
in the table, which for most of a table takes several times as long.
"""

from typing import Any, TypeVar

from django.db.models import BooleanField, Case, Func, IntegerField, Model, Q, QuerySet, When

M = TypeVar("M", bound=Model)


def sifted(rows: "QuerySet[M, M]", condition: Q) -> "QuerySet[M, M]":
    """The rows of a condition."""
    chosen = Case(When(condition, then=1), default=0, output_field=IntegerField())
    asked: Any = rows.alias(sifted=chosen)
    found: QuerySet[M, M] = asked.filter(sifted=1)
    return found


def written(column: str, condition: str) -> Func:
    """A condition on a column with its value written out, such as `> 0`.

    SQLite uses an index of a part of the rows only where it can read in the query that the rows
    belong to that part; a value that is handed over beside the query it does not look at.
    """
    return Func(column, template=f"%(expressions)s {condition}", output_field=BooleanField())
