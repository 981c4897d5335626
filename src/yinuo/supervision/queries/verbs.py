"""What is done to orders, doubts, contests and draws, in the words of their stories."""

from collections.abc import Mapping

from yinuo.supervision.contest_life import VERBS as CONTESTS
from yinuo.supervision.doubt_life import VERB_LABELS as DOUBTS
from yinuo.supervision.queries.draws import VERBS as DRAWS
from yinuo.supervision.queries.order import VERBS as ORDERS

VERBS: Mapping[str, str] = {**ORDERS, **DOUBTS, **CONTESTS, **DRAWS}
"""Verb of the ledger → words."""
