"""Conditions that a database is to ask row by row, while it reads the index made for the count.

Left free, SQLite and PostgreSQL would find each row of a condition by another index and look it up
in the table, which for most of a table takes several times as long.
"""

from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Model, Q, QuerySet, When

M = TypeVar("M", bound=Model)


def sifted(rows: "QuerySet[M, M]", condition: Q) -> "QuerySet[M, M]":
    """The rows of a condition."""
    chosen = Case(When(condition, then=1), default=0, output_field=IntegerField())
    asked: Any = rows.alias(sifted=chosen)
    found: QuerySet[M, M] = asked.filter(sifted=1)
    return found
