"""The provider of identities that an installation trusts, read from its file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yinuo.kernel.errors import YinuoError

CLAIMS = {
    "kind": "subject_kind",
    "number": "subject_number",
    "name": "subject_name",
    "agent": "agent_name",
}
"""Our word → the name of the provider's claim, where the file names no other."""
KINDS = {"firm": "firm", "trader": "trader", "person": "person"}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadProvider(YinuoError):
    """A file that describes no provider that may be trusted."""

    code = "IDENT-E001"
    status = 500

    def __init__(self, place: str, what: str, next_step: str) -> None:
        super().__init__(what, place=place, next_step=next_step)


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Where to send who signs in, and whose signature to believe."""

    name: str
    """What people call it, such as 辽宁省统一身份认证平台."""
    issuer: str
    client_id: str
    client_secret: str
    authorize_url: str
    token_url: str
    keys_url: str
    """Where the provider publishes its keys (JWKS)."""
    scope: str = "openid"
    claims: Mapping[str, str] = field(default_factory=lambda: CLAIMS)
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)
    """The provider's word for a sort of subject → ours."""


def load_provider(path: Path) -> Provider | None:
    """The provider of `identity.toml`; None where an installation has no such file.

    Raises `BadProvider`: a file that cannot be read must not pass for none.
    """
    if not path.exists():
        return None
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadProvider(str(path), f"读不出来：{error}", "对照手册核对这个文件") from error
    known = {each.name for each in fields(Provider)}
    odd = sorted(set(given) - known)
    lacking = sorted(known - {"scope", "claims", "kinds"} - {k for k, v in given.items() if v})
    if odd or lacking:
        what = "；".join(
            [*(f"缺少 {name}" for name in lacking), *(f"不认识 {name}" for name in odd)]
        )
        raise BadProvider(str(path), what, "对照手册补齐或删去这些项")
    given["claims"] = {**CLAIMS, **given.get("claims", {})}
    for name in ("authorize_url", "token_url", "keys_url"):
        _check_address(path, name, str(given[name]))
    return Provider(**given)


def _check_address(path: Path, name: str, address: str) -> None:
    parts = urlsplit(address)
    plain_is_fine = parts.hostname in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and plain_is_fine):
        raise BadProvider(str(path), f"{name} 不是 https 地址", "身份信息不能明文传送，改用 https")
