from pathlib import Path

import pytest

from yinuo.notices.adapters.mail import Mailer
from yinuo.notices.adapters.wecom import Robot
from yinuo.notices.errors import BadNotices, UnknownAdapter
from yinuo.notices.outlets import FILE, NONE, load, read

WHOLE = """
site = "https://yinuo.example/"

[[outlet]]
name = "督查群"
kind = "wecom-robot"
url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=robot-key"

[[outlet]]
name = "政务微信"
kind = "wecom-app"
channel = "gov_wecom"
url = "https://wx.example.gov.cn"
corp_id = "ww1"
agent_id = 1000002
secret = "s1"
markdown = true

[[outlet]]
name = "短信"
kind = "sms"
url = "http://10.1.2.3:8080/send"
plain = true
key_id = "dl"
secret = "s2"
sign = "大连一诺"
template = "T1"
code_template = "T2"

[[outlet]]
name = "邮件"
kind = "mail"
host = "smtp.example.cn"
sender = "yinuo@example.cn"
carries = ["digest"]
discreet = true
"""


def test_a_whole_file() -> None:
    found = read(WHOLE)
    assert found.site == "https://yinuo.example"
    assert [(o.name, o.channel, o.private) for o in found.outlets] == [
        ("督查群", "wecom", False),
        ("政务微信", "gov_wecom", True),
        ("短信", "sms", True),
        ("邮件", "mail", True),
    ]
    assert [o.discreet for o in found.outlets] == [False, False, False, True]
    assert found.outlets[0].carries == {"digest", "urgent"}
    assert found.outlets[2].carries == {"urgent", "code"}
    mailer, robot = found.outlets[3].sender, found.outlets[0].sender
    assert isinstance(mailer, Mailer)
    assert (mailer.port, mailer.security) == (587, "starttls")
    assert isinstance(robot, Robot)
    assert robot.secret == "robot-key"
    assert [o.name for o in found.carrying("code")] == ["政务微信", "短信"]


def test_every_fault_is_told_at_once() -> None:
    broken = (
        WHOLE.replace('site = "https://yinuo.example/"', 'site = "yinuo.example"')
        .replace('corp_id = "ww1"\n', "")
        .replace("plain = true\n", "")
        .replace("agent_id = 1000002", 'agent_id = "two"')
        .replace('kind = "mail"', 'kind = "pigeon"')
        .replace('name = "短信"', 'name = "督查群"')
        .replace('sign = "大连一诺"', 'sing = "大连一诺"')
    )
    with pytest.raises(BadNotices) as caught:
        read(broken)
    assert [finding.rule for finding in caught.value.findings] == [
        "site 不是以 https:// 开头的网址",
        "第 2 个通道的 corp_id 没有填写",
        "第 2 个通道的 agent_id 不是数字",
        "第 3 个通道的 url 是不加密的 http；请用 https，专线内网可另写 plain = true",
        "第 3 个通道的 sing 不认识",
        "第 4 个通道的 kind “pigeon”不认识",
        "name “督查群”出现两次",
    ]
    assert caught.value.place.startswith(FILE)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('carries = ["code"]', "第 1 个通道的 carries 有不认识的内容"),
        ("plain = 1", "第 1 个通道的 plain 不是 true 或 false"),
        ('ca_file = "/no/such.pem"', "第 1 个通道的 ca_file 指向的文件不存在"),
    ],
)
def test_faults_of_a_robot(line: str, rule: str) -> None:
    robot = WHOLE.split("\n\n[[outlet]]")[1]
    text = f'site = "https://yinuo.example"\n[[outlet]]{robot}\n{line}\n'
    with pytest.raises(BadNotices) as caught:
        read(text)
    assert [finding.rule for finding in caught.value.findings] == [rule]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('carries = ["digest"]', 'security = "plain"', "security 不加密只用于本机的邮件服务器"),
        ('sender = "yinuo@example.cn"', 'sender = "yinuo"', "sender 不是邮箱地址"),
        ('host = "smtp.example.cn"', "port = 70000\nhost = 'x'", "port 不是数字"),
    ],
)
def test_faults_of_a_mail_server(old: str, new: str, rule: str) -> None:
    with pytest.raises(BadNotices) as caught:
        read(WHOLE.replace(old, new))
    assert [finding.rule for finding in caught.value.findings] == [f"第 4 个通道的 {rule}"]


def test_what_is_no_toml_is_said_to_be_none() -> None:
    with pytest.raises(BadNotices, match="不是 TOML"):
        read("site = ")


def test_without_a_file_nothing_is_sent(tmp_path: Path) -> None:
    assert load(tmp_path / FILE) == NONE
    with pytest.raises(UnknownAdapter):
        NONE.named("短信")


def test_a_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'site = "\xff"')
    with pytest.raises(BadNotices, match="读不出来"):
        load(tmp_path / FILE)
