"""The keyed hash by which a subject is found again: nothing can be read from it."""

from django.utils.crypto import salted_hmac

SALT = "yinuo.credit.subject"


def subject_mark(kind: str, number: str) -> str:
    """Of `firm`, `trader` or `person`, and the number in its one form."""
    return salted_hmac(SALT, f"{kind}:{number}", algorithm="sha256").hexdigest()
