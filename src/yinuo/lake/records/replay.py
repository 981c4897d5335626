"""Rows put aside and mended by a person: landed as a small batch that says what it corrects."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from yinuo.lake.records.batch import RecordBatch
from yinuo.lake.records.description import SourceDescription

Place = tuple[int, int]
"""Number of the file in the batch, and record number."""


def replay(
    batch: RecordBatch,
    corrected: Mapping[Place, Mapping[str, str]],
    *,
    source: SourceDescription,
    lake: Path,
    at: datetime,
) -> RecordBatch:
    """Land corrected rows (place → heading → text) of a batch's quarantine as a correction batch.

    Rows that are still wrong are put aside again, in the new batch.
    """
    raise NotImplementedError
