"""What an outgoing event says: CloudEvents 1.0, JSON; of every subject only what is listed here.

Codes, states, days, unit and item. No names, numbers, texts, reasons, contacts or files: a column
that is not listed does not leave. Source: CloudEvents 1.0.2, JSON event format.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.kernel.canonical import Canonical
from yinuo.kernel.instants import instant_text

SPEC = "1.0"
TYPE = "cn.yinuo"
MEDIA_TYPE = "application/cloudevents+json"
Data = dict[str, Canonical]

SAID: Mapping[str, tuple[str, ...]] = {
    "case": (
        *("code", "item_version_id", "unit_id", "window_id", "office_id", "joint_id", "channel"),
        *("status", "received_at", "accepted_at", "accepted_how", "decided_at", "decision"),
        *("delivered_at", "ended_at", "reopened", "tell_due", "legal_due", "promised_due"),
        *("due_provisional", "stopped", "source", "source_code", "simulated"),
    ),
    "case_event": (
        *("code", "case_id", "number", "kind", "happened_at", "noted_at", "event", "ground"),
        *("refers", "amount", "of", "planned_until"),
    ),
    "commitment": (
        *("code", "kind", "lead_id", "creditor_unit_id", "due", "due_original", "moved_count"),
        *("status", "outcome", "delivered_date", "visibility"),
    ),
    "item_version": (
        *("code", "item_id", "number", "status", "valid_from", "valid_to", "legal_limit"),
        *("promised_limit", "sha256", "simulated"),
    ),
    "joint": (
        *("code", "office_id", "stage", "join", "need", "received_at", "ended_at", "outcome"),
        *("legal_limit", "promised_limit", "simulated"),
    ),
}
"""Kind of subject → the columns of its state that leave."""
OF_SERVICES = frozenset({"deferral", "declaration", "problem", "connection"})
"""Kinds of commitment that leave although they are not public: by their codes and days alone."""


@dataclass(frozen=True)
class Place:
    """To whom an event belongs: for filters and for who may see it."""

    units: frozenset[str]
    item: str
    public: bool


@dataclass(frozen=True)
class Outgoing:
    """One event, ready to leave."""

    leaf_index: int
    thread: str
    type: str
    place: Place
    event: Data
    """The CloudEvent."""


def type_of(subject: str, verb: str) -> str:
    """Such as `cn.yinuo.case.accepted`."""
    return f"{TYPE}.{subject.partition(':')[0]}.{verb.partition('.')[2] or verb}"


def source_of(origin: str) -> str:
    """`source` of every event of this installation."""
    return f"urn:yinuo:{origin}"


def id_of(origin: str, leaf_index: int) -> str:
    """`id`: the same however often the event is sent."""
    return f"{origin}/{leaf_index}"


def data_of(subject: str, state: Mapping[str, Canonical]) -> Data | None:
    """What of a recorded state leaves; None where nothing of this subject does."""
    kind = subject.partition(":")[0]
    if kind not in SAID:
        return None
    public = state.get("visibility") == "public"
    if kind == "commitment" and not public and state.get("kind") not in OF_SERVICES:
        return None
    if kind == "item_version" and state.get("status") not in ("published", "retired"):
        return None
    return {name.removesuffix("_id"): state.get(name) for name in SAID[kind]}


def place_of(
    subject: str, state: Mapping[str, Canonical], case: Mapping[str, Canonical] | None
) -> Place:
    """To whom the event belongs; of an event of a clock it is that of its `case`."""
    kind = subject.partition(":")[0]
    said = case if kind == "case_event" and case is not None else state
    names = ("unit_id", "window_id", "office_id", "lead_id", "creditor_unit_id")
    units = frozenset(str(said[name]) for name in names if said.get(name))
    version = said.get("item_version_id") or (said.get("code") if kind == "item_version" else "")
    public = kind == "item_version" or said.get("visibility") == "public"
    return Place(units, str(version or "").partition("/V")[0], public)


def cloud_event(
    *, origin: str, leaf_index: int, subject: str, thread: str, verb: str, at: datetime, data: Data
) -> Data:
    """The event in structured mode. `sequence` orders the events of one `thread`."""
    return {
        "specversion": SPEC,
        "id": id_of(origin, leaf_index),
        "source": source_of(origin),
        "type": type_of(subject, verb),
        "subject": subject,
        "time": instant_text(at),
        "datacontenttype": "application/json",
        "thread": thread,
        "sequence": f"{leaf_index:020d}",
        "data": data,
    }
