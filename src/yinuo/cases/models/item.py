"""Service items and their versions. A case pins the version under which it came in."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from yinuo.ledger.recorded import Recorded, State


class Item(Recorded):
    """A service item (事项) through all its versions."""

    SUBJECT = "item"

    code = models.CharField(primary_key=True, max_length=40)
    """Such as SC-017."""
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="items")
    """实施主体: the unit that decides."""
    office = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="items_kept")
    """The unit that keeps the catalogue and supervises the cases."""
    last_version = models.PositiveIntegerField(default=0)

    @classmethod
    def public_rows(cls) -> Q:
        """Once a version of it was published."""
        # No join to the versions: a row would come back once for each of them.
        return Q(pk__in=ItemVersion.objects.filter(ItemVersion.public_rows()).values("item"))


class ItemVersion(Recorded):
    """One version of an item: a draft, then in force from a day on; two never overlap."""

    SUBJECT = "item_version"

    class Status(models.TextChoices):
        """Where the version stands."""

        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        RETIRED = "retired", "已停用"
        DROPPED = "dropped", "已作废"

    code = models.CharField(primary_key=True, max_length=50)
    """Code of the item, `/V` and the number."""
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    """`items.definition.ItemDefinition` as data; see `items.codec`."""
    sha256 = models.CharField(max_length=64)
    """Of the canonical bytes of the definition."""
    status = models.CharField(max_length=10, default=Status.DRAFT)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    """Day after the last, half-open; None while it is the one in force."""
    reason_text = models.CharField(max_length=70, blank=True)
    """What changed and why."""
    drafted_by = models.CharField(max_length=40)
    published_by = models.CharField(max_length=40, blank=True)

    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    legal_limit = models.CharField(max_length=20)
    promised_limit = models.CharField(max_length=20)
    share_permille = models.PositiveIntegerField(null=True)
    """Promised of legal limit, in thousandths; None where they cannot be compared."""
    declarable = models.BooleanField(default=False)
    """Whether it is open to 告知承诺."""
    deferrable = models.PositiveIntegerField(default=0)
    """Documents that may come later."""
    served = models.CharField(max_length=20, blank=True)
    """服务对象, joined by 、."""
    simulated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(status="draft"), name="item_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "dropped"], published_by="")
                | (
                    Q(status__in=["published", "retired"], valid_from__isnull=False)
                    & ~Q(published_by="")
                    & ~Q(published_by=F("drafted_by"))
                ),
                name="item_published_by_another",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="item_version_period",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "item"], name="item_version_by_status"),
        ]

    @classmethod
    def public_rows(cls) -> Q:
        """What was published, also after it was retired."""
        return Q(status__in=["published", "retired"])

    @staticmethod
    def wrong_step(before: State | None, after: State, verb: str) -> str | None:
        """A draft may change; what was published only ends."""
        if before is None:
            return None if after["status"] == "draft" else "首条记录应为草稿"
        if before["status"] in ("published", "retired") and before["sha256"] != after["sha256"]:
            return f"{verb} 不能改动已发布的内容"
        return None

    @property
    def thread(self) -> str:
        """Told on the page of the item."""
        return f"item:{self.item_id}"


class ItemFile(Recorded):
    """A file that goes with an item: slides, a video, a blank form, a sample."""

    SUBJECT = "item_file"
    FILES: ClassVar = {"sha256": ""}

    code = models.CharField(primary_key=True, max_length=60)
    """Code of the item, `/F` and the beginning of the hash."""
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    public = models.BooleanField(default=False)
    """Whether a version that was published names it."""

    @classmethod
    def public_rows(cls) -> Q:
        """Once a version that names it was published."""
        return Q(public=True)

    @property
    def thread(self) -> str:
        """Told on the page of the item."""
        return f"item:{self.item_id}"
