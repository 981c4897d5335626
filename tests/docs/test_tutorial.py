"""The commands of the documents run as they stand there, and print what they say."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sessions(page: str) -> list[tuple[str, str]]:
    """Each command of a page with the output that the page shows."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append((command.split("  #")[0].strip(), shown))
    return found


def pattern(shown: str) -> str:
    """A regular expression for shown output; `…` stands for anything."""
    return ".*".join(re.escape(part) for part in shown.strip().split("…"))


def run(commands: list[tuple[str, str]], folder: Path) -> None:
    """Run the commands in one shell session, as from the checkout, and compare what they print.

    `folder` stands for the checkout, so that what the commands make does not stay in it.
    """
    for entry in (e for e in ROOT.iterdir() if e.name != "var"):
        (folder / entry.name).symlink_to(entry)
    marks = [f"=====({number})=====" for number in range(len(commands))]
    script = "set -e\n" + "\n".join(
        f"{command}\necho '{mark}'" for (command, _shown), mark in zip(commands, marks, strict=True)
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("YINUO_")}
    env.pop("DATABASE_URL", None)
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rest = done.stdout
    for (command, shown), mark in zip(commands, marks, strict=True):
        printed, _, rest = rest.partition(f"{mark}\n")
        assert re.fullmatch(pattern(shown), printed.strip(), re.DOTALL), f"{command}\n{printed}"


@pytest.mark.slow
def test_the_tutorial_runs(tmp_path: Path) -> None:
    commands = sessions("docs/tutorial/a-first-plan.md")
    assert len(commands) >= 14
    run(commands, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md"])
def test_the_calendar_example_of_the_readme_runs(page: str, tmp_path: Path) -> None:
    commands = [(c, shown) for c, shown in sessions(page) if " calendar due " in c]
    assert commands
    run(commands, tmp_path)


def test_every_link_between_documents_leads_somewhere() -> None:
    folders = (ROOT / "docs", ROOT / "content")
    pages = [*ROOT.glob("*.md"), *(page for folder in folders for page in folder.rglob("*.md"))]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target
    ]
    assert links
    assert [f"{p.name} → {t}" for p, t in links if not (p.parent / t).exists()] == []
