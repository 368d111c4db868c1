"""The README and the Makefile, the files and the machine they were written on, the packages and their layers."""

import re
import subprocess
import sys
from pathlib import Path

from tests.templates import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HERE = re.compile(rb"/(work|root|home|Users)/[a-z]")
"""A path of somebody's machine. The folders that Lambda itself has (/opt, /var/task, /tmp) are not anybody's."""


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name.decode() for name in listed.split(b"\0") if name and (ROOT / name.decode()).is_file()]


def test_every_command_the_readme_tells_is_there_to_be_run() -> None:
    told = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    told |= set(re.findall(r"\bmake ([a-z]+)\b", CONTRIBUTING))
    assert told
    assert told <= targets()


def test_every_command_is_explained_and_none_is_taken_for_a_file() -> None:
    explained = set(re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == explained == targets()


def test_every_file_and_folder_the_readme_names_is_there() -> None:
    """Paths in code spans that begin at the top; what has a place-holder in it is skipped."""
    spans = re.findall(r"`([\w./-]+/[\w./-]*)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    tops = {entry.name for entry in ROOT.iterdir()} - {".local", ".venv", ".checkov", ".aws-sam"}
    named = [span for span in spans if span.split("/")[0] in tops]
    assert named
    assert [span for span in named if not (ROOT / span).exists()] == []


def test_every_file_and_folder_that_contributing_names_is_there() -> None:
    """From the top or in the package."""
    named = re.findall(r"`([\w.-]+/[\w./-]*)`", CONTRIBUTING)
    assert len(named) > 10
    places = (ROOT, ROOT / "layers" / "kept" / "kept")
    assert [name for name in named if not any((place / name).exists() for place in places)] == []
    assert len(CONTRIBUTING.splitlines()) < 90


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert [str(file) for file in tracked() if file != Path(__file__) and HERE.search(file.read_bytes())] == []


def test_the_trade_s_packages_are_pure() -> None:
    """No AWS, no environment and no clock, as pyproject.toml tells import-linter."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, env={"PYTHONPATH": "layers/kept"}
    )
    assert done.returncode == 0, done.stdout + done.stderr
