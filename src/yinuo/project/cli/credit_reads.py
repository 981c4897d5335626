"""`yinuo credit reads`: the log of looks held against its roots on the ledger."""

import click

from yinuo.credit.commands.read_roots import check_reads
from yinuo.project.cli.credit_options import JSON, ready
from yinuo.project.cli.findings import print_json, show_findings
from yinuo.web.credit import means


@click.command("reads")
@JSON
def reads_command(*, as_json: bool) -> None:
    """核对查询留痕：逐行重算哈希，与账本上的校验值对照；有出入时退出代码为 1。

    \b
    Example: yinuo credit reads
    """
    ready()
    found = check_reads(log=means().reads)
    if as_json:
        print_json(
            {
                "lines": found.root.count,
                "digest": found.root.digest,
                "findings": [each.as_dict() for each in found.findings],
            }
        )
    else:
        click.echo(f"查询留痕 {found.root.count:,} 条，校验值 {found.root.digest}")
        show_findings("不符", found.findings)
    if found.findings:
        raise click.exceptions.Exit(1)
