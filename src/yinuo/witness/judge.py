"""Whether a checkpoint is cosigned: the one place where a witness decides.

    Refused
    ├── UnknownLog     404   not a log that is followed
    ├── Untrusted      403   no signature by a trusted key of that log
    ├── OldAboveNew    400   the proof is to start above the checkpoint
    ├── WrongOld       409   the proof starts elsewhere than at what was cosigned last
    ├── ProofFails     422   the proof proves nothing
    └── ForkFound            two signed checkpoints that cannot be one log
        ├── SameSize   409
        └── Rewritten  422

Source: C2SP tlog-witness.
"""

from dataclasses import dataclass

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.cosignature import Cosigner, cosign
from yinuo.ledger.tlog.note import BadSignature, UnknownSigner, open_note, split_note
from yinuo.ledger.tlog.proof import Inconsistent, ProofRejected, verify_consistency
from yinuo.ledger.tlog.tree import EMPTY_ROOT
from yinuo.witness.evidence import Fork, Kind, proof_text
from yinuo.witness.folder import Folder
from yinuo.witness.request import Request
from yinuo.witness.state import Seen

KEEP = "两份签名和证明已存入 forks 目录，请勿删除，并告知账本方、其他见证单位和公众"


class Refused(YinuoError):
    """A checkpoint that is not cosigned."""

    code = "WITNESS-E008"


class UnknownLog(Refused):
    """A checkpoint of a log that is not followed."""

    code = "WITNESS-E009"
    status = 404

    def __init__(self, origin: str) -> None:
        super().__init__(
            "没有跟踪这个账本",
            place=origin,
            next_step="如须跟踪：核对公钥后运行 yinuo-witness add-log 公钥",
        )


class Untrusted(Refused):
    """A checkpoint that no trusted key of its log has signed."""

    code = "WITNESS-E010"
    status = 403

    def __init__(self, origin: str, why: str) -> None:
        super().__init__(
            why,
            place=origin,
            next_step="如果账本换了密钥：另行核对新公钥后运行 yinuo-witness add-log 新公钥",
        )


class OldAboveNew(Refused):
    """A proof that is to start above the checkpoint it ends at."""

    code = "WITNESS-E011"

    def __init__(self, old: int, size: int) -> None:
        super().__init__(
            f"old 为 {old}，大于存证校验点的 {size} 条",
            place="请求第 1 行",
            next_step="old 应为见证单位上次见证的记录数，不得大于存证校验点",
        )


class WrongOld(Refused):
    """A proof from another size than the one cosigned last; `size` is that one."""

    code = "WITNESS-E012"
    status = 409

    def __init__(self, old: int, size: int) -> None:
        super().__init__(
            f"上次见证到 {size} 条，证明却从 {old} 条起",
            place="请求第 1 行",
            next_step=f"请从 old {size} 起重新出具证明",
        )
        self.size = size


class ProofFails(Refused):
    """A proof that proves neither that the log continued nor that it forked."""

    code = "WITNESS-E013"
    status = 422

    def __init__(self, seen: Seen, later: Checkpoint) -> None:
        super().__init__(
            f"证明不成立，看不出 {later.size} 条时的账本是否延续了已见证的 {seen.size} 条",
            place=later.origin,
            next_step="请从账本重新取得证明；"
            "若总不成立，请运行 yinuo-witness watch 自行读取账本查明",
        )


class ForkFound(Refused):
    """Two checkpoints that one log signed and that cannot belong to one history."""

    code = "WITNESS-E014"
    status = 422


class SameSize(ForkFound):
    """Two signed roots for one size."""

    code = "WITNESS-E015"
    status = 409

    def __init__(self, seen: Seen, later: Checkpoint) -> None:
        super().__init__(
            f"账本分叉：{seen.size} 条时签过两个根哈希，已见证的为 {seen.root.hex()}，"
            f"现为 {later.root.hex()}",
            place=seen.origin,
            next_step=KEEP,
        )
        self.size = seen.size


