"""`yinuo archive`: the monthly public archive, a folder or a ZIP file that needs no server."""

import json
import tempfile
import time
from pathlib import Path

import click

from yinuo.project.cli.progress import LateProgress
from yinuo.web.archive.build import NotSealedYet, build
from yinuo.web.archive.parcel import ArchiveExists, new_folder, write_zip
from yinuo.web.archive.seal import Seal

PAUSE_SECONDS = 1.0


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="写成目录；须尚不存在或为空。")
@click.option("--zip", "parcel", type=click.Path(path_type=Path), help="写成 ZIP 文件。")
@click.option(
    "--wait",
    default=30,
    show_default=True,
    type=click.IntRange(0, 3600),
    help="有公开内容刚刚改动时，最多等多少秒让它封存。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def archive(*, out: Path | None, parcel: Path | None, wait: int, as_json: bool) -> None:
    """写出公开归档：网页、表格、账本和检查程序，放在任何地方都能打开，不需要服务器。

    内容全部公开，可交给第三方保存。同样的数据每次得到完全相同的文件。

    \b
    Example: yinuo archive --out archive-2024-09 --zip archive-2024-09.zip
    """
    if out is None and parcel is None:
        raise click.UsageError("请用 --out 指定目录，或用 --zip 指定文件，或两者都给")
    if parcel is not None and parcel.exists():
        raise ArchiveExists(parcel)
    with tempfile.TemporaryDirectory() as scratch:
        folder = out or Path(scratch) / "archive"
        seal = _build(folder, wait)
        if parcel is not None:
            write_zip(folder, parcel, inside=seal.name, at=seal.signed_at)
    _say(seal, [str(place) for place in (out, parcel) if place], as_json=as_json)


def _build(folder: Path, wait: int) -> Seal:
    """Build once everything public is sealed. Raises `NotSealedYet` when that takes too long."""
    until = time.monotonic() + wait
    while True:
        try:
            with LateProgress() as progress, new_folder(folder) as work:
                return build(work, tell=progress)
        except NotSealedYet:
            if time.monotonic() >= until:
                raise
        time.sleep(PAUSE_SECONDS)


def _say(seal: Seal, places: list[str], *, as_json: bool) -> None:
    if as_json:
        told = {
            "origin": seal.origin,
            "size": seal.size,
            "code": seal.code,
            "as_of": seal.as_of.isoformat(),
            "written": places,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"公开归档已写到 {'、'.join(places)}，截至 {seal.as_of}，账本 {seal.size:,} 条")
    click.echo(f"存证校验码 {seal.code}")
