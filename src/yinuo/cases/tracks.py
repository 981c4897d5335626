"""查询码: the secret on a receipt with which an applicant finds a case again. Pure.

Sixteen characters of thirty-two are 80 random bits; only the hash is kept, so nobody can read the
codes out of the database, and a code cannot be guessed from another one.
"""

import hashlib
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are taken for one another."""
LENGTH, GROUP = 16, 4


def new_track() -> str:
    """A new code as it is printed, such as `7KQM-P2XD-9RHT-WB4C`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def track_mark(track: str) -> str:
    """What is stored of a code, however it was typed: blanks, hyphens and small letters are alike.

    >>> track_mark("7kqm p2xd 9rht wb4c") == track_mark("7KQM-P2XD-9RHT-WB4C")
    True
    """
    plain = "".join(unicodedata.normalize("NFKC", track).split()).replace("-", "").upper()
    return hashlib.sha256(f"yinuo.track:{plain}".encode()).hexdigest()
