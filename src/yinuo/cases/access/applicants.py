"""The keyed hash by which an applicant is found again: nothing can be read from it."""

from django.conf import settings

from yinuo.kernel.marks import keyed_mark

SALT = "yinuo.cases.applicant"


def applicant_mark(kind: str, number: str) -> str:
    """Of `firm`, `person` or `trader`, and the number in its one form."""
    return keyed_mark(SALT, f"{kind}:{number}", key_file=settings.YINUO_MARKS_KEY)
