"""Signed notes against keys and notes that other programs made and published."""

import hashlib
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from yinuo.ledger.tlog.note import (
    COSIGNATURE_KEY,
    LOG_KEY,
    BadKey,
    BadSignature,
    MalformedNote,
    Signer,
    UnknownSigner,
    Verifier,
    key_id,
    open_note,
    sign,
)

GO_SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_SUM_NOTE = """\
go.sum database tree
6353345
d5kp6/RTbWj/e9AMga1hdcHZHcLdFKA2fjHfKJ8FfR4=

— sum.golang.org Az3grhfKc0hf9eAH1x5p0VjY99pEe8l9JKKLGyf9F0m4JTrJjcsr9rUDh6kvNIl7vdzWqULpk3+azvpfJo9aOMZaYQE=
— mdh.SumDB.Witness MwRoUvap0myxmJQ+D1EuU61mmID6Fu1anufFrU0E0FgqaVj8ZAjWSJ7eWzi8tQ4dOljZ2cVlDmSesoaeBAMC1t94Mgc
"""  # noqa: E501
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
    "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01"
    "oOTGwnWLox33WWd1RvMc+QQ=\n"
)
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_SEED = bytes.fromhex("810a1402d5146c8d84f2443330f5408 0ebf98ee1 7d9c74f6252fc5d5c7283173".replace(" ", ""))
SPEC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj"
    "OBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
COSIGNER = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
