"""The command line: `yinuo <noun> <verb>`."""

import gc
import os
import sys
from importlib import import_module
from typing import NoReturn

import click
import django

from yinuo.kernel.errors import YinuoError


def _fail(error: YinuoError) -> NoReturn:
    click.echo(f"错误 {error.code}：{error.what}", err=True)
    if error.place:
        click.echo(f"  位置：{error.place}", err=True)
    if error.next_step:
        click.echo(f"  下一步：{error.next_step}", err=True)
    sys.exit(1)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
# What is loaded stays; looking for garbage among it takes a tenth of the start.
gc.disable()
try:
    django.setup()
except YinuoError as fault:  # of the environment, or of a damaged home
    _fail(fault)

# The package below uses models, which exist only once Django is set up.
from yinuo.project.faults import of_the_machine  # noqa: E402

gc.freeze()
gc.enable()

NOUNS = {
    "account": "账号：开设、重设密码、依法删除。",
    "answers": "查询密钥：让医院、银行等的系统问一个问题，得到是、否或未定。",
    "archive": "写出公开归档：网页、表格、账本和检查程序，放在任何地方都能打开，不需要服务器。",
    "backup": "把数据库此刻的全部内容、home.json 和佐证材料备份成一个文件 FILE；站点可以照常运行。",
    "benefits": "惠企政策：起草、发布、筛查、公示、批准、拨付，企业不用申请。",
    "building": "工程建设项目：SPGL 数据表检查、导入、导出，阶段用时。",
    "calendar": "工作日历：推算期满日，检查和查看日历。",
    "cases": "办件：按时限核对已有系统导出的办件记录，核对本系统办件的期限栏。",
    "commitments": "承诺：让统计、检索和红黄绿灯跟上账本。",
    "content": "规则与内容：检查、申请发布、批准、比较。发布要两个人。",
    "credit": "信用数据：装入、检查、归集、发布、查询。",
    "demo": "载入大连 2024 计划和一年的模拟数据，在本机打开网站。全部是演示数据。",
    "doctor": "体检：磁盘、时钟、密钥权限、代理、数据库、账本、工作日历、备份、证书。什么都不改。",
    "doubts": "疑点：比对报送的数字和照片，提请人核对。",
    "draws": "随机抽查：先固定抽样框，再等公开的随机数，谁来抽都一样。",
    "exchange": (
        "数据交换：双公示和信用承诺书的报送、接收、回执；信用承诺书成批装入；承诺结果回流。"
    ),
    "feed": "窗口系统：不二次录入，由它的办件事件得出时限和预警。",
    "files": "文件库：佐证材料和上传的台账，逐份核对、清理。",
    "goals": "计划工作簿：检查、导入、导出。",
    "hooks": "事件订阅：把办件等事件推送给别的系统，或让它们来取。",
    "id": "号码：统一社会信用代码、公民身份号码等是否有效。",
    "indicators": "指标和数据：检查、导入、修订留版、导出、推算、计数。",
    "init": "建立新的安装：目录、签名密钥、数据库、城市和两名管理员。",
    "items": "服务事项：检查、起草、发布、导出、列出。",
    "leads": "招商线索：登记、列出、漏斗，和没有动静的。",
    "ledger": "存证账本：封存、校验点、核验、重放。",
    "notices": "消息：把摘要、提醒和验证码发出去，办到期的定时事务。",
    "orders": "督导：现在应采取的步骤，提示函、督办单、约谈、专报的办理。",
    "port": "口岸通关时间：装入申报日志，计算，查看。",
    "projects": "项目册：检查、导入、导出、列出。",
    "races": "赛马：计算一期、发布、列出，或据下载的文件重算。",
    "restore": "先通读并检查备份 FILE，再一次性恢复：要么全部恢复，要么什么都不变。",
    "rounds": "调度期次：列出、查看、开新一期，或导出一个单位的报送表。",
    "rules": "规则表：检查、试算、判定一件、筛查全部、比较新旧。",
    "serve": "运行网站和封存进程，谁退出就重新启动谁；按 Ctrl+C 停止。",
    "snapshots": "调度会数据：生成、列出、写出通报。",
    "sources": "任务来源：编号规则、默认时限、公开类型。",
    "upgrade": "装好新版本以后：先备份，再更新数据库结构，最后重放和核验，证明什么都没有变。",
}
"""Command, which is the module of `yinuo.project.cli` that holds it → what its help begins with."""
NAMES = {"id": "identifiers", "restore": "restore_command"}
"""Command → its name in the module, where they differ."""


class Nouns(click.Group):
    """Commands of which each is loaded when it is called: all together take two seconds.

    The one place where a module is loaded by name. `yinuo --help` loads none.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the alphabet."""
        return sorted({*NOUNS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in NOUNS:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"yinuo.project.cli.{cmd_name}")
        found = getattr(module, NAMES.get(cmd_name, cmd_name))
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands with what is known of them here."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(sorted(NOUNS.items()))


@click.group(cls=Nouns, context_settings={"max_content_width": 100})
@click.version_option(package_name="yinuo")
def cli() -> None:
    """一诺：把城市的每一项承诺记在不能悄悄改动的账本上。

    先运行 yinuo demo 试用，或用 yinuo init 建立正式的安装。
    """


def main() -> None:
    """Run the command line; an error is one readable line and a non-zero exit."""
    try:
        cli()
    except YinuoError as error:
        _fail(error)
    except Exception as fault:
        known = of_the_machine(fault)
        if known is None:
            raise
        _fail(known)
