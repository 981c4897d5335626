"""What is done to projects and leads, in the words of their stories."""

from collections.abc import Mapping

from yinuo.goals.queries.lead_detail import VERBS as LEADS
from yinuo.goals.register.story import VERBS as PROJECTS

VERBS: Mapping[str, str] = {**PROJECTS, **LEADS}
"""Verb of the ledger → words."""
