"""`yinuo credit entity | split | join | proposals | confirm | reject | train`: whose is whose."""

import sys
from pathlib import Path

import click

from yinuo.credit.commands import judging as commands
from yinuo.credit.linking.training import write_model
from yinuo.credit.queries.entity import EntityView, FactView, by_code
from yinuo.credit.queries.proposals import proposals
from yinuo.credit.queries.training import trained_models
from yinuo.project.cli.credit_options import BY, CASE, JSON, WHY, ready
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import now
from yinuo.web.credit import means

STDIN = "-"


def _code(asked: str) -> str:
    """The code, or the first line of the standard input for -."""
    return sys.stdin.readline().strip() if asked == STDIN else asked


@click.command("entity")
@click.argument("code")
@click.option("--purpose", required=True, help="查询用途，见 content/credit/purposes.csv。")
@BY
@JSON
def entity_command(*, code: str, purpose: str, username: str, as_json: bool) -> None:
    """按代码 CODE 查一个主体的全部事实；写 - 从标准输入读，不留在命令历史里。

    每次查询先写入查询留痕，写不进去就不显示。

    \b
    Example: yinuo credit entity - --purpose stewardship --by xyzx
    """
    ready()
    view = by_code(
        code=_code(code), purpose=purpose, means=means(), viewer=viewer_named(username), at=now()
    )
    if as_json:
        print_json(_entity_data(view))
        return
    mark = "（模拟数据）" if view.simulated else ""
    click.echo(f"{view.name}  {view.code}  {view.kind_label}{mark}")
    click.echo(
        f"  {view.entity}  {view.records:,} 条记录  数据版本 {view.release}  "
        f"用途：{view.purpose_label}"
    )
    for source in view.sources:
        click.echo(
            f"\n{source.name}（{source.kind_label}，{source.owner_name}）{source.total:,} 条"
        )
        for fact in source.facts:
            _say_fact(fact)
    if view.hidden_sources:
        click.echo(f"\n另有 {view.hidden_sources} 个数据源不在这个用途范围内")
    for each in view.judgements:
        word = "归入" if each.same else "不属于"
        click.echo(f"判断 {each.number}：{each.left} {word}这个主体；{each.reason} {each.case}")


def _say_fact(fact: FactView) -> None:
    score = f" {fact.score_mille / 10:.1f}%" if fact.score_mille is not None else ""
    click.echo(
        f"  {fact.record}  批次 {fact.batch}  {fact.first_seen} 至 {fact.last_seen}  "
        f"{fact.how_label}{score}"
    )
    for words in fact.evidence:
        click.echo(f"    依据：{words}")
    said = "；".join(f"{field.label} {field.text}" for field in fact.fields)
    click.echo(f"    {said}" + (f"（另有 {fact.hidden} 栏不在用途范围内）" if fact.hidden else ""))


def _entity_data(view: EntityView) -> dict[str, object]:
    return {
        "entity": view.entity,
        "kind": view.kind,
        "name": view.name,
        "code": view.code,
        "records": view.records,
        "purpose": view.purpose,
        "release": view.release,
        "simulated": view.simulated,
        "hidden_sources": view.hidden_sources,
        "sources": [
            {
                "source": source.source,
                "name": source.name,
                "total": source.total,
                "facts": [
                    {
                        "record": fact.record,
                        "batch": fact.batch,
                        "first_seen": fact.first_seen.isoformat(),
                        "last_seen": fact.last_seen.isoformat(),
                        "how": fact.how,
                        "score_mille": fact.score_mille,
                        "evidence": list(fact.evidence),
                        "fields": {field.name: field.text for field in fact.fields},
                        "hidden": fact.hidden,
                    }
                    for fact in source.facts
                ],
            }
            for source in view.sources
        ],
        "judgements": [
            {"number": each.number, "record": each.left, "same": each.same, "case": each.case}
            for each in view.judgements
        ],
    }


