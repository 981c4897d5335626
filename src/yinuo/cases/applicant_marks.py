"""The keyed hash by which an applicant is found again: nothing can be read from it."""

from django.utils.crypto import salted_hmac

SALT = "yinuo.cases.applicant"


def applicant_mark(kind: str, number: str) -> str:
    """Of `firm`, `person` or `trader`, and the number in its one form."""
    return salted_hmac(SALT, f"{kind}:{number}", algorithm="sha256").hexdigest()
