"""One instance at a time per folder: who runs it, and how it is stopped and forgotten."""

import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.place import PATIENCE, NotNow, Place

_LETTING_GO = 2.0
"""Seconds."""
_KEPT_BY_RESET = {"venv", "logs"}


@contextmanager
def held(place: Place) -> Iterator[int]:
    """The lock of the instance, as a file descriptor; the stack holds it too. Raises NotNow when somebody runs it."""
    place.folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(place.lock_file, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        _take(lock, place)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def refuse_taken_ports(place: Place) -> None:
    """Raises NotNow. A process that was killed lets go of the lock a moment before it lets go of its ports."""
    for port, variable in ((place.port, "KEPT_PORT"), (place.stack_port, "KEPT_STACK_PORT")):
        if _stays_taken(port):
            raise NotNow(
                f"Port {port} is in use; choose another with {variable}, for example {variable}={port + 1} make run."
            )


def say_ready(place: Place, stack_pid: int) -> None:
    """For whoever waits for it: the file appears when everything answers, and whole."""
    draft = place.run_file.with_suffix(".draft")
    known = {"pid": os.getpid(), "stack_pid": stack_pid, "url": place.url, "stack_url": place.stack_url}
    draft.write_text(json.dumps(known))
    draft.replace(place.run_file)


def stop(place: Place) -> bool:
    """Stop the instance gracefully; False when none runs. Raises NotNow when it does not end."""
    pid = _runner(place)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    give_up = time.monotonic() + PATIENCE
    while _is_locked(place):
        if time.monotonic() > give_up:
            raise NotNow(f"Kept (process {pid}) does not stop; the details are in {place.logs / 'stack.log'}.")
        time.sleep(0.05)
    return True


def forget(place: Place) -> None:
    """Everything but the virtual environment and the logs."""
    if _is_locked(place):
        raise NotNow("Kept is running; stop it first with make stop.")
    for path in place.folder.iterdir() if place.folder.exists() else ():
        if path.name not in _KEPT_BY_RESET:
            _remove(path)


def forget_state(place: Place) -> None:
    """Only what the stack knows; for whoever holds the lock."""
    shutil.rmtree(place.state, ignore_errors=True)


def is_running(place: Place) -> bool:
    return _runner(place) is not None


def _take(lock: int, place: Place) -> None:
    """At once, or as soon as the stack of a killed instance has let go."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if is_running(place) or time.monotonic() > give_up:
                raise NotNow(f"Kept is running already at {place.url}; make stop ends it.") from None
            time.sleep(0.1)


def _runner(place: Place) -> int | None:
    """The process id of who runs the instance, if it lives."""
    if not _is_locked(place):
        return None
    pid = int(place.lock_file.read_text() or 0)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    return pid or None


def _is_locked(place: Place) -> bool:
    if not place.lock_file.exists():
        return False
    with place.lock_file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _stays_taken(port: int) -> bool:
    give_up = time.monotonic() + _LETTING_GO
    while taken := _is_taken(port):
        if time.monotonic() > give_up:
            break
        time.sleep(0.05)
    return taken


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _remove(path: Path) -> None:
    """Again while it is not empty: a Lambda outlives its stack for a moment, and writes what it has just imported."""
    if not path.is_dir() or path.is_symlink():
        return path.unlink()
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return shutil.rmtree(path)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or time.monotonic() > give_up:
                raise
