"""Letters of bulk batches: what the public may look up, and the batches for those who keep them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.letters.fields import FIELDS
from yinuo.credit.errors.exchange import UnknownBulk
from yinuo.credit.letters_bulk.batch import FOLDER, letters_with, open_bulk
from yinuo.credit.letters_bulk.rules import WORDS, Rule
from yinuo.credit.means import Means
from yinuo.credit.models import BulkLetters
from yinuo.credit.models.bulk_letter import PUBLISHED, STATE_LABELS
from yinuo.credit.permission import require_reader
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.uscc import credit_code
from yinuo.ledger.history import acts
from yinuo.parties.viewer import Viewer

MOST = 200
CODE_NAME, PROMISOR_NAME = "承诺编码", "承诺人代码"


@dataclass(frozen=True, kw_only=True)
class BulkLetter:
    """One public letter of a firm or trader."""

    code: str
    batch: str
    root: str
    """Under which its batch stands on the ledger."""
    items: tuple[tuple[int, str, str], ...]
    """Number, name and text of each of the twenty."""
    simulated: bool

    @property
    def by_name(self) -> Mapping[str, str]:
        """The items by their names."""
        return {name: text for _, name, text in self.items}


@dataclass(frozen=True, kw_only=True)
class BulkView:
    """One batch: read = accepted + aside."""

    code: str
    read: int
    accepted: int
    aside: int
    public: int
    rules: tuple[tuple[str, str, int], ...]
    """What was broken, what to do, how many."""
    state: str
    state_label: str
    root: str
    landed_at: datetime
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class PublicBatch:
    """One published batch, with what anybody needs to check it."""

    code: str
    read: int
    accepted: int
    aside: int
    public: int
    root: str
    manifest_sha256: str
    files: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each file, in the order in which the root stands over them."""
    landed_at: datetime
    leaf_index: int | None
    """Of its last entry on the ledger; None until that is sealed."""
    simulated: bool


def public_bulk_batches(*, means: Means) -> tuple[PublicBatch, ...]:
    """Every published batch, the newest first. Raises `BulkDamaged`."""
    rows = list(BulkLetters.objects.filter(state=PUBLISHED).order_by("-landed_at", "-code"))
    entries = acts(row.subject for row in rows)
    return tuple(
        PublicBatch(
            code=row.code,
            read=row.read,
            accepted=row.accepted,
            aside=row.aside,
            public=row.public,
            root=row.root,
            manifest_sha256=row.manifest_sha256,
            files=tuple(open_bulk(means.lake / FOLDER / row.lake_id).files.items()),
            landed_at=row.landed_at,
            leaf_index=entries[row.subject, row.version].leaf_index,
            simulated=row.simulated,
        )
        for row in rows
    )


def public_bulk_letters(*, text: str, means: Means) -> tuple[BulkLetter, ...]:
    """Public letters with this 承诺编码, or of this 统一社会信用代码; at most `MOST`."""
    column, value = CODE_NAME, text.strip()
    try:
        column, value = PROMISOR_NAME, credit_code(text)
    except YinuoError:
        if not value:
            return ()
    found: list[BulkLetter] = []
    for row in BulkLetters.objects.filter(state=PUBLISHED).order_by("-landed_at", "-code"):
        batch = open_bulk(means.lake / FOLDER / row.lake_id)
        some = letters_with(batch, column, value, MOST - len(found))
        found += [_letter(each, row) for each in some]
        if len(found) == MOST:
            break
    return tuple(found)


def public_bulk_letter(*, code: str, means: Means) -> BulkLetter:
    """One public letter. Raises `UnknownBulk`."""
    found = public_bulk_letters(text=code, means=means)
    if not found or found[0].code != code:
        raise UnknownBulk(code[:20])
    return found[0]


def bulk_batches(*, means: Means, viewer: Viewer) -> tuple[BulkView, ...]:
    """Every batch, the newest first, for the centre and its auditors. Raises `NotAllowed`."""
    require_reader(means, viewer, place="信用承诺书")
    return tuple(_view(row) for row in BulkLetters.objects.order_by("-landed_at", "-code"))


def _letter(found: Mapping[str, object], row: BulkLetters) -> BulkLetter:
    return BulkLetter(
        code=str(found[CODE_NAME]),
        batch=row.code,
        root=row.root,
        items=tuple((each.number, each.name, _text(found[each.name])) for each in FIELDS),
        simulated=row.simulated,
    )


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _view(row: BulkLetters) -> BulkView:
    counted = sorted(row.rules.items(), key=lambda one: -one[1])
    return BulkView(
        code=row.code,
        read=row.read,
        accepted=row.accepted,
        aside=row.aside,
        public=row.public,
        rules=tuple((*WORDS[Rule[name]], count) for name, count in counted),
        state=row.state,
        state_label=STATE_LABELS[row.state],
        root=row.root,
        landed_at=row.landed_at,
        simulated=row.simulated,
    )
