"""`yinuo exchange`: records to other platforms and from them, letters in bulk, the loop."""

from pathlib import Path

import click
from django.conf import settings

from yinuo.content.calendars import working_calendar
from yinuo.credit.commands import bulk_letter
from yinuo.credit.commands import exchange as commands
from yinuo.credit.exchange.manifest import CONTENTS
from yinuo.credit.queries import bulk_letter as bulk_queries
from yinuo.credit.queries import exchange as queries
from yinuo.kernel.durable import write_through
from yinuo.ledger.commands.keys import holding_key
from yinuo.ledger.key import load_signer
from yinuo.ledger.tlog.note import Signer
from yinuo.project.cli.credit_options import BY, FILE, JSON, SIMULATED, WHY, operator, ready
from yinuo.project.cli.findings import print_json, show_findings, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import now, today
from yinuo.web.credit import means
from yinuo.web.exchange import letters_to_send, peers, regions
from yinuo.web.outcomes import deliver

PACKAGE = click.Path(path_type=Path, exists=True)
OUT = click.Path(path_type=Path, dir_okay=False)
SHOWN = 20


@click.group()
def exchange() -> None:
    """数据交换：双公示和信用承诺书的报送、接收、回执；信用承诺书成批装入；承诺结果回流。"""


def _signer() -> Signer:
    with holding_key(settings.YINUO_LEDGER_KEY):
        return load_signer(settings.YINUO_LEDGER_KEY, origin=settings.YINUO_ORIGIN)


@exchange.command("key")
def key_command() -> None:
    """写出本平台的公钥，交给对方写进它的名单。

    \b
    Example: yinuo exchange key
    """
    ready()
    click.echo(_signer().verifier.vkey)


@exchange.command("peers")
@JSON
def peers_command(*, as_json: bool) -> None:
    """列出与谁交换（content/exchange/peers.csv）。

    \b
    Example: yinuo exchange peers
    """
    found = peers()
    if as_json:
        print_json(
            [
                {
                    "title": each.title,
                    "name": name,
                    "sends": sorted(each.sends),
                    "takes": sorted(each.takes),
                }
                for name, each in found.items()
            ]
        )
        return
    for name, each in found.items():
        sends = "、".join(CONTENTS[one] for one in sorted(each.sends)) or "（无）"
        takes = "、".join(CONTENTS[one] for one in sorted(each.takes)) or "（无）"
        click.echo(f"{each.title}（{name}）：发来 {sends}；收取 {takes}")
    if not found:
        click.echo("名单是空的：核对对方公钥后写进 content/exchange/peers.csv")


@exchange.command("send")
@click.argument("content", type=click.Choice(list(CONTENTS)))
@click.option("--to", required=True, help="报给哪个平台。")
@click.option("--out", type=OUT, required=True, help="包写到哪个文件（.zip）。")
@BY
@JSON
def send_command(*, content: str, to: str, out: Path, username: str, as_json: bool) -> None:
    """把还没有报过的 CONTENT 做成一个签名的包。

    包可以原样重发；对方按编号认得是同一个。

    \b
    Example: yinuo exchange send penalty --to 省平台 --out penalty.zip --by xyzx
    """
    ready()
    handed = letters_to_send() if content == "letters" else None
    done = commands.send(
        content=content,
        to=to,
        peers=peers(),
        signer=_signer(),
        calendar=working_calendar(),
        letters=handed.letters if handed else (),
        left_out=handed.lacking if handed else 0,
        simulated=bool(settings.YINUO_DEMO_DATE),
        means=means(),
        by=viewer_named(username),
        at=now(),
    )
    _copied(done.path, out)
    if as_json:
        print_json({**vars(done), "path": str(out)})
        return
    click.echo(f"{done.code} 编号 {done.number}：{done.rows:,} 条，写到 {out}")
    if done.late:
        click.echo(f"  其中 {done.late:,} 条超过 7 个工作日：yinuo exchange late")
    if done.left_out:
        click.echo(f"  另有 {done.left_out:,} 条还缺必填项，没有报")


def _copied(source: Path, out: Path) -> None:
    """A package that others are to have: with the rights of any new file."""
    with source.open("rb") as given, out.open("wb") as file:
        while chunk := given.read(1 << 20):
            file.write(chunk)


@exchange.command("receipt")
@click.argument("file", type=FILE)
@BY
def receipt_command(*, file: Path, username: str) -> None:
    """收进对方的回执 FILE；退回的行成为问题数据，告诉来源单位怎么办。

    \b
    Example: yinuo exchange receipt receipt.note --by xyzx
    """
    ready()
    row = commands.take_receipt(
        note=file.read_text(encoding="utf-8"),
        peers=peers(),
        means=means(),
        by=viewer_named(username),
        at=now(),
    )
    held = "；对方暂存，等人放行" if row.held else ""
    click.echo(f"{row.code} 编号 {row.number}：接收 {row.accepted:,}，退回 {row.refused:,}{held}")
    if row.refused:
        click.echo(f"  退回的行：yinuo exchange refused --by {username}")


