"""`yinuo sources`: the table of where tasks come from, checked."""

import json
from pathlib import Path

import click
from django.conf import settings

from yinuo.commitments.registry import planned_kinds
from yinuo.commitments.sources import BadSources, Source, limit_words, load
from yinuo.kernel.content import content_file
from yinuo.kernel.errors import Finding


@click.group()
def sources() -> None:
    """任务来源：编号规则、默认时限、公开类型。"""


@sources.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check(file: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """检查任务来源表，列出全部错误；省略文件名则检查正在使用的表。

    \b
    Example: yinuo sources check content/rosters/sources.csv
    """
    path = file or content_file("rosters", "sources.csv", own=settings.YINUO_CONTENT)
    kinds = planned_kinds()
    found: dict[str, Source] = {}
    findings: tuple[Finding, ...] = ()
    try:
        found = load(path, kinds=kinds)
    except BadSources as error:
        findings = error.findings
    if as_json:
        faults = [finding.as_dict() for finding in findings]
        click.echo(json.dumps({"file": path.name, "findings": faults}, ensure_ascii=False))
    else:
        lines = [_line(source) for source in found.values()]
        for finding in findings:
            value = f"“{finding.value}”" if finding.value else ""
            place = f"［{finding.place}］"
            lines.append(f"{finding.code}{place}{value}{finding.rule} → {finding.next_step}")
        end = f"{len(findings)} 处错误" if findings else f"没有错误，{len(found)} 种来源"
        click.echo("\n".join([*lines, f"{path}：{end}"]))
    if findings:
        raise click.exceptions.Exit(1)


def _line(source: Source) -> str:
    return (
        f"{source.name}　编号 {source.numbering.pattern}　时限 {limit_words(source.limit)}　"
        f"签收 {source.sign_by.words}"
    )
