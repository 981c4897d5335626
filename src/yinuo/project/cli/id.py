"""`yinuo id`: identifiers of firms and persons, checked by the million."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.table import Table

from yinuo.kernel.instants import civil_date
from yinuo.kernel.resident_id import masked
from yinuo.kernel.spreadsheet.plain_text import plain_text
from yinuo.lake.identifiers.checking import KIND_WORDS, Checked, Kind, check
from yinuo.lake.identifiers.verdicts import WORDS, Verdict, remark_words
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import now

LINES = 200_000
"""Lines that are checked together."""
PERSONS = {Kind.RID}


@click.group("id")
def identifiers() -> None:
    """号码：统一社会信用代码、公民身份号码等是否有效。"""


@identifiers.command("check")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"), default="-")
@click.option(
    "--type",
    "kind",
    type=click.Choice([kind.value for kind in Kind]),
    default=Kind.USCC.value,
    show_default=True,
    help="uscc 统一社会信用代码，rid 公民身份号码，org 组织机构代码，reg 工商注册号。",
)
@click.option("--all", "every", is_flag=True, help="有效的也逐个列出；默认只列无效的和有疑点的。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="逐个结果另存为 CSV。")
@click.option("--json", "as_json", is_flag=True, help="每个号码输出一行 JSON，最后一行是合计。")
def check_file(file: IO[str], *, kind: str, every: bool, out: Path | None, as_json: bool) -> None:
    """检查一列号码，一行一个；FILE 是 - 或不给时读标准输入。相同的号码只检查一次。

    无效的写明为什么；有效而有疑点的（如内含的组织机构代码校验不符）另行注明，不算无效。公民身份号码
    在屏幕上遮住中间八位，--out 的文件里是原样。有无效号码时以非零状态退出。

    \b
    Example: yinuo id check codes.txt --type uscc
    Example: cut -d, -f3 firms.csv | yinuo id check - --json
    """
    wanted = Kind(kind)
    counted, lines = _count(file)
    found = check(list(counted), wanted, on=_today())
    tally = Counter[Verdict]()
    for value, verdict in zip(found.values, found.verdicts, strict=True):
        tally[Verdict(verdict)] += counted[value]
    if out is not None:
        _write(out, found, counted)
    shown = _shown(found, every=every)
    if as_json:
        _as_json(found, shown, counted, wanted)
        click.echo(json.dumps(_total(tally, lines, len(counted)), ensure_ascii=False))
    else:
        _say(found, shown, counted, wanted)
        _sum_up(tally, lines, len(counted), wanted)
    if tally.total() > tally[Verdict.VALID] + tally[Verdict.EMPTY]:
        sys.exit(1)


def _today() -> date:
    return civil_date(now())


def _count(file: IO[str]) -> tuple[Counter[str], int]:
    """Each distinct line with how often it comes, and how many lines there are."""
    counted, lines = Counter[str](), 0
    with LateProgress() as progress:
        source = (line.rstrip("\r\n") for line in file)
        while some := list(islice(source, LINES)):
            counted += Counter(some)
            lines += len(some)
            progress("读号码", lines, 0)
    return counted, lines


def _shown(found: Checked, *, every: bool) -> Iterator[int]:
    """The places of what is to be listed: all, or what is not plainly valid."""
    for place, (verdict, remarks) in enumerate(zip(found.verdicts, found.remarks, strict=True)):
        plainly = verdict == Verdict.EMPTY or (verdict == Verdict.VALID and not remarks)
        if every or not plainly:
            yield place


def _public(value: str, kind: Kind) -> str:
    """What may stand on a screen: the middle of a person's number is hidden."""
    return masked(value) if kind in PERSONS else value


def _row(found: Checked, place: int) -> tuple[str, str, str]:
    verdict = Verdict(found.verdicts[place])
    return found.forms[place], WORDS[verdict], "；".join(remark_words(int(found.remarks[place])))


def _as_json(found: Checked, shown: Iterator[int], counted: Counter[str], kind: Kind) -> None:
    for place in shown:
        form, _, remarks = _row(found, place)
        verdict = Verdict(found.verdicts[place])
        line = {
            "value": _public(form, kind),
            "valid": verdict is Verdict.VALID,
            "reason": "" if verdict is Verdict.VALID else verdict.name.lower(),
            "remarks": remarks,
            "lines": counted[found.values[place]],
        }
        click.echo(json.dumps(line, ensure_ascii=False))


MOST_SHOWN = 200


def _say(found: Checked, shown: Iterator[int], counted: Counter[str], kind: Kind) -> None:
    places = list(shown)
    if not places:
        return
    table = Table(box=None, pad_edge=False)
    for title in ("号码", "结论", "疑点", "行数"):
        table.add_column(title, justify="right" if title == "行数" else "left")
    for place in places[:MOST_SHOWN]:
        form, verdict, remarks = _row(found, place)
        lines = f"{counted[found.values[place]]:,}"
        table.add_row(_public(form, kind), verdict, remarks, lines)
    Console().print(table)
    if len(places) > MOST_SHOWN:
        click.echo(f"… 另有 {len(places) - MOST_SHOWN:,} 个，完整结果用 --out 另存")


def _sum_up(tally: Counter[Verdict], lines: int, distinct: int, kind: Kind) -> None:
    counts = "，".join(f"{WORDS[each]} {tally[each]:,}" for each in Verdict if tally[each])
    said = counts or "没有内容"
    click.echo(f"{KIND_WORDS[kind]} {lines:,} 行，{distinct:,} 个不同的值：{said}")


def _total(tally: Counter[Verdict], lines: int, distinct: int) -> dict[str, int]:
    return {
        "lines": lines,
        "distinct": distinct,
        **{verdict.name.lower(): tally[verdict] for verdict in Verdict},
    }


def _write(path: Path, found: Checked, counted: Counter[str]) -> None:
    """Every distinct value with its verdict."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("号码", "规范写法", "结论", "疑点", "行数"))
        for place, value in enumerate(found.values):
            form, verdict, remarks = _row(found, place)
            rows.writerow((plain_text(value), plain_text(form), verdict, remarks, counted[value]))
