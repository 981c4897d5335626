"""What is done to batches, objections and repairs, in the words of their stories."""

from collections.abc import Mapping

from yinuo.credit.queries.batches import LABELS as BATCHES
from yinuo.credit.queries.objections import LABELS as OBJECTIONS
from yinuo.credit.queries.repairs import LABELS as REPAIRS

VERBS: Mapping[str, str] = {**BATCHES, **OBJECTIONS, **REPAIRS}
"""Verb of the ledger → words."""
