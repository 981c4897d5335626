"""The forms about a doubt (疑点): answer it, close it, open it again."""

from yinuo.supervision.doubt_life import RESULT_LABELS
from yinuo.web.forms.base import VersionedForm, choice, words


class DoubtForm(VersionedForm):
    """One step on a doubt."""


class AnswerDoubtForm(DoubtForm):
    """答复疑点."""

    note = words(
        "答复",
        hint="写明数字或照片怎么来的、依据在哪里；确有差错的写明正确的是什么。不要写个人信息",
        missing="请填写答复",
    )


class CloseDoubtForm(DoubtForm):
    """关闭疑点."""

    result = choice("核对结果", [(str(each), label) for each, label in RESULT_LABELS.items()])
    note = words("理由", hint="依据什么材料得出这个结果；责任单位能看到", missing="请填写理由")


class ReopenDoubtForm(DoubtForm):
    """重新打开."""

    note = words("理由", hint="有什么新情况；责任单位能看到，并要再次答复", missing="请填写理由")
