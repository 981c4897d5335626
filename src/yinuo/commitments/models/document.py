"""The paper in which something was said."""

from django.db import models
from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.ledger.recorded import Recorded


class Document(Recorded):
    """The paper in which something was said (依据)."""

    SUBJECT = "document"

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    """政府工作报告, 方案, 民生实事, 新闻报道 …, as written."""
    number = models.CharField(max_length=80, blank=True)
    """发文字号; empty when the document has none or it is not known."""
    issuer = models.CharField(max_length=120, blank=True)
    said_date = models.DateField(null=True)
    """The day it was made public; None when it is not known."""
    said_text = models.CharField(max_length=80, blank=True)
    """The date as far as it is known, such as 2024年春."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Hash of the document's file; empty when the file is not held."""

    @classmethod
    def public_rows(cls) -> Q:
        """Public with the first promise or observation that rests on it."""
        return Q(commitments__visibility=Visibility.PUBLIC) | Q(
            observations__visibility=Visibility.PUBLIC
        )
