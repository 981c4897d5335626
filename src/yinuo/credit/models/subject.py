"""Firms and citizens who signed in for themselves (信用主体本人)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from yinuo.ledger.recorded import Recorded

KINDS = {"firm": "法人及非法人组织", "trader": "个体工商户", "person": "自然人"}


class Subject(Recorded):
    """Who the identity platform said somebody is, kept from the first sign-in on. Never public."""

    SUBJECT = "credit_subject"
    UNRECORDED: ClassVar = {
        "number_mark": "finds the subject again; repeats nothing that can be read",
    }

    code = models.CharField(primary_key=True, max_length=40)
    """`ZT-` and random characters: it tells nothing about the subject."""
    kind = models.CharField(max_length=10)
    name_text = models.CharField(max_length=70)
    number_text = models.CharField(max_length=70)
    """统一社会信用代码 or 公民身份号码, as the platform vouched for it."""
    credit_code = models.CharField(max_length=18, blank=True)
    """统一社会信用代码 of a firm or trader, which is public anyway."""
    number_mark = models.CharField(max_length=64, unique=True)
    """Keyed hash of kind and number."""
    first_at = models.DateTimeField()
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS)), name="credit_subject_kind"),
        ]
