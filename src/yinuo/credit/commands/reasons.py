"""The reason that every decision of a person needs."""

from yinuo.credit.errors.batches import WhyMissing

LONGEST = 1_000


def checked_reason(reason: str, *, place: str) -> str:
    """The reason without blanks at its ends. Raises `WhyMissing`."""
    said = reason.strip()
    if not said:
        raise WhyMissing(place, "没有写理由")
    if len(said) > LONGEST:
        raise WhyMissing(place, f"理由最多 {LONGEST:,} 字，现有 {len(said):,} 字")
    return said
