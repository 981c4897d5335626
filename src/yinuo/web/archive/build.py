"""The public archive: everything anyone may know at one checkpoint, in one plain folder.

index.html · commitments/ · observations.html · check.html     to be read, without a server
commitments.csv · changes.csv · observations.csv · evidence.csv   to be reckoned with
log/ · yinuo_verify.py · checkpoint.txt · SHA256SUMS           to be checked

Pages, tables and log are read from the same moment of the database. Nothing in it tells when it
was built, so the same data gives the same bytes.
"""

from collections.abc import Callable
from importlib import resources
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.export import one_moment, write_log
from yinuo.ledger.published import public_waiting
from yinuo.web.archive.content import Content, read_content
from yinuo.web.archive.pages import write_pages
from yinuo.web.archive.parcel import write_sums
from yinuo.web.archive.seal import Seal, read_seal
from yinuo.web.archive.tables import write_tables

Tell = Callable[[str, int, int], None]
"""Is told a step, how far it is, and of how many."""
SHOWN = 3


class NotSealedYet(YinuoError):
    """Something public was changed and not sealed yet, so pages and log would differ."""

    code = "WEB-E011"
    status = 503

    def __init__(self, threads: frozenset[str]) -> None:
        some = "、".join(sorted(threads)[:SHOWN]) + ("等" if len(threads) > SHOWN else "")
        super().__init__(
            f"有 {len(threads):,} 项公开内容刚刚改动，还没有封存",
            place=some,
            next_step="请等几秒再运行；如仍不行，请确认封存进程在运行，或运行 yinuo ledger seal",
        )


def build(folder: Path, *, tell: Tell = lambda _step, _done, _all: None) -> Seal:
    """Write the archive into an empty folder. Raises `NotSealedYet`, and what `write_log` does."""
    with one_moment():
        seal = read_seal()
        if waiting := public_waiting():
            raise NotSealedYet(waiting)
        write_log(folder / "log", tell=lambda done, of: tell("导出账本", done, of))
        content = read_content(today=seal.as_of, tell=lambda done, of: tell("读取承诺", done, of))
        _write(folder, seal, content, tell)
    return seal


def _write(folder: Path, seal: Seal, content: Content, tell: Tell) -> None:
    write_pages(folder, seal, content, lambda done, of: tell("写出网页", done, of))
    write_tables(folder, content)
    (folder / "checkpoint.txt").write_text(
        f"{seal.note}\n存证校验码 {seal.code}\n", encoding="utf-8"
    )
    program = resources.files("yinuo.verifier").joinpath("yinuo_verify.py").read_bytes()
    (folder / "yinuo_verify.py").write_bytes(program)
    write_sums(folder)