@exchange.command("receive")
@click.argument("package", type=PACKAGE)
@click.option("--out", type=OUT, required=True, help="回执写到哪个文件。")
@BY
@JSON
def receive_command(*, package: Path, out: Path, username: str, as_json: bool) -> None:
    """核对并装入对方发来的包 PACKAGE（zip 或文件夹），写出签名的回执。

    同一个包再来一次，不会有任何变化，回执也一样。

    \b
    Example: yinuo exchange receive LN-2024-0001.zip --out receipt.note --by xyzx
    """
    ready()
    with LateProgress() as progress:
        done = commands.receive(
            path=package,
            peers=peers(),
            signer=_signer(),
            means=means(),
            by=viewer_named(username),
            at=now(),
            progress=progress,
        )
    write_through(out, done.path.read_text(encoding="utf-8"))
    receipt = done.receipt
    if as_json:
        print_json(
            {
                "code": done.code,
                "number": done.number,
                "already": done.already,
                "batch": done.batch,
                "accepted": receipt.accepted,
                "held": receipt.held,
                "refused": [
                    {"file": r.file, "line": r.line, "rule": r.rule, "next_step": r.next_step}
                    for r in receipt.refused
                ],
            }
        )
        return
    again = "（以前收过，没有任何变化）" if done.already else ""
    click.echo(f"{done.code} 编号 {done.number}{again}：批次 {done.batch}")
    click.echo(f"  接收 {receipt.accepted:,}，退回 {len(receipt.refused):,}，回执写到 {out}")
    if receipt.held:
        click.echo(f"  没有通过检查，暂不发布：yinuo credit waive {done.batch}")


@exchange.command("list")
@BY
@JSON
def list_command(*, username: str, as_json: bool) -> None:
    """列出报出和收到的包。

    \b
    Example: yinuo exchange list --by xyzx
    """
    ready()
    found = queries.packages(means=means(), viewer=viewer_named(username))
    if as_json:
        print_json([_package(each) for each in found])
        return
    for each in found:
        answer = "" if each.accepted is None else f"，接收 {each.accepted:,}，退回 {each.refused:,}"
        click.echo(
            f"{each.code} {each.direction_label} {each.content_label} {each.peer} {each.number}："
            f"{each.rows:,} 条{answer}（{each.state_label}）"
        )
    if not found:
        click.echo("还没有交换过。")


def _package(each: queries.PackageView) -> dict[str, object]:
    times = {"made_at": each.made_at, "receipt_at": each.receipt_at}
    return {**vars(each), **{name: at and at.isoformat() for name, at in times.items()}}


