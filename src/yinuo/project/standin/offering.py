"""The stand-in offered in a demo home: what the site trusts, and whom the stand-in shows.

    identity.toml   read by the site, as in a real installation
    standin.json    read by the stand-in, which listens on loopback alone

Both are written anew at every start: the port and the secret change.
"""

import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from yinuo.project.home import write_private
from yinuo.project.standin.server import Pretended, StandIn

FILE = "standin.json"
CLIENT = "yinuo-demo"
NAME = "身份认证（演示替身）"


def offer(*, identity: Path, home: Path, port: int, subjects: Sequence[Pretended]) -> None:
    """Write both files for a stand-in on a port of loopback."""
    base, secret = f"http://127.0.0.1:{port}", secrets.token_urlsafe(32)
    trusted = {
        "name": NAME,
        "issuer": base,
        "client_id": CLIENT,
        "client_secret": secret,
        "authorize_url": f"{base}/authorize",
        "token_url": f"{base}/token",
        "keys_url": f"{base}/keys",
    }
    # Texts of our own making: JSON's quoting of them is TOML's too.
    lines = [f"{name} = {json.dumps(said, ensure_ascii=False)}" for name, said in trusted.items()]
    _put(identity, "\n".join(lines) + "\n")
    shown = {
        "port": port,
        "issuer": base,
        "client_id": CLIENT,
        "client_secret": secret,
        "subjects": [asdict(one) for one in subjects],
    }
    _put(home / FILE, json.dumps(shown, ensure_ascii=False, indent=2) + "\n")


def load(path: Path) -> tuple[StandIn, int]:
    """The stand-in that a file describes, and its port."""
    given = json.loads(path.read_text(encoding="utf-8"))
    subjects = tuple(Pretended(**one) for one in given["subjects"])
    made = StandIn(given["issuer"], given["client_id"], given["client_secret"], subjects)
    return made, given["port"]


def _put(path: Path, text: str) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
    write_private(path, text)
