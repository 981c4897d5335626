"""What stands in front of the site."""

from collections.abc import Iterator

from yinuo.kernel.proxies import Networks
from yinuo.project.doctor.finding import Seen, look, well


def proxy(*, https: bool, proxies: Networks) -> Iterator[Seen]:
    """Whether we can tell visitors apart behind the proxy that speaks HTTPS."""
    if proxies:
        yield well(
            "proxy", "YINUO_PROXIES", f"代理 {'、'.join(map(str, proxies))} 说明访问者的地址"
        )
    elif https:
        said = "网站在代理后面，没有说明代理的地址：一个人输错几次密码或查询码，别人也要等"
        step = "请把 YINUO_PROXIES 设为代理的地址，如 127.0.0.1，并让代理写 X-Forwarded-For"
        yield look("proxy", "YINUO_PROXIES", said, step)
