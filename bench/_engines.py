"""Resolution, release and profile of one lake on DuckDB and on local Spark, stage by stage.

Seconds are by the wall clock: Spark computes in a process of its own. Its start is not counted,
its first queries, which warm it, are. Both must come to the same content.
"""

import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from yinuo.credit.profile.figures import load_figures
from yinuo.credit.profile.releasing import profile_release
from yinuo.credit.profile.terms import Regime
from yinuo.credit.publishing.live import live_of
from yinuo.credit.publishing.publish import publish
from yinuo.credit.regimes.kinds import load_kinds
from yinuo.credit.regimes.levels import load_levels
from yinuo.credit.regimes.rules import load_rules
from yinuo.credit.resolving.resolve import resolve
from yinuo.kernel.content import content_dir
from yinuo.lake.engine import Engine
from yinuo.lake.opening import opened
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.release import Arrival

MASTERS = {"DuckDB": "", "Spark": "local[{}]"}
CONTENT = content_dir() / "credit"


@dataclass(frozen=True, kw_only=True)
class Given:
    """What both engines are given."""

    lake: Path
    sources: Mapping[str, SourceDescription]
    arrived: Mapping[str, Sequence[Arrival]]
    memory: str
    threads: int
    salt: str
    at: datetime


def side_by_side(given: Given) -> None:
    """Print the seconds of each stage on both, and their ratio."""
    seconds, digests = {}, {}
    for label, master in MASTERS.items():
        threads = given.threads
        with opened(
            memory=given.memory, temporary=given.lake, master=master.format(threads)
        ) as engine:
            seconds[label] = Stages()
            digests[label] = run(engine, given, seconds[label])
    for stage, ours in seconds["DuckDB"].items():
        theirs = seconds["Spark"][stage]
        print(f"  {stage:<24}DuckDB {ours:.1f} s   Spark {theirs:.1f} s, {theirs / ours:.1f} x")
    if len(set(digests.values())) != 1:
        sys.exit("the two engines differ")
    print(f"    digest {digests['Spark'][:16]} of both (wall clock, {given.threads} threads)")


class Stages(dict[str, float]):
    """Seconds by stage."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what the block takes."""
        start = time.perf_counter()
        yield
        self[name] = time.perf_counter() - start


def run(engine: Engine, given: Given, stages: Stages) -> str:
    """The digest of the content that an engine comes to; its folders are removed again."""
    with TemporaryDirectory(dir=given.lake) as folder:
        resolution, profile = Path(folder) / "resolution", Path(folder) / "profile"
        resolution.mkdir()
        with stages.stage("resolve"):
            alive = [
                live_of(engine, source, given.arrived[name])
                for name, source in given.sources.items()
            ]
            resolve(engine=engine, live=alive, judgements=(), previous=None, into=resolution)
        with stages.stage("publish"):
            release = publish(
                engine=engine,
                lake=given.lake,
                sources=[*given.sources.values()],
                batches=given.arrived,
                resolution=resolution,
                salt=given.salt,
                at=given.at,
                memory=given.memory,
                served=False,
            )
        with stages.stage("profile"):
            profile_release(
                engine=engine,
                release=release,
                sources=given.sources,
                figures=load_figures(
                    (CONTENT / "profile.csv").read_bytes(), given.sources.values()
                ),
                regime=Regime(
                    levels=load_levels((CONTENT / "levels.csv").read_bytes()),
                    rules=load_rules((CONTENT / "publicity.csv").read_bytes()),
                    kinds=load_kinds((CONTENT / "kinds.csv").read_bytes()),
                ),
                on=given.at.date(),
                into=profile,
            )
    # The same inputs are the same release: the other engine would find it, and build nothing.
    shutil.rmtree(release.folder)
    return release.digest
