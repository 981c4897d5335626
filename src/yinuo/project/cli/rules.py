"""`yinuo rules`: decision tables checked, tried, asked about one case and about every firm."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from yinuo.kernel.errors import YinuoError
from yinuo.project.cli.dmn import (
    check_model,
    convert_command,
    decide_model,
    model_in,
    refuse_models,
    tck_command,
)
from yinuo.project.cli.findings import print_json, show_findings
from yinuo.project.cli.given import DayUnreadable, read_object
from yinuo.project.cli.progress import LateProgress
from yinuo.project.cli.rules_sql import sql_command
from yinuo.project.cli.rules_words import (
    checked_data,
    comparison_data,
    coverage_data,
    report_data,
    say_checked,
    say_comparison,
    say_coverage,
    say_report,
    say_tried,
    say_verdict,
    tried_data,
    verdict_data,
)
from yinuo.rules.compare import compare
from yinuo.rules.coverage import coverage
from yinuo.rules.explain import Language
from yinuo.rules.facts import FactsRefused, read_facts
from yinuo.rules.feeding import feeds, given_inputs
from yinuo.rules.reading import Misread, read_day
from yinuo.rules.screen import NoTableValid, Wanted, screen
from yinuo.rules.single import Tables
from yinuo.rules.trying import run_examples
from yinuo.rules.verify import verify
from yinuo.rules.workbook.read import Checked, check, check_bytes, joined
from yinuo.web.clock import today

STDIN = "标准输入.xlsx"


class UnknownTable(YinuoError):
    """A `--table` that is not in force, or not in the files."""

    code = "RULES-E110"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"基准日没有有效的规则表“{name}”",
            place="--table",
            next_step=f"可用的表：{'、'.join(known)}",
        )


def _on_option(function: Any) -> Any:  # noqa: ANN401  # click's decorators are untyped
    return click.option("--on", "day", help="基准日，如 2026-03-01；默认今天。")(function)


def _json_option(function: Any) -> Any:  # noqa: ANN401  # as above
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON。")(function)


def _files_argument(function: Any) -> Any:  # noqa: ANN401  # as above
    argument = click.argument(
        "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True)
    )
    return argument(function)


@click.group()
def rules() -> None:
    """规则表：检查、试算、判定一件、筛查全部、比较新旧。"""


@rules.command("check")
@_files_argument
@_json_option
def check_command(*, paths: tuple[str, ...], as_json: bool) -> None:
    """逐格检查规则表 FILE（- 为标准输入），并查遗漏、重叠和永远用不上的规则。

    有错误、有冲突的重叠或永远用不上的规则时，退出码为 1。遗漏只列出，由制表人判断。
    FILE 也可以是一个 DMN 模型（按内容识别）。

    \b
    Example: yinuo rules check lights.xlsx
    """
    if (model := model_in(paths)) is not None:
        check_model(model, as_json=as_json)
        return
    checked = _checked(paths)
    verified = [] if checked.rulebook is None else [verify(t) for t in checked.rulebook.tables]
    if as_json:
        print_json(checked_data(checked, verified))
    else:
        show_findings("提示", checked.notices)
        show_findings("错误", checked.errors)
        say_checked(checked, verified)
    if checked.rulebook is None or not all(each.is_sound for each in verified):
        sys.exit(1)


@rules.command()
@_files_argument
@click.option("--input", "text", required=True, help="一件的事实，JSON；@文件 或 - 从文件读。")
@click.option("--table", "name", default="", help="只看这一张表（给它供数的表照样先判定）。")
@click.option("--decision", "wanted", default="", help="DMN 模型里的哪个决策、服务或函数。")
@_on_option
@click.option(
    "--language",
    type=click.Choice([each.value for each in Language]),
    default=Language.CHINESE.value,
    show_default=True,
    help="说明用的语言。",
)
@_json_option
def decide(
    *,
    paths: tuple[str, ...],
    text: str,
    name: str,
    wanted: str,
    day: str | None,
    language: str,
    as_json: bool,
) -> None:
    """判定一件：结果、用到的规则、其他规则为何不成立；或“未定”，并说明缺什么。

    FILE 也可以是一个 DMN 模型（按内容识别）。未定或结果为 null 时退出码为 3，冲突时为 4。

    \b
    Example: yinuo rules decide lights.xlsx --input '{"落后百分点": 12}'
    """
    if (model := model_in(paths)) is not None:
        on = None if day is None else _day(day)
        decide_model(model, read_object(text), wanted=wanted, on=on, as_json=as_json)
        return
    if wanted:
        raise click.UsageError("--decision 只用于 DMN 模型；规则表请用 --table")
    book = _checked(paths).sound()
    on = _day(day)
    tables = Tables(book, on)
    if not tables.tables:
        raise NoTableValid(on, book.tables)
    inputs = given_inputs(tables.tables, feeds(tables.tables))
    verdict = tables.decide(_facts(text, inputs))
    if name:
        if name not in verdict.decisions:
            raise UnknownTable(name, list(verdict.decisions))
        verdict = verdict._replace(decisions={name: verdict.decisions[name]})
    if as_json:
        print_json(verdict_data(verdict, Language(language)))
    else:
        say_verdict(verdict, Language(language))
    states = {decision.state.name for decision in verdict.decisions.values()}
    if "CONFLICT" in states:
        sys.exit(4)
    if "UNDETERMINED" in states:
        sys.exit(3)


@rules.command("screen")
@_files_argument
@click.option(
    "--data", required=True, type=click.Path(path_type=Path), help="Parquet 文件或文件夹。"
)
@click.option("--out", type=click.Path(path_type=Path), help="结果写到哪个 Parquet 文件。")
@click.option("--keep", multiple=True, help="结果里保留的数据列，如企业代码；可多次。")
@click.option("--masks", is_flag=True, help="只写各规则成立与可能成立的位，最快最省。")
@click.option(
    "--coverage", "with_coverage", is_flag=True, help="按真实数据排列遗漏、重叠和从未命中。"
)
@click.option("--allow-missing", is_flag=True, help="数据里没有的列按缺少处理。")
@_on_option
@_json_option
def screen_command(
    *,
    paths: tuple[str, ...],
    data: Path,
    out: Path | None,
    keep: tuple[str, ...],
    masks: bool,
    with_coverage: bool,
    allow_missing: bool,
    day: str | None,
    as_json: bool,
) -> None:
    """用每一张表判定数据的每一行，写出结果，报出是、否、未定各有多少。

    \b
    Example: yinuo rules screen waiver.xlsx --data cases.parquet --out result.parquet --keep 案号
    """
    if out is None and not with_coverage:
        raise click.UsageError("请用 --out 写出结果，或用 --coverage 只看覆盖情况")
    if masks and with_coverage:
        raise click.UsageError("--masks 与 --coverage 不能同时用")
    book = _checked(paths).sound()
    on = _day(day)
    wanted = Wanted(keep=keep, words_only=masks, count_rules=with_coverage)
    with LateProgress() as progress:
        report = screen(
            book,
            data=data,
            out=out,
            on=on,
            wanted=wanted,
            allow_missing=allow_missing,
            progress=progress,
        )
        covered = None
        if with_coverage:
            covered = coverage(
                book, report, data=data, on=on, allow_missing=allow_missing, progress=progress
            )
    if as_json:
        found = report_data(report)
        print_json(found if covered is None else {**found, "coverage": coverage_data(covered)})
        return
    say_report(report, out)
    if covered is not None:
        say_coverage(covered)


@rules.command("test")
@_files_argument
@_on_option
@_json_option
def try_command(*, paths: tuple[str, ...], day: str | None, as_json: bool) -> None:
    """试算“测试”表里的每一个例子。有一个不符，退出码为 1。

    \b
    Example: yinuo rules test lights.xlsx
    """
    book = _checked(paths).sound()
    tried = list(run_examples(book, on=_day(day)))
    if as_json:
        print_json(tried_data(tried))
    else:
        say_tried(tried)
    if not tried or not all(each.passed for each in tried):
        sys.exit(1)


@rules.command("diff")
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.option(
    "--data", required=True, type=click.Path(path_type=Path), help="Parquet 文件或文件夹。"
)
@click.option("--key", default="", help="用哪一列指明是哪一行，如企业代码。")
@click.option("--allow-missing", is_flag=True, help="数据里没有的列按缺少处理。")
@_on_option
@click.option("--on-new", "new_day", help="新表的基准日；默认与 --on 相同。")
@_json_option
def diff_command(
    *,
    old: str,
    new: str,
    data: Path,
    key: str,
    allow_missing: bool,
    day: str | None,
    new_day: str | None,
    as_json: bool,
) -> None:
    """比较新旧两版规则表：同样的数据，谁的结果会变，怎么变。有变化时退出码为 1。

    \b
    Example: yinuo rules diff waiver-2021.xlsx waiver-2026.xlsx --data cases.parquet --key 案号
    """
    on = _day(day)
    with LateProgress() as progress:
        compared = compare(
            _checked((old,)).sound(),
            _checked((new,)).sound(),
            data=data,
            on=(on, _day(new_day) if new_day else on),
            key=key,
            allow_missing=allow_missing,
            progress=progress,
        )
    if as_json:
        print_json(comparison_data(compared))
    else:
        say_comparison(compared)
    if any(each.changes for each in compared):
        sys.exit(1)


def _checked(paths: Sequence[str]) -> Checked:
    """The tables of all files together."""
    refuse_models(paths)
    checks = []
    for path in paths:
        if path == "-":
            checks.append((STDIN, check_bytes(sys.stdin.buffer.read(), file=STDIN)))
        else:
            checks.append((Path(path).name, check(Path(path))))
    return joined(checks)


def _day(text: str | None) -> date:
    if text is None:
        return today()
    try:
        return read_day(text)
    except Misread as misread:
        raise DayUnreadable(misread) from misread


def _facts(text: str, inputs: Any) -> dict[str, Any]:  # noqa: ANN401  # inputs by name
    given = read_object(text)
    try:
        return dict(read_facts(given, inputs))
    except FactsRefused as refused:
        show_findings("错误", refused.findings)
        raise


rules.add_command(tck_command)
rules.add_command(convert_command)
rules.add_command(sql_command)
