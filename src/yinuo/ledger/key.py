"""The log's signing key: one file, readable by its owner alone."""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.note import Signer


class KeyUnusable(YinuoError):
    """The signing key is missing, open to others, or not an Ed25519 key."""

    code = "LEDGER-E004"
    status = 500

    def __init__(self, path: Path, what: str, next_step: str) -> None:
        super().__init__(what, place=str(path), next_step=next_step)


def create_key(path: Path) -> None:
    """Write a new key with mode 600. Raises `FileExistsError` rather than replace one."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def load_signer(path: Path, *, origin: str) -> Signer:
    """The signer of the log named `origin`. Raises `KeyUnusable`."""
    if not path.exists():
        raise KeyUnusable(path, "没有签名密钥", "请先运行 yinuo init，或从备份恢复密钥文件")
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyUnusable(path, "签名密钥对他人可读", f"请运行 chmod 600 {path}")
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(path, "签名密钥不是 Ed25519 密钥", "请从备份恢复密钥文件")
    return Signer(origin, key)
