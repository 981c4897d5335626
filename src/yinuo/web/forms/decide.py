"""Deciding a request for change."""

from yinuo.web.forms.base import PlainForm, choice, words


class DecideForm(PlainForm):
    """Yes or no, neither of them suggested, and always a reason."""

    decision = choice("决定", [("approve", "批准"), ("refuse", "不予批准")])
    reason = words("理由", hint="和申请、申请理由一起显示在历史里", missing="请填写理由")
