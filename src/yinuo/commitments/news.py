"""The steps worth telling to everybody: what was asked, decided, kept or broken. Pure."""

NEWS = (
    "change.asked",
    "change.refused",
    "commitment.delivered",
    "commitment.found_broken",
    "commitment.found_false",
    "commitment.kept_in_part",
    "commitment.merged",
    "commitment.moved",
    "commitment.overturned",
    "commitment.rejected",
    "commitment.rescoped",
    "commitment.revised",
    "commitment.transferred",
    "commitment.verified",
    "commitment.waived",
    "commitment.withdrawn",
)
"""Verbs of their entries."""
