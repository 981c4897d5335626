"""What was deleted because its time was over: how many records, from which batches; no content."""

from django.db import models

from yinuo.ledger.recorded import Recorded, State


class CreditDeletion(Recorded):
    """One deletion that was carried out: the files are written anew without the records."""

    SUBJECT = "credit_deletion"

    number = models.PositiveIntegerField(primary_key=True)
    lake_id = models.CharField(max_length=16, unique=True)
    """Of the folder that names the records by their hashes."""
    on = models.DateField()
    """The day by which their time was over."""
    records = models.JSONField()
    """By source."""
    rows = models.JSONField()
    """By code of the batch, or id of one that was never recorded: rows of each kind of file."""
    deleted_by = models.CharField(max_length=80)
    deleted_at = models.DateTimeField()

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A deletion is carried out once."""
        del after
        fresh = before is None and verb == "credit_deletion.carried_out"
        return None if fresh else f"{verb} 不能改动删除记录"
