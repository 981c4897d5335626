"""What is done to cases, problems and building projects, in the words of their stories."""

from collections.abc import Mapping

from yinuo.cases.stories.buildings import VERBS as BUILDINGS
from yinuo.cases.stories.cases import LABELS as CASES
from yinuo.cases.stories.problems import LABELS as PROBLEMS

VERBS: Mapping[str, str] = {**CASES, **PROBLEMS, **BUILDINGS}
"""Verb of the ledger → words."""
