"""Using what the city has already, with the applicant's consent; the manual way stays open."""

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from yinuo.cases.access.cases import sees
from yinuo.cases.commands.correct import as_party
from yinuo.cases.commands.materials import GIVE, Choice, KeptFile, keep_files, set_choice
from yinuo.cases.commands.rows import Faults, require_status
from yinuo.cases.errors.deferrals import NothingHeld, UnknownConsent
from yinuo.cases.held.source import Held, HeldSource
from yinuo.cases.life import OPEN, MaterialState
from yinuo.cases.models import Case, CaseMaterial, Consent
from yinuo.cases.stored.cases import definition_of
from yinuo.commitments.errors import Invalid
from yinuo.commitments.wording import wording
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import Viewer

VALID_DAYS = 90
"""How long a consent lasts: for the case, and no longer than this."""
EARLIER = "以前的办件"
BEFORE_DECISION = OPEN


@dataclass(frozen=True)
class _Found:
    """A document that the city has, ready to be used."""

    source: str
    fields: tuple[str, ...]
    answer_sha256: str
    file: KeptFile | None
    source_case: str | None = None


def use_register(
    *,
    case: str,
    key: str,
    source: HeldSource,
    store: FileStore,
    by: Viewer,
    at: datetime,
) -> str:
    """Take a document from the register that holds it, with consent; returns the code of that.

    The applicant consents online or at the window; the register is asked by an officer alone, who
    looked at who applies: else anyone could learn what it holds by typing another's number. Raises
    `NothingHeld`, `SourceUnreadable`, `UnknownCase`, `NotAllowed`, `WrongCaseState`, `Invalid`
    (field `material-<key>`).
    """
    register, name, number = _asked(case, key, by=by)
    held = source.find(register, number) if number else None
    if held is None:
        raise NothingHeld(register, name)
    if held.valid_until is not None and held.valid_until < civil_date(at):
        fault = f"“{name}”已于 {held.valid_until} 到期，请提交有效的"
        raise Invalid(case, [(f"material-{key}", fault)])
    found = _Found(
        source=register,
        fields=tuple(sorted(held.fields)),
        answer_sha256=held.answer_sha256,
        file=_keep(held, name, key, store),
    )
    return _use(case=case, key=key, found=found, by=by, track=None, at=at)


def _asked(case: str, key: str, *, by: Viewer) -> tuple[str, str, str]:
    """Register, name of the document, and number of the applicant; nothing is written yet."""
    row, _acting = _party(case, by=by)
    material = definition_of(row.item_version).material(key)
    if material is None or not material.held_by:
        raise Invalid(case, [(f"material-{key}", "这份材料没有可以共享的来源，请上传")])
    number = row.applicant.credit_code
    if not number and row.applicant.number_text:
        number = wording([row.applicant.number_text])[row.applicant.number_text]
    return material.held_by, material.name, number


@command("consent.look")
def _party(case: str, *, by: Viewer) -> tuple[Case, By]:
    return as_party(case, by=by, track=None)


def _keep(held: Held, name: str, key: str, store: FileStore) -> KeptFile | None:
    """The document itself in our store, judged as every file that comes in."""
    if held.document is None:
        return None
    with ExitStack() as opened:
        file = opened.enter_context(held.document.open("rb"))
        kept, faults = keep_files(
            {key: Choice(kind=GIVE, name=f"{name}.pdf", file=file)}, store=store
        )
    if faults:
        raise Invalid(held.register, faults)
    return kept[key]


@command("consent.use_earlier")
def use_earlier(
    *,
    case: str,
    key: str,
    earlier: str,
    earlier_key: str,
    at: datetime,
    by: Viewer | None = None,
    track: str | None = None,
) -> str:
    """Take a document that the same applicant gave in an earlier case, with consent.

    At the window the officer must be allowed to see the earlier case too. Raises `UnknownTrack`,
    `UnknownCase`, `NotAllowed`, `NothingHeld`, `WrongCaseState`, `Invalid`.
    """
    row, _acting = as_party(case, by=by, track=track)
    before = Case.objects.filter(code=earlier, applicant=row.applicant_id).first()
    if before is None or before.pk == row.pk or (by is not None and not sees(by, before)):
        raise NothingHeld(EARLIER, earlier)
    given = before.materials.filter(key=earlier_key, state=MaterialState.GIVEN).exclude(sha256="")
    there = given.first()
    if there is None:
        raise NothingHeld(EARLIER, earlier_key)
    found = _Found(
        source=EARLIER,
        fields=(there.name,),
        answer_sha256=there.sha256,
        file=KeptFile(
            name=wording([there.name_text])[there.name_text],
            label=there.media_type,
            media_type=there.media_type,
            size=there.size,
            sha256=there.sha256,
        ),
        source_case=before.pk,
    )
    return _use(case=case, key=key, found=found, by=by, track=track, at=at)


@command("consent.give")
def _use(
    *,
    case: str,
    key: str,
    found: _Found,
    by: Viewer | None,
    track: str | None,
    at: datetime,
) -> str:
    row, acting = as_party(case, by=by, track=track)
    require_status(row, allowed=BEFORE_DECISION, wanted="使用已有的材料")
    material = row.materials.select_for_update().filter(key=key).first()
    faults = _faults(key, material)
    if faults or material is None:
        raise Invalid(case, faults)
    today = civil_date(at)
    consent = Consent(
        code=f"CS-{secrets.token_hex(12)}",
        case=row,
        key=key,
        source=found.source,
        source_case_id=found.source_case,
        fields=list(found.fields),
        purpose=f"办理“{row.item_version.title}”"[:200],
        given_at=at,
        valid_until=today + timedelta(days=VALID_DAYS),
        answer_sha256=found.answer_sha256,
    )
    record(consent, verb="consent.given", by=acting, at=at)
    set_choice(material, Choice(kind=GIVE), found.file, at=at)
    material.state = MaterialState.HELD
    material.note_text = put_text(f"来源：{found.source}；取用：{'、'.join(found.fields)}")
    record(material, verb="case_material.held", by=acting, at=at)
    return consent.code


def _faults(key: str, material: CaseMaterial | None) -> Faults:
    if material is None:
        return [(f"material-{key}", f"这个事项没有材料 {key}")]
    if material.state != MaterialState.MISSING:
        return [(f"material-{key}", f"“{material.name}”已经提交或另有办法")]
    return []


@command("consent.withdraw")
def withdraw(
    *, consent: str, at: datetime, by: Viewer | None = None, track: str | None = None
) -> None:
    """Take a consent back before the decision: the document is to be brought after all.

    Raises `UnknownConsent`, `UnknownTrack`, `UnknownCase`, `NotAllowed`, `WrongCaseState`.
    """
    row = Consent.objects.select_for_update(of=("self",)).filter(code=consent).first()
    if row is None or row.withdrawn_at is not None:
        raise UnknownConsent(consent)
    case, acting = as_party(row.case_id, by=by, track=track)
    require_status(case, allowed=BEFORE_DECISION, wanted="撤回同意")
    row.withdrawn_at = at
    record(row, verb="consent.withdrawn", by=acting, at=at)
    material = case.materials.select_for_update().get(key=row.key)
    if material.state == MaterialState.HELD:
        material.state, material.given_at = MaterialState.MISSING, None
        material.name_text = material.file_text = material.media_type = ""
        material.sha256, material.size, material.note_text = "", 0, ""
        record(material, verb="case_material.asked", by=acting, at=at)
