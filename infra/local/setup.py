"""The virtual environment of the local stack: made once, made again when its requirements change."""

import fcntl
import subprocess
import sys
from pathlib import Path

from infra.local.place import HERE, VENV, NotNow, fingerprint

REQUIREMENTS = HERE / "requirements.txt"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "made-from"
LOG = VENV.parent / "logs" / "setup.log"


def is_ready() -> bool:
    return STAMP.exists() and STAMP.read_text() == _wanted() and PYTHON.exists()


def make() -> None:
    """Of two who start at once the second waits for the first. Raises NotNow when the packages cannot be had."""
    if VENV.is_symlink():
        raise NotNow(f"{_near(VENV)} is a link; what it points to is not Kept's to clear.")
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.with_name("setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ready():
            _make()


def _make() -> None:
    with LOG.open("w") as log:
        _step([sys.executable, "-m", "venv", "--clear", str(VENV)], log.fileno(), "make a virtual environment")
        _step(_install(), log.fileno(), "install its packages (is the network reachable?)")
    STAMP.write_text(_wanted())


def _install() -> list[str]:
    quiet = ["--disable-pip-version-check", "--no-input", "--retries", "1"]
    return [str(PYTHON), "-m", "pip", "install", *quiet, "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS)]


def _step(command: list[str], log: int, what: str) -> None:
    if subprocess.run(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False).returncode:
        raise NotNow(f"Kept could not {what}; the details are in {_near(LOG)}.")


def _wanted() -> str:
    """What the environment must have been made from: these requirements, in this place, with any Python."""
    return fingerprint(REQUIREMENTS.read_bytes(), str(VENV).encode())


def _near(path: Path) -> str:
    return str(path.relative_to(VENV.parents[1]))
