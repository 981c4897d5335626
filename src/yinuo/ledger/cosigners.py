"""Asking witnesses for cosignatures: the log's side of C2SP tlog-witness. Writes nothing.

CosigningFailed
├── WitnessUnreachable
├── WitnessRefused
├── AnswerUnusable
└── WitnessAlarm       a witness has seen a history that is not the one in our database
    ├── WitnessSawMore
    └── WitnessSawOther
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog.cosignature import BadCosignature, Cosigned, read_cosignatures
from yinuo.ledger.tlog.note import MalformedNote
from yinuo.ledger.tlog.policy import Policy, Witness, parse, shown

TIMEOUT_SECONDS = 15
LARGEST = 64 << 10
"""Bytes of an answer that are read at most."""
TRIES = 4
"""A witness may move on between its answer and our next request."""
AHEAD_SECONDS = 3600
"""How far a witness's clock may be ahead of ours."""
SIZE = "text/x.tlog.size"
KEEP = (
    "请立即停止封存，保存这条消息和见证单位留存的两份签名，运行 yinuo ledger verify，"
    "再查明数据库是否被恢复成旧的、签名密钥是否被他人使用"
)

Prove = Callable[[int], Sequence[bytes]]
"""`prove(old)` → the proof that the newest checkpoint continues the tree of `old` leaves."""


class CosigningFailed(YinuoError):
    """A witness that did not cosign."""

    code = "LEDGER-E050"
    status = 502

    def __init__(self, witness: Witness, what: str, next_step: str) -> None:
        super().__init__(what, place=f"见证单位 {shown(witness.name)}", next_step=next_step)
        self.witness = witness


class WitnessUnreachable(CosigningFailed):
    """A witness that does not answer."""

    code = "LEDGER-E051"

    def __init__(self, witness: Witness, why: str) -> None:
        super().__init__(
            witness,
            f"无法访问 {witness.url}：{why}",
            "请核对 trust.policy 中的网址和网络；也可请对方用 yinuo-witness watch 见证，"
            "再以 yinuo ledger witness add 交来的文件",
        )


class WitnessRefused(CosigningFailed):
    """A witness that answers and does not cosign."""

    code = "LEDGER-E052"

    def __init__(self, witness: Witness, status: int, said: str) -> None:
        super().__init__(
            witness,
            f"未予见证（HTTP {status}）：{said}",
            "404、403：请对方运行 yinuo-witness add-log 加上本账本的公钥；其余请与对方一起查明",
        )
        self.http_status = status


class AnswerUnusable(CosigningFailed):
    """An answer without a good cosignature by the key that was expected."""

    code = "LEDGER-E053"

    def __init__(self, witness: Witness, why: str) -> None:
        super().__init__(
            witness,
            f"答复不可用：{why}",
            "请核对 trust.policy 中的公钥是否就是对方现用的，及双方时钟",
        )


class WitnessAlarm(CosigningFailed):
    """A witness holds our signature under something else than we have."""

    code = "LEDGER-E054"
    status = 409


class WitnessSawMore(WitnessAlarm):
    """A witness has seen more entries signed with our key than we have."""

    code = "LEDGER-E055"

    def __init__(self, witness: Witness, seen: int, size: int) -> None:
        super().__init__(
            witness,
            f"见证单位已见证到 {seen:,} 条，本账本只有 {size:,} 条：本账本是旧的，或另有人在签名",
            KEEP,
        )
        self.seen = seen


class WitnessSawOther(WitnessAlarm):
    """A witness has seen another history under our signature."""

    code = "LEDGER-E056"

    def __init__(self, witness: Witness, seen: int) -> None:
        super().__init__(witness, f"见证单位见证过的前 {seen:,} 条与本账本的不同：历史已分叉", KEEP)
        self.seen = seen


class NoTrust(YinuoError):
    """There is no trust file, so it is not said whose cosignatures count."""

    code = "LEDGER-E057"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "没有信任文件，不知道哪些见证单位算数",
            place=str(path),
            next_step="请写好 trust.policy：本账本的公钥、各见证单位的公钥、quorum 一行",
        )


@dataclass(frozen=True)
class _Answer:
    status: int
    kind: str
    text: str


class _NoRedirect(HTTPRedirectHandler):
    """A witness is asked where the trust file says, and nowhere else."""

    def redirect_request(  # noqa: PLR0917 (the library's signature)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


def load_policy(path: Path) -> Policy | None:
    """The trust file of this installation, or None without one. Raises `BadPolicy`."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    return parse(data, str(path))


def ask(witness: Witness, *, note: str, size: int, known: int, prove: Prove, at: int) -> Cosigned:
    """The cosignature of one witness under our newest checkpoint, verified.

    `known` is the size up to which it is believed to have cosigned; if it says otherwise, it
    is asked again from there. `at` is the present, in seconds since 1970. Raises a
    `CosigningFailed`.
    """
    old, answer = min(known, size), _Answer(0, "", "")
    for _ in range(TRIES):
        answer = _post(witness, _body(old, prove(old), note))
        if answer.status == HTTPStatus.OK:
            return _take(witness, note, answer.text, at)
        if answer.status != HTTPStatus.CONFLICT or answer.kind != SIZE:
            break
        seen = _size(witness, answer.text)
        if seen > size:
            raise WitnessSawMore(witness, seen, size)
        if seen == old == size:
            raise WitnessSawOther(witness, seen)
        old = seen
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and old:
        # The proof came from our own tiles and starts where the witness stands.
        raise WitnessSawOther(witness, old)
    raise WitnessRefused(witness, answer.status, answer.text.strip()[:300])


def _body(old: int, proof: Sequence[bytes], note: str) -> bytes:
    lines = "".join(f"{b64encode(node).decode()}\n" for node in proof)
    return f"old {old}\n{lines}\n{note}".encode()


def _post(witness: Witness, body: bytes) -> _Answer:
    if not witness.url.startswith(("http://", "https://")):
        raise WitnessUnreachable(witness, "网址须以 http:// 或 https:// 开头")
    try:
        request = Request(  # noqa: S310 (the scheme has been checked)
            f"{witness.url.rstrip('/')}/add-checkpoint", data=body, method="POST"
        )
        request.add_header("Content-Type", "text/plain; charset=utf-8")
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _read(answer, answer.status, answer.headers)
    except HTTPError as error:
        with error:
            return _read(error, error.code, error.headers)
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise WitnessUnreachable(witness, str(error)) from error


def _read(answer: IO[bytes], status: int, headers: Message) -> _Answer:
    content = answer.read(LARGEST)
    return _Answer(status, headers.get_content_type(), content.decode(errors="replace"))


def _size(witness: Witness, text: str) -> int:
    digits = text.removesuffix("\n")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):  # noqa: PLR2004
        raise AnswerUnusable(witness, f"409 后应为记录数，却是 {text[:40]!r}")
    return int(digits)


def _take(witness: Witness, note: str, lines: str, at: int) -> Cosigned:
    try:
        cosigned = read_cosignatures(f"{note}{lines}", [witness.verifier])
    except (MalformedNote, BadCosignature) as error:
        raise AnswerUnusable(witness, error.what) from error
    if not cosigned:
        raise AnswerUnusable(witness, f"没有 {witness.verifier.label} 的签名")
    require_time(witness, cosigned[0], at)
    return cosigned[0]


def require_time(witness: Witness, cosigned: Cosigned, at: int) -> None:
    """Raise `AnswerUnusable` for a cosignature from the future."""
    if cosigned.time > at + AHEAD_SECONDS:
        raise AnswerUnusable(witness, f"见证时间 {cosigned.time} 在未来")
