"""The folder of a witness: its key, the logs it follows, what it has seen, the forks it found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.key import create_key, load_signer
from yinuo.ledger.tlog.cosignature import Cosigner
from yinuo.ledger.tlog.note import BadKey, Verifier, require_name
from yinuo.witness.evidence import Forks
from yinuo.witness.state import State

FORMAT = "yinuo.witness/1"


class NoWitness(YinuoError):
    """The folder holds no witness."""

    code = "WITNESS-E001"

    def __init__(self, path: Path) -> None:
        super().__init__(
            "这里没有见证目录",
            place=str(path),
            next_step="请先运行 yinuo-witness init --name 名称，或用 --folder 指明目录",
        )


class WitnessExists(YinuoError):
    """The folder already holds a witness, or what is left of one."""

    code = "WITNESS-E002"
    status = 409

    def __init__(self, path: Path) -> None:
        super().__init__(
            "这里已有见证目录或其残余，不会覆盖",
            place=str(path),
            next_step="请换一个目录。丢了状态的见证密钥须停用：新目录会生成新的密钥",
        )


class ConfigDamaged(YinuoError):
    """The folder's configuration cannot be read."""

    code = "WITNESS-E003"
    status = 500

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"配置无法读取：{why}", place=str(path), next_step="请改正或恢复这个文件")


class AlreadyFollowed(YinuoError):
    """The key is among those the witness trusts already."""

    code = "WITNESS-E004"
    status = 409

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} 已在跟踪之列",
            place=label,
            next_step="无须再加；yinuo-witness status 列出全部",
        )


@dataclass(frozen=True)
class Followed:
    """A key of a log that the witness follows; the key's name is the log's origin."""

    verifier: Verifier
    url: str = ""
    """Where the log is published, for `watch`."""


@dataclass(frozen=True)
class Config:
    """What the folder's configuration says."""

    name: str
    logs: tuple[Followed, ...]

    def verifiers(self, origin: str) -> list[Verifier]:
        """The trusted keys of a log, several after a rotation; none if it is not followed."""
        return [log.verifier for log in self.logs if log.verifier.name == origin]

    def origins(self) -> list[str]:
        """The logs, each once, in the order in which they were added."""
        return list(dict.fromkeys(log.verifier.name for log in self.logs))


@dataclass(frozen=True)
class Folder:
    """One folder a witness; nothing of it lies elsewhere."""

    path: Path

    @property
    def _key(self) -> Path:
        return self.path / "witness.key"

    @property
    def _config(self) -> Path:
        return self.path / "config.json"

    @property
    def _state(self) -> Path:
        return self.path / "state.sqlite"

    @property
    def cosigned(self) -> Path:
        """Where `watch` leaves cosigned notes."""
        return self.path / "cosigned"

    @property
    def forks(self) -> Forks:
        """The evidence that was kept."""
        return Forks(self.path / "forks")

    def begin(self, name: str) -> None:
        """Make a witness with a new key. Raises `WitnessExists`, `BadKey` for the name.

        The state is begun only here, with the key: a key without its state is never used again.
        """
        require_name(name)
        if any(path.exists() for path in (self._key, self._config, self._state)):
            raise WitnessExists(self.path)
        for folder in (self.path, self.cosigned, self.forks.path):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        create_key(self._key)
        cosigner = Cosigner(name, load_signer(self._key, origin=name).private_key)
        State(self._state, cosigner.verifier.label).begin()
        self._write(Config(name, ()))

    def config(self) -> Config:
        """What the folder is set up for. Raises `NoWitness`, `ConfigDamaged`."""
        try:
            data = json.loads(self._config.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NoWitness(self.path) from None
        except ValueError as error:
            raise ConfigDamaged(self._config, str(error)) from error
        try:
            logs = [Followed(Verifier.from_vkey(log["vkey"]), log["url"]) for log in data["logs"]]
            return Config(data["name"], tuple(logs))
        except (KeyError, TypeError, BadKey) as error:
            raise ConfigDamaged(self._config, str(error)) from error

    def cosigner(self) -> Cosigner:
        """The witness's name and private key. Raises `NoWitness`, `KeyUnusable`."""
        name = self.config().name
        return Cosigner(name, load_signer(self._key, origin=name).private_key)

    def state(self) -> State:
        """What the witness has seen. Raises `StateMissing`, `StateOfAnother`, `NoWitness`."""
        state = State(self._state, self.cosigner().verifier.label)
        state.check()
        return state

    def follow(self, vkey: str, url: str = "") -> Followed:
        """Trust a log's key; another key of a log that is followed already is one more for it.

        Raises `BadKey`, `AlreadyFollowed`.
        """
        config = self.config()
        added = Followed(Verifier.from_vkey(vkey), url)
        if added.verifier.vkey in {log.verifier.vkey for log in config.logs}:
            raise AlreadyFollowed(added.verifier.label)
        self._write(Config(config.name, (*config.logs, added)))
        return added

    def _write(self, config: Config) -> None:
        logs: Sequence[dict[str, str]] = [
            {"vkey": log.verifier.vkey, "url": log.url} for log in config.logs
        ]
        data = {"format": FORMAT, "name": config.name, "logs": logs}
        write_through(self._config, json.dumps(data, ensure_ascii=False, indent=2) + "\n")
