"""The witness's own page: plain, without scripts or pictures, readable on paper."""

from html import escape

from yinuo.witness.status import LogStatus, Status, root_text, time_text

STYLE = (
    "body{font:1rem/1.7 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "code{overflow-wrap:anywhere}.fork{border:2px solid #b00020;padding:0 1rem}"
)
MEANING = (
    "见证单位只说一件事：到所写的时刻为止，本单位见过的这个账本只增不改，最大的一份就是下面这份。"
    "它不保证账本里写的事是真的。"
)


def page(status: Status) -> str:
    """The status as HTML."""
    logs = "".join(_log(log) for log in status.logs) or "<p>尚未跟踪任何账本。</p>"
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>存证账本见证</title><style>{STYLE}</style>"
        f"<h1>存证账本见证</h1><p>{MEANING}</p>"
        f"<p>本单位的公钥：<code>{escape(status.vkey)}</code></p>{logs}</html>\n"
    )


def _log(log: LogStatus) -> str:
    seen = log.seen
    last = (
        f"<p>上次见证：{seen.size:,} 条，{time_text(seen.cosigned_at)}，"
        f"根哈希 <code>{root_text(seen)}</code></p>"
        f"<pre>{escape(seen.note + seen.line)}</pre>"
        if seen
        else "<p>尚未见证过。</p>"
    )
    forks = "".join(
        f'<div class="fork"><h3>{escape(fork.words)}</h3>'
        f"<p>发现于 {time_text(fork.found_at)}。已见证的：</p>"
        f"<pre>{escape(fork.earlier_note)}</pre>"
        f"<p>与之不符的：</p><pre>{escape(fork.later_note)}</pre></div>"
        for fork in log.forks
    )
    return f"<h2>{escape(log.origin)}</h2>{forks}{last}"