class Rewritten(ForkFound):
    """A later tree that holds other entries than those cosigned."""

    code = "WITNESS-E016"

    def __init__(self, seen: Seen, later: Checkpoint) -> None:
        super().__init__(
            f"账本分叉：{later.size} 条时的账本改写了已见证的前 {seen.size} 条",
            place=seen.origin,
            next_step=KEEP,
        )


@dataclass(frozen=True)
class Witness:
    """A witness at work in its folder. What is followed is read anew for every checkpoint."""

    folder: Folder
    cosigner: Cosigner

    def open(self, note: str) -> tuple[str, Checkpoint]:
        """The text and the checkpoint of a note of a followed log, its signature verified.

        Raises `UnknownLog`, `Untrusted`, `MalformedNote`, `MalformedCheckpoint`.
        """
        text, _signatures = split_note(note)
        origin = text.partition("\n")[0]
        verifiers = self.folder.config().verifiers(origin)
        if not verifiers:
            raise UnknownLog(origin)
        try:
            open_note(note, verifiers)
        except (UnknownSigner, BadSignature) as error:
            raise Untrusted(origin, error.what) from error
        return text, checkpoint.parse(text)

    def add_checkpoint(self, request: Request, *, at: int) -> Seen:
        """Cosign a checkpoint that continues the last one; on the disk when this returns.

        `at` is in seconds since 1970. Raises a `Refused`, `MalformedNote`,
        `MalformedCheckpoint`; a fork or doubt is on the disk as well by then.
        """
        text, later = self.open(request.note)
        if request.old > later.size:
            raise OldAboveNew(request.old, later.size)
        with self.folder.state().locked() as book:
            self._judge(book.last(later.origin), later, request, at)
            line = cosign(text, self.cosigner, at)
            seen = Seen(later.origin, later.size, later.root, request.note, line, at)
            book.enter(seen)
        self.folder.forks.clear(origin=later.origin, size=later.size, root=later.root, at=at)
        return seen

    def _judge(self, seen: Seen | None, later: Checkpoint, request: Request, at: int) -> None:
        """Return if the checkpoint continues what was seen; keep what does not fit."""
        size, root = (seen.size, seen.root) if seen else (0, EMPTY_ROOT)
        if seen and later.size == size and later.root != root:
            # Said of whatever `old` the request has: the two signatures speak for themselves.
            self.keep(Kind.SAME_SIZE, seen, later, request, at)
            raise SameSize(seen, later)
        if request.old != size:
            raise WrongOld(request.old, size)
        try:
            verify_consistency(size, root, later.size, later.root, request.proof)
        except ProofRejected as rejected:
            if seen is None:
                raise ProofFails(Seen(later.origin, 0, root, "", "", at), later) from rejected
            self._refuse(rejected, seen, later, request, at)

    def _refuse(
        self, rejected: ProofRejected, seen: Seen, later: Checkpoint, request: Request, at: int
    ) -> None:
        if isinstance(rejected, Inconsistent) and rejected.computed_new_root == later.root:
            # The hashes do lead to the later root, so they are that tree's own; below the
            # earlier size it has another root than the one that was signed.
            other = rejected.computed_old_root
            self.keep(Kind.REWRITTEN, seen, later, request, at, other_root=other)
            raise Rewritten(seen, later) from rejected
        self.keep(Kind.UNPROVEN, seen, later, request, at)
        raise ProofFails(seen, later) from rejected

    def keep(
        self,
        kind: Kind,
        seen: Seen,
        later: Checkpoint,
        request: Request,
        at: int,
        *,
        other_root: bytes = b"",
    ) -> None:
        """Put what does not fit among the forks, both notes in full."""
        self.folder.forks.keep(
            Fork(
                origin=later.origin,
                kind=kind,
                found_at=at,
                earlier_size=seen.size,
                earlier_note=seen.note,
                later_size=later.size,
                later_root=later.root.hex(),
                later_note=request.note,
                other_root=other_root.hex(),
                proof=proof_text(request.proof),
            )
        )
