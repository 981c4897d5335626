"""Who applies: firms and persons. Names and numbers of persons stand in rows that can be erased."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded

KINDS = {"firm": "法人及非法人组织", "person": "自然人", "trader": "个体工商户"}
"""承诺人类别, as in the national form of credit commitments."""


class Applicant(Recorded):
    """A party to cases, problems and ratings (申请人). Never public."""

    SUBJECT = "applicant"
    UNRECORDED: ClassVar = {
        "number_mark": "finds a person again; repeats nothing that can be read",
    }

    code = models.CharField(primary_key=True, max_length=40)
    """`AP-` and random characters: it tells nothing about the person."""
    kind = models.CharField(max_length=10)
    name_text = models.CharField(max_length=70)
    number_text = models.CharField(max_length=70, blank=True)
    """统一社会信用代码 or 公民身份号码, checked; empty where it was not asked."""
    credit_code = models.CharField(max_length=18, blank=True)
    """统一社会信用代码 of a firm or trader, which is public anyway."""
    contact_text = models.CharField(max_length=70, blank=True)
    """Telephone, as given."""
    number_mark = models.CharField(max_length=64, blank=True)
    """Keyed hash of the number, to find the same applicant again."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="applicant_kind"),
            models.UniqueConstraint(
                fields=["number_mark"], condition=~Q(number_mark=""), name="applicant_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["credit_code"], name="applicant_by_credit_code"),
        ]
