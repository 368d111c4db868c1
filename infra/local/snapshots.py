"""Copies of the stack's whole state on disk, so that a killed process loses seconds and never all.

Each copy is written to a folder of its own and then takes the place of `current` in one rename: a kill at any moment
leaves either the old copy or the new one. A forked child makes it: it has memory as it was at one instant, while the
stack goes on answering. Nothing is forced to the disk, so a power cut may lose more than a kill does.
"""

import os
import shutil
import time
import warnings
from pathlib import Path

from ministack import app as ministack
from ministack.core import persistence
from ministack.services import dynamodb, lambda_svc

CURRENT = "current"


def load_from(state: Path, address: str) -> None:
    """Have the stack load the current copy when it starts, at this address (host and port)."""
    _readdress(state, address)
    _use(state / CURRENT)


def take(state: Path) -> None:
    """Write a copy and make it the current one; older ones go."""
    folder = state / f"copy-{time.time_ns()}"
    folder.mkdir(parents=True)
    _use(folder)
    for service, content_of in ministack._build_persistence_save_dict().items():
        _save(folder, service, content_of())
    _make_current(folder)


def take_in_child(state: Path) -> int:
    """Fork and take a copy there; the child's process id. Transactions wait for the instant of the fork.

    Call it on the event loop, where the stack's handlers run: so none of them is half-way.
    """
    with dynamodb._lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork beside threads: the child uses none of theirs
        child = os.fork()
    if child:
        return child
    status = 1
    try:
        take(state)
        status = 0
    finally:
        os._exit(status)


def _save(folder: Path, service: str, content: object) -> None:
    """Raises where ministack only logs: a copy without one of its parts must not become the current one."""
    if content is None:
        return
    persistence.save_state(service, content)
    if not (folder / f"{service}.json").exists():
        raise OSError(f"the state of {service} could not be written to {folder}")


def _make_current(folder: Path) -> None:
    link = folder.with_name(f"{folder.name}.link")
    link.symlink_to(folder.name)
    link.replace(folder.with_name(CURRENT))
    for other in folder.parent.glob("copy-*"):
        if other.name < folder.name:
            shutil.rmtree(other, ignore_errors=True)


def _readdress(state: Path, address: str) -> None:
    """Queues are known by their URLs, and so are they to the functions: a changed port changes them all.

    A kill on the way leaves some changed: the next start changes the rest.
    """
    known = state / "address"
    old = known.read_text() if known.exists() else address
    for path in (state / CURRENT).glob("*.json") if old != address else ():
        draft = path.with_suffix(".draft")
        draft.write_text(path.read_text().replace(f"{old}/", f"{address}/"))
        draft.replace(path)
    state.mkdir(parents=True, exist_ok=True)
    known.write_text(address)


def _use(folder: Path) -> None:
    persistence.STATE_DIR = str(folder)
    lambda_svc.CODE_BLOB_DIR = str(folder / "lambda-blobs")