@click.command("split")
@click.argument("record")
@click.option("--from", "code", required=True, help="记录现在归在谁名下，写代码，或 -。")
@WHY
@CASE
@BY
def split_command(*, record: str, code: str, reason: str, case: str, username: str) -> None:
    """把记录 RECORD 从主体名下拆出，以后每次装入都照此办理。

    \b
    Example: yinuo credit split 0123… --from 91210200… --because 处罚对象是同名企业 --by xyzx
    """
    ready()
    number = commands.split(
        record=record,
        code=_code(code),
        reason=reason,
        case=case,
        means=means(),
        by=viewer_named(username),
        at=now(),
    )
    click.echo(f"第 {number} 号判断：已拆出，下一次发布时生效（yinuo credit publish）")


@click.command("join")
@click.argument("record")
@click.option("--to", "code", required=True, help="记录应归在谁名下，写代码，或 -。")
@WHY
@CASE
@BY
def join_command(*, record: str, code: str, reason: str, case: str, username: str) -> None:
    """把记录 RECORD 归入主体名下，不论它写的是什么代码。

    \b
    Example: yinuo credit join 0123… --to 91210200… --because 已核对营业执照 --by xyzx
    """
    ready()
    number = commands.join(
        record=record,
        code=_code(code),
        reason=reason,
        case=case,
        means=means(),
        by=viewer_named(username),
        at=now(),
    )
    click.echo(f"第 {number} 号判断：已归入，下一次发布时生效（yinuo credit publish）")


@click.command("proposals")
@click.option("--page", type=click.IntRange(1), default=1, help="第几页。")
@BY
@JSON
def proposals_command(*, page: int, username: str, as_json: bool) -> None:
    """列出模型提出、等人确认的关联，最像的在前。

    \b
    Example: yinuo credit proposals --by xyzx
    """
    ready()
    found = proposals(means=means(), viewer=viewer_named(username), at=now(), page=page)
    if as_json:
        rows = [
            {
                "record": each.record,
                "source": each.source,
                "entity": each.entity,
                "score_mille": each.score_mille,
                "evidence": list(each.evidence),
                "left": each.left.name,
                "right": each.right.name,
            }
            for each in found.rows
        ]
        print_json({"total": found.total, "page": found.page, "rows": rows})
        return
    for each in found.rows:
        click.echo(
            f"{each.record}  {each.source_name}  {each.left.name} → {each.right.name}  "
            f"{each.score_mille / 10:.1f}%"
        )
        for words in each.evidence:
            click.echo(f"    {words}")
    click.echo(f"待确认 {found.total:,} 条，第 {found.page}/{found.pages} 页")


def _decide(record: str, *, confirm: bool, reason: str, case: str, username: str) -> None:
    ready()
    number = commands.decide_proposal(
        record=record,
        confirm=confirm,
        reason=reason,
        case=case,
        means=means(),
        by=viewer_named(username),
        at=now(),
    )
    click.echo(f"第 {number} 号判断：{'已确认' if confirm else '已否定'}，下一次发布时生效")


@click.command("confirm")
@click.argument("record")
@WHY
@CASE
@BY
def confirm_command(*, record: str, reason: str, case: str, username: str) -> None:
    """确认模型对记录 RECORD 的关联。

    \b
    Example: yinuo credit confirm 0123… --because 地址和法定代表人一致 --by xyzx
    """
    _decide(record, confirm=True, reason=reason, case=case, username=username)


@click.command("reject")
@click.argument("record")
@WHY
@CASE
@BY
def reject_command(*, record: str, reason: str, case: str, username: str) -> None:
    """否定模型对记录 RECORD 的关联，以后不再提示。

    \b
    Example: yinuo credit reject 0123… --because 只是同名 --by xyzx
    """
    _decide(record, confirm=False, reason=reason, case=case, username=username)


@click.command("train")
@click.option("--version", required=True, help="模型的版本，如 2027-01。")
@click.option(
    "--into",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="写到哪个目录。",
)
@BY
def train_command(*, version: str, into: Path, username: str) -> None:
    """用现行版本中有代码的记录训练关联模型，写成文件；不改变任何数据。

    看过权重以后，把文件放进内容目录的 linkage，下一次归集就按新模型。

    \b
    Example: yinuo credit train --version 2027-01 --into models --by xyzx
    """
    ready()
    with LateProgress() as progress:
        models = trained_models(
            means=means(), viewer=viewer_named(username), version=version, progress=progress
        )
    for model in models.values():
        click.echo(f"{write_model(into, model)}：{model.trained_on}")
    if not models:
        click.echo("没有可以比较的记录，没有写出模型。")
