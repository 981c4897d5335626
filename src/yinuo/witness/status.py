"""What a witness can say of itself: whom it follows, how far it saw, which forks it found."""

from base64 import b64encode
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from yinuo.kernel.instants import SHANGHAI
from yinuo.witness.evidence import Fork
from yinuo.witness.folder import Folder
from yinuo.witness.state import Seen


@dataclass(frozen=True)
class LogStatus:
    """One log that is followed."""

    origin: str
    keys: tuple[str, ...]
    """As published."""
    url: str
    seen: Seen | None
    """The last cosigned checkpoint; None before the first."""
    forks: tuple[Fork, ...]


@dataclass(frozen=True)
class Status:
    """Everything there is to say."""

    vkey: str
    logs: tuple[LogStatus, ...]

    @property
    def alarming(self) -> bool:
        """Whether a log forked or went backwards, and nobody has settled it."""
        forks = [fork for log in self.logs for fork in log.forks]
        return any(fork.proven or (fork.stands and fork.kind == "shrunk") for fork in forks)

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "vkey": self.vkey,
            "alarming": self.alarming,
            "logs": [_log_dict(log) for log in self.logs],
        }


def _log_dict(log: LogStatus) -> dict[str, object]:
    last = log.seen and {
        "size": log.seen.size,
        "root": root_text(log.seen),
        "cosigned_at": time_text(log.seen.cosigned_at),
    }
    forks = [{**asdict(fork), "proven": fork.proven, "words": fork.words} for fork in log.forks]
    return {
        "origin": log.origin,
        "keys": list(log.keys),
        "url": log.url,
        "last": last,
        "forks": forks,
    }


def root_text(seen: Seen) -> str:
    """The root as it stands in the checkpoint."""
    return b64encode(seen.root).decode()


def time_text(seconds: int) -> str:
    """A time for people, on the clock of China.

    >>> time_text(1709280000)
    '2024-03-01 16:00:00（北京时间）'
    """
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI)
    return f"{moment:%Y-%m-%d %H:%M:%S}（北京时间）"


def status_of(folder: Folder) -> Status:
    """How things stand in a folder. Raises `NoWitness`, `StateMissing`, `ConfigDamaged`."""
    config, state, forks = folder.config(), folder.state(), folder.forks.all()
    # A log that is no longer followed keeps its forks on the list.
    origins = dict.fromkeys([*config.origins(), *(fork.origin for fork in forks)])
    logs = [
        LogStatus(
            origin=origin,
            keys=tuple(verifier.vkey for verifier in config.verifiers(origin)),
            url=next((log.url for log in config.logs if log.verifier.name == origin), ""),
            seen=state.last(origin),
            forks=tuple(fork for fork in forks if fork.origin == origin),
        )
        for origin in origins
    ]
    return Status(folder.cosigner().verifier.vkey, tuple(logs))
