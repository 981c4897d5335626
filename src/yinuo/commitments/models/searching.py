"""What a commitment is found by."""

from typing import ClassVar

from django.db import models


class Searchable(models.Model):
    """The tokens of one commitment; made from its row, and made anew at will.

    The database indexes `words`: FTS5 on SQLite, GIN over a `tsvector` on PostgreSQL. Both are
    made by migration and hold whole tokens, without positions.
    """

    DERIVED: ClassVar = True

    commitment = models.OneToOneField(
        "commitments.Commitment", on_delete=models.PROTECT, related_name="searchable"
    )
    words = models.TextField()
    """Tokens of `searchtext`, sorted, with a blank between two."""
