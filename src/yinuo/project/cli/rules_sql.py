"""`yinuo rules sql`: a DMN model as one statement that decides every row of a relation."""

import sys
from pathlib import Path

import click

from yinuo.kernel.errors import YinuoError
from yinuo.project.cli.dmn import STDIN
from yinuo.project.cli.findings import print_json, show_findings
from yinuo.rules.dmn.read import Checked, is_xml, read, read_bytes
from yinuo.rules.sql.dialects import DIALECTS
from yinuo.rules.sql.kinds import Kind, word
from yinuo.rules.sql.program import GIVEN_SCALE, RELATION, Program, write


class NotAModel(YinuoError):
    """A file that is no DMN model: workbooks decide sets by `rules screen`, with three answers."""

    code = "RULES-E132"

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} 不是 DMN 模型；规则表缺数据时答“未定”，FEEL 没有这种答案",
            place="FILE",
            next_step="规则表请用 yinuo rules screen；确要 SQL，先用 yinuo rules convert 转成 .dmn",
        )


@click.command("sql")
@click.argument("path", metavar="FILE", type=click.Path(allow_dash=True))
@click.option(
    "--dialect",
    type=click.Choice(sorted(DIALECTS)),
    default="duckdb",
    show_default=True,
    help="给哪个引擎用。",
)
@click.option("--decision", "names", multiple=True, help="哪个决策、服务或函数；可多次。")
@click.option(
    "--table", "relation", default=RELATION, show_default=True, help="数据表或视图的名称。"
)
@click.option(
    "--scale",
    type=click.IntRange(0, 12),
    default=GIVEN_SCALE,
    show_default=True,
    help="输入的数最多几位小数；多出的不舍去，语句会停下并说明。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def sql_command(
    *, path: str, dialect: str, names: tuple[str, ...], relation: str, scale: int, as_json: bool
) -> None:
    """把 DMN 模型 FILE（- 为标准输入）写成一句 SQL：判定数据表的每一行，一个决策一列。

    数据表里的列与模型的输入同名：上下文是结构，列表是数组，天数时长是秒，月数时长是月数。
    写不成意思相同的 SQL 时，说明是哪个元素的哪种写法，退出码为 1。

    \b
    Example: yinuo rules sql model.dmn --dialect spark --table firms
    """
    checked = _checked(path)
    if checked.models is None and not as_json:
        show_findings("错误", checked.errors)
    models = checked.sound()
    program = write(models, names, dialect=DIALECTS[dialect], relation=relation, scale=scale)
    if as_json:
        print_json(_data(program, dialect))
        return
    show_findings("提示", checked.notices)
    click.echo(program.text, nl=False)


def _checked(path: str) -> Checked:
    if path == "-":
        data = sys.stdin.buffer.read()
        if not is_xml(data):
            raise NotAModel(STDIN)
        return read_bytes(data, file=STDIN)
    file = Path(path)
    if file.is_file():
        with file.open("rb") as opened:
            if not is_xml(opened.read(4096)):
                raise NotAModel(file.name)
    return read(file)


def _data(program: Program, dialect: str) -> dict[str, object]:
    return {
        "dialect": dialect,
        "inputs": _kinds(dict(program.inputs), dialect),
        "outputs": _kinds(dict(program.outputs), dialect),
        "notes": list(program.notes),
        "sql": program.text,
    }


def _kinds(kinds: dict[str, Kind], dialect: str) -> list[dict[str, str]]:
    types = DIALECTS[dialect]
    return [
        {"name": name, "kind": word(kind), "type": types.type(kind)} for name, kind in kinds.items()
    ]