@exchange.command("refused")
@BY
@JSON
def refused_command(*, username: str, as_json: bool) -> None:
    """列出对方退回、还没有改好的行，和各该怎么办。

    \b
    Example: yinuo exchange refused --by scjg
    """
    ready()
    found = queries.refused(means=means(), viewer=viewer_named(username))
    if as_json:
        print_json([vars(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.content_label} {each.document}（{each.package}，{each.peer}）")
        click.echo(f"  {each.rule} → {each.next_step}")
    if not found:
        click.echo("没有退回的行。")


@exchange.command("late")
@BY
@JSON
def late_command(*, username: str, as_json: bool) -> None:
    """双公示的及时率：自决定之日起 7 个工作日内报出的、迟报的、还没有报的。

    \b
    Example: yinuo exchange late --by xyzx
    """
    ready()
    found = queries.timeliness(
        means=means(),
        viewer=viewer_named(username),
        today=today(),
        calendar=working_calendar(),
    )
    if as_json:
        print_json([_timeliness(each) for each in found])
        return
    for each in found:
        click.echo(
            f"{each.content_label} {each.decisions:,} 条：按时 {each.in_time:,}，"
            f"迟报 {each.late:,}，未到期 {each.waiting:,}，逾期未报 {each.overdue:,}"
        )
        for line in each.lines[:SHOWN]:
            said = f"{line.reported_on} 报出" if line.reported_on else "还没有报"
            click.echo(f"  {line.document}：应在 {line.last_day} 前，{said}，迟 {line.days} 天")
    if not found:
        click.echo("还没有发布过数据版本，或没有您能看的数据源。")


def _timeliness(each: queries.Timeliness) -> dict[str, object]:
    lines = [{name: str(value) for name, value in vars(line).items()} for line in each.lines]
    return {**vars(each), "lines": lines}


@exchange.command("outcomes")
@BY
@SIMULATED
@JSON
def outcomes_command(*, username: str, simulated: bool, as_json: bool) -> None:
    """把本系统里承诺的结果装入信用数据湖；下一次发布时生效。

    申请人、企业和政府单位的承诺都在内：按期、逾期、未兑现、免除。同样的结果再装一次不会有变化。

    \b
    Example: yinuo exchange outcomes --by xyzx
    """
    ready()
    with LateProgress() as progress:
        done = deliver(
            reader=operator(),
            simulated=simulated or bool(settings.YINUO_DEMO_DATE),
            means=means(),
            by=viewer_named(username),
            at=now(),
            today=today(),
            progress=progress,
        )
    given, landed = done.delivery, done.landed
    if as_json:
        print_json(
            {
                "rows": given.rows,
                "kinds": dict(given.kinds),
                "units_without_code": dict(given.units_without_code),
                "undated": given.undated,
                "batch": landed.batch,
                "already": landed.already,
            }
        )
        return
    same = "（与上次相同，没有任何变化）" if landed.already else ""
    click.echo(f"承诺结果 {given.rows:,} 条，批次 {landed.batch}{same}")
    if given.units_without_code:
        units = "、".join(sorted(given.units_without_code)[:SHOWN])
        click.echo(
            f"  {sum(given.units_without_code.values()):,} 条没有装入：单位还没有统一社会信用代码"
            f"（{units}）；请补进 content/letters/unit-codes.csv"
        )
    if given.undated:
        click.echo(f"  {given.undated:,} 条没有任何日期，没有装入")
    show_findings("错误", landed.findings)


@exchange.command("land-letters")
@click.argument("file", type=FILE)
@click.option("--encoding", default="utf-8", show_default=True, help="utf-8 或 gb18030。")
@BY
@SIMULATED
@JSON
def land_letters_command(
    *, file: Path, encoding: str, username: str, simulated: bool, as_json: bool
) -> None:
    """成批装入信用承诺书 FILE（20 列的 CSV），逐份检查；还不公开。

    \b
    Example: yinuo exchange land-letters letters.csv --by xyzx
    """
    ready()
    given = means()
    with LateProgress() as progress:
        row = bulk_letter.land_bulk(
            path=file,
            regions=regions(),
            simulated=simulated or bool(settings.YINUO_DEMO_DATE),
            means=given,
            by=viewer_named(username),
            at=now(),
            encoding=encoding,
            progress=progress,
        )
    if as_json:
        names = ("code", "read", "accepted", "aside", "public", "root", "state")
        print_json({name: getattr(row, name) for name in names} | {"rules": row.rules})
        return
    click.echo(
        f"{row.code}：读入 {row.read:,} = 接收 {row.accepted:,} + 问题数据 {row.aside:,}；"
        f"可公开 {row.public:,}"
    )
    click.echo(f"  另一人公开：yinuo exchange publish-letters {row.code} --by …")


@exchange.command("publish-letters")
@click.argument("batch")
@BY
def publish_letters_command(*, batch: str, username: str) -> None:
    """公开一批信用承诺书 BATCH 中企业和个体工商户可公开的；须是装入人以外的人。

    \b
    Example: yinuo exchange publish-letters CP2026-1 --by xyzx2
    """
    ready()
    row = bulk_letter.publish_bulk(batch=batch, means=means(), by=viewer_named(username), at=now())
    click.echo(f"{row.code}：已公开 {row.public:,} 份，根校验值 {row.root}")


@exchange.command("withdraw-letters")
@click.argument("batch")
@WHY
@BY
def withdraw_letters_command(*, batch: str, reason: str, username: str) -> None:
    """停止公开一批信用承诺书 BATCH；数据湖里的文件仍在。

    \b
    Example: yinuo exchange withdraw-letters CP2026-1 --because 来源单位要求重报 --by xyzx
    """
    ready()
    bulk_letter.withdraw_bulk(
        batch=batch, reason=reason, means=means(), by=viewer_named(username), at=now()
    )
    click.echo(f"{batch}：已停止公开")


@exchange.command("letters")
@click.argument("text", required=False, default="")
@BY
@JSON
def letters_command(*, text: str, username: str, as_json: bool) -> None:
    """列出成批的信用承诺书；给出承诺编码或统一社会信用代码 TEXT 时，查公开的承诺书。

    \b
    Example: yinuo exchange letters 21020020240308000017 --by xyzx
    """
    ready()
    if text:
        letters = bulk_queries.public_bulk_letters(text=text, means=means())
        if as_json:
            print_json([dict(each.by_name) for each in letters])
            return
        for each in letters:
            said = each.by_name
            click.echo(
                f"{each.code} {said['承诺人名称']} {said['承诺事由']}：{said['承诺履行状态']}"
            )
        if not letters:
            click.echo("没有查到公开的承诺书。")
        return
    found = bulk_queries.bulk_batches(means=means(), viewer=viewer_named(username))
    if as_json:
        print_json([{**vars(each), "landed_at": each.landed_at.isoformat()} for each in found])
        return
    for one in found:
        click.echo(
            f"{one.code} {one.state_label}：读入 {one.read:,}，可公开 {one.public:,}，"
            f"问题数据 {one.aside:,}"
        )
        for words, step, count in one.rules:
            click.echo(f"  {count:,} 份：{words} → {step}")
